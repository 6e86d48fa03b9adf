//! Random numbers that depend on a seed and a stream number only.

/// A SplitMix64 generator: a counter run through a mixing function, so that streams are cheap to open anywhere.
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
#[derive(Debug, Clone)]
pub(crate) struct Rng(u64);

const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

impl Rng {
    /// Opens the stream of this number. Streams of one seed do not overlap in practice: their starts are mixed.
    pub(crate) fn stream(seed: u64, stream: u64) -> Self {
        Self(mix(seed.wrapping_add(GAMMA)) ^ mix(stream.wrapping_mul(GAMMA).wrapping_add(1)))
    }

    /// Opens a stream of its own from here.
    pub(crate) fn fork(&mut self) -> Self {
        Self(mix(self.bits() ^ GAMMA))
    }

    /// Draws 64 bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GAMMA);
        mix(self.0)
    }

    /// Draws a number below `bound`, or 0 for a bound of 0. The bias, below 2^-32, does not matter for names.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        high((self.bits() >> 32) * u64::from(bound))
    }

    /// Draws a number from `low` to `high`, both included; `low` when the range is empty.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low).saturating_add(1))
    }

    /// Is true in `share` of 1,000 draws.
    pub(crate) fn per_mille(&mut self, share: u32) -> bool {
        self.below(1_000) < share
    }

    /// Draws one of a list; `None` of an empty one.
    pub(crate) fn one_of<T: Copy>(&mut self, list: &[T]) -> Option<T> {
        let bound = u32::try_from(list.len()).ok()?;
        list.get(usize::try_from(self.below(bound)).ok()?).copied()
    }

    /// Draws one word of a list; the empty word of an empty one.
    pub(crate) fn word(&mut self, list: &[&'static str]) -> &'static str {
        self.one_of(list).unwrap_or("")
    }
}

/// The finalizer of SplitMix64: a bijection of 64 bits.
fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// The upper half of a number.
fn high(value: u64) -> u32 {
    u32::try_from(value >> 32).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_and_differ() {
        let draw = |seed, stream| {
            let mut rng = Rng::stream(seed, stream);
            [rng.bits(), rng.bits()]
        };
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 2));
    }

    #[test]
    fn draws_stay_in_their_bounds_and_reach_them() {
        let mut rng = Rng::stream(7, 0);
        let draws: Vec<u32> = (0..1_000).map(|_| rng.between(3, 6)).collect();
        assert_eq!(draws.iter().min(), Some(&3));
        assert_eq!(draws.iter().max(), Some(&6));
        assert_eq!(rng.below(0), 0);
    }
}
