//! Lines and errors over time.

use std::collections::{BTreeMap, HashMap};

/// Seconds with lines: when (Unix seconds), how many lines, how many of them errors.
pub type Counts = Vec<(i64, u32, u32)>;

/// Counts by second over all segments.
#[derive(Debug, Clone, Default)]
pub struct Strip {
    seconds: BTreeMap<i64, (u32, u32)>,
    segments: HashMap<u32, Counts>,
}

impl Strip {
    /// Adds what was counted in a segment.
    pub fn add(&mut self, segment: u32, counts: &[(i64, u32, u32)]) {
        for (second, lines, errors) in counts {
            let at = self.seconds.entry(*second).or_default();
            at.0 += lines;
            at.1 += errors;
        }
        if !counts.is_empty() {
            self.segments.entry(segment).or_default().extend_from_slice(counts);
        }
    }

    /// Takes back what was counted in a segment.
    pub fn forget(&mut self, segment: u32) {
        for (second, lines, errors) in self.segments.remove(&segment).unwrap_or_default() {
            if let Some(at) = self.seconds.get_mut(&second) {
                at.0 = at.0.saturating_sub(lines);
                at.1 = at.1.saturating_sub(errors);
                if at.0 == 0 {
                    self.seconds.remove(&second);
                }
            }
        }
    }

    /// First and last second with lines.
    #[must_use]
    pub fn span(&self) -> Option<(i64, i64)> {
        Some((*self.seconds.first_key_value()?.0, *self.seconds.last_key_value()?.0))
    }

    /// Lines and errors in each of `n` equal parts of the time from `from` to `to` (Unix seconds).
    #[must_use]
    pub fn bars(&self, from: i64, to: i64, n: usize) -> Vec<(u32, u32)> {
        let mut bars = vec![(0_u32, 0_u32); n];
        let span = (to - from + 1).max(1);
        for (second, (lines, errors)) in self.seconds.range(from..=to.max(from)) {
            let at = (i128::from(second - from) * n as i128 / i128::from(span)) as usize;
            if let Some(bar) = bars.get_mut(at) {
                bar.0 = bar.0.saturating_add(*lines);
                bar.1 = bar.1.saturating_add(*errors);
            }
        }
        bars
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_span() {
        let mut strip = Strip::default();
        strip.add(0, &[(10, 5, 1), (11, 2, 0)]);
        strip.add(1, &[(11, 1, 1), (19, 4, 4)]);
        assert_eq!(strip.span(), Some((10, 19)));
        assert_eq!(strip.bars(10, 19, 5), [(8, 2), (0, 0), (0, 0), (0, 0), (4, 4)]);
        strip.forget(0);
        assert_eq!(strip.bars(10, 19, 2), [(1, 1), (4, 4)]);
    }
}
