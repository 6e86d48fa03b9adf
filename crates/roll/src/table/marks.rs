//! Grounds of protection that a file tells by marks inside ordinary columns.

use std::collections::BTreeMap;

use terms::Ground;

use super::columns::Column;
use super::lines::Lines;
use super::outline::Outline;
use crate::layout::{Binding, Bound};
use crate::read::value::clean;
use crate::schema::PROTECTION_MARKS;

/// Which cells may mark a registrant, and as what.
#[derive(Debug)]
pub(crate) struct MarkPlan<'a> {
    slot: usize,
    cells: Vec<(usize, &'a BTreeMap<String, Ground>)>,
}

impl<'a> MarkPlan<'a> {
    /// `None` where no column of the table marks anybody.
    pub(crate) fn new(binding: &Binding<'a>, outline: &Outline) -> Option<Self> {
        let slot = outline.slot(PROTECTION_MARKS)?;
        let cells = binding.columns.iter().enumerate().filter_map(|(cell, bound)| match bound {
            Bound::Column(column) if !column.marks.is_empty() => Some((cell, &column.marks)),
            _ => None,
        });
        let cells: Vec<_> = cells.collect();
        (!cells.is_empty()).then_some(Self { slot, cells })
    }

    pub(crate) fn slot(&self) -> usize {
        self.slot
    }

    /// Appends the grounds of some lines, in the order of their words, with a blank between them.
    pub(crate) fn fill(&self, lines: &Lines<'_>, columns: &mut [Column]) {
        let Some(column) = columns.get_mut(self.slot) else { return };
        let mut scratch = Vec::new();
        for (line, cells) in lines.rows() {
            let mut grounds: Vec<&str> = Vec::new();
            for (place, marks) in &self.cells {
                let cell = cells.get(*place).copied().unwrap_or_default();
                let value = clean(line, cell, lines.quote(), &mut scratch);
                let ground = std::str::from_utf8(value).ok().and_then(|value| marks.get(value));
                grounds.extend(ground.map(|ground| ground.as_str()));
            }
            grounds.sort_unstable();
            grounds.dedup();
            if grounds.is_empty() { column.push_null() } else { column.push_text(grounds.join(" ").as_bytes()) }
        }
    }
}
