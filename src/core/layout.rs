//! The split tree of a tab, and its rectangles. Geometry is a pure function of
//! the tree and the screen, so drawing and updating can never disagree on it.

use ratatui::layout::Rect;

/// A pane of this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PaneId(pub u32);

/// Which way a split lays out its halves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// Side by side.
    Row,
    /// One above the other.
    Column,
}

/// A way to go or to grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dir {
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// Upwards.
    Up,
    /// Downwards.
    Down,
}

/// A split tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// One pane.
    Leaf(PaneId),
    /// Two halves; `share` is the first one's part in thousandths.
    Split {
        /// How they lie.
        axis: Axis,
        /// Thousandths for the first.
        share: u16,
        /// Left or upper.
        first: Box<Node>,
        /// Right or lower.
        second: Box<Node>,
    },
}

/// The smallest screen that is drawn on.
pub const MIN_SIZE: (u16, u16) = (40, 12);

/// The smallest pane that still says something.
pub const MIN_WIDTH: u16 = 20;
/// See [`MIN_WIDTH`]: a frame and two rows.
pub const MIN_HEIGHT: u16 = 4;

impl Node {
    /// A split of two nodes.
    #[must_use]
    pub fn split(axis: Axis, share: u16, first: Node, second: Node) -> Self {
        Self::Split { axis, share, first: Box::new(first), second: Box::new(second) }
    }

    /// The panes, in reading order.
    #[must_use]
    pub fn leaves(&self) -> Vec<PaneId> {
        match self {
            Self::Leaf(id) => vec![*id],
            Self::Split { first, second, .. } => {
                let mut v = first.leaves();
                v.extend(second.leaves());
                v
            }
        }
    }

    /// Every pane with its rectangle. Halves that would be too small to say anything give way:
    /// the half with `keep` in it then takes the whole.
    #[must_use]
    pub fn rects(&self, area: Rect, keep: PaneId) -> Vec<(PaneId, Rect)> {
        let mut out = Vec::new();
        self.fill(area, keep, &mut out);
        out
    }

    fn fill(&self, area: Rect, keep: PaneId, out: &mut Vec<(PaneId, Rect)>) {
        match self {
            Self::Leaf(id) => out.push((*id, area)),
            Self::Split { axis, share, first, second } => {
                let (whole, least) = match axis {
                    Axis::Row => (area.width, MIN_WIDTH),
                    Axis::Column => (area.height, MIN_HEIGHT),
                };
                if whole < 2 * least {
                    let half = if second.contains(keep) { second } else { first };
                    return half.fill(area, keep, out);
                }
                let part = u32::from(whole) * u32::from(*share) / 1000;
                let part = (part as u16).clamp(least, whole - least);
                let (a, b) = cut(area, *axis, part);
                first.fill(a, keep, out);
                second.fill(b, keep, out);
            }
        }
    }

    /// Whether the pane is in this tree.
    #[must_use]
    pub fn contains(&self, id: PaneId) -> bool {
        match self {
            Self::Leaf(l) => *l == id,
            Self::Split { first, second, .. } => first.contains(id) || second.contains(id),
        }
    }

    /// Puts `new` beside or below `at`.
    pub fn insert(&mut self, at: PaneId, axis: Axis, new: PaneId) {
        match self {
            Self::Leaf(id) if *id == at => *self = Self::split(axis, 500, Self::Leaf(at), Self::Leaf(new)),
            Self::Leaf(_) => {}
            Self::Split { first, second, .. } => {
                first.insert(at, axis, new);
                second.insert(at, axis, new);
            }
        }
    }

    /// The tree without that pane; `None` when nothing is left.
    #[must_use]
    pub fn without(self, id: PaneId) -> Option<Self> {
        match self {
            Self::Leaf(l) => (l != id).then_some(Self::Leaf(l)),
            Self::Split { axis, share, first, second } => match (first.without(id), second.without(id)) {
                (Some(a), Some(b)) => Some(Self::split(axis, share, a, b)),
                (a, b) => a.or(b),
            },
        }
    }

    /// Gives every split equal halves.
    pub fn even(&mut self) {
        if let Self::Split { share, first, second, .. } = self {
            *share = 500;
            first.even();
            second.even();
        }
    }

    /// Moves the nearest border around `id` that lies on the axis of `dir`, by 50 thousandths.
    /// Returns whether a border moved.
    pub fn grow(&mut self, id: PaneId, dir: Dir) -> bool {
        let Self::Split { axis, share, first, second } = self else { return false };
        let in_first = first.contains(id);
        if !in_first && !second.contains(id) {
            return false;
        }
        let inner = if in_first { first } else { second };
        if inner.grow(id, dir) {
            return true;
        }
        let step: i32 = match (*axis, dir) {
            (Axis::Row, Dir::Left) | (Axis::Column, Dir::Up) => -50,
            (Axis::Row, Dir::Right) | (Axis::Column, Dir::Down) => 50,
            _ => return false,
        };
        *share = (i32::from(*share) + step).clamp(100, 900) as u16;
        true
    }
}

fn cut(area: Rect, axis: Axis, part: u16) -> (Rect, Rect) {
    match axis {
        Axis::Row => (Rect { width: part, ..area }, Rect { x: area.x + part, width: area.width - part, ..area }),
        Axis::Column => (Rect { height: part, ..area }, Rect { y: area.y + part, height: area.height - part, ..area }),
    }
}

/// The neighbour of `from` in a direction: of the panes beyond that edge, the one that
/// overlaps most.
#[must_use]
pub fn neighbour(rects: &[(PaneId, Rect)], from: PaneId, dir: Dir) -> Option<PaneId> {
    let me = rects.iter().find(|(id, _)| *id == from)?.1;
    let overlap = |a0: u16, a1: u16, b0: u16, b1: u16| a1.min(b1).saturating_sub(a0.max(b0));
    rects
        .iter()
        .filter(|(id, _)| *id != from)
        .filter_map(|(id, r)| {
            let shared = match dir {
                Dir::Left if r.right() <= me.x => overlap(me.y, me.bottom(), r.y, r.bottom()),
                Dir::Right if r.x >= me.right() => overlap(me.y, me.bottom(), r.y, r.bottom()),
                Dir::Up if r.bottom() <= me.y => overlap(me.x, me.right(), r.x, r.right()),
                Dir::Down if r.y >= me.bottom() => overlap(me.x, me.right(), r.x, r.right()),
                _ => 0,
            };
            let far = match dir {
                Dir::Left => me.x.saturating_sub(r.right()),
                Dir::Right => r.x.saturating_sub(me.right()),
                Dir::Up => me.y.saturating_sub(r.bottom()),
                Dir::Down => r.y.saturating_sub(me.bottom()),
            };
            (shared > 0).then_some((*id, far, shared))
        })
        .min_by_key(|&(_, far, shared)| (far, u16::MAX - shared))
        .map(|(id, _, _)| id)
}

/// A tab: a split tree, which pane has the focus, and whether it is zoomed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// The tree.
    pub root: Node,
    /// The focused pane; always a leaf of the tree.
    pub focus: PaneId,
    /// Whether the focused pane takes the whole tab.
    pub zoom: bool,
}

impl Tab {
    /// The panes that are on screen, with their rectangles.
    #[must_use]
    pub fn rects(&self, area: Rect) -> Vec<(PaneId, Rect)> {
        if self.zoom { vec![(self.focus, area)] } else { self.root.rects(area, self.focus) }
    }
}

/// The screen's parts: one header line, the panes, one hint line.
#[must_use]
pub fn screen(width: u16, height: u16) -> (Rect, Rect, Rect) {
    let header = Rect { x: 0, y: 0, width, height: height.min(1) };
    let hint = Rect { x: 0, y: height.saturating_sub(1), width, height: u16::from(height > 1) };
    let body = Rect { x: 0, y: header.height, width, height: height.saturating_sub(header.height + hint.height) };
    (header, body, hint)
}
