//! What a letter says beside field and form.

use terms::{Date, Purpose, RequesterClass};

use crate::pipeline::{Stored, outputs};
use crate::views::view;
use crate::world::fixed_world;

fn letter(as_of: Date) -> String {
    let view = view(as_of, RequesterClass::AnyPerson, Purpose::Political);
    let outputs = outputs(&Stored::new(&fixed_world(9)).release(&view.request, &view.decision).unwrap());
    String::from_utf8(outputs["letter.html"].clone()).unwrap()
}

#[test]
fn a_rule_on_records_that_is_not_settled_is_told_as_such() {
    let letter = letter(Date::constant(2026, 6, 1));
    assert!(letter.contains("The reading is not settled: the clause that carries these records over"), "{letter}");
}

#[test]
fn a_fee_that_is_not_settled_is_told_as_such() {
    let letter = letter(Date::constant(2026, 6, 1));
    assert!(
        letter.contains("$1,050 for the statewide list. The figure is not settled: no clause of Part 6"),
        "{letter}"
    );
}

#[test]
fn what_another_mode_shows_is_told_with_its_form() {
    let letter = letter(Date::constant(2017, 6, 30));
    assert!(letter.contains("withheld; open in full to inspection at the office, with photocopies"), "{letter}");
}

#[test]
fn a_mark_by_field_is_told_as_such() {
    let letter = letter(Date::constant(2017, 6, 30));
    assert!(letter.contains("data taken from a motor-vehicle record, for the items marked: "), "{letter}");
}
