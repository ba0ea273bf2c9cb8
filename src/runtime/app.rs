//! The loop. It awaits its inbox and nothing else: input and signals first, then
//! control, then rows, a bounded amount of each; then it settles the state,
//! starts and stops streams, carries out effects, and draws if a frame is due.

mod perform;
mod replay;
mod screen;
#[cfg(test)]
mod tests;
mod through;

use super::clock;
use super::hub::Hub;
use super::lend::Loan;
use super::pace::Pace;
use super::recorder::{Player, Speed, Tape};
use super::save;
use super::search::Searches;
use super::signals::{Signal, Signals};
use super::tty::{Display, TtyEvent, clipboard};
use super::work::Work;
use crate::core::input::Input;
use crate::core::logs::event::LogEvent;
use crate::core::msg::{Level, Msg, News};
use crate::core::panes::Body;
use crate::core::shell::{LentEvent, ShellEvent};
use crate::core::state::State;
use crate::core::stream::StreamEvent;
use crate::core::subs::{nodes_in_sight, subscriptions};
use crate::core::update::{mice, settle, update, views};
use crate::ui::Look;
use screen::Screen;
use std::time::Duration;
pub use through::Through;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Receiver, Sender, UnboundedReceiver};

/// Control messages a turn takes at most.
const CONTROL: usize = 256;
/// Rows a turn takes at most.
const ROWS: usize = 4_096;

/// After the terminal was lent, an interrupt that was meant for the one who had it may still come (ms).
const ECHO: i64 = 1_000;
/// Between two frames, and where none can go out as on a slow line, the state is settled at least
/// this often while rows come (ms): what piles up would make one long turn.
const SETTLE_MS: i64 = 20;
/// A turn that computes longer than this is worth a line in the log.
const LONG: Duration = Duration::from_millis(2);
/// Bytes of lines that cost as much of a turn as a row: a turn takes about two megabytes.
const BYTES_A_ROW: usize = 512;
/// And of what a program in a pane says, which is drawn at once: a turn takes a quarter of a megabyte.
const SAID_A_ROW: usize = 64;
/// What a program says so soon after a key is the key's answer, and waits for no frame of data (ms).
const ANSWER_MS: i64 = 150;

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
    /// Their other end, for what the loop has done elsewhere.
    pub tell: Sender<Msg>,
    /// Where that is done.
    pub io: Handle,
    /// Searches through logs.
    pub searches: Searches,
    /// The terminal.
    pub terminal: Box<dyn Display>,
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
    /// The local clock in Unix milliseconds.
    pub clock: Box<dyn Fn() -> i64>,
    /// Who wants the terminal for a while.
    pub loans: UnboundedReceiver<Loan>,
    /// Whether the terminal is ours.
    pub ours: Ours,
    /// What a program does with it through us.
    pub through: Through,
    /// The recording under way.
    pub tape: Option<Tape>,
    /// A recording to show first.
    pub replay: Option<(Player, Speed)>,
}

/// Whose the terminal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ours {
    /// Ours, since that moment (Unix ms).
    Since(i64),
    /// Lent to somebody.
    Lent,
}

/// Why the loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// By a key or command.
    Asked,
    /// By a signal or because the terminal went away.
    Signalled,
}

enum Woke {
    Tty(TtyEvent),
    Signal(Signal),
    Msg(Msg),
    Row(Msg),
    Loan(Loan),
    Time,
}

/// What a message costs of a turn, in rows. A line costs far less than a row, and its bytes are shared.
fn weight(msg: &Msg) -> usize {
    match msg {
        Msg::Stream { event: StreamEvent::Batch(b), .. } => b.len(),
        Msg::Log(_, LogEvent::Lines(_, _, lines)) => 1 + lines.size() / BYTES_A_ROW,
        Msg::Shell(_, ShellEvent::Said(bytes)) => 1 + bytes.len() / SAID_A_ROW,
        Msg::Cluster(_, News::PodSamples(samples) | News::NodeSamples(samples)) => 1 + samples.len(),
        _ => 1,
    }
}

impl App {
    /// Carries out what the first state asks for.
    pub fn begin(&mut self) {
        let effects = std::mem::take(&mut self.state.effects);
        for effect in effects {
            self.perform(effect);
        }
        // A recording has its own past; what this machine has left over is none of it.
        if self.replay.is_none() {
            let others = self.work.others();
            self.apply(others);
        }
    }

    /// Runs until the user leaves. The terminal is given back by dropping the app.
    pub async fn run(&mut self) -> Left {
        let mut screen = Screen::default();
        if let Some((player, speed)) = self.replay.take()
            && let Some(left) = self.replay(&mut screen, player, speed).await
        {
            return left;
        }
        loop {
            let (now, begun) = ((self.clock)(), clock::thread_cpu());
            screen.took = Default::default();
            self.apply(Msg::Now(now));
            let left = self.turn(&mut screen).await;
            if left == Some(Left::Signalled) {
                self.part().await;
            }
            let took = clock::thread_cpu().saturating_sub(begun);
            if took > LONG {
                let (settling, drawing) = (screen.took.0.as_micros(), screen.took.1.as_micros());
                tracing::debug!(turn_us = took.as_micros(), settling, drawing, "a long turn");
            }
            if let Some(left) = left {
                return left;
            }
        }
    }

    async fn turn(&mut self, screen: &mut Screen) -> Option<Left> {
        let now = (self.clock)();
        let needs = subscriptions(&self.state);
        for msg in self.hub.reconcile(needs, now) {
            if let Msg::LogStopped(log) = &msg {
                self.searches.forget(*log);
            }
            self.apply(msg);
        }
        for id in self.state.clusters.keys() {
            self.hub.sight(*id, nodes_in_sight(&self.state, *id));
        }
        self.draw_if_due(screen, now);
        let woke = self.wait(screen, now).await;
        let mut left = self.take(woke, screen);
        // What is there already belongs to the same turn, input before all else.
        while left.is_none() {
            let Ok(event) = self.tty.try_recv() else { break };
            left = self.take(Woke::Tty(event), screen);
        }
        let mut control = 0;
        while control < CONTROL {
            let Ok(msg) = self.control.try_recv() else { break };
            control += weight(&msg);
            left = left.or(self.take(Woke::Msg(msg), screen));
        }
        let mut rows = 0;
        while rows < ROWS && self.through.takes() {
            let Some(msg) = self.hub.try_next() else { break };
            rows += weight(&msg);
            left = left.or(self.take(Woke::Row(msg), screen));
        }
        left
    }

    async fn wait(&mut self, screen: &Screen, now: i64) -> Woke {
        let frame = if self.terminal.ready() && !self.through.on() { self.pace.next() - now } else { 1_000 };
        let due = if screen.unsettled { frame.min(screen.settled + SETTLE_MS - now) } else { frame };
        let due = Duration::from_millis(due.clamp(1, 1_000).unsigned_abs());
        tokio::select! {
            biased;
            event = self.tty.recv() => event.map_or(Woke::Tty(TtyEvent::HangUp), Woke::Tty),
            signal = self.signals.next() => Woke::Signal(signal),
            Some(loan) = self.loans.recv() => Woke::Loan(loan),
            Some(msg) = self.control.recv() => Woke::Msg(msg),
            msg = self.hub.next(), if self.through.takes() => Woke::Row(msg),
            () = tokio::time::sleep(due) => Woke::Time,
        }
    }

    fn take(&mut self, woke: Woke, screen: &mut Screen) -> Option<Left> {
        match woke {
            Woke::Time => None,
            Woke::Loan(loan) => {
                self.lend(loan);
                None
            }
            Woke::Row(msg) | Woke::Msg(msg) => {
                match &msg {
                    msg if self.answers(msg, screen) => self.pace.key(),
                    Msg::Stream { event: StreamEvent::End, .. } => self.pace.soon(),
                    _ => self.pace.data(),
                }
                screen.unsettled = true;
                self.apply(msg)
            }
            Woke::Tty(TtyEvent::HangUp) => Some(Left::Signalled),
            // Keys that were read before the frame was out came before this event.
            Woke::Tty(TtyEvent::FrameDone { .. }) => {
                self.pump();
                screen.question.take().and_then(|n| self.apply(Msg::Shown(n)))
            }
            Woke::Tty(TtyEvent::Typed(bytes)) => self.apply(Msg::Lent(LentEvent::Typed(bytes))),
            Woke::Tty(TtyEvent::Input(inputs)) => {
                self.pace.key();
                screen.typed = (self.clock)();
                let mut left = None;
                for input in inputs {
                    left = left.or(self.apply(Msg::Input(input)));
                    // A key acts on the rows as the key before left them.
                    views(&mut self.state);
                }
                left
            }
            Woke::Signal(Signal::Resize) => {
                // Two changes may be heard as one, back to the size there was: what the terminal has
                // done to its lines in between nobody knows.
                (screen.full, screen.unsettled) = (true, true);
                self.resize();
                None
            }
            // The terminal may have been anybody's meanwhile: nothing on it is known.
            Woke::Tty(TtyEvent::Taken) => {
                screen.full = true;
                self.resize();
                None
            }
            // What stops and interrupts the one who has the terminal reaches us, too.
            Woke::Signal(Signal::Continue) if self.ours == Ours::Lent => None,
            Woke::Signal(Signal::Interrupt) if self.lately_lent() => None,
            Woke::Signal(Signal::Continue) => {
                self.apply(Msg::Lent(LentEvent::Wanted));
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

    /// Whether a message is what a program says to a key that was typed into it a moment ago.
    fn answers(&self, msg: &Msg, screen: &Screen) -> bool {
        let Msg::Shell(id, ShellEvent::Said(_)) = msg else { return false };
        let focused = self.state.focused().is_some_and(|p| matches!(&p.body, Body::Shell(s) if s.wish.id == *id));
        focused && (self.clock)() - screen.typed < ANSWER_MS
    }

    fn resize(&mut self) {
        let (width, height) = self.terminal.size();
        self.apply(Msg::Input(Input::Resize(width, height)));
        self.pace.key();
    }

    fn lately_lent(&self) -> bool {
        match self.ours {
            Ours::Lent => true,
            Ours::Since(since) => (self.clock)() - since < ECHO,
        }
    }

    fn lend(&mut self, loan: Loan) {
        match loan {
            Loan::Out { words, to, lease } => {
                self.apply(Msg::Lent(LentEvent::Wanted));
                self.terminal.lend(&words);
                self.ours = Ours::Lent;
                // Who has given up meanwhile gives it back with this.
                drop(to.send(lease));
            }
            Loan::Back => {
                self.ours = Ours::Since((self.clock)());
                if let Err(why) = self.terminal.take_back() {
                    self.apply(Msg::Notice(Level::Error, why.to_string().into()));
                }
            }
        }
    }

    fn apply(&mut self, msg: Msg) -> Option<Left> {
        if let Some(tape) = &mut self.tape {
            tape.msg(&msg, self.state.sensitive());
        }
        let effects = update(&mut self.state, msg);
        effects.into_iter().fold(None, |left, effect| left.or(self.perform(effect)))
    }

    fn draw_if_due(&mut self, screen: &mut Screen, now: i64) {
        if now - screen.second.0 >= 1_000 {
            let bytes = std::mem::take(&mut screen.second.1);
            screen.second.0 = now;
            self.apply(Msg::LineSpeed(bytes));
            if let Some(why) = self.tape.as_mut().and_then(Tape::trouble) {
                self.apply(Msg::Notice(Level::Error, format!("the recording has ended: {why}").into()));
            }
        }
        if self.ours == Ours::Lent || self.through.on() || !self.terminal.ready() || !self.pace.due(now) {
            if screen.unsettled && now - screen.settled >= SETTLE_MS {
                self.settle(screen, now);
            }
            return;
        }
        self.settle(screen, now);
        if self.state.replay.is_none() {
            self.terminal.set_mouse(mice(&self.state));
        }
        if let Some(tape) = &mut self.tape {
            tape.frame();
        }
        let begun = clock::thread_cpu();
        self.draw(screen, now);
        screen.took.1 += clock::thread_cpu().saturating_sub(begun);
        if screen.unsettled {
            self.pace.data();
        }
    }

    fn settle(&mut self, screen: &mut Screen, now: i64) {
        let begun = clock::thread_cpu();
        screen.unsettled = settle(&mut self.state);
        screen.settled = now;
        screen.took.0 += clock::thread_cpu().saturating_sub(begun);
    }
}
