//! Reads identity and version of one object without decoding it: what a stream
//! needs of a deleted object, and to resume where no bookmarks come.

use super::members::{Members, Part, Want};
use crate::core::uid::Uid;
use crate::kinds::error::DecodeError;
use crate::kinds::pb::{Message, Value};
use crate::kinds::text::Str;
use serde::Deserialize;

/// Who an object is and which version of it this is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// Its identity, as in its row.
    pub uid: Uid,
    /// `metadata.resourceVersion`.
    pub resource_version: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Identity<'a> {
    #[serde(borrow)]
    name: Str<'a>,
    #[serde(borrow)]
    namespace: Str<'a>,
    #[serde(borrow)]
    uid: Str<'a>,
    #[serde(borrow)]
    resource_version: Str<'a>,
}

impl Identity<'_> {
    fn head(&self) -> Head {
        let uid = if self.uid.is_empty() { Uid::of_name(&self.namespace, &self.name) } else { Uid::parse(&self.uid) };
        Head { uid, resource_version: self.resource_version.to_string() }
    }
}

impl<'a> Message<'a> for Identity<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            1 => self.name = value.text()?,
            3 => self.namespace = value.text()?,
            5 => self.uid = value.text()?,
            6 => self.resource_version = value.text()?,
            _ => {}
        }
        Ok(())
    }
}

/// The head of a JSON object; what comes after `metadata` is not looked at.
///
/// # Errors
/// Not an object, or metadata that make no sense.
pub fn json_head(object: &[u8]) -> Result<Head, DecodeError> {
    let mut head = Head::default();
    let mut members = Members::new("JSON object");
    // Objects begin with kind, apiVersion, metadata: in pieces, so that the rest is left alone.
    for chunk in object.chunks(4096) {
        let mut done = false;
        members.feed(
            chunk,
            |key| if key == "metadata" { Want::Whole } else { Want::Skip },
            |part| {
                if let Part::Value(_, bytes) = part {
                    let identity: Identity<'_> =
                        serde_json::from_slice(bytes).map_err(|e| DecodeError::json("metadata", &e))?;
                    head = identity.head();
                    done = true;
                }
                Ok(())
            },
        )?;
        if done {
            return Ok(head);
        }
    }
    Err(members.error("an object without metadata"))
}

/// The head of a protobuf object without its envelope.
///
/// # Errors
/// Broken bytes.
pub fn proto_head(object: &[u8]) -> Result<Head, DecodeError> {
    for field in crate::kinds::pb::fields(object) {
        if let (1, value) = field? {
            return value.message::<Identity<'_>>().map(|i| i.head());
        }
    }
    Err(DecodeError::new("an object without metadata", "protobuf"))
}
