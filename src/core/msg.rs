//! Everything that can happen to the state.

use super::act::{Facts, Outcome, Right};
use super::cluster::ContextInfo;
use super::held::{HeldEvent, HeldId};
use super::input::Input;
use super::job::{Event, JobId, Leftover};
use super::journal;
use super::kind::{ClusterId, Kind, ObjectRef, StreamKey};
use super::logs::event::LogEvent;
use super::logs::lens::LensKind;
use super::logs::scan::Found;
use super::logs::source::LogId;
use super::problem::Problem;
use super::shell::{LentEvent, ShellEvent, ShellId};
use super::state::Replay;
use super::status::Traffic;
use super::stream::StreamEvent;
use super::usage::Sample;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One message. Messages are what a recording holds (`runtime::recorder`): one that carries bytes
/// of logs or shells is marked `#[serde(skip)]`, and left out of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Msg {
    /// From the terminal.
    Input(Input),
    /// The local clock, Unix milliseconds.
    Now(i64),
    /// From a stream.
    Stream {
        /// Which.
        key: StreamKey,
        /// What it says.
        event: StreamEvent,
    },
    /// About a cluster.
    Cluster(ClusterId, News),
    /// Nobody needs the stream any more, and it was stopped.
    Stopped(StreamKey),
    /// About a watched object: its present state, or that it is gone (`None`).
    Object(ObjectRef, Result<Option<Arc<serde_json::Value>>, Problem>),
    /// Nobody watches the object any more.
    Unwatched(ObjectRef),
    /// About the reading of a log.
    #[serde(skip)]
    Log(LogId, LogEvent),
    /// Nobody needs the reading any more, and it was stopped.
    #[serde(skip)]
    LogStopped(LogId),
    /// What a search through a log found so far.
    #[serde(skip)]
    LogFound {
        /// In which reading.
        log: LogId,
        /// For what.
        lens: LensKind,
        /// Of which search.
        generation: u64,
        /// What.
        found: Vec<Found>,
        /// Whether this is all.
        last: bool,
    },
    /// About a program in a pane.
    #[serde(skip)]
    Shell(ShellId, ShellEvent),
    /// From the terminal, while a program has it.
    #[serde(skip)]
    Lent(LentEvent),
    /// About a forward or a copy.
    #[serde(skip)]
    Held(HeldId, HeldEvent),
    /// The kubeconfig was read.
    Contexts(Vec<ContextInfo>),
    /// Something to tell the user.
    Notice(Level, Arc<str>),
    /// What was read to decide by.
    Facts(u32, Facts),
    /// What the server would do.
    Tried(u32, Vec<(ObjectRef, Outcome)>),
    /// Which rights we have: yes, no, or nobody could say.
    Rights(ClusterId, Vec<(Right, Option<Arc<str>>, Option<bool>)>),
    /// Something happened to a job.
    Job(JobId, Event),
    /// The journal's latest lines, oldest first, or why it cannot be read.
    Journal(Result<Vec<journal::Line>, Arc<str>>),
    /// Jobs that earlier runs left behind, or that other runs are at now.
    Leftovers(Vec<Leftover>),
    /// A frame that shows the question of that number has been written to the terminal.
    Shown(u32),
    /// The terminal is gone, or the process is told to end: running jobs stop, or finish, as the settings say.
    Parting,
    /// Bytes written to the terminal in the last second.
    LineSpeed(u64),
    /// Memory the program holds, in bytes.
    Memory(Option<u64>),
    /// How far the recording is that is shown.
    #[serde(skip)]
    Replay(Replay),
}

/// News of a cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum News {
    /// What it serves, and the groups that did not answer.
    Kinds(Vec<Arc<Kind>>, Vec<Arc<str>>),
    /// Its version.
    Version(Arc<str>),
    /// Who we are to it.
    User(Arc<str>),
    /// An answer: round trip in microseconds, and the server's clock minus ours in ms if it sent one.
    Answered(u64, Option<i64>),
    /// What was sent and received so far; told while the status page shows.
    Traffic(Traffic),
    /// A request failed.
    Failed(Problem),
    /// Usage of some pods; more of the same round follows.
    PodSamples(Vec<Sample>),
    /// Usage of the last pods of a round.
    PodUsage(Result<Vec<Sample>, Problem>),
    /// Usage of some nodes; more of the same round follows.
    NodeSamples(Vec<Sample>),
    /// Usage of the last nodes of a round.
    NodeUsage(Result<Vec<Sample>, Problem>),
}

/// How loud a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Level {
    /// Good to know.
    Info,
    /// Look at it.
    Warn,
    /// Went wrong.
    Error,
}
