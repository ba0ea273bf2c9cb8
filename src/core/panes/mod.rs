//! What a pane can be. A closed set: drawing and updating match on it exhaustively.

pub mod held;
pub mod jobs;
pub mod list;
pub mod log;
pub mod rollout;
pub mod shell;
pub mod table;
pub mod text;

use super::kind::ClusterId;
use super::layout::PaneId;
use super::logs::source::LogId;
use held::HeldPane;
use jobs::{BoardPane, JobsPane, JournalPane};
use log::LogPane;
use rollout::RolloutPane;
use shell::ShellPane;
use table::TablePane;
use text::TextPane;

/// One pane on screen: what it shows now, and where Esc, `[` and `]` lead.
#[derive(Debug)]
pub struct Pane {
    /// Its id in this run.
    pub id: PaneId,
    /// The cluster it looks at.
    pub cluster: ClusterId,
    /// What it shows.
    pub body: Body,
    /// Where it came from, the latest last.
    pub back: Vec<Body>,
    /// What was left by going back, the latest last.
    pub forward: Vec<Body>,
}

/// What a pane shows.
#[derive(Debug)]
pub enum Body {
    /// Rows of a stream.
    Table(Box<TablePane>),
    /// One object as text.
    Text(Box<TextPane>),
    /// Lines of containers or of a node.
    Log(Box<LogPane>),
    /// All jobs.
    Jobs(Box<JobsPane>),
    /// One job.
    Board(Box<BoardPane>),
    /// What was changed.
    Journal(Box<JournalPane>),
    /// Forwards and copies.
    Held(Box<HeldPane>),
    /// A program in a container.
    Shell(Box<ShellPane>),
    /// The rollout of a workload.
    Rollout(Box<RolloutPane>),
}

impl Pane {
    /// Shows something else, keeping the present for the way back.
    pub fn go(&mut self, body: Body) {
        let was = std::mem::replace(&mut self.body, body);
        self.back.push(was);
        self.forward.clear();
    }

    /// Returns to what was before; `false` at the beginning.
    pub fn go_back(&mut self) -> bool {
        let Some(body) = self.back.pop() else { return false };
        self.forward.push(std::mem::replace(&mut self.body, body));
        true
    }

    /// Undoes [`Pane::go_back`]; `false` at the end.
    pub fn go_forward(&mut self) -> bool {
        let Some(body) = self.forward.pop() else { return false };
        self.back.push(std::mem::replace(&mut self.body, body));
        true
    }

    /// The table it shows, if it shows one.
    #[must_use]
    pub fn table(&self) -> Option<&TablePane> {
        match &self.body {
            Body::Table(t) => Some(t),
            _ => None,
        }
    }

    /// See [`Pane::table`].
    pub fn table_mut(&mut self) -> Option<&mut TablePane> {
        match &mut self.body {
            Body::Table(t) => Some(t),
            _ => None,
        }
    }

    /// Whether what is typed into it may be a secret. Each new kind of pane has to say.
    #[must_use]
    pub fn sensitive(&self) -> bool {
        match &self.body {
            // After the leader a key is the console's, and says nothing of the program's.
            Body::Shell(s) => s.takes_keys() && !s.led,
            Body::Table(_)
            | Body::Text(_)
            | Body::Log(_)
            | Body::Jobs(_)
            | Body::Board(_)
            | Body::Journal(_)
            | Body::Rollout(_)
            | Body::Held(_) => false,
        }
    }

    /// The log it shows, if it shows one.
    #[must_use]
    pub fn log(&self) -> Option<&LogPane> {
        if let Body::Log(l) = &self.body { Some(l) } else { None }
    }

    /// See [`Pane::log`].
    pub fn log_mut(&mut self) -> Option<&mut LogPane> {
        if let Body::Log(l) = &mut self.body { Some(l) } else { None }
    }

    /// The log of a reading, shown or on the way back or forward.
    pub fn reading(&mut self, id: LogId) -> Option<&mut LogPane> {
        let bodies = std::iter::once(&mut self.body).chain(&mut self.back).chain(&mut self.forward);
        bodies.filter_map(|b| if let Body::Log(l) = b { Some(l.as_mut()) } else { None }).find(|l| l.wish.id == id)
    }

    /// The line being typed in this pane, if one is open.
    pub fn open_line(&mut self) -> Option<&mut super::line::Line> {
        match &mut self.body {
            Body::Table(t) => t.filter.line.as_mut(),
            Body::Text(t) => t.find.line.as_mut(),
            Body::Log(l) => l.prompt().line.as_mut(),
            Body::Journal(j) => j.open_line(),
            Body::Shell(s) => s.find.line.as_mut(),
            Body::Jobs(_) | Body::Board(_) | Body::Rollout(_) | Body::Held(_) => None,
        }
    }
}

impl Pane {
    /// Which keys hold in it.
    #[must_use]
    pub fn layer(&self) -> super::keys::Layer {
        use super::keys::Layer;
        match &self.body {
            Body::Table(t) if t.form == table::Form::Bars => Layer::Top,
            Body::Table(t) => Layer::of_kind(&t.key.kind),
            Body::Text(_) | Body::Journal(_) => Layer::Text,
            Body::Log(_) => Layer::Logs,
            Body::Jobs(_) | Body::Board(_) | Body::Held(_) => Layer::Jobs,
            Body::Shell(s) if s.takes_keys() => Layer::Shell,
            Body::Shell(_) => Layer::Lines,
            Body::Rollout(_) => Layer::Rollout,
        }
    }
}
