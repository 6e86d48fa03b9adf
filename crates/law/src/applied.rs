//! The clauses that bear on one request, each with its place.

use std::cmp::Ordering;

use terms::{Custody, Field, Form, Jurisdiction, Need, Promise, RequesterClass, Status};

use crate::choice::Choice;
use crate::clause::{Authority, Elsewhere, Mode, Route, Withholding};
use crate::decision::Effect;
use crate::edition::{Edition, Freeze};
use crate::request::{Ask, Request};

/// A clause with the id of its edition.
pub(crate) struct Within<'a, C> {
    pub(crate) edition: &'a str,
    pub(crate) clause: &'a C,
    /// The freeze under which the clause's edition is applied.
    pub(crate) freeze: Option<&'a Freeze>,
    /// Federal clauses come after the jurisdiction's own wherever reasons are listed.
    pub(crate) is_overlay: bool,
}

impl<C> Clone for Within<'_, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Within<'_, C> {}

/// What every clause has.
pub(crate) trait Clause {
    /// Its id within the edition.
    fn id(&self) -> &str;
    /// What it says.
    fn says(&self) -> &str;
    /// Where it can be read.
    fn read_at(&self) -> Authority;
}

macro_rules! clauses {
    ($($clause:ty),+) => { $(
        impl Clause for $clause {
            fn id(&self) -> &str {
                self.id.get_ref()
            }

            fn says(&self) -> &str {
                &self.says
            }

            fn read_at(&self) -> Authority {
                self.authority()
            }
        }
    )+ };
}
clauses!(Route, Withholding, Elsewhere);

impl<C: Clause> Within<'_, C> {
    /// The clause as `edition/clause`.
    pub(crate) fn reference(&self) -> String {
        format!("{}/{}", self.edition, self.clause.id())
    }

    /// The order of lists: the jurisdiction's own clauses first, by reference.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        fn reference<'b, C: Clause>(within: &'b Within<'_, C>) -> impl Iterator<Item = u8> + use<'b, C> {
            within.edition.bytes().chain([b'/']).chain(within.clause.id().bytes())
        }
        self.is_overlay.cmp(&other.is_overlay).then_with(|| reference(self).cmp(reference(other)))
    }
}

/// Everything that bears on one request.
pub(crate) struct Applied<'a> {
    pub(crate) request: &'a Request,
    pub(crate) choice: &'a Choice,
    pub(crate) class: RequesterClass,
    pub(crate) routes: Vec<Within<'a, Route>>,
    pub(crate) withholdings: Vec<Within<'a, Withholding>>,
    elsewhere: Vec<Within<'a, Elsewhere>>,
}

impl<'a> Applied<'a> {
    /// Gathers the clauses of the edition in force, of the edition that a freeze refers to, and of the overlay.
    pub(crate) fn new(
        request: &'a Request,
        choice: &'a Choice,
        edition: &'a Edition,
        entitled: &'a Edition,
        overlay: Option<&'a Edition>,
        jurisdiction: Jurisdiction,
    ) -> Self {
        let frozen = (edition.id != entitled.id).then_some(edition);
        let binds = |from: &[Custody], not_in: &[Jurisdiction]| {
            (from.is_empty() || from.contains(&request.custody)) && !not_in.contains(&jurisdiction)
        };
        let asked = |unless: &[Status]| unless.iter().any(|status| request.includes.contains(status));
        // What the edition with a freeze says itself stands outside the freeze.
        let own = [Some((entitled, edition.freeze.as_ref())), frozen.map(|edition| (edition, None))];
        let own = own.into_iter().flatten().map(|(edition, freeze)| Source { edition, freeze, is_overlay: false });
        let overlay = overlay.map(|edition| Source { edition, freeze: None, is_overlay: true });
        let sources: Vec<Source<'a>> = own.chain(overlay).collect();
        Self {
            request,
            choice,
            class: request.accepted_class(),
            routes: gather(&sources, |edition| &edition.routes, |clause| binds(&clause.from, &clause.not_in)),
            withholdings: gather(
                &sources,
                |edition| &edition.withholdings,
                |clause| binds(&clause.from, &clause.not_in) && !asked(&clause.unless_asked),
            ),
            elsewhere: gather(&sources, |edition| &edition.elsewhere, |clause| binds(&clause.from, &[])),
        }
    }

    /// The first clause that the custodian's choice confirms though it is not a route under review.
    pub(crate) fn wrongly_confirmed(&self) -> Option<&'a String> {
        let under_review = |reference: &str| {
            self.routes.iter().any(|route| route.clause.review.is_some() && route.reference() == reference)
        };
        self.choice.confirm.iter().find(|reference| !under_review(reference))
    }

    /// The clause that says a field is not held here.
    pub(crate) fn elsewhere_of(&self, field: Field) -> Option<Within<'a, Elsewhere>> {
        self.elsewhere.iter().copied().find(|within| within.clause.fields.contains(&field))
    }

    /// The routes that give a field, and in which form.
    pub(crate) fn granting(&self, field: Field) -> impl Iterator<Item = (Within<'a, Route>, &'a Form)> {
        self.routes.iter().copied().flat_map(move |route| {
            let grants = route.clause.gives.iter().filter(move |grant| grant.field == field);
            grants.map(move |grant| (route, &grant.form))
        })
    }

    /// Why a route does not open a field to this request; `None` where it does.
    pub(crate) fn obstacle(&self, within: Within<'a, Route>, field: Field, ask: &Ask) -> Option<Effect> {
        let route = within.clause;
        let purpose = self.request.purpose;
        let frozen_out = within.freeze.is_some_and(|freeze| !freeze.purpose.iter().any(|rule| rule.covers(purpose)));
        if !route.to.iter().any(|rule| self.class.includes(*rule)) {
            Some(Effect::OtherClass)
        } else if frozen_out
            || route.not_for.contains(&purpose)
            || !route.purpose.iter().any(|rule| rule.covers(purpose))
        {
            Some(Effect::OtherPurpose)
        } else if promises_of(within).any(|promise| self.request.rules_out.contains(&promise)) {
            Some(Effect::DutyRuledOut)
        } else if route.review.is_some() && !self.choice.confirm.contains(&within.reference()) {
            Some(Effect::UnderReview)
        } else if route.necessity && (ask.duty.is_none() || !self.choice.necessary.contains(&field)) {
            Some(Effect::NecessityNotShown)
        } else if route.mode != Mode::Copy {
            Some(Effect::NoCopy)
        } else {
            None
        }
    }

    /// How narrow the class is by which a route reaches this requester: 0 for any person.
    pub(crate) fn narrowness(&self, route: &Route) -> usize {
        let reaching = route.to.iter().filter(|rule| self.class.includes(**rule));
        let wider = |rule: &RequesterClass| std::iter::successors(rule.wider(), |class| class.wider()).count();
        reaching.map(wider).max().unwrap_or_default()
    }

    /// Whether a withholding is aimed at this requester's class, exceptions aside.
    pub(crate) fn is_aimed_at(&self, clause: &Withholding) -> bool {
        clause.to.as_ref().is_none_or(|to| to.iter().any(|rule| self.class.includes(*rule)))
    }

    /// Whether a withholding reaches what a route gives to this requester.
    ///
    /// It spares an excepted class only in what that class gets by a route of its own: the exception is there for the
    /// sake of that route's purpose and duties, and a requester who comes in by the public's route is the public.
    pub(crate) fn reaches(&self, clause: &Withholding, route: &Route) -> bool {
        let made_for =
            |excepted: RequesterClass| route.to.iter().any(|to| to.includes(excepted) && self.class.includes(*to));
        self.is_aimed_at(clause)
            && !clause.except_to.iter().any(|excepted| self.class.includes(*excepted) && made_for(*excepted))
    }
}

/// The duties of a route, with those of its freeze.
pub(crate) fn promises_of<'a>(within: Within<'a, Route>) -> impl Iterator<Item = Promise> + use<'a> {
    let frozen = within.freeze.into_iter().flat_map(|freeze| freeze.promises.iter());
    within.clause.promises.iter().chain(frozen).copied()
}

/// What a route asks for, with what its freeze asks for.
pub(crate) fn needs_of<'a>(within: Within<'a, Route>) -> impl Iterator<Item = Need> + use<'a> {
    let frozen = within.freeze.into_iter().flat_map(|freeze| freeze.needs.iter());
    within.clause.needs.iter().chain(frozen).copied()
}

/// An edition whose clauses are gathered.
struct Source<'a> {
    edition: &'a Edition,
    freeze: Option<&'a Freeze>,
    is_overlay: bool,
}

/// The clauses of one kind, the jurisdiction's own first, in the order of their references: the order in a file never
/// matters.
fn gather<'a, C: Clause>(
    sources: &[Source<'a>],
    clauses: impl Fn(&'a Edition) -> &'a Vec<C>,
    binds: impl Fn(&C) -> bool,
) -> Vec<Within<'a, C>> {
    let mut gathered: Vec<Within<'a, C>> = Vec::new();
    for source in sources {
        let edition = source.edition.id.get_ref().as_str();
        let (freeze, is_overlay) = (source.freeze, source.is_overlay);
        let bound = clauses(source.edition).iter().filter(|clause| binds(clause));
        gathered.extend(bound.map(|clause| Within { edition, clause, freeze, is_overlay }));
    }
    gathered.sort_by(Within::order);
    gathered
}
