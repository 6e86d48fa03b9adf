//! The office that is asked decides the answer.

use law::{DecideError, Outcome};
use terms::Field::{DateOfBirth, Gender, LastName, Precinct, ResidentialAddress, StatusCancelled};
use terms::{Custody, Purpose, RequesterClass};

use super::{ask, reason};
use crate::Failure;

/// The list on the Secretary of State's computer is open "to anyone who applies and pays" (Ala. Code § 17-4-38); "a
/// county board of registrars or judge of probate may give others than parties only names and precincts", and a party
/// "everything but Social Security numbers" (AGO 2005-185).
#[test]
fn alabama_answers_otherwise_at_the_county_than_at_the_state() -> Result<(), Failure> {
    ask("AL", "2017-06-30").gives(&[
        (LastName, "full: opens al-2017/state-list"),
        (Precinct, "full: opens al-2017/state-precinct"),
        (DateOfBirth, "full: opens al-2017/state-list-columns"),
    ])?;
    ask("AL", "2017-06-30").at(Custody::County).gives(&[
        (LastName, "full: opens al-2017/county-names"),
        (Precinct, "full: opens al-2017/county-names"),
        (DateOfBirth, "withheld: closes al-2017/county-limit"),
    ])?;
    ask("AL", "2017-06-30")
        .by(RequesterClass::Party)
        .at(Custody::County)
        .gives(&[(LastName, "full: opens al-2017/county-party"), (DateOfBirth, "full: opens al-2017/county-party")])?;
    Ok(())
}

/// "Whether this information is given for an election purpose is decided by the clerk of the county in which the voter
/// lives" (HAR § 3-177-160(c), (e)): the state office refers to the clerk, and the clerk may keep to the addresses, for "at
/// a minimum, unless otherwise prohibited by law, the residence address and mailing address will be provided".
#[test]
fn hawaii_leaves_the_answer_to_the_county_clerk() -> Result<(), Failure> {
    let state = ask("HI", "2026-06-01").stating(Purpose::Election).gives(&[
        (LastName, "full: opens hi-2020/public-list"),
        (ResidentialAddress, "withheld: closes hi-2020/clerk-decides"),
        (Gender, "withheld: closes hi-2020/clerk-decides"),
    ])?;
    let why = &reason(&state, ResidentialAddress, "hi-2020/clerk-decides")?.says;
    assert!(why.ends_with("please ask the county clerk."), "{why}");
    let clerk = || ask("HI", "2026-06-01").stating(Purpose::Election).at(Custody::County);
    clerk().gives(&[
        (ResidentialAddress, "full: opens hi-2020/election-use"),
        (Gender, "full: opens hi-2020/election-use-other"),
    ])?;
    let refusal = clerk().withholding(ResidentialAddress, "The clerk gives none.").decide(&[ResidentialAddress])?;
    let clause = "hi-2020/election-use".to_owned();
    assert_eq!(refusal.err(), Some(DecideError::Guaranteed { field: ResidentialAddress, clause }));
    clerk().withholding(Gender, "The clerk gives the two addresses.").gives(&[
        (ResidentialAddress, "full: opens hi-2020/election-use"),
        (Gender, "withheld: custodian_withholds"),
    ])?;
    Ok(())
}

/// "Requests for records of the statewide database are filled by the Secretary of State; a county auditor passes the
/// requester on" (RCW 29A.08.105(3)), since the acts of 2023; lists of removed voters stay open at the county (RCW
/// 29A.08.770).
#[test]
fn washington_fills_requests_at_the_state_since_2023() -> Result<(), Failure> {
    let county = |day| ask("WA", day).at(Custody::County);
    county("2023-07-22").gives(&[(LastName, "full: opens wa-2017/public-list")])?;
    let decision = county("2023-07-23").gives(&[(LastName, "withheld: not_held wa-2023/state-fills-requests")])?;
    assert_eq!(decision.outcome, Outcome::Referred);
    let why = &reason(&decision, LastName, "wa-2023/state-fills-requests")?.says;
    assert!(why.contains("filled by the Secretary of State"), "{why}");
    let removed = county("2023-07-23").gives(&[
        (LastName, "withheld: not_held wa-2023/state-fills-requests"),
        (StatusCancelled, "full: opens wa-2023/removed-voters"),
    ])?;
    assert_eq!(removed.outcome, Outcome::InPart);
    ask("WA", "2023-07-23").gives(&[(LastName, "full: opens wa-2023/public-list")])?;
    Ok(())
}
