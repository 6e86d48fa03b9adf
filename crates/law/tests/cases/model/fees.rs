//! Fees by size, with a cap, free of charge; and signatures of others in place of a fee.

use terms::Field::LastName;
use terms::{Custody, Need, RequesterClass};

use super::{ask, fee, missing};
use crate::Failure;

/// Ceilings by the size of a county's list: $10 to 5,000 names, $25 to 25,000, $50 beyond (Ark. Code § 7-5-109(c)).
#[test]
fn arkansas_charges_in_three_tiers() -> Result<(), Failure> {
    let request = ask("AR", "2017-06-30").at(Custody::County);
    let decision = request.gives(&[(LastName, "full: opens ar-2017/list")])?;
    let fee = fee(&decision)?;
    let prices = [(1, 1_000), (5_000, 1_000), (5_001, 2_500), (25_000, 2_500), (25_001, 5_000), (300_000, 5_000)];
    for (records, cents) in prices {
        assert_eq!(fee.cents_for(records), Some(cents), "{records} records");
    }
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
/// 18:154(B)(1)(a)): signatures, and no fee.
#[test]
fn louisiana_lets_voters_copy_who_sign_together() -> Result<(), Failure> {
    let voter = ask("LA", "2017-06-30").by(RequesterClass::RegisteredVoter).at(Custody::County);
    let decision = voter.empty_handed().gives(&[(LastName, "full: opens la-2017/parish-copies")])?;
    assert_eq!(missing(&decision), [Need::WrittenRequest, Need::CoSigners, Need::ProofOfClass]);
    Ok(())
}

/// "$25 and $5 for each 1,000 records, at most $12,500 for the statewide list" (Wis. Stat. § 6.36(6); Wis. Adm. Code
/// EL 3.50). "There is no authority to waive it": a government body owes it too.
#[test]
fn wisconsin_charges_by_the_thousand_up_to_a_cap_and_waives_nothing() -> Result<(), Failure> {
    let commission = ask("WI", "2017-06-30").by(RequesterClass::FederalCommission).empty_handed();
    let decision = commission.gives(&[(LastName, "full: opens wi-2017/public-list")])?;
    assert_eq!(missing(&decision), [Need::Fee]);
    let fee = fee(&decision)?;
    let prices = [
        (1_000, 3_000),
        (2_000, 3_500),
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
/// before, a copy was given at no more than its cost, $20 in 2020 (Miss. Code § 23-15-165(7)).
#[test]
fn mississippi_sends_the_file_each_week_free_of_charge() -> Result<(), Failure> {
    let before = ask("MS", "2017-06-30").empty_handed().gives(&[(LastName, "full: opens ms-2017/voter-file")])?;
    assert_eq!(missing(&before), [Need::WrittenRequest, Need::Fee]);
    assert_eq!(fee(&before)?.cents_for(2_000_000), Some(2_000));
    let weekly = ask("MS", "2026-06-01").empty_handed().gives(&[(LastName, "full: opens ms-2026/weekly-file")])?;
    assert_eq!(missing(&weekly), [Need::SignedForm]);
    assert_eq!(fee(&weekly)?.cents_for(2_000_000), Some(0));
    Ok(())
}
