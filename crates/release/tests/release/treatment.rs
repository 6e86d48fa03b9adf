//! Equal treatment, and the same bytes for the same input.

use law::AskCondition;
use proptest::prelude::*;
use release::Format;
use terms::{Date, Field, Purpose, RequesterClass};

use crate::pipeline::{Outputs, Stored, decide, outputs, raw_outputs, request};
use crate::views::{any_view, view};
use crate::world::{fixed_world, world};

/// The letter without its marked address block.
fn without_address(outputs: &Outputs) -> String {
    let letter = String::from_utf8(outputs["letter.html"].clone()).unwrap();
    let (before, rest) = letter.split_once("<!-- address block -->").unwrap();
    let (_, after) = rest.split_once("<!-- end of address block -->").unwrap();
    format!("{before}{after}")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn two_requesters_of_a_class_get_the_same_bytes_but_for_the_address(
        world in world(8),
        view in any_view(),
        name in "[A-Za-z<>&\"' ]{1,30}",
    ) {
        let stored = Stored::new(&world);
        let mut other = view.request.clone();
        other.requester.name = name.clone();
        other.requester.address = vec![name, "Elsewhere".to_owned()];
        let a = outputs(&stored.release(&view.request, &view.decision).unwrap());
        let b = outputs(&stored.release(&other, &decide(&other, view.decision.as_of)).unwrap());
        prop_assert_eq!(without_address(&a), without_address(&b));
        for file in ["extract.csv", "extract.parquet", "withholding-index.csv", "decision.json"] {
            prop_assert!(a.get(file) == b.get(file), "{} differs", file);
        }
    }

    #[test]
    fn a_release_built_again_is_the_same_byte_for_byte_whatever_the_threads(world in world(10), view in any_view()) {
        let stored = Stored::new(&world);
        let once = raw_outputs(&stored.release(&view.request, &view.decision).unwrap());
        let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        for threads in [1, 3] {
            let again = pool(threads).install(|| stored.release(&view.request, &view.decision).unwrap());
            prop_assert!(raw_outputs(&again) == once, "{} threads", threads);
        }
    }
}

#[test]
fn commission_press_and_anybody_get_the_same_extract_in_2017() {
    let stored = Stored::new(&fixed_world(30));
    let fields =
        [Field::FirstName, Field::LastName, Field::DateOfBirth, Field::Party, Field::VoterHistory, Field::SsnLast4];
    let day = Date::constant(2017, 6, 30);
    let extract = |class, purpose, publishes: bool| {
        let mut request = request(&fields, class, purpose);
        request.condition = AskCondition::IfPublic;
        if publishes {
            request.promises.clear();
            request.rules_out = vec![terms::Promise::NoPublication];
        }
        outputs(&stored.release(&request, &decide(&request, day)).unwrap()).remove("extract.csv").unwrap()
    };
    let anybody = extract(RequesterClass::AnyPerson, Purpose::Unstated, false);
    assert_eq!(anybody, extract(RequesterClass::Journalist, Purpose::Journalistic, false));
    assert_eq!(anybody, extract(RequesterClass::FederalCommission, Purpose::Governmental, true));
}

#[test]
fn each_format_alone_is_the_same_as_beside_the_other() {
    let stored = Stored::new(&fixed_world(20));
    let view = view(Date::constant(2017, 6, 30), RequesterClass::AnyPerson, Purpose::Unstated);
    let both = outputs(&stored.release(&view.request, &view.decision).unwrap());
    for format in [Format::Csv, Format::Parquet] {
        let alone = outputs(&stored.release_as(&view.request, &view.decision, &[format]).unwrap());
        assert_eq!(alone[format.file_name()], both[format.file_name()]);
    }
}
