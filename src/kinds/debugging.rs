//! What debugging has left behind, as a table: pods that it made, and ephemeral containers, which stay in their pods
//! whatever has become of them. Of all other pods nothing is read but their bytes.

use super::columns::Columns;
use super::error::DecodeError;
use super::{OfPods, wire};
use crate::core::debug::{self, Left};
use crate::core::facts::{self, Condition, Container, Meta, Sort, list, text};
use crate::core::health::Health;
use crate::core::kind::DEBUGGING;
use crate::core::row::{Batch, RowHead};
use crate::core::schema::{Schema, Show};
use crate::core::uid::Uid;
use memchr::memmem;
use serde_json::Value;

pub(super) const SPEC: OfPods = OfPods { plural: DEBUGGING, schema, read };

fn schema() -> Schema {
    Columns::namespaced()
        .name()
        .text("WHAT", Show::Always, "What it was made for")
        .text("BY", Show::Room(2), "What made it, as far as it can be told")
        .text("STATE", Show::Always, "The pod's phase, or the container's state")
        .text("POD", Show::Room(1), "The pod an ephemeral container is in: they go together")
        .text("NODE", Show::Room(1), "The node it is on")
        .text("IMAGE", Show::Room(3), "Image")
        .age()
        .done()
}

/// What one of these words must stand in, before a pod is looked at.
const SIGNS: [&str; 4] = [debug::OURS, debug::KUBECTL, "\"debugger-", "\"ephemeralContainers\""];

/// Reads a pod and adds a row for it, if debugging made it, and for each of its ephemeral containers.
fn read(bytes: &[u8], batch: &mut Batch) -> Result<(Uid, Vec<Uid>), DecodeError> {
    if SIGNS.iter().all(|sign| memmem::find(bytes, sign.as_bytes()).is_none()) {
        return Ok((wire::json_head(bytes)?.uid, Vec::new()));
    }
    let pod: Value = serde_json::from_slice(bytes).map_err(|e| DecodeError::json("Pod", &e))?;
    let meta = Meta::of(&pod);
    let mut all = Vec::new();
    if let Some(left) = debug::left(&pod) {
        all.push(whole(batch, &pod, &meta, left));
    }
    for container in Container::all(&pod).iter().filter(|c| c.sort == Sort::Ephemeral) {
        all.push(ephemeral(batch, &pod, &meta, container));
    }
    Ok((meta.id(), all))
}

fn whole(batch: &mut Batch, pod: &Value, meta: &Meta, left: Left) -> Uid {
    let phase = text(&pod["status"]["phase"]);
    let head = RowHead {
        uid: meta.id(),
        name: batch.sym(&meta.name),
        namespace: batch.sym(&meta.namespace),
        owner: batch.sym(""),
        labels: batch.sym(&meta.labels),
        created: facts::moment(&pod["metadata"]["creationTimestamp"]).unwrap_or(0),
        health: match phase {
            "Succeeded" | "Failed" => Health::Done,
            "Running" => Health::Warn,
            _ => Health::Busy,
        },
    };
    let state = if meta.deletion.is_some() { "Terminating" } else { phase };
    let images: Vec<_> = list(&pod["spec"]["containers"]).iter().map(|c| text(&c["image"])).collect();
    // The one that was added stands last.
    let image = images.last().copied().unwrap_or_default();
    put(batch, head, [left.what(), left.by(), state, "", text(&pod["spec"]["nodeName"]), image])
}

fn ephemeral(batch: &mut Batch, pod: &Value, meta: &Meta, container: &Container) -> Uid {
    let (state, health) = match &container.condition {
        Condition::Running => ("Running".to_owned(), Health::Warn),
        Condition::Waiting(why) if why.is_empty() => ("Waiting".to_owned(), Health::Busy),
        Condition::Waiting(why) => (why.clone(), Health::Bad),
        Condition::Ended(_, code) => (format!("ended, exit {code}"), Health::Done),
        Condition::Unknown => (String::new(), Health::Busy),
    };
    let head = RowHead {
        uid: Uid::of_name(&meta.uid, &container.name),
        name: batch.sym(&container.name),
        namespace: batch.sym(&meta.namespace),
        owner: batch.sym(&format!("Pod/{}", meta.name)),
        labels: batch.sym(""),
        created: since(pod, &container.name).unwrap_or(0),
        health,
    };
    let by = by(pod, &container.name);
    put(batch, head, ["ephemeral", by, &state, &meta.name, text(&pod["spec"]["nodeName"]), &container.image])
}

fn put(batch: &mut Batch, head: RowHead, cells: [&str; 6]) -> Uid {
    let cells = cells.map(|c| batch.text_cell(c));
    batch.put(head, &cells);
    head.uid
}

/// When an ephemeral container began.
fn since(pod: &Value, name: &str) -> Option<i64> {
    let all = list(&pod["status"]["ephemeralContainerStatuses"]);
    let state = &all.iter().find(|s| text(&s["name"]) == name)?["state"];
    ["running", "terminated"].iter().find_map(|s| facts::moment(&state[s]["startedAt"]))
}

/// Who added an ephemeral container, as the pod's managed fields name it.
fn by<'a>(pod: &'a Value, name: &str) -> &'a str {
    let key = format!("k:{{\"name\":\"{name}\"}}");
    let fields = |m: &Value| m["fieldsV1"]["f:spec"]["f:ephemeralContainers"].get(&key).is_some();
    let found = list(&pod["metadata"]["managedFields"]).iter().find(|m| fields(m));
    match found.map(|m| text(&m["manager"])) {
        Some("quarterdeck") => "qd",
        Some(manager) => manager,
        None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::batch_for;
    use crate::kinds::fixtures::{cell, puts};
    use serde_json::json;

    fn rows(pod: &Value) -> Batch {
        let mut batch = batch_for(&schema());
        read(&serde_json::to_vec(pod).unwrap(), &mut batch).unwrap();
        batch
    }

    #[test]
    fn pods_that_debugging_made_and_ephemeral_containers_are_rows_and_others_are_none() {
        let plain = json!({"metadata": {"name": "web", "namespace": "shop", "uid": "u", "resourceVersion": "1"},
                           "spec": {"containers": [{"name": "c", "image": "i"}]}});
        assert!(rows(&plain).is_empty());
        let node = json!({
            "metadata": {"name": "node-debugger-n1-x7k2p", "namespace": "shop", "uid": "v",
                "labels": {"app.kubernetes.io/managed-by": "kubectl-debug"}},
            "spec": {"nodeName": "n1", "containers": [{"name": "debugger", "image": "busybox"}]},
            "status": {"phase": "Succeeded"},
        });
        let batch = rows(&node);
        for (title, expected) in
            [("WHAT", "node shell"), ("BY", "kubectl"), ("STATE", "Succeeded"), ("NODE", "n1"), ("IMAGE", "busybox")]
        {
            assert_eq!(cell(&schema(), &batch, "node-debugger-n1-x7k2p", title), expected, "{title}");
        }
        let mut debugged = plain;
        debugged["spec"]["ephemeralContainers"] = json!([{"name": "debugger-x7k2p", "image": "busybox"}]);
        debugged["status"]["ephemeralContainerStatuses"] = json!([{"name": "debugger-x7k2p", "state": {"terminated": {"exitCode": 3, "startedAt": "2026-11-21T00:00:00Z"}}}]);
        debugged["metadata"]["managedFields"] = json!([{"manager": "quarterdeck", "subresource": "ephemeralcontainers",
            "fieldsV1": {"f:spec": {"f:ephemeralContainers": {"k:{\"name\":\"debugger-x7k2p\"}": {}}}}}]);
        let batch = rows(&debugged);
        assert_eq!(puts(&batch).len(), 1, "the pod itself is none of it");
        for (title, expected) in [("WHAT", "ephemeral"), ("BY", "qd"), ("STATE", "ended, exit 3"), ("POD", "web")] {
            assert_eq!(cell(&schema(), &batch, "debugger-x7k2p", title), expected, "{title}");
        }
    }
}
