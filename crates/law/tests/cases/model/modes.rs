//! Inspection but no copy, viewing but no copy.

use law::Mode;
use terms::Field::{BirthYear, LastName, ResidentialAddress, Signature};
use terms::{Custody, Purpose, RequesterClass};

use super::{ask, otherwise};
use crate::Failure;

/// "Any person may examine the voter registration register at the election office, and may not copy it"; an election
/// official or a law enforcement agency may copy it, "for list maintenance or law enforcement only" (Neb. Rev. Stat.
/// § 32-330(1)).
#[test]
fn nebraska_shows_the_register_and_gives_no_copy() -> Result<(), Failure> {
    let decision = ask("NE", "2026-06-01").gives(&[
        (LastName, "withheld: no_copy ne-2025/register-inspection"),
        (BirthYear, "withheld: no_copy ne-2025/register-inspection"),
    ])?;
    assert_eq!(otherwise(&decision, LastName)?, [Mode::Inspect]);
    assert_eq!(otherwise(&decision, BirthYear)?, [Mode::Inspect]);
    let police = ask("NE", "2026-06-01").by(RequesterClass::LawEnforcement).stating(Purpose::LawEnforcement);
    police.gives(&[(LastName, "full: opens ne-2025/register-copy")])?;
    Ok(())
}

/// "Anybody may read the lists of a precinct, with name, address, year of birth, gender and election districts, at the
/// office of the general registrar, without a copy" (Va. Code § 24.2-444(A)).
#[test]
fn virginia_lets_anybody_read_at_the_registrar() -> Result<(), Failure> {
    let registrar = ask("VA", "2017-06-30").at(Custody::County).gives(&[
        (LastName, "withheld: no_copy va-2017/registrar-inspection"),
        (ResidentialAddress, "withheld: no_copy va-2017/registrar-inspection"),
        (BirthYear, "withheld: no_copy va-2017/registrar-inspection"),
    ])?;
    for field in [LastName, ResidentialAddress, BirthYear] {
        assert_eq!(otherwise(&registrar, field)?, [Mode::Inspect], "{field}");
    }
    let state = ask("VA", "2017-06-30").gives(&[(BirthYear, "withheld: other_class va-2017/campaign-list")])?;
    assert!(otherwise(&state, BirthYear)?.is_empty());
    Ok(())
}

/// "A signature may be looked at, but not copied" (Fla. Stat. § 97.0585(2)).
#[test]
fn florida_shows_a_signature_and_gives_no_copy() -> Result<(), Failure> {
    let decision = ask("FL", "2017-06-30").gives(&[(Signature, "withheld: no_copy fl-2017/signature-view")])?;
    assert_eq!(otherwise(&decision, Signature)?, [Mode::View]);
    Ok(())
}

/// "A signature may be inspected at the office, but nobody may make or pass on a copy" (ORS 247.973(1), (2)), except
/// that election officials may copy signatures to administer elections (ORS 247.973(3)).
#[test]
fn oregon_shows_a_signature_and_lets_election_officials_copy_it() -> Result<(), Failure> {
    let decision = ask("OR", "2017-06-30").gives(&[(Signature, "withheld: no_copy or-2017/signature-view")])?;
    assert_eq!(otherwise(&decision, Signature)?, [Mode::View]);
    let officer = ask("OR", "2017-06-30").by(RequesterClass::ElectionOfficer);
    officer.stating(Purpose::ElectionAdministration).gives(&[(Signature, "full: opens or-2017/signature-copy")])?;
    Ok(())
}

/// "A signature may be viewed by the public, but not copied or traced"; it "may be copied for the administration of
/// elections only" (G.S. 163-82.10(a2)).
#[test]
fn north_carolina_shows_a_signature_and_lets_election_officials_copy_it() -> Result<(), Failure> {
    let decision = ask("NC", "2017-06-30").gives(&[(Signature, "withheld: no_copy nc-2017/signature-view")])?;
    assert_eq!(otherwise(&decision, Signature)?, [Mode::View]);
    let officer = ask("NC", "2017-06-30").by(RequesterClass::ElectionOfficer);
    officer.stating(Purpose::ElectionAdministration).gives(&[(Signature, "full: opens nc-2017/signature-copy")])?;
    Ok(())
}

/// Beside the list with the year of birth that a campaign takes away, § 24.2-444(A) opens reading at the office alike: a
/// released field tells only of what another mode shows in a finer form.
#[test]
fn a_mode_that_shows_no_more_than_the_copy_is_not_named() -> Result<(), Failure> {
    let party = ask("VA", "2017-06-30").by(RequesterClass::Party).stating(Purpose::Political).at(Custody::County);
    let decision = party.gives(&[(BirthYear, "full: opens va-2017/campaign-list")])?;
    assert!(otherwise(&decision, BirthYear)?.is_empty());
    Ok(())
}
