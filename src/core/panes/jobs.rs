//! Panes about what was asked for: all jobs, one job's board, the journal.

use super::list::List;
use super::table::Prompt;
use crate::core::job::JobId;
use crate::core::line::Line;

/// All jobs: those that earlier runs left behind, those other runs are at, those of this run.
#[derive(Debug, Clone, Default)]
pub struct JobsPane {
    /// Where the user is.
    pub list: List,
}

/// The board of one job.
#[derive(Debug, Clone)]
pub struct BoardPane {
    /// Whose.
    pub job: JobId,
    /// Where the user is among its rows.
    pub list: List,
}

/// The journal, newest last.
#[derive(Debug, Clone)]
pub struct JournalPane {
    /// What lines must hold to be shown.
    pub filter: Prompt,
    /// The lines that are shown, as places in the journal.
    pub shown: Vec<usize>,
    /// Where the user is among them.
    pub list: List,
    /// Whether the cursor stays on the newest line.
    pub follow: bool,
}

impl Default for JournalPane {
    fn default() -> Self {
        Self { filter: Prompt::default(), shown: Vec::new(), list: List::default(), follow: true }
    }
}

impl JournalPane {
    /// The line being typed, if it is open.
    pub fn open_line(&mut self) -> Option<&mut Line> {
        self.filter.line.as_mut()
    }
}
