//! A court or a policy changes the answer, and the statute reads as before.

use law::{Effect, Mode, Otherwise};
use terms::Field::{Age, DateOfBirth, LastName, Phone, ResidentialAddress};
use terms::{Basis, Form, Promise, Purpose, RequesterClass};

use super::{ask, basis, disposition, duties, otherwise, reason};
use crate::Failure;

/// "A federal court holds that the list goes to any person who asks under the National Voter Registration Act; the
/// limit to registered voters of Maryland does not apply" (Judicial Watch v. Lamone, D. Md. Aug. 8, 2019).
#[test]
fn a_court_opened_the_list_of_maryland_to_anyone_in_2019() -> Result<(), Failure> {
    let anyone = |day| ask("MD", day).stating(Purpose::Election);
    anyone("2019-08-07").gives(&[(LastName, "withheld: other_class md-2017/voters-list")])?;
    let decision = anyone("2019-08-08").gives(&[(LastName, "full: opens md-2019/nvra-list")])?;
    assert_eq!(basis(&decision, LastName, "md-2019/nvra-list")?, Some(Basis::Court));
    let commerce = ask("MD", "2019-08-08").stating(Purpose::Commercial);
    commerce.gives(&[(LastName, "withheld: other_purpose md-2019/nvra-list")])?;
    Ok(())
}

/// "Birth dates are disclosed on a request under the National Voter Registration Act, since no Maryland statute
/// protects them" (Judicial Watch v. Lamone, 455 F. Supp. 3d 209, D. Md. 2020); the standard list still has no such
/// column.
#[test]
fn a_court_opened_the_birth_date_of_maryland_in_2020() -> Result<(), Failure> {
    let reviewer = |day| ask("MD", day).stating(Purpose::ListMaintenanceOversight);
    reviewer("2020-04-16").gives(&[(DateOfBirth, "withheld: closes md-2019/birth-date-declined")])?;
    let decision = reviewer("2020-04-17").gives(&[(DateOfBirth, "full: opens md-2020/nvra-birth-date")])?;
    assert_eq!(basis(&decision, DateOfBirth, "md-2020/nvra-birth-date")?, Some(Basis::Court));
    let list = ask("MD", "2020-04-17").stating(Purpose::Election);
    list.gives(&[(DateOfBirth, "withheld: other_purpose md-2020/nvra-birth-date")])?;
    Ok(())
}

/// Before, "anyone may look at the list on a terminal in the office of the Board"; since 8 March 2022 "the Board opens
/// the statewide list to anyone for viewing and copying, with certain items struck out" (Pub. Interest Legal Found. v.
/// Matthews, 589 F. Supp. 3d 932, C.D. Ill. 2022). The statute, 10 ILCS 5/1A-25, reads as before.
#[test]
fn a_court_opened_the_list_of_illinois_in_2022() -> Result<(), Failure> {
    let before = ask("IL", "2022-03-07").gives(&[(LastName, "withheld: closes il-2017/no-public-list")])?;
    assert_eq!(otherwise(&before, LastName)?, [Mode::View]);
    let after = ask("IL", "2022-03-08").gives(&[
        (LastName, "full: opens il-2022/public-list"),
        (ResidentialAddress, "street_without_unit: opens il-2022/public-list"),
        (Phone, "withheld: closes il-2022/phone"),
    ])?;
    assert_eq!(basis(&after, LastName, "il-2022/public-list")?, Some(Basis::Court));
    Ok(())
}

/// "Under the National Voter Registration Act the voter file is a record that any person may have; Maine's limits on
/// its use and publication do not apply" (Pub. Interest Legal Found. v. Bellows, 92 F.4th 36, 1st Cir. 2024).
#[test]
fn federal_law_goes_before_the_statute_of_maine_since_2024() -> Result<(), Failure> {
    let publisher = |day| ask("ME", day).ruling_out(Promise::NoPublication).ruling_out(Promise::StatedUseOnly);
    publisher("2024-02-01").gives(&[(LastName, "withheld: closes me-2022/system-confidential")])?;
    let reviewer = || ask("ME", "2024-02-01").stating(Purpose::ListMaintenanceOversight);
    let review = reviewer().gives(&[(LastName, "full: opens me-2022/list-maintenance-review")])?;
    assert!(duties(&review).contains(&Promise::NoPublication));
    let publishing_reviewer = reviewer().ruling_out(Promise::NoPublication);
    let refused = publishing_reviewer.gives(&[(LastName, "withheld: closes me-2022/system-confidential")])?;
    let why = reason(&refused, LastName, "me-2022/list-maintenance-review")?;
    assert_eq!(why.effect, Effect::DutyRuledOut);

    let decision = publisher("2024-02-02").gives(&[(LastName, "full: opens me-2024/nvra-request")])?;
    assert_eq!(duties(&decision), []);
    assert_eq!(basis(&decision, LastName, "me-2024/nvra-request")?, Some(Basis::Court));
    Ok(())
}

/// "Anyone may buy the registry" until mid-July 2017; "since July 2017 the registry goes to political parties and
/// candidates": a policy of the Election Commissioner, no statute.
#[test]
fn a_policy_of_july_2017_closed_the_registry_of_delaware() -> Result<(), Failure> {
    let before = ask("DE", "2017-07-14")
        .gives(&[(LastName, "full: opens de-2017/registry"), (Age, "full: opens de-2017/registry")])?;
    assert_eq!(basis(&before, LastName, "de-2017/registry")?, Some(Basis::AgencyPolicy));
    let parties_only = "de-2017-policy/parties-candidates";
    let after = ask("DE", "2017-07-15").gives(&[(Age, "withheld: other_class de-2017-policy/parties-candidates")])?;
    assert_eq!(basis(&after, Age, parties_only)?, Some(Basis::AgencyPolicy));
    let candidate = ask("DE", "2017-07-15").by(RequesterClass::Candidate).stating(Purpose::Political);
    candidate.gives(&[
        (LastName, "full: opens de-2017-policy/parties-candidates"),
        (Age, "full: opens de-2017-policy/parties-candidates"),
    ])?;
    Ok(())
}

/// "A state court has temporarily barred the release of the state's voter data to the federal commission" (353rd
/// District Court, Travis County, order of 3 October 2017): to that one requester, and to nobody else.
#[test]
fn an_order_of_october_2017_barred_texas_from_giving_to_the_commission() -> Result<(), Failure> {
    let commission = |day| ask("TX", day).by(RequesterClass::FederalCommission).stating(Purpose::Governmental);
    commission("2017-10-02").gives(&[(LastName, "full: opens tx-2017-09/state-list")])?;
    let barred = commission("2017-10-03").gives(&[(LastName, "withheld: closes tx-2017-order/court-order")])?;
    assert_eq!(basis(&barred, LastName, "tx-2017-order/court-order")?, Some(Basis::Court));
    ask("TX", "2017-10-03").gives(&[(LastName, "full: opens tx-2017-order/state-list")])?;
    let other_federal = ask("TX", "2017-10-03").by(RequesterClass::GovernmentFederal);
    other_federal.gives(&[(LastName, "full: opens tx-2017-order/state-list")])?;
    Ok(())
}

/// Section 17-6-5 still says that lists go to party chairs and candidates "and to no one else"; a federal court struck
/// down the exclusion of the public in 1986 (Providence Journal v. Farmer), and "any person may have lists".
#[test]
fn a_court_struck_the_closed_list_of_rhode_island_from_the_statute() -> Result<(), Failure> {
    let decision = ask("RI", "2017-06-30").gives(&[(LastName, "full: opens ri-2017/public-register")])?;
    let why = reason(&decision, LastName, "ri-2017/public-register")?;
    let cite = why.authority.as_ref().map(|authority| authority.cite.as_str()).unwrap_or_default();
    assert!(cite.contains("Providence Journal v. Farmer (D.R.I. 1986)"), "{cite}");
    Ok(())
}

/// "Since July 2017 the office gives the year of birth only in the database that it supplies": a change of practice,
/// not of statute.
#[test]
fn a_practice_of_july_2017_cut_the_birth_date_of_rhode_island_to_the_year() -> Result<(), Failure> {
    ask("RI", "2017-06-30").gives(&[(DateOfBirth, "full: opens ri-2017/birth-date")])?;
    let after = ask("RI", "2017-07-01").gives(&[(DateOfBirth, "year: opens ri-2017-july/birth-year")])?;
    let terminal = Otherwise { mode: Mode::Inspect, form: Form::Full };
    assert_eq!(disposition(&after, DateOfBirth)?.otherwise, [terminal]);
    assert!(after.explain_law().contains("  Open in full to inspection at the office.\n"));
    assert_eq!(basis(&after, DateOfBirth, "ri-2017-july/birth-year")?, Some(Basis::AgencyPolicy));
    Ok(())
}
