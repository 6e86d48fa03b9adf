//! Records that open on a date, and a list that is frozen.

use law::{AgeDay, Condition};
use terms::Field::{Age, LastName};
use terms::{Form, Ground, Need, Promise, Purpose, RequesterClass};

use super::{ask, duties, editions, has_rule, missing, protected, reach};
use crate::Failure;

/// The grounds on which a record was withheld until 2026.
const WITHHELD: [Ground; 6] = [
    Ground::DomesticViolence,
    Ground::LawEnforcement,
    Ground::ArmedForces,
    Ground::PublicFigure,
    Ground::ProtectiveOrder,
    Ground::HouseholdMember,
];

/// Records formerly private or withheld become public on 2026-05-25 (Utah Code § 20A-2-602), but "no information from
/// the record of an at-risk voter is disclosed" (§§ 20A-2-601(3), 20A-2-606).
#[test]
fn utah_opens_withheld_records_on_25_may_2026_unless_the_voter_is_at_risk() -> Result<(), Failure> {
    let the_day_before = ask("UT", "2026-05-24").stating(Purpose::Political);
    let before = the_day_before.gives(&[(LastName, "full: opens ut-2023/public-list")])?;
    assert_eq!(reach(&before, "ut-2023/withheld-record")?, (protected(&WITHHELD), None, Form::Withheld));
    let private = (protected(&[Ground::PrivateByRequest]), None, Form::Withheld);
    assert_eq!(reach(&before, "ut-2023/private-record")?, private);

    let on_the_day = ask("UT", "2026-05-25").stating(Purpose::Political);
    let after = on_the_day.gives(&[(LastName, "full: opens ut-2026/general-request")])?;
    assert_eq!(reach(&after, "ut-2026/at-risk")?, (protected(&[Ground::AtRisk]), None, Form::Withheld));
    let reaches_made_private = |rule: &law::RecordRule| rule.records.protection.contains(&Ground::PrivateByRequest);
    assert!(!after.record_rules.iter().any(reaches_made_private));
    for rule in
        after.record_rules.iter().filter(|rule| rule.records.protection.iter().any(|ground| WITHHELD.contains(ground)))
    {
        assert_eq!(rule.records.protected_before, Some("2020-05-12".parse()?), "{}", rule.clause);
    }
    Ok(())
}

/// "The whole record of a person who registered before turning 18 is private until that birthday" (Utah Code
/// § 20A-2-101.1, Laws of Utah 2015 ch. 130).
#[test]
fn utah_keeps_the_record_of_a_minor_until_the_eighteenth_birthday() -> Result<(), Failure> {
    let decision = ask("UT", "2017-06-30").gives(&[(LastName, "full: opens ut-2014/public-list")])?;
    let minors = Condition { under_age: Some(18), ..Condition::default() };
    assert_eq!(reach(&decision, "ut-2014/preregistered-minor")?, (minors, None, Form::Withheld));
    Ok(())
}

/// "The record of a preregistrant is confidential until the next election by which the person will be 18, or 1 January of
/// the year in which the person may vote in a primary" (C.R.S. § 1-2-227(2)): a day that is computed.
#[test]
fn colorado_opens_a_preregistrant_on_a_computed_day() -> Result<(), Failure> {
    for (day, edition) in [("2017-06-30", "co-2013"), ("2026-06-01", "co-2019")] {
        let decision = ask("CO", day).decide(&[LastName])??;
        let by_the_election =
            Condition { under_age: Some(18), under_age_on: AgeDay::GeneralElection, ..Condition::default() };
        let rule = format!("{edition}/preregistrant-minor");
        assert_eq!(reach(&decision, &rule)?, (by_the_election, None, Form::Withheld));
    }
    // Turning 18 between the day of the list and the election: open from 1 January of that year, and not before.
    let day = |list: &str| Ok::<_, Failure>(AgeDay::GeneralElection.for_list(list.parse()?));
    assert_eq!(day("2025-12-31")?, "2025-12-31".parse()?);
    assert_eq!(day("2026-01-01")?, "2026-11-03".parse()?);
    assert_eq!(day("2026-11-03")?, "2026-11-03".parse()?);
    assert_eq!(day("2026-11-04")?, "2026-11-04".parse()?);
    Ok(())
}

/// "From March 9 to May 24, 2026 whoever asks gets the list as it stood on March 8, 2026, in the form of that day"
/// (Utah Code § 20A-2-607(2)).
#[test]
fn utah_freezes_the_list_from_9_march_to_24_may_2026() -> Result<(), Failure> {
    let last_day = ask("UT", "2026-03-08").stating(Purpose::Political);
    let before = last_day.gives(&[(LastName, "full: opens ut-2023/public-list")])?;
    assert_eq!(before.list_not_after, None);
    assert_eq!(editions(&before), ["ut-2023", "us-2024"]);
    let days = [("2026-03-09", "ut-2026-freeze"), ("2026-05-24", "ut-2026-freeze-part-6")];
    for (day, edition) in days {
        let frozen = ask("UT", day).stating(Purpose::Political).gives(&[
            (LastName, "full: opens ut-2023/public-list"),
            (Age, "withheld: under_review ut-2023/age-range"),
        ])?;
        assert_eq!(editions(&frozen), [edition, "ut-2023", "us-2024"], "{day}");
        let limit = frozen.list_not_after.ok_or("no limit on the list")?;
        assert_eq!(limit.day, "2026-03-08".parse()?);
        assert_eq!(limit.cite, "Utah Code §§ 20A-2-603, 20A-2-607(2)-(4)");
    }
    let thaw = ask("UT", "2026-05-25").stating(Purpose::Political).gives(&[
        (LastName, "full: opens ut-2026/general-request"),
        (Age, "age_range: opens ut-2026/general-request"),
    ])?;
    assert_eq!(thaw.list_not_after, None);
    assert_eq!(editions(&thaw), ["ut-2026", "us-2024"]);
    Ok(())
}

/// In the form "entitled to on that day": a party keeps the private records that the law of 8 March 2026 gave it, and
/// the public does not get them.
#[test]
fn utah_gives_a_party_in_the_freeze_what_it_had_before() -> Result<(), Failure> {
    let public = ask("UT", "2026-04-01").stating(Purpose::Political);
    let public = public.gives(&[(LastName, "full: opens ut-2023/public-list")])?;
    assert!(has_rule(&public, "ut-2023/private-record"));
    let party = ask("UT", "2026-04-01").by(RequesterClass::Party).stating(Purpose::Political);
    let party = party.gives(&[(LastName, "full: opens ut-2023/party-list")])?;
    assert!(!has_rule(&party, "ut-2023/private-record"));
    Ok(())
}

/// Meanwhile a list may be used for a political purpose or one that the law expressly permits, and may not be posted on
/// the internet (Utah Code § 20A-2-607(3), (4)).
#[test]
fn utah_limits_the_use_of_a_frozen_list() -> Result<(), Failure> {
    ask("UT", "2026-03-08").gives(&[(LastName, "full: opens ut-2023/public-list")])?;
    ask("UT", "2026-03-09").gives(&[(LastName, "withheld: other_purpose ut-2023/public-list")])?;
    let political = ask("UT", "2026-03-09").stating(Purpose::Political);
    let political = political.gives(&[(LastName, "full: opens ut-2023/public-list")])?;
    assert_eq!(duties(&political), [Promise::NoPublication, Promise::StatedUseOnly]);
    let publisher = ask("UT", "2026-03-09").stating(Purpose::Political).ruling_out(Promise::NoPublication);
    publisher.gives(&[(LastName, "withheld: duty_ruled_out ut-2023/public-list")])?;
    Ok(())
}

/// A list of the freeze goes out on a signed form with a statement of use (Utah Code §§ 20A-2-603, 20A-2-607(2)-(4)),
/// which the list of the day before did not ask for.
#[test]
fn utah_asks_for_form_and_statement_in_the_freeze() -> Result<(), Failure> {
    let list = "full: opens ut-2023/public-list";
    let before = ask("UT", "2026-03-08").stating(Purpose::Political).empty_handed().gives(&[(LastName, list)])?;
    assert_eq!(missing(&before), [Need::WrittenRequest, Need::Fee]);
    let frozen = ask("UT", "2026-03-09").stating(Purpose::Political).empty_handed().gives(&[(LastName, list)])?;
    assert_eq!(missing(&frozen), [Need::WrittenRequest, Need::Fee, Need::SignedForm, Need::Attestation]);
    Ok(())
}

/// "The limits of Part 6 do not bind a release to an election officer" (Utah Code § 20A-2-607(1)), and "a government
/// official may have only the information that is necessary for an official duty" (§ 20A-2-605), both from 2026-03-18:
/// within the freeze, and from the list as it stands.
#[test]
fn utah_answers_officials_beside_the_freeze_from_18_march_2026() -> Result<(), Failure> {
    let officer = |day| ask("UT", day).by(RequesterClass::ElectionOfficer).stating(Purpose::ListMaintenance);
    officer("2026-03-17").gives(&[(LastName, "withheld: other_purpose ut-2023/official-list")])?;
    let opened = "full: opens ut-2026-freeze-part-6/outside-election-officer";
    let decision = officer("2026-03-18").gives(&[(LastName, opened)])?;
    assert_eq!(decision.list_not_after, None);
    assert!(!has_rule(&decision, "ut-2026-freeze-part-6/at-risk-designated"));

    let official = || ask("UT", "2026-03-18").by(RequesterClass::Government).stating(Purpose::OfficialDuty);
    official().under_duty("Utah Code § 26B-8-114").verified(LastName).gives(&[
        (LastName, "full: opens ut-2026-freeze-part-6/official-request"),
        (Age, "withheld: necessity_not_shown ut-2026-freeze-part-6/official-request"),
    ])?;
    Ok(())
}
