//! What is at rest is encrypted, and a reader reads what its keys open and nothing else.
#![expect(clippy::unwrap_used, reason = "a panic in a helper of a test is a failing test")]

#[cfg(test)]
mod office;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use miette::Diagnostic;
use office::{Office, UT_HEADER, content, held, reader, rows, ut_row, words};
use parquet::arrow::ArrowWriter;
use proptest::prelude::*;
use roll::schema::Table;
use roll::vault::{Compartment, IDENTITY_FILE, KEYRING_FILE, KeyId, Passphrase, Seal, Unlock, Vault, VaultError};
use roll::{Reader, Snapshot, SnapshotError, Store};

/// Every column of both tables with the compartment it lies in.
fn columns(snapshot: &Snapshot) -> Vec<(Table, String, Compartment)> {
    let manifest = snapshot.manifest();
    let voter = manifest.voter_columns.iter().map(|name| (Table::Voter, name));
    let participation = manifest.participation_columns.iter().map(|name| (Table::Participation, name));
    voter.chain(participation).map(|(table, name)| (table, name.clone(), Compartment::of(table, name))).collect()
}

fn read(reader: &Reader, table: Table, column: &str) -> Result<Vec<String>, SnapshotError> {
    let batch = match table {
        Table::Voter => reader.read_voters(0, &[column]),
        Table::Participation => reader.read_participations(0, &[column]),
    };
    batch.map(|batch| rows(&batch, &[]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_subset_of_keys_reads_exactly_its_columns(chosen in prop::collection::vec(any::<bool>(), 80), roll in any::<bool>()) {
        let office = Office::new();
        let snapshot = office.import("ut", content(&[2, 3, 4, 7])).unwrap().snapshot;
        let ids = &snapshot.manifest().keys;
        let mut chosen: BTreeSet<&Compartment> =
            ids.iter().zip(&chosen).filter(|(_, is_chosen)| **is_chosen).map(|(id, _)| id.compartment()).collect();
        if roll {
            chosen.insert(&Compartment::Roll);
        } else {
            chosen.remove(&Compartment::Roll);
        }
        let all = reader(&snapshot);
        let some = snapshot.reader(office.vault().keys(&snapshot, chosen.iter().copied()).unwrap());
        prop_assert_eq!(some.keys().len(), chosen.len());
        for (table, column, compartment) in columns(&snapshot) {
            let is_open = roll && chosen.contains(&compartment);
            match read(&some, table, &column) {
                Ok(values) => {
                    prop_assert!(is_open, "{} is read without its key", column);
                    prop_assert_eq!(values, read(&all, table, &column).unwrap());
                }
                Err(SnapshotError::NoKey { key }) => {
                    prop_assert!(!is_open, "{} is not read with its key", column);
                    let first = if chosen.contains(&compartment) { Compartment::Roll } else { compartment };
                    prop_assert_eq!(key.compartment(), &first);
                }
                Err(other) => prop_assert!(false, "{}: {}", column, other),
            }
        }
        prop_assert_eq!(some.quarantine().is_ok(), chosen.contains(&Compartment::Quarantine));
        prop_assert_eq!(some.elections().is_ok(), roll);
    }
}

/// Stands in every column of a roll, and in a line that cannot be read.
const TOKEN: &str = "QZXTOKEN";

/// A roll with the token wherever text may stand.
fn marked() -> String {
    let row = format!(
        "00001,{TOKEN}a,{TOKEN}b,{TOKEN}c,{TOKEN}d,Active,0,,1/2/2003,01/02/2003,{TOKEN}e,{TOKEN}f,{TOKEN}g,\"{TOKEN}h\",\
         {TOKEN}i,{TOKEN}j,1,,N,{TOKEN}k,,ST,{TOKEN}l,{TOKEN}m,{TOKEN}n,84601,5/6/1970,1,2,3,4,5,6,7,,11/8/2016"
    );
    let lines: Vec<String> = (10..40).map(|n| ut_row(&format!("{n:05}"), "Utah", ",")).collect();
    format!("{UT_HEADER}\n{row}\n{TOKEN},broken\n{}\n", lines.join("\n"))
}

fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    found
}

#[test]
fn no_value_of_a_roll_or_list_lies_in_the_open() {
    let office = Office::new();
    let snapshot = office.import("ut", marked()).unwrap().snapshot;
    assert_eq!(snapshot.manifest().counts.quarantined, 1);
    let utah = snapshot.manifest().jurisdiction;
    let list = office.file("list", format!("voter_id,ground,since,until\n{TOKEN},judge,2017-01-01,\n"));
    office.store.import_protections(utah, &list, office::day("2017-06-30"), &mut office.vault()).unwrap();
    let list = office.file("list", format!("{TOKEN}\n"));
    office.store.import_canaries(utah, &list, &mut office.vault()).unwrap();
    let stored = files(office.store.path());
    assert!(stored.len() > 8);
    for (name, bytes) in &stored {
        assert!(!holds(bytes, TOKEN), "{name} holds a value in the open");
        assert!(!name.ends_with(".parquet") || bytes.starts_with(b"PARE") && bytes.ends_with(b"PARE"), "{name}");
    }
    // The control: the same rows, compressed and not encrypted, do show it.
    let batch = office::voters(&snapshot, 0);
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    let plain = writer.into_inner().unwrap();
    for end in 'a'..='n' {
        assert!(holds(&plain, &format!("{TOKEN}{end}")), "{end}");
    }
    assert!(office::quarantine(&snapshot).contains(TOKEN));
}

/// Message, help and cause, without what differs from run to run.
fn said(office: &Office, error: &impl Diagnostic) -> String {
    let cause = error.source().map(|cause| format!("\ncause: {cause}")).unwrap_or_default();
    let text = format!("{}{cause}", words(error)).replace(&office.folder.path().display().to_string(), "DIR");
    // Names of keyrings are drawn by lot.
    let mut text = text;
    while let Some(at) = text.match_indices("/ut/").map(|(at, _)| at).find(|at| is_id(&text, *at)) {
        text.replace_range(at - 8..at, "[ring]");
    }
    for word in ["keyring ", "is keyring "] {
        if let Some(at) = text.find(word).map(|at| at + word.len()).filter(|at| is_id(&text, at + 8)) {
            text.replace_range(at..at + 8, "[ring]");
        }
    }
    text
}

fn is_id(text: &str, end: usize) -> bool {
    end >= 8 && text.as_bytes().get(end - 8..end).is_some_and(|id| id.iter().all(u8::is_ascii_hexdigit))
}

#[test]
fn a_column_without_its_key_is_named_with_the_key() {
    let office = Office::new();
    let snapshot = office.import("ut", content(&[2, 3])).unwrap().snapshot;
    let some = snapshot.reader(office.vault().keys(&snapshot, [&Compartment::Roll]).unwrap());
    assert_eq!(some.keys().len(), 1);
    insta::assert_snapshot!(said(&office, &some.read_voters(0, &["voter_id", "date_of_birth"]).unwrap_err()), @r"
    the key `[ring]/ut/voter.date_of_birth/1` of column `date_of_birth` is not among those handed over
    help: whoever reads gets the keys of what may be read, and no other; ask the vault for this one as well
    ");
    insta::assert_snapshot!(said(&office, &some.read_participations(0, &["row"]).unwrap_err()), @r"
    the key `[ring]/ut/participation.row/1` of participation column `row` is not among those handed over
    help: whoever reads gets the keys of what may be read, and no other; ask the vault for this one as well
    ");
    insta::assert_snapshot!(said(&office, &some.quarantine().unwrap_err()), @r"
    the key `[ring]/ut/quarantine/1` of the quarantine is not among those handed over
    help: whoever reads gets the keys of what may be read, and no other; ask the vault for this one as well
    ");
    let none = snapshot.reader(Default::default());
    insta::assert_snapshot!(said(&office, &none.read_voters(0, &["voter_id"]).unwrap_err()), @r"
    the key `[ring]/ut/roll/1` of the roll is not among those handed over
    help: whoever reads gets the keys of what may be read, and no other; ask the vault for this one as well
    ");
}

#[test]
fn a_lost_key_is_said_plainly() {
    let office = Office::new();
    let snapshot = office.import("ut", content(&[2, 3])).unwrap().snapshot;
    let utah = snapshot.manifest().jurisdiction;
    // A backup from before the lists, put back after them.
    let ring = office.store.path().join("keys").join(KEYRING_FILE);
    let backup = fs::read(&ring).unwrap();
    let list = office.file("list", "voter_id,ground,since,until\n");
    office.store.import_protections(utah, &list, office::day("2017-06-30"), &mut office.vault()).unwrap();
    fs::write(&ring, &backup).unwrap();
    let error = office.store.protections(utah, None, &office.vault()).unwrap_err();
    insta::assert_snapshot!(said(&office, &error), @r"
    the key `[ring]/ut/lists/1` of the protection lists is not in the keyring; `DIR/store/rolls/ut/protections/2017-06-30-001.sealed` needs it
    help: restore the keyring from a backup that has this key; without it nobody can read the protection lists there, and only importing it again brings it back
    ");
    // A keyring from before everything.
    fs::remove_file(&ring).unwrap();
    office.store.import_protections(utah, &list, office::day("2016-06-30"), &mut office.vault()).unwrap();
    insta::assert_snapshot!(said(&office, &office.vault().all_keys(&snapshot).unwrap_err()), @r"
    `ut-2017-06-30-192606750428` is encrypted under keyring [ring], and `DIR/store/keys/keyring.age` is keyring [ring]
    help: put the keyring of this store back, or name the store it belongs to with `--store`
    ");
    fs::remove_file(&ring).unwrap();
    insta::assert_snapshot!(said(&office, &office.store.vault(Unlock::default()).unwrap_err()), @r"
    the store has no keyring `DIR/store/keys/keyring.age`
    help: the first import makes one; where the store has rolls already, restore it from a backup, since nobody can read them without it
    ");
    fs::write(&ring, &backup).unwrap();
    assert_eq!(held(&snapshot).0.counts.voters, 3);
}

/// A store whose keyring is sealed anew.
fn sealed(seal: &Seal) -> (Office, Snapshot) {
    let office = Office::new();
    let snapshot = office.import("ut", content(&[2, 3])).unwrap().snapshot;
    office.vault().seal(seal).unwrap();
    (office, snapshot)
}

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(text.to_owned()).unwrap().with_work(2)
}

fn opened(office: &Office, unlock: Unlock) -> Result<Vault, VaultError> {
    office.store.vault(unlock)
}

#[test]
fn a_keyring_opens_with_its_passphrase_and_with_nothing_else() {
    let (office, snapshot) = sealed(&Seal::Passphrase(passphrase("word")));
    let vault = opened(&office, Unlock::default().with_passphrase(passphrase("word"))).unwrap();
    assert!(!vault.all_keys(&snapshot).unwrap().is_empty());
    assert_eq!(vault.recipients(), 0);
    drop(vault);
    let error = opened(&office, Unlock::default().with_passphrase(passphrase("Word"))).unwrap_err();
    insta::assert_snapshot!(said(&office, &error), @r"
    the passphrase does not open `DIR/store/keys/keyring.age`
    help: check the passphrase, and that the file is this store's keyring as it was saved
    ");
    insta::assert_snapshot!(said(&office, &opened(&office, Unlock::default()).unwrap_err()), @r"
    `DIR/store/keys/keyring.age` is sealed with a passphrase
    help: give it with `--passphrase-file FILE`, or in OPENROLL_PASSPHRASE
    ");
    // Another import finds the keys that are there, and makes those that are not under the same seal.
    let mut vault = opened(&office, Unlock::default().with_passphrase(passphrase("word"))).unwrap();
    let list = office.file("list", "voter_id,ground,since,until\n");
    let utah = snapshot.manifest().jurisdiction;
    office.store.import_protections(utah, &list, office::day("2017-06-30"), &mut vault).unwrap();
    let before = vault.entries();
    drop(vault);
    let vault = opened(&office, Unlock::default().with_passphrase(passphrase("word"))).unwrap();
    assert_eq!(vault.entries(), before);
    assert!(before.iter().any(|entry| entry.id.compartment() == &Compartment::Lists));
}

#[test]
fn a_keyring_opens_with_each_of_its_identities_and_no_other() {
    let (one, other) = (Office::new(), Office::new());
    for office in [&one, &other] {
        office.import("ut", content(&[2])).unwrap();
    }
    let path = |office: &Office| office.store.path().join("keys").join(IDENTITY_FILE);
    let recipient = |office: &Office| {
        let text = fs::read_to_string(path(office)).unwrap();
        text.lines().find_map(|line| line.strip_prefix("# public key: ")).unwrap().parse().unwrap()
    };
    let error = opened(&one, Unlock::default().with_identity(path(&other))).unwrap_err();
    assert!(matches!(&error, VaultError::WrongIdentity { .. }), "{error}");
    one.vault().seal(&Seal::Recipients(vec![recipient(&one), recipient(&other)])).unwrap();
    assert_eq!(opened(&one, Unlock::default().with_identity(path(&other))).unwrap().recipients(), 2);
    assert_eq!(opened(&one, Unlock::default()).unwrap().recipients(), 2);
    one.vault().seal(&Seal::Recipients(vec![recipient(&other)])).unwrap();
    insta::assert_snapshot!(said(&one, &opened(&one, Unlock::default()).unwrap_err()), @r"
    the identity in `DIR/store/keys/identity.txt` does not open `DIR/store/keys/keyring.age`
    help: name the identity file that the keyring was sealed to with `--identity`
    ");
    fs::remove_file(path(&one)).unwrap();
    insta::assert_snapshot!(said(&one, &opened(&one, Unlock::default()).unwrap_err()), @r"
    `DIR/store/keys/keyring.age` is sealed to an identity, and there is none at `DIR/store/keys/identity.txt`
    help: name the identity file with `--identity FILE`, or in OPENROLL_IDENTITY
    ");
    let error = opened(&one, Unlock::default().with_identity(one.folder.path().join("nowhere"))).unwrap_err();
    insta::assert_snapshot!(said(&one, &error), @r"
    cannot read `DIR/nowhere`
    help: check the name; it is looked for from the folder in which the command runs
    cause: entity not found
    ");
    let error = opened(&one, Unlock::default().with_identity(one.file("roll.txt", "a roll"))).unwrap_err();
    insta::assert_snapshot!(said(&one, &error), @r"
    `DIR/roll.txt` is not an identity file
    help: it must hold a line that begins with AGE-SECRET-KEY-1, and otherwise comments only
    ");
    assert!(opened(&one, Unlock::default().with_identity(path(&other))).is_ok());
}

#[test]
fn a_damaged_keyring_and_that_of_another_store_are_told_apart() {
    let (office, other) = (Office::new(), Office::new());
    let snapshot = office.import("ut", content(&[2])).unwrap().snapshot;
    other.import("ut", content(&[2])).unwrap();
    let ring = office.store.path().join("keys").join(KEYRING_FILE);
    let good = fs::read(&ring).unwrap();
    for (place, flip) in [(0, 1), (good.len() - 1, 1), (good.len() / 2, 4)] {
        let mut bad = good.clone();
        bad[place] ^= flip;
        fs::write(&ring, bad).unwrap();
        let error = opened(&office, Unlock::default()).unwrap_err();
        assert!(matches!(&error, VaultError::Damaged { .. }), "{place}: {error}");
    }
    fs::write(&ring, "voter_id\n").unwrap();
    insta::assert_snapshot!(said(&office, &opened(&office, Unlock::default()).unwrap_err()), @r"
    `DIR/store/keys/keyring.age` is damaged: it is not an age file
    help: restore it from a backup; without it nobody can read the rolls of this store
    ");
    fs::copy(other.store.path().join("keys").join(KEYRING_FILE), &ring).unwrap();
    let identity = other.store.path().join("keys").join(IDENTITY_FILE);
    let vault = opened(&office, Unlock::default().with_identity(identity)).unwrap();
    insta::assert_snapshot!(said(&office, &vault.all_keys(&snapshot).unwrap_err()), @r"
    `ut-2017-06-30-8abf6d9e5f91` is encrypted under keyring [ring], and `DIR/store/keys/keyring.age` is keyring [ring]
    help: put the keyring of this store back, or name the store it belongs to with `--store`
    ");
    drop(vault);
    fs::write(&ring, good).unwrap();
    assert!(reader(&snapshot).elections().is_ok());
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_look_at_the_keys() {
    use std::os::unix::fs::PermissionsExt;

    let office = Office::new();
    assert!(office.vault().new_identity().is_none());
    assert!(!office.store.path().exists(), "nothing is written before the first key is needed");
    office.import("ut", content(&[2])).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let keys = office.store.path().join("keys");
    assert_eq!((mode(&keys), mode(&keys.join(IDENTITY_FILE))), (0o700, 0o600));
}

#[test]
fn a_file_in_the_place_of_another_is_not_read() {
    let office = Office::new();
    let first = office.import("ut", content(&[2, 3])).unwrap().snapshot;
    let second = office.import("ut", content(&[2, 4])).unwrap().snapshot;
    let voter = |snapshot: &Snapshot| snapshot.path().join("voter-00000.parquet");
    fs::copy(voter(&second), voter(&first)).unwrap();
    // Also where the manifest was changed with it.
    let manifest = first.path().join("manifest.json");
    let mut text = fs::read_to_string(&manifest).unwrap();
    let of =
        |snapshot: &Snapshot| snapshot.manifest().files.iter().find(|file| file.name.starts_with("voter")).cloned();
    let (mine, its) = (of(&first).unwrap(), of(&second).unwrap());
    text = text
        .replace(&mine.sha256, &its.sha256)
        .replace(&format!("\"bytes\": {}", mine.bytes), &format!("\"bytes\": {}", its.bytes));
    fs::write(&manifest, text).unwrap();
    let changed = Snapshot::open(first.path()).unwrap();
    changed.verify().unwrap();
    let error = reader(&changed).read_voters(0, &["voter_id"]).unwrap_err();
    assert!(matches!(&error, SnapshotError::Damaged { .. }), "{error}");
}

#[test]
fn no_damaged_byte_reaches_the_parquet_reader() {
    let office = Office::new();
    let snapshot = office.import("ut", content(&[2, 3, 4])).unwrap().snapshot;
    let path = snapshot.path().join("voter-00000.parquet");
    let good = fs::read(&path).unwrap();
    for place in (0..good.len()).step_by(7) {
        let mut bad = good.clone();
        bad[place] ^= 0xff;
        fs::write(&path, bad).unwrap();
        let error = reader(&snapshot).read_voters(0, &["voter_id", "phone"]).unwrap_err();
        assert!(matches!(&error, SnapshotError::Damaged { .. }), "byte {place}: {error}");
    }
}

/// The keys of a snapshot by compartment and version.
fn versions(snapshot: &Snapshot) -> BTreeSet<u32> {
    snapshot.manifest().keys.iter().map(KeyId::version).collect()
}

#[test]
fn rotation_changes_keys_and_nothing_else() {
    let office = Office::new();
    let ids = [content(&[2, 3, 7]), content(&[2, 4])].map(|text| office.import("ut", text).unwrap().snapshot);
    let utah = ids[0].manifest().jurisdiction;
    let list = office.file("list", "voter_id,ground,since,until\n1,judge,2017-01-01,\n");
    office.store.import_protections(utah, &list, office::day("2017-06-30"), &mut office.vault()).unwrap();
    let ring = office.store.path().join("keys").join(KEYRING_FILE);
    let (before, old_ring) = (ids.each_ref().map(held), fs::read(&ring).unwrap());
    for round in 2..=3 {
        let rotation = office.store.rotate_keys(utah, Unlock::default(), &()).unwrap();
        assert!(rotation.left.is_empty(), "{:?}", rotation.left);
        assert_eq!((rotation.snapshots.len(), rotation.lists), (2, 1));
        assert_eq!(rotation.made, rotation.forgotten);
        for (snapshot, (mut manifest, tables, quarantine)) in ids.iter().zip(before.clone()) {
            let rotated = Snapshot::open(snapshot.path()).unwrap();
            rotated.verify().unwrap();
            assert_eq!(versions(&rotated), BTreeSet::from([round]));
            assert_eq!(rotated.digest(), snapshot.digest());
            manifest.folder = Some(format!("keys-{round}"));
            assert_eq!(held(&rotated), (manifest, tables, quarantine));
            let names: Vec<_> = fs::read_dir(rotated.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            assert_eq!(names.len(), 2, "{names:?}");
        }
        assert_eq!(office.store.protections(utah, None, &office.vault()).unwrap().unwrap().len(), 1);
        assert!(
            office.vault().entries().iter().all(|entry| entry.id.version() == round && entry.made_for == "rotation")
        );
    }
    // Another import goes on under the new keys.
    let third = office.import("ut", content(&[2, 5])).unwrap().snapshot;
    assert_eq!(versions(&third), BTreeSet::from([3]));
    // The keyring of before opens none of it.
    fs::write(&ring, old_ring).unwrap();
    let error = office.vault().all_keys(&Snapshot::open(ids[0].path()).unwrap()).unwrap_err();
    assert!(matches!(&error, VaultError::Lost { .. }), "{error}");
}

#[test]
fn what_an_interrupted_rotation_left_is_tidied_up_by_the_next_one() {
    let office = Office::new();
    let snapshot = office.import("ut", content(&[2, 3])).unwrap().snapshot;
    let utah = snapshot.manifest().jurisdiction;
    let before = held(&snapshot);
    // Died before the snapshot changed over, and, in another life, after it.
    for name in ["keys-2/voter-00000.parquet", ".staging-keys-2-1-0/content/x", "keys-7/x"] {
        let path = snapshot.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
    }
    assert_eq!(held(&Snapshot::open(snapshot.path()).unwrap()), before);
    office.store.rotate_keys(utah, Unlock::default(), &()).unwrap();
    fs::write(snapshot.path().join("voter-00000.parquet"), "x").unwrap();
    let rotated = Snapshot::open(snapshot.path()).unwrap();
    assert_eq!(held(&rotated).1, before.1);
    office.store.rotate_keys(utah, Unlock::default(), &()).unwrap();
    assert_eq!(fs::read_dir(snapshot.path()).unwrap().count(), 2);
}

#[test]
fn a_snapshot_that_cannot_be_read_keeps_its_keys() {
    let office = Office::new();
    let good = office.import("ut", content(&[2, 3])).unwrap().snapshot;
    let bad = office.import("ut", content(&[2, 4])).unwrap().snapshot;
    let path = bad.path().join("voter-00000.parquet");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..100]).unwrap();
    let utah = good.manifest().jurisdiction;
    let rotation = office.store.rotate_keys(utah, Unlock::default(), &()).unwrap();
    assert_eq!(rotation.snapshots, [good.manifest().snapshot.clone()]);
    assert_eq!(rotation.left.len(), 1);
    assert_eq!(rotation.left[0].0, bad.manifest().snapshot);
    // Restored from a backup, it is read as before.
    fs::write(&path, whole).unwrap();
    assert_eq!(held(&Snapshot::open(bad.path()).unwrap()).0.counts.voters, 3);
    assert_eq!(versions(&Snapshot::open(bad.path()).unwrap()), BTreeSet::from([1]));
}

#[test]
fn nobody_rotates_keys_that_are_in_use() {
    let office = Office::new();
    let snapshot = office.import("ut", content(&[2])).unwrap().snapshot;
    let vault = office.vault();
    let error = office.store.rotate_keys(snapshot.manifest().jurisdiction, Unlock::default(), &()).unwrap_err();
    insta::assert_snapshot!(said(&office, &error), @r"
    the keys of `DIR/store/keys` are in use by another openroll
    help: wait until it has ended, and try again
    ");
    drop(vault);
    office.store.rotate_keys(snapshot.manifest().jurisdiction, Unlock::default(), &()).unwrap();
}

#[test]
fn two_imports_at_once_make_the_same_keys() {
    let office = Office::new();
    let imports: Vec<_> = (2..6_u16).map(|id| office.file(&format!("{id}.csv"), content(&[id]))).collect();
    let store = Store::open(office.store.path());
    std::thread::scope(|scope| {
        for file in &imports {
            let request = office.request("ut", vec![file.clone()]);
            let store = store.clone();
            scope.spawn(move || {
                let mut vault = store.vault_or_new(Unlock::default()).unwrap();
                store.import(&request, &mut vault, &()).unwrap();
            });
        }
    });
    let utah = "UT".parse().unwrap();
    let snapshots = office.store.snapshots(utah).unwrap();
    assert_eq!(snapshots.len(), 4);
    for snapshot in &snapshots {
        assert_eq!(snapshot.manifest().keys, snapshots[0].manifest().keys);
        assert!(held(snapshot).0.counts.voters > 0);
    }
}
