//! How a job stands, as plain data: what its board, the jobs pane and notices show.

use super::order::Override;
use crate::core::kind::ObjectRef;
use std::fmt;

/// Where a job or a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Not begun.
    Waiting,
    /// Under way.
    Running,
    /// Asked to end; what runs is brought to an end.
    Stopping,
    /// Done as planned.
    Done,
    /// Ended with something not done, by failure.
    Failed,
    /// Ended because it was asked to.
    Cancelled,
    /// Left alone on purpose; not counted.
    Kept,
}

/// How a row looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// As any other.
    Plain,
    /// On its way.
    Busy,
    /// Ended well.
    Good,
    /// Look at it.
    Warn,
    /// Failed.
    Bad,
    /// Matters least.
    Dim,
}

/// What is said of a row: where it is in a few words, and why, if there is more to it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// `not done`, `refused, next try in 3 s`.
    pub words: String,
    /// The reason; empty where there is none.
    pub why: String,
}

impl Said {
    /// Words with their reason.
    #[must_use]
    pub fn because(words: impl Into<String>, why: impl Into<String>) -> Self {
        Self { words: words.into(), why: why.into() }
    }
}

impl<T: Into<String>> From<T> for Said {
    fn from(words: T) -> Self {
        Self::because(words, "")
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.why.is_empty() { "" } else { ": " };
        write!(f, "{}{sign}{}", self.words, self.why)
    }
}

/// One line of a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardRow {
    /// Which object.
    pub subject: String,
    /// Where it is.
    pub state: State,
    /// The same in words: `terminating 12 s of 30`.
    pub said: Said,
    /// What else is known.
    pub detail: String,
    /// How it looks.
    pub tone: Tone,
    /// What may be done to it now; none of it without being confirmed.
    pub may: Vec<Override>,
    /// The object itself, to go to.
    pub object: Option<ObjectRef>,
}

/// An action offered once a job has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The action's id.
    pub action: &'static str,
    /// `uncordon n-11`.
    pub title: String,
    /// On what.
    pub targets: Vec<ObjectRef>,
}

/// A job as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// `drain n-11`.
    pub title: String,
    /// Where it is as a whole.
    pub state: State,
    /// `14 of 19 gone · 1 refused · 4 terminating · 5 kept`.
    pub totals: String,
    /// When it began (server's clock, Unix ms), and when it ended.
    pub began: Option<i64>,
    /// See `began`.
    pub ended: Option<i64>,
    /// Its rows, in an order that does not change.
    pub rows: Vec<BoardRow>,
    /// What was left undone, and in what state things are, once it has ended otherwise than well.
    pub left: Vec<String>,
    /// Nodes this run cordoned and has not uncordoned: the only ones that a later run may.
    pub cordoned: Vec<String>,
    /// What warnings the server gave.
    pub warnings: Vec<String>,
    /// The kubectl line.
    pub kubectl: String,
    /// What is offered now it has ended.
    pub offers: Vec<Offer>,
}

impl BoardRow {
    /// Why it is where it is, and what else is known.
    #[must_use]
    pub fn more(&self) -> String {
        let parts = [self.said.why.as_str(), self.detail.as_str()];
        parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    /// The row in a line of its own.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{}: {}", self.subject, self.said)
    }
}

impl Board {
    /// What stands under its rows: what was left as far as no row says it, what the server warned of,
    /// what may be done next.
    #[must_use]
    pub fn foot(&self) -> Vec<(String, Tone)> {
        let rows: Vec<String> =
            if self.left.is_empty() { Vec::new() } else { self.rows.iter().map(BoardRow::line).collect() };
        let left = self.left.iter().filter(|l| !rows.contains(l)).map(|l| (format!("left: {l}"), Tone::Warn));
        let warnings = self.warnings.iter().map(|w| (format!("Warning: {w}"), Tone::Warn));
        let offers: Vec<&str> = self.offers.iter().map(|o| o.title.as_str()).collect();
        let offers = (!offers.is_empty()).then(|| (format!("Enter: {}", offers.join(", ")), Tone::Good));
        left.chain(warnings).chain(offers).collect()
    }
}
