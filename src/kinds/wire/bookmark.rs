//! What is read of a bookmark, of an ERROR event and of a list's metadata:
//! one slim message for each, in JSON and protobuf alike.

use super::{Piece, Status};
use crate::kinds::error::DecodeError;
use crate::kinds::pb::{Message, Value};
use crate::kinds::text::{List, Pairs, Str, or_default};
use serde::Deserialize;

const INITIAL_END: &str = "k8s.io/initial-events-end";

/// The metadata of a bookmark object, and the rows of one that came as a Table.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Bookmark<'a> {
    #[serde(borrow)]
    metadata: Marks<'a>,
    #[serde(borrow)]
    rows: List<Row<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Row<'a> {
    #[serde(borrow, deserialize_with = "or_default")]
    object: Object<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Object<'a> {
    #[serde(borrow, deserialize_with = "or_default")]
    metadata: Marks<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Marks<'a> {
    #[serde(borrow)]
    resource_version: Str<'a>,
    #[serde(borrow)]
    annotations: Pairs<'a>,
}

impl Bookmark<'_> {
    /// As a piece. A Table's own metadata has the version, its row has the annotation.
    pub fn piece(&self) -> Piece<'_> {
        let marks = || std::iter::once(&self.metadata).chain(self.rows.iter().map(|r| &r.object.metadata));
        Piece::Bookmark {
            resource_version: marks().map(|m| &*m.resource_version).find(|v| !v.is_empty()).unwrap_or(""),
            initial_end: marks().any(|m| m.annotations.get(INITIAL_END) == Some("true")),
        }
    }
}

impl<'a> Message<'a> for Bookmark<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        if number == 1 {
            self.metadata = value.message()?;
        }
        Ok(())
    }
}

impl<'a> Message<'a> for Marks<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            6 => self.resource_version = value.text()?,
            12 => value.pair_into(&mut self.annotations)?,
            _ => {}
        }
        Ok(())
    }
}

/// Slim `ListMeta`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ListMeta<'a> {
    #[serde(borrow)]
    resource_version: Str<'a>,
    #[serde(borrow, rename = "continue")]
    cont: Str<'a>,
}

impl ListMeta<'_> {
    /// As a piece.
    pub fn piece(&self) -> Piece<'_> {
        Piece::Meta { resource_version: &self.resource_version, cont: &self.cont }
    }
}

impl<'a> Message<'a> for ListMeta<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            2 => self.resource_version = value.text()?,
            3 => self.cont = value.text()?,
            _ => {}
        }
        Ok(())
    }
}

/// Slim `Status`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Failure<'a> {
    code: i64,
    #[serde(borrow)]
    reason: Str<'a>,
    #[serde(borrow)]
    message: Str<'a>,
}

impl Failure<'_> {
    /// As its owner keeps it.
    pub fn status(&self) -> Status {
        Status {
            code: u16::try_from(self.code).unwrap_or(0),
            reason: self.reason.to_string(),
            message: self.message.to_string(),
        }
    }
}

impl<'a> Message<'a> for Failure<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            3 => self.message = value.text()?,
            4 => self.reason = value.text()?,
            6 => self.code = value.int()?,
            _ => {}
        }
        Ok(())
    }
}
