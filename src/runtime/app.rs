//! The loop. It awaits its inbox and nothing else: input and signals first, then
//! control, then rows, a bounded amount of each; then it settles the state,
//! starts and stops streams, carries out effects, and draws if a frame is due.

use super::clock;
use super::hub::Hub;
use super::pace::Pace;
use super::signals::{Signal, Signals};
use super::tty::{Terminal, TtyEvent, clipboard};
use super::work::{Done, Work};
use crate::core::effect::Effect;
use crate::core::input::Input;
use crate::core::msg::{Level, Msg};
use crate::core::state::State;
use crate::core::stream::StreamEvent;
use crate::core::subs::{nodes_in_sight, subscriptions};
use crate::core::update::{settle, update};
use crate::ui::emit::Emitter;
use crate::ui::{self, Look};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, UnboundedReceiver};

/// Control messages a turn takes at most.
const CONTROL: usize = 256;
/// Rows a turn takes at most.
const ROWS: usize = 4_096;

/// What the loop reports of itself besides frames.
pub type Extra = Box<dyn Fn(&str) -> (Level, String)>;
/// Keeps the columns picked for a kind in the settings file; reports by itself, and does not wait.
pub type SaveColumns = Box<dyn Fn(std::sync::Arc<str>, Option<Vec<String>>)>;
/// Reads the kubeconfig anew.
pub type ReadContexts = Box<dyn Fn() -> Vec<crate::core::cluster::ContextInfo>>;

/// What the loop is made of.
pub struct App {
    /// All state.
    pub state: State,
    /// Colours and symbols.
    pub look: Look,
    /// What runs.
    pub hub: Hub,
    /// The outside of actions.
    pub work: Work,
    /// Control messages of tasks.
    pub control: Receiver<Msg>,
    /// The terminal.
    pub terminal: Terminal,
    /// Its events.
    pub tty: UnboundedReceiver<TtyEvent>,
    /// Signals.
    pub signals: Signals,
    /// The pace of frames.
    pub pace: Pace,
    /// Commands of rooms above (`:demo ...`).
    pub extra: Extra,
    /// Reads the kubeconfig anew.
    pub contexts: ReadContexts,
    /// Keeps columns.
    pub save_columns: SaveColumns,
    /// How the clipboard is reached.
    pub clipboard: clipboard::Between,
}

/// Why the loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// By a key or command.
    Asked,
    /// By a signal or because the terminal went away.
    Signalled,
}

struct Screen {
    shown: Buffer,
    emitter: Emitter,
    full: bool,
    second: (i64, u64),
}

enum Woke {
    Tty(TtyEvent),
    Signal(Signal),
    Msg(Msg),
    Row(Msg),
    Time,
}

impl App {
    /// Carries out what the first state asks for.
    pub fn begin(&mut self) {
        let effects = std::mem::take(&mut self.state.effects);
        for effect in effects {
            self.perform(effect);
        }
        let others = self.work.others();
        self.apply(others);
    }

    /// Runs until the user leaves. The terminal is given back by dropping the app.
    pub async fn run(&mut self) -> Left {
        let mut screen =
            Screen { shown: Buffer::empty(Rect::ZERO), emitter: Emitter::default(), full: true, second: (0, 0) };
        loop {
            let now = clock::now();
            self.apply(Msg::Now(now));
            if let Some(left) = self.turn(&mut screen).await {
                return left;
            }
        }
    }

    async fn turn(&mut self, screen: &mut Screen) -> Option<Left> {
        let now = clock::now();
        let needs = subscriptions(&self.state);
        for msg in self.hub.reconcile(needs, now) {
            self.apply(msg);
        }
        for id in self.state.clusters.keys() {
            self.hub.sight(*id, nodes_in_sight(&self.state, *id));
        }
        if self.draw_if_due(screen, now) {
            tracing::trace!("frame");
        }
        let woke = self.wait(now).await;
        let mut left = self.take(woke, screen);
        // What is there already belongs to the same turn, input before all else.
        while left.is_none() {
            let Ok(event) = self.tty.try_recv() else { break };
            left = self.take(Woke::Tty(event), screen);
        }
        for _ in 0..CONTROL {
            let Ok(msg) = self.control.try_recv() else { break };
            left = left.or(self.take(Woke::Msg(msg), screen));
        }
        let mut rows = 0;
        while rows < ROWS {
            let Some((key, event)) = self.hub.try_next() else { break };
            rows += if let StreamEvent::Batch(b) = &event { b.len() } else { 1 };
            left = left.or(self.take(Woke::Row(Msg::Stream { key, event }), screen));
        }
        left
    }

    async fn wait(&mut self, now: i64) -> Woke {
        let ready = self.terminal.ready();
        let due = if ready { self.pace.next() - now } else { 1_000 };
        let due = Duration::from_millis(due.clamp(1, 1_000).unsigned_abs());
        tokio::select! {
            biased;
            event = self.tty.recv() => event.map_or(Woke::Tty(TtyEvent::HangUp), Woke::Tty),
            signal = self.signals.next() => Woke::Signal(signal),
            Some(msg) = self.control.recv() => Woke::Msg(msg),
            (key, event) = self.hub.next() => Woke::Row(Msg::Stream { key, event }),
            () = tokio::time::sleep(due) => Woke::Time,
        }
    }

    fn take(&mut self, woke: Woke, screen: &mut Screen) -> Option<Left> {
        match woke {
            Woke::Time => None,
            Woke::Row(msg) | Woke::Msg(msg) => {
                self.pace.data();
                self.apply(msg)
            }
            Woke::Tty(TtyEvent::HangUp) => Some(Left::Signalled),
            Woke::Tty(TtyEvent::FrameDone { .. }) => None,
            Woke::Tty(TtyEvent::Input(inputs)) => {
                self.pace.key();
                let mut left = None;
                for input in inputs {
                    left = left.or(self.apply(Msg::Input(input)));
                    // A key acts on the rows as the key before left them.
                    settle(&mut self.state);
                }
                left
            }
            Woke::Signal(Signal::Resize) => {
                self.resize();
                None
            }
            // The terminal may have been anybody's meanwhile: nothing on it is known.
            Woke::Tty(TtyEvent::Taken) => {
                screen.full = true;
                self.resize();
                None
            }
            Woke::Signal(Signal::Continue) => {
                if let Err(why) = self.terminal.take_back() {
                    self.apply(Msg::Notice(Level::Error, why.to_string().into()));
                }
                screen.full = true;
                self.resize();
                None
            }
            Woke::Signal(Signal::Terminate | Signal::HangUp | Signal::Interrupt) => Some(Left::Signalled),
        }
    }

    fn resize(&mut self) {
        let (width, height) = self.terminal.size();
        self.apply(Msg::Input(Input::Resize(width, height)));
        self.pace.key();
    }

    fn apply(&mut self, msg: Msg) -> Option<Left> {
        let effects = update(&mut self.state, msg);
        effects.into_iter().fold(None, |left, effect| left.or(self.perform(effect)))
    }

    fn perform(&mut self, effect: Effect) -> Option<Left> {
        match effect {
            Effect::Connect { cluster, context } => {
                if let Some(msg) = self.hub.open(cluster, &context) {
                    self.apply(msg);
                }
            }
            Effect::Disconnect(cluster) => self.hub.close(cluster),
            Effect::ReadContexts => {
                let list = (self.contexts)();
                self.apply(Msg::Contexts(list));
            }
            Effect::Resync(key) => self.hub.restart(&key),
            Effect::Copy(text) => {
                if let Some(bytes) = clipboard::copy(&text, self.clipboard) {
                    self.terminal.send(bytes);
                } else {
                    let why = format!("too long for a clipboard: more than {} bytes", clipboard::LIMIT);
                    self.apply(Msg::Notice(Level::Warn, why.into()));
                }
            }
            Effect::SaveColumns { kind, columns } => (self.save_columns)(kind, columns),
            Effect::Mouse(on) => self.terminal.set_mouse(on),
            Effect::Extra(line) => {
                let (level, text) = (self.extra)(&line);
                self.apply(Msg::Notice(level, text.into()));
            }
            Effect::Suspend => {
                if let Err(why) = self.terminal.suspend() {
                    self.apply(Msg::Notice(Level::Error, why.to_string().into()));
                }
            }
            Effect::Read { .. }
            | Effect::Try { .. }
            | Effect::Rights(..)
            | Effect::Send(_)
            | Effect::Journal(_)
            | Effect::ReadJournal
            | Effect::Keep(..)
            | Effect::Attention(_) => return self.work(effect),
            Effect::Quit => return Some(Left::Asked),
        }
        None
    }

    fn work(&mut self, effect: Effect) -> Option<Left> {
        let hub = &self.hub;
        match self.work.perform(effect, &|id| hub.connection(id)) {
            Done::Nothing => None,
            Done::Msg(msg) => self.apply(*msg),
            Done::Bytes(bytes) => {
                self.terminal.send(bytes);
                None
            }
        }
    }

    fn draw_if_due(&mut self, screen: &mut Screen, now: i64) -> bool {
        if now - screen.second.0 >= 1_000 {
            let bytes = std::mem::take(&mut screen.second.1);
            screen.second.0 = now;
            self.apply(Msg::LineSpeed(bytes));
        }
        if !self.terminal.ready() || !self.pace.due(now) {
            return false;
        }
        settle(&mut self.state);
        let (width, height) = self.state.size;
        let mut next = Buffer::empty(Rect { x: 0, y: 0, width, height });
        let cursor = ui::draw(&self.state, &self.look, &mut next);
        let frame = screen.emitter.frame(&screen.shown, &next, cursor, screen.full);
        let bytes = frame.len();
        // The terminal was ready, so a frame it does not take means that it is going away.
        if bytes == 0 || self.terminal.submit(frame).is_ok() {
            screen.shown = next;
            screen.full = false;
            screen.second.1 += bytes as u64;
            self.pace.drew(now, bytes);
        }
        true
    }
}
