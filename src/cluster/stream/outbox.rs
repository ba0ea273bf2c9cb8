//! What a stream has to tell, on its way into a slot of one place. While the
//! reader is busy, changes of the same object are merged, so a slow screen never
//! makes a watch fall behind and be cut off by the server.

use crate::core::freshness::Freshness;
use crate::core::row::{Batch, Change};
use crate::core::stream::StreamEvent;
use std::collections::{HashSet, VecDeque};
use std::future::Future;
use tokio::sync::mpsc::Sender;
use tokio::sync::mpsc::error::TrySendError;

/// The slot is gone: nobody needs the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Closed;

/// Most rows of one batch: what a turn of the loop takes.
const ROWS: usize = 4_096;
/// Changes in the last batch above which doubles are merged.
const MERGE: usize = 8_192;

pub(super) struct Outbox {
    queue: VecDeque<StreamEvent>,
    out: Sender<StreamEvent>,
    text: Vec<bool>,
    merged: usize,
    said: Freshness,
}

impl Outbox {
    pub fn new(out: Sender<StreamEvent>) -> Self {
        Self { queue: VecDeque::new(), out, text: Vec::new(), merged: 0, said: Freshness::Idle }
    }

    /// Adds an event behind all that waits.
    pub fn push(&mut self, event: StreamEvent) {
        if let StreamEvent::Schema(schema) = &event {
            self.text = crate::kinds::text_cells(schema);
        }
        self.queue.push_back(event);
    }

    /// Says how true the rows are, if that has changed. Of two sayings in a row only the last counts.
    pub fn fresh(&mut self, now: Freshness) {
        if now == self.said {
            return;
        }
        if let Some(StreamEvent::Fresh(last)) = self.queue.back_mut() {
            *last = now.clone();
        } else {
            self.queue.push_back(StreamEvent::Fresh(now.clone()));
        }
        self.said = now;
    }

    /// The batch to write the next rows into. The queue may grow by small ones while the reader
    /// is busy, so a batch at the end that is not full is used again.
    pub fn batch(&mut self) -> &mut Batch {
        let open = matches!(self.queue.back(), Some(StreamEvent::Batch(b)) if b.len() < ROWS);
        if !open {
            self.queue.push_back(StreamEvent::Batch(Batch::new(self.text.clone())));
            self.merge();
        }
        match self.queue.back_mut() {
            Some(StreamEvent::Batch(b)) => b,
            // The line above has put a batch there.
            _ => unreachable_batch(),
        }
    }

    /// The batch that the last row was put into.
    pub fn last(&mut self) -> &mut Batch {
        if !matches!(self.queue.back(), Some(StreamEvent::Batch(_))) {
            return self.batch();
        }
        match self.queue.back_mut() {
            Some(StreamEvent::Batch(b)) => b,
            _ => unreachable_batch(),
        }
    }

    /// Turns the row that was put last into its removal: a Table's event tells of a deleted object
    /// by its last row.
    pub fn undo_put(&mut self) {
        let batch = self.last();
        if let Some(Change::Put(head)) = batch.changes.pop() {
            batch.cells.truncate(batch.cells.len() - batch.width());
            batch.gone(head.uid);
        }
    }

    /// Merges the changes of the batches at the end of the queue when they are many: of each
    /// object only the last counts.
    fn merge(&mut self) {
        let run = self.queue.iter().rev().take_while(|e| matches!(e, StreamEvent::Batch(_))).count();
        let rows = |e: &StreamEvent| if let StreamEvent::Batch(b) = e { b.len() } else { 0 };
        let waiting: usize = self.queue.iter().rev().take(run).map(rows).sum();
        if run < 2 || waiting < MERGE.max(2 * self.merged) {
            return;
        }
        let tail = self.queue.split_off(self.queue.len() - run);
        let batches: Vec<Batch> =
            tail.into_iter().filter_map(|e| if let StreamEvent::Batch(b) = e { Some(b) } else { None }).collect();
        let merged = merge(&self.text, &batches);
        self.merged = merged.len();
        self.queue.push_back(StreamEvent::Batch(merged));
        self.queue.push_back(StreamEvent::Batch(Batch::new(self.text.clone())));
    }

    /// Hands over what fits now.
    pub fn offer(&mut self) -> Result<(), Closed> {
        while let Some(event) = self.queue.pop_front() {
            if matches!(&event, StreamEvent::Batch(b) if b.is_empty()) {
                continue;
            }
            match self.out.try_send(event) {
                Ok(()) => {}
                Err(TrySendError::Full(event)) => {
                    self.queue.push_front(event);
                    return Ok(());
                }
                Err(TrySendError::Closed(_)) => return Err(Closed),
            }
        }
        self.merged = 0;
        Ok(())
    }

    /// Whether more waits than a reader takes at once. A list may then pause; a watch must not.
    pub fn crowded(&self) -> bool {
        self.queue.len() > 4
    }

    /// Hands over as places come free, until a future is done.
    pub async fn while_waiting<F: Future>(&mut self, until: F) -> Result<F::Output, Closed> {
        tokio::pin!(until);
        loop {
            self.offer()?;
            if self.queue.is_empty() {
                tokio::select! {
                    done = &mut until => return Ok(done),
                    () = self.out.closed() => return Err(Closed),
                }
            }
            tokio::select! {
                done = &mut until => return Ok(done),
                place = self.out.reserve() => drop(place.map_err(|_| Closed)?),
            }
        }
    }

    /// Waits until the reader has room again.
    pub async fn breathe(&mut self) -> Result<(), Closed> {
        while self.crowded() {
            drop(self.out.reserve().await.map_err(|_| Closed)?);
            self.offer()?;
        }
        Ok(())
    }
}

fn merge(text: &[bool], batches: &[Batch]) -> Batch {
    let mut seen = HashSet::new();
    let mut last = Vec::new();
    for batch in batches.iter().rev() {
        let rows: Vec<_> = batch.rows().collect();
        for (change, cells) in rows.into_iter().rev() {
            let uid = match change {
                Change::Put(head) => head.uid,
                Change::Gone(uid) => *uid,
            };
            if seen.insert(uid) {
                last.push((batch, *change, cells));
            }
        }
    }
    let mut merged = Batch::new(text.to_vec());
    for (batch, change, cells) in last.into_iter().rev() {
        match change {
            Change::Gone(uid) => merged.gone(uid),
            Change::Put(head) => copy(batch, &mut merged, head, cells),
        }
    }
    merged
}

/// Copies a row from one batch to another, its texts with it.
pub(super) fn copy(from: &Batch, to: &mut Batch, mut head: crate::core::row::RowHead, cells: &[u64]) {
    for sym in [&mut head.name, &mut head.namespace, &mut head.owner, &mut head.labels] {
        *sym = to.sym(from.symbols.text(*sym));
    }
    let text = from.text.iter().copied().chain(std::iter::repeat(false));
    let cells: Vec<u64> = cells
        .iter()
        .zip(text)
        .map(|(&cell, is_text)| match u32::try_from(cell) {
            Ok(sym) if is_text => to.text_cell(from.symbols.text(crate::core::row::Sym(sym))),
            _ => cell,
        })
        .collect();
    to.put(head, &cells);
}

#[expect(clippy::unreachable, reason = "the queue's last element was just made a batch")]
fn unreachable_batch() -> ! {
    unreachable!("the queue ends in a batch")
}

#[cfg(test)]
#[path = "outbox_tests.rs"]
mod tests;
