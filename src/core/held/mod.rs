//! What is held open or under way outside the screen: forwarded ports and copies. They outlive panes and are
//! ended by the user, by themselves, or with the program.

pub mod copy;
pub mod forward;

use super::journal::Head;
use super::kind::ClusterId;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One of them in this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct HeldId(pub u32);

/// What it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Work {
    /// A local port that leads to pods.
    Forward(forward::Wish),
    /// Files on their way.
    Copy(copy::Wish),
}

impl Work {
    /// On which cluster.
    #[must_use]
    pub fn cluster(&self) -> ClusterId {
        match self {
            Self::Forward(f) => f.cluster,
            Self::Copy(c) => c.pod.cluster,
        }
    }

    /// In a word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Forward(_) => "forward",
            Self::Copy(c) if c.out => "copy out",
            Self::Copy(_) => "copy in",
        }
    }
}

/// Where one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Not there yet, or not any more for the moment.
    Opening,
    /// As it should be.
    Live,
    /// Over, well.
    Done,
    /// Over, or never begun.
    Failed,
}

/// Bytes and connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Bytes into the cluster.
    pub into: u64,
    /// Bytes out of it.
    pub out: u64,
    /// How many there will be, where that is known (copies).
    pub whole: Option<u64>,
    /// Connections that are open (forwards), files that are done (copies).
    pub open: u32,
    /// Connections there were in all.
    pub all: u32,
}

/// What is heard of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeldEvent {
    /// Where it is in the end: the address it listens at, the folder that is written to.
    At(Arc<str>),
    /// How it stands, in words.
    Stands(Standing, Arc<str>),
    /// What has passed so far.
    Passed(Counts),
    /// The user should know, though it goes on.
    Note(Arc<str>),
}

/// One of them.
#[derive(Debug, Clone)]
pub struct Held {
    /// Which.
    pub id: HeldId,
    /// What.
    pub work: Work,
    /// What it is about, for people.
    pub about: String,
    /// Where it is, once it is known.
    pub at: Arc<str>,
    /// Where it stands.
    pub standing: Standing,
    /// The same in words.
    pub words: Arc<str>,
    /// What has passed.
    pub counts: Counts,
    /// What the user should know, the latest last.
    pub notes: Vec<Arc<str>>,
    /// The kubectl line.
    pub kubectl: String,
    /// What its journal lines begin with.
    pub head: Head,
    /// When it was asked for, and when it ended (Unix ms, local clock).
    pub began: i64,
    /// See `began`.
    pub ended: Option<i64>,
}

impl Held {
    /// Whether it is not over.
    #[must_use]
    pub fn runs(&self) -> bool {
        self.ended.is_none()
    }

    /// Bytes a second, over all its time.
    #[must_use]
    pub fn speed(&self, now: i64) -> u64 {
        let ms = (self.ended.unwrap_or(now) - self.began).max(1).unsigned_abs();
        (self.counts.into + self.counts.out) * 1_000 / ms
    }

    /// In a line: `forward 127.0.0.1:8080 to service shop/web:80`.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{} {}", self.work.word(), self.about)
    }
}

/// Those that are over are kept for the list, the latest of them.
const MOST_ENDED: usize = 50;

/// All that are known.
#[derive(Debug, Default)]
pub struct All {
    /// By number, so that the newest is the last.
    pub all: BTreeMap<HeldId, Held>,
    next: u32,
}

impl All {
    /// A new number.
    pub fn number(&mut self) -> HeldId {
        self.next += 1;
        HeldId(self.next)
    }

    /// One more; the oldest of those that are over go.
    pub fn add(&mut self, held: Held) {
        self.all.insert(held.id, held);
        let over: Vec<HeldId> = self.all.values().filter(|h| !h.runs()).map(|h| h.id).collect();
        for id in over.iter().take(over.len().saturating_sub(MOST_ENDED)) {
            self.all.remove(id);
        }
    }

    /// Those that are not over.
    pub fn running(&self) -> impl Iterator<Item = &Held> {
        self.all.values().filter(|h| h.runs())
    }

    /// Whether a cluster has any.
    #[must_use]
    pub fn on(&self, cluster: ClusterId) -> bool {
        self.running().any(|h| h.work.cluster() == cluster)
    }
}
