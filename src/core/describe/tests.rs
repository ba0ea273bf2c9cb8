use super::*;
use crate::core::freshness::Freshness;
use crate::core::health::Health;
use crate::core::problem::Missing;
use crate::core::row::{Batch, RowHead, Sym};
use crate::core::schema::{Column, Schema, Show, Source};
use crate::core::stream::StreamEvent;
use crate::core::uid::Uid;
use crate::core::value::{CellKind, NONE, int};
use serde_json::json;
use std::sync::Arc;

const NOW: i64 = 1_795_262_400_000;

fn store(columns: &[(&str, CellKind)], fill: impl FnOnce(&mut Batch)) -> Store {
    let mut all = vec![
        Column::new("NAMESPACE", CellKind::Text, Source::Namespace, Show::Always, ""),
        Column::new("NAME", CellKind::Text, Source::Name, Show::Always, ""),
    ];
    let cells = columns.iter().zip(0_u16..);
    all.extend(cells.map(|((title, kind), i)| Column::new(title, *kind, Source::Cell(i), Show::Always, "")));
    let text = columns.iter().map(|(_, kind)| *kind == CellKind::Text).collect();
    let mut batch = Batch::new(text);
    fill(&mut batch);
    let mut store = Store::new();
    let schema = Schema { columns: all, cells: columns.len() as u16 };
    for event in
        [StreamEvent::Schema(Arc::new(schema)), StreamEvent::Begin, StreamEvent::Batch(batch), StreamEvent::End]
    {
        store.apply(event);
    }
    store.apply(StreamEvent::Fresh(Freshness::Live));
    store
}

fn head(b: &mut Batch, namespace: &str, name: &str, health: Health) -> RowHead {
    let (ns, n) = (b.sym(namespace), b.sym(name));
    RowHead {
        uid: Uid::of_name(namespace, name),
        name: n,
        namespace: ns,
        owner: Sym::EMPTY,
        labels: Sym::EMPTY,
        created: NOW,
        health,
    }
}

fn pods() -> Store {
    use CellKind::{Bytes, Milli, Text};
    let columns = [
        ("STATUS", Text),
        ("NODE", Text),
        ("PHASE", Text),
        ("CPU/R", Milli),
        ("CPU/L", Milli),
        ("MEM/R", Bytes),
        ("MEM/L", Bytes),
    ];
    store(&columns, |b| {
        for (name, node, phase, cpu, limit) in [
            ("web-1", "n-1", "Running", int(400), int(1000)),
            ("web-2", "n-1", "Pending", int(200), NONE),
            ("done", "n-1", "Succeeded", int(4000), int(4000)),
            ("elsewhere", "n-2", "Running", int(4000), NONE),
        ] {
            let h = head(b, "shop", name, Health::Ok);
            let cells = [b.text_cell(phase), b.text_cell(node), b.text_cell(phase), cpu, limit, int(1 << 30), NONE];
            b.put(h, &cells);
        }
    })
}

fn events() -> Store {
    use CellKind::{Age, Int, Text};
    let columns = [
        ("LAST SEEN", Age),
        ("TYPE", Text),
        ("REASON", Text),
        ("SOURCE", Text),
        ("MESSAGE", Text),
        ("COUNT", Int),
        ("FIRST SEEN", Age),
    ];
    store(&columns, |b| {
        for (name, ago, kind, reason, n) in
            [("a", 300_000, "Normal", "Scheduled", 1), ("b", 20_000, "Warning", "BackOff", 14)]
        {
            let h = head(b, "shop", name, if kind == "Warning" { Health::Warn } else { Health::Ok });
            let cells = [
                int(NOW - ago),
                b.text_cell(kind),
                b.text_cell(reason),
                b.text_cell("kubelet"),
                b.text_cell("says so"),
                int(n),
                int(NOW - 3_600_000),
            ];
            b.put(h, &cells);
        }
    })
}

fn text(subject: &Subject<'_>) -> String {
    let line = |l: &TextLine| l.iter().map(|s| s.text.as_str()).collect::<String>();
    lines(subject).iter().map(line).collect::<Vec<_>>().join("\n")
}

fn node() -> Value {
    json!({
        "kind": "Node",
        "metadata": {"name": "n-1"},
        "spec": {},
        "status": {
            "allocatable": {"cpu": "4", "memory": "8Gi", "pods": "110"},
            "capacity": {"cpu": "4"},
            "conditions": [{"type": "Ready", "status": "Unknown", "lastHeartbeatTime": "2026-11-21T11:58:00Z"}],
        }
    })
}

#[test]
fn a_node_sums_up_the_pods_the_scheduler_counts() {
    let (node, pods) = (node(), pods());
    let usage = vec![("n-1".to_owned(), Usage { at: NOW, cpu: 1000, mem: 1 << 30 })];
    let shown = text(&Subject { pods: Some(&pods), usage, ..Subject::new(&node, NOW) });
    let words = |l: &str| l.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines: Vec<String> = shown.lines().map(words).collect();
    for line in
        ["cpu 600m (15%) 1 (25%), 1 without 1 (25%)", "memory 2.0Gi (25%) none 1.0Gi (12%)", "pods 2 of 110 (2%)"]
    {
        assert!(lines.iter().any(|l| l == line), "{line}: {shown}");
    }
    assert!(shown.contains("Pods (2)") && shown.contains("web-2") && !shown.contains("elsewhere"), "{shown}");
}

#[test]
fn a_silent_node_tells_when_it_was_last_heard_of() {
    let node = node();
    let lease = json!({"spec": {"renewTime": "2026-11-21T11:59:15.000000Z", "leaseDurationSeconds": 40}});
    let shown = text(&Subject { lease: Some(&lease), ..Subject::new(&node, NOW) });
    assert!(shown.contains("45s ago, is given up after 40 s") && shown.contains("2m ago"), "{shown}");
}

#[test]
fn sums_of_pods_that_are_not_all_known_are_not_shown() {
    let (node, mut pods) = (node(), pods());
    pods.apply(StreamEvent::Fresh(Freshness::Syncing { rows: 2 }));
    let shown = text(&Subject { pods: Some(&pods), ..Subject::new(&node, NOW) });
    assert!(shown.contains("reading its pods") && !shown.contains("REQUESTS"), "{shown}");
    let missing = Missing { verb: "list".into(), resource: "pods".into(), namespace: None };
    pods.apply(StreamEvent::Fresh(Freshness::Forbidden(missing)));
    let shown = text(&Subject { pods: Some(&pods), ..Subject::new(&node, NOW) });
    assert!(shown.contains("you may not list pods"), "{shown}");
}

#[test]
fn events_stand_with_the_latest_first_and_what_keeps_them_away() {
    let pod = json!({"kind": "Pod", "metadata": {"name": "web-1", "namespace": "shop"}});
    let mut events = events();
    let shown = text(&Subject { events: Some(&events), ..Subject::new(&pod, NOW) });
    let (backoff, scheduled) = (shown.find("BackOff").unwrap(), shown.find("Scheduled").unwrap());
    assert!(backoff < scheduled && shown.contains("20s (x14 over 60m)"), "{shown}");
    let missing = Missing { verb: "list".into(), resource: "events".into(), namespace: Some("shop".into()) };
    events.apply(StreamEvent::Begin);
    events.apply(StreamEvent::End);
    events.apply(StreamEvent::Fresh(Freshness::Forbidden(missing)));
    assert!(text(&Subject { events: Some(&events), ..Subject::new(&pod, NOW) }).contains("you may not list events"));
    assert!(!text(&Subject::new(&pod, NOW)).contains("Events"), "nobody has asked yet");
}

#[test]
fn a_container_uses_what_was_measured() {
    let pod = json!({"kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [{"name": "c"}, {"name": "d"}]}});
    let usage = vec![("c".to_owned(), Usage { at: NOW, cpu: 12, mem: 91 << 20 })];
    let shown = text(&Subject { usage, ..Subject::new(&pod, NOW) });
    assert_eq!(shown.matches("Uses").count(), 1, "{shown}");
    assert!(shown.contains("cpu 12m, memory 91Mi"), "{shown}");
}
