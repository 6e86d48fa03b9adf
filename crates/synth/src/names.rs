//! Names that collide as often as real ones do.
//!
//! Surnames come from the 2010 census, first names from the Social Security Administration's yearly counts, both
//! public domain; `data/README.md` says how the tables were made.

use crate::draw::Weighted;
use crate::rng::Rng;
use crate::table::{Cells, rows};
use crate::text::Text;

const SURNAMES: &str = include_str!("../data/surnames.csv");
const FIRST_NAMES: &str = include_str!("../data/first_names.csv");

/// The stand-in, in the tables, for all names that are too rare to be listed.
const REST: &str = "*";
/// First year and width in years of the birth columns of the table of first names, and how many there are.
const BORN_FROM: i16 = 1915;
const BORN_STEP: i16 = 9;
const BORN_COLUMNS: usize = 10;

/// Endings that turn a listed surname into a rare one; with about 7,000 short stems they give some 150,000 names, as
/// many as the census counted outside the table.
const ENDINGS: [&str; 20] = [
    "son", "man", "er", "ley", "ton", "berg", "field", "well", "ski", "ford", "ham", "by", "worth", "mann", "sen",
    "wood", "land", "stein", "ak", "ard",
];

/// The four groups of the census tables that couple first names and surnames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    /// White.
    White,
    /// Black.
    Black,
    /// Asian and Pacific islander.
    Asian,
    /// Hispanic.
    Hispanic,
}

impl Group {
    /// The groups in the order of the tables' columns.
    pub(crate) const ALL: [Self; 4] = [Self::White, Self::Black, Self::Asian, Self::Hispanic];

    const fn index(self) -> usize {
        match self {
            Self::White => 0,
            Self::Black => 1,
            Self::Asian => 2,
            Self::Hispanic => 3,
        }
    }
}

/// The tables of names, ready to draw from.
#[derive(Debug)]
pub(crate) struct Names {
    /// By group. The empty name is the rest.
    surnames: [Weighted<&'static str>; 4],
    /// Surnames short enough to take an ending.
    stems: Vec<&'static str>,
    /// By sex (women first), birth column and group.
    first: Vec<Weighted<&'static str>>,
}

impl Names {
    /// Reads the embedded tables.
    pub(crate) fn new() -> Self {
        let surnames: Vec<Counted<1>> = rows(SURNAMES, surname).collect();
        let first: Vec<(bool, Counted<BORN_COLUMNS>)> = rows(FIRST_NAMES, first_name).collect();
        let by_sex = |is_female| {
            let names: Vec<&Counted<BORN_COLUMNS>> =
                first.iter().filter(|(sex, _)| *sex == is_female).map(|(_, name)| name).collect();
            (0..BORN_COLUMNS).flat_map(move |column| {
                let names = spread(&names, column);
                Group::ALL
                    .map(|group| Weighted::new(names.iter().map(|(name, count)| (name.word, name.of(*count, group)))))
            })
        };
        Self {
            surnames: Group::ALL.map(|group| {
                Weighted::new(surnames.iter().map(|name| (rest_is_empty(name.word), name.of(name.counts[0], group))))
            }),
            stems: surnames.iter().map(|name| name.word).filter(|word| is_stem(word)).collect(),
            first: by_sex(true).chain(by_sex(false)).collect(),
        }
    }

    /// Draws a surname.
    pub(crate) fn surname(&self, group: Group, rng: &mut Rng) -> Text {
        match self.surnames.get(group.index()).and_then(|names| names.draw(rng)) {
            Some(name) if !name.is_empty() => Text::Word(name),
            _ => Text::Joined(rng.word(&self.stems), "", rng.word(&ENDINGS)),
        }
    }

    /// Draws a first name as given in a year of birth.
    pub(crate) fn first(&self, is_female: bool, born_year: i16, group: Group, rng: &mut Rng) -> &'static str {
        let column = usize::try_from((born_year - BORN_FROM) / BORN_STEP).unwrap_or(0).min(BORN_COLUMNS - 1);
        let sex = if is_female { 0 } else { BORN_COLUMNS };
        let at = (sex + column) * Group::ALL.len() + group.index();
        self.first.get(at).and_then(|names| names.draw(rng)).unwrap_or("")
    }
}

/// A name with its bearers per column (in hundreds) and their share per group (in per cent).
struct Counted<const N: usize> {
    word: &'static str,
    shares: [u64; 4],
    counts: [u64; N],
}

impl<const N: usize> Counted<N> {
    /// The bearers of a group. A share that was rounded to nothing still lets a name occur, rarely.
    fn of(&self, count: u64, group: Group) -> u64 {
        let share = self.shares.get(group.index()).copied().unwrap_or(0);
        count * (share * 20).max(1)
    }
}

fn shares(cells: &mut Cells<'_>) -> Option<[u64; 4]> {
    Some([cells.number()?, cells.number()?, cells.number()?, cells.number()?])
}

/// Reads `name,count_hundreds,white,black,asian,hispanic`.
fn surname(cells: &mut Cells<'static>) -> Option<Counted<1>> {
    let word = cells.text()?;
    let counts = [cells.number()?];
    Some(Counted { word, shares: shares(cells)?, counts })
}

/// Reads `sex,name,white,black,asian,hispanic,` and ten counts.
fn first_name(cells: &mut Cells<'static>) -> Option<(bool, Counted<BORN_COLUMNS>)> {
    let is_female = cells.text()? == "f";
    let word = cells.text()?;
    let shares = shares(cells)?;
    let mut counts = [0; BORN_COLUMNS];
    for count in &mut counts {
        *count = cells.number()?;
    }
    Some((is_female, Counted { word, shares, counts }))
}

fn rest_is_empty(word: &'static str) -> &'static str {
    if word == REST { "" } else { word }
}

fn is_stem(word: &str) -> bool {
    (3..=6).contains(&word.len()) && !word.ends_with(['a', 'e', 'i', 'o', 'u', 'y', 's', 'z'])
}

/// The names of one birth column with their counts; what the table does not list is shared among the rarer half of
/// the listed names, so that the common names keep their true frequency.
fn spread<'a>(names: &[&'a Counted<BORN_COLUMNS>], column: usize) -> Vec<(&'a Counted<BORN_COLUMNS>, u64)> {
    let count = |name: &Counted<BORN_COLUMNS>| name.counts.get(column).copied().unwrap_or(0);
    let rest: u64 = names.iter().filter(|name| name.word == REST).map(|name| count(name)).sum();
    let mut listed: Vec<(&Counted<BORN_COLUMNS>, u64)> =
        names.iter().filter(|name| name.word != REST && count(name) > 0).map(|name| (*name, count(name))).collect();
    listed.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let half = listed.len() / 2;
    let rare = listed.len() - half;
    let extra = u64::try_from(rare).ok().and_then(|rare| rest.checked_div(rare)).unwrap_or(0);
    listed.iter_mut().skip(half).for_each(|(_, count)| *count += extra);
    listed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_the_tables_is_passed_over() {
        assert_eq!(rows(SURNAMES, surname).count(), SURNAMES.lines().count() - 1);
        assert_eq!(rows(FIRST_NAMES, first_name).count(), FIRST_NAMES.lines().count() - 1);
    }

    #[test]
    fn names_follow_their_frequencies() {
        let names = Names::new();
        let mut rng = Rng::stream(1, 0);
        let draws = 50_000;
        let smiths = (0..draws).filter(|_| names.surname(Group::White, &mut rng) == Text::Word("Smith")).count();
        // 2,442,977 bearers, 74 % white, among about 188 million white persons: 0.96 %.
        assert!((350..650).contains(&smiths), "{smiths}");
        let count = |is_female, year, name, rng: &mut Rng| {
            (0..draws).filter(|_| names.first(is_female, year, Group::White, rng) == name).count()
        };
        assert!(count(true, 1948, "Linda", &mut rng) > 1_500);
        assert!(count(true, 1995, "Linda", &mut rng) < 100);
        assert!(count(false, 1980, "Michael", &mut rng) > 1_000);
    }

    #[test]
    fn rare_surnames_are_many() {
        let stems = Names::new().stems.len();
        assert!((4_000..9_000).contains(&stems), "{stems}");
    }
}
