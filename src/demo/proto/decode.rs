//! A small protobuf reader, along the same tables: what clients post.

use serde_json::{Map, Value, json};

use super::MAGIC;
use super::encode::{Schema, Type};
use super::schema::review::POSTED;

/// A field as it lies on the wire.
enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// The object in an envelope; nothing when it is of no kind that can be read, or broken.
pub(crate) fn object(bytes: &[u8]) -> Option<Value> {
    let (mut head, mut raw) = (&[][..], &[][..]);
    for (number, field) in fields(bytes.strip_prefix(MAGIC)?)? {
        match (number, field) {
            (1, Field::Bytes(b)) => head = b,
            (2, Field::Bytes(b)) => raw = b,
            _ => {}
        }
    }
    let kind = message(&[(1, "apiVersion", Type::Str), (2, "kind", Type::Str)], head)?;
    let (_, schema) = POSTED.iter().find(|(name, _)| kind["kind"] == *name)?;
    let mut object = json!({"kind": kind["kind"], "apiVersion": kind["apiVersion"]});
    if let (Value::Object(into), Value::Object(from)) = (&mut object, message(schema, raw)?) {
        into.extend(from);
    }
    Some(object)
}

fn fields(mut bytes: &[u8]) -> Option<Vec<(u32, Field<'_>)>> {
    let mut all = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes)?;
        let number = u32::try_from(key >> 3).ok()?;
        let field = match key & 7 {
            0 => Field::Number(varint(&mut bytes)?),
            2 => {
                let length = usize::try_from(varint(&mut bytes)?).ok()?;
                let (inner, rest) = bytes.split_at_checked(length)?;
                bytes = rest;
                Field::Bytes(inner)
            }
            _ => return None,
        };
        all.push((number, field));
    }
    Some(all)
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let (mut value, mut shift) = (0_u64, 0);
    loop {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(first & 0x7f).checked_shl(shift)?;
        if first & 0x80 == 0 {
            return Some(value);
        }
        shift += 7;
    }
}

/// The fields of a message that its table knows; empty texts are absent ones.
fn message(schema: Schema, bytes: &[u8]) -> Option<Value> {
    let mut out = Map::new();
    for (number, field) in fields(bytes)? {
        let Some((_, name, kind)) = schema.iter().find(|(n, ..)| *n == number) else { continue };
        let value = match (field, kind) {
            (Field::Number(n), Type::Bool) => Value::Bool(n != 0),
            (Field::Number(n), Type::Int) => n.cast_signed().into(),
            (Field::Bytes([]), Type::Str) => continue,
            (Field::Bytes(b), Type::Str | Type::Strs) => String::from_utf8_lossy(b).into(),
            (Field::Bytes(b), Type::Msg(inner)) => message(inner, b)?,
            _ => continue,
        };
        match (kind, out.get_mut(*name)) {
            (Type::Strs, Some(Value::Array(all))) => all.push(value),
            (Type::Strs, _) => _ = out.insert((*name).to_owned(), json!([value])),
            _ => _ = out.insert((*name).to_owned(), value),
        }
    }
    Some(Value::Object(out))
}
