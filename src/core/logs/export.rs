//! Lines as text: for the clipboard and for files.

use super::event::StreamName;
use super::labels;
use super::order::Order;
use super::segment::Mark;
use super::segments::{LineId, Segments};
use super::store::Store;
use std::fmt::Write as _;

/// What stands before each line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct With {
    /// Its time, in UTC to the microsecond.
    pub time: bool,
    /// Its stream: namespace, pod, container.
    pub stream: bool,
}

/// Lines with all that is needed to write them, apart from the pane they were in. What it holds is
/// shared with the pane and does not change.
#[derive(Debug)]
pub struct Export {
    order: Order,
    segments: Segments,
    names: Vec<StreamName>,
    with: With,
}

impl Export {
    /// The lines of an order over a store.
    #[must_use]
    pub fn new(order: &Order, store: &Store, with: With) -> Self {
        let names = store.streams().iter().map(|s| s.name.clone()).collect();
        Self { order: order.clone(), segments: store.segments().clone(), names, with }
    }

    /// How many lines.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Writes the lines.
    ///
    /// # Errors
    /// Whatever the writer says.
    pub fn write(&self, out: &mut impl std::io::Write) -> std::io::Result<()> {
        for id in self.order.from(0) {
            out.write_all(line(&self.segments, &self.names, id, self.with).as_bytes())?;
        }
        Ok(())
    }
}

/// One line with its end.
#[must_use]
pub fn line(segments: &Segments, names: &[StreamName], id: LineId, with: With) -> String {
    let Some(held) = segments.get(id.segment) else { return String::new() };
    let mut out = String::new();
    if with.time {
        let time = jiff::Timestamp::from_microsecond(held.lines.time(id.line as usize)).unwrap_or_default();
        let _ = write!(out, "{time:.6} ");
    }
    if with.stream {
        let name = names.get(usize::from(held.stream)).map(labels::full).unwrap_or_default();
        let _ = write!(out, "{name} ");
    }
    let text = held.lines.text(id.line as usize);
    match held.lines.mark(id.line as usize) {
        None | Some(Mark::More) => out.push_str(text),
        // What we say ourselves must not look like a line of the container.
        Some(_) => drop(write!(out, "--- {text} ---")),
    }
    out.push('\n');
    out
}
