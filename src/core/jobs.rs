//! The jobs of this run, and what is known of those of others.

use super::act::Asked;
use super::effect::Sending;
use super::job::{Board, CallId, JobId, Kept, Leftover, Machine, State as Standing};
use super::journal::{self, Head};
use super::kind::ClusterId;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Ended jobs that are kept to be looked at.
const MOST_ENDED: usize = 100;

/// How a job stands with the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// Each step is written before it is sent.
    Journalled,
    /// A step could not be written: the user is to be asked, nothing is sent meanwhile.
    Refused,
    /// The user lets it go on without.
    Without,
}

/// One job.
#[derive(Debug)]
pub struct Job {
    /// Which.
    pub id: JobId,
    /// What was asked for.
    pub asked: Asked,
    /// What carries it out.
    pub machine: Machine,
    /// How it stood after the last event.
    pub board: Board,
    /// What its journal lines begin with.
    pub head: Head,
    /// When it was confirmed (Unix ms, local clock).
    pub began: i64,
    /// When it ended (Unix ms, local clock).
    pub ended: Option<i64>,
    /// When it last was told the time (Unix ms, local clock).
    pub ticked: i64,
    /// How it stands with the journal.
    pub trust: Trust,
    /// Calls that were sent and not answered.
    pub flying: BTreeMap<CallId, Sending>,
    /// Calls that wait for an answer about the journal.
    pub held: Vec<Sending>,
    /// What the next start would be told.
    pub kept: Option<Kept>,
}

impl Job {
    /// Whether it has not ended.
    #[must_use]
    pub fn running(&self) -> bool {
        self.ended.is_none()
    }

    /// What the next start must know of it.
    #[must_use]
    pub fn keep(&self, action: &str) -> Kept {
        let cordoned = self.board.cordoned.iter().map(|n| format!("node {n} cordoned"));
        Kept {
            job: self.head.job.clone(),
            action: action.to_owned(),
            context: self.head.context.clone(),
            server: self.head.server.clone(),
            targets: self.asked.targets.iter().map(journal::Object::from).collect(),
            values: self.asked.values.texts(),
            began: time(self.began),
            totals: self.board.totals.clone(),
            left: cordoned.chain(self.board.left.iter().cloned()).collect(),
            cordoned: self.board.cordoned.clone(),
            made: self.machine.made().iter().map(journal::Object::from).collect(),
        }
    }
}

/// A moment as the journal writes it: RFC 3339 with milliseconds, UTC.
#[must_use]
pub fn time(unix_ms: i64) -> String {
    jiff::Timestamp::from_millisecond(unix_ms).map(|t| format!("{t:.3}")).unwrap_or_default()
}

/// All jobs that are known.
#[derive(Debug)]
pub struct Jobs {
    /// Those of this run, in the order they were confirmed.
    pub all: BTreeMap<JobId, Job>,
    /// Those of other runs.
    pub leftovers: Vec<Leftover>,
    /// The journal's latest lines, oldest first, or why they cannot be read.
    pub journal: Result<Vec<journal::Line>, Arc<str>>,
    /// When the journal was last asked for (Unix ms), while a pane shows it.
    pub journal_asked: i64,
    /// When it was last looked what other runs are at (Unix ms), while a pane shows it.
    pub others_asked: i64,
    /// Whether the program is to be left once all have ended.
    pub leaving: bool,
    /// Whether the terminal is gone: what is left undone is kept for the next start.
    pub parting: bool,
    next: u32,
}

impl Default for Jobs {
    fn default() -> Self {
        Self {
            all: BTreeMap::new(),
            leftovers: Vec::new(),
            journal: Ok(Vec::new()),
            journal_asked: i64::MIN,
            others_asked: 0,
            leaving: false,
            parting: false,
            next: 0,
        }
    }
}

impl Jobs {
    /// Takes a job that was confirmed; it has not begun. `who` is this run's name, which tells it
    /// from all others on this machine, and the user as the server names it.
    pub fn add(&mut self, asked: Asked, machine: Machine, who: (&str, &str), now: i64, server_now: i64) -> JobId {
        let (run, user) = who;
        self.next += 1;
        let id = JobId(self.next);
        let head = Head {
            job: format!("{run}-{}", self.next),
            context: asked.place.context.to_string(),
            server: asked.place.server.to_string(),
            user: user.to_owned(),
        };
        let board = machine.board(server_now);
        let job = Job {
            id,
            asked,
            machine,
            board,
            head,
            began: now,
            ended: None,
            ticked: now,
            trust: Trust::Journalled,
            flying: BTreeMap::new(),
            held: Vec::new(),
            kept: None,
        };
        self.all.insert(id, job);
        let ended: Vec<JobId> = self.all.values().filter(|j| !j.running()).map(|j| j.id).collect();
        for old in ended.iter().take(ended.len().saturating_sub(MOST_ENDED)) {
            self.all.remove(old);
        }
        id
    }

    /// Those that have not ended.
    pub fn running(&self) -> impl Iterator<Item = &Job> {
        self.all.values().filter(|j| j.running())
    }

    /// Whether a cluster has jobs that have not ended.
    #[must_use]
    pub fn on(&self, cluster: ClusterId) -> bool {
        self.running().any(|j| j.asked.place.cluster == cluster)
    }

    /// The lines of the jobs pane: other runs' first, then this one's, the newest last.
    #[must_use]
    pub fn rows(&self) -> Vec<Row<'_>> {
        self.leftovers.iter().map(Row::Left).chain(self.all.values().map(Row::Own)).collect()
    }
}

/// One line of the jobs pane.
#[derive(Debug, Clone, Copy)]
pub enum Row<'a> {
    /// A job of another run.
    Left(&'a Leftover),
    /// A job of this run.
    Own(&'a Job),
}

/// A standing in a word.
#[must_use]
pub fn word(state: Standing) -> &'static str {
    match state {
        Standing::Waiting => "waiting",
        Standing::Running => "running",
        Standing::Stopping => "stopping",
        Standing::Done => "done",
        Standing::Failed => "failed",
        Standing::Cancelled => "cancelled",
        Standing::Kept => "kept",
    }
}
