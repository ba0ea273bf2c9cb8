//! Whole objects, read side by side for a plan to decide by.

use super::call;
use super::connect::Connection;
use crate::core::act::{Call, Facts, Read, Verb};
use crate::core::kind::ClusterId;
use futures_util::StreamExt as _;
use serde_json::Value;
use std::sync::Arc;

/// Reads under way at once: a plan over many objects must not crowd the server out.
const AT_ONCE: usize = 8;

/// Reads all of it. What cannot be read is told with its reason; the answers keep the questions'
/// order. `now` is used where the server does not tell its clock (Unix ms).
pub async fn read(connection: &Connection, cluster: ClusterId, reads: Vec<Read>, now: i64) -> Facts {
    let answers = futures_util::stream::iter(reads).map(|read| async move {
        let outcome = call::execute(connection, &question(cluster, &read)).await;
        let at = outcome.as_ref().ok().and_then(|r| r.date_ms);
        let counts = matches!(read, Read::Count(..));
        (at, (read, outcome.map(|reply| if counts { Arc::new(counted(&reply.body)) } else { reply.body })))
    });
    let read: Vec<_> = answers.buffered(AT_ONCE).collect().await;
    let at = read.iter().filter_map(|(at, _)| *at).max().unwrap_or(now);
    Facts { at, answers: read.into_iter().map(|(_, answer)| answer).collect() }
}

fn question(cluster: ClusterId, read: &Read) -> Call {
    let (verb, kind, namespace, name, subresource) = match read {
        Read::Object(o) => (Verb::Get, &o.kind, o.namespace.clone(), o.name.clone(), "".into()),
        Read::Sub(o, sub) => (Verb::Get, &o.kind, o.namespace.clone(), o.name.clone(), sub.clone()),
        // A page of one: its metadata say how many more there are.
        Read::Count(kind, namespace) => (Verb::Get, kind, namespace.clone(), "".into(), "".into()),
        Read::List { kind, namespace, .. } => {
            (Verb::List, kind, namespace.clone().unwrap_or_default(), "".into(), "".into())
        }
    };
    let mut query: Vec<(Arc<str>, Arc<str>)> = Vec::new();
    if let Read::Count(..) = read {
        query.push(("limit".into(), "1".into()));
    }
    if let Read::List { fields, labels, .. } = read {
        let given = [("fieldSelector", fields), ("labelSelector", labels)];
        query.extend(given.into_iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| (k.into(), v.clone())));
    }
    Call { cluster, verb, kind: kind.clone(), namespace, name, subresource, query, body: None, dry_run: false }
}

/// How many a page of one stands for.
fn counted(page: &Value) -> Value {
    let here = page["items"].as_array().map_or(0, Vec::len) as u64;
    let more = page["metadata"]["remainingItemCount"].as_u64().unwrap_or(0);
    (here + more).into()
}
