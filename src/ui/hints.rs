//! The hint line: a notice, or the next keys of a sequence, or what the keys do here.

use super::ink::{Ink, Piece, pieces_width};
use crate::core::commands::Command as C;
use crate::core::keys::{Layer, show_keys};
use crate::core::layout::PaneId;
use crate::core::msg::Level;
use crate::core::panes::Body;
use crate::core::panes::text::What;
use crate::core::role::Role;
use crate::core::state::{Replay, Stage, State};
use crate::core::update;
use ratatui::layout::Rect;

/// Blanks between two hints.
const GAP: u16 = 2;

/// What is worth a hint everywhere; these stand last and are dropped last.
const ALWAYS: &[C] = &[C::Palette, C::Filter, C::Find, C::Help];

/// What is worth a hint in each kind of pane, the most telling first.
fn telling(layer: Layer) -> &'static [C] {
    match layer {
        Layer::Pods => {
            &[C::Enter, C::Logs, C::Describe, C::Yaml, C::GoNode, C::GoOwner, C::FaultsOnly, C::Mark, C::Wide]
        }
        Layer::Nodes => &[C::Enter, C::Describe, C::Yaml, C::FaultsOnly, C::Wide, C::Mark],
        Layer::Events => &[C::WarningsOnly, C::Describe, C::Yaml, C::Wide],
        Layer::Workloads => &[C::Enter, C::Rollout, C::Logs, C::Describe, C::Yaml, C::GoOwner, C::FaultsOnly, C::Wide],
        Layer::Top => &[C::Enter, C::SortCpu, C::SortMem, C::Describe, C::Yaml],
        Layer::Jobs => &[C::Enter, C::JobCancel, C::JobOverride, C::JobRetry, C::CopyKubectl, C::Escape],
        Layer::Rollout => &[C::RolloutBase, C::Describe, C::Yaml, C::Escape],
        Layer::Text => &[C::FindNext, C::FindPrevious, C::ManagedFields, C::Back],
        Layer::Logs => &[
            C::LogFollow,
            C::LogFilter,
            C::FindNext,
            C::LogTimes,
            C::LogWrap,
            C::LogDetail,
            C::LogErrors,
            C::LogOlder,
            C::LogSave,
        ],
        Layer::Shell => &[C::PaneZoom, C::ShellLeave, C::ShellClose, C::ShellLook, C::PaneNext],
        Layer::Lines => &[C::Find, C::FindNext, C::Mark, C::ShellCopy, C::Escape],
        Layer::Containers => &[C::Enter, C::LogsPrevious, C::Describe, C::Yaml, C::Wide, C::Mark],
        Layer::Sources => &[C::Enter, C::Logs, C::Describe, C::Yaml, C::Wide, C::Mark],
        Layer::Table | Layer::Global => &[C::Enter, C::Describe, C::Yaml, C::Wide, C::Mark],
    }
}

/// Draws the line; `body` is where the panes are, for what does not fit in one line.
pub(super) fn draw(ink: &mut Ink<'_>, area: Rect, body: Rect, state: &State) {
    ink.fill(area, Role::Hint);
    if area.is_empty() {
        return;
    }
    let area = match &state.replay {
        Some(replay) => recording(ink, area, replay),
        None => area,
    };
    if state.replay.as_ref().is_some_and(|r| r.stage != Stage::Ended) {
        // The keys are those of the replay, not of what it shows.
        let keys = [("Space", "rest"), ("Right", "10 s ahead"), ("End", "to the end"), ("q", "leave")];
        let hints: Vec<Hint> = keys.iter().map(|(k, text)| hint(k, text)).collect();
        return row(ink, Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area }, &hints);
    }
    if state.pending.active() {
        let hints = pending(state);
        let typed = vec![(format!("{} ", state.pending), Role::HintKey)];
        let x = ink.pieces(area.x + 1, area.y, area.right(), &typed);
        let line = Rect { x, width: area.right().saturating_sub(x + 1), ..area };
        if total(hints.iter()) <= line.width {
            return row(ink, line, &hints);
        }
        ink.put(x, area.y, area.right(), "... choose one; Esc leaves", Role::HintText);
        return super::which::draw(ink, body, &state.pending.to_string(), &hints);
    }
    if let Some(notice) = &state.notice {
        let role = match notice.level {
            Level::Info => Role::NoticeInfo,
            Level::Warn => Role::NoticeWarn,
            Level::Error => Role::NoticeError,
        };
        ink.put(area.x + 1, area.y, area.right().saturating_sub(1), &notice.text, role);
        return;
    }
    row(ink, Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area }, &here(state));
}

/// Says that this is a recording and no cluster, all the time; returns what is left of the line.
fn recording(ink: &mut Ink<'_>, area: Rect, replay: &Replay) -> Rect {
    let text = match replay.stage {
        Stage::Plays => format!("RECORDING {} %", replay.percent),
        Stage::Rests => format!("RECORDING {} % rests", replay.percent),
        Stage::Ended => "RECORDING, its end".to_owned(),
    };
    let x = ink.put(area.x + 1, area.y, area.right(), &text, Role::NoticeWarn);
    Rect { x, width: area.right().saturating_sub(x), ..area }
}

/// A key and what it does.
pub(super) type Hint = Vec<Piece>;

fn hint(key: &str, text: &str) -> Hint {
    vec![(key.to_owned(), Role::HintKey), (format!(" {text}"), Role::HintText)]
}

/// What a key does; dim where a right for it is missing.
fn action_hint(state: &State, key: &str, command: C) -> Hint {
    if update::missing(state, command).is_none() {
        return hint(key, command.spec().title);
    }
    vec![(key.to_owned(), Role::Dim), (format!(" {}", command.spec().title), Role::Dim)]
}

fn pending(state: &State) -> Vec<Hint> {
    let layers = state.layer().chain();
    let next = state.keymap.hints(&state.pending, layers);
    next.iter().map(|h| hint(&h.key.to_string(), h.command.map_or("...", |c| c.spec().title))).collect()
}

/// The hints of the focused pane, or of what is being typed.
fn here(state: &State) -> Vec<Hint> {
    if let Some(modal) = &state.modal {
        return super::modal::hints(modal);
    }
    if typing(state, state.focus()) {
        return vec![hint("Enter", "keep"), hint("Esc", "clear"), hint("Up Down", "move")];
    }
    let layer = state.layer();
    let bound = state.keymap.active(layer.chain());
    let of = |c: C| {
        let bound = bound.iter().find(|b| b.command == c && update::belongs(state, c) && means(state, c))?;
        Some(action_hint(state, &show_keys(&bound.keys), c))
    };
    if layer == Layer::Shell {
        let first = hint(&state.options.shell.leader.to_string(), "then");
        return std::iter::once(first).chain(telling(layer).iter().chain(ALWAYS).copied().filter_map(of)).collect();
    }
    let acts = bound.iter().filter(|b| matches!(b.command, C::Act(_)));
    // A plain letter is what a hand looks for; deletion and its like come after the rest.
    let (first, last): (Vec<_>, Vec<_>) = acts.partition(|b| b.keys.iter().all(|k| !k.mods.ctrl));
    let mut all: Vec<C> = first.into_iter().map(|b| b.command).chain(telling(layer).iter().copied()).collect();
    all.extend(last.into_iter().map(|b| b.command).chain(ALWAYS.iter().copied()));
    all.dedup();
    all.into_iter().filter_map(of).collect()
}

/// Whether a key of the layer says anything to this very pane: only YAML has managed fields.
fn means(state: &State, command: C) -> bool {
    let body = state.focused().map(|p| &p.body);
    command != C::ManagedFields || matches!(body, Some(Body::Text(t)) if t.what == What::Yaml)
}

fn typing(state: &State, pane: Option<PaneId>) -> bool {
    match pane.and_then(|id| state.panes.get(&id)).map(|p| &p.body) {
        Some(Body::Table(t)) => t.filter.line.is_some(),
        Some(Body::Text(t)) => t.find.line.is_some(),
        Some(Body::Log(l)) => l.find.line.is_some() || l.filter.line.is_some() || l.entry.line.is_some(),
        Some(Body::Journal(j)) => j.filter.line.is_some(),
        Some(Body::Shell(s)) => s.find.line.is_some(),
        _ => false,
    }
}

/// The cells that hints take in one line.
fn total<'a>(hints: impl Iterator<Item = &'a Hint>) -> u16 {
    hints.map(|h| pieces_width(h) + GAP).sum::<u16>().saturating_sub(GAP)
}

/// As many as fit; of those that do not, the ones before the last three go first.
fn row(ink: &mut Ink<'_>, area: Rect, hints: &[Hint]) {
    let mut kept: Vec<&Hint> = hints.iter().collect();
    while total(kept.iter().copied()) > area.width && !kept.is_empty() {
        kept.remove(kept.len().saturating_sub(4).min(kept.len() - 1));
    }
    let mut x = area.x;
    for h in kept {
        x = ink.pieces(x, area.y, area.right(), h) + GAP;
    }
}
