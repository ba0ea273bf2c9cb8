//! Questions about jobs, and about leaving while some run.

use super::confirm::Confirm;
use crate::core::job::{JobId, Override};

/// A question in a box.
#[derive(Debug, Clone)]
pub struct Ask {
    /// What it is about, in a few words.
    pub title: String,
    /// What must be known to answer.
    pub lines: Vec<String>,
    /// What answers it.
    pub confirm: Confirm,
    /// What is done with the answer.
    pub question: Question,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Whether to cancel a job.
    Cancel(JobId),
    /// What to do with a row of a job's board: one of these.
    Override(JobId, usize, Vec<Override>),
    /// Whether to do this, which cannot be taken back, to a row.
    Overridden(JobId, usize, Override),
    /// Which of the offers of a job that ended to take.
    Offer(JobId),
    /// What becomes of running jobs when the program is left.
    Quit,
    /// Whether to leave the program although others run in its panes.
    QuitShells,
    /// Whether a job goes on although its steps cannot be journalled.
    WithoutJournal(JobId),
    /// What becomes of a job that an earlier run left behind, by its unique name.
    Leftover(String),
}
