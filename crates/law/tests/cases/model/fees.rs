//! Fees by size, with a cap, free of charge; and signatures of others in place of a fee.

use law::MissingItem;
use terms::Field::{LastName, Party, VoterHistory};
use terms::{Custody, Need, Purpose, RequesterClass};

use super::{ask, fee, missing};
use crate::Failure;

/// Ceilings by the size of a county's list: $10 to 5,000 names, $25 to 25,000, $50 beyond (Ark. Code § 7-5-109(c)); for
/// the statewide file "the form of the Secretary of State" asks $2.50.
#[test]
fn arkansas_charges_in_three_tiers() -> Result<(), Failure> {
    let request = ask("AR", "2017-06-30").at(Custody::County);
    let decision = request.gives(&[(LastName, "full: opens ar-2017/list")])?;
    let fee = fee(&decision)?;
    let prices = [(1, 1_000), (5_000, 1_000), (5_001, 2_500), (25_000, 2_500), (25_001, 5_000), (300_000, 5_000)];
    for (records, cents) in prices {
        assert_eq!(fee.cents_for(records), Some(cents), "{records} records");
    }
    let words = "at most by size, county list: up to 5,000 records $10; up to 25,000 records $25; $50";
    assert_eq!(fee.in_words(), words);
    let statewide = ask("AR", "2017-06-30").gives(&[(LastName, "full: opens ar-2017/statewide-list")])?;
    assert_eq!(super::fee(&statewide)?.cents_for(300_000), Some(250));
    assert_eq!(super::fee(&statewide)?.in_words(), "$2.50 for the statewide file");
    Ok(())
}

/// "$20 for up to 2,000 names; above that 1 cent a name, at most $5,000", paid in advance (LAC 31:II.105).
#[test]
fn louisiana_charges_a_cent_a_name_up_to_five_thousand_dollars() -> Result<(), Failure> {
    let decision = ask("LA", "2017-06-30").empty_handed().gives(&[(LastName, "full: opens la-2017/list-sale")])?;
    assert_eq!(missing(&decision), [Need::SignedForm, Need::Fee]);
    let fee = fee(&decision)?;
    let prices = [
        (1, 2_000),
        (2_000, 2_000),
        (2_001, 2_001),
        (499_999, 499_999),
        (500_000, 500_000),
        (500_001, 500_000),
        (3_000_000, 500_000),
    ];
    for (records, cents) in prices {
        assert_eq!(fee.cents_for(records), Some(cents), "{records} records");
    }
    Ok(())
}

/// "A registrar lets records be copied on a written request by at least 25 qualified voters of the parish" (La. R.S.
/// 18:154(B)(1)(a)): so many signatures, and no fee.
#[test]
fn louisiana_lets_voters_copy_who_sign_together() -> Result<(), Failure> {
    let voter = ask("LA", "2017-06-30").by(RequesterClass::RegisteredVoter).at(Custody::County);
    let decision = voter.empty_handed().gives(&[(LastName, "full: opens la-2017/parish-copies")])?;
    assert_eq!(missing(&decision), [Need::WrittenRequest, Need::CoSigners, Need::ProofOfClass]);
    let signatures = decision.missing.iter().find(|missing| missing.item == MissingItem::CoSigners(25));
    let signatures = signatures.ok_or("no number of signatures")?;
    assert_eq!(signatures.item.label(), "signatures of at least 25 registered voters");
    assert_eq!(decision.fees, []);
    Ok(())
}

/// Twenty-four signatures are no request by twenty-five voters.
#[test]
fn louisiana_counts_the_signatures() -> Result<(), Failure> {
    let voter = ask("LA", "2017-06-30").by(RequesterClass::RegisteredVoter).at(Custody::County);
    for (signatures, missing) in [(24, vec![MissingItem::CoSigners(25)]), (25, vec![])] {
        let decision = voter.signed_by(signatures).decide(&[LastName])??;
        let items: Vec<_> = decision.missing.into_iter().map(|missing| missing.item).collect();
        assert_eq!(items, missing, "{signatures} signatures");
    }
    Ok(())
}

/// $25 a report, "$5 for the first 1,000 records, or up to 1,000", and $5 "for each additional 1,000 records, rounded to
/// the nearest thousand", at most $12,500 (Wis. Stat. § 6.36(6); Wis. Adm. Code EL 3.50(4)). "There is no authority to waive it": a government body owes it too.
#[test]
fn wisconsin_charges_by_the_thousand_up_to_a_cap_and_waives_nothing() -> Result<(), Failure> {
    let commission = ask("WI", "2017-06-30").by(RequesterClass::FederalCommission).empty_handed();
    let decision = commission.gives(&[(LastName, "full: opens wi-2017/public-list")])?;
    assert_eq!(missing(&decision), [Need::Fee]);
    let fee = fee(&decision)?;
    assert!(fee.in_words().ends_with("$25 and $5 for 1,000 records, at most $12,500"), "{}", fee.in_words());
    let prices = [
        (1, 3_000),
        (1_000, 3_000),
        (1_499, 3_000),
        (1_500, 3_500),
        (2_499, 3_500),
        (1_000_000, 502_500),
        (2_495_000, 1_250_000),
        (2_496_000, 1_250_000),
        (4_000_000, 1_250_000),
    ];
    for (records, cents) in prices {
        assert_eq!(fee.cents_for(records), Some(cents), "{records} records");
    }
    Ok(())
}

/// By 2025 "the Secretary of State sends a weekly link to the statewide file, free of charge, to anyone who signs up";
/// before, a copy was given at no more than its cost, $20 in 2020 (Miss. Code § 23-15-165(7)), and a county still gives it
/// so: the fee is that of the route.
#[test]
fn mississippi_sends_the_file_each_week_free_of_charge() -> Result<(), Failure> {
    let before = ask("MS", "2017-06-30").empty_handed().gives(&[(LastName, "full: opens ms-2017/voter-file")])?;
    assert_eq!(missing(&before), [Need::WrittenRequest, Need::Fee]);
    assert_eq!(fee(&before)?.cents_for(2_000_000), Some(2_000));
    let weekly = ask("MS", "2026-06-01").empty_handed().gives(&[(LastName, "full: opens ms-2026/weekly-file")])?;
    assert_eq!(missing(&weekly), [Need::SignedForm]);
    assert_eq!(fee(&weekly)?.cents_for(2_000_000), Some(0));
    let county = ask("MS", "2026-06-01").at(Custody::County).empty_handed();
    let county = county.gives(&[(LastName, "full: opens ms-2026/voter-file")])?;
    assert_eq!(fee(&county)?.in_words(), "at the cost of the copy, at most");
    Ok(())
}

/// Three cents a name at most, while "state party headquarters and county party chairs get the list free of charge" (Neb.
/// Rev. Stat. § 32-330(4), (6)).
#[test]
fn nebraska_gives_the_list_to_parties_free_of_charge() -> Result<(), Failure> {
    let buyer = ask("NE", "2026-06-01").stating(Purpose::Political);
    let buyer = buyer.gives(&[(LastName, "full: opens ne-2025/voter-list")])?;
    assert_eq!(fee(&buyer)?.cents_for(1_000), Some(3_000));
    assert!(fee(&buyer)?.ceiling);
    let party = ask("NE", "2026-06-01").by(RequesterClass::Party).stating(Purpose::Political);
    let party = party.gives(&[(LastName, "full: opens ne-2025/party-list")])?;
    assert!(fee(&party)?.is_free());
    Ok(())
}

/// One cent a record for everybody else; "a member of the legislature may have up to two printed copies of the list free
/// of charge" (Ala. Code § 17-4-38, as quoted in AGO 2011-98).
#[test]
fn alabama_gives_legislators_two_copies_free_of_charge() -> Result<(), Failure> {
    let buyer = ask("AL", "2017-06-30").gives(&[(LastName, "full: opens al-2017/state-list")])?;
    assert_eq!(fee(&buyer)?.cents_for(3_200_000), Some(3_200_000));
    let legislator = ask("AL", "2017-06-30").by(RequesterClass::Legislator);
    let legislator = legislator.gives(&[(LastName, "full: opens al-2017/legislator-copy")])?;
    assert_eq!(fee(&legislator)?.in_words(), "free of charge: two printed copies");
    Ok(())
}

/// Fifty cents a thousand names (Elec. Code § 2184), and how a begun thousand counts was not read: the answer says so.
#[test]
fn california_says_that_the_rounding_of_a_fee_is_not_settled() -> Result<(), Failure> {
    let candidate = ask("CA", "2017-06-30").by(RequesterClass::Candidate).stating(Purpose::Election);
    let decision = candidate.at(Custody::County).gives(&[(Party, "full: opens ca-2015/roster-campaigns")])?;
    let words = fee(&decision)?.in_words();
    assert!(words.contains("The figure is not settled: how a begun thousand counts was not read"), "{words}");
    Ok(())
}

/// A route of which nothing leaves costs nothing, and a fee stands once however many routes share it.
#[test]
fn the_fees_are_those_of_the_routes_in_use() -> Result<(), Failure> {
    let refused = ask("NE", "2026-06-01").stating(Purpose::Commercial).decide(&[LastName])??;
    assert_eq!(refused.fees, []);
    let decision = ask("UT", "2017-06-30").decide(&[LastName, VoterHistory])??;
    let clauses: Vec<_> = decision.fees.iter().map(|charge| charge.clauses.as_slice()).collect();
    assert_eq!(clauses, [["ut-2014/public-history", "ut-2014/public-list"]]);
    Ok(())
}
