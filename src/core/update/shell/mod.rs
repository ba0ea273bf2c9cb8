//! Programs in panes: opened by a plan, fed by messages, ended by themselves, by their pod or by the
//! user. `keys` is what is typed into one, `mouse` what the mouse
//! does over it, `look` what is read of it, `raw` the whole terminal in its hands.

mod keys;
pub(super) mod look;
mod mouse;
mod place;
mod raw;

#[cfg(test)]
mod tests;

pub(super) use keys::{key as press, takes};
pub(super) use mouse::{mouse, pressed, wants_moves};
pub(super) use place::{Place, close, leave};
pub(super) use raw::{begin as lend, event as lent};

use super::{jobs, picker};
use crate::core::act::{Asked, Session};
use crate::core::actions;
use crate::core::effect::Effect;
use crate::core::job::JobId;
use crate::core::jobs::time;
use crate::core::journal::{Head, Line, Object, Phase};
use crate::core::kind::ClusterId;
use crate::core::layout::PaneId;
use crate::core::msg::Level;
use crate::core::panes::shell::{ShellPane, Stage};
use crate::core::panes::{Body, Pane};
use crate::core::shell::{Detach, Ending, Lent, Screen, ShellEvent, ShellId, ShellOrder, Task, Wish};
use crate::core::state::State;
use crate::core::subs::Sub;
use ratatui::layout::Rect;

/// A program that ends sooner than this has something to say that is not to vanish (ms).
const SOON_MS: i64 = 2_000;
/// What is typed so soon after a program has ended was meant for it (ms).
const DEAF_MS: i64 = 700;
/// Where the screen begins before its pane was measured.
const FIRST: (u16, u16) = (80, 24);

/// Opens a session that a plan wants, or a job that is told of its end, in a pane of its own.
///
/// # Errors
/// That there is no room for one more pane; the user is told.
pub(super) fn open(
    state: &mut State,
    asked: &Asked,
    session: Session,
    kubectl: &[String],
    job: Option<JobId>,
    place: Place,
) -> Result<(), &'static str> {
    place::room(state, place)?;
    let id = state.shell_id();
    let cluster = asked.place.cluster;
    let Session { word, pod, container, task, stdin, tty, goes } = session;
    let head = Head {
        job: format!("{}-s{}", state.options.run, id.0),
        context: asked.place.context.to_string(),
        server: asked.place.server.to_string(),
        user: state.clusters.get(&cluster).and_then(|c| c.user.clone()).unwrap_or_default().to_string(),
    };
    let mut fields = asked.values.texts();
    fields.insert("container".into(), container.to_string());
    let wish = Wish { id, pod, container, task, stdin, tty };
    let step = actions::action(asked.action).map_or("", |a| a.spec.id);
    let line = line(&head, &wish, step, Phase::Begin, state.now);
    let line = Line { kubectl: kubectl.join("; "), fields, ..line };
    state.effects.push(Effect::Journal(Box::new(line)));
    let shell = &state.options.shell;
    let screen = Screen::new(FIRST, shell.scrollback.into(), shell.allowed);
    // What a job has made goes with its session: there is nothing to leave alone.
    let attached = wish.task == Task::Attach && job.is_none();
    let detach = Detach::new(if attached { shell.detach.clone() } else { Vec::new() });
    let (kubectl, began) = (kubectl.join("; "), state.now);
    place::put(state, cluster, place, |from| ShellPane {
        wish,
        word,
        kubectl,
        screen,
        stage: Stage::Opening,
        led: false,
        pressed: None,
        raw: None,
        detach,
        look: None,
        find: crate::core::panes::table::Prompt::default(),
        goes,
        from,
        head,
        began,
        job,
    });
    Ok(())
}

fn line(head: &Head, wish: &Wish, step: &str, phase: Phase, now: i64) -> Line {
    Line {
        time: time(now),
        phase,
        job: head.job.clone(),
        call: 0,
        context: head.context.clone(),
        server: head.server.clone(),
        user: head.user.clone(),
        step: step.to_owned(),
        targets: vec![Object::from(&wish.pod)],
        fields: std::collections::BTreeMap::new(),
        result: String::new(),
        kubectl: String::new(),
    }
}

/// The pane of a session.
fn find(state: &mut State, id: ShellId) -> Option<(PaneId, &mut ShellPane)> {
    state.panes.values_mut().find_map(|p| match &mut p.body {
        Body::Shell(s) if s.wish.id == id => Some((p.id, s.as_mut())),
        _ => None,
    })
}

/// Something is heard of a session.
pub(super) fn event(state: &mut State, id: ShellId, event: ShellEvent) {
    let Some((pane, shell)) = find(state, id) else { return };
    match event {
        ShellEvent::Opened(carrier) => shell.stage = Stage::Running(carrier),
        ShellEvent::Said(bytes) => said(state, pane, &bytes),
        ShellEvent::Ended(ending, note) => ended(state, pane, ending, note),
    }
}

/// What is kept while the user looks at lines; beyond that the lines move on under the user's eyes.
const HELD: usize = 1 << 20;

fn said(state: &mut State, pane: PaneId, bytes: &[u8]) {
    let Some(Body::Shell(shell)) = state.panes.get_mut(&pane).map(|p| &mut p.body) else { return };
    if let Some(look) = &mut shell.look
        && look.held.len() + bytes.len() <= HELD
    {
        look.held.extend_from_slice(bytes);
        return;
    }
    let heard = shell.screen.feed(bytes);
    let id = shell.wish.id;
    let lent = raw::said(shell, bytes);
    state.effects.extend(lent);
    if !heard.reply.is_empty() {
        state.effects.push(Effect::Shell(id, ShellOrder::Type(heard.reply)));
    }
    if let Some(text) = heard.clipboard {
        state.effects.push(Effect::Copy(text));
        state.say(Level::Info, "the program in a pane has put text on the clipboard (shell_allow)");
    }
    if heard.broke {
        state.say(Level::Warn, "what a program said could not be drawn; its screen begins anew");
    }
}

fn ended(state: &mut State, pane: PaneId, ending: Ending, note: Option<std::sync::Arc<str>>) {
    let now = state.now;
    raw::end(state, Some(pane));
    look::leave(state, pane);
    let focused = state.focus() == Some(pane);
    let Some(Body::Shell(shell)) = state.panes.get_mut(&pane).map(|p| &mut p.body) else { return };
    if !shell.runs() {
        return;
    }
    let opened = matches!(shell.stage, Stage::Running(_));
    let by_itself = opened && note.is_none() && matches!(ending, Ending::Exit(_));
    let words = note.as_ref().map_or_else(|| ending.to_string(), |n| format!("{ending}; {n}"));
    let goes = shell.goes && by_itself && now - shell.began >= SOON_MS;
    let line = Line { result: words.clone(), ..line(&shell.head, &shell.wish, shell.word, Phase::End, now) };
    let title = format!("{} {}", shell.word, shell.about());
    let job = shell.job;
    let level =
        if matches!(ending, Ending::Exit(_) | Ending::Detached) && note.is_none() { Level::Info } else { Level::Warn };
    let left = ending == Ending::Detached;
    shell.led = false;
    shell.stage = Stage::Ended(ending, note);
    // Who has typed the keys that leave it waits for what follows.
    if focused && !left {
        state.deaf = now + DEAF_MS;
    }
    state.effects.push(Effect::Journal(Box::new(line)));
    if goes {
        place::close_pane(state, pane);
    }
    if goes || !focused || left || level > Level::Info {
        state.say(level, format!("{title}: {words}"));
    }
    if let Some(job) = job {
        jobs::left(state, job, words, level == Level::Info);
    }
}

/// The user leaves an attached program alone.
fn detached(state: &mut State) {
    if let Some(pane) = state.focus() {
        ended(state, pane, Ending::Detached, None);
    }
}

/// The user ends a session by closing its pane.
pub(super) fn dropped(state: &mut State, pane: &Pane) {
    let Body::Shell(shell) = &pane.body else { return };
    if shell.raw.is_some() {
        state.effects.push(Effect::Terminal(Lent::End));
    }
    if shell.runs() {
        let line = line(&shell.head, &shell.wish, shell.word, Phase::End, state.now);
        let line = Line { result: "ended by the user".into(), ..line };
        state.effects.push(Effect::Journal(Box::new(line)));
        if let Some(job) = shell.job {
            jobs::left(state, job, "ended by the user".to_owned(), true);
        }
    }
    release(state, pane.cluster);
}

/// Lets a cluster go that only a session has held.
fn release(state: &mut State, cluster: ClusterId) {
    let shown = state.panes.values().any(|p| p.cluster == cluster);
    if state.active != cluster && !state.jobs.on(cluster) && !state.held.on(cluster) && !shown {
        picker::let_go(state, cluster);
    }
}

/// What the sessions of all panes need: they end with their panes.
pub(in crate::core) fn needs(state: &State) -> impl Iterator<Item = Sub> {
    state.panes.values().filter_map(|p| match &p.body {
        Body::Shell(s) if s.runs() => Some(Sub::Shell(s.wish.clone())),
        _ => None,
    })
}

/// Brings the screen to the size of its pane, or of the whole terminal while the program has that.
pub(super) fn settle(shell: &mut ShellPane, rect: Rect, all: (u16, u16), effects: &mut Vec<Effect>) {
    let inside = (rect.width.saturating_sub(2), rect.height.saturating_sub(2));
    let (width, height) = if shell.raw.is_some() { all } else { inside };
    let (width, height) = (width.max(2), height.max(2));
    if shell.screen.size() == (width, height) {
        return;
    }
    shell.screen.resize(width, height);
    if shell.runs() {
        effects.push(Effect::Shell(shell.wish.id, ShellOrder::Size(width, height)));
    }
}

/// The sessions that are open, in a line each.
pub(super) fn open_ones(state: &State) -> Vec<String> {
    let open = state.panes.values().filter_map(|p| match &p.body {
        Body::Shell(s) if s.runs() => Some(format!("{} {}", s.word, s.about())),
        _ => None,
    });
    open.collect()
}
