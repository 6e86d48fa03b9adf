//! Every distinct view: what a class may see for a purpose under an edition.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use law::{Decision, Request};
use proptest::prelude::*;
use terms::{Date, Field, Purpose, RequesterClass};

use crate::pipeline::{LAWBOOK, decide, request, utah};

/// One view, by one of the requests that leads to it.
#[derive(Debug, Clone)]
pub(crate) struct View {
    pub(crate) name: String,
    pub(crate) request: Request,
    pub(crate) decision: Decision,
}

/// All editions × classes × purposes, with those that see the same counted once.
///
/// The list of these tests is of 2017; an edition that freezes the list of a later day sees it as well.
pub(crate) static VIEWS: LazyLock<Vec<View>> = LazyLock::new(|| {
    let mut views: BTreeMap<String, View> = BTreeMap::new();
    for edition in &LAWBOOK.laws[&utah()].editions {
        for class in RequesterClass::ALL {
            for purpose in Purpose::ALL.iter().filter(|purpose| **purpose != Purpose::Any) {
                let request = request(Field::ALL, *class, *purpose);
                let decision = decide(&request, edition.from);
                let seen: Vec<_> = decision.released().map(|given| (given.field, given.form.clone())).collect();
                let rules: Vec<_> =
                    decision.record_rules.iter().map(|rule| (&rule.records, &rule.fields, &rule.cap)).collect();
                let sight = format!("{seen:?} {rules:?}");
                let name = format!("{} {class} {purpose}", edition.id.get_ref());
                views.entry(sight).or_insert(View { name, request, decision });
            }
        }
    }
    views.into_values().collect()
});

/// A view that releases something.
pub(crate) fn any_view() -> impl Strategy<Value = View> {
    let open: Vec<View> = VIEWS.iter().filter(|view| view.decision.released().next().is_some()).cloned().collect();
    prop::sample::select(open)
}

/// The view of a class and purpose on a day, for every field.
pub(crate) fn view(as_of: Date, class: RequesterClass, purpose: Purpose) -> View {
    let request = request(Field::ALL, class, purpose);
    let decision = decide(&request, as_of);
    View { name: format!("{as_of} {class} {purpose}"), request, decision }
}

#[test]
fn the_views_differ_enough_to_be_worth_testing() {
    assert!(VIEWS.len() > 12, "{} views: {:?}", VIEWS.len(), VIEWS.iter().map(|view| &view.name).collect::<Vec<_>>());
}
