//! The rollout of one workload: how it stands, what holds it up, its revisions and what differs
//! between two of them. Made again whenever the workload changes.

use super::list::List;
use super::text::{Span, TextLine, plain};
use crate::core::kind::ObjectRef;
use crate::core::role::Role;
use crate::core::wrap::wrap;
use serde_json::Value;

/// A revision as the board lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number.
    pub number: i64,
    /// Whether the workload has its template now.
    pub now: bool,
    /// Number, pods, age, images, cause.
    pub cells: [String; 5],
    /// As the choice of an undo has it.
    pub words: String,
}

/// What the board has made of what was read.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// How it stands and why, a few lines.
    pub head: Vec<TextLine>,
    /// Its revisions, the newest first.
    pub rows: Vec<Row>,
    /// Which two are compared.
    pub pair: String,
    /// What differs between them.
    pub diff: Vec<TextLine>,
    /// When that was (Unix ms); 0 before the first time.
    pub made: i64,
}

/// A rollout pane.
#[derive(Debug)]
pub struct RolloutPane {
    /// The workload.
    pub object: ObjectRef,
    /// What holds its revisions, whole; or why they cannot be read.
    pub history: Result<Vec<Value>, String>,
    /// The number under which they are being read.
    pub ask: Option<u32>,
    /// When they were last asked for (Unix ms).
    pub asked: i64,
    /// What the workload said of its revisions then.
    pub seen: String,
    /// Where the user is among the revisions.
    pub list: List,
    /// The revision others are compared with, if one was chosen.
    pub base: Option<i64>,
    /// The first visible line of the difference.
    pub top: usize,
    /// What is shown.
    pub told: Told,
}

impl RolloutPane {
    /// Of a workload nothing was read of yet.
    #[must_use]
    pub fn new(object: ObjectRef) -> Self {
        Self {
            object,
            history: Ok(Vec::new()),
            ask: None,
            asked: 0,
            seen: String::new(),
            list: List::default(),
            base: None,
            top: 0,
            told: Told::default(),
        }
    }

    /// The revision under the cursor.
    #[must_use]
    pub fn chosen(&self) -> Option<&Row> {
        self.told.rows.get(self.list.at)
    }
}

/// The head as lines of that width.
#[must_use]
pub fn head(told: &Told, width: u16) -> Vec<TextLine> {
    let broken = |l: &TextLine| {
        let role = l.first().map_or(Role::Text, |s| s.role);
        wrap(&plain(l), width).into_iter().map(move |text| vec![Span { text, role }])
    };
    told.head.iter().flat_map(broken).collect()
}

/// How many lines each part of the board gets in a pane of that size (inside its frame): the head, the
/// revisions with their titles, the difference with its title.
#[must_use]
pub fn parts(told: &Told, width: u16, height: usize) -> [usize; 3] {
    let head = head(told, width).len().min(height / 2);
    let left = height - head;
    let list = (told.rows.len().max(1) + 1).min((left / 2).max(3)).min(left);
    [head, list, left - list]
}
