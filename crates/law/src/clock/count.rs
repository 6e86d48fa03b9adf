//! Counting days from a start to a due date.

use jiff::civil::Time;
use terms::Date;

use super::due::{Closed, CountedDay, Deadline, Due, Role};
use super::error::ClockError;
use super::limit::{Length, Limit, Origin, Roll};
use super::rules::{ClockRules, Extension};
use crate::calendar::Calendar;

/// The most days one count may walk, weekends included: ten years. No limit of the law comes near; a mistyped year of
/// an answer, or a calendar without a business day, does.
pub const DAYS_MAX: usize = 3_660;

/// What started a clock, and what stopped it on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The day of receipt, notice or appeal, as a civil date in the custodian's zone.
    pub on: Date,
    /// The time of that day, where it is known.
    pub at: Option<Time>,
    /// The times for which the clock stood, in any order.
    pub pauses: Vec<Pause>,
}

impl Start {
    /// A start on a day, at an unknown time, of a clock that never stood.
    pub const fn on(day: Date) -> Self {
        Self { on: day, at: None, pauses: Vec::new() }
    }
}

/// A time for which the clock stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// The ground, one of the rules' [`stops`](ClockRules::stops).
    pub ground: String,
    /// The day on which the custodian asked.
    pub asked: Date,
    /// The day on which the answer was received; the clock goes on the day after.
    pub answered: Date,
}

impl ClockRules {
    /// Counts a limit from its start, by the calendar that these rules name.
    ///
    /// * Returns every day that was walked and its role; [`Deadline::NoFixedLimit`] where the law gives no number.
    /// * Errors: another calendar, a pause that the law does not know, a count past [`DAYS_MAX`].
    pub fn due(&self, limit: &Limit, start: &Start, calendar: &Calendar) -> Result<Deadline, ClockError> {
        let Some(steps) = Steps::of(limit) else {
            return Ok(Deadline::no_fixed_limit(limit));
        };
        let mut count = Count::new(self, start, calendar)?;
        if limit.from == Origin::Receipt {
            count.arrive(start)?;
        }
        count.open(self.count_receipt_day && limit.from == Origin::Receipt, steps);
        count.run(steps, Tally::Limit)?;
        count.note(limit);
        Ok(Deadline::Due(count.finish()))
    }

    /// Counts the limit as extended on a ground: anew from receipt, or on from where `limit` runs out.
    ///
    /// Errors as for [`due`](Self::due).
    pub fn extended(
        &self,
        limit: &Limit,
        extension: &Extension,
        start: &Start,
        calendar: &Calendar,
    ) -> Result<Deadline, ClockError> {
        if extension.within.from != Origin::Limit {
            return self.due(&extension.within, start, calendar);
        }
        let Some(steps) = Steps::of(&extension.within) else {
            return Ok(Deadline::no_fixed_limit(&extension.within));
        };
        match self.due(limit, start, calendar)? {
            Deadline::Due(due) => {
                let mut count = Count::new(self, start, calendar)?.resume(due);
                count.run(steps, Tally::Extension)?;
                count.note(&extension.within);
                Ok(Deadline::Due(count.finish()))
            }
            no_fixed_limit @ Deadline::NoFixedLimit { .. } => Ok(no_fixed_limit),
        }
    }

    fn check_pauses(&self, pauses: &[Pause]) -> Result<(), ClockError> {
        for pause in pauses {
            let ground = &pause.ground;
            let Some(stop) = self.stops.iter().find(|stop| stop.ground == *ground) else {
                return Err(ClockError::UnknownStop { ground: ground.clone() });
            };
            if pause.answered < pause.asked {
                return Err(ClockError::PauseBackwards { asked: pause.asked, answered: pause.answered });
            }
            let times = pauses.iter().filter(|other| other.ground == *ground).count();
            if let Some(times_max) = stop.times_max.filter(|times_max| times > *times_max) {
                return Err(ClockError::TooManyStops { ground: ground.clone(), times, times_max });
            }
        }
        Ok(())
    }
}

/// How many days of which kind to walk.
#[derive(Clone, Copy)]
struct Steps {
    days: u16,
    is_business: bool,
    rolls: bool,
}

impl Steps {
    /// `None` where the law gives no number.
    fn of(limit: &Limit) -> Option<Self> {
        match limit.length {
            Length::Business { days } => Some(Self { days, is_business: true, rolls: false }),
            Length::Calendar { days, roll } => {
                Some(Self { days, is_business: false, rolls: roll == Roll::NextBusinessDay })
            }
            Length::NotFixed { .. } => None,
        }
    }
}

/// Whether the days counted belong to the limit itself or to its extension.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tally {
    Limit,
    Extension,
}

/// A count under way. `due.on` is the day reached so far, also while it is not yet in the list.
struct Count<'a> {
    rules: &'a ClockRules,
    calendar: &'a Calendar,
    pauses: &'a [Pause],
    from: Date,
    due: Due,
    counted: u16,
}

impl<'a> Count<'a> {
    fn new(rules: &'a ClockRules, start: &'a Start, calendar: &'a Calendar) -> Result<Self, ClockError> {
        if rules.calendar != calendar.id {
            return Err(ClockError::OtherCalendar { needs: rules.calendar.clone(), given: calendar.id.clone() });
        }
        rules.check_pauses(&start.pauses)?;
        let due = Due { on: start.on, days: Vec::new(), citations: Vec::new(), review: Vec::new() };
        Ok(Self { rules, calendar, pauses: &start.pauses, from: start.on, due, counted: 0 })
    }

    /// Goes on from a due date that was counted before.
    fn resume(self, due: Due) -> Self {
        Self { due, ..self }
    }

    /// Applies the office hours: walks to the business day on which the request counts as received.
    fn arrive(&mut self, start: &Start) -> Result<(), ClockError> {
        let Some(rule) = &self.rules.deemed_receipt else { return Ok(()) };
        let is_late = start.at.is_some_and(|at| at > rule.cutoff);
        if start.at.is_none() {
            self.due.review.push(format!(
                "the time of receipt is not known; it is counted as not after {}",
                rule.cutoff.strftime("%H:%M")
            ));
        }
        if !is_late && self.calendar.is_business_day(start.on) {
            return Ok(());
        }
        self.due.citations.push(rule.citation());
        self.push(Role::Arrived);
        self.advance()?;
        while !self.calendar.is_business_day(self.due.on) {
            self.push(Role::NotCounted);
            self.advance()?;
        }
        Ok(())
    }

    /// Enters the day of receipt: day 0, or day 1 where the law counts it.
    fn open(&mut self, counts: bool, steps: Steps) {
        let role = if counts { self.next_role(steps, Tally::Limit) } else { Role::Start };
        self.push(if role == Role::NotCounted { Role::Start } else { role });
    }

    /// Walks until all days of the limit are counted, then off a weekend or holiday if the limit rolls.
    fn run(&mut self, steps: Steps, tally: Tally) -> Result<(), ClockError> {
        while self.counted < steps.days {
            self.advance()?;
            let role = self.next_role(steps, tally);
            self.push(role);
        }
        while steps.rolls && !self.calendar.is_business_day(self.due.on) {
            self.advance()?;
            let is_end = self.calendar.is_business_day(self.due.on);
            self.push(if is_end { Role::Rolled } else { Role::NotCounted });
        }
        Ok(())
    }

    /// The role of the day reached; counts it if the limit does.
    fn next_role(&mut self, steps: Steps, tally: Tally) -> Role {
        if self.is_paused(self.due.on) {
            return Role::Paused;
        }
        if steps.is_business && !self.calendar.is_business_day(self.due.on) {
            return Role::NotCounted;
        }
        self.counted = self.counted.saturating_add(1);
        match tally {
            Tally::Limit => Role::Counted { day: self.counted },
            Tally::Extension => Role::Extended { day: self.counted },
        }
    }

    fn is_paused(&self, day: Date) -> bool {
        self.pauses.iter().any(|pause| {
            let starts = if self.rules.stop_day_counts { pause.asked < day } else { pause.asked <= day };
            starts && day <= pause.answered
        })
    }

    /// Goes to the next day.
    fn advance(&mut self) -> Result<(), ClockError> {
        let too_long = ClockError::TooLong { from: self.from, days_max: DAYS_MAX };
        if self.due.days.len() >= DAYS_MAX {
            return Err(too_long);
        }
        self.due.on = self.due.on.tomorrow().map_err(|_| too_long)?;
        Ok(())
    }

    /// Enters the day reached in the list.
    fn push(&mut self, role: Role) {
        let date = self.due.on;
        let closed = match self.calendar.holiday_on(date) {
            Some(holiday) => Some(Closed::holiday(&holiday)),
            None => self.calendar.is_weekend(date).then_some(Closed::Weekend),
        };
        if let Some(day) = self.calendar.unsettled_on(date).filter(|_| closed.is_none() && role != Role::Start) {
            self.due.review.push(format!("{} {date}: {}", day.name, day.review));
        }
        self.due.days.push(CountedDay { date, role, closed });
    }

    /// Keeps where the limit stands and what is not settled about it.
    fn note(&mut self, limit: &Limit) {
        self.due.citations.push(limit.citation.clone());
        self.due.review.extend(limit.review.clone());
    }

    fn finish(self) -> Due {
        self.due
    }
}
