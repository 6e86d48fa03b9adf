//! Federal law beside the law of the states: a floor of inspection, and what it closes everywhere.

use law::{Condition, Effect, Mode};
use terms::Field::{DateOfBirth, DriverLicense, LastName, ResidentialAddress, SsnFull, SsnLast4, StatusCancelled};
use terms::{Form, Ground, Jurisdiction, Purpose, RequesterClass};

use super::{ask, disposition, has_rule, protected, reach};
use crate::{BOOK, Failure};

/// The states that had no registration, or registration on election day, when the act passed (52 U.S.C. § 20503(b)).
const EXEMPT: [&str; 6] = ["ID", "MN", "ND", "NH", "WI", "WY"];

/// "Records of the maintenance of the list are open to public inspection under the National Voter Registration Act" (52
/// U.S.C. § 20507(i)), in every state but six that the act does not bind: where the state's own law gives no copy of
/// canceled status, it may be inspected, with photocopies "where available, at reasonable cost".
#[test]
fn list_maintenance_records_are_open_to_inspection_but_in_six_states() -> Result<(), Failure> {
    for law in BOOK.laws.values().filter(|law| law.code != Jurisdiction::FEDERAL) {
        for (day, floor) in [("2017-06-30", "us-2004"), ("2026-06-01", "us-2024")] {
            let decision = ask(law.code.code(), day).decide(&[StatusCancelled])??;
            let answer = disposition(&decision, StatusCancelled)?;
            let clause = format!("{floor}/list-maintenance-records");
            let by_floor = answer.because.iter().find(|reason| reason.clause.as_ref() == Some(&clause));
            if EXEMPT.contains(&law.code.code()) {
                assert_eq!(by_floor, None, "{} as of {day}", law.code);
                assert!(
                    !answer.otherwise.iter().any(|other| other.mode == Mode::Photocopy),
                    "{} as of {day}",
                    law.code
                );
            } else if !answer.is_released() {
                assert_eq!(by_floor.map(|reason| reason.effect), Some(Effect::NoCopy), "{} as of {day}", law.code);
                assert!(answer.otherwise.iter().any(|other| other.mode == Mode::Photocopy), "{} as of {day}", law.code);
            }
        }
    }
    Ok(())
}

/// "Federal law closes personal information that comes from a motor-vehicle record; the same value is free where the voter
/// gave it" (18 U.S.C. §§ 2721(a)-(c), 2725): of each record the fields that the protection list names, and none by
/// default. The number of the license is closed wherever it came from.
#[test]
fn federal_law_closes_what_came_from_a_motor_vehicle_record() -> Result<(), Failure> {
    let anyone = ask("OH", "2017-06-30").decide(&[LastName, ResidentialAddress, DateOfBirth, DriverLicense])??;
    let (records, fields, cap) = reach(&anyone, "us-2004/motor-vehicle-record")?;
    assert_eq!(records, Condition { only_marked: true, ..protected(&[Ground::MotorVehicleRecord]) });
    assert_eq!((fields, cap), (Some(vec![LastName, ResidentialAddress]), Form::Withheld));
    assert!(records.in_words().ends_with("motor-vehicle record, for the items marked"), "{}", records.in_words());
    let license = disposition(&anyone, DriverLicense)?;
    assert!(!license.is_released());
    let agency = ask("UT", "2017-06-30").by(RequesterClass::Government).stating(Purpose::Governmental);
    let agency = agency.decide(&[LastName])??;
    assert!(has_rule(&agency, "us-2004/motor-vehicle-record"), "who comes in by the public's route is the public");
    let officer = ask("UT", "2026-06-01").by(RequesterClass::ElectionOfficer).stating(Purpose::ListMaintenance);
    assert!(!has_rule(&officer.decide(&[LastName])??, "us-2024/motor-vehicle-record"));
    Ok(())
}

/// State law lets the list for a jury carry Social Security numbers (Va. Code § 24.2-405(C)); "federal law makes Social
/// Security numbers confidential" (42 U.S.C. § 405(c)(2)(C)(viii)), and a withholding beats every route.
#[test]
fn federal_law_closes_a_number_that_virginia_opens() -> Result<(), Failure> {
    ask("VA", "2017-06-30").by(RequesterClass::Court).stating(Purpose::Jury).gives(&[
        (SsnFull, "withheld: closes us-2004/social-security-number"),
        (SsnLast4, "withheld: closes us-2004/social-security-digits"),
    ])?;
    Ok(())
}
