//! One cell of a Table row: any JSON value.

use crate::core::row::Batch;
use crate::core::value::{self, NONE};
use crate::kinds::text::Str;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// What the server put into a cell.
#[derive(Debug)]
pub enum Cell<'a> {
    /// Nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A text, which is the usual thing.
    Text(Str<'a>),
    /// A list or map, which no printer makes but `JSONPath` columns may hold.
    Tree(String),
}

impl Cell<'_> {
    /// As an `Int` cell.
    pub fn int(&self) -> u64 {
        match self {
            Self::Int(n) => value::int(*n),
            Self::Text(t) => t.parse().map_or(NONE, value::int),
            _ => NONE,
        }
    }

    /// As a `Text` cell, in the words kubectl prints.
    pub fn text(&self, batch: &mut Batch) -> u64 {
        match self {
            Self::Null => batch.text_cell(""),
            Self::Bool(b) => batch.text_cell(if *b { "true" } else { "false" }),
            Self::Int(n) => batch.text_cell(&n.to_string()),
            Self::Float(n) => batch.text_cell(&n.to_string()),
            Self::Text(t) => batch.text_cell(t),
            Self::Tree(t) => batch.text_cell(t),
        }
    }
}

struct CellVisitor;

impl<'de> Visitor<'de> for CellVisitor {
    type Value = Cell<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a cell")
    }

    fn visit_borrowed_str<E: de::Error>(self, v: &'de str) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Str::from(v)))
    }

    fn visit_str<E: de::Error>(self, v: &str) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Str(v.to_owned().into())))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Cell<'de>, E> {
        Ok(Cell::Null)
    }

    fn visit_bool<E: de::Error>(self, v: bool) -> Result<Cell<'de>, E> {
        Ok(Cell::Bool(v))
    }

    fn visit_i64<E: de::Error>(self, v: i64) -> Result<Cell<'de>, E> {
        Ok(Cell::Int(v))
    }

    fn visit_u64<E: de::Error>(self, v: u64) -> Result<Cell<'de>, E> {
        Ok(i64::try_from(v).map_or(Cell::Float(v as f64), Cell::Int))
    }

    fn visit_f64<E: de::Error>(self, v: f64) -> Result<Cell<'de>, E> {
        Ok(Cell::Float(v))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Cell<'de>, A::Error> {
        let tree = serde_json::Value::deserialize(de::value::SeqAccessDeserializer::new(seq))?;
        Ok(Cell::Tree(tree.to_string()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Cell<'de>, A::Error> {
        let tree = serde_json::Value::deserialize(de::value::MapAccessDeserializer::new(map))?;
        Ok(Cell::Tree(tree.to_string()))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Cell<'a> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(CellVisitor)
    }
}
