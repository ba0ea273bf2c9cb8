//! A recording in place of a cluster: its messages are fed to the state as they came, or as fast
//! as asked, and nothing of what they want done is done. When it ends the last state stays, alive:
//! the user may look around in it, and the clock stands still.

use super::{App, Left, Screen, Woke};
use crate::core::input::{Input, Key, KeyCode};
use crate::core::msg::{Level, Msg};
use crate::core::state::{Replay, Stage};
use crate::core::update::{settle, update};
use crate::runtime::recorder::{Line, Player, Speed, wait};
use crate::runtime::tty::TtyEvent;
use std::time::Duration;
use tokio::time::Instant;

/// How long lines are fed before the user is heard again.
const BUDGET: Duration = Duration::from_millis(20);
/// How far the key Right leads (ms of the recording).
const AHEAD: i64 = 10_000;

/// A replay under way.
struct Show {
    player: Player,
    speed: Speed,
    /// The recording's clock when it began, moved by going ahead.
    began: i64,
    /// When it was begun here, moved by resting.
    since: Instant,
    resting: Option<Instant>,
}

/// What a round of feeding came to.
enum Fed {
    /// The next line is due then.
    Until(Instant),
    /// That was all, and why if there should have been more.
    Ended(Option<String>),
}

impl App {
    /// Shows a recording to its end. Returns why the user left before.
    pub(super) async fn replay(&mut self, screen: &mut Screen, player: Player, speed: Speed) -> Option<Left> {
        let began = player.now();
        let mut show = Show { player, speed, began, since: Instant::now(), resting: None };
        let trouble = loop {
            let next = match self.feed(&mut show) {
                Fed::Until(next) => next,
                Fed::Ended(trouble) => break trouble,
            };
            self.tell(&show.player, if show.resting.is_some() { Stage::Rests } else { Stage::Plays });
            let now = (self.clock)();
            if self.terminal.ready() && self.pace.due(now) {
                self.draw(screen, now);
            }
            tokio::select! {
                biased;
                event = self.tty.recv() => {
                    if let Some(left) = self.hear(&mut show, screen, event.unwrap_or(TtyEvent::HangUp)) {
                        return Some(left);
                    }
                }
                signal = self.signals.next() => {
                    if let Some(left) = self.take(Woke::Signal(signal), screen) {
                        return Some(left);
                    }
                }
                () = tokio::time::sleep_until(next) => {}
            }
        };
        self.stay(&show.player, trouble);
        None
    }

    /// Feeds what is due.
    fn feed(&mut self, show: &mut Show) -> Fed {
        let begun = Instant::now();
        if show.resting.is_some() {
            return Fed::Until(begun + Duration::from_millis(200));
        }
        loop {
            let at = match show.player.due() {
                Ok(Some(at)) => at,
                Ok(None) => return Fed::Ended(None),
                Err(bad) => return Fed::Ended(Some(bad.to_string())),
            };
            let due = show.since + wait(show.speed, show.began, at);
            let now = Instant::now();
            if due > now || now - begun > BUDGET {
                return Fed::Until(due.max(now));
            }
            self.pace.data();
            if self.state.now != at {
                let _ = update(&mut self.state, Msg::Now(at));
            }
            match show.player.take() {
                // What it wants done was done then, by somebody else.
                Some(Line::Msg(msg)) => {
                    let typed = matches!(*msg, Msg::Input(_));
                    let _ = update(&mut self.state, *msg);
                    if typed {
                        settle(&mut self.state);
                    }
                }
                Some(Line::Frame) => {
                    settle(&mut self.state);
                }
                Some(Line::Now(_)) | None => {}
            }
        }
    }

    /// The keys of a replay: they are for it, not for the state.
    fn hear(&mut self, show: &mut Show, screen: &mut Screen, event: TtyEvent) -> Option<Left> {
        let TtyEvent::Input(inputs) = event else { return self.take(Woke::Tty(event), screen) };
        for input in inputs {
            let Input::Key(key) = input else { continue };
            match key.code {
                KeyCode::Char('q') | KeyCode::Esc => return Some(Left::Asked),
                _ if key == Key::ctrl('c') => return Some(Left::Asked),
                KeyCode::Char(' ') => match show.resting.take() {
                    Some(since) => show.since += since.elapsed(),
                    None => show.resting = Some(Instant::now()),
                },
                KeyCode::Right => show.began += AHEAD,
                KeyCode::End => {
                    show.speed = Speed::AtOnce;
                    show.resting = None;
                }
                _ => {}
            }
            self.pace.key();
        }
        None
    }

    /// How far it is, for the hint line.
    fn tell(&mut self, player: &Player, stage: Stage) {
        let now = Replay { percent: player.percent(), stage };
        if self.state.replay.as_ref() != Some(&now) {
            let _ = update(&mut self.state, Msg::Replay(now));
            self.pace.data();
        }
    }

    /// The last state stays.
    fn stay(&mut self, player: &Player, trouble: Option<String>) {
        let last = self.state.now;
        self.clock = Box::new(move || last);
        self.state.options.read_only = true;
        for cluster in self.state.clusters.values_mut() {
            cluster.read_only = true;
        }
        let _ = update(&mut self.state, Msg::Replay(Replay { percent: player.percent(), stage: Stage::Ended }));
        let (width, height) = self.terminal.size();
        let _ = update(&mut self.state, Msg::Input(Input::Resize(width, height)));
        if let Some(why) = trouble {
            let text = format!("{why}; this is all there is");
            let _ = update(&mut self.state, Msg::Notice(Level::Error, text.into()));
        }
        self.pace.key();
    }
}
