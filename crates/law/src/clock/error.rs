//! What can be wrong with a limit and with a count.

use miette::Diagnostic;
use terms::Date;
use thiserror::Error;

/// Keys of a limit that do not go together. The messages carry the remedy, since a law file's reader shows them as
/// they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LimitError {
    /// A limit of no days.
    #[error("a limit of 0 days is no limit; give `wording` in place of `days` if the law gives no number")]
    NoDays,
    /// Business days never end on a weekend.
    #[error("business days never end on a weekend or holiday; take `roll` out")]
    RollOfBusinessDays,
    /// Calendar days without a rule for the last day.
    #[error("calendar days need `roll`, either `next_business_day` or `none`")]
    RollMissing,
    /// Neither a number with its unit nor words.
    #[error("a limit needs either `days` and `unit`, or `wording` alone")]
    Shape,
}

/// A due date that cannot be counted.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum ClockError {
    /// The rules name another calendar than the one given.
    #[error("the clock counts by calendar `{needs}`, but calendar `{given}` was given")]
    #[diagnostic(help("load the calendar that the edition names"))]
    OtherCalendar {
        /// The calendar that the rules name.
        needs: String,
        /// The calendar that was given.
        given: String,
    },
    /// The count walks over more days than any limit of the law.
    #[error("the count from {from} passes {days_max} days without an end")]
    #[diagnostic(help("check the dates on which the clock stopped and went on, and the weekend of the calendar"))]
    TooLong {
        /// The day from which it was counted.
        from: Date,
        /// The most days a count may walk.
        days_max: usize,
    },
    /// An answer before its question.
    #[error("the clock stopped on {asked} and went on before that, on {answered}")]
    #[diagnostic(help("give the day of the answer, not before the day of the question"))]
    PauseBackwards {
        /// The day on which the custodian asked.
        asked: Date,
        /// The day on which the answer was received.
        answered: Date,
    },
    /// The law does not stop the clock for that.
    #[error("the law has no ground `{ground}` that stops this clock")]
    #[diagnostic(help(
        "the edition's `[[edition.clock.stop]]` entries list the grounds; without one the clock runs on"
    ))]
    UnknownStop {
        /// The ground that was claimed.
        ground: String,
    },
    /// The law stops the clock for that less often.
    #[error("ground `{ground}` was used {times} times to stop the clock; the law allows {times_max}")]
    #[diagnostic(help("remove the later stops: the clock ran on through them"))]
    TooManyStops {
        /// The ground that was claimed.
        ground: String,
        /// How often it was used.
        times: usize,
        /// How often it may be.
        times_max: usize,
    },
}
