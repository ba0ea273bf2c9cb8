//! What a pane can be. A closed set: drawing and updating match on it exhaustively.

pub mod table;
pub mod text;

use super::kind::ClusterId;
use super::layout::PaneId;
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
            Body::Text(_) => None,
        }
    }

    /// See [`Pane::table`].
    pub fn table_mut(&mut self) -> Option<&mut TablePane> {
        match &mut self.body {
            Body::Table(t) => Some(t),
            Body::Text(_) => None,
        }
    }

    /// Whether what is typed into it may be a secret. Each new kind of pane has to say.
    #[must_use]
    pub fn sensitive(&self) -> bool {
        match &self.body {
            Body::Table(_) | Body::Text(_) => false,
        }
    }

    /// The line being typed in this pane, if one is open.
    pub fn open_line(&mut self) -> Option<&mut super::line::Line> {
        match &mut self.body {
            Body::Table(t) => t.filter.line.as_mut(),
            Body::Text(t) => t.find.line.as_mut(),
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
            Body::Text(_) => Layer::Text,
        }
    }
}
