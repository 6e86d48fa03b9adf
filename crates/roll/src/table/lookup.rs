//! Tables that are joined to another one: the districts of a precinct, the meaning of a code.

use std::collections::{BTreeMap, HashMap};

use super::columns::Column;
use super::lines::Lines;
use super::outline::Outline;
use super::slots::{CodedElection, ElectionCodes};
use crate::layout::{Binding, Bound, ColumnKind, ElectionPart, Layout, Lookup};
use crate::read::Cell;
use crate::read::form::{Form, Lines as RawLines};
use crate::read::value::clean;
use crate::schema::{DISTRICTS, EXTRA};

/// LIMIT: the largest known lookup table has a row for each precinct of California and each of its districts.
pub(crate) const LOOKUP_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// A lookup table by its key.
#[derive(Debug, Default)]
pub(crate) struct LookupTable {
    /// The canonical columns that it fills.
    pub(crate) columns: Vec<String>,
    rows: HashMap<Vec<String>, Vec<Option<String>>>,
}

/// The rows of a lookup table, which may come in several files: by key, and by canonical column.
#[derive(Debug, Default)]
pub(crate) struct LookupRows(BTreeMap<Vec<String>, BTreeMap<String, String>>);

impl LookupRows {
    /// Adds the rows of a file by the headers of its key columns. Of two rows with one key the first that has a value
    /// counts.
    pub(crate) fn add(&mut self, content: &[u8], form: &Form<'_>, key: &[&str], county: Option<&str>) {
        let layout = form.layout;
        let place = |name: &str| place_of(&form.binding, name);
        let pivot = layout.pivot().and_then(|pivot| Some((place(&pivot.kind)?, place(&pivot.value)?)));
        each_row(content, form, |values| {
            let key: Vec<String> = key
                .iter()
                .map(|name| {
                    place(name)
                        .and_then(|at| values.get(at))
                        .cloned()
                        .or_else(|| county.map(str::to_owned))
                        .unwrap_or_default()
                })
                .collect();
            let row = self.0.entry(key).or_default();
            for (bound, value) in form.binding.columns.iter().zip(&values) {
                let Bound::Column(column) = bound else { continue };
                let is_target = !column.to.starts_with(EXTRA) && ElectionPart::of(&column.to).is_none();
                if is_target && !value.is_empty() {
                    row.entry(column.to.clone()).or_insert_with(|| value.clone());
                }
            }
            if let Some((kind, value)) = pivot
                && let (Some(kind), Some(value)) = (values.get(kind), values.get(value))
                && !kind.is_empty()
            {
                row.entry(format!("{DISTRICTS}{}", key_of(kind))).or_insert_with(|| value.clone());
            }
        });
    }

    /// The table of all rows.
    pub(crate) fn finish(self) -> LookupTable {
        let mut columns: Vec<String> = self.0.values().flat_map(|row| row.keys().cloned()).collect();
        columns.sort_unstable();
        columns.dedup();
        let row = |values: BTreeMap<String, String>| columns.iter().map(|column| values.get(column).cloned()).collect();
        let rows = self.0.into_iter().map(|(key, values)| (key, row(values))).collect();
        LookupTable { columns, rows }
    }
}

/// A kind of district as a key: small letters, digits and `_`.
fn key_of(kind: &str) -> String {
    let letters = kind
        .trim()
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' });
    letters.collect()
}

pub(super) fn place_of(binding: &Binding<'_>, name: &str) -> Option<usize> {
    let is_named = |bound: &Bound<'_>| matches!(bound, Bound::Column(column) if column.is_named(name));
    binding.columns.iter().position(is_named)
}

/// Hears every row that can be split, as clean values.
pub(super) fn each_row(content: &[u8], form: &Form<'_>, mut row: impl FnMut(Vec<String>)) {
    let body = content.get(usize::try_from(form.body).unwrap_or(usize::MAX)..).unwrap_or_default();
    let (mut cells, mut scratch) = (Vec::new(), Vec::new());
    for line in RawLines::new(body).filter(|line| !line.is_empty()) {
        let line = form.decoding.decode(line);
        cells.clear();
        if form.split(&line, &mut cells).is_err() {
            continue;
        }
        let value = |cell: &Cell| {
            String::from_utf8_lossy(clean(&line, *cell, form.splitter.quote(), &mut scratch)).into_owned()
        };
        row(cells.iter().map(value).collect());
    }
}

/// Reads the meaning of codes of elections; `county` is what the file's name tells.
pub(crate) fn election_codes(content: &[u8], form: &Form<'_>, county: Option<&str>, codes: &mut ElectionCodes) {
    let layout: &Layout = form.layout;
    let find = |part: ElectionPart| {
        form.binding.columns.iter().enumerate().find_map(|(place, bound)| match bound {
            Bound::Column(column) if ElectionPart::of(&column.to) == Some(part) => Some((place, *column)),
            _ => None,
        })
    };
    let Some((code, _)) = find(ElectionPart::Code) else { return };
    let (date, name, kind) = (find(ElectionPart::Date), find(ElectionPart::Name), find(ElectionPart::Kind));
    let of_county = form.binding.find("county").map(|(place, _)| place);
    each_row(content, form, |values| {
        let value = |place: usize| values.get(place).filter(|value| !value.is_empty()).cloned();
        let county = of_county.and_then(value).or_else(|| county.map(str::to_owned)).unwrap_or_default();
        let Some(code) = value(code) else { return };
        let date = date.and_then(|(place, column)| {
            let ColumnKind::Date(forms) = &column.kind else { return None };
            let text = value(place)?;
            forms.iter().find_map(|form| form.read(text.as_bytes(), None))
        });
        let name = name.and_then(|(place, _)| value(place));
        let word = kind.and_then(|(place, column)| {
            let text = value(place)?;
            column.codes().and_then(|codes| codes.canonical(&text)).map(str::to_owned).or(Some(text))
        });
        let kind =
            [word.as_deref(), name.as_deref()].into_iter().flatten().find_map(|word| layout.history().kind_of(word));
        let kind = kind.map(str::to_owned);
        codes.entry((county, code)).or_insert(CodedElection { date, name, kind });
    });
}

/// How a lookup table fills columns of another one.
#[derive(Debug)]
pub(crate) struct LookupPlan<'a> {
    table: &'a LookupTable,
    keys: Vec<Key>,
    /// The slot of each column of the lookup table; `None` for one that the file fills by itself.
    slots: Vec<Option<usize>>,
}

/// Where a part of a key comes from.
#[derive(Debug)]
pub(super) enum Key {
    Cell(usize),
    Told(String),
}

impl Key {
    /// The part that a header, or what the file's name tells, gives.
    pub(super) fn of(ours: &str, binding: &Binding<'_>, named: &[(String, String)]) -> Self {
        let told = || named.iter().find(|(name, _)| name == ours).map(|(_, value)| value.clone()).unwrap_or_default();
        place_of(binding, ours).map_or_else(|| Self::Told(told()), Self::Cell)
    }

    /// The part in a row.
    pub(super) fn part(&self, line: &[u8], cells: &[Cell], quote: Option<u8>, scratch: &mut Vec<u8>) -> String {
        match self {
            Self::Told(value) => value.clone(),
            Self::Cell(place) => {
                let cell = cells.get(*place).copied().unwrap_or_default();
                String::from_utf8_lossy(clean(line, cell, quote, scratch)).into_owned()
            }
        }
    }
}

impl<'a> LookupPlan<'a> {
    pub(crate) fn new(
        table: &'a LookupTable,
        lookup: &Lookup,
        binding: &Binding<'_>,
        named: &[(String, String)],
        outline: &Outline,
    ) -> Self {
        let slot = |column: &String| outline.slot(column).filter(|_| binding.find(column).is_none());
        let slots = table.columns.iter().map(slot).collect();
        Self { table, keys: lookup.on.iter().map(|(ours, _)| Key::of(ours, binding, named)).collect(), slots }
    }

    /// The columns of the table that it fills.
    pub(crate) fn slots(&self) -> impl Iterator<Item = usize> {
        self.slots.iter().flatten().copied()
    }

    pub(crate) fn fill(&self, lines: &Lines<'_>, columns: &mut [Column]) {
        let mut scratch = Vec::new();
        for (line, cells) in lines.rows() {
            let key: Vec<String> =
                self.keys.iter().map(|key| key.part(line, cells, lines.quote(), &mut scratch)).collect();
            let row = self.table.rows.get(&key);
            for (place, slot) in self.slots.iter().enumerate() {
                let Some(column) = slot.and_then(|slot| columns.get_mut(slot)) else { continue };
                match row.and_then(|row| row.get(place)).and_then(Option::as_ref) {
                    Some(value) => column.push_text(value.as_bytes()),
                    None => column.push_null(),
                }
            }
        }
    }
}
