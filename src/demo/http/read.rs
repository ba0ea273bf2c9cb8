//! Single objects, in every form.

use serde_json::json;

use super::super::Shared;
use super::super::kinds::KINDS;
use super::super::proto;
use super::super::status::{Outcome, Problem};
use super::super::store::key;
use super::super::table;
use super::accept::Form;
use super::answer::{Answer, JSON, answer};
use super::list::shape;
use super::route::Target;
use super::server::Ask;

/// Answers a get.
pub(super) fn get(shared: &Shared, ask: &Ask, target: &Target) -> Outcome<Answer> {
    let kind = &KINDS[target.kind];
    let name = target.name.as_deref().unwrap_or("");
    let shape = shape(shared, ask, kind)?;
    let found = shared.lock().store.get(target.stored(), &key(target.space(), name)).cloned();
    let entry = found.ok_or_else(|| Problem::not_found(kind, name))?;
    let mut out = Vec::new();
    match shape.form {
        Form::Protobuf => return Ok(proto::one(kind, &entry)),
        Form::Json => entry.write_whole(kind, &mut out),
        Form::Partial => table::partial(&entry.value(), &mut out),
        Form::Table => {
            table::open(kind, &json!({"resourceVersion": entry.rv().to_string()}), true, &mut out);
            table::row(kind, &entry, shape.include, shape.moment, &mut out);
            out.extend_from_slice(b"]}");
        }
    }
    out.push(b'\n');
    Ok(answer(200, JSON, out))
}
