//! A log: the lines of one reading, followed or read back, with a cursor that keeps its line.

mod window;

pub use window::Window;

use super::table::Prompt;
use crate::core::logs::lens::{Lens, LensKind};
use crate::core::logs::order::Order;
use crate::core::logs::segments::LineId;
use crate::core::logs::source::{Pods, What, Wish};
use crate::core::logs::store::Store;
use crate::core::logs::times::Times;
use crate::core::logs::{labels, shape};
use ratatui::layout::Rect;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What stands before each line to tell whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Prefix {
    /// As little as tells the streams apart; nothing where there is one.
    #[default]
    Short,
    /// Namespace, pod and container.
    Full,
    /// Nothing.
    Off,
}

impl Prefix {
    /// The next choice.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Short => Self::Full,
            Self::Full => Self::Off,
            Self::Off => Self::Short,
        }
    }
}

/// Which line of the prompt is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Asking {
    /// What to find.
    #[default]
    Find,
    /// What to let through.
    Filter,
    /// The fields to show as columns.
    Fields,
    /// A moment to go to.
    Jump,
}

/// A log pane.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "the user's choices are independent switches, a key each")]
pub struct LogPane {
    /// What is read, and how much of it.
    pub wish: Wish,
    /// What it is called: `pod shop/cart-0`.
    pub title: Arc<str>,
    /// Whether the reading was stopped while nobody could see it.
    pub stopped: bool,
    /// The lines.
    pub store: Store,
    /// The line under the cursor; `None` while the newest is followed.
    pub cursor: Option<LineId>,
    /// The first visible line while the cursor is set.
    pub top: Option<LineId>,
    /// Where that is at present.
    pub window: Window,
    /// Lines that had come when following was left.
    pub left_at: u64,
    /// Cells scrolled off on the left.
    pub left: u16,
    /// Whether long lines go on in the next row.
    pub wrap: bool,
    /// How times are shown.
    pub times: Times,
    /// What tells the streams apart.
    pub prefix: Prefix,
    /// Names of the streams for [`Prefix::Short`].
    pub labels: Vec<Arc<str>>,
    /// Marked lines.
    pub marks: BTreeSet<LineId>,
    /// Which prompt is open.
    pub asking: Asking,
    /// What to find.
    pub find: Prompt,
    /// What to let through.
    pub filter: Prompt,
    /// Fields shown as columns; and a moment to go to. Neither stays in force as a text.
    pub entry: Prompt,
    /// Fields of structured lines shown instead of the lines; empty for whole lines.
    pub fields: Vec<Arc<str>>,
    /// Whether the lines that belong to the one before them are hidden.
    pub fold: bool,
    /// Lines shown around each that the filter lets through.
    pub context: u8,
    /// Whether the strip of lines over time shows.
    pub strip: bool,
    /// Set while the cursor is to go to the nearest hit as soon as the search is done, and so many
    /// hits on from there: steps that were asked for meanwhile.
    pub seeking: Option<i32>,
    /// Whether what the cluster tells of the pods stands between the lines.
    pub events: bool,
    /// Whether one line is shown in full below.
    pub detail: bool,
    /// What the filter lets through; idle without one.
    pub kept: Lens,
    /// What was found.
    pub found: Lens,
    /// Lines and errors over time.
    pub tally: Lens,
}

impl LogPane {
    /// A pane that follows a reading of which nothing has come yet.
    #[must_use]
    pub fn new(wish: Wish, title: Arc<str>) -> Self {
        Self {
            wish,
            title,
            stopped: false,
            store: Store::default(),
            cursor: None,
            top: None,
            window: Window::default(),
            left_at: 0,
            left: 0,
            wrap: false,
            times: Times::default(),
            prefix: Prefix::default(),
            labels: Vec::new(),
            marks: BTreeSet::new(),
            asking: Asking::default(),
            find: Prompt::default(),
            filter: Prompt::default(),
            entry: Prompt::default(),
            fields: Vec::new(),
            fold: false,
            context: 0,
            strip: false,
            seeking: None,
            events: false,
            detail: false,
            kept: Lens::default(),
            found: Lens::default(),
            tally: Lens::default(),
        }
    }

    /// Reads something else in the same pane: lines, marks and findings go, choices stay.
    pub fn reread(&mut self, wish: Wish) {
        self.wish = wish;
        self.stopped = false;
        self.store = Store::default();
        (self.cursor, self.top, self.left_at) = (None, None, 0);
        self.labels.clear();
        self.marks.clear();
        for lens in [&mut self.kept, &mut self.found, &mut self.tally] {
            lens.restart();
        }
    }

    /// One of its searches.
    pub fn lens(&mut self, kind: LensKind) -> &mut Lens {
        match kind {
            LensKind::Kept => &mut self.kept,
            LensKind::Found => &mut self.found,
            LensKind::Tally => &mut self.tally,
        }
    }

    /// The lines that show: all, or what the filter lets through.
    #[must_use]
    pub fn shown(&self) -> &Order {
        if self.kept.active() { &self.kept.order } else { self.store.order() }
    }

    /// Whether the newest line is followed.
    #[must_use]
    pub fn following(&self) -> bool {
        self.cursor.is_none()
    }

    /// The line under the cursor.
    #[must_use]
    pub fn at(&self) -> Option<LineId> {
        self.shown().get(self.window.cursor)
    }

    /// Lines that came since following was left.
    #[must_use]
    pub fn unread(&self) -> u64 {
        if self.following() { 0 } else { self.store.arrived().saturating_sub(self.left_at) }
    }

    /// The prompt that is open or would be.
    pub fn prompt(&mut self) -> &mut Prompt {
        match self.asking {
            Asking::Find => &mut self.find,
            Asking::Filter => &mut self.filter,
            Asking::Fields | Asking::Jump => &mut self.entry,
        }
    }

    /// Goes back to the newest line.
    pub fn follow(&mut self) {
        (self.cursor, self.top) = (None, None);
    }

    /// Stays where the window is.
    pub fn pause(&mut self) {
        if self.following() {
            self.left_at = self.store.arrived();
            self.cursor = self.shown().get(self.window.cursor);
            // A line that is seen in part alone does not become the first whole one.
            self.top = self.shown().get(self.window.top + usize::from(self.window.above > 0));
        }
    }

    /// Puts the cursor on a line.
    pub fn go(&mut self, id: LineId) {
        self.pause();
        self.cursor = Some(id);
        if self.top.is_none() {
            self.top = Some(id);
        }
    }

    /// Names the streams anew after one has joined.
    pub fn label(&mut self) {
        let one = match &self.wish.what {
            What::Pods(Pods::Named(pods), _) => pods.len() == 1,
            What::Pods(..) | What::Of(..) => false,
            What::Node(..) => true,
        };
        self.labels = labels::short(self.store.streams(), one);
    }

    /// The cells before a line's text: cursor, time, stream.
    #[must_use]
    pub fn prefix_width(&self) -> u16 {
        let time = self.times.width();
        let label = self.label_width();
        1 + time + u16::from(time > 0) + label + u16::from(label > 0)
    }

    /// The cells of the streams' names.
    #[must_use]
    pub fn label_width(&self) -> u16 {
        let names = match self.prefix {
            Prefix::Off => return 0,
            Prefix::Short => self.labels.iter().map(|l| shape::width(l)).max().unwrap_or(0).min(28),
            Prefix::Full => self.store.streams().iter().map(|s| labels::full(&s.name).len()).max().unwrap_or(0).min(80),
        };
        names as u16
    }

    /// The part of the pane's rectangle that the lines have: what the frame, the strip and the detail
    /// leave.
    #[must_use]
    pub fn lines_area(&self, rect: Rect) -> Rect {
        let inner = Rect {
            x: rect.x.saturating_add(1),
            y: rect.y.saturating_add(1),
            width: rect.width.saturating_sub(2),
            height: rect.height.saturating_sub(2),
        };
        let strip = u16::from(self.strip && inner.height > 4);
        let detail = self.detail_height(inner.height);
        Rect { y: inner.y + strip, height: inner.height - strip - detail, ..inner }
    }

    /// Rows of the detail in a pane of that inner height.
    #[must_use]
    pub fn detail_height(&self, height: u16) -> u16 {
        if self.detail && height > 6 { (height * 2 / 5).max(4) } else { 0 }
    }
}
