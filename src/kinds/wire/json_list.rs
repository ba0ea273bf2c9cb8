//! A list in JSON: `{"metadata":{..},"items":[..]}`, or a Table, whose `rows`
//! are its items and whose `columnDefinitions` come before them.

use super::bookmark::ListMeta;
use super::members::{Members, Part, Want};
use super::{Piece, Sink};
use crate::kinds::error::DecodeError;

/// The machine of a JSON list.
#[derive(Debug)]
pub struct JsonList {
    members: Members,
}

impl Default for JsonList {
    fn default() -> Self {
        Self { members: Members::new("JSON list") }
    }
}

fn wants(key: &str) -> Want {
    match key {
        "metadata" | "columnDefinitions" => Want::Whole,
        "items" | "rows" => Want::Each,
        _ => Want::Skip,
    }
}

impl JsonList {
    #[cfg(test)]
    pub(super) fn with_limit(limit: usize) -> Self {
        Self { members: Members::new("JSON list").with_limit(limit) }
    }

    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.members.kept()
    }

    /// See [`super::Framer::feed`].
    ///
    /// # Errors
    /// See [`super::Framer::feed`].
    pub fn feed(&mut self, chunk: &[u8], sink: &mut impl Sink) -> Result<(), DecodeError> {
        if self.members.objects() > 0 && !chunk.iter().all(u8::is_ascii_whitespace) {
            return Err(self.members.error("bytes after the end of the list"));
        }
        self.members.feed(chunk, wants, |part| match part {
            Part::Element(bytes) => sink(Piece::Item(bytes)),
            Part::Value("metadata", bytes) => {
                let meta: ListMeta<'_> =
                    serde_json::from_slice(bytes).map_err(|e| DecodeError::json("list metadata", &e))?;
                sink(meta.piece())
            }
            // Later events of a Table watch say `null`: the columns of the first still hold.
            Part::Value(_, b"null") | Part::End => Ok(()),
            Part::Value(_, bytes) => sink(Piece::Columns(bytes)),
        })
    }

    /// See [`super::Framer::finish`].
    ///
    /// # Errors
    /// See [`super::Framer::finish`].
    pub fn finish(&self) -> Result<(), DecodeError> {
        if self.members.between_objects() && self.members.objects() == 1 {
            return Ok(());
        }
        Err(self.members.error("the list ends in the middle"))
    }
}
