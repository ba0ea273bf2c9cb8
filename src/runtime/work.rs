//! What actions want done outside: reading facts, asking for rights, dry runs, the calls of
//! jobs with the journal around them, and what must outlive the process.

use super::journal::Journal;
use super::kept::Keeper;
use super::{attention, clock};
use crate::cluster::{Connection, call, facts, rights};
use crate::core::act::Outcome;
use crate::core::effect::{Effect, Sending};
use crate::core::job::{Event, JobId, Kept};
use crate::core::journal::{Head, Line};
use crate::core::kind::ClusterId;
use crate::core::msg::{Level, Msg};
use std::path::Path;
use tokio::runtime::Handle;
use tokio::sync::mpsc::Sender;

/// Answers to a dry run under way at once.
const TRIALS: usize = 8;

/// The outside of actions.
#[derive(Debug)]
pub struct Work {
    io: Handle,
    control: Sender<Msg>,
    journal: Journal,
    keeper: Keeper,
    attention: attention::Ways,
}

impl Work {
    /// Works on `io`, reports through `control`, writes into the state folder.
    #[must_use]
    pub fn new(io: Handle, control: Sender<Msg>, state: Option<&Path>, attention: attention::Ways) -> Self {
        Self { io, control, journal: Journal::open(state), keeper: Keeper::new(state), attention }
    }

    /// Tells the state of jobs that other runs left behind or are at.
    #[must_use]
    pub fn others(&self) -> Msg {
        Msg::Leftovers(self.keeper.others())
    }

    /// Carries out an effect of an action. `connection` finds a cluster's. Returns bytes for the
    /// terminal (attention), or a message at once.
    pub fn perform(&mut self, effect: Effect, connection: &dyn Fn(ClusterId) -> Option<Connection>) -> Done {
        match effect {
            Effect::Read { ask, cluster, reads } => {
                let Some(connection) = connection(cluster) else { return Done::Nothing };
                self.report(
                    async move { Msg::Facts(ask, facts::read(&connection, cluster, reads, clock::now()).await) },
                );
            }
            Effect::Try { ask, calls } => {
                let calls: Vec<_> = calls.into_iter().map(|(o, c)| (connection(o.cluster), o, c)).collect();
                self.report(async move {
                    use futures_util::StreamExt as _;
                    let answers = futures_util::stream::iter(calls).map(|(connection, object, call)| async move {
                        let call = crate::core::act::Call { dry_run: true, ..call };
                        (object, send(connection.as_ref(), &call).await)
                    });
                    Msg::Tried(ask, answers.buffered(TRIALS).collect().await)
                });
            }
            Effect::Rights(cluster, wanted) => {
                let Some(connection) = connection(cluster) else { return Done::Nothing };
                self.report(async move { Msg::Rights(cluster, rights::review(&connection, wanted).await) });
            }
            Effect::Send(sending) => {
                let connection = connection(sending.call.cluster);
                let journal = self.journal.clone();
                self.report(async move { step(connection.as_ref(), &journal, *sending).await });
            }
            Effect::Journal(line) => {
                let (written, control) = (self.journal.hand_in(*line), self.control.clone());
                self.io.spawn(async move {
                    if let Err(why) = written.await {
                        drop(control.send(Msg::Notice(Level::Error, why)).await);
                    }
                });
            }
            Effect::ReadOthers => return Done::Msg(Box::new(self.others())),
            Effect::ReadJournal => {
                let journal = self.journal.clone();
                self.report(async move { Msg::Journal(journal.read().await) });
            }
            Effect::Keep(job, kept) => return self.keep(job, kept.as_deref()),
            Effect::Forget(job) => self.keeper.forget_left(&job),
            Effect::Attention(text) => return Done::Bytes(attention::bytes(&text, self.attention)),
            _ => {}
        }
        Done::Nothing
    }

    /// Waits until all that was handed in to the journal is on the disk.
    pub async fn settled(&self) {
        drop(self.journal.read().await);
    }

    fn keep(&mut self, job: JobId, kept: Option<&Kept>) -> Done {
        let Some(kept) = kept else {
            self.keeper.forget(job);
            return Done::Nothing;
        };
        match self.keeper.keep(job, kept) {
            Ok(()) => Done::Nothing,
            Err(e) => {
                let why = format!("a restart will not know of this job: its file cannot be written ({})", e.kind());
                Done::Msg(Box::new(Msg::Notice(Level::Warn, why.into())))
            }
        }
    }

    fn report(&self, work: impl Future<Output = Msg> + Send + 'static) {
        let control = self.control.clone();
        self.io.spawn(async move { drop(control.send(work.await).await) });
    }
}

/// What came of an effect at once.
#[derive(Debug)]
pub enum Done {
    /// Nothing: an answer will come, or none is due.
    Nothing,
    /// A message.
    Msg(Box<Msg>),
    /// Bytes for the terminal.
    Bytes(Vec<u8>),
}

/// Journals the intent, sends the call, journals what came of it. An intent that cannot be
/// written holds the call back; a result that cannot is said by the notice of the next write.
async fn step(connection: Option<&Connection>, journal: &Journal, sending: Sending) -> Msg {
    let Sending { job, id, call, record } = sending;
    if let Some((head, record)) = &record {
        let line = head.step(clock::text(), id.0, record, None);
        if let Err(why) = journal.write(line).await {
            tracing::error!(%why, "no call without its journal line");
            return Msg::Job(job, Event::NotJournalled(id));
        }
    }
    let outcome = send(connection, &call).await;
    if let Some((head, record)) = &record {
        written(journal, head.step(clock::text(), id.0, record, Some(&outcome)), head).await;
    }
    Msg::Job(job, Event::Answer(id, outcome))
}

async fn written(journal: &Journal, line: Line, head: &Head) {
    if let Err(why) = journal.write(line).await {
        tracing::error!(%why, job = head.job, "a result is missing in the journal");
    }
}

async fn send(connection: Option<&Connection>, call: &crate::core::act::Call) -> Outcome {
    match connection {
        Some(connection) => call::execute(connection, call).await,
        None => Err(crate::core::act::Refusal::unsent(crate::core::problem::Problem::Unreachable(
            "this cluster was let go of".into(),
        ))),
    }
}
