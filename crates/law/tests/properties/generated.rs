//! Generated requests.

use std::collections::BTreeMap;

use law::{AskCondition, Choice, Dates, DecideError, Decision, Outcome, Request};
use proptest::prelude::*;
use terms::{Custody, Date, Field, Form, Jurisdiction, Need, Promise, Purpose, RequesterClass};

use crate::enumerated::request;
use crate::{LAWBOOK, changed, decide, decide_in, editions, releases_no_more};

fn any_edition() -> impl Strategy<Value = (Jurisdiction, Date)> {
    prop::sample::select(editions().collect::<Vec<_>>())
}

fn any_word<T: Copy + std::fmt::Debug + 'static>(words: &'static [T]) -> impl Strategy<Value = T> {
    prop::sample::select(words)
}

prop_compose! {
    fn any_request()(
        class in any_word(RequesterClass::ALL),
        proven in any::<bool>(),
        purpose in any_word(Purpose::ALL),
        fields in prop::sample::subsequence(Field::ALL, 1..12),
        promises in prop::sample::subsequence(Promise::ALL, 0..=Promise::ALL.len()),
        rules_out in prop::sample::subsequence(Promise::ALL, 0..2),
        needs in prop::sample::subsequence(Need::ALL, 0..=Need::ALL.len()),
        custody in any_word(Custody::ALL),
        if_public in any::<bool>(),
        duty in any::<bool>(),
        received in 0_i32..3000,
    ) -> Request {
        let received = Date::constant(2017, 6, 28).saturating_add(jiff_days(received));
        let mut request = request(class, purpose);
        request.requester.proof = request.requester.proof.filter(|_| proven);
        request.custody = custody;
        request.condition = if if_public { AskCondition::IfPublic } else { AskCondition::None };
        (request.promises, request.rules_out) = (promises, rules_out);
        request.dates = Dates { written: received, sent: None, received, wished: None };
        request.ask[0].fields = fields;
        request.ask[0].duty = duty.then(|| "a duty imposed by law".to_owned());
        request.documents.retain(|document| needs.contains(&document.kind));
        request
    }
}

fn jiff_days(days: i32) -> jiff::Span {
    jiff::Span::new().days(i64::from(days))
}

proptest! {
    #[test]
    fn removing_a_route_never_releases_more(request in any_request(), at in any_edition(), index in any::<prop::sample::Index>()) {
        let without = changed(at.0, |edition| {
            if !edition.routes.is_empty() {
                edition.routes.remove(index.index(edition.routes.len()));
            }
        });
        prop_assert!(releases_no_more(&decide_in(&without, &request, at), &decide(&request, at)));
    }

    #[test]
    fn adding_a_withholding_never_releases_more(
        request in any_request(),
        at in any_edition(),
        index in any::<prop::sample::Index>(),
        fields in prop::sample::subsequence(Field::ALL, 1..20),
    ) {
        let with = changed(at.0, |edition| {
            if !edition.withholdings.is_empty() {
                let mut added = edition.withholdings[index.index(edition.withholdings.len())].clone();
                added.fields = Some(fields.clone());
                added.records = None;
                added.cap = Form::Withheld;
                edition.withholdings.push(added);
            }
        });
        prop_assert!(releases_no_more(&decide_in(&with, &request, at), &decide(&request, at)));
    }

    #[test]
    fn the_order_of_clauses_changes_nothing(request in any_request(), at in any_edition(), turn in 0_usize..40) {
        let shuffled = changed(at.0, |edition| {
            edition.routes.reverse();
            let turn_by = turn % edition.withholdings.len().max(1);
            edition.withholdings.rotate_left(turn_by);
            edition.routes.iter_mut().for_each(|route| route.gives.reverse());
        });
        let (mut a, mut b) = (decide_in(&shuffled, &request, at), decide(&request, at));
        // The pin hashes the edition as stored; a shuffled copy was never a law file.
        for decision in [&mut a, &mut b] {
            decision.editions.clear();
        }
        prop_assert_eq!(a, b);
    }

    #[test]
    fn two_requesters_who_differ_in_name_and_contact_get_equal_decisions(
        request in any_request(),
        at in any_edition(),
        name in ".{0,40}",
        email in proptest::option::of("[a-z]{1,8}@example\\.org"),
    ) {
        let mut other = request.clone();
        other.requester.name = name.clone();
        other.requester.email = email;
        other.requester.phone = Some("801-555-0100".to_owned());
        other.requester.address = vec![name];
        other.id = "another".to_owned();
        prop_assert_eq!(decide(&request, at).digest(), decide(&other, at).digest());
    }

    #[test]
    fn a_class_without_proof_is_any_person(request in any_request(), at in any_edition()) {
        let mut unproven = request.clone();
        unproven.requester.proof = Some("  ".to_owned());
        let mut any_person = request;
        any_person.requester.class = RequesterClass::AnyPerson;
        let (unproven, mut any_person) = (decide(&unproven, at), decide(&any_person, at));
        any_person.class_claimed = unproven.class_claimed;
        prop_assert_eq!(unproven, any_person);
    }

    #[test]
    fn every_requested_field_has_one_disposition_with_a_reason(request in any_request(), at in any_edition()) {
        let decision = decide(&request, at);
        let asked: Vec<Field> = request.fields().into_iter().map(|(field, _)| field).collect();
        let answered: Vec<Field> = decision.dispositions.iter().map(|disposition| disposition.field).collect();
        prop_assert_eq!(asked, answered);
        for disposition in &decision.dispositions {
            prop_assert!(disposition.because.iter().all(|reason| !reason.says.is_empty()));
            prop_assert!(!disposition.because.is_empty());
            prop_assert!(disposition.form.fits(disposition.field));
        }
        let released = decision.released().count();
        prop_assert_eq!(released == 0, matches!(decision.outcome, Outcome::Refused | Outcome::NoRecords | Outcome::Referred));
    }

    #[test]
    fn a_stored_decision_is_recomputed_byte_for_byte(request in any_request(), at in any_edition()) {
        let decision = decide(&request, at);
        let stored = serde_json::to_string(&decision).unwrap();
        let read: Decision = serde_json::from_str(&stored).unwrap();
        let pin = &read.editions[0];
        let edition = LAWBOOK.laws[&read.jurisdiction].edition(&pin.edition).unwrap();
        prop_assert_eq!(edition.digest(), pin.digest.clone());
        prop_assert_eq!(serde_json::to_string(&decide(&request, (read.jurisdiction, read.as_of))).unwrap(), stored);
    }

    #[test]
    fn a_custodian_may_give_less_and_never_more(
        request in any_request(),
        at in any_edition(),
        fields in prop::sample::subsequence(Field::ALL, 0..10),
    ) {
        let withhold: BTreeMap<Field, String> =
            fields.into_iter().map(|field| (field, "a court hearing is pending".to_owned())).collect();
        let choice = Choice { withhold, ..Choice::default() };
        match LAWBOOK.decide(&request, at.0, at.1, &choice) {
            Ok(less) => prop_assert!(releases_no_more(&less, &decide(&request, at))),
            Err(error) => prop_assert!(matches!(error, DecideError::Guaranteed { .. }), "{error}"),
        }
    }
}
