//! Lines from before the first one: a larger tail is read again and joined where it meets what is
//! there.

use super::request::{self, From, Request};
use super::tail::{Done, Tail};
use crate::core::logs::event::{LogEvent, Place};
use crate::core::logs::segment::Segment;
use crate::core::logs::split::{Raw, Splitter};
use std::sync::Arc;

impl Tail {
    /// Reads lines from before the first one.
    pub(super) async fn older(&mut self) -> Result<(), Done> {
        let wanted = self.orders.borrow_and_update().1;
        if self.first_run
            && let Some((first, same)) = self.lines.resume.first()
        {
            let taken = u32::try_from(self.lines.resume.taken()).unwrap_or(u32::MAX);
            let from = From::Tail(taken.saturating_add(wanted));
            let found = self.before(from, first, same).await;
            let count: usize = found.iter().map(Segment::len).sum();
            if let Some(oldest) = found.first() {
                let at = oldest.time(0);
                let same = (0..oldest.len()).take_while(|l| oldest.time(*l) == at).count();
                self.lines.resume.earlier(at * 1_000, count as u64, same as u32);
            }
            for segment in found.into_iter().rev() {
                let event = LogEvent::Lines(self.lines.number, Place::Older, Arc::new(segment));
                self.shared.out.send(event).await.map_err(|_| Done)?;
            }
        }
        self.shared.out.send(LogEvent::OlderDone).await.map_err(|_| Done)
    }

    /// The lines written before the first `same` ones of the time `first`.
    async fn before(&mut self, from: From, first: i64, same: u32) -> Vec<Segment> {
        let request = Request::of(from);
        let Ok(path) = request::path(&self.name, request) else { return Vec::new() };
        let asked = request::asked(&self.name);
        let Ok(mut body) = self.shared.connection.stream(&path, "*/*", super::CLASS, &asked).await else {
            return Vec::new();
        };
        let mut found: Vec<Segment> = Vec::new();
        // Lines of the first line's own time: all but the last `same` of them are older.
        let mut equal: Vec<Vec<u8>> = Vec::new();
        let mut over = false;
        let mut splitter = Splitter::default();
        while let Ok(Some(bytes)) = body.chunk().await {
            splitter.feed(&bytes, &mut |raw| match raw {
                Raw::Line(ns, _) if ns > first => over = true,
                Raw::Line(ns, text) if ns == first && !over => equal.push(text.to_vec()),
                Raw::Line(ns, text) if !over => push(&mut found, ns, text),
                Raw::Line(..) | Raw::More(_) | Raw::Message(_) => {}
            });
            if over {
                break;
            }
        }
        let older = equal.len().saturating_sub(same as usize);
        equal.iter().take(older).for_each(|text| push(&mut found, first, text));
        found
    }
}

fn push(found: &mut Vec<Segment>, ns: i64, text: &[u8]) {
    let time = ns.div_euclid(1_000);
    if !found.last().is_some_and(|s| s.fits(time, text.len())) {
        found.push(Segment::default());
    }
    if let Some(segment) = found.last_mut() {
        segment.push(time, text);
    }
}
