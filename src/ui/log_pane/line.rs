//! One line of a log: cursor or mark, time, stream, text.

use crate::core::logs::fields;
use crate::core::logs::fold;
use crate::core::logs::labels;
use crate::core::logs::level::Level;
use crate::core::logs::query::{Filter, Finder};
use crate::core::logs::scan::Job;
use crate::core::logs::segment::Mark;
use crate::core::logs::segments::LineId;
use crate::core::logs::shape;
use crate::core::panes::log::{LogPane, Prefix};
use crate::core::role::{self, Role};
use crate::ui::ink::Ink;
use crate::ui::look;
use jiff::tz::TimeZone;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// What is the same for all lines of a frame.
pub(super) struct Look<'a> {
    log: &'a LogPane,
    now: i64,
    zone: &'a TimeZone,
    label: u16,
}

impl<'a> Look<'a> {
    pub fn new(log: &'a LogPane, now: i64, zone: &'a TimeZone) -> Self {
        Self { log, now, zone, label: log.label_width() }
    }

    /// What is lit: what is searched for, and the words of the filter.
    fn lights(&self) -> impl Iterator<Item = &'a Finder> {
        let found = match self.log.found.job() {
            Some(Job::Find(finder)) => Some(finder),
            _ => None,
        };
        let kept = match self.log.kept.job() {
            Some(Job::Filter { filter, .. }) => Some(filter),
            _ => None,
        };
        found.into_iter().chain(kept.into_iter().flat_map(Filter::lights))
    }
}

/// Draws a line into the upper rows of `area`, but for so many of its rows that are above it; returns
/// how many rows it took.
pub(super) fn draw(
    ink: &mut Ink<'_>,
    area: Rect,
    look: &Look<'_>,
    id: LineId,
    before: Option<LineId>,
    above: u16,
    cursor: bool,
) -> u16 {
    let log = look.log;
    let Some(held) = log.store.held(id) else { return 1 };
    let line = id.line as usize;
    let mark = held.lines.mark(line);
    let text = held.lines.text(line);
    let level = if mark.is_some() { None } else { Level::of_line(shape::part(text)) };
    let role = match (mark, level) {
        (Some(Mark::Gap), _) => Role::LogGap,
        (Some(Mark::Event), _) if text.starts_with("Warning ") => Role::LogWarn,
        (Some(Mark::Note | Mark::Event), _) => Role::LogNote,
        (_, Some(Level::Error | Level::Fatal)) => Role::LogError,
        (_, Some(Level::Warn)) => Role::LogWarn,
        (_, Some(Level::Debug | Level::Trace)) => Role::LogDebug,
        _ => Role::Log,
    };
    let style = ink.look.style(role);
    // The prefix stands in the first row, which may be above.
    let x = match above {
        0 => prefix(ink, area, look, id, before),
        _ => area.x + log.prefix_width(),
    };
    let room = Rect { x, width: area.right().saturating_sub(x), ..area };
    let mut rows = 1;
    if let Some(Mark::Note | Mark::Gap | Mark::Event) = mark {
        let text = shape::noted(text, ink.look.symbols.note);
        rows = body(ink, room, look, &text, above, style, &[]);
    } else if !log.fields.is_empty() && fields::structured(text) {
        columns(ink, room, look, text, style);
    } else {
        rows = body(ink, room, look, text, above, style, &held.lines.paints(line).collect::<Vec<_>>());
        if log.fold && mark.is_none() {
            more(ink, room, fold::followers(&held.lines, line));
        }
    }
    if log.marks.contains(&id) && above == 0 {
        let c = ink.look.symbols.mark;
        ink.char(area.x, area.y, c, Role::RowMark);
    }
    if cursor {
        let row = Rect { height: rows.min(area.height), ..area };
        ink.over(row, Role::RowCursor);
        let c = ink.look.symbols.cursor;
        if !log.marks.contains(&id) {
            ink.char(area.x, area.y, c, Role::RowCursor);
        }
    }
    rows
}

/// Time and stream; returns where the text begins.
fn prefix(ink: &mut Ink<'_>, area: Rect, look: &Look<'_>, id: LineId, before: Option<LineId>) -> u16 {
    let log = look.log;
    let mut x = area.x + 1;
    let width = log.times.width();
    if width > 0 {
        let before = before.map(|b| log.store.time(b));
        let text = log.times.show(log.store.time(id), look.now, before, look.zone);
        let role = if log.store.is_late(id) { Role::LogLate } else { Role::LogTime };
        ink.put(x, area.y, (x + width).min(area.right()), &text, role);
        x += width + 1;
    }
    if look.label > 0 {
        let stream = log.store.held(id).map_or(0, |h| usize::from(h.stream));
        let full;
        let name: &str = match log.prefix {
            Prefix::Full => {
                full = log.store.streams().get(stream).map(|s| labels::full(&s.name)).unwrap_or_default();
                &full
            }
            Prefix::Short | Prefix::Off => log.labels.get(stream).map_or("", |l| l),
        };
        let hue = log.store.streams().get(stream).map_or(0, |s| hue(&s.name.pod, &s.name.container));
        let style = ink.look.style(Role::LOG_STREAMS[hue]);
        ink.put_styled(x, area.y, (x + look.label).min(area.right()), name, style);
        x += look.label + 1;
    }
    x
}

/// The colour of a stream: by its name, so that it is the same in every pane and every run.
fn hue(pod: &str, container: &str) -> usize {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for b in pod.bytes().chain([b'/']).chain(container.bytes()) {
        hash = (hash ^ u64::from(b)).wrapping_mul(0x100_0000_01b3);
    }
    (hash >> 32) as usize % Role::LOG_STREAMS.len()
}

/// Fields instead of the line.
fn columns(ink: &mut Ink<'_>, room: Rect, look: &Look<'_>, text: &str, style: Style) {
    let names = &look.log.fields;
    let share = (room.width / names.len().max(1) as u16).max(6);
    let mut x = room.x;
    for (i, name) in names.iter().enumerate() {
        let last = i + 1 == names.len();
        let value = fields::get(text, name);
        // Short fields first keep their place; the last one has what is left.
        let width = if last { room.right().saturating_sub(x) } else { share.min(16) };
        let end = (x + width).min(room.right());
        match value {
            Some(value) => drop(ink.put_styled(x, room.y, end.saturating_sub(u16::from(!last)), &value, style)),
            None => ink.char(x, room.y, ink.look.symbols.unknown, Role::Dim),
        }
        x = end;
    }
}

/// How many lines are folded into this one.
fn more(ink: &mut Ink<'_>, room: Rect, lines: usize) {
    if lines > 0 {
        let text = format!(" +{lines} ");
        let style = ink.look.style(Role::LogNote);
        ink.put_right(room.x, room.y, room.right(), &text, style);
    }
}

/// The text, on one row from the column scrolled to, or on as many as it takes.
fn body(
    ink: &mut Ink<'_>,
    room: Rect,
    look: &Look<'_>,
    text: &str,
    above: u16,
    style: Style,
    paints: &[(usize, role::Style)],
) -> u16 {
    let cut = shape::part(text).len() < text.len();
    let text = shape::part(text);
    let lit: Vec<_> = look.lights().flat_map(|f| f.hits(text.as_bytes())).collect();
    let style_at = |at: usize, ink: &Ink<'_>| {
        let mut here = style;
        if let Some((_, paint)) = paints.iter().rev().find(|p| p.0 <= at) {
            here = here.patch(look::style(*paint));
        }
        if lit.iter().any(|r| r.contains(&at)) {
            here = here.patch(ink.look.own(Role::Match));
        }
        here
    };
    let wrap = look.log.wrap;
    let starts = if wrap { shape::rows(text, room.width) } else { vec![0] };
    let left = if wrap { 0 } else { usize::from(look.log.left) };
    let (mut row, mut column, mut skipped) = (0, 0, 0_usize);
    for (at, glyph, width) in shape::glyphs(text) {
        if starts.get(row + 1) == Some(&at) {
            row += 1;
            column = 0;
        }
        if skipped < left {
            skipped += usize::from(width);
            // A wide character cut in half leaves a blank.
            column = skipped.saturating_sub(left) as u16;
            continue;
        }
        let Some(y) = (row as u16).checked_sub(above).map(|row| room.y + row) else {
            column += width;
            continue;
        };
        if y >= room.bottom() {
            break;
        }
        if column + width > room.width {
            break;
        }
        let here = style_at(at, ink);
        let x = room.x + column;
        if glyph == " " {
            let blanks = " ".repeat(usize::from(width));
            ink.put_styled(x, y, x + width, &blanks, here);
        } else {
            ink.put_styled(x, y, x + width, glyph, here);
        }
        column += width;
    }
    let long = cut || (!wrap && shape::width(text) > left + usize::from(room.width));
    if long && room.width > 0 {
        let y = room.y + (starts.len() as u16 - above).min(room.height).saturating_sub(1);
        ink.char(room.right() - 1, y, ink.look.symbols.more_right, Role::Dim);
    }
    if left > 0 && !text.is_empty() {
        ink.char(room.x, room.y, ink.look.symbols.more_left, Role::Dim);
    }
    starts.len() as u16 - above
}
