//! A small protobuf writer that walks JSON along a table of field numbers.

use jiff::Timestamp;
use serde_json::Value;

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Type {
    Str,
    /// Texts, in a list.
    Strs,
    Int,
    Bool,
    /// Seconds since 1970 (1) and nanoseconds (2).
    Time,
    /// A quantity: its text (1).
    Quantity,
    /// 0 and a number (2), or 1 and a text (3).
    IntOrStr,
    /// Raw JSON (1), as managedFields hold it.
    Fields,
    /// A map of texts.
    Map,
    /// A map of quantities.
    Quantities,
    /// A message; repeated when the JSON is a list.
    Msg(Schema),
    /// A message whose fields JSON holds one level higher.
    Inline(Schema),
}

/// The fields of a message: number, name in JSON, type.
pub(crate) type Schema = &'static [(u32, &'static str, Type)];

/// Writes the fields of an object.
pub(crate) fn message(schema: Schema, object: &Value, out: &mut Vec<u8>) {
    for (number, name, kind) in schema {
        if let Type::Inline(inner) = kind {
            if inner.iter().any(|(_, name, _)| object.get(*name).is_some()) {
                nested(*number, out, |out| message(inner, object, out));
            }
            continue;
        }
        match object.get(*name) {
            None | Some(Value::Null) => {}
            Some(Value::Array(items)) => items.iter().for_each(|item| field(*number, *kind, item, out)),
            Some(value) => field(*number, *kind, value, out),
        }
    }
}

fn field(number: u32, kind: Type, value: &Value, out: &mut Vec<u8>) {
    match kind {
        Type::Str | Type::Strs => text(number, value.as_str().unwrap_or(""), out),
        Type::Int => int(number, value.as_i64().unwrap_or(0), out),
        Type::Bool => int(number, i64::from(value.as_bool().unwrap_or(false)), out),
        Type::Time => nested(number, out, |out| time(value.as_str().unwrap_or(""), out)),
        Type::Quantity => nested(number, out, |out| text(1, &plain(value), out)),
        Type::IntOrStr => nested(number, out, |out| match value {
            Value::String(s) => {
                int(1, 1, out);
                int(2, 0, out);
                text(3, s, out);
            }
            other => {
                int(1, 0, out);
                int(2, other.as_i64().unwrap_or(0), out);
                text(3, "", out);
            }
        }),
        Type::Fields => nested(number, out, |out| text(1, &value.to_string(), out)),
        Type::Map => entries(number, value, out, |v, out| text(2, v.as_str().unwrap_or(""), out)),
        Type::Quantities => {
            entries(number, value, out, |v, out| nested(2, out, |out| text(1, &plain(v), out)));
        }
        Type::Msg(schema) | Type::Inline(schema) => nested(number, out, |out| message(schema, value, out)),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn entries(number: u32, map: &Value, out: &mut Vec<u8>, write: impl Fn(&Value, &mut Vec<u8>)) {
    for (key, value) in map.as_object().into_iter().flatten() {
        nested(number, out, |out| {
            text(1, key, out);
            write(value, out);
        });
    }
}

fn time(at: &str, out: &mut Vec<u8>) {
    let at: Timestamp = at.parse().unwrap_or_default();
    int(1, at.as_second(), out);
    int(2, i64::from(at.subsec_nanosecond()), out);
}

/// A number field.
pub(crate) fn int(number: u32, value: i64, out: &mut Vec<u8>) {
    varint(u64::from(number << 3), out);
    varint(value.cast_unsigned(), out);
}

/// A text field.
pub(crate) fn text(number: u32, value: &str, out: &mut Vec<u8>) {
    bytes(number, value.as_bytes(), out);
}

/// A field of bytes.
pub(crate) fn bytes(number: u32, value: &[u8], out: &mut Vec<u8>) {
    varint(u64::from(number << 3 | 2), out);
    varint(value.len() as u64, out);
    out.extend_from_slice(value);
}

/// A message field, written by `write`; its length is put before it afterwards.
pub(crate) fn nested(number: u32, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    varint(u64::from(number << 3 | 2), out);
    let start = out.len();
    write(out);
    let length = out.len() - start;
    let mut prefix = Vec::with_capacity(5);
    varint(length as u64, &mut prefix);
    out.splice(start..start, prefix);
}

/// A variable-length number.
#[expect(clippy::cast_possible_truncation, reason = "seven bits at a time")]
pub(crate) fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// How many bytes a number takes.
pub(crate) fn varint_len(value: usize) -> usize {
    let bits = usize::BITS - value.max(1).leading_zeros();
    bits.div_ceil(7) as usize
}
