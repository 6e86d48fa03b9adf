//! The dates that run from one request.

use std::collections::BTreeMap;

use terms::Date;

use crate::calendar::Calendar;
use crate::clock::{ClockRules, Limit, Start};
use crate::decision::{LimitKind, TimeLimit};
use crate::edition::Edition;
use crate::error::DecideError;
use crate::request::Request;

/// Counts the edition's limits for a request decided on `as_of`; empty where the edition stores no clock.
pub(crate) fn time_limits(
    request: &Request,
    edition: &Edition,
    as_of: Date,
    calendars: &BTreeMap<String, Calendar>,
) -> Result<Vec<TimeLimit>, DecideError> {
    let Some(rules) = &edition.clock else { return Ok(Vec::new()) };
    let calendar = calendars.get(&rules.calendar).ok_or_else(|| DecideError::NoCalendar(rules.calendar.clone()))?;
    let counted = |(kind, limit, from): (LimitKind, &Limit, Date)| {
        let deadline = rules
            .due(limit, &Start::on(from), calendar)
            .map_err(|why| DecideError::Clock { edition: edition.id.get_ref().clone(), why })?;
        Ok(TimeLimit { kind, deadline, cite: limit.citation.cite.clone() })
    };
    limits(request, rules, as_of).map(counted).collect()
}

/// The limits that concern this request, each with the day from which it runs.
fn limits<'r>(
    request: &Request,
    rules: &'r ClockRules,
    as_of: Date,
) -> impl Iterator<Item = (LimitKind, &'r Limit, Date)> {
    let received = request.dates.received;
    let class = request.accepted_class();
    let asked = request.expedite.is_some();
    let expedited = rules
        .expedited
        .as_ref()
        .filter(|expedited| asked || expedited.presumed_for.iter().any(|presumed| class.includes(*presumed)));
    let respond = (LimitKind::Respond, &rules.respond, received);
    let expedited = expedited.map(|expedited| (LimitKind::Expedited, &expedited.within, received));
    let appeal = rules.appeals.first().map(|appeal| (LimitKind::Appeal, &appeal.within, as_of));
    std::iter::once(respond).chain(expedited).chain(appeal)
}
