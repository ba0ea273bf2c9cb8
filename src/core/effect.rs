//! What the state wants done outside, as plain data.

use super::act::{Call, Read, Right};
use super::cluster::ContextInfo;
use super::job::{CallId, JobId, Record};
use super::journal;
use super::kind::{ClusterId, ObjectRef, StreamKey};
use super::logs::event::LogOrder;
use super::logs::export::Export;
use super::logs::lens::LensKind;
use super::logs::scan;
use super::logs::source::LogId;
use super::shell::{Lent, ShellId, ShellOrder};
use std::sync::Arc;

/// Lines to write, compared by being the same ones.
#[derive(Debug, Clone)]
pub struct SavedLog(pub Arc<Export>);

impl PartialEq for SavedLog {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// A call of a job, to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Sending {
    /// Whose call.
    pub job: JobId,
    /// Which.
    pub id: CallId,
    /// The call.
    pub call: Call,
    /// What the journal says of it, and who does it; none for reads.
    pub record: Option<(journal::Head, Record)>,
}

/// One wish.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Connect to a context under a new id.
    Connect {
        /// The id its messages will carry.
        cluster: ClusterId,
        /// Which context.
        context: ContextInfo,
    },
    /// Log in to a cluster anew, asking the user if need be.
    Login(ClusterId),
    /// Let go of a cluster.
    Disconnect(ClusterId),
    /// Read the kubeconfig again.
    ReadContexts,
    /// List a stream anew.
    Resync(StreamKey),
    /// Write the columns picked for a kind into the settings file; `None` takes them out of it.
    SaveColumns {
        /// The kind's resource name.
        kind: Arc<str>,
        /// As the file writes them.
        columns: Option<Vec<String>>,
    },
    /// Put text on the user's clipboard.
    Copy(String),
    /// Ask something of the reading of a log.
    Log(LogId, LogOrder),
    /// Send something to a program in a container.
    Shell(ShellId, ShellOrder),
    /// Lend the terminal to a program, or take it back.
    Terminal(Lent),
    /// Look through lines beside the loop; an older search of the same lens is given up.
    Search {
        /// Lines of which reading.
        log: LogId,
        /// For what.
        lens: LensKind,
        /// Which search.
        generation: u64,
        /// What to look for.
        job: Arc<scan::Job>,
        /// Where.
        work: Vec<scan::Work>,
    },
    /// Write lines to a new file.
    SaveLog {
        /// What its name tells: where the lines came from.
        name: String,
        /// The lines.
        lines: SavedLog,
    },
    /// Read whole objects to decide by; answered by [`super::msg::Msg::Facts`].
    Read {
        /// Comes back with the answer.
        ask: u32,
        /// Of which cluster.
        cluster: ClusterId,
        /// What.
        reads: Vec<Read>,
    },
    /// Ask the server what it would do (`dryRun=All`); answered by [`super::msg::Msg::Tried`].
    Try {
        /// Comes back with the answer.
        ask: u32,
        /// The calls, each with the object it is about.
        calls: Vec<(ObjectRef, Call)>,
    },
    /// Ask which of these rights we have, each in its namespace (`None` for cluster-wide);
    /// answered by [`super::msg::Msg::Rights`].
    Rights(ClusterId, Vec<(Right, Option<Arc<str>>)>),
    /// Send a call of a job: its record goes to the journal first. Answered by [`super::msg::Msg::Job`].
    Send(Box<Sending>),
    /// Write a line about a whole job.
    Journal(Box<journal::Line>),
    /// Read the journal's latest lines; answered by [`super::msg::Msg::Journal`].
    ReadJournal,
    /// Look what other runs are at, or have left behind.
    ReadOthers,
    /// Keep (or, with `None`, forget) what the next start must know of a running job. The
    /// runtime holds its lock as long as this process lives.
    Keep(JobId, Option<Box<super::job::Kept>>),
    /// Forget a job that an earlier run left behind, by its unique name.
    Forget(String),
    /// Ring, notify, set the title: what the settings allow of it.
    Attention(String),
    /// A command of a room above the core (`:demo fault ...`).
    Extra(Arc<str>),
    /// Stop the process like Ctrl-Z would.
    Suspend,
    /// Leave.
    Quit,
}
