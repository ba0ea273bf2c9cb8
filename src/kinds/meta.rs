//! The part of `metadata` that every row needs, and the row head made of it.

use super::error::DecodeError;
use super::pb::{Message, Value};
use super::text::{List, Pairs, Str};
use super::time::Moment;
use crate::core::health::Health;
use crate::core::row::{Batch, RowHead};
use crate::core::uid::Uid;
use serde::Deserialize;

/// Slim `ObjectMeta`.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub struct Meta<'a> {
    #[serde(borrow)]
    pub name: Str<'a>,
    #[serde(borrow)]
    pub namespace: Str<'a>,
    #[serde(borrow)]
    pub uid: Str<'a>,
    pub generation: i64,
    pub creation_timestamp: Moment,
    pub deletion_timestamp: Moment,
    #[serde(borrow)]
    pub labels: Pairs<'a>,
    #[serde(borrow)]
    pub owner_references: List<Owner<'a>>,
    #[serde(borrow, deserialize_with = "super::text::or_default")]
    pub annotations: Annotations<'a>,
}

/// The annotations that a column is made of; all others are skipped.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub struct Annotations<'a> {
    /// The storage class of claims older than `spec.storageClassName`.
    #[serde(borrow, rename = "volume.beta.kubernetes.io/storage-class")]
    pub storage_class: Option<Str<'a>>,
}

/// Slim `OwnerReference`.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub struct Owner<'a> {
    #[serde(borrow)]
    pub kind: Str<'a>,
    #[serde(borrow)]
    pub name: Str<'a>,
    pub controller: Option<bool>,
}

impl Meta<'_> {
    /// The identity: the uid, or for objects without one a uid made of the name.
    pub fn identity(&self) -> Uid {
        if self.uid.is_empty() { Uid::of_name(&self.namespace, &self.name) } else { Uid::parse(&self.uid) }
    }

    /// Whether deletion has been asked for.
    pub fn deleting(&self) -> bool {
        self.deletion_timestamp.is_set()
    }

    /// The head of the object's row.
    pub fn head(&self, health: Health, batch: &mut Batch) -> RowHead {
        let owner = match self.owner_references.iter().find(|o| o.controller == Some(true)) {
            Some(o) => batch.sym(&format!("{}/{}", &*o.kind, &*o.name)),
            None => crate::core::row::Sym::EMPTY,
        };
        RowHead {
            uid: self.identity(),
            name: batch.sym(&self.name),
            namespace: batch.sym(&self.namespace),
            owner,
            labels: batch.sym(&self.labels.joined()),
            created: self.creation_timestamp.0,
            health,
        }
    }
}

impl<'a> Message<'a> for Meta<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            1 => self.name = value.text()?,
            3 => self.namespace = value.text()?,
            5 => self.uid = value.text()?,
            7 => self.generation = value.int()?,
            8 => self.creation_timestamp = value.moment()?,
            9 => self.deletion_timestamp = value.moment()?,
            11 => value.pair_into(&mut self.labels)?,
            13 => self.owner_references.0.push(value.message()?),
            _ => {}
        }
        Ok(())
    }
}

impl<'a> Message<'a> for Owner<'a> {
    fn field(&mut self, number: u32, value: Value<'a>) -> Result<(), DecodeError> {
        match number {
            1 => self.kind = value.text()?,
            3 => self.name = value.text()?,
            6 => self.controller = Some(value.bool()?),
            _ => {}
        }
        Ok(())
    }
}
