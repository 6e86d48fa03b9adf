//! `decide`: request × law → decision. Pure: no clock, no file, no network, no randomness.
//!
//! Three layers, in this order: the federal overlay, the jurisdiction's edition, the custodian's own choice. What no
//! route releases is withheld; a withholding that applies beats every route; the order of clauses never matters.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use terms::{Date, Field, Form, Jurisdiction, Promise, RequesterClass};

use crate::calendar::Calendar;
use crate::choice::Choice;
use crate::clause::{Elsewhere, Mode, Route, Withholding};
use crate::clock::ClockError;
use crate::decision::{
    DECISION_SCHEMA, Decision, Disposition, Duty, EditionPin, Effect, ListLimit, Missing, MissingItem, Outcome, Reason,
    RecordRule,
};
use crate::edition::{Edition, Freeze, Law};
use crate::request::{Ask, AskCondition, Request};
use crate::time_limits::time_limits;

/// Every law and calendar that a decision may need.
#[derive(Debug, Clone, Default)]
pub struct Lawbook {
    /// Laws by jurisdiction; [`Jurisdiction::FEDERAL`] is the overlay.
    pub laws: BTreeMap<Jurisdiction, Law>,
    /// Calendars by id.
    pub calendars: BTreeMap<String, Calendar>,
}

/// Why a request cannot be decided.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum DecideError {
    /// No law file for the jurisdiction.
    #[error("no law is stored for {0}")]
    #[diagnostic(help("`openroll law show` lists the jurisdictions whose law is stored"))]
    NoLaw(Jurisdiction),
    /// No edition covers the day.
    #[error("no edition of the law of {jurisdiction} is stored for {day}{}", first_day(.earliest))]
    #[diagnostic(help("decide as of a day that an edition covers, or add the edition to the law file"))]
    NoEdition {
        /// Whose law.
        jurisdiction: Jurisdiction,
        /// The day asked for.
        day: Date,
        /// First day of the earliest stored edition.
        earliest: Option<Date>,
    },
    /// A custodian's choice names a clause that is not under review.
    #[error("`{0}` is not a clause under review in the editions applied")]
    #[diagnostic(help("confirm a clause as `edition/clause`; `openroll law show` marks those under review"))]
    NotUnderReview(String),
    /// The edition names a calendar that is not stored.
    #[error("the calendar `{0}` is not stored")]
    #[diagnostic(help("add the calendar file, or mend `clock.calendar` in the law file"))]
    NoCalendar(String),
    /// A time limit cannot be counted.
    #[error("a time limit of edition `{edition}` cannot be counted")]
    Clock {
        /// The edition.
        edition: String,
        /// Why.
        #[source]
        why: ClockError,
    },
}

fn first_day(earliest: &Option<Date>) -> String {
    earliest.map(|day| format!("; the earliest begins on {day}")).unwrap_or_default()
}

/// A clause with the id of its edition.
struct Within<'a, C> {
    edition: &'a str,
    clause: &'a C,
}

impl<C> Clone for Within<'_, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Within<'_, C> {}

impl<'a> Within<'a, Route> {
    fn reference(&self) -> String {
        format!("{}/{}", self.edition, self.clause.id.get_ref())
    }
}

impl<'a> Within<'a, Withholding> {
    fn reference(&self) -> String {
        format!("{}/{}", self.edition, self.clause.id.get_ref())
    }

    fn reason(&self) -> Reason {
        let says = match &self.clause.review {
            None => self.clause.says.clone(),
            Some(review) => format!("{} The reading is not settled: {review}", self.clause.says),
        };
        Reason {
            effect: Effect::Closes,
            clause: Some(self.reference()),
            says,
            authority: Some(self.clause.authority()),
        }
    }
}

/// Everything that bears on one request.
struct Applied<'a> {
    request: &'a Request,
    choice: &'a Choice,
    class: RequesterClass,
    freeze: Option<&'a Freeze>,
    routes: Vec<Within<'a, Route>>,
    withholdings: Vec<Within<'a, Withholding>>,
    elsewhere: Vec<Within<'a, Elsewhere>>,
}

impl Lawbook {
    /// Decides a request under one jurisdiction's law as of a day.
    ///
    /// # Errors
    ///
    /// [`DecideError`] when no edition covers the day, or the clock or the custodian's choice names what is not there.
    pub fn decide(
        &self,
        request: &Request,
        jurisdiction: Jurisdiction,
        as_of: Date,
        choice: &Choice,
    ) -> Result<Decision, DecideError> {
        let law = self.laws.get(&jurisdiction).ok_or(DecideError::NoLaw(jurisdiction))?;
        let edition = edition_on(law, as_of)?;
        let entitled = match &edition.freeze {
            Some(freeze) => edition_on(law, freeze.entitled_as_of)?,
            None => edition,
        };
        let federal = self.laws.get(&Jurisdiction::FEDERAL).filter(|_| jurisdiction != Jurisdiction::FEDERAL);
        let overlay = federal.and_then(|law| law.edition_on(as_of));

        let applied = Applied::new(request, choice, edition, entitled, overlay);
        applied.check_choice()?;
        let (dispositions, used) = applied.dispose();
        let record_rules = applied.record_rules(&dispositions);
        let outcome = outcome_of(&dispositions, &record_rules, &applied);
        let lawful = dispositions
            .iter()
            .all(|disposition| disposition.because.iter().all(|reason| reason.effect != Effect::CustodianWithholds));
        Ok(Decision {
            schema: DECISION_SCHEMA.to_owned(),
            jurisdiction,
            as_of,
            editions: pins(jurisdiction, edition, entitled, overlay),
            class: applied.class,
            class_claimed: request.requester.class,
            purpose: request.purpose,
            outcome,
            complete_as_asked: lawful
                && request.condition == AskCondition::IfPublic
                && matches!(outcome, Outcome::Full | Outcome::InPart),
            duties: applied.duties(&used),
            missing: applied.missing(&used),
            record_rules,
            dispositions,
            time_limits: time_limits(request, edition, as_of, &self.calendars)?,
            silence: edition.clock.as_ref().and_then(|clock| clock.silence),
            fee: edition.fee.clone(),
            list_not_after: edition.freeze.as_ref().map(|freeze| ListLimit {
                day: freeze.list_as_of,
                says: freeze.says.clone(),
                cite: freeze.cite.clone(),
            }),
        })
    }
}

fn edition_on(law: &Law, day: Date) -> Result<&Edition, DecideError> {
    law.edition_on(day).ok_or_else(|| DecideError::NoEdition {
        jurisdiction: law.code,
        day,
        earliest: law.editions.first().map(|edition| edition.from),
    })
}

fn pins(
    jurisdiction: Jurisdiction,
    edition: &Edition,
    entitled: &Edition,
    overlay: Option<&Edition>,
) -> Vec<EditionPin> {
    let frozen = (entitled.id != edition.id).then_some((jurisdiction, entitled));
    let applied = [Some((jurisdiction, edition)), frozen, overlay.map(|edition| (Jurisdiction::FEDERAL, edition))];
    let pin = |(jurisdiction, edition): (Jurisdiction, &Edition)| EditionPin {
        jurisdiction,
        edition: edition.id.get_ref().clone(),
        from: edition.from,
        until: edition.until,
        digest: edition.digest(),
    };
    applied.into_iter().flatten().map(pin).collect()
}

fn outcome_of(dispositions: &[Disposition], rules: &[RecordRule], applied: &Applied<'_>) -> Outcome {
    let not_held =
        |disposition: &&Disposition| disposition.because.first().is_some_and(|reason| reason.effect == Effect::NotHeld);
    if dispositions.iter().any(Disposition::is_released) {
        let full = dispositions.iter().all(|disposition| disposition.form == Form::Full);
        return if full && rules.is_empty() { Outcome::Full } else { Outcome::InPart };
    }
    if dispositions.is_empty() || dispositions.iter().filter(not_held).count() < dispositions.len() {
        return Outcome::Refused;
    }
    let known_elsewhere = |disposition: &Disposition| {
        applied.elsewhere_of(disposition.field).is_some_and(|clause| clause.clause.custodian.is_some())
    };
    if dispositions.iter().all(known_elsewhere) { Outcome::Referred } else { Outcome::NoRecords }
}

impl<'a> Applied<'a> {
    fn new(
        request: &'a Request,
        choice: &'a Choice,
        edition: &'a Edition,
        entitled: &'a Edition,
        overlay: Option<&'a Edition>,
    ) -> Self {
        let mut applied = Self {
            request,
            choice,
            class: request.accepted_class(),
            freeze: edition.freeze.as_ref(),
            routes: Vec::new(),
            withholdings: Vec::new(),
            elsewhere: Vec::new(),
        };
        let frozen = (edition.id != entitled.id).then_some(edition);
        for source in [overlay, Some(entitled), frozen].into_iter().flatten() {
            let id = source.id.get_ref().as_str();
            applied.routes.extend(source.routes.iter().map(|clause| Within { edition: id, clause }));
            applied.withholdings.extend(source.withholdings.iter().map(|clause| Within { edition: id, clause }));
            applied.elsewhere.extend(source.elsewhere.iter().map(|clause| Within { edition: id, clause }));
        }
        // The order of clauses in a file never matters: every list below is walked in the order of references.
        applied.routes.sort_by_key(Within::<Route>::reference);
        applied.withholdings.sort_by_key(Within::<Withholding>::reference);
        applied.elsewhere.sort_by_key(|within| (within.edition, within.clause.id.get_ref().clone()));
        applied
    }

    fn check_choice(&self) -> Result<(), DecideError> {
        let under_review = |reference: &&String| {
            !self.routes.iter().any(|route| route.clause.review.is_some() && route.reference() == **reference)
        };
        match self.choice.confirm.iter().find(under_review) {
            Some(unknown) => Err(DecideError::NotUnderReview(unknown.clone())),
            None => Ok(()),
        }
    }

    /// One disposition per requested field, and the routes by which something leaves.
    fn dispose(&self) -> (Vec<Disposition>, Vec<Within<'a, Route>>) {
        let mut used: BTreeMap<String, Within<'a, Route>> = BTreeMap::new();
        let mut dispositions = Vec::new();
        for (field, ask) in self.request.fields() {
            let (disposition, route) = self.dispose_field(field, ask);
            if let Some(route) = route.filter(|_| disposition.is_released()) {
                used.insert(route.reference(), route);
            }
            dispositions.push(disposition);
        }
        (dispositions, used.into_values().collect())
    }

    fn dispose_field(&self, field: Field, ask: &Ask) -> (Disposition, Option<Within<'a, Route>>) {
        let disposition = |form, because, otherwise| Disposition { field, form, since: ask.since, because, otherwise };
        if let Some(clause) = self.elsewhere_of(field) {
            return (disposition(Form::Withheld, vec![not_held(clause)], Vec::new()), None);
        }
        let opened = self.best_route(field, ask);
        let closing: Vec<_> = self.closing(field, opened.is_some()).collect();
        let granted = opened.map(|(_, form)| form.clone()).unwrap_or(Form::Withheld);
        let mut form = closing.iter().fold(granted.clone(), |form, within| form.min(within.clause.cap.clone()));
        let biting = closing.iter().filter(|within| opened.is_none() || within.clause.cap.is_coarser_than(&granted));
        let mut because: Vec<Reason> = biting.map(Within::<Withholding>::reason).collect();
        if let Some(reason) = self.choice.withhold.get(&field).filter(|_| form != Form::Withheld) {
            form = Form::Withheld;
            because.push(custodian_withholds(reason));
        }
        if form == Form::Withheld {
            because.extend(self.near_misses(field, ask));
            if because.is_empty() {
                because.push(no_basis(field));
            }
        } else if let Some((route, _)) = opened {
            because.insert(0, opens(route));
        }
        let otherwise = if form == Form::Withheld { self.other_modes(field, ask) } else { Vec::new() };
        (disposition(form, because, otherwise), opened.map(|(route, _)| route))
    }

    /// The withholdings of a field that reach every record. Where no route opens the field, those that spare this
    /// requester are named as well: with nothing to open it, the field stays as closed as they say.
    fn closing(&self, field: Field, opened: bool) -> impl Iterator<Item = Within<'a, Withholding>> {
        self.withholdings.iter().copied().filter(move |within| {
            let clause = within.clause;
            clause.records.is_none()
                && clause.fields.as_ref().is_some_and(|fields| fields.contains(&field))
                && (!opened || clause.applies_to(self.class, self.request.purpose))
        })
    }

    /// The open route with the finest form; among equals the one that asks least, then the first by reference.
    fn best_route(&self, field: Field, ask: &Ask) -> Option<(Within<'a, Route>, &'a Form)> {
        let open = self.granting(field).filter(|(route, _)| self.standing(route.clause, field, ask).is_none());
        let mut best: Option<(Within<'a, Route>, &'a Form)> = None;
        for (route, form) in open {
            let better = best.is_none_or(|(chosen, chosen_form)| {
                let demands = |route: &Route| route.needs.len() + route.promises.len();
                chosen_form.is_coarser_than(form)
                    || (!form.is_coarser_than(chosen_form) && demands(route.clause) < demands(chosen.clause))
            });
            if better {
                best = Some((route, form));
            }
        }
        best
    }

    fn granting(&self, field: Field) -> impl Iterator<Item = (Within<'a, Route>, &'a Form)> {
        self.routes.iter().copied().flat_map(move |route| {
            let grants = route.clause.gives.iter().filter(move |grant| grant.field == field);
            grants.map(move |grant| (route, &grant.form))
        })
    }

    /// Why a route does not open a field to this request; `None` where it does.
    fn standing(&self, route: &Route, field: Field, ask: &Ask) -> Option<Effect> {
        let reference_confirmed = || {
            self.routes
                .iter()
                .any(|within| std::ptr::eq(within.clause, route) && self.choice.confirm.contains(&within.reference()))
        };
        let purpose = self.request.purpose;
        let frozen_out = self.freeze.is_some_and(|freeze| !freeze.purpose.iter().any(|rule| rule.covers(purpose)));
        if !route.to.iter().any(|rule| self.class.includes(*rule)) {
            Some(Effect::OtherClass)
        } else if frozen_out || !route.purpose.iter().any(|rule| rule.covers(purpose)) {
            Some(Effect::OtherPurpose)
        } else if self.promises_of(route).any(|promise| self.request.rules_out.contains(&promise)) {
            Some(Effect::DutyRuledOut)
        } else if route.review.is_some() && !reference_confirmed() {
            Some(Effect::UnderReview)
        } else if route.necessity && (ask.duty.is_none() || !self.choice.necessary.contains(&field)) {
            Some(Effect::NecessityNotShown)
        } else if route.mode != Mode::Copy {
            Some(Effect::NoCopy)
        } else {
            None
        }
    }

    fn promises_of<'r>(&'r self, route: &'r Route) -> impl Iterator<Item = Promise> + 'r {
        let frozen = self.freeze.into_iter().flat_map(|freeze| freeze.promises.iter());
        route.promises.iter().chain(frozen).copied()
    }

    /// The routes that would open a field to another request, the nearest miss first.
    fn near_misses(&self, field: Field, ask: &Ask) -> Vec<Reason> {
        let mut misses: Vec<(Effect, Within<'a, Route>)> = self
            .granting(field)
            .filter_map(|(route, _)| Some((self.standing(route.clause, field, ask)?, route)))
            .collect();
        misses.sort_by_key(|(effect, route)| (Reverse(nearness(*effect)), route.reference()));
        misses.into_iter().map(|(effect, route)| self.near_miss(effect, route)).collect()
    }

    fn near_miss(&self, effect: Effect, within: Within<'a, Route>) -> Reason {
        let route = within.clause;
        let words = match effect {
            Effect::OtherClass => {
                format!("Open to {} only: {}", list(route.to.iter().map(|class| class.label())), route.says)
            }
            Effect::OtherPurpose => {
                let purposes = self.freeze.map_or(&route.purpose, |freeze| &freeze.purpose);
                let permitted = list(purposes.iter().map(|purpose| purpose.label()));
                let stated = self.request.purpose.label();
                format!("Open for {permitted} only; the request states: {stated}. {}", route.says)
            }
            Effect::DutyRuledOut => {
                let ruled_out = self.promises_of(route).filter(|promise| self.request.rules_out.contains(promise));
                let duties: Vec<&str> = ruled_out.map(Promise::label).collect();
                format!("{} It asks the recipient {}; the request says the opposite.", route.says, list(duties))
            }
            Effect::UnderReview => {
                let review = route.review.as_deref().unwrap_or_default();
                format!("The reading is not settled and the field stays closed until it is: {review}")
            }
            Effect::NecessityNotShown => {
                format!("{} The need of an official duty for this field is not shown and verified.", route.says)
            }
            _ => format!("Open to {}: {}", route.mode.label(), route.says),
        };
        Reason { effect, clause: Some(within.reference()), says: words, authority: Some(route.authority()) }
    }

    fn other_modes(&self, field: Field, ask: &Ask) -> Vec<Mode> {
        let modes: BTreeSet<Mode> = self
            .granting(field)
            .filter(|(route, _)| self.standing(route.clause, field, ask) == Some(Effect::NoCopy))
            .map(|(route, _)| route.clause.mode)
            .collect();
        modes.into_iter().collect()
    }

    fn elsewhere_of(&self, field: Field) -> Option<Within<'a, Elsewhere>> {
        self.elsewhere.iter().copied().find(|within| within.clause.fields.contains(&field))
    }

    /// The withholdings that reach some records of what this requester gets.
    fn record_rules(&self, dispositions: &[Disposition]) -> Vec<RecordRule> {
        if !dispositions.iter().any(Disposition::is_released) {
            return Vec::new();
        }
        let applies = |within: &&Within<'a, Withholding>| within.clause.applies_to(self.class, self.request.purpose);
        self.withholdings.iter().filter(applies).filter_map(|within| record_rule(*within, dispositions)).collect()
    }

    fn duties(&self, used: &[Within<'a, Route>]) -> Vec<Duty> {
        let mut duties: BTreeMap<Promise, Duty> = BTreeMap::new();
        for within in used {
            for promise in self.promises_of(within.clause) {
                duties.entry(promise).or_insert_with(|| Duty {
                    promise,
                    clause: within.reference(),
                    cite: within.clause.cite.clone(),
                });
            }
        }
        duties.into_values().collect()
    }

    fn missing(&self, used: &[Within<'a, Route>]) -> Vec<Missing> {
        let brought = |need| self.request.documents.iter().any(|document| document.kind == need);
        let mut missing = Vec::new();
        for within in used {
            let needs = within.clause.needs.iter().filter(|need| !brought(**need)).map(|need| MissingItem::Need(*need));
            let promises = self.promises_of(within.clause).filter(|promise| !self.request.promises.contains(promise));
            for item in needs.chain(promises.map(MissingItem::Promise)) {
                if !missing.iter().any(|known: &Missing| known.item == item) {
                    missing.push(Missing { item, clause: within.reference(), cite: within.clause.cite.clone() });
                }
            }
        }
        missing
    }
}

fn record_rule(within: Within<'_, Withholding>, dispositions: &[Disposition]) -> Option<RecordRule> {
    let clause = within.clause;
    let records = clause.records.clone()?;
    let fields = match &clause.fields {
        None => None,
        Some(fields) => {
            let bitten = |disposition: &&Disposition| {
                fields.contains(&disposition.field) && clause.cap.is_coarser_than(&disposition.form)
            };
            let bitten: Vec<Field> = dispositions.iter().filter(bitten).map(|bitten| bitten.field).collect();
            if bitten.is_empty() {
                return None;
            }
            Some(bitten)
        }
    };
    Some(RecordRule {
        clause: within.reference(),
        records,
        fields,
        cap: clause.cap.clone(),
        says: clause.says.clone(),
        authority: clause.authority(),
    })
}

/// How near a closed route is to being open; a requester can do something about the nearest.
fn nearness(effect: Effect) -> u8 {
    match effect {
        Effect::NoCopy => 6,
        Effect::NecessityNotShown => 5,
        Effect::UnderReview => 4,
        Effect::DutyRuledOut => 3,
        Effect::OtherPurpose => 2,
        _ => 1,
    }
}

fn opens(within: Within<'_, Route>) -> Reason {
    Reason {
        effect: Effect::Opens,
        clause: Some(within.reference()),
        says: within.clause.says.clone(),
        authority: Some(within.clause.authority()),
    }
}

fn not_held(within: Within<'_, Elsewhere>) -> Reason {
    Reason {
        effect: Effect::NotHeld,
        clause: Some(format!("{}/{}", within.edition, within.clause.id.get_ref())),
        says: within.clause.says.clone(),
        authority: Some(within.clause.authority()),
    }
}

fn custodian_withholds(reason: &str) -> Reason {
    Reason { effect: Effect::CustodianWithholds, clause: None, says: reason.to_owned(), authority: None }
}

fn no_basis(field: Field) -> Reason {
    Reason {
        effect: Effect::NoBasis,
        clause: None,
        says: format!("No basis found: no source permits the release of the {}.", field.label()),
        authority: None,
    }
}

/// Joins words as `a, b or c`.
fn list<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let words: Vec<&str> = words.into_iter().collect();
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}
