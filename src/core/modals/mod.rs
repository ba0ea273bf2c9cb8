//! What can stand over the panes. One at a time; Esc always leaves it.

pub mod ask;
mod chooser;
pub mod confirm;
pub mod edit;
pub mod flow;
pub mod review;

pub use chooser::{Chooser, Entry};

use super::line::Line;
use ask::Ask;
use confirm::Confirm;
use edit::Edits;
use flow::Flow;
use std::sync::Arc;

/// A modal.
#[derive(Debug, Clone)]
pub enum Modal {
    /// `:` with completions.
    Palette(Choice),
    /// Choose a namespace.
    Namespaces(Choice),
    /// Choose a context.
    Contexts(Choice),
    /// Choose and order the columns of a kind.
    Columns(Box<Chooser>),
    /// What each key does here and now.
    Help(Help),
    /// What the console itself costs, and how its streams are; scrolled down by so many lines.
    Status(usize),
    /// An action on its way to a job.
    Act(Box<Flow>),
    /// A question about a job, or about leaving.
    Ask(Box<Ask>),
    /// Something longer than a line.
    Message {
        /// Its title.
        title: Arc<str>,
        /// Its lines.
        lines: Vec<Arc<str>>,
    },
}

impl Modal {
    /// Whether what is typed into it may be a secret. Each new modal has to say.
    #[must_use]
    pub fn sensitive(&self) -> bool {
        match self {
            Self::Palette(_)
            | Self::Namespaces(_)
            | Self::Contexts(_)
            | Self::Columns(_)
            | Self::Help(_)
            | Self::Status(_)
            | Self::Message { .. } => false,
            Self::Act(flow) => flow.edits.as_ref().is_some_and(Edits::private),
            Self::Ask(_) => false,
        }
    }

    /// The question it stands at, if it stands at one.
    #[must_use]
    pub fn confirm(&self) -> Option<&Confirm> {
        match self {
            Self::Act(flow) => flow.confirm(),
            Self::Ask(ask) => Some(&ask.confirm),
            _ => None,
        }
    }

    /// See [`Modal::confirm`].
    pub fn confirm_mut(&mut self) -> Option<&mut Confirm> {
        match self {
            Self::Act(flow) => flow.confirm_mut(),
            Self::Ask(ask) => Some(&mut ask.confirm),
            _ => None,
        }
    }
}

/// A line with a list under it.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// What is typed.
    pub line: Line,
    /// What fits it, best first.
    pub items: Vec<Item>,
    /// Which is chosen.
    pub at: usize,
    /// Position in the palette's history while the user walks it.
    pub past: Option<usize>,
}

/// One line of a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What is put into the line, or chosen.
    pub text: Arc<str>,
    /// Said beside it.
    pub note: Arc<str>,
    /// Why it cannot be chosen, if so.
    pub problem: Option<Arc<str>>,
}

/// The help.
#[derive(Debug, Clone, Default)]
pub struct Help {
    /// What narrows it.
    pub line: Line,
    /// First visible line.
    pub top: usize,
}
