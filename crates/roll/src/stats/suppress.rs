//! Which numbers are told, so that none of the small ones can be worked out from the others.
//!
//! Three rules, for a smallest number `min`:
//!
//! * **Lists** ([`merge`]): values with fewer than `min` registrants are put together. If even so they are fewer than
//!   `min`, the smallest other value joins them. Every number told is at least `min`, and nothing is left to subtract.
//! * **Tables** ([`cross`]): a small cell is hidden together with three others that form a rectangle with it, so that one
//!   registrant could be moved around its corners without changing any sum of a row or a column. Each hidden cell
//!   could therefore be at least two different numbers.
//! * **Parts of a whole** ([`parts`]): a small part is hidden together with the next larger ones, until the hidden parts
//!   are at least two, add up to `min`, and are not all of them one. If that takes all of them, those that are nobody
//!   are hidden too.
//!
//! A hidden number is marked in the same way whether it was small or hides a small one.

/// A value of a list, and how many registrants have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) value: String,
    pub(super) registrants: u64,
    /// Whether the number can be learned from another table, so that it hides nothing: of rows without a value.
    pub(super) is_known: bool,
}

/// Puts small values of a list together. Returns for each value told the places of those that it is made of.
pub(super) fn merge(list: &[Counted], min: u64) -> Vec<Vec<usize>> {
    let registrants = |place: &usize| list.get(*place).map_or(0, |counted| counted.registrants);
    let (mut small, mut large): (Vec<usize>, Vec<usize>) =
        (0..list.len()).filter(|place| registrants(place) > 0).partition(|place| registrants(place) < min);
    let mut sum: u64 = small.iter().map(registrants).sum();
    while !small.is_empty() && sum < min {
        let is_hiding = |place: &usize| list.get(*place).is_some_and(|counted| !counted.is_known);
        let next = large.iter().enumerate().filter(|(_, place)| is_hiding(place));
        let next = next.min_by_key(|(_, place)| registrants(place)).map(|(at, _)| at);
        // What is known elsewhere hides nothing, but there is nothing else.
        let Some(next) = next.or((!large.is_empty()).then_some(0)) else { break };
        let joined = large.remove(next);
        sum += registrants(&joined);
        small.push(joined);
    }
    small.sort_unstable();
    let mut told: Vec<Vec<usize>> = large.into_iter().map(|place| vec![place]).collect();
    if !small.is_empty() {
        told.push(small);
    }
    told
}

/// A number, or `None` where it is hidden.
pub(super) type Cell = Option<u64>;

/// Hides small cells of a table whose sums by row and by column are told and at least `min`.
///
/// Where no rectangle can be found for a cell, every cell is hidden, those with nobody in them too.
pub(super) fn cross(table: &[Vec<u64>], min: u64) -> Vec<Vec<Cell>> {
    let mut hidden: Vec<Vec<bool>> = table.iter().map(|row| vec![false; row.len()]).collect();
    for (row, cells) in table.iter().enumerate() {
        for (column, count) in cells.iter().enumerate() {
            let is_small = (1..min).contains(count);
            // INVARIANT: what is hidden stands in a rectangle.
            if !is_small || is_set(&hidden, row, column) {
                continue;
            }
            let Some((other_row, other_column)) = rectangle(table, &hidden, (row, column)) else {
                return table.iter().map(|row| vec![None; row.len()]).collect();
            };
            for (row, column) in [(row, column), (row, other_column), (other_row, column), (other_row, other_column)] {
                set(&mut hidden, row, column);
            }
        }
    }
    let told = |(cells, hidden): (&Vec<u64>, &Vec<bool>)| {
        cells.iter().zip(hidden).map(|(count, hidden)| (!hidden).then_some(*count)).collect()
    };
    table.iter().zip(&hidden).map(told).collect()
}

/// The opposite corner of the rectangle that hides fewest registrants besides a cell.
fn rectangle(table: &[Vec<u64>], hidden: &[Vec<bool>], (row, column): (usize, usize)) -> Option<(usize, usize)> {
    let count = |row: usize, column: usize| table.get(row).and_then(|cells| cells.get(column)).copied().unwrap_or(0);
    let cost = |row, column| if is_set(hidden, row, column) { 0 } else { count(row, column) };
    let mut best: Option<(u64, usize, usize)> = None;
    let columns = table.get(row).map_or(0, Vec::len);
    for other_column in (0..columns).filter(|other| *other != column && count(row, *other) > 0) {
        for other_row in (0..table.len()).filter(|other| *other != row) {
            let corner = count(row, column);
            let (beside, below) = (count(row, other_column), count(other_row, column));
            let opposite = count(other_row, other_column);
            // A hidden cell is known to hold somebody. One way round or the other, two of them must be able to give one.
            let can_turn = (beside > 1 && below > 1) || (corner > 1 && opposite > 1);
            if below == 0 || opposite == 0 || !can_turn {
                continue;
            }
            let hides = cost(row, other_column) + cost(other_row, column) + cost(other_row, other_column);
            let candidate = (hides, other_row, other_column);
            if best.is_none_or(|best| candidate < best) {
                best = Some(candidate);
            }
        }
    }
    best.map(|(_, row, column)| (row, column))
}

fn is_set(cells: &[Vec<bool>], row: usize, column: usize) -> bool {
    cells.get(row).and_then(|cells| cells.get(column)).copied().unwrap_or(false)
}

fn set(cells: &mut [Vec<bool>], row: usize, column: usize) {
    if let Some(cell) = cells.get_mut(row).and_then(|cells| cells.get_mut(column)) {
        *cell = true;
    }
}

/// Hides small parts of a whole that is told.
pub(super) fn parts<const N: usize>(parts: [u64; N], min: u64) -> [Cell; N] {
    let mut by_size: Vec<usize> = (0..N).filter(|place| parts.get(*place).is_some_and(|part| *part > 0)).collect();
    by_size.sort_by_key(|place| parts.get(*place).copied());
    let mut hidden = [false; N];
    let (mut count, mut sum) = (0_u64, 0_u64);
    for place in by_size {
        let part = parts.get(place).copied().unwrap_or(0);
        let is_open = count > 0 && (count < 2 || sum < min || sum <= count);
        if part >= min && !is_open {
            break;
        }
        if let Some(cell) = hidden.get_mut(place) {
            *cell = true;
        }
        count += 1;
        sum += part;
    }
    if count > 0 && hidden.iter().zip(parts).all(|(hidden, part)| *hidden || part == 0) {
        // Nothing told is left: that some parts are nobody would tell that each of the others is somebody.
        hidden = [true; N];
    }
    let mut told = parts.map(Some);
    told.iter_mut().zip(hidden).filter(|(_, hidden)| *hidden).for_each(|(cell, _)| *cell = None);
    told
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn list(counts: &[u64]) -> Vec<Counted> {
        let counted = |(place, registrants): (usize, &u64)| Counted {
            value: place.to_string(),
            registrants: *registrants,
            is_known: place == 0,
        };
        counts.iter().enumerate().map(counted).collect()
    }

    #[test]
    fn small_values_are_told_together() {
        assert_eq!(merge(&list(&[0, 500, 7, 40, 5]), 10), [vec![1], vec![3], vec![2, 4]]);
        assert_eq!(merge(&list(&[0, 500, 7, 40]), 10), [vec![1], vec![2, 3]]);
        // What is known from elsewhere does not hide the small one, though it is the smallest of the others.
        assert_eq!(merge(&list(&[12, 500, 7, 40]), 10), [vec![0], vec![1], vec![2, 3]]);
        assert_eq!(merge(&list(&[12, 7]), 10), [vec![0, 1]]);
        assert_eq!(merge(&list(&[12, 7]), 1), [vec![0], vec![1]]);
    }

    #[test]
    fn a_small_cell_is_hidden_with_a_rectangle() {
        let table = [vec![3, 20, 100], vec![30, 40, 100], vec![90, 0, 100]];
        let told = cross(&table, 10);
        assert_eq!(
            told,
            [vec![None, None, Some(100)], vec![None, None, Some(100)], vec![Some(90), Some(0), Some(100)]]
        );
        // There is no second row or column to hide it with.
        assert_eq!(cross(&[vec![3, 20]], 10), [vec![None, None]]);
        assert_eq!(cross(&table, 1), table.map(|row| row.into_iter().map(Some).collect::<Vec<_>>()));
    }

    #[test]
    fn a_small_part_is_hidden_with_the_next_one() {
        assert_eq!(parts([500, 3, 40, 0], 10), [Some(500), None, None, Some(0)]);
        assert_eq!(parts([500, 3, 4, 40], 10), [Some(500), None, None, None]);
        assert_eq!(parts([500, 6, 4, 40], 10), [Some(500), None, None, Some(40)]);
        assert_eq!(parts([500, 3, 0, 0], 10), [None; 4]);
        assert_eq!(parts([500, 0, 0, 0], 10), [Some(500), Some(0), Some(0), Some(0)]);
        assert_eq!(parts([1, 1, 1, 0], 3), [None; 4]);
    }

    /// Every way in which the hidden cells could be filled so that the sums stay: the smallest and largest number of each.
    fn ranges(table: &[Vec<u64>], told: &[Vec<Cell>]) -> Vec<(u64, u64)> {
        let is_whole = told.iter().flatten().all(Option::is_none);
        let least = u64::from(!is_whole);
        let places: Vec<(usize, usize)> = (0..table.len())
            .flat_map(|row| (0..table[row].len()).map(move |column| (row, column)))
            .filter(|(row, column)| told[*row][*column].is_none())
            .collect();
        let sum = |rows: bool, at: usize| -> u64 {
            places.iter().filter(|p| if rows { p.0 } else { p.1 } == at).map(|p| table[p.0][p.1]).sum()
        };
        let mut left: (Vec<u64>, Vec<u64>) = (
            (0..table.len()).map(|row| sum(true, row)).collect(),
            (0..table[0].len()).map(|column| sum(false, column)).collect(),
        );
        let mut ranges = vec![(u64::MAX, 0); places.len()];
        fill(&places, least, &mut left, &mut Vec::new(), &mut ranges);
        ranges
    }

    fn fill(
        places: &[(usize, usize)],
        least: u64,
        left: &mut (Vec<u64>, Vec<u64>),
        filled: &mut Vec<u64>,
        ranges: &mut [(u64, u64)],
    ) {
        let Some((row, column)) = places.get(filled.len()).copied() else {
            if left.0.iter().chain(&left.1).all(|left| *left == 0) {
                for (range, count) in ranges.iter_mut().zip(filled) {
                    *range = (range.0.min(*count), range.1.max(*count));
                }
            }
            return;
        };
        for count in least..=left.0[row].min(left.1[column]) {
            left.0[row] -= count;
            left.1[column] -= count;
            filled.push(count);
            fill(places, least, left, filled, ranges);
            filled.pop();
            left.0[row] += count;
            left.1[column] += count;
        }
    }

    proptest! {
        #[test]
        fn no_value_told_is_small(counts in prop::collection::vec(0_u64..40, 1..12), min in 3_u64..20) {
            let total: u64 = counts.iter().sum();
            prop_assume!(total >= min);
            let sums: Vec<u64> =
                merge(&list(&counts), min).iter().map(|places| places.iter().map(|place| counts[*place]).sum()).collect();
            prop_assert!(sums.iter().all(|sum| *sum >= min), "{sums:?}");
            prop_assert_eq!(sums.iter().sum::<u64>(), total);
        }

        /// Knowing every sum of a row and a column and every cell told, no hidden cell can be worked out.
        #[test]
        fn no_hidden_cell_of_a_table_can_be_worked_out(
            table in prop::collection::vec(prop::collection::vec(0_u64..6, 3), 3),
            min in 3_u64..5,
        ) {
            prop_assume!(table.iter().all(|row| row.iter().sum::<u64>() >= min));
            prop_assume!((0..3).all(|column| table.iter().map(|row| row[column]).sum::<u64>() >= min));
            let told = cross(&table, min);
            for (row, cells) in told.iter().enumerate() {
                for (column, cell) in cells.iter().enumerate() {
                    let count = table[row][column];
                    prop_assert!(cell.is_none() || *cell == Some(count));
                    prop_assert!(cell.is_none() || !(1..min).contains(&count));
                }
            }
            let places = told.iter().flatten().enumerate().filter(|(_, cell)| cell.is_none());
            for ((place, _), (least, most)) in places.zip(ranges(&table, &told)) {
                // Where all is hidden, only the small cells have to be.
                let is_small = (1..min).contains(&table[place / 3][place % 3]);
                let is_whole = told.iter().flatten().all(Option::is_none);
                prop_assert!(least < most || (is_whole && !is_small), "{table:?} {told:?}");
            }
        }

        /// Knowing the whole and every part told, no hidden part can be worked out.
        #[test]
        fn no_hidden_part_of_a_whole_can_be_worked_out(counts in prop::array::uniform4(0_u64..14), min in 3_u64..12) {
            prop_assume!(counts.iter().sum::<u64>() >= min);
            let told = parts(counts, min);
            prop_assert!(told.iter().zip(counts).all(|(cell, count)| cell.is_none() || !(1..min).contains(&count)));
            let hidden: Vec<u64> =
                told.iter().zip(counts).filter(|(cell, _)| cell.is_none()).map(|(_, count)| count).collect();
            let least = u64::from(hidden.len() < 4);
            let sum: u64 = hidden.iter().sum();
            // Each can be the least, or as much as leaves the others the least.
            let most = sum.saturating_sub(least * (hidden.len() as u64).saturating_sub(1));
            prop_assert!(hidden.is_empty() || (hidden.len() > 1 && most > least), "{counts:?} {told:?}");
        }
    }
}
