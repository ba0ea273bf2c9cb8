//! The colours of a segment's text: from which byte on which style holds. Logs have few styles and
//! many changes, so a change is eight bytes and a style is kept once.

use crate::core::role::Style;

/// How many styles back a style is looked for before it is kept again: enough for what programs do,
/// and a bound for one that never uses a style twice.
const NEAR: usize = 16;

/// Colours beside a text.
#[derive(Debug, Clone, Default)]
pub struct Paints {
    /// Byte, and which of the styles.
    changes: Vec<(u32, u32)>,
    styles: Vec<Style>,
}

impl Paints {
    /// From this byte on a style holds. Of several at one byte the last holds.
    pub fn put(&mut self, byte: u32, style: Style) {
        if self.changes.last().is_some_and(|c| c.0 == byte) {
            self.changes.pop();
        }
        let beyond = self.styles.len().saturating_sub(NEAR);
        let known = self.styles[beyond..].iter().rposition(|s| *s == style);
        let which = known.map_or(self.styles.len(), |i| beyond + i);
        if known.is_none() {
            self.styles.push(style);
        }
        self.changes.push((byte, which as u32));
    }

    /// The changes within some bytes.
    pub fn within(&self, bytes: std::ops::Range<usize>) -> impl Iterator<Item = (usize, Style)> {
        let first = self.changes.partition_point(|c| (c.0 as usize) < bytes.start);
        let own = self.changes[first..].iter().take_while(move |c| (c.0 as usize) < bytes.end);
        own.map(|c| (c.0 as usize, self.styles.get(c.1 as usize).copied().unwrap_or_default()))
    }

    /// Appends the colours of a text that is appended at this byte.
    pub fn append(&mut self, other: &Self, byte: u32) {
        for (at, style) in other.within(0..usize::MAX) {
            self.put(byte + at as u32, style);
        }
    }

    /// Bytes of memory they take.
    #[must_use]
    pub fn size(&self) -> usize {
        self.changes.len() * 8 + self.styles.len() * size_of::<Style>()
    }

    /// Gives back memory that growing has left over.
    pub fn shrink(&mut self) {
        self.changes.shrink_to_fit();
        self.styles.shrink_to_fit();
    }
}

impl PartialEq for Paints {
    fn eq(&self, other: &Self) -> bool {
        self.within(0..usize::MAX).eq(other.within(0..usize::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::role::Color;
    use proptest::prelude::*;

    fn style(n: u8) -> Style {
        Style { fg: Some(Color::Indexed(n)), ..Style::default() }
    }

    #[test]
    fn a_style_is_kept_once() {
        let mut p = Paints::default();
        for i in 0..1_000 {
            p.put(i, style((i % 3) as u8));
        }
        assert_eq!(p.size(), 1_000 * 8 + 3 * size_of::<Style>());
        assert_eq!(p.within(4..6).collect::<Vec<_>>(), [(4, style(1)), (5, style(2))]);
    }

    proptest! {
        /// Whatever styles come, each byte has the one that was put there last.
        #[test]
        fn what_was_put_is_found(puts in proptest::collection::vec((0_u32..2, any::<u8>()), 0..200), at in 0_usize..200) {
            let mut place = 0;
            let puts: Vec<(u32, u8)> = puts.into_iter().map(|(step, n)| { place += step; (place, n) }).collect();
            let mut all = Paints::default();
            puts.iter().for_each(|(byte, n)| all.put(*byte, style(*n)));
            let mut right = std::collections::BTreeMap::new();
            right.extend(puts.iter().map(|(byte, n)| (*byte as usize, style(*n))));
            prop_assert_eq!(all.within(0..usize::MAX).collect::<Vec<_>>(), right.into_iter().collect::<Vec<_>>());
            let (mut head, mut tail) = (Paints::default(), Paints::default());
            let (first, second) = puts.split_at(at.min(puts.len()));
            let cut = second.first().map_or(0, |p| p.0);
            first.iter().for_each(|(byte, n)| head.put(*byte, style(*n)));
            second.iter().for_each(|(byte, n)| tail.put(*byte - cut, style(*n)));
            head.append(&tail, cut);
            prop_assert!(head == all);
        }
    }
}
