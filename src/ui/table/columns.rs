//! Which columns are shown, and how wide. Narrow panes drop what matters least
//! (the schema says what), then long texts are cut; numbers never are.

use crate::core::schema::{Column, Show, Source};

/// A column on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    /// Its place among the columns asked for.
    pub at: usize,
    /// Cells it takes.
    pub width: u16,
}

/// The columns on screen, left to right.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Plan {
    /// The columns.
    pub slots: Vec<Slot>,
    /// Blanks between two columns.
    pub gap: u16,
    /// Whether columns were left out for want of room.
    pub more: bool,
}

/// Texts give way down to this many cells before a column is dropped ...
const TEXT_NEED: u16 = 24;
/// ... names down to this.
const NAME_NEED: u16 = 36;
/// Other texts give way before names, but not below this;
const SOFT_LEAST: u16 = 8;
/// nothing is cut below this.
const LEAST: u16 = 4;

/// What a column needs so that dropping another one is not worth it.
fn need(column: &Column, natural: u16) -> u16 {
    match column.source {
        _ if column.right_aligned() => natural,
        Source::Name => natural.min(NAME_NEED),
        _ => natural.min(TEXT_NEED),
    }
}

/// Fits columns, with their natural widths and whether all their cells in sight are blank, into `room` cells. With `scrolls`
/// nothing is dropped but what lies beyond the right edge.
pub(super) fn plan(columns: &[(&Column, u16, bool)], room: u16, scrolls: bool) -> Plan {
    let mut kept: Vec<usize> = (0..columns.len()).collect();
    let width_of = |kept: &[usize], f: &dyn Fn(usize) -> u16| -> u32 {
        kept.iter().map(|&i| u32::from(f(i))).sum::<u32>() + kept.len().saturating_sub(1) as u32
    };
    let needs = |i: usize| need(columns[i].0, columns[i].1);
    let room32 = u32::from(room);
    if scrolls {
        while kept.len() > 1 && width_of(&kept, &needs) > room32 {
            kept.pop();
        }
    } else {
        while width_of(&kept, &needs) > room32 {
            let rank = |i: usize| match columns[i].0.show {
                // A column that says nothing here goes first.
                Show::Room(n) => Some((columns[i].2, n, i)),
                _ => None,
            };
            let Some((_, _, drop)) = kept.iter().filter_map(|&i| rank(i)).max() else { break };
            kept.retain(|&i| i != drop);
        }
        // A wide column that went may have left room for a narrow one that had to go before it.
        let mut gone: Vec<usize> = (0..columns.len()).filter(|i| !kept.contains(i)).collect();
        gone.sort_by_key(|&i| match columns[i].0.show {
            Show::Room(n) => (columns[i].2, n, i),
            _ => (false, 0, i),
        });
        for back in gone {
            if width_of(&kept, &needs) + u32::from(needs(back)) < room32 {
                kept.push(back);
                kept.sort_unstable();
            }
        }
    }
    let mut widths: Vec<u16> = kept.iter().map(|&i| needs(i)).collect();
    let more = kept.len() < columns.len();
    let gaps = kept.len().saturating_sub(1) as u16;
    let room_for_text = room.saturating_sub(gaps);
    let soft = |i: usize| !columns[i].0.right_aligned() && columns[i].0.source != Source::Name;
    squeeze(&mut widths, room_for_text, SOFT_LEAST, |at| soft(kept[at]));
    squeeze(&mut widths, room_for_text, LEAST, |at| !columns[kept[at]].0.right_aligned());
    let mut spare = room.saturating_sub(widths.iter().sum::<u16>().saturating_add(gaps));
    // What is left goes to the texts that were cut: names first.
    let name = kept.iter().position(|&i| columns[i].0.source == Source::Name);
    for at in name.into_iter().chain(0..kept.len()) {
        let grow = columns[kept[at]].1.saturating_sub(widths[at]).min(spare);
        widths[at] += grow;
        spare -= grow;
    }
    let gap = if gaps > 0 && spare >= gaps { 2 } else { 1 };
    Plan { slots: kept.into_iter().zip(widths).map(|(at, width)| Slot { at, width }).collect(), gap, more }
}

/// Takes cells from the widest of those that may give, down to `least`, until all fit.
fn squeeze(widths: &mut [u16], room: u16, least: u16, may_give: impl Fn(usize) -> bool) {
    let mut total: u32 = widths.iter().map(|w| u32::from(*w)).sum();
    while total > u32::from(room) {
        let givers = widths.iter_mut().enumerate().filter(|(at, w)| **w > least && may_give(*at));
        let Some((_, widest)) = givers.max_by_key(|(_, w)| **w) else { return };
        *widest -= 1;
        total -= 1;
    }
}

#[cfg(test)]
mod tests;
