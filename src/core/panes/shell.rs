//! A program in a container, in a pane.

use super::table::Prompt;
use crate::core::job::JobId;
use crate::core::journal::Head;
use crate::core::layout::PaneId;
use crate::core::shell::{Detach, Ending, Screen, Sieve, Wish};
use std::sync::Arc;

/// Where a session is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Asked for.
    Opening,
    /// There; what carries it.
    Running(&'static str),
    /// Over: how, and what has become of its container if that explains it.
    Ended(Ending, Option<Arc<str>>),
}

/// The user looks at lines, and keys are not the program's.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// The line of the cursor, from the oldest on.
    pub at: usize,
    /// The first visible line.
    pub top: usize,
    /// The other end of what is marked.
    pub mark: Option<usize>,
    /// What has been said meanwhile: it is drawn when the user is back.
    pub held: Vec<u8>,
}

/// The pane it was opened from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// Which.
    pub pane: PaneId,
    /// Whether it had the whole tab.
    pub zoom: bool,
}

/// A shell pane.
#[derive(Debug)]
pub struct ShellPane {
    /// The session.
    pub wish: Wish,
    /// `shell`, `exec`, `attach`.
    pub word: &'static str,
    /// The same in kubectl's words.
    pub kubectl: String,
    /// What it has drawn.
    pub screen: Screen,
    /// Where it is.
    pub stage: Stage,
    /// Whether the leader was pressed, and the next key is the console's.
    pub led: bool,
    /// Where a button went down in it that is still held: column and row of its screen.
    pub pressed: Option<(u16, u16)>,
    /// The keys that leave the program alone: for those that were attached to.
    pub detach: Detach,
    /// While the program has the user's own terminal: what it says gets there by way of this.
    pub raw: Option<Sieve>,
    /// While the user looks at lines.
    pub look: Option<Look>,
    /// The search among lines.
    pub find: Prompt,
    /// Whether the pane goes when its program ends by itself.
    pub goes: bool,
    /// Where it came from.
    pub from: Origin,
    /// What its journal lines begin with.
    pub head: Head,
    /// When it was opened (Unix ms, local clock).
    pub began: i64,
    /// The job that is told of its end, if one has opened it.
    pub job: Option<JobId>,
}

impl ShellPane {
    /// Whether the session is not over.
    #[must_use]
    pub fn runs(&self) -> bool {
        !matches!(self.stage, Stage::Ended(..))
    }

    /// Whether keys are the program's.
    #[must_use]
    pub fn takes_keys(&self) -> bool {
        self.runs() && self.look.is_none()
    }

    /// `shop/web-1 web`.
    #[must_use]
    pub fn about(&self) -> String {
        format!("{}/{} {}", self.wish.pod.namespace, self.wish.pod.name, self.wish.container)
    }
}
