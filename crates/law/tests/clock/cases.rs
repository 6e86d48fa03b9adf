//! What the tests share: the calendars and rules, and limits by the name that the data files use.

use std::collections::BTreeMap;

use law::calendar::Calendar;
use law::clock::{ClockError, ClockRules, Deadline, Due, Limit, Role, Start};

/// The calendar files of the project.
pub(super) const UTAH: &str = include_str!("../../../../calendars/ut.toml");
pub(super) const FEDERAL: &str = include_str!("../../../../calendars/us.toml");

pub(super) fn calendar(id: &str) -> Calendar {
    let text = if id == "ut" { UTAH } else { FEDERAL };
    Calendar::parse(&format!("{id}.toml"), text).unwrap()
}

pub(super) fn rules(id: &str) -> ClockRules {
    let mut rules: BTreeMap<String, ClockRules> = toml::from_str(include_str!("../data/clock/rules.toml")).unwrap();
    rules.remove(id).unwrap()
}

/// Two business days under no law, to compare calendars.
fn two_days() -> Limit {
    toml::from_str("days = 2\nunit = \"business\"\ncite = \"none\"\nsource = \"none\"").unwrap()
}

/// Counts a limit by the name that it has in the data files.
pub(super) fn count(
    rules: &ClockRules,
    limit: &str,
    start: &Start,
    calendar: &Calendar,
) -> Result<Deadline, ClockError> {
    if let Some(ground) = limit.strip_prefix("extension ") {
        let extension = rules.extensions.iter().find(|extension| extension.ground == ground).unwrap();
        return rules.extended(&rules.respond, extension, start, calendar);
    }
    let limit = match limit {
        "respond" => rules.respond.clone(),
        "expedited" => rules.expedited.as_ref().unwrap().within.clone(),
        "appeal" => rules.appeals[0].within.clone(),
        "appeal decision" => rules.appeals[0].decide.clone().unwrap(),
        "appeal decision, expedited" => rules.appeals[0].decide_expedited.clone().unwrap(),
        "two days" => two_days(),
        unknown => panic!("no limit `{unknown}`"),
    };
    rules.due(&limit, start, calendar)
}

/// Counts from a day and expects a date.
pub(super) fn due(id: &str, limit: &str, start: &Start) -> Due {
    count(&rules(id), limit, start, &calendar(id)).unwrap().due().unwrap().clone()
}

/// How many days were counted, extension included.
pub(super) fn counted(due: &Due) -> usize {
    due.days.iter().filter(|day| matches!(day.role, Role::Counted { .. } | Role::Extended { .. })).count()
}
