//! `openroll roll protect`: a list by name against a roll.

use insta::assert_snapshot;

use crate::desk::Desk;

const HEADER: &str = "first_name,last_name,date_of_birth,ground,since,until";

/// A registrant as a court would name him.
struct Named {
    id: String,
    first: String,
    last: String,
    /// As the file writes it: `6/7/1980`.
    born: String,
}

/// A desk with a roll of 200, and those of its registrants who have a day of birth.
fn desk() -> (Desk, Vec<Named>) {
    let desk = Desk::new();
    desk.import_roll(200, "2017-06-01");
    let mut reader = csv::Reader::from_path(desk.path("state-file/ut_voters.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let rows = reader.into_records().map(|record| {
        let record = record.unwrap();
        let cell = |name: &str| {
            let at = header.iter().position(|cell| cell == name).unwrap();
            record.get(at).unwrap().to_owned()
        };
        Named { id: cell("Voter ID"), first: cell("First Name"), last: cell("Last Name"), born: cell("DOB") }
    });
    let rows = rows.filter(|named| named.born.contains('/')).collect();
    (desk, rows)
}

/// A list with a registrant, and with a stranger who has a registrant's name.
fn list(registrant: &Named, namesake: &Named) -> String {
    let mut born = registrant.born.split('/').map(|part| part.parse::<u32>().unwrap());
    let [month, day, year] = std::array::from_fn(|_| born.next().unwrap());
    format!(
        "{HEADER}\n{},{},{year:04}-{month:02}-{day:02},judge,2017-01-01,\n\
         {},{},1903-02-01,address_confidentiality,2017-01-01,2021-01-01\n",
        registrant.first.to_uppercase(),
        registrant.last.to_lowercase(),
        namesake.first,
        namesake.last,
    )
}

#[test]
fn whom_the_lines_mean() {
    let (desk, rows) = desk();
    desk.write("program.csv", list(&rows[0], &rows[1]));
    let before = desk.tree("openroll-store");
    assert_snapshot!(desk.run("roll protect ut-2017 program.csv"));
    assert_eq!(desk.tree("openroll-store"), before);
}

/// Who is certain is on the newest list from then on, beside everybody who was there.
#[test]
fn the_certain_are_kept() {
    let (desk, rows) = desk();
    desk.write("program.csv", list(&rows[0], &rows[1]));
    let lists = "openroll-store/rolls/ut/protections";
    let before = desk.names(lists);
    let store = roll::Store::open(desk.path("openroll-store"));
    let newest = || {
        let vault = store.vault(roll::vault::Unlock::default()).unwrap();
        store.protections("UT".parse().unwrap(), None, &vault).unwrap().unwrap()
    };
    let old = newest();
    assert_snapshot!(desk.run("roll protect ut-2017 program.csv --keep --as-of 2017-06-15"));
    assert_eq!(desk.names(lists).len(), before.len() + 1);
    let new = newest();
    assert_eq!(new.len(), old.len() + 1);
    assert!(rows.iter().all(|row| old.of(&row.id).iter().all(|protection| new.of(&row.id).contains(protection))));
    assert!(new.of(&rows[0].id).iter().any(|protection| protection.ground == terms::Ground::Judge));
    // A second time nothing is new.
    desk.run("roll protect ut-2017 program.csv --keep --as-of 2017-06-15");
    assert_eq!(desk.names(lists).len(), before.len() + 1);
}

#[test]
fn a_list_that_is_none() {
    let (desk, _) = desk();
    desk.write("numbers.csv", "voter_id,ground,since,until\n1,judge,2017-01-01,\n");
    assert_snapshot!(desk.run("roll protect ut-2017 numbers.csv"));
    assert_snapshot!(desk.run("roll protect ut-2017 nowhere.csv"));
}
