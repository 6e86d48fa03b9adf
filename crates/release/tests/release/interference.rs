//! Non-interference: if two rolls look the same to a requester, every byte that leaves is the same.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use rand_like::Turns;

use crate::pipeline::{Stored, outputs};
use crate::reference::{covers, expected, is_left_out};
use crate::views::{VIEWS, View, any_view};
use crate::world::{Person, World, drawn, person, world};

/// A source of choices that needs no crate: the bits of a seed, over and over.
mod rand_like {
    pub(super) struct Turns(u64);

    impl Turns {
        pub(super) fn new(seed: u64) -> Self {
            Self(seed | 1)
        }

        /// SplitMix64, whose only duty here is to vary.
        pub(super) fn next(&mut self, below: usize) -> usize {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            usize::try_from((z ^ (z >> 31)) % below.max(1) as u64).unwrap()
        }
    }
}

/// Takes one attribute over from another person.
type Take = fn(&mut Person, &Person);

/// Every attribute by itself, so that each can change where the view hides it.
const ATTRIBUTES: [Take; 21] = [
    |to, from| to.first.clone_from(&from.first),
    |to, from| to.middle.clone_from(&from.middle),
    |to, from| to.last.clone_from(&from.last),
    |to, from| to.suffix.clone_from(&from.suffix),
    |to, from| to.is_active = from.is_active,
    |to, from| to.is_absentee = from.is_absentee,
    |to, from| to.is_overseas = from.is_overseas,
    |to, from| to.registered = from.registered,
    |to, from| to.party.clone_from(&from.party),
    |to, from| to.phone.clone_from(&from.phone),
    |to, from| to.mailing.clone_from(&from.mailing),
    |to, from| to.county.clone_from(&from.county),
    |to, from| to.precinct.clone_from(&from.precinct),
    |to, from| (to.born, to.is_year_only) = (from.born, from.is_year_only),
    |to, from| to.district.clone_from(&from.district),
    |to, from| to.voted = from.voted,
    |to, from| to.protections.clone_from(&from.protections),
    |to, from| to.marked.clone_from(&from.marked),
    |to, from| to.street.clone_from(&from.street),
    |to, from| to.id = from.id + 500_000,
    |to, from| (to.city, to.zip) = (from.city.clone(), from.zip.clone()),
];

/// Another roll with the same view: hidden values changed, left-out records changed, added and removed, the lines in
/// another order, the file under another name.
fn disguised(world: &World, view: &View, donors: &[Person], seed: u64) -> World {
    let mut turns = Turns::new(seed);
    let mut donors = donors.to_vec();
    donors.iter_mut().for_each(|donor| donor.is_year_only &= world.is_mixed);
    let mut people: Vec<Person> = Vec::new();
    for person in &world.people {
        let mut changed = person.clone();
        for take in ATTRIBUTES {
            let mut trial = changed.clone();
            take(&mut trial, &donors[turns.next(donors.len())]);
            if same_sight(person, &trial, view) {
                changed = trial;
            }
        }
        people.push(changed);
    }
    let left_out = |person: &Person| is_left_out(person, &view.decision);
    let removed: Vec<Person> = people.extract_if(.., |person| left_out(person) && turns.next(3) == 0).collect();
    let added = donors.iter().filter(|donor| left_out(donor)).take(1 + turns.next(3)).cloned();
    let added: Vec<Person> = added.chain(removed.into_iter().take(turns.next(2))).collect();
    for (n, mut person) in (0..).zip(added) {
        person.id = 9_000_000 + n;
        people.push(person);
    }
    for at in (1..people.len()).rev() {
        people.swap(at, turns.next(at + 1));
    }
    World { people, file: "another-name.csv".to_owned(), is_mixed: world.is_mixed }
}

/// Whether a person looks the same through a view, alone in a roll.
fn same_sight(a: &Person, b: &Person, view: &View) -> bool {
    let alone = |person: &Person| World { people: vec![person.clone()], file: String::new(), is_mixed: false };
    let rules = &view.decision.record_rules;
    expected(&alone(a), &view.decision) == expected(&alone(b), &view.decision)
        && rules.iter().all(|rule| covers(&rule.records, a) == covers(&rule.records, b) || rule.fields.is_none())
}

/// Releases both rolls and compares every byte.
fn assert_same_outputs(a: &World, b: &World, view: &View) -> Result<(), TestCaseError> {
    prop_assert_eq!(expected(a, &view.decision), expected(b, &view.decision), "the disguise shows: {}", view.name);
    let release = |world: &World| outputs(&Stored::new(world).release(&view.request, &view.decision).unwrap());
    let (a, b) = (release(a), release(b));
    let names = |outputs: &crate::pipeline::Outputs| outputs.keys().cloned().collect::<Vec<_>>();
    prop_assert_eq!(names(&a), names(&b));
    for (name, bytes) in &a {
        prop_assert!(&b[name] == bytes, "{} differs under {}", name, view.name);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn what_is_hidden_changes_no_released_byte(
        world in world(10),
        donors in prop::collection::vec(person(), 8),
        view in any_view(),
        seed in any::<u64>(),
    ) {
        let other = disguised(&world, &view, &donors, seed);
        // A roll of which nothing is left is no roll.
        prop_assume!(!other.people.is_empty());
        assert_same_outputs(&world, &other, &view)?;
    }
}

#[test]
fn every_view_hides_what_it_withholds() {
    let mut runner = TestRunner::deterministic();
    let strategy = (world(12), prop::collection::vec(person(), 12), any::<u64>());
    for view in VIEWS.iter() {
        let (world, donors, seed) = drawn(&strategy, &mut runner);
        let other = disguised(&world, view, &donors, seed);
        assert_same_outputs(&world, &other, view).unwrap();
    }
}

#[test]
fn the_disguise_really_changes_rolls() {
    let mut runner = TestRunner::deterministic();
    let strategy = (world(12), prop::collection::vec(person(), 12), any::<u64>());
    let mut changed = 0;
    for view in VIEWS.iter() {
        let (world, donors, seed) = drawn(&strategy, &mut runner);
        let other = disguised(&world, view, &donors, seed);
        let before: std::collections::BTreeSet<u32> = world.people.iter().map(|person| person.id).collect();
        changed += other.people.iter().filter(|person| !before.contains(&person.id)).count();
    }
    assert!(changed > VIEWS.len(), "only {changed} records differ over {} views", VIEWS.len());
}
