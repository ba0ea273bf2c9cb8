//! What the keys of a log pane do.

use super::super::filter;
use super::{prompt, reread};
use crate::core::effect::{Effect, SavedLog};
use crate::core::logs::event::{LogOrder, StreamName};
use crate::core::logs::export::{self, Export, With};
use crate::core::logs::segments::LineId;
use crate::core::logs::source::{Containers, Since, What};
use crate::core::logs::times::Times;
use crate::core::msg::Level;
use crate::core::panes::log::{Asking, LogPane, Prefix};
use crate::core::state::State;
use std::sync::Arc;

/// Lines that one key reads before the first of each stream.
const OLDER: u32 = 1_000;
/// Lines that are copied at most.
const COPIED: usize = 10_000;

/// Changes the focused log; what it returns is told.
fn on_log(state: &mut State, act: impl FnOnce(&mut LogPane) -> Option<String>) {
    let Some(log) = state.focused_mut().and_then(|p| p.log_mut()) else { return };
    if let Some(text) = act(log) {
        state.say(Level::Info, text);
    }
}

pub(in super::super) fn follow(state: &mut State) {
    on_log(state, |l| {
        if l.following() {
            l.pause();
        } else {
            l.follow();
        }
        None
    });
}

pub(in super::super) fn times(state: &mut State) {
    on_log(state, |l| {
        l.times = l.times.next();
        Some(format!("times: {}", l.times.name()))
    });
}

pub(in super::super) fn wrap(state: &mut State) {
    on_log(state, |l| {
        l.wrap = !l.wrap;
        l.left = 0;
        None
    });
}

pub(in super::super) fn prefix(state: &mut State) {
    on_log(state, |l| {
        l.prefix = l.prefix.next();
        None
    });
}

pub(in super::super) fn containers(state: &mut State) {
    let Some(pane) = state.focus() else { return };
    let mut said = "this log is of one container";
    reread_if(state, pane, |what| match what {
        What::Pods(_, c @ Containers::Usual) | What::Of(.., c @ Containers::Usual) => {
            *c = Containers::All;
            said = "all containers";
            true
        }
        What::Pods(_, c @ Containers::All) | What::Of(.., c @ Containers::All) => {
            *c = Containers::Usual;
            said = "the usual container of each pod";
            true
        }
        _ => false,
    });
    state.say(Level::Info, said);
}

/// Reads again if the change makes another reading.
fn reread_if(state: &mut State, pane: crate::core::layout::PaneId, change: impl FnOnce(&mut What) -> bool) {
    let Some(log) = state.panes.get(&pane).and_then(|p| p.log()) else { return };
    let mut what = log.wish.what.clone();
    if change(&mut what) {
        reread(state, pane, |w| w.what = what);
    }
}

pub(in super::super) fn since(state: &mut State, since: Since) {
    if let Some(pane) = state.focus() {
        reread(state, pane, |w| w.since = since);
    }
}

pub(in super::super) fn restart(state: &mut State) {
    if let Some(pane) = state.focus() {
        reread(state, pane, |_| {});
    }
}

pub(in super::super) fn mark(state: &mut State) {
    on_log(state, |l| {
        let id = l.at()?;
        if !l.marks.remove(&id) {
            l.marks.insert(id);
        }
        if !l.following()
            && let Some(next) = l.shown().get(l.window.cursor + 1)
        {
            l.go(next);
        }
        None
    });
}

fn line_names(log: &LogPane) -> Vec<StreamName> {
    log.store.streams().iter().map(|s| s.name.clone()).collect()
}

pub(in super::super) fn copy(state: &mut State) {
    let Some(log) = state.focused().and_then(|p| p.log()) else { return };
    let segments = log.store.segments();
    let mut ids: Vec<LineId> = log.marks.iter().copied().collect();
    ids.sort_by_key(|id| segments.key(*id));
    if ids.is_empty() {
        ids.extend(log.at());
    }
    let names = line_names(log);
    let texts: Vec<String> =
        ids.iter().take(COPIED).map(|id| export::line(segments, &names, *id, With::default())).collect();
    let told = match texts.len() {
        0 => return state.say(Level::Info, "there is no line to copy"),
        1 => "copied the line".to_owned(),
        n => format!("copied {n} lines"),
    };
    state.effects.push(Effect::Copy(texts.concat().trim_end_matches('\n').to_owned()));
    state.say(Level::Info, told);
}

/// Saves the lines that show, or all that are kept: with their times if those show, and with their
/// streams if those do.
pub(in super::super) fn save(state: &mut State, all: bool) {
    let Some(log) = state.focused_mut().and_then(|p| p.log_mut()) else { return };
    log.store.place();
    let order = if all { log.store.order() } else { log.shown() };
    if order.is_empty() {
        return state.say(Level::Info, "there is no line to save");
    }
    let with = With { time: log.times != Times::Off, stream: log.prefix != Prefix::Off };
    let lines = SavedLog(Arc::new(Export::new(order, &log.store, with)));
    let name = log.title.to_string();
    state.effects.push(Effect::SaveLog { name, lines });
}

pub(in super::super) fn ask(state: &mut State, asking: Asking) {
    let Some(log) = state.focused_mut().and_then(|p| p.log_mut()) else { return };
    log.asking = asking;
    match asking {
        Asking::Fields => log.entry.text = log.fields.join(" "),
        Asking::Jump => log.entry.text.clear(),
        Asking::Find | Asking::Filter => {}
    }
    filter::open_line(state);
}

pub(in super::super) fn older(state: &mut State) {
    let Some(log) = state.focused_mut().and_then(|p| p.log_mut()) else { return };
    if matches!(log.wish.what, What::Node(..)) {
        return state.say(Level::Info, "a node's journal is read from a time on: press a digit");
    }
    let (id, known) = (log.wish.id, !log.store.streams().is_empty());
    if !known || log.store.fetching {
        return;
    }
    log.store.fetching = true;
    log.pause();
    state.effects.push(Effect::Log(id, LogOrder::Older(OLDER)));
    state.say(Level::Info, "reading older lines");
}

pub(in super::super) fn fold(state: &mut State) {
    on_log(state, |l| {
        l.fold = !l.fold;
        prompt::refilter(l);
        Some(if l.fold { "what belongs to a line is folded into it" } else { "every line shows" }.to_owned())
    });
}

pub(in super::super) fn context(state: &mut State) {
    on_log(state, |l| {
        l.context = match l.context {
            0 => 2,
            2 => 5,
            5 => 10,
            _ => 0,
        };
        prompt::refilter(l);
        Some(match l.context {
            0 => "only what the filter lets through".to_owned(),
            n => format!("{n} lines around each that the filter lets through"),
        })
    });
}

pub(in super::super) fn errors(state: &mut State) {
    const TERM: &str = "level>=error";
    on_log(state, |l| {
        let words: Vec<&str> = l.filter.text.split_whitespace().collect();
        l.filter.text = if words.contains(&TERM) {
            words.into_iter().filter(|w| *w != TERM).collect::<Vec<_>>().join(" ")
        } else {
            format!("{TERM} {}", l.filter.text).trim().to_owned()
        };
        prompt::refilter(l);
        None
    });
}

pub(in super::super) fn strip(state: &mut State) {
    on_log(state, |l| {
        l.strip = !l.strip;
        None
    });
}

pub(in super::super) fn events(state: &mut State) {
    let Some(log) = state.focused_mut().and_then(|p| p.log_mut()) else { return };
    if matches!(log.wish.what, What::Node(..)) {
        return state.say(Level::Info, "events are told of pods; a node's are under :events");
    }
    log.events = !log.events;
    let (id, on) = (log.wish.id, log.events);
    state.effects.push(Effect::Log(id, LogOrder::Events(on)));
    let text = if on { "events of the pods stand between the lines" } else { "only lines of the containers" };
    state.say(Level::Info, text);
}

pub(in super::super) fn detail(state: &mut State) {
    on_log(state, |l| {
        l.detail = !l.detail;
        None
    });
}

pub(in super::super) fn time_lock(state: &mut State) {
    state.time_lock = !state.time_lock;
    let text =
        if state.time_lock { "log panes of a tab show the same moment" } else { "log panes scroll by themselves" };
    state.say(Level::Info, text);
    super::moves::lock(state);
}
