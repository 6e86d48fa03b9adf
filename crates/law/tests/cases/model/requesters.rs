//! Who asks, for what, and on what promise: the three together decide.

use law::Outcome;
use terms::Field::{Age, DateOfBirth, LastName, Phone, Precinct, ResidentialAddress, SsnLast4, VoterHistory};
use terms::{Custody, Need, Promise, Purpose, RequesterClass};

use super::{ask, duties, missing, reason};
use crate::Failure;

/// "Full name, district and precinct, and voter status are public; anyone may have that list for any purpose" (HRS
/// § 11-97(a)); "residence and mailing addresses are given by the county clerk for an election purpose" (HAR
/// § 3-177-160(c), (e)); the rest is "given for government purposes only" (HAR § 3-177-160(c), (d)).
#[test]
fn hawaii_opens_in_three_tiers() -> Result<(), Failure> {
    let clerk = || ask("HI", "2026-06-01").at(Custody::County);
    let public = clerk().gives(&[
        (LastName, "full: opens hi-2020/public-list"),
        (Precinct, "full: opens hi-2020/public-list"),
        (ResidentialAddress, "withheld: other_purpose hi-2020/election-use"),
        (Phone, "withheld: closes hi-2020/not-for-election-use"),
        (DateOfBirth, "withheld: closes hi-2020/not-for-election-use"),
    ])?;
    assert_eq!(duties(&public), []);
    let election = clerk().stating(Purpose::Election).gives(&[
        (ResidentialAddress, "full: opens hi-2020/election-use"),
        (Phone, "withheld: closes hi-2020/not-for-election-use"),
        (DateOfBirth, "withheld: closes hi-2020/not-for-election-use"),
    ])?;
    assert_eq!(duties(&election), [Promise::NoPublication, Promise::StatedUseOnly]);
    clerk().by(RequesterClass::Government).stating(Purpose::Governmental).gives(&[
        (ResidentialAddress, "full: opens hi-2020/government-use"),
        (Phone, "full: opens hi-2020/government-use"),
        (DateOfBirth, "full: opens hi-2020/government-use"),
    ])?;
    Ok(())
}

/// "Voter information goes to an applicant who states the use in writing", for five purposes, and each asks for a
/// document of its own (Elec. Code § 2194(a)(2)-(3); 2 CCR §§ 19003, 19008). Reproduction for a journalistic purpose is
/// what the section allows.
#[test]
fn california_asks_for_another_document_per_purpose() -> Result<(), Failure> {
    let statement = [Need::SignedForm, Need::Attestation, Need::Fee];
    let with = |document| [Need::SignedForm, Need::Attestation, document, Need::Fee];
    let affiliation = with(Need::AffiliationProof);
    let (letter, credential) = (with(Need::InstitutionLetter), with(Need::PressCredential));
    let purposes: [(Purpose, &str, &[Need], &str); 5] = [
        (Purpose::Election, "for-election", &statement, "states the use and its beneficiary"),
        (Purpose::Governmental, "for-governmental", &statement, "as the Secretary of State determines"),
        (Purpose::Political, "for-political", &affiliation, "shows the political affiliation"),
        (Purpose::Scholarly, "for-scholarly", &letter, "a letter of the institution"),
        (Purpose::Journalistic, "for-journalistic", &credential, "a press pass or other evidence"),
    ];
    for (purpose, route, needs, document) in purposes {
        let clause = format!("ca-2015/{route}");
        let opened = format!("full: opens {clause}");
        let decision = ask("CA", "2017-06-30").stating(purpose).empty_handed().gives(&[(LastName, &opened)])?;
        assert_eq!(missing(&decision), needs, "{purpose}");
        assert!(reason(&decision, LastName, &clause)?.says.contains(document), "{purpose}");
        let may_publish = !duties(&decision).contains(&Promise::NoPublication);
        assert_eq!(may_publish, purpose == Purpose::Journalistic, "{purpose}");
    }
    ask("CA", "2017-06-30")
        .stating(Purpose::Commercial)
        .gives(&[(LastName, "withheld: other_purpose ca-2015/for-election")])?;
    Ok(())
}

/// "A governmental entity may have the statewide file for a governmental purpose, on condition that it does not release
/// it to the public" (10 ILCS 5/1A-25): on this ground the Board refused a federal body in July 2017, which had
/// announced that it would publish.
#[test]
fn illinois_gives_to_government_only_what_it_will_not_publish() -> Result<(), Failure> {
    let commission = || ask("IL", "2017-07-06").by(RequesterClass::FederalCommission).stating(Purpose::Governmental);
    let silent = commission().gives(&[
        (LastName, "full: opens il-2017/government-file"),
        (DateOfBirth, "age: opens il-2017/government-file"),
    ])?;
    assert_eq!(duties(&silent), [Promise::NoPublication, Promise::StatedUseOnly]);
    let publishing = commission().ruling_out(Promise::NoPublication).gives(&[
        (LastName, "withheld: closes il-2017/no-public-list"),
        (Age, "withheld: duty_ruled_out il-2017/government-file"),
    ])?;
    assert_eq!(publishing.outcome, Outcome::Refused);
    let why = reason(&publishing, LastName, "il-2017/government-file")?;
    assert_eq!(why.effect, law::Effect::DutyRuledOut);
    assert!(why.says.contains("not to publish"), "{}", why.says);
    Ok(())
}

/// Lists of registered voters are "furnished to no one else and used for no other purpose" than the law names for each
/// class (Va. Code § 24.2-405): neither the public nor the press nor a federal commission is on the list.
#[test]
fn virginia_knows_a_closed_list_of_requesters_each_with_a_purpose() -> Result<(), Failure> {
    let virginia = || ask("VA", "2017-06-30");
    let outside = [RequesterClass::AnyPerson, RequesterClass::Journalist, RequesterClass::FederalCommission];
    for class in outside {
        let answer = virginia().by(class).stating(Purpose::Governmental);
        let decision = answer.gives(&[(ResidentialAddress, "withheld: other_class va-2017/campaign-list")])?;
        assert_eq!(decision.outcome, Outcome::Refused, "{class}");
    }
    let inside = [
        (RequesterClass::Party, Purpose::Political, "full: opens va-2017/campaign-list"),
        (RequesterClass::Candidate, Purpose::Political, "full: opens va-2017/campaign-list"),
        (RequesterClass::Officeholder, Purpose::ConstituentReporting, "full: opens va-2017/officeholder-list"),
        (RequesterClass::Nonprofit, Purpose::VoterRegistration, "full: opens va-2017/registration-drive-list"),
        (RequesterClass::TaxOfficial, Purpose::TaxAssessment, "full: opens va-2017/tax-list"),
        (RequesterClass::Court, Purpose::Jury, "full: opens va-2017/jury-list"),
        (RequesterClass::Officeholder, Purpose::Political, "withheld: other_purpose va-2017/officeholder-list"),
    ];
    for (class, purpose, answer) in inside {
        virginia().by(class).stating(purpose).gives(&[(ResidentialAddress, answer)])?;
    }
    Ok(())
}

/// The Secretary of State may give "a list from the central voter file to a candidate, a political party or a political
/// committee for election purposes, and to nobody else. It may not be sold or used for another purpose" (N.D.C.C.
/// § 16.1-02-15).
#[test]
fn north_dakota_knows_candidates_parties_and_committees_only() -> Result<(), Failure> {
    let closed = "withheld: other_class nd-2017/central-voter-file";
    for class in [RequesterClass::AnyPerson, RequesterClass::FederalCommission, RequesterClass::Resident] {
        ask("ND", "2017-06-30").by(class).stating(Purpose::Election).gives(&[(LastName, closed)])?;
    }
    for class in [RequesterClass::Candidate, RequesterClass::Party, RequesterClass::PoliticalCommittee] {
        let opened = "full: opens nd-2017/central-voter-file";
        let decision = ask("ND", "2017-06-30").by(class).stating(Purpose::Election).gives(&[(LastName, opened)])?;
        assert_eq!(duties(&decision), [Promise::StatedUseOnly, Promise::NoCommercialUse]);
    }
    let party = ask("ND", "2017-06-30").by(RequesterClass::Party).stating(Purpose::Commercial);
    party.gives(&[(LastName, "withheld: other_purpose nd-2017/central-voter-file")])?;
    Ok(())
}

/// "A registered voter of South Carolina may buy lists of voters at a reasonable price; nobody else may. Commercial
/// solicitation with them is a crime" (S.C. Code §§ 7-3-20(D)(13), 30-2-50). In July 2017 the federal commission was
/// refused, and a party chairman bought the list as a voter.
#[test]
fn south_carolina_sells_to_its_own_registered_voters() -> Result<(), Failure> {
    let closed = "withheld: other_class sc-2017/list-for-voters";
    let others =
        [RequesterClass::AnyPerson, RequesterClass::Citizen, RequesterClass::Party, RequesterClass::FederalCommission];
    for class in others {
        ask("SC", "2017-07-06").by(class).gives(&[(LastName, closed)])?;
    }
    let voter = || ask("SC", "2017-07-06").by(RequesterClass::RegisteredVoter);
    let decision = voter().empty_handed().gives(&[
        (LastName, "full: opens sc-2017/list-for-voters"),
        (SsnLast4, "withheld: closes sc-2017/social-security"),
    ])?;
    assert_eq!(missing(&decision), [Need::SignedForm, Need::ProofOfClass, Need::Fee]);
    voter().stating(Purpose::Solicitation).gives(&[(LastName, "withheld: other_purpose sc-2017/list-for-voters")])?;
    Ok(())
}

/// "Anyone may have, free of charge, the part of the statewide file that leaves out the items that the law reserves"
/// (IC 3-7-26.4-4, 3-7-26.4-8); "the full compilation of the statewide file goes to political parties, certain
/// candidates and officials, and the news media, after an application and the annual fee" (IC 3-7-26.4-6 to
/// 3-7-26.4-11).
#[test]
fn indiana_keeps_one_file_for_anyone_and_one_for_a_closed_list() -> Result<(), Failure> {
    let public = ask("IN", "2017-06-30").empty_handed().gives(&[
        (LastName, "full: opens in-2017/restricted-file"),
        (DateOfBirth, "withheld: closes in-2017/reserved-items"),
        (VoterHistory, "withheld: closes in-2017/reserved-items"),
    ])?;
    assert_eq!(missing(&public), [Need::SignedForm]);
    let seller = ask("IN", "2017-06-30").stating(Purpose::Commercial);
    seller.gives(&[(LastName, "withheld: other_purpose in-2017/restricted-file")])?;
    let press = ask("IN", "2017-06-30").by(RequesterClass::Journalist).stating(Purpose::Journalistic);
    let press = press.empty_handed().gives(&[
        (LastName, "full: opens in-2017/full-compilation"),
        (DateOfBirth, "full: opens in-2017/full-compilation"),
        (VoterHistory, "full: opens in-2017/full-compilation"),
    ])?;
    assert_eq!(missing(&press), [Need::SignedForm, Need::ProofOfClass, Need::Fee]);
    Ok(())
}

/// "A government official may have only the information that is necessary for an official duty imposed by law, once the
/// office has verified who asks and why it is needed" (Utah Code § 20A-2-605): field by field, never for a duty that is
/// not named, and never past federal law.
#[test]
fn utah_gives_an_official_what_a_duty_needs() -> Result<(), Failure> {
    let official = || ask("UT", "2026-06-01").by(RequesterClass::Government).stating(Purpose::OfficialDuty);
    let decision = official().under_duty("Utah Code § 78B-1-106").verified(DateOfBirth).verified(SsnLast4).gives(&[
        (DateOfBirth, "full: opens ut-2026/official-request"),
        (ResidentialAddress, "withheld: necessity_not_shown ut-2026/official-request"),
        (SsnLast4, "withheld: closes us-2024/social-security-digits"),
    ])?;
    assert_eq!(duties(&decision), [Promise::NoOnwardDisclosure, Promise::DataSecurity, Promise::StatedUseOnly]);
    official()
        .verified(ResidentialAddress)
        .gives(&[(ResidentialAddress, "withheld: necessity_not_shown ut-2026/official-request")])?;
    Ok(())
}
