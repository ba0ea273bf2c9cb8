//! How many lines and errors there were over time, one row.

use crate::core::logs::strip::Strip;
use crate::core::panes::log::LogPane;
use crate::core::role::Role;
use crate::ui::ink::Ink;
use crate::ui::width::width;
use crate::ui::words::span;
use ratatui::layout::Rect;

pub(super) fn draw(ink: &mut Ink<'_>, area: Rect, log: &LogPane) {
    let strip: &Strip = &log.tally.strip;
    let Some((from, to)) = strip.span() else {
        ink.put(area.x + 1, area.y, area.right(), "counting", Role::Dim);
        return;
    };
    let text = format!(" lines and errors in {}", span((to - from + 1) * 1_000));
    let cells = usize::from(area.width.saturating_sub(width(&text) + 2)).clamp(8, 400);
    let bars = strip.bars(from, to, cells);
    let most = bars.iter().map(|b| b.0).max().unwrap_or(1).max(1);
    let levels = ink.look.symbols.levels;
    let mut x = area.x + 1;
    for (lines, errors) in &bars {
        if x >= area.right() {
            return;
        }
        if *lines > 0 {
            let top = levels.len() - 1;
            let level = (u64::from(*lines) * top as u64 / u64::from(most)) as usize;
            let role = if *errors > 0 { Role::LogError } else { Role::Spark };
            ink.char(x, area.y, levels[level.min(top)], role);
        }
        x += 1;
    }
    ink.put(x, area.y, area.right(), &text, Role::Dim);
}
