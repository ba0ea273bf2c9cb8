//! Discovery document by document, for servers before 1.26 and those that turned the other off.

use super::Discovery;
use super::aggregated::{array, text};
use crate::cluster::connect::Connection;
use crate::cluster::problem::Asked;
use crate::core::problem::Problem;
use futures_util::StreamExt as _;
use serde_json::Value;

/// How many groups are asked at a time.
const AT_ONCE: usize = 8;

/// Reads all groups an `APIVersions` or `APIGroupList` names.
pub(super) async fn read(conn: &Connection, root: &Value) -> Discovery {
    let asked = futures_util::stream::iter(versions(root))
        .map(|(group, version)| async move {
            let path = if group.is_empty() { format!("/api/{version}") } else { format!("/apis/{group}/{version}") };
            let answer = conn.get_json(&path, &Asked::path(&path)).await;
            (group, version, answer.map(|a| a.body))
        })
        .buffered(AT_ONCE);
    let answers: Vec<_> = asked.collect().await;
    let mut found = Discovery::default();
    for (group, version, answer) in answers {
        add(&mut found, &group, &version, answer);
    }
    found
}

/// Groups with their versions, the preferred one first.
fn versions(root: &Value) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for v in array(root, "versions").iter().filter_map(Value::as_str) {
        out.push((String::new(), v.to_owned()));
    }
    for group in array(root, "groups") {
        let name = text(group, "name");
        let preferred = group.get("preferredVersion").map(|p| text(p, "version")).unwrap_or_default();
        let mut all: Vec<&str> = array(group, "versions").iter().map(|v| text(v, "version")).collect();
        all.sort_by_key(|v| *v != preferred);
        out.extend(all.into_iter().filter(|v| !v.is_empty()).map(|v| (name.to_owned(), v.to_owned())));
    }
    out
}

fn add(found: &mut Discovery, group: &str, version: &str, answer: Result<Value, Problem>) {
    let Ok(list) = answer else {
        found.broken.push(if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") });
        return;
    };
    for resource in array(&list, "resources") {
        let (plural, kind) = (text(resource, "name"), text(resource, "kind"));
        let known = found.kinds.iter().any(|k| k.group.as_ref() == group && k.plural.as_ref() == plural);
        if known || plural.is_empty() || plural.contains('/') || kind.is_empty() {
            continue;
        }
        let namespaced = resource.get("namespaced").and_then(Value::as_bool).unwrap_or(false);
        let scale = array(&list, "resources").iter().any(|r| text(r, "name").strip_suffix("/scale") == Some(plural));
        found.kinds.push(super::kind(group, version, resource, (plural, kind), namespaced, scale));
    }
}
