//! What the borders of a log pane say.

use crate::core::logs::event::StreamState;
use crate::core::logs::source::Since;
use crate::core::panes::log::{Asking, LogPane};
use crate::core::panes::table::Prompt;
use crate::core::role::Role;
use crate::core::state::State;
use crate::ui::chrome::Frame;
use crate::ui::ink::{Ink, Piece};
use crate::ui::words::{self, count};
use ratatui::layout::Rect;

pub(super) fn frame(ink: &Ink<'_>, _area: Rect, state: &State, log: &LogPane) -> Frame {
    let dot = format!(" {} ", ink.look.symbols.dot);
    let mut title = vec![(format!("logs{dot}{}", log.title), Role::Title)];
    let pods = match &log.store.pods {
        Some(Ok(n)) if *n != 1 && log.store.streams().len() > 1 => format!("{dot}{n} pods"),
        _ => String::new(),
    };
    title.push((pods, Role::Title));
    let span = match log.wish.since {
        Since::Tail => String::new(),
        Since::Head => format!("{dot}from the first line"),
        Since::Ago(s) => format!("{dot}last {}", words::span(i64::from(s) * 1_000)),
        Since::At(..) => format!("{dot}a range of time"),
    };
    title.push((span, Role::Title));
    let (states, role) = health(log, state.now);
    let typing = log.find.line.is_some() || log.filter.line.is_some() || log.entry.line.is_some();
    let (left, right) = if typing { (Vec::new(), Vec::new()) } else { (lower_left(ink, log), lower_right(state, log)) };
    Frame { title, state: states, state_role: Some(role), left, right }
}

/// The prompt that is open or was last, and its sign.
pub(super) fn prompt(log: &LogPane) -> (&Prompt, char) {
    match log.asking {
        Asking::Find => (&log.find, '/'),
        Asking::Filter => (&log.filter, '&'),
        Asking::Fields => (&log.entry, '='),
        Asking::Jump => (&log.entry, '@'),
    }
}

/// How true the pane is, the longest form first.
fn health(log: &LogPane, now: i64) -> (Vec<String>, Role) {
    let streams: Vec<_> = log.store.streams().iter().filter(|s| !s.name.is_events()).collect();
    let of = |fits: fn(&StreamState) -> bool| streams.iter().filter(|s| fits(&s.state)).count();
    let live = of(|s| matches!(s, StreamState::Live | StreamState::Polled));
    let queued = of(|s| matches!(s, StreamState::Queued));
    let cut = of(|s| matches!(s, StreamState::Cut { .. } | StreamState::Failed(_)));
    let over = of(|s| matches!(s, StreamState::Ended(_) | StreamState::Gone));
    let all = streams.len();
    let (text, role) = if log.stopped {
        ("stopped".to_owned(), Role::FreshStale)
    } else if let Some(Err(problem)) = &log.store.pods {
        (words::short(problem), Role::FreshError)
    } else if let [one] = streams.as_slice() {
        alone(&one.state, now)
    } else if all == 0 {
        (if log.store.pods.is_some() { "no pods" } else { "connecting" }.to_owned(), Role::FreshSyncing)
    } else if queued > 0 {
        (format!("{live} live, {queued} wait to be opened"), Role::FreshSyncing)
    } else if cut > 0 {
        (format!("{live} live, {cut} of {all} cannot be read"), Role::FreshStale)
    } else if over > 0 {
        (format!("{live} live, {over} ended"), if live > 0 { Role::FreshLive } else { Role::FreshStale })
    } else {
        (if live == all { "live".to_owned() } else { format!("{live} of {all} live") }, Role::FreshLive)
    };
    let mut forms = vec![text.clone()];
    if !log.following() {
        let new = log.unread();
        let paused = if new > 0 { format!("paused, {} new", count(new)) } else { "paused".to_owned() };
        forms = vec![format!("{text} · {paused}"), paused];
    }
    (forms, role)
}

fn alone(state: &StreamState, now: i64) -> (String, Role) {
    match state {
        StreamState::Queued => ("opening".to_owned(), Role::FreshSyncing),
        StreamState::Waiting(why) => (format!("waiting: {why}"), Role::FreshStale),
        StreamState::Live => ("live".to_owned(), Role::FreshLive),
        StreamState::Polled => ("read every 3 s".to_owned(), Role::FreshLive),
        StreamState::Cut { why, at } => {
            let wait = (at - now + 999).max(0) / 1_000;
            (format!("{}, next try in {wait} s", words::short(why)), Role::FreshStale)
        }
        StreamState::Failed(problem) => (words::short(problem), Role::FreshError),
        StreamState::Ended(how) => (format!("ended: {how}"), Role::FreshStale),
        StreamState::Gone => ("the pod is gone".to_owned(), Role::FreshStale),
    }
}

fn lower_left(ink: &Ink<'_>, log: &LogPane) -> Vec<Piece> {
    let dot = format!(" {} ", ink.look.symbols.dot);
    let all = log.store.order().len() as u64;
    let mut left = Vec::new();
    if log.kept.active() {
        left.push((format!("{} of {} lines", count(log.kept.order.len() as u64), count(all)), Role::Frame));
    } else {
        left.push((format!("{} lines", count(all)), Role::Frame));
    }
    let mut add = |text: String, role: Role| {
        left.push((dot.clone(), Role::Dim));
        left.push((text, role));
    };
    if !log.filter.text.is_empty() {
        add(format!("&{}", log.filter.text), Role::Match);
    }
    if !log.find.text.is_empty() {
        let found = log.found.order.len() as u64;
        let at = log.at().map_or(0, |id| {
            let segments = log.store.segments();
            let rank = log.found.order.rank(segments, segments.key(id));
            rank + usize::from(log.found.order.get(rank) == Some(id))
        });
        let text = match found {
            0 if log.found.busy() => format!("/{} searching", log.find.text),
            0 => format!("/{} not found", log.find.text),
            n => format!("/{} {} of {}", log.find.text, count(at as u64), count(n)),
        };
        add(text, Role::Match);
    }
    if log.fold {
        add("folded".to_owned(), Role::Frame);
    }
    if log.events {
        add("events".to_owned(), Role::Frame);
    }
    if log.wish.previous {
        add("with previous".to_owned(), Role::Frame);
    }
    if !log.marks.is_empty() {
        add(format!("{} marked", log.marks.len()), Role::Frame);
    }
    if log.store.late() > 0 {
        add(format!("{} late", count(log.store.late())), Role::Frame);
    }
    if log.store.dropped() > 0 {
        add(format!("{} oldest let go", count(log.store.dropped())), Role::FreshStale);
    }
    left
}

fn lower_right(state: &State, log: &LogPane) -> Vec<Piece> {
    let shown = log.shown().len();
    let mut text = if log.following() || shown == 0 {
        String::new()
    } else {
        format!("{}%", (log.window.cursor + 1) * 100 / shown)
    };
    if state.time_lock {
        text.push_str(if text.is_empty() { "time lock" } else { " time lock" });
    }
    if text.is_empty() { Vec::new() } else { vec![(text, Role::Frame)] }
}
