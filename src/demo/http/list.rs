//! Lists: a consistent page at one version, written piece by piece.

use std::io;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use serde_json::{Map, Value, json};
use tokio::sync::mpsc;

use super::super::Shared;
use super::super::entry::Entry;
use super::super::kinds::{KINDS, Kind};
use super::super::object::{int, text};
use super::super::selector::{Fields, Labels, Selector};
use super::super::status::{Outcome, Problem};
use super::super::store::{Key, key};
use super::super::table::{self, Include, Moment};
use super::accept::{Form, form};
use super::answer::{Answer, JSON, answer};
use super::body::Body;
use super::route::Target;
use super::server::Ask;

/// Up to this many items are written at once; more are streamed.
const AT_ONCE: usize = 100;
/// A part of a streamed body is sent when it has grown to this.
const PART: usize = 64 * 1024;

/// How items are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) form: Form,
    pub(super) include: Include,
    pub(super) moment: Moment,
}

/// The shape a request asks for.
pub(super) fn shape(shared: &Shared, ask: &Ask, kind: &Kind) -> Outcome<Shape> {
    let include = match ask.query.get("includeObject") {
        "None" => Include::None,
        "Object" => Include::Object,
        _ => Include::Metadata,
    };
    Ok(Shape { form: form(&ask.accept, kind)?, include, moment: Moment(shared.now()) })
}

/// The selector a request asks for.
pub(super) fn selector(ask: &Ask, target: &Target) -> Outcome<Selector> {
    Ok(Selector {
        namespace: target.namespace.clone(),
        labels: Labels::parse(ask.query.get("labelSelector"))?,
        fields: Fields::parse(&KINDS[target.kind], ask.query.get("fieldSelector"))?,
    })
}

fn token(rv: u64, last: &Key) -> String {
    let start = if last.0.is_empty() { format!("{}\0", last.1) } else { format!("{}/{}\0", last.0, last.1) };
    URL_SAFE_NO_PAD.encode(json!({"v": "meta.k8s.io/v1", "rv": rv, "start": start}).to_string())
}

fn untoken(text_: &str) -> Outcome<(i64, Key)> {
    let bad = || Problem::bad_request("invalid continue token: continue key is not valid: incorrect encoding");
    let bytes = URL_SAFE_NO_PAD.decode(text_.trim_end_matches('=')).map_err(|_| bad())?;
    let value: Value = serde_json::from_slice(&bytes).map_err(|_| bad())?;
    let start = text(&value, "start").trim_end_matches('\0');
    let (namespace, name) = start.split_once('/').unwrap_or(("", start));
    Ok((int(&value, "rv"), key(namespace, name)))
}

/// Answers a list.
pub(super) fn list(shared: &Arc<Shared>, ask: &Ask, target: &Target) -> Outcome<Answer> {
    let kind = &KINDS[target.kind];
    let selector = selector(ask, target)?;
    let shape = shape(shared, ask, kind)?;
    let limit =
        ask.query.number("limit").filter(|n| *n > 0).and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX);
    let (page, rv) = {
        let world = shared.lock();
        let store = &world.store;
        let (rv, after) = match ask.query.get("continue") {
            "" => (version(ask, store.rv())?, None),
            text => {
                let (rv, after) = untoken(text)?;
                // A token of version -1 is that of a 410: it goes on with what is there now.
                (u64::try_from(rv).unwrap_or_else(|_| store.rv()), Some(after))
            }
        };
        let page = store.page(target.stored(), &selector, rv, after.as_ref(), limit).ok_or_else(|| match &after {
            Some(after) => Problem::too_old_page(inconsistent(after)),
            None => Problem::too_old_list(rv, store.floor(target.stored())),
        })?;
        (page, rv)
    };
    let mut metadata = Map::new();
    metadata.insert("resourceVersion".into(), rv.to_string().into());
    if let Some(last) = &page.last {
        metadata.insert("continue".into(), token(rv, last).into());
        // The real server does not count behind a selector.
        if ask.query.get("labelSelector").is_empty() && ask.query.get("fieldSelector").is_empty() {
            metadata.insert("remainingItemCount".into(), page.remaining.into());
        }
    }
    Ok(reply(kind, shape, &Value::Object(metadata), page.items))
}

fn inconsistent(after: &Key) -> String {
    let start = if after.0.is_empty() { format!("{}\0", after.1) } else { format!("{}/{}\0", after.0, after.1) };
    URL_SAFE_NO_PAD.encode(json!({"v": "meta.k8s.io/v1", "rv": -1, "start": start}).to_string())
}

/// The version to list at.
fn version(ask: &Ask, current: u64) -> Outcome<u64> {
    let asked = match ask.query.get("resourceVersion") {
        "" | "0" => return Ok(current),
        text => {
            text.parse::<u64>().map_err(|_| Problem::bad_request(format!("invalid resource version \"{text}\"")))?
        }
    };
    if asked > current {
        return Err(Problem::too_large(asked, current));
    }
    Ok(if ask.query.get("resourceVersionMatch") == "Exact" { asked } else { current })
}

fn reply(kind: &'static Kind, shape: Shape, metadata: &Value, items: Vec<Entry>) -> Answer {
    if shape.form == Form::Protobuf {
        return super::super::proto::list(kind, metadata, items);
    }
    let mut out = Vec::with_capacity(PART + 16 * 1024);
    open(kind, shape.form, metadata, &mut out);
    if items.len() <= AT_ONCE {
        for (i, entry) in items.iter().enumerate() {
            write(kind, shape, i, entry, &mut out);
        }
        out.extend_from_slice(b"]}\n");
        return answer(200, JSON, out);
    }
    let (sender, parts) = mpsc::channel(4);
    tokio::spawn(stream(kind, shape, items, out, sender));
    answer(200, JSON, Body::Parts(parts))
}

async fn stream(
    kind: &'static Kind,
    shape: Shape,
    items: Vec<Entry>,
    mut out: Vec<u8>,
    sender: mpsc::Sender<io::Result<Bytes>>,
) {
    for (i, entry) in items.iter().enumerate() {
        write(kind, shape, i, entry, &mut out);
        if out.len() >= PART {
            let part = std::mem::replace(&mut out, Vec::with_capacity(PART + 16 * 1024));
            if sender.send(Ok(part.into())).await.is_err() {
                return;
            }
        }
    }
    out.extend_from_slice(b"]}\n");
    let _ = sender.send(Ok(out.into())).await;
}

fn open(kind: &Kind, form: Form, metadata: &Value, out: &mut Vec<u8>) {
    let (list_kind, version) = match form {
        Form::Table => return table::open(kind, metadata, true, out),
        Form::Partial => ("PartialObjectMetadataList".to_owned(), "meta.k8s.io/v1".to_owned()),
        Form::Json | Form::Protobuf => (format!("{}List", kind.kind), kind.api_version()),
    };
    let head = format!("{{\"kind\":\"{list_kind}\",\"apiVersion\":\"{version}\",\"metadata\":{metadata},\"items\":[");
    out.extend_from_slice(head.as_bytes());
}

fn write(kind: &Kind, shape: Shape, index: usize, entry: &Entry, out: &mut Vec<u8>) {
    if index > 0 {
        out.push(b',');
    }
    match shape.form {
        Form::Table => table::row(kind, entry, shape.include, shape.moment, out),
        Form::Partial => table::partial_of(entry, out),
        Form::Json | Form::Protobuf => entry.write(kind, out),
    }
}
