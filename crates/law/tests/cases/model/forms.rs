//! Partial forms: granted by name or not at all, and nothing may be derived from what is granted.

use terms::Field::{Age, BirthYear, DateOfBirth, LastName};
use terms::{Bands, Form, Purpose, RequesterClass};

use super::{ask, disposition, duties};
use crate::Failure;

/// "Age and date of birth are confidential, so no form of them is given, not even the year" (AS § 15.07.195(a)(1)).
#[test]
fn alaska_gives_no_form_of_the_age() -> Result<(), Failure> {
    ask("AK", "2017-06-30").gives(&[
        (LastName, "full: opens ak-2017/list"),
        (DateOfBirth, "withheld: closes ak-2017/no-age"),
        (BirthYear, "withheld: closes ak-2017/no-age"),
        (Age, "withheld: closes ak-2017/no-age"),
    ])?;
    Ok(())
}

/// "The date of birth and age information of voters are exempt from disclosure", age information as a whole
/// (Miss. Code § 23-15-165(6)); so before and since the weekly file.
#[test]
fn mississippi_gives_no_age_information() -> Result<(), Failure> {
    ask("MS", "2017-06-30").gives(&[
        (LastName, "full: opens ms-2017/voter-file"),
        (DateOfBirth, "withheld: closes ms-2017/exempt-items"),
        (BirthYear, "withheld: closes ms-2017/exempt-items"),
        (Age, "withheld: closes ms-2017/exempt-items"),
    ])?;
    ask("MS", "2026-06-01").gives(&[
        (DateOfBirth, "withheld: closes ms-2026/exempt-items"),
        (BirthYear, "withheld: closes ms-2026/exempt-items"),
        (Age, "withheld: closes ms-2026/exempt-items"),
    ])?;
    Ok(())
}

/// "Month and day of birth are confidential"; "of the birth date the year is open" (O.C.G.A. § 21-2-225(b)). No clause
/// names the age, so it stays closed though it all but follows from the year.
#[test]
fn georgia_gives_the_year_of_birth_and_nothing_finer() -> Result<(), Failure> {
    ask("GA", "2017-06-30").gives(&[
        (DateOfBirth, "year: opens ga-2017/public-list"),
        (BirthYear, "full: opens ga-2017/public-list"),
        (Age, "withheld: no_basis"),
    ])?;
    Ok(())
}

/// "An agency of Georgia, of another state or territory or of the United States may have these items only to identify
/// an elector in its own records" (O.C.G.A. § 21-2-225(b)): the cap on the date spares it in that and in nothing else.
#[test]
fn georgia_gives_the_full_date_to_an_agency_that_identifies_an_elector() -> Result<(), Failure> {
    let agency = || ask("GA", "2017-06-30").by(RequesterClass::Government);
    agency()
        .stating(Purpose::IdentityVerification)
        .gives(&[(DateOfBirth, "full: opens ga-2017/agency-identification")])?;
    agency().stating(Purpose::Governmental).gives(&[(DateOfBirth, "year: opens ga-2017/public-list")])?;
    Ok(())
}

/// "The month and day of birth are confidential; only the year may be given" (A.R.S. § 16-168(F)).
#[test]
fn arizona_gives_the_year_of_birth() -> Result<(), Failure> {
    ask("AZ", "2017-06-30").stating(Purpose::Election).gives(&[
        (DateOfBirth, "year: opens az-2017/register"),
        (BirthYear, "full: opens az-2017/register"),
        (Age, "withheld: no_basis"),
    ])?;
    Ok(())
}

/// "The full date of birth is kept for official use; the year is given" (Secretary of State, questions on registration
/// data, Q3).
#[test]
fn colorado_gives_the_year_of_birth() -> Result<(), Failure> {
    ask("CO", "2017-06-30").gives(&[
        (DateOfBirth, "year: opens co-2013/public-data"),
        (BirthYear, "full: opens co-2013/public-data"),
        (Age, "withheld: no_basis"),
    ])?;
    Ok(())
}

/// "The month and day of birth may not be released" (MCL 168.509gg(1)(d)); the year stands in the public extract.
#[test]
fn michigan_gives_the_year_of_birth() -> Result<(), Failure> {
    ask("MI", "2017-06-30").gives(&[
        (DateOfBirth, "year: opens mi-2017/birth-year"),
        (BirthYear, "full: opens mi-2017/birth-year"),
        (Age, "withheld: no_basis"),
    ])?;
    Ok(())
}

/// "The date of birth is private data; the list holds the year" (Minn. Stat. § 201.091, subds. 4, 9), for a registered
/// voter of Minnesota.
#[test]
fn minnesota_gives_the_year_of_birth_to_its_voters() -> Result<(), Failure> {
    ask("MN", "2017-06-30").by(RequesterClass::RegisteredVoter).stating(Purpose::Political).gives(&[
        (DateOfBirth, "year: opens mn-2017/public-information-list"),
        (BirthYear, "full: opens mn-2017/public-information-list"),
        (Age, "withheld: no_basis"),
    ])?;
    Ok(())
}

/// The file for campaigns "gives the year of birth and no day or month" (21-A M.R.S. § 196-A(1)(B)).
#[test]
fn maine_gives_campaigns_the_year_of_birth() -> Result<(), Failure> {
    ask("ME", "2017-06-30")
        .by(RequesterClass::Party)
        .stating(Purpose::Political)
        .gives(&[(DateOfBirth, "year: opens me-2017/campaign-file"), (Age, "withheld: no_basis")])?;
    Ok(())
}

/// "The date of birth is withheld; the age is open" (Idaho Code § 74-106(25)). No clause names the year.
#[test]
fn idaho_gives_the_age_and_not_the_year() -> Result<(), Failure> {
    let decision = ask("ID", "2017-06-30").gives(&[
        (DateOfBirth, "age: opens id-2017/age"),
        (Age, "full: opens id-2017/age"),
        (BirthYear, "withheld: no_basis"),
    ])?;
    assert_eq!(duties(&decision), [terms::Promise::NoCommercialUse]);
    Ok(())
}

/// Standard voter data hold the age range: 18-19, 20-22, 23-25, 26-30, 31-35, 36-40, 41-45, 46-55, "then ten-year
/// bands" (Utah Code § 20A-2-601(1)). The date itself is "available only to an authorized government entity"
/// (§ 20A-2-605).
#[test]
fn utah_gives_the_age_in_the_bands_of_the_statute() -> Result<(), Failure> {
    let decision = ask("UT", "2026-06-01").stating(Purpose::Political).gives(&[
        (Age, "age_range: opens ut-2026/general-request"),
        (DateOfBirth, "withheld: closes ut-2026/private-data"),
        (BirthYear, "withheld: no_basis"),
    ])?;
    let bands = Bands::parse(&[
        "18-19", "20-22", "23-25", "26-30", "31-35", "36-40", "41-45", "46-55", "56-65", "66-75", "76-85", "86-95",
        "96-105", "106-115", "116-125",
    ])?;
    assert_eq!(disposition(&decision, Age)?.form, Form::AgeRange(bands));
    Ok(())
}
