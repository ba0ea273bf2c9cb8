use super::*;
use crate::cluster::testing::{Reply, Seen, server};

macro_rules! real {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/", $name))
    };
}

fn with_metrics(seen: &Seen) -> Reply {
    match seen.uri.as_str() {
        "/apis/metrics.k8s.io/v1beta1/nodes" => Reply::new(200, real!("metrics-nodes.json")),
        "/apis/metrics.k8s.io/v1beta1/pods" | "/apis/metrics.k8s.io/v1beta1/namespaces/a/pods" => {
            Reply::new(200, real!("metrics-pods.json"))
        }
        _ => Reply::new(403, r#"{"kind":"Status","message":"no"}"#),
    }
}

/// A round with its parts put together.
async fn round(poller: &mut Poller, nodes: &[Arc<str>]) -> Report {
    let (parts, mut more) = tokio::sync::mpsc::channel(1);
    let whole = async {
        let report = poller.round(nodes, &parts).await;
        drop(parts);
        report
    };
    let rest = async {
        let mut all = Vec::new();
        while let Some(part) = more.recv().await {
            all.push(part);
        }
        all
    };
    let (mut report, parts) = tokio::join!(whole, rest);
    assert!(parts.iter().all(|p| p.len() >= PART), "parts are worth a message");
    if let Ok(pods) = &mut report.pods {
        pods.extend(parts.into_iter().flatten());
    }
    report
}

#[tokio::test(start_paused = true)]
async fn many_samples_come_in_parts() {
    let item = |i: usize| {
        format!(
            r#"{{"metadata":{{"name":"p{i}","namespace":"a"}},"timestamp":"2026-11-21T12:00:00Z","containers":[{{"name":"c","usage":{{"cpu":"1","memory":"1Ki"}}}}]}}"#
        )
    };
    let list = format!(r#"{{"items":[{}]}}"#, (0..5_000).map(item).collect::<Vec<_>>().join(","));
    let (conn, _) = server(move |_, seen| match seen.uri.rsplit('/').next() {
        Some("pods") => Reply::new(200, list.clone()),
        _ => Reply::new(200, r#"{"items":[]}"#),
    });
    let pods = round(&mut Poller::new(conn, Vec::new()), &[]).await.pods.unwrap();
    let mut names: Vec<_> = pods.iter().map(|s| s.name.clone()).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 5_000);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_cut_is_a_problem() {
    let (conn, _) = server(|_, seen| match seen.uri.rsplit('/').next() {
        Some("pods") => Reply::new(200, r#"{"items":[{"metadata":"#),
        _ => Reply::new(200, r#"{"items":[]}"#),
    });
    let report = round(&mut Poller::new(conn, Vec::new()), &[]).await;
    assert!(matches!(report.pods, Err(Problem::Garbage(m)) if m.contains("ends in the middle")));
}

#[tokio::test(start_paused = true)]
async fn the_metrics_api_tells_pods_and_nodes() {
    let (conn, log) = server(|_, seen| with_metrics(seen));
    let report = round(&mut Poller::new(conn, Vec::new()), &[]).await;
    let nodes = report.nodes.unwrap();
    let worker = nodes.iter().find(|s| s.name.as_ref() == "worker-1").unwrap();
    assert_eq!((worker.cpu, worker.mem), (292, 1_748_132 << 10));
    let pods = report.pods.unwrap();
    assert!(pods.iter().all(|s| !s.namespace.is_empty() && s.at > 0 && !s.containers.is_empty()));
    assert_eq!(log.all().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn namespaces_that_may_not_be_measured_leave_the_others() {
    let (conn, _) = server(|_, seen| with_metrics(seen));
    let report = round(&mut Poller::new(conn.clone(), vec!["a".into(), "b".into()]), &[]).await;
    assert!(!report.pods.unwrap().is_empty());
    let report = round(&mut Poller::new(conn, vec!["b".into()]), &[]).await;
    assert!(matches!(report.pods, Err(Problem::Forbidden(m)) if m.namespace.as_deref() == Some("b")));
    assert!(report.nodes.is_ok());
}

fn without_metrics(seen: &Seen) -> Reply {
    match seen.uri.as_str() {
        "/api/v1/nodes/worker-1/proxy/stats/summary" => Reply::new(200, real!("node-summary.json")),
        uri if uri.starts_with("/api/v1/nodes?") => {
            Reply::new(200, r#"{"items":[{"metadata":{"name":"worker-1"}},{"metadata":{"name":"dead"}}]}"#)
        }
        uri if uri.ends_with("/proxy/stats/summary") => Reply::new(502, "no route"),
        _ => Reply::new(404, "404 page not found"),
    }
}

#[tokio::test(start_paused = true)]
async fn kubelets_are_asked_where_there_is_no_metrics_api_which_is_tried_again_seldom() {
    let (conn, log) = server(|_, seen| without_metrics(seen));
    let mut poller = Poller::new(conn, vec!["shop".into()]);
    let report = round(&mut poller, &[]).await;
    let nodes = report.nodes.unwrap();
    assert_eq!(nodes.iter().map(|s| s.name.as_ref()).collect::<Vec<_>>(), ["worker-1"]);
    let pods = report.pods.unwrap();
    assert!(!pods.is_empty() && pods.iter().all(|s| s.namespace.as_ref() == "shop"));
    for _ in 0..40 {
        round(&mut poller, &["worker-1".into()]).await;
    }
    let metrics = log.uris().iter().filter(|u| u.contains("metrics.k8s.io") && u.ends_with("/nodes")).count();
    assert_eq!(metrics, 3, "asked in rounds 1, 21 and 41");
    assert_eq!(
        log.uris().iter().filter(|u| u.starts_with("/api/v1/nodes?")).count(),
        1,
        "named nodes are not looked up"
    );
}

#[tokio::test(start_paused = true)]
async fn many_kubelets_are_not_asked_unless_they_are_named() {
    let many: Vec<String> = (0..=FEW_NODES).map(|i| format!(r#"{{"metadata":{{"name":"n{i}"}}}}"#)).collect();
    let list = format!(r#"{{"items":[{}]}}"#, many.join(","));
    let (conn, log) = server(move |_, seen| match seen.uri.as_str() {
        uri if uri.starts_with("/api/v1/nodes?") => Reply::new(200, list.clone()),
        _ => Reply::new(404, "404 page not found"),
    });
    let report = round(&mut Poller::new(conn, Vec::new()), &[]).await;
    assert!(matches!(&report.nodes, Err(Problem::NotFound(m)) if m.contains("install metrics-server")));
    assert!(!log.uris().iter().any(|u| u.contains("/proxy/")));
}

#[tokio::test(start_paused = true)]
async fn half_a_measurement_is_none() {
    let body = r#"{"items":[{"metadata":{"name":"n"},"usage":{"cpu":"1"}},{"metadata":{"name":"m"},"usage":{"cpu":"1","memory":"1Ki"}}]}"#;
    let (conn, _) = server(move |_, _| Reply::new(200, body));
    let nodes = round(&mut Poller::new(conn, Vec::new()), &[]).await.nodes.unwrap();
    assert_eq!(nodes.iter().map(|s| (s.name.as_ref(), s.cpu, s.mem)).collect::<Vec<_>>(), [("m", 1000, 1024)]);
}
