//! Watches: changes since a version, as they come, with bookmarks; or the present state first (`WatchList`).

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::time::{Duration, Instant, sleep_until};

use super::super::Shared;
use super::super::kinds::{KINDS, KindId};
use super::super::selector::Selector;
use super::super::status::{Outcome, Problem};
use super::super::store::Change;
use super::super::table::Moment;
use super::accept::Form;
use super::answer::{Answer, JSON, answer};
use super::body::Body;
use super::frame::{Frames, What};
use super::list::{selector, shape};
use super::route::Target;
use super::server::Ask;

/// How often a watch is told the version.
const BOOKMARKS: Duration = Duration::from_mins(1);
/// How long a watch lasts when the client does not say.
const LIFE: Duration = Duration::from_mins(45);
/// Changes taken from the store at a time.
const BATCH: usize = 256;
/// A part of the body is sent when it has grown to this.
const PART: usize = 64 * 1024;

struct Watch {
    shared: Arc<Shared>,
    kind: KindId,
    selector: Selector,
    frames: Frames,
    sender: mpsc::Sender<io::Result<Bytes>>,
    bookmarks: bool,
    /// Everything up to this version has been told.
    seen: u64,
}

/// What a watch begins with.
enum Start {
    /// The present state, then `initial-events-end` when asked for.
    State { marked: bool },
    /// Changes after a version.
    After(u64),
}

/// Answers a watch.
pub(super) fn watch(shared: &Arc<Shared>, ask: &Ask, target: &Target) -> Outcome<Answer> {
    let kind = &KINDS[target.kind];
    let mut selector = selector(ask, target)?;
    if let Some(name) = &target.name {
        selector.fields = super::super::selector::Fields::parse(kind, &format!("metadata.name={name}"))?;
    }
    let shape = shape(shared, ask, kind)?;
    let initial = ask.query.flag("sendInitialEvents");
    if initial && ask.query.get("resourceVersionMatch") != "NotOlderThan" {
        return Err(Problem::bad_options(
            "resourceVersionMatch",
            "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
        ));
    }
    let bookmarks = ask.query.flag("allowWatchBookmarks");
    let asked = ask.query.get("resourceVersion");
    let start = match asked {
        "" | "0" => Start::State { marked: initial && bookmarks },
        _ if initial => Start::State { marked: bookmarks },
        text => Start::After(
            text.parse().map_err(|_| Problem::bad_request(format!("invalid resource version \"{text}\"")))?,
        ),
    };
    let life = ask.query.number("timeoutSeconds").filter(|n| *n > 0).map_or(LIFE, Duration::from_secs);
    let media = if shape.form == Form::Protobuf { "application/vnd.kubernetes.protobuf;stream=watch" } else { JSON };
    let (sender, parts) = mpsc::channel(4);
    let watch = Watch {
        shared: shared.clone(),
        kind: target.stored(),
        selector,
        frames: Frames::new(kind, shape),
        sender,
        bookmarks: bookmarks && kind.cached(),
        seen: 0,
    };
    tokio::spawn(watch.run(start, Instant::now() + life));
    Ok(answer(200, media, Body::Parts(parts)))
}

impl Watch {
    async fn run(mut self, start: Start, deadline: Instant) {
        if self.shared.faults().gone {
            return self.gone().await;
        }
        let mut tip = self.shared.lock().store.tip(self.kind);
        match start {
            Start::State { marked } => {
                if self.state(marked).await.is_none() {
                    return;
                }
            }
            Start::After(rv) => self.seen = rv,
        }
        let mut next = Instant::now() + BOOKMARKS;
        loop {
            tip.borrow_and_update();
            if self.drain().await.is_none() {
                return;
            }
            tokio::select! {
                changed = tip.changed() => if changed.is_err() { return },
                () = sleep_until(next), if self.bookmarks => {
                    next += BOOKMARKS;
                    if !self.shared.faults().silent && self.bookmark().await.is_none() {
                        return;
                    }
                }
                () = sleep_until(deadline) => return,
                () = self.sender.closed() => return,
            }
        }
    }

    /// Sends the present state; `None` when the client has gone.
    async fn state(&mut self, marked: bool) -> Option<()> {
        let (page, rv) = {
            let world = self.shared.lock();
            let rv = world.store.rv();
            (world.store.page(self.kind, &self.selector, rv, None, usize::MAX)?, rv)
        };
        let mut out = Vec::new();
        for entry in &page.items {
            self.frames.event(What::Added, entry, &mut out);
            if out.len() >= PART {
                self.send(std::mem::take(&mut out)).await?;
            }
        }
        if marked {
            self.frames.bookmark(rv, true, &mut out);
        }
        self.seen = rv;
        self.send(out).await
    }

    /// Sends what has changed; `None` when the watch is over.
    async fn drain(&mut self) -> Option<()> {
        loop {
            if self.shared.faults().silent {
                return Some(());
            }
            let (changes, tip) = {
                let world = self.shared.lock();
                (world.store.since(self.kind, self.seen, BATCH), world.store.rv())
            };
            let Some(changes) = changes else {
                self.gone().await;
                return None;
            };
            let Some(last) = changes.last() else {
                self.seen = self.seen.max(tip);
                return Some(());
            };
            self.seen = last.rv;
            self.frames.at(Moment(self.shared.now()));
            let mut out = Vec::new();
            for change in &changes {
                self.tell(change, &mut out);
            }
            self.send(out).await?;
        }
    }

    /// What a change is to this selector: an object may come into it or leave it.
    fn tell(&mut self, change: &Change, out: &mut Vec<u8>) {
        let (namespace, name) = (&change.key.0, &change.key.1);
        let before = change.before.as_ref().is_some_and(|b| self.selector.matches(namespace, name, b));
        let after = !change.deleted && self.selector.matches(namespace, name, &change.after);
        match (before, after) {
            (false, true) => self.frames.event(What::Added, &change.after, out),
            (true, true) => self.frames.event(What::Modified, &change.after, out),
            (true, false) if change.deleted => self.frames.event(What::Deleted, &change.after, out),
            (true, false) => {
                // Its last state inside the selector, at the version at which it left.
                if let Some(entry) = &change.before {
                    let mut value = entry.value();
                    let place = super::super::object::Tree::make_mut(&mut value);
                    super::super::object::put(place, "metadata/resourceVersion", change.rv.to_string());
                    let last = super::super::entry::entry(self.kind, value);
                    self.frames.event(What::Deleted, &last, out);
                }
            }
            (false, false) => {}
        }
    }

    async fn bookmark(&mut self) -> Option<()> {
        let mut out = Vec::new();
        self.frames.bookmark(self.seen, false, &mut out);
        self.send(out).await
    }

    async fn gone(&mut self) {
        let mut out = Vec::new();
        self.frames.error(&Problem::too_old(), &mut out);
        let _ = self.send(out).await;
    }

    async fn send(&mut self, out: Vec<u8>) -> Option<()> {
        if out.is_empty() { Some(()) } else { self.sender.send(Ok(out.into())).await.ok() }
    }
}
