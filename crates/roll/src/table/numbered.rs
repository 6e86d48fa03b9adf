//! Numbered columns whose meaning a table of the delivery tells: Pennsylvania's zones, other ones in each county.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::columns::Column;
use super::lines::Lines;
use super::lookup::{Key, each_row, place_of};
use super::outline::Outline;
use crate::layout::{Binding, Bound, ColumnKind, LayoutColumn, Numbered};
use crate::read::form::Form;
use crate::read::value::clean;
use crate::schema::DISTRICTS;

/// What numbers stand for, by the key of a row.
#[derive(Debug, Default)]
pub(crate) struct NumberedTable {
    /// By key and numbered column: the column that it stands for; `None` where its names are not known or two rows
    /// contradict each other.
    rows: BTreeMap<Vec<String>, BTreeMap<String, Option<String>>>,
}

impl NumberedTable {
    /// Adds the rows of a table; `county` is what the file's name tells.
    pub(crate) fn add(&mut self, content: &[u8], form: &Form<'_>, numbered: &Numbered, county: Option<&str>) {
        let place = |name: &String| place_of(&form.binding, name);
        let key: Vec<Option<usize>> = numbered.on.iter().map(|(_, theirs)| place(theirs)).collect();
        let Some(number) = place(&numbered.number) else { return };
        let names: Vec<usize> = numbered.names.iter().filter_map(place).collect();
        each_row(content, form, |values| {
            let value = |place: usize| values.get(place).map(String::as_str).unwrap_or_default();
            let Ok(number) = value(number).parse::<u16>() else { return };
            let key = key.iter().map(|place| place.map_or(county.unwrap_or_default(), value).to_owned()).collect();
            let kind = names.iter().find_map(|place| numbered.kind_of(value(*place)));
            let stands_for = kind.map(|kind| format!("{DISTRICTS}{kind}"));
            let row = self.rows.entry(key).or_default();
            row.entry(numbered.column(number))
                .and_modify(|known| {
                    if *known != stands_for {
                        *known = None;
                    }
                })
                .or_insert(stands_for);
        });
    }

    /// The columns that are filled.
    pub(crate) fn columns(&self) -> BTreeSet<&str> {
        self.rows.values().flat_map(|row| told(row).into_values()).collect()
    }
}

/// What each column of a row stands for. Nothing is read by guess: of two numbers of one kind neither is told.
fn told(row: &BTreeMap<String, Option<String>>) -> BTreeMap<&str, &str> {
    let is_single = |kind: &String| row.values().flatten().filter(|other| *other == kind).count() == 1;
    let single = |kind: &&String| is_single(kind);
    row.iter().filter_map(|(column, kind)| Some((column.as_str(), kind.as_ref().filter(single)?.as_str()))).collect()
}

/// How numbered columns of a table fill those that they stand for, row by row.
#[derive(Debug)]
pub(crate) struct NumberedPlan {
    keys: Vec<Key>,
    /// The slots that are filled.
    slots: Vec<usize>,
    /// For each key, the cell that fills each slot.
    routes: HashMap<Vec<String>, Vec<Option<usize>>>,
    /// The same for rows whose key the table does not have: each number fills its own column.
    plain: Vec<Option<usize>>,
}

impl NumberedPlan {
    pub(crate) fn new(
        table: &NumberedTable,
        numbered: &Numbered,
        binding: &Binding<'_>,
        named: &[(String, String)],
        outline: &Outline,
    ) -> Self {
        let mut own: Vec<(&str, usize, usize)> = Vec::new();
        for (cell, bound) in binding.columns.iter().enumerate() {
            let Bound::Column(column) = bound else { continue };
            if let Some(slot) = outline.slot(&column.to).filter(|_| is_plain(column) && numbered.has(&column.to)) {
                own.push((&column.to, cell, slot));
            }
        }
        let is_free = |name: &&str| binding.find(name).is_none();
        let others = table.columns().into_iter().filter(is_free).filter_map(|name| Some((name, outline.slot(name)?)));
        let others: Vec<(&str, usize)> = others.collect();
        let route = |told: &BTreeMap<&str, &str>| -> Vec<Option<usize>> {
            let stands_for = |column: &str| {
                let told = told.get(column).copied();
                told.filter(|told| others.iter().any(|(name, _)| name == told))
            };
            let kept = own.iter().map(|(column, cell, _)| stands_for(column).is_none().then_some(*cell));
            let moved = others.iter().map(|(name, _)| {
                own.iter().find(|(column, ..)| stands_for(column) == Some(*name)).map(|(_, cell, _)| *cell)
            });
            kept.chain(moved).collect()
        };
        Self {
            keys: numbered.on.iter().map(|(ours, _)| Key::of(ours, binding, named)).collect(),
            slots: own.iter().map(|(_, _, slot)| *slot).chain(others.iter().map(|(_, slot)| *slot)).collect(),
            routes: table.rows.iter().map(|(key, row)| (key.clone(), route(&told(row)))).collect(),
            plain: route(&BTreeMap::new()),
        }
    }

    /// The columns of the table that it fills.
    pub(crate) fn slots(&self) -> impl Iterator<Item = usize> {
        self.slots.iter().copied()
    }

    pub(crate) fn fill(&self, lines: &Lines<'_>, columns: &mut [Column]) {
        let mut scratch = Vec::new();
        for (line, cells) in lines.rows() {
            let key: Vec<String> =
                self.keys.iter().map(|key| key.part(line, cells, lines.quote(), &mut scratch)).collect();
            let route = self.routes.get(&key).unwrap_or(&self.plain);
            for (slot, cell) in self.slots.iter().zip(route) {
                let Some(column) = columns.get_mut(*slot) else { continue };
                let cell = cell.and_then(|cell| cells.get(cell)).copied().unwrap_or_default();
                match clean(line, cell, lines.quote(), &mut scratch) {
                    [] => column.push_null(),
                    value => column.push_text(value),
                }
            }
        }
    }
}

/// Whether a column's values are taken as they are, so that they can stand in another one.
fn is_plain(column: &LayoutColumn) -> bool {
    column.kind == ColumnKind::Text
        && column.groups.is_empty()
        && column.merge.is_none()
        && column.zeros.is_none()
        && column.masked.is_empty()
        && column.placeholders.is_empty()
}
