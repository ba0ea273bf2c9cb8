//! Forwards and copies: begun by a plan, told of by messages, ended by the user.

use super::picker;
use crate::core::act::{Asked, Holding};
use crate::core::actions;
use crate::core::effect::Effect;
use crate::core::held::{Counts, Held, HeldEvent, HeldId, Standing};
use crate::core::jobs::time;
use crate::core::journal::{Head, Line, Object, Phase};
use crate::core::kind::ClusterId;
use crate::core::modals::Modal;
use crate::core::msg::Level;
use crate::core::panes::Body;
use crate::core::panes::held::HeldPane;
use crate::core::panes::list::List;
use crate::core::state::State;
use crate::core::view::Move;

/// Notes of one that are kept.
const NOTES: usize = 20;

/// Begins one that a plan wants.
pub(super) fn begin(state: &mut State, asked: &Asked, holding: Holding, kubectl: &[String]) {
    let id = state.held.number();
    let cluster = asked.place.cluster;
    let head = Head {
        job: format!("{}-h{}", state.options.run, id.0),
        context: asked.place.context.to_string(),
        server: asked.place.server.to_string(),
        user: state.clusters.get(&cluster).and_then(|c| c.user.clone()).unwrap_or_default().to_string(),
    };
    let step = actions::action(asked.action).map_or("", |a| a.spec.id);
    let line = Line {
        targets: asked.targets.iter().map(Object::from).collect(),
        fields: asked.values.texts(),
        kubectl: kubectl.join("; "),
        ..line(&head, step, Phase::Begin, state.now)
    };
    state.effects.push(Effect::Journal(Box::new(line)));
    let held = Held {
        id,
        work: holding.work,
        about: holding.about,
        at: "".into(),
        standing: Standing::Opening,
        words: "begins".into(),
        counts: Counts::default(),
        notes: Vec::new(),
        kubectl: kubectl.join("; "),
        head,
        began: state.now,
        ended: None,
    };
    state.say(Level::Info, format!("{} … (:forwards shows it)", held.title()));
    state.held.add(held);
}

fn line(head: &Head, step: &str, phase: Phase, now: i64) -> Line {
    Line {
        time: time(now),
        phase,
        job: head.job.clone(),
        call: 0,
        context: head.context.clone(),
        server: head.server.clone(),
        user: head.user.clone(),
        step: step.to_owned(),
        targets: Vec::new(),
        fields: std::collections::BTreeMap::new(),
        result: String::new(),
        kubectl: String::new(),
    }
}

/// Something is heard of one.
pub(super) fn event(state: &mut State, id: HeldId, event: HeldEvent) {
    let Some(held) = state.held.all.get_mut(&id).filter(|h| h.runs()) else { return };
    match event {
        HeldEvent::At(at) => held.at = at,
        HeldEvent::Passed(counts) => held.counts = counts,
        HeldEvent::Note(note) => {
            held.notes.push(note);
            if held.notes.len() > NOTES {
                held.notes.remove(0);
            }
        }
        HeldEvent::Stands(standing, words) => {
            let first = held.standing == Standing::Opening && held.words.as_ref() == "begins";
            let was = std::mem::replace(&mut held.standing, standing);
            held.words = words.clone();
            let title = held.title();
            let at = held.at.clone();
            match standing {
                Standing::Live if first && !at.is_empty() => state.say(Level::Info, format!("{title}: {at}")),
                Standing::Opening if was == Standing::Live => state.say(Level::Warn, format!("{title}: {words}")),
                Standing::Done => end(state, id, Level::Info, &words),
                Standing::Failed => end(state, id, Level::Error, &words),
                Standing::Live | Standing::Opening => {}
            }
        }
    }
}

fn end(state: &mut State, id: HeldId, level: Level, words: &str) {
    let now = state.now;
    let Some(held) = state.held.all.get_mut(&id) else { return };
    held.ended = Some(now);
    let (title, cluster) = (held.title(), held.work.cluster());
    let line = Line { result: words.to_owned(), ..line(&held.head, held.work.word(), Phase::End, now) };
    state.effects.push(Effect::Journal(Box::new(line)));
    state.effects.push(Effect::Attention(format!("{title}: {words}")));
    state.say(level, format!("{title}: {words}"));
    release(state, cluster);
}

fn release(state: &mut State, cluster: ClusterId) {
    let shown = state.panes.values().any(|p| p.cluster == cluster);
    if state.active != cluster && !state.jobs.on(cluster) && !state.held.on(cluster) && !shown {
        picker::let_go(state, cluster);
    }
}

/// Shows the list, on the newest.
pub(super) fn open(state: &mut State) {
    let at = state.held.all.len().saturating_sub(1);
    if let Some(pane) = state.focused_mut()
        && !matches!(pane.body, Body::Held(_))
    {
        pane.go(Body::Held(Box::new(HeldPane { list: List { at, top: 0 } })));
    }
}

/// The one under the cursor of the list.
fn chosen(state: &State) -> Option<&Held> {
    match &state.focused()?.body {
        Body::Held(h) => state.held.all.values().nth(h.list.at),
        _ => None,
    }
}

/// Moves in the list; `false` in other panes.
pub(super) fn go(state: &mut State, to: Move) -> bool {
    let height = usize::from(state.focused_rect().map_or(0, |r| r.height));
    let len = state.held.all.len();
    match state.focused_mut().map(|p| &mut p.body) {
        Some(Body::Held(h)) => {
            h.list.go(to, len, height.saturating_sub(3));
            true
        }
        _ => false,
    }
}

/// Tells all about the one under the cursor; `false` in other panes.
pub(super) fn enter(state: &mut State) -> bool {
    if !matches!(state.focused().map(|p| &p.body), Some(Body::Held(_))) {
        return false;
    }
    let Some(held) = chosen(state) else { return true };
    let mut lines: Vec<std::sync::Arc<str>> = vec![held.words.clone()];
    if !held.at.is_empty() {
        lines.push(format!("at {}", held.at).into());
    }
    lines.push(held.kubectl.as_str().into());
    lines.extend(held.notes.iter().cloned());
    state.modal = Some(Modal::Message { title: held.title().into(), lines });
    true
}

/// Ends the one under the cursor; one that is over leaves the list.
pub(super) fn stop(state: &mut State) -> bool {
    if !matches!(state.focused().map(|p| &p.body), Some(Body::Held(_))) {
        return false;
    }
    let Some((id, runs)) = chosen(state).map(|h| (h.id, h.runs())) else { return true };
    if !runs {
        state.held.all.remove(&id);
        go(state, Move::Up(0));
        return true;
    }
    if let Some(held) = state.held.all.get_mut(&id) {
        (held.standing, held.words) = (Standing::Done, "ended by the user".into());
    }
    end(state, id, Level::Info, "ended by the user");
    true
}

/// Copies where the one under the cursor is; `false` in other panes.
pub(super) fn copy(state: &mut State) -> bool {
    let Some(text) = chosen(state).map(|h| if h.at.is_empty() { h.kubectl.clone() } else { h.at.to_string() }) else {
        return false;
    };
    state.say(Level::Info, format!("copied {text}"));
    state.effects.push(Effect::Copy(text));
    true
}

/// Those that are not over, in a line each.
pub(super) fn open_ones(state: &State) -> Vec<String> {
    state.held.running().map(Held::title).collect()
}

#[cfg(test)]
#[path = "held_tests.rs"]
mod tests;
