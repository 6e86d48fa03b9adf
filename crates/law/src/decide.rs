//! The answer to each field, and what follows from the routes that give it.
//!
//! Three layers, in this order: the federal overlay, the jurisdiction's edition, the custodian's own choice. What no
//! route releases is withheld; a withholding that applies beats every route; the order of clauses never matters.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use terms::{Field, Form, Need, Promise};

use crate::applied::{Applied, Within, needs_of, promises_of};
use crate::clause::{Mode, Route, Withholding};
use crate::decision::{Disposition, Duty, Effect, Missing, MissingItem, Otherwise, Reason, RecordRule};
use crate::edition::Freeze;
use crate::fee::{Charge, Fee};
use crate::reason::{by_clause, closes, custodian_withholds, near_miss, nearness, no_basis, sentence};
use crate::request::Ask;

/// The disposition of one field, and the route by which something of it leaves.
pub(crate) struct Answer<'a> {
    pub(crate) disposition: Disposition,
    route: Option<Within<'a, Route>>,
}

/// The routes by which something leaves.
pub(crate) type Used<'a> = Vec<Within<'a, Route>>;

impl<'a> Applied<'a> {
    /// One answer per requested field, in the order of the request.
    pub(crate) fn answers(&self) -> Vec<Answer<'a>> {
        self.request.fields().into_iter().map(|(field, ask)| self.answer(field, ask)).collect()
    }

    /// The first field that the custodian's choice withholds though a clause guarantees it, and no other closes it.
    pub(crate) fn wrongly_withheld(&self) -> Option<(Field, String)> {
        if self.choice.withhold.is_empty() {
            return None;
        }
        let chosen = self.request.fields().into_iter().filter(|(field, _)| self.choice.withhold.contains_key(field));
        chosen.filter(|(field, _)| self.elsewhere_of(*field).is_none()).find_map(|(field, ask)| {
            let (route, _) = self.best_route(field, ask).filter(|(route, _)| route.clause.guaranteed)?;
            let is_closed = self.closing(field, Some(route)).any(|within| within.clause.cap == Form::Withheld);
            (!is_closed).then(|| (field, route.reference()))
        })
    }

    fn answer(&self, field: Field, ask: &Ask) -> Answer<'a> {
        let disposition = |form, because, otherwise| Disposition { field, form, since: ask.since, because, otherwise };
        if let Some(clause) = self.elsewhere_of(field) {
            let because = vec![by_clause(Effect::NotHeld, clause)];
            return Answer { disposition: disposition(Form::Withheld, because, Vec::new()), route: None };
        }
        let opened = self.best_route(field, ask);
        let closing: Vec<_> = self.closing(field, opened.map(|(route, _)| route)).collect();
        let granted = opened.map(|(_, form)| form.clone()).unwrap_or(Form::Withheld);
        let mut form = closing.iter().fold(granted.clone(), |form, within| form.min(within.clause.cap.clone()));
        let biting = closing.iter().filter(|within| opened.is_none() || within.clause.cap.is_coarser_than(&granted));
        let mut because: Vec<Reason> = biting.copied().map(closes).collect();
        if let Some(reason) = self.choice.withhold.get(&field).filter(|_| form != Form::Withheld) {
            form = Form::Withheld;
            because.push(custodian_withholds(reason));
        }
        if form == Form::Withheld {
            because.extend(self.near_misses(field, ask));
            if because.is_empty() {
                because.push(no_basis(field));
            }
        }
        let otherwise = self.other_modes(field, ask, &form);
        let route = opened.map(|(route, _)| route).filter(|_| form != Form::Withheld);
        because.splice(0..0, route.map(|route| by_clause(Effect::Opens, route)));
        Answer { disposition: disposition(form, because, otherwise), route }
    }

    /// The withholdings of a field in every record. Where no route opens the field, those that spare this requester
    /// are named as well: with nothing to open it, the field stays as closed as they say.
    fn closing(
        &self,
        field: Field,
        opened: Option<Within<'a, Route>>,
    ) -> impl Iterator<Item = Within<'a, Withholding>> {
        self.withholdings.iter().copied().filter(move |within| {
            let clause = within.clause;
            clause.records.is_none()
                && clause.fields.as_ref().is_some_and(|fields| fields.contains(&field))
                && self.is_aimed_at(clause)
                && opened.is_none_or(|route| self.reaches(clause, route.clause))
        })
    }

    /// The open route with the finest form; among equals the one made for the narrowest class, then the one that asks
    /// least, then the first by reference. The class goes before the demands, since withholdings spare a class for the
    /// sake of its own route.
    fn best_route(&self, field: Field, ask: &Ask) -> Option<(Within<'a, Route>, &'a Form)> {
        let open = self.granting(field).filter(|(route, _)| self.obstacle(*route, field, ask).is_none());
        let rank = |route: &Route| (Reverse(self.narrowness(route)), route.needs.len() + route.promises.len());
        open.reduce(|chosen, next| {
            let finer = chosen.1.is_coarser_than(next.1);
            let equal = !finer && !next.1.is_coarser_than(chosen.1);
            if finer || equal && rank(next.0.clause) < rank(chosen.0.clause) { next } else { chosen }
        })
    }

    /// The routes that would open a field to another request, the nearest miss first.
    fn near_misses(&self, field: Field, ask: &Ask) -> Vec<Reason> {
        let missed = self.granting(field).filter_map(|(route, _)| Some((self.obstacle(route, field, ask)?, route)));
        let mut missed: Vec<(Effect, Within<'a, Route>)> = missed.collect();
        missed.sort_by_key(|(effect, _)| Reverse(nearness(*effect)));
        missed.into_iter().map(|(effect, route)| near_miss(self, effect, route)).collect()
    }

    /// The modes without a copy that show more of a field than leaves, each with the finest form it shows.
    fn other_modes(&self, field: Field, ask: &Ask, leaves: &Form) -> Vec<Otherwise> {
        let mut finest: BTreeMap<Mode, &Form> = BTreeMap::new();
        for route in self.routes.iter().filter(|route| route.clause.mode != Mode::Copy) {
            let grants = route.clause.gives.iter().filter(|grant| grant.field == field);
            for form in grants.map(|grant| &grant.form).filter(|form| leaves.is_coarser_than(form)) {
                if self.obstacle(*route, field, ask) == Some(Effect::NoCopy) {
                    let shown = finest.entry(route.clause.mode).or_insert(form);
                    *shown = if shown.is_coarser_than(form) { form } else { shown };
                }
            }
        }
        finest.into_iter().map(|(mode, form)| Otherwise { mode, form: form.clone() }).collect()
    }

    /// The withholdings that reach some records of what this requester gets.
    pub(crate) fn record_rules(&self, answers: &[Answer<'a>]) -> Vec<RecordRule> {
        self.withholdings.iter().filter_map(|within| self.record_rule(*within, answers)).collect()
    }

    /// A rule on records, if it reaches anything that leaves: the whole record where it reaches every field, else the
    /// fields that come by a route which it does not spare.
    fn record_rule(&self, within: Within<'a, Withholding>, answers: &[Answer<'a>]) -> Option<RecordRule> {
        let clause = within.clause;
        let records = clause.records.clone()?;
        let given: Vec<(&Answer<'a>, Within<'a, Route>)> =
            answers.iter().filter_map(|answer| Some((answer, answer.route?))).collect();
        let bites = |(answer, route): &&(&Answer<'a>, Within<'a, Route>)| {
            let disposition = &answer.disposition;
            let named = clause.fields.as_ref().is_none_or(|fields| fields.contains(&disposition.field));
            named && clause.cap.is_coarser_than(&disposition.form) && self.reaches(clause, route.clause)
        };
        let bitten: Vec<Field> = given.iter().filter(bites).map(|(answer, _)| answer.disposition.field).collect();
        if bitten.is_empty() {
            return None;
        }
        let whole = clause.fields.is_none() && bitten.len() == given.len();
        Some(RecordRule {
            clause: within.reference(),
            records,
            fields: if whole { None } else { Some(bitten) },
            cap: clause.cap.clone(),
            says: sentence(clause),
            authority: clause.authority(),
        })
    }

    /// The routes by which something leaves, each once, in the order of lists.
    pub(crate) fn used(&self, answers: &[Answer<'a>]) -> Used<'a> {
        let mut used: Used<'a> = answers.iter().filter_map(|answer| answer.route).collect();
        used.sort_by(Within::order);
        used.dedup_by(|a, b| a.order(b).is_eq());
        used
    }

    /// The freeze that something of the answers is given under.
    pub(crate) fn freeze(&self, used: &Used<'a>) -> Option<&'a Freeze> {
        used.iter().find_map(|within| within.freeze)
    }

    /// The duties of the routes in use.
    pub(crate) fn duties(&self, used: &Used<'a>) -> Vec<Duty> {
        let mut duties: BTreeMap<Promise, Duty> = BTreeMap::new();
        for within in used.iter().copied() {
            for promise in promises_of(within) {
                duties.entry(promise).or_insert_with(|| Duty {
                    promise,
                    clause: within.reference(),
                    cite: within.clause.cite.clone(),
                });
            }
        }
        duties.into_values().collect()
    }

    /// What the routes in use cost: each its own fee, or that of the edition in force. A route that needs no fee and has
    /// none is not said to be free, unless the edition is.
    pub(crate) fn fees(&self, used: &Used<'a>, of_edition: Option<&'a Fee>) -> Vec<Charge> {
        let mut charges: Vec<Charge> = Vec::new();
        for within in used.iter().copied().filter(|within| !within.is_overlay) {
            let owes = needs_of(within).any(|need| need == Need::Fee);
            let inherited = of_edition.filter(|fee| owes || fee.is_free());
            let Some(fee) = within.clause.fee.as_ref().or(inherited) else { continue };
            match charges.iter_mut().find(|charge| charge.fee == *fee) {
                Some(charge) => charge.clauses.push(within.reference()),
                None => charges.push(Charge { clauses: vec![within.reference()], fee: fee.clone() }),
            }
        }
        charges
    }

    /// Whether the request brings a paper; of signatures, as many as the route asks for.
    fn brings(&self, need: Need, route: &Route) -> bool {
        let enough = |signed: Option<u16>| need != Need::CoSigners || signed.is_none() || signed >= route.co_signers;
        self.request.documents.iter().any(|document| document.kind == need && enough(document.signatures))
    }

    /// What the routes in use ask for and the request does not bring.
    pub(crate) fn missing(&self, used: &Used<'a>) -> Vec<Missing> {
        let item = |need, route: &Route| match route.co_signers {
            Some(count) if need == Need::CoSigners => MissingItem::CoSigners(count),
            _ => MissingItem::Need(need),
        };
        let mut missing: Vec<Missing> = Vec::new();
        for within in used.iter().copied() {
            let route = within.clause;
            let needs = needs_of(within).filter(|need| !self.brings(*need, route)).map(|need| item(need, route));
            let promises = promises_of(within).filter(|promise| !self.request.promises.contains(promise));
            for item in needs.chain(promises.map(MissingItem::Promise)) {
                if missing.iter().all(|known| known.item != item) {
                    missing.push(Missing { item, clause: within.reference(), cite: within.clause.cite.clone() });
                }
            }
        }
        missing
    }
}
