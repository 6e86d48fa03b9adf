//! Readings that are not settled: closed until an officer confirms them, and the answer says why.

use law::{DecideError, Effect};
use terms::Field::{Email, LastName, RegistrationDate};
use terms::Purpose;

use super::{ask, reason, rule};
use crate::Failure;

/// The layout of Alaska's file has a column for the registration date; "known from the file's layout only; no rule was
/// read" (AS § 15.07.127).
#[test]
fn a_route_under_review_opens_once_an_officer_confirms_it() -> Result<(), Failure> {
    let closed =
        ask("AK", "2017-06-30").gives(&[(RegistrationDate, "withheld: under_review ak-2017/columns-in-file")])?;
    let why = &reason(&closed, RegistrationDate, "ak-2017/columns-in-file")?.says;
    assert!(why.ends_with("stays closed until it is: known from the file's layout only; no rule was read."), "{why}");
    ask("AK", "2017-06-30")
        .confirming("ak-2017/columns-in-file")
        .gives(&[(RegistrationDate, "full: opens ak-2017/columns-in-file")])?;
    Ok(())
}

/// Utah's e-mail address is "private in the 2020 guide of the State Archives; that it was so before is not established"
/// (Utah Code § 63G-2-302(1)(j)): it stays closed, and the letter says that the reading is not settled.
#[test]
fn a_withholding_under_review_withholds_and_says_so() -> Result<(), Failure> {
    let decision = ask("UT", "2017-06-30").gives(&[(Email, "withheld: closes ut-2014/email-private")])?;
    let why = reason(&decision, Email, "ut-2014/email-private")?;
    assert_eq!(why.effect, Effect::Closes);
    assert!(why.says.contains("The reading is not settled: private in the 2020 guide"), "{}", why.says);
    Ok(())
}

/// An officer confirms what is under review and cannot open anything else by confirming it: neither a settled route nor
/// a withholding.
#[test]
fn nothing_else_opens_by_being_confirmed() -> Result<(), Failure> {
    for clause in ["ut-2014/public-list", "ut-2014/email-private", "ut-2020/age-range"] {
        let decided = ask("UT", "2017-06-30").confirming(clause).decide(&[Email])?;
        assert_eq!(decided.err(), Some(DecideError::NotUnderReview(clause.to_owned())));
    }
    Ok(())
}

/// A rule on records says it too: "a record that was private on a protective basis before May 12, 2020 keeps its
/// protection" (Utah Code §§ 20A-2-602, 20A-2-606), read in part only.
#[test]
fn a_rule_on_records_under_review_says_so() -> Result<(), Failure> {
    let decision = ask("UT", "2026-06-01").stating(Purpose::Political).decide(&[LastName])??;
    let says = &rule(&decision, "ut-2026/carried-over")?.says;
    assert!(says.contains("The reading is not settled: the clause that carries these records over"), "{says}");
    assert!(decision.explain_law().contains(says));
    Ok(())
}
