//! Rules on records: what they do, to which records, for how long, and how far they reach; and what a voter may choose.

use law::{Condition, Outcome};
use terms::Field::{DateOfBirth, FirstName, LastName, MailingAddress, Phone, Precinct, ResidentialAddress};
use terms::{Custody, Form, Ground, Purpose, RequesterClass};

use super::{ask, has_rule, protected, reach, rule};
use crate::Failure;

/// "Neither the name nor the address of a participant in the address confidentiality program stands in any list of
/// registered voters that is open to the public" (KRS 14.312(2), (4)): the whole row goes, at the county clerk too.
#[test]
fn kentucky_drops_the_row_of_a_program_participant() -> Result<(), Failure> {
    let decision = ask("KY", "2017-06-30").by(RequesterClass::Citizen).at(Custody::County).gives(&[
        (LastName, "full: opens ky-2016/clerk-records"),
        (ResidentialAddress, "full: opens ky-2016/clerk-records"),
    ])?;
    let whole_row = (protected(&[Ground::AddressConfidentiality]), None, Form::Withheld);
    assert_eq!(reach(&decision, "ky-2016/address-program")?, whole_row);
    assert_eq!(decision.outcome, Outcome::InPart);
    Ok(())
}

/// "Nothing about a participant in the address confidentiality program is in the list" (Fla. Stat. §§ 741.401-741.465),
/// while "addresses, birth date and telephone number of a person in a listed occupation, or of that family, who asked
/// for the exemption are left blank" (Fla. Stat. §§ 119.071(4)(d), 97.0585).
#[test]
fn florida_drops_one_row_and_blanks_fields_of_another() -> Result<(), Failure> {
    let decision = ask("FL", "2017-06-30").gives(&[
        (LastName, "full: opens fl-2017/monthly-extract"),
        (ResidentialAddress, "full: opens fl-2017/monthly-extract"),
        (MailingAddress, "full: opens fl-2017/monthly-extract"),
        (DateOfBirth, "full: opens fl-2017/monthly-extract"),
        (Phone, "full: opens fl-2017/monthly-extract"),
    ])?;
    let whole_row = (protected(&[Ground::AddressConfidentiality]), None, Form::Withheld);
    assert_eq!(reach(&decision, "fl-2017/address-confidentiality")?, whole_row);
    let (records, fields, cap) = reach(&decision, "fl-2017/exempt-person")?;
    assert_eq!(fields, Some(vec![ResidentialAddress, MailingAddress, DateOfBirth, Phone]));
    assert_eq!(cap, Form::Withheld);
    for ground in [Ground::LawEnforcement, Ground::Judge, Ground::Occupation, Ground::HouseholdMember] {
        assert!(records.protection.contains(&ground), "{ground}");
    }
    Ok(())
}

/// "A participant in the address confidentiality program is listed by name only, without street and house number"
/// (Conn. Gen. Stat. § 54-240g); "a law enforcement agency that asks for it gets the address".
#[test]
fn connecticut_keeps_the_name_of_a_program_participant() -> Result<(), Failure> {
    let registry = "full: opens ct-2017/registry";
    let decision = ask("CT", "2017-06-30").gives(&[
        (FirstName, registry),
        (LastName, registry),
        (ResidentialAddress, registry),
    ])?;
    let address_only = (protected(&[Ground::AddressConfidentiality]), Some(vec![ResidentialAddress]), Form::Withheld);
    assert_eq!(reach(&decision, "ct-2017/address-program")?, address_only);
    let police = ask("CT", "2017-06-30").by(RequesterClass::LawEnforcement);
    let police = police.gives(&[(ResidentialAddress, "full: opens ct-2017/program-law-enforcement")])?;
    assert!(!has_rule(&police, "ct-2017/address-program"));
    Ok(())
}

/// "The residence of an elector under a family violence or stalking protective order, or living in a shelter, is closed
/// for four years from the request, which may be renewed" (O.C.G.A. § 21-2-225.1).
#[test]
fn georgia_closes_a_residence_for_four_years() -> Result<(), Failure> {
    let list = "full: opens ga-2017/public-list";
    let decision = ask("GA", "2017-06-30").gives(&[(LastName, list), (ResidentialAddress, list)])?;
    let grounds = protected(&[Ground::DomesticViolence, Ground::ProtectiveOrder]);
    let for_four_years = Condition { lapses_after_years: Some(4), ..grounds };
    let expected = (for_four_years, Some(vec![ResidentialAddress]), Form::Withheld);
    assert_eq!(reach(&decision, "ga-2017/family-violence")?, expected);
    let words = rule(&decision, "ga-2017/family-violence")?.records.in_words();
    assert!(words.ends_with(", for 4 years"), "{words}");
    Ok(())
}

/// "By order of the presiding judge the registration of a protected person, and of everyone registered at the same
/// residence, is closed to the public", the precinct number with it (A.R.S. § 16-153).
#[test]
fn arizona_closes_the_household_with_the_protected_person() -> Result<(), Failure> {
    let register = "full: opens az-2017/register";
    let request = ask("AZ", "2017-06-30").stating(Purpose::Election).confirming("az-2017/columns-in-file");
    let decision = request.gives(&[
        (LastName, register),
        (ResidentialAddress, register),
        (MailingAddress, register),
        (Phone, register),
        (Precinct, "full: opens az-2017/columns-in-file"),
    ])?;
    let (records, fields, cap) = reach(&decision, "az-2017/court-order-household")?;
    assert!(records.protection.contains(&Ground::ProtectiveOrder));
    assert!(records.protection.contains(&Ground::HouseholdMember));
    assert_eq!(fields, Some(vec![ResidentialAddress, MailingAddress, Phone, Precinct]));
    assert_eq!(cap, Form::Withheld);
    Ok(())
}

/// "Whatever a voter marked private on the application is left off the list" (Neb. Rev. Stat. § 32-330(3)(a)), item by
/// item, and so are data that came from a list-maintenance exchange (§ 32-329(6)(a)).
#[test]
fn nebraska_leaves_off_the_items_that_a_voter_marked() -> Result<(), Failure> {
    let list = "full: opens ne-2025/voter-list";
    let request = ask("NE", "2026-06-01").stating(Purpose::Political);
    let decision = request.gives(&[(LastName, list), (Precinct, list), (Phone, list)])?;
    let grounds =
        [("ne-2025/items-marked-private", Ground::ItemMarkedPrivate), ("ne-2025/exchange-data", Ground::PartnerData)];
    for (clause, ground) in grounds {
        let marked = Condition { only_marked: true, ..protected(&[ground]) };
        let reached = (marked, Some(vec![LastName, Precinct, Phone]), Form::Withheld);
        assert_eq!(reach(&decision, clause)?, reached);
        let words = rule(&decision, clause)?.records.in_words();
        assert!(words.ends_with(", for the items marked"), "{words}");
    }
    Ok(())
}

/// "Confidential registration shall retain its confidential status for two election cycles, after which time the person
/// must reapply" (HAR § 3-177-159(f)): it ends, two whole cycles after the one in which it began.
#[test]
fn hawaii_closes_a_residence_for_two_election_cycles() -> Result<(), Failure> {
    let request = ask("HI", "2026-06-01").stating(Purpose::Election).at(Custody::County);
    let decision = request.gives(&[(ResidentialAddress, "full: opens hi-2020/election-use")])?;
    let (records, fields, cap) = reach(&decision, "hi-2020/protected-residence")?;
    assert_eq!(records.lapses_after_cycles, Some(2));
    assert_eq!((fields, cap), (Some(vec![ResidentialAddress]), Form::Substitute));
    assert!(records.in_words().ends_with(", for 2 election cycles"), "{}", records.in_words());
    let says = &rule(&decision, "hi-2020/protected-residence")?.says;
    assert!(says.contains("The reading is not settled: the rule does not say how"), "{says}");
    Ok(())
}

/// "A telephone number that the voter marked private is left off the list" (Neb. Rev. Stat. § 32-330(3)(a)), and
/// nothing else of that voter.
#[test]
fn nebraska_leaves_off_a_telephone_number_marked_private() -> Result<(), Failure> {
    let list = "full: opens ne-2025/voter-list";
    let decision = ask("NE", "2026-06-01").stating(Purpose::Political).gives(&[(LastName, list), (Phone, list)])?;
    let phone_only = (protected(&[Ground::PhoneOptOut]), Some(vec![Phone]), Form::Withheld);
    assert_eq!(reach(&decision, "ne-2025/phone-marked-private")?, phone_only);
    Ok(())
}

/// "The telephone number is withheld where the voter has asked for that", and so is the address, each by itself (NRS
/// 293.558).
#[test]
fn nevada_withholds_telephone_and_address_each_at_the_voters_wish() -> Result<(), Failure> {
    let decision = ask("NV", "2017-06-30").gives(&[
        (LastName, "full: opens nv-2017/voter-information"),
        (ResidentialAddress, "full: opens nv-2017/voter-information"),
        (Phone, "full: opens nv-2017/telephone"),
    ])?;
    let phone_only = (protected(&[Ground::PhoneOptOut]), Some(vec![Phone]), Form::Withheld);
    assert_eq!(reach(&decision, "nv-2017/telephone-on-request")?, phone_only);
    let address_only = (protected(&[Ground::PrivateByRequest]), Some(vec![ResidentialAddress]), Form::Withheld);
    assert_eq!(reach(&decision, "nv-2017/address-on-request")?, address_only);
    Ok(())
}

/// "The telephone number stays out where the voter prohibits its release" (NMSA 1978, §§ 1-4-5.5(B), 1-5-14(D)), from a
/// party as from anybody.
#[test]
fn new_mexico_leaves_out_a_telephone_number_that_the_voter_prohibits() -> Result<(), Failure> {
    let phone_only = (protected(&[Ground::PhoneOptOut]), Some(vec![Phone]), Form::Withheld);
    for (class, route) in [(RequesterClass::AnyPerson, "voter-data"), (RequesterClass::Party, "party-file")] {
        let opened = format!("full: opens nm-2015/{route}");
        let request = ask("NM", "2017-06-30").by(class).stating(Purpose::Political);
        let decision = request.gives(&[(LastName, &opened), (Phone, &opened)])?;
        assert_eq!(reach(&decision, "nm-2015/telephone-on-request")?, phone_only, "{class}");
    }
    Ok(())
}

/// "Where a law enforcement officer, or a member of the household of one, has given a Virginia post office box, it is
/// shown in place of the residence", and so for a person in fear of a stalker or of a threat (Va. Code § 24.2-418(B)).
#[test]
fn virginia_shows_a_post_office_box_in_place_of_the_residence() -> Result<(), Failure> {
    let list = "full: opens va-2017/campaign-list";
    let request = ask("VA", "2017-06-30").by(RequesterClass::Party).stating(Purpose::Political);
    let decision = request.gives(&[(LastName, list), (ResidentialAddress, list)])?;
    let officers = protected(&[Ground::LawEnforcement, Ground::HouseholdMember]);
    let persons = protected(&[
        Ground::PrivateByRequest,
        Ground::ProtectiveOrder,
        Ground::SafetyRisk,
        Ground::AddressConfidentiality,
    ]);
    for (clause, records) in [("law-enforcement-address", officers), ("protected-person-address", persons)] {
        let substitute = (records, Some(vec![ResidentialAddress]), Form::Substitute);
        assert_eq!(reach(&decision, &format!("va-2017/{clause}"))?, substitute);
    }
    Ok(())
}

/// "Any voter may make the whole record private, and need give no reason" (Utah Code § 20A-2-104, Laws of Utah 2018
/// chs. 206, 270): from everybody, parties among them.
#[test]
fn utah_let_any_voter_make_the_record_private_in_2018() -> Result<(), Failure> {
    for class in [RequesterClass::AnyPerson, RequesterClass::Party, RequesterClass::Government] {
        let list = "full: opens ut-2018/public-list";
        let decision = ask("UT", "2019-06-01").by(class).stating(Purpose::Political).gives(&[(LastName, list)])?;
        let grounds = protected(&[Ground::PrivateByRequest, Ground::SafetyRisk]);
        assert_eq!(reach(&decision, "ut-2018/private-record")?, (grounds, None, Form::Withheld), "{class}");
    }
    Ok(())
}

/// "A record that the voter has made private is not given to the public", and a party has it for a political purpose
/// (Laws of Utah 2020 ch. 255); but "a record made private before May 12, 2020 stays private as a whole", from parties
/// too (Utah Code § 63G-2-302(1)(k)-(m)).
#[test]
fn utah_showed_parties_the_private_records_of_2020_and_no_older_ones() -> Result<(), Failure> {
    let public = ask("UT", "2021-06-01").gives(&[(LastName, "full: opens ut-2020/public-list")])?;
    let private = (protected(&[Ground::PrivateByRequest]), None, Form::Withheld);
    assert_eq!(reach(&public, "ut-2020/private-record")?, private);
    let party = ask("UT", "2021-06-01").by(RequesterClass::Party).stating(Purpose::Political);
    let party = party.gives(&[(LastName, "full: opens ut-2020/party-list")])?;
    assert!(!has_rule(&party, "ut-2020/private-record"));
    let grounds = protected(&[Ground::PrivateByRequest, Ground::SafetyRisk]);
    let before_2020 = Condition { protected_before: Some("2020-05-12".parse()?), ..grounds };
    assert_eq!(reach(&party, "ut-2020/private-before-2020")?, (before_2020, None, Form::Withheld));
    Ok(())
}
