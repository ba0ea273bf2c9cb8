//! Cells: every value in a table is one `u64` whose meaning the column's [`CellKind`] knows.
//!
//! The encodings keep order, so a number is its own sort key and no cell is
//! formatted before it is on screen. [`NONE`] means "not measured, not set";
//! it is never shown as a zero.

use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// A cell without a value.
pub const NONE: u64 = u64::MAX;

/// What a cell's bits mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CellKind {
    /// A signed whole number.
    Int,
    /// CPU in thousandths of a core.
    Milli,
    /// Memory or storage in bytes.
    Bytes,
    /// A moment (Unix milliseconds), shown as the time since then.
    Age,
    /// A moment (Unix milliseconds), shown as a clock time.
    Clock,
    /// Two counts, shown as `ready/total`.
    Pair,
    /// A count and the second it last rose, shown as `3 (5m ago)`.
    CountAgo,
    /// A share in thousandths, shown as a whole percentage.
    Permille,
    /// How long something took, or has taken so far while it goes on.
    Span,
    /// An interned text; sorted by the text, not by the bits.
    Text,
}

const SIGN: u64 = 1 << 63;

/// Encodes a signed number so that unsigned order is its order.
#[must_use]
pub fn int(v: i64) -> u64 {
    let bits = v.cast_unsigned() ^ SIGN;
    if bits == NONE { NONE - 1 } else { bits }
}

/// The signed number of a cell of kind `Int`, `Milli`, `Bytes`, `Age`, `Clock` or `Permille`.
#[must_use]
pub fn as_int(cell: u64) -> Option<i64> {
    (cell != NONE).then(|| (cell ^ SIGN).cast_signed())
}

/// Encodes `a/b`.
#[must_use]
pub fn pair(a: u32, b: u32) -> u64 {
    (u64::from(a) << 32) | u64::from(b)
}

/// The two counts of a `Pair` cell.
#[must_use]
pub fn as_pair(cell: u64) -> Option<(u32, u32)> {
    (cell != NONE).then_some(((cell >> 32) as u32, (cell & 0xffff_ffff) as u32))
}

/// Encodes a count with the Unix second of its last rise (`None` when it never rose).
#[must_use]
pub fn count_ago(count: u32, at: Option<i64>) -> u64 {
    let at = at.and_then(|s| u64::try_from(s).ok()).unwrap_or(0) & 0xff_ffff_ffff;
    (u64::from(count.min(0xff_fffe)) << 40) | at
}

/// The count and the Unix second of a `CountAgo` cell.
#[must_use]
pub fn as_count_ago(cell: u64) -> Option<(u32, Option<i64>)> {
    (cell != NONE).then(|| {
        let at = (cell & 0xff_ffff_ffff).cast_signed();
        ((cell >> 40) as u32, (at > 0).then_some(at))
    })
}

// Spans that go on stand above all that have ended: no clock is asked to sort them.
const GOING_ON: u64 = 1 << 62;

/// Encodes a span that has ended, in milliseconds.
#[must_use]
pub fn span(millis: i64) -> u64 {
    millis.max(0).cast_unsigned().min(GOING_ON - 1)
}

/// Encodes a span that began at that moment (Unix milliseconds) and goes on. Of two such spans the
/// one that began earlier is the longer; each sorts as longer than any that has ended.
#[must_use]
pub fn span_since(start: i64) -> u64 {
    GOING_ON + (GOING_ON - 1 - start.max(0).cast_unsigned().min(GOING_ON - 1))
}

/// The milliseconds of a `Span` cell at a moment.
#[must_use]
pub fn as_span(cell: u64, now: i64) -> Option<i64> {
    match cell {
        NONE => None,
        c if c < GOING_ON => Some(c.cast_signed()),
        c => Some(now.saturating_sub((2 * GOING_ON - 1).saturating_sub(c).cast_signed())),
    }
}

/// The time between two moments as kubectl prints it (`duration.HumanDuration`).
#[must_use]
pub fn human_duration(millis: i64) -> String {
    let s = millis.div_euclid(1000);
    if s < -1 {
        return "<invalid>".into();
    }
    let s = s.max(0);
    let (m, h) = (s / 60, s / 3600);
    let two = |a: i64, ua: char, b: i64, ub: char| {
        if b == 0 { format!("{a}{ua}") } else { format!("{a}{ua}{b}{ub}") }
    };
    if s < 120 {
        format!("{s}s")
    } else if m < 10 {
        two(m, 'm', s % 60, 's')
    } else if m < 180 {
        format!("{m}m")
    } else if h < 8 {
        two(h, 'h', m % 60, 'm')
    } else if h < 48 {
        format!("{h}h")
    } else if h < 24 * 8 {
        two(h / 24, 'd', h % 24, 'h')
    } else if h < 24 * 365 * 2 {
        format!("{}d", h / 24)
    } else if h < 24 * 365 * 8 {
        two(h / 24 / 365, 'y', (h / 24) % 365, 'd')
    } else {
        format!("{}y", h / 24 / 365)
    }
}

/// Thousandths of a core, short: `340m`, `1.2`, `12`.
#[must_use]
pub fn human_milli(m: i64) -> String {
    match m {
        ..1000 => format!("{m}m"),
        1000..10_000 if m % 1000 >= 50 => format!("{:.1}", m as f64 / 1000.0),
        _ => format!("{}", (m + 500) / 1000),
    }
}

/// Bytes in binary units, short: `91Mi`, `2.1Gi`, `0`.
#[must_use]
pub fn human_bytes(b: i64) -> String {
    const UNITS: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    let mut v = b as f64;
    let mut unit = 0;
    while v.abs() >= 1024.0 && unit + 1 < UNITS.len() {
        v /= 1024.0;
        unit += 1;
    }
    if unit >= 3 && v < 10.0 { format!("{v:.1}{}", UNITS[unit]) } else { format!("{v:.0}{}", UNITS[unit]) }
}

/// Writes a cell that is not `Text` as the table shows it. `now` is the API
/// server's clock in Unix milliseconds. A missing value is written as `·`.
pub fn write_cell(out: &mut String, kind: CellKind, cell: u64, now: i64) {
    if cell == NONE {
        out.push('·');
        return;
    }
    match kind {
        CellKind::Int | CellKind::Text => {
            let _ = write!(out, "{}", as_int(cell).unwrap_or_default());
        }
        CellKind::Milli => out.push_str(&human_milli(as_int(cell).unwrap_or_default())),
        CellKind::Bytes => out.push_str(&human_bytes(as_int(cell).unwrap_or_default())),
        CellKind::Age => out.push_str(&human_duration(now - as_int(cell).unwrap_or_default())),
        CellKind::Span => out.push_str(&human_duration(as_span(cell, now).unwrap_or_default())),
        CellKind::Clock => write_clock(out, as_int(cell).unwrap_or_default()),
        CellKind::Pair => {
            let (a, b) = as_pair(cell).unwrap_or_default();
            let _ = write!(out, "{a}/{b}");
        }
        CellKind::CountAgo => {
            let (n, at) = as_count_ago(cell).unwrap_or_default();
            let _ = write!(out, "{n}");
            if let Some(at) = at {
                let _ = write!(out, " ({} ago)", human_duration(now - at * 1000));
            }
        }
        CellKind::Permille => {
            let _ = write!(out, "{}%", (as_int(cell).unwrap_or_default() + 5) / 10);
        }
    }
}

fn write_clock(out: &mut String, millis: i64) {
    let s = millis.div_euclid(1000).rem_euclid(86_400);
    let _ = write!(out, "{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

#[cfg(test)]
mod tests;
