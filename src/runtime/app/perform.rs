//! What the state wants done outside, and what is still done when the terminal is gone.

use super::{App, Left, clipboard, save};
use crate::core::effect::Effect;
use crate::core::msg::{Level, Msg};
use crate::core::state::OnHangup;
use crate::runtime::signals::Signal;
use crate::runtime::work::Done;
use std::time::Duration;

/// How long what runs may take to come to a named state once no new steps begin.
const STOPPING: Duration = Duration::from_secs(65);
/// How often machines are told the time meanwhile.
const BEAT: Duration = Duration::from_millis(500);

impl App {
    pub(super) fn perform(&mut self, effect: Effect) -> Option<Left> {
        match effect {
            Effect::Connect { cluster, context } => {
                if let Some(msg) = self.hub.open(cluster, &context) {
                    self.apply(msg);
                }
            }
            Effect::Login(cluster) => self.hub.login(cluster),
            Effect::Disconnect(cluster) => self.hub.close(cluster),
            Effect::ReadContexts => {
                let list = (self.contexts)();
                self.apply(Msg::Contexts(list));
            }
            Effect::Resync(key) => self.hub.restart(&key),
            Effect::Log(log, order) => self.hub.order(log, order),
            Effect::Shell(shell, order) => self.hub.shell(shell, order),
            Effect::Terminal(lent) => self.lend_through(lent),
            Effect::Search { log, lens, generation, job, work } => {
                self.searches.search(log, lens, generation, job, work);
            }
            Effect::SaveLog { name, lines } => save::save(&self.io, self.tell.clone(), &name, lines),
            Effect::Copy(text) => {
                if let Some(bytes) = clipboard::copy(&text, self.clipboard) {
                    self.terminal.send(bytes);
                } else {
                    let why = format!("too long for a clipboard: more than {} bytes", clipboard::LIMIT);
                    self.apply(Msg::Notice(Level::Warn, why.into()));
                }
            }
            Effect::SaveColumns { kind, columns } => (self.save_columns)(kind, columns),
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
            | Effect::ReadOthers
            | Effect::Keep(..)
            | Effect::Forget(_)
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

    /// The terminal is gone, or the process is told to end. Running jobs come to a named state, or
    /// to their end; a second signal ends it at once, and the next start tells what was left.
    pub(super) async fn part(&mut self) {
        if self.replay.is_some() || self.state.jobs.running().next().is_none() {
            return;
        }
        self.terminal.lend("qd: bringing its jobs to an end\r\n");
        let stop = self.state.options.on_hangup == OnHangup::Stop;
        self.apply(Msg::Parting);
        let until = tokio::time::Instant::now() + STOPPING;
        while self.state.jobs.running().next().is_some() {
            if stop && tokio::time::Instant::now() >= until {
                break;
            }
            tokio::select! {
                biased;
                // The terminal's hang-up brings SIGHUP and SIGCONT along: that is no second word.
                signal = self.signals.next() => {
                    if matches!(signal, Signal::Terminate | Signal::Interrupt) {
                        break;
                    }
                }
                Some(msg) = self.control.recv() => {
                    self.apply(msg);
                }
                () = tokio::time::sleep(BEAT) => {
                    let now = (self.clock)();
                    self.apply(Msg::Now(now));
                }
            }
        }
        self.work.settled().await;
    }
}
