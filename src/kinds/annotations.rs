//! Annotations as columns: read out of an object's bytes, and only where they were asked for.

use super::error::DecodeError;
use super::pb::fields;
use super::text::{Pairs, or_default};
use super::wire::Encoding;
use crate::core::row::Batch;
use serde::Deserialize;
use std::sync::Arc;

/// Bytes of a value that a column keeps. Annotations may hold whole manifests.
const MOST: usize = 256;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole<'a> {
    #[serde(borrow, deserialize_with = "or_default")]
    metadata: Metadata<'a>,
    /// The object of a Table's row.
    #[serde(borrow, deserialize_with = "or_default")]
    object: Inner<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Inner<'a> {
    #[serde(borrow, deserialize_with = "or_default")]
    metadata: Metadata<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Metadata<'a> {
    #[serde(borrow)]
    annotations: Pairs<'a>,
}

/// Puts the values of these annotations into the last cells of the row that was put last. The
/// bytes are its object, or its row of a Table.
///
/// # Errors
/// Bytes that are no object.
pub fn add(encoding: Encoding, bytes: &[u8], keys: &[Arc<str>], batch: &mut Batch) -> Result<(), DecodeError> {
    if keys.is_empty() {
        return Ok(());
    }
    let found = match encoding {
        Encoding::Json => {
            let whole: Whole<'_> = serde_json::from_slice(bytes).map_err(|e| DecodeError::json("annotations", &e))?;
            if whole.metadata.annotations.0.is_empty() {
                whole.object.metadata.annotations
            } else {
                whole.metadata.annotations
            }
        }
        Encoding::Protobuf => proto(bytes)?,
    };
    let first = batch.width().saturating_sub(keys.len());
    for (i, key) in keys.iter().enumerate() {
        if let Some(value) = found.get(key) {
            let cell = batch.text_cell(cut(value));
            batch.set_last(first + i, cell);
        }
    }
    Ok(())
}

// `metadata` is field 1 of every object, `annotations` field 12 of it.
fn proto(object: &[u8]) -> Result<Pairs<'_>, DecodeError> {
    let mut pairs = Pairs::default();
    for field in fields(object) {
        let (1, metadata) = field? else { continue };
        for field in fields(metadata.bytes()?) {
            if let (12, entry) = field? {
                entry.pair_into(&mut pairs)?;
            }
        }
    }
    Ok(pairs)
}

fn cut(value: &str) -> &str {
    value.get(..value.floor_char_boundary(MOST)).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::{batch_for, pod};

    fn keys() -> Vec<Arc<str>> {
        vec!["a.io/x".into(), "b".into()]
    }

    fn put(batch: &mut Batch) {
        (pod::SPEC.json)(br#"{"metadata":{"name":"p"}}"#, batch).unwrap();
    }

    fn read(encoding: Encoding, bytes: &[u8]) -> Vec<String> {
        let schema = (pod::SPEC.schema)().with_annotations(&keys());
        let mut batch = batch_for(&schema);
        put(&mut batch);
        add(encoding, bytes, &keys(), &mut batch).unwrap();
        let (_, cells) = batch.rows().last().unwrap();
        let text = |cell: u64| batch.symbols.text(crate::core::row::Sym(u32::try_from(cell).unwrap_or(u32::MAX)));
        cells[cells.len() - 2..].iter().map(|c| text(*c).to_owned()).collect()
    }

    #[test]
    fn json_objects_and_table_rows_tell_theirs() {
        let object = br#"{"metadata":{"name":"p","annotations":{"b":"two","c":"no","a.io/x":"one"}},"spec":{}}"#;
        assert_eq!(read(Encoding::Json, object), ["one", "two"]);
        let row = br#"{"cells":["p"],"object":{"metadata":{"annotations":{"b":"two"}}}}"#;
        assert_eq!(read(Encoding::Json, row), ["", "two"]);
        assert_eq!(read(Encoding::Json, br#"{"metadata":{"annotations":null}}"#), ["", ""]);
    }

    #[test]
    fn protobuf_tells_the_same() {
        let text = |number: u8, t: &[u8]| [&[number << 3 | 2, u8::try_from(t.len()).unwrap()], t].concat();
        let entry = [text(1, b"b"), text(2, "zwei \u{1b}".as_bytes())].concat();
        let object = [text(1, &text(12, &entry)), text(2, b"")].concat();
        assert_eq!(read(Encoding::Protobuf, &object), ["", "zwei \u{1b}"]);
        let mut batch = batch_for(&(pod::SPEC.schema)().with_annotations(&keys()));
        put(&mut batch);
        assert!(add(Encoding::Protobuf, &object[..3], &keys(), &mut batch).is_err());
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        let long = "ä".repeat(200);
        assert_eq!(cut(&long).len(), MOST);
        assert_eq!(cut("short"), "short");
    }
}
