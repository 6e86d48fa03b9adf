//! Drawing from a list by weight.

use crate::rng::Rng;

/// A weighted list that one draw of random bits picks from, by the alias method.
///
/// Source: Vose, "A linear algorithm for generating random numbers with a given distribution", IEEE TSE 17(9), 1991.
#[derive(Debug, Clone, Default)]
pub(crate) struct Weighted<T> {
    slots: Vec<Slot<T>>,
}

#[derive(Debug, Clone, Copy)]
struct Slot<T> {
    /// Of 2^32 draws that hit this slot, how many keep `own`.
    keep: u32,
    own: T,
    other: T,
}

impl<T: Copy> Weighted<T> {
    /// Builds the list; entries of weight 0 are never drawn.
    pub(crate) fn new(entries: impl IntoIterator<Item = (T, u64)>) -> Self {
        let entries: Vec<(T, u64)> = entries.into_iter().filter(|(_, weight)| *weight > 0).collect();
        let total: u128 = entries.iter().map(|(_, weight)| u128::from(*weight)).sum();
        let count = u128::try_from(entries.len()).unwrap_or(u128::MAX);
        // Every slot holds `total`; an entry brings its weight times the number of slots.
        let scaled = entries.iter().map(|(own, weight)| (*own, u128::from(*weight) * count));
        let (mut small, mut large): (Vec<_>, Vec<_>) = scaled.partition(|(_, share)| *share < total);
        let mut slots = Vec::with_capacity(entries.len());
        while let (Some((own, share)), Some((other, rest))) = (small.last().copied(), large.last().copied()) {
            small.pop();
            large.pop();
            slots.push(Slot { keep: part_of(share, total), own, other });
            let rest = (rest + share).saturating_sub(total);
            if rest < total { small.push((other, rest)) } else { large.push((other, rest)) }
        }
        slots.extend(small.into_iter().chain(large).map(|(own, _)| Slot { keep: u32::MAX, own, other: own }));
        Self { slots }
    }

    /// Draws one entry; `None` of an empty list.
    pub(crate) fn draw(&self, rng: &mut Rng) -> Option<T> {
        let bits = rng.bits();
        let low = u32::try_from(bits & u64::from(u32::MAX)).ok()?;
        let slot = (u128::from(bits >> 32) * u128::try_from(self.slots.len()).ok()?) >> 32;
        let slot = self.slots.get(usize::try_from(slot).ok()?)?;
        Some(if low < slot.keep { slot.own } else { slot.other })
    }
}

/// `share / total` in 2^32 parts.
fn part_of(share: u128, total: u128) -> u32 {
    (share << 32).checked_div(total).and_then(|part| u32::try_from(part).ok()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_as_often_as_they_weigh() {
        let list = Weighted::new([('a', 70), ('b', 20), ('c', 10), ('d', 0)]);
        let mut rng = Rng::stream(1, 1);
        let draws: Vec<char> = (0..100_000).filter_map(|_| list.draw(&mut rng)).collect();
        let share = |entry| draws.iter().filter(|drawn| **drawn == entry).count();
        assert!(share('a').abs_diff(70_000) < 700, "{}", share('a'));
        assert!(share('b').abs_diff(20_000) < 600, "{}", share('b'));
        assert!(share('c').abs_diff(10_000) < 400, "{}", share('c'));
        assert_eq!(share('d'), 0);
    }

    #[test]
    fn an_empty_list_gives_nothing() {
        assert_eq!(Weighted::<u8>::new([]).draw(&mut Rng::stream(1, 1)), None);
    }
}
