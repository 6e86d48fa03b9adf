//! `openroll law due`: a due date, counted day by day.

use law::clock::{Deadline, Start};

use crate::cli::{Due, Limit};
use crate::commands::Context;
use crate::data;
use crate::exit::{Exit, Failure};
use crate::output;

/// Counts a limit of the law in force on the day from which it runs.
pub(crate) fn run(context: &Context, args: &Due) -> Result<Exit, Failure> {
    let lawbook = data::lawbook(context.data())?;
    let fail = |message: String, help: &str| Failure::message(Exit::Law, message, help);
    let law = lawbook.laws.get(&args.jurisdiction);
    let law = law.ok_or_else(|| Failure::new(Exit::Law, law::DecideError::NoLaw(args.jurisdiction)))?;
    let edition = law.edition_on(args.from).ok_or_else(|| {
        fail(format!("no edition of the law of {} covers {}", law.code, args.from), "`openroll law show` lists them")
    })?;
    let none =
        || fail(format!("`{}` stores no such time limit", edition.id.get_ref()), "no rule stored: ask the office");
    let rules = edition.clock.as_ref().ok_or_else(none)?;
    let limit = match args.limit {
        Limit::Respond => Some(&rules.respond),
        Limit::Expedited => rules.expedited.as_ref().map(|expedited| &expedited.within),
        Limit::Appeal => rules.appeals.first().map(|appeal| &appeal.within),
    };
    let limit = limit.ok_or_else(none)?;
    let calendar = lawbook.calendars.get(&rules.calendar);
    let calendar =
        calendar.ok_or_else(|| Failure::new(Exit::Law, law::DecideError::NoCalendar(rules.calendar.clone())))?;
    let deadline = rules.due(limit, &Start::on(args.from), calendar);
    let deadline =
        deadline.map_err(|error| Failure::message(Exit::Law, error.to_string(), "mend the clock in the law file"))?;
    output::line(&format!("{} · {} · {} [{}]", law.code, edition.id.get_ref(), limit.length, limit.citation.cite));
    match deadline {
        Deadline::Due(due) => output::line(&due.explain()),
        Deadline::NoFixedLimit { wording, .. } => output::line(&format!("no fixed limit: {wording}")),
    }
    Ok(Exit::Done)
}
