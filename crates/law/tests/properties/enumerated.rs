//! Every edition, class and purpose in turn, each asked for every field with every paper brought and every duty taken on.

use std::collections::BTreeSet;

use law::{Ask, AskCondition, Choice, Dates, Decision, Document, Edition, Effect, Lawbook, Request, Requester};
use terms::{Custody, Date, Field, Form, Jurisdiction, Need, Promise, Purpose, RequesterClass};

use crate::{LAWBOOK, changed, decide, decide_in, editions, releases_no_more};

/// A request for everything.
pub(crate) fn request(class: RequesterClass, purpose: Purpose) -> Request {
    let day = Date::constant(2017, 6, 28);
    Request {
        schema: law::REQUEST_SCHEMA.to_owned(),
        id: "enumerated".to_owned(),
        title: None,
        requester: Requester {
            name: "A. Person".to_owned(),
            class,
            proof: Some("letter of appointment".to_owned()),
            address: Vec::new(),
            phone: None,
            email: None,
        },
        to: Vec::new(),
        purpose,
        purpose_text: None,
        custody: Custody::State,
        includes: Vec::new(),
        condition: AskCondition::None,
        promises: Promise::ALL.to_vec(),
        rules_out: Vec::new(),
        dates: Dates { written: day, sent: None, received: day, wished: None },
        expedite: None,
        ask: vec![Ask {
            n: 1,
            text: "everything".to_owned(),
            fields: Field::ALL.to_vec(),
            qualifier: None,
            since: None,
            duty: None,
        }],
        questions: Vec::new(),
        documents: Need::ALL
            .iter()
            .map(|kind| Document { kind: *kind, received: day, signatures: None, note: None })
            .collect(),
        sources: Vec::new(),
    }
}

/// One edition with a day on which it is in force.
type At = (Jurisdiction, Date);

/// Runs a check for every edition, on all cores.
fn for_every_edition(check: impl Fn(At) + Sync) {
    let all: Vec<At> = editions().collect();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for core in 0..cores {
            let (all, check) = (&all, &check);
            scope.spawn(move || all.iter().skip(core).step_by(cores).for_each(|at| check(*at)));
        }
    });
}

/// Every class with every purpose.
fn requests() -> impl Iterator<Item = Request> {
    RequesterClass::ALL.iter().flat_map(|class| Purpose::ALL.iter().map(|purpose| request(*class, *purpose)))
}

fn told(at: At, request: &Request) -> String {
    format!("{} on {} for {} with {}", at.0, at.1, request.requester.class, request.purpose)
}

#[test]
fn what_no_route_gives_is_withheld_for_every_class_and_purpose() {
    for_every_edition(|at| {
        let bare = changed(at.0, |edition| edition.routes.clear());
        for request in requests() {
            assert!(decide_in(&bare, &request, at).released().next().is_none(), "{}", told(at, &request));
        }
    });
}

/// For each route by which something leaves, the decision without it.
#[test]
fn without_a_route_in_use_never_more_leaves() {
    for_every_edition(|at| {
        let book = changed(at.0, |_| {});
        let without: Vec<(String, Lawbook)> = routes(&book, at)
            .into_iter()
            .map(|id| (id.clone(), changed(at.0, |edition| edition.routes.retain(|route| route.id.get_ref() != &id))))
            .collect();
        for request in requests() {
            let decision = decide_in(&book, &request, at);
            let opens = decision.dispositions.iter().flat_map(|disposition| &disposition.because);
            let opens =
                opens.filter(|reason| reason.effect == Effect::Opens).filter_map(|reason| reason.clause.as_deref());
            let used: BTreeSet<&str> = opens.filter_map(|reference| reference.split('/').nth(1)).collect();
            for (_, less) in without.iter().filter(|(id, _)| used.contains(id.as_str())) {
                assert!(releases_no_more(&decide_in(less, &request, at), &decision), "{}", told(at, &request));
            }
        }
    });
}

/// The ids of the routes of a law and of the overlay.
fn routes(book: &Lawbook, at: At) -> Vec<String> {
    let laws = [at.0, Jurisdiction::FEDERAL].map(|code| &book.laws[&code]);
    let routes = laws.into_iter().flat_map(|law| law.editions.iter()).flat_map(|edition: &Edition| &edition.routes);
    let ids: BTreeSet<String> = routes.map(|route| route.id.get_ref().clone()).collect();
    ids.into_iter().collect()
}

/// A withholding more, which closes every second field to everybody.
#[test]
fn with_a_withholding_more_never_more_leaves() {
    let fields: Vec<Field> = Field::ALL.iter().copied().step_by(2).collect();
    for_every_edition(|at| {
        let with = changed(at.0, |edition| {
            if let Some(mut added) = edition.withholdings.first().cloned() {
                (added.fields, added.records, added.cap) = (Some(fields.clone()), None, Form::Withheld);
                edition.withholdings.push(added);
            }
        });
        for request in requests() {
            let less = decide_in(&with, &request, at);
            assert!(releases_no_more(&less, &decide(&request, at)), "{}", told(at, &request));
        }
    });
}

#[test]
fn the_order_of_clauses_changes_nothing_for_any_class_and_purpose() {
    for_every_edition(|at| {
        let turned = changed(at.0, |edition| {
            edition.routes.reverse();
            edition.withholdings.reverse();
            edition.elsewhere.reverse();
            edition.routes.iter_mut().for_each(|route| route.gives.reverse());
        });
        for request in requests() {
            let (mut a, mut b) = (decide_in(&turned, &request, at), decide(&request, at));
            // The pin hashes the edition as stored; a turned copy was never a law file.
            [&mut a, &mut b].into_iter().for_each(|decision: &mut Decision| decision.editions.clear());
            assert_eq!(a, b, "{}", told(at, &request));
        }
    });
}

/// Equal treatment, and a class without proof: neither a name nor a title changes an answer.
#[test]
fn neither_name_nor_title_changes_an_answer() {
    for_every_edition(|at| {
        for purpose in Purpose::ALL {
            let public = decide(&request(RequesterClass::AnyPerson, *purpose), at);
            for class in RequesterClass::ALL {
                let asked = request(*class, *purpose);
                let mut other = asked.clone();
                other.requester.name = "The Honorable B. Person".to_owned();
                other.requester.email = Some("b@example.org".to_owned());
                other.id = "another".to_owned();
                assert_eq!(decide(&asked, at), decide(&other, at), "{}", told(at, &asked));
                other.requester.proof = None;
                let mut unproven = decide(&other, at);
                assert_eq!(unproven.class_claimed, *class);
                unproven.class_claimed = RequesterClass::AnyPerson;
                assert_eq!(unproven, public, "{}", told(at, &asked));
            }
        }
    });
}

/// Totality and replay: every field has one answer with a reason, and the stored decision is computed again.
#[test]
fn every_edition_answers_every_request_and_again_the_same() {
    for_every_edition(|at| {
        for request in requests() {
            let decision = decide(&request, at);
            let answered = decision.dispositions.iter().map(|disposition| disposition.field);
            assert!(answered.eq(Field::ALL.iter().copied()), "{}", told(at, &request));
            for disposition in &decision.dispositions {
                assert!(disposition.form.fits(disposition.field), "{}", told(at, &request));
                assert!(!disposition.because.is_empty(), "{}", told(at, &request));
                assert!(disposition.because.iter().all(|reason| !reason.says.is_empty()), "{}", told(at, &request));
            }
            let stored = serde_json::to_vec(&decision).unwrap();
            let read: Decision = serde_json::from_slice(&stored).unwrap();
            let pinned = &read.editions[0];
            let edition = LAWBOOK.laws[&read.jurisdiction].edition(&pinned.edition).unwrap();
            assert_eq!(edition.digest(), pinned.digest);
            let again = LAWBOOK.decide(&request, read.jurisdiction, read.as_of, &Choice::default()).unwrap();
            assert_eq!(serde_json::to_vec(&again).unwrap(), stored, "{}", told(at, &request));
        }
    });
}
