//! One request and its answer, read to its end.

use super::outbox::Closed;
use super::{SILENCE, Stream};
use crate::cluster::connect::Class;
use crate::cluster::problem;
use crate::core::freshness::Freshness;
use crate::core::problem::Problem;
use crate::kinds::DecodeError;
use crate::kinds::wire::{Answer, Encoding, Framer, Piece};

/// How an answer ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// A page was read; this token leads to the next.
    Page(String),
    /// The list is complete, and a watch goes on from that version.
    Listed { version: String },
    /// The server ended the watch in an orderly way.
    Over,
    /// Nothing was heard for too long.
    Silent,
    /// The bytes make no sense.
    Garbled(String),
    /// It failed.
    Failed(Problem),
}

pub(super) struct Pass {
    pub url: String,
    pub watch: bool,
    /// Whether the watch begins with the list.
    pub initial: bool,
}

/// What the pieces of one chunk amounted to beside rows.
#[derive(Default)]
struct Heard {
    version: Option<String>,
    token: String,
    complete: bool,
    rows: u64,
    failed: Option<Problem>,
}

impl Pass {
    pub async fn run(self, s: &mut Stream) -> Result<End, Closed> {
        let class = match (self.watch, self.initial) {
            (false, _) => Class::List,
            (true, true) => Class::WatchList,
            (true, false) => Class::Watch,
        };
        let (connection, asked, accept) = (s.connection.clone(), s.asked.clone(), s.rows.accept());
        // How long it may take is the class's matter; logging in may take the user a while.
        let opening = connection.stream(&self.url, accept, class, &asked);
        let mut answer = match s.outbox.while_waiting(opening).await? {
            Ok(answer) => answer,
            Err(problem) => return Ok(End::Failed(problem)),
        };
        let encoding = Encoding::of_content_type(&answer.content_type);
        let mut framer = Framer::new(encoding, if self.watch { Answer::Watch } else { Answer::List });
        s.rows.introduce(&mut s.outbox);
        if self.watch && !self.initial {
            s.live();
        }
        let mut listing = self.initial || !self.watch;
        let (mut rows, mut token) = (0, String::new());
        // A list that is cut has given no place to go on from: its version counts once it is whole.
        let mut reached = None;
        loop {
            let chunk = match s.outbox.while_waiting(tokio::time::timeout(SILENCE, answer.chunk())).await? {
                Err(_) => return Ok(End::Silent),
                Ok(Err(problem)) => return Ok(End::Failed(problem)),
                Ok(Ok(None)) => break,
                Ok(Ok(Some(chunk))) => chunk,
            };
            let heard = match take(s, &mut framer, encoding, &chunk) {
                Ok(heard) => heard,
                Err(e) => return Ok(End::Garbled(e.to_string())),
            };
            rows += heard.rows;
            if !heard.token.is_empty() {
                token = heard.token;
            }
            let version = heard.version.filter(|v| !v.is_empty());
            if listing {
                reached = version.or(reached);
            } else if version.is_some() {
                s.version = version;
            }
            if let Some(problem) = heard.failed {
                return Ok(End::Failed(problem));
            }
            if listing && heard.complete {
                listing = false;
                s.version = reached.take();
                s.complete();
            }
            if listing {
                s.outbox.fresh(Freshness::Syncing { rows });
                s.outbox.offer()?;
                s.outbox.breathe().await?;
            } else {
                s.live();
                s.outbox.offer()?;
            }
            // A long answer must not keep the other streams of this worker waiting.
            tokio::task::yield_now().await;
        }
        if let Err(e) = framer.finish() {
            return Ok(End::Failed(Problem::Lost(e.to_string().into())));
        }
        Ok(match (self.watch, token.is_empty(), reached) {
            (true, ..) => End::Over,
            (false, false, _) => End::Page(token),
            (false, true, Some(version)) => End::Listed { version },
            (false, true, None) => End::Garbled("a list without a resourceVersion".into()),
        })
    }
}

fn take(s: &mut Stream, framer: &mut Framer, encoding: Encoding, chunk: &[u8]) -> Result<Heard, DecodeError> {
    let mut heard = Heard::default();
    let Stream { rows, outbox, asked, .. } = s;
    framer.feed(chunk, &mut |piece: Piece<'_>| {
        match piece {
            Piece::Meta { resource_version, cont } => {
                heard.version = Some(resource_version.to_owned());
                cont.clone_into(&mut heard.token);
            }
            Piece::Columns(bytes) => rows.columns(bytes, outbox)?,
            Piece::Item(bytes) => {
                heard.rows += 1;
                rows.item(encoding, bytes, outbox)?;
            }
            Piece::Event { kind, object } => {
                heard.rows += 1;
                let version = rows.event(encoding, kind, object, outbox)?;
                heard.version = version.or(heard.version.take());
            }
            Piece::Bookmark { resource_version, initial_end } => {
                heard.version = Some(resource_version.to_owned());
                heard.complete |= initial_end;
            }
            Piece::Error(status) => {
                heard.failed = Some(problem::from_event(status.code, &status.reason, &status.message, asked));
            }
        }
        Ok(())
    })?;
    Ok(heard)
}
