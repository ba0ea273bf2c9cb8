//! Whole objects, read to decide: which are needed, and what came of reading them.

use super::call::Refusal;
use crate::core::kind::{Kind, ObjectRef};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// One thing to read.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Read {
    /// One object. The uid in the reference is not asked for: the reader compares.
    Object(ObjectRef),
    /// A subresource of one object: `scale`.
    Sub(ObjectRef, Arc<str>),
    /// How many there are of a kind in a namespace. The answer is a number.
    Count(Arc<Kind>, Arc<str>),
    /// A collection, all its pages.
    List {
        /// Of which kind.
        kind: Arc<Kind>,
        /// In which namespace; `None` for all.
        namespace: Option<Arc<str>>,
        /// `fieldSelector`, empty for none.
        fields: Arc<str>,
        /// `labelSelector`, empty for none.
        labels: Arc<str>,
    },
}

/// What was read, with what could not be.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Facts {
    /// The server's clock when the last of it was read (Unix ms).
    pub at: i64,
    /// Answers by question, in the order asked. A list's answer is its items.
    pub answers: Vec<(Read, Result<Arc<Value>, Refusal>)>,
}

impl Facts {
    /// The answer to a question, if it was asked.
    #[must_use]
    pub fn answer(&self, read: &Read) -> Option<Result<&Arc<Value>, &Refusal>> {
        self.answers.iter().find(|(r, _)| r == read).map(|(_, a)| a.as_ref())
    }

    /// An object as read; `None` if it was not asked for, or could not be read.
    #[must_use]
    pub fn object(&self, object: &ObjectRef) -> Option<&Arc<Value>> {
        self.answers.iter().find_map(|(r, a)| match (r, a) {
            (Read::Object(o), Ok(v)) if o == object => Some(v),
            _ => None,
        })
    }

    /// The items of a list; `None` if it was not asked for, or could not be read.
    #[must_use]
    pub fn items(&self, read: &Read) -> Option<&[Value]> {
        self.answer(read)?.ok()?.as_array().map(Vec::as_slice)
    }

    /// What could not be read, with the reasons.
    pub fn unread(&self) -> impl Iterator<Item = (&Read, &Refusal)> {
        self.answers.iter().filter_map(|(r, a)| a.as_ref().err().map(|e| (r, e)))
    }
}
