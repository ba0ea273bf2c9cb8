use super::*;
use crate::kinds::fixtures::{fixture, printed};
use crate::kinds::wire::{Answer, Encoding, Framer, Piece};

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A `PodMetricsList` as it is read: item by item.
fn listed(body: &[u8]) -> Result<Vec<Sample>, DecodeError> {
    let mut all = Vec::new();
    let mut framer = Framer::new(Encoding::Json, Answer::List);
    framer.feed(body, &mut |piece: Piece<'_>| {
        if let Piece::Item(item) = piece {
            all.push(pod(item)?);
        }
        Ok(())
    })?;
    framer.finish()?;
    Ok(all)
}

#[test]
fn nodes_agree_with_kubectl_top() {
    let samples = nodes(fixture!("metrics-nodes.json")).unwrap();
    let (_, lines) = printed(text(fixture!("top-nodes.txt")));
    assert_eq!(samples.len(), lines.len());
    for (sample, line) in samples.iter().zip(&lines) {
        assert_eq!(sample.name, line[0]);
        assert_eq!(format!("{}m", sample.cpu_milli.unwrap()), line[1]);
        assert_eq!(format!("{}Mi", sample.mem_bytes.unwrap() / (1 << 20)), line[3]);
    }
    assert_eq!(samples[0].window_ms, 30_081);
    assert_eq!(samples[0].at_ms, crate::kinds::time::parse_millis("2026-11-21T12:37:14Z").unwrap());
}

#[test]
fn containers_agree_with_kubectl_top() {
    let samples = listed(fixture!("metrics-pods.json")).unwrap();
    let (_, lines) = printed(text(fixture!("top-pods.txt")));
    let mut ours: Vec<Vec<String>> = Vec::new();
    for s in &samples {
        for (name, cpu, mem) in &s.containers {
            let (cpu, mem) = (format!("{}m", cpu.unwrap()), format!("{}Mi", mem.unwrap() / (1 << 20)));
            ours.push(vec![s.namespace.clone(), s.name.clone(), name.clone(), cpu, mem]);
        }
    }
    ours.sort();
    assert_eq!(ours, lines);
}

#[test]
fn a_pod_is_the_exact_sum_of_its_containers_or_nothing() {
    let body = |second: &str| {
        format!(
            r#"{{"items":[{{"metadata":{{"name":"p","namespace":"n"}},"containers":[
            {{"name":"a","usage":{{"cpu":"400u","memory":"1Ki"}}}},{{"name":"b","usage":{second}}}]}}]}}"#
        )
    };
    let one = &listed(body(r#"{"cpu":"500u","memory":"1Ki"}"#).as_bytes()).unwrap()[0];
    // Rounded apart they would make 2m.
    assert_eq!((one.cpu_milli, one.mem_bytes), (Some(1), Some(2048)));
    let one = &listed(body(r#"{"memory":"1Ki"}"#).as_bytes()).unwrap()[0];
    assert_eq!((one.cpu_milli, one.mem_bytes), (None, Some(2048)));
    assert_eq!(one.containers[1].1, None);
    let none = &listed(br#"{"items":[{"metadata":{"name":"p"},"containers":null}]}"#).unwrap()[0];
    assert_eq!((none.cpu_milli, none.mem_bytes), (None, None));
}

#[test]
fn a_kubelets_summary() {
    let all = summary(fixture!("node-summary.json")).unwrap();
    assert_eq!(
        (all.node.name.as_str(), all.node.cpu_milli, all.node.mem_bytes),
        ("worker-1", Some(201), Some(1_792_704_512))
    );
    let bb = all.pods.iter().find(|p| p.name == "bb").unwrap();
    assert_eq!(bb.containers, [("c".to_owned(), Some(4), Some(659_456))]);
    assert_eq!((bb.namespace.as_str(), bb.cpu_milli, bb.mem_bytes), ("shop", Some(4), Some(659_456)));
    assert!(bb.at_ms > 0);
}

#[test]
fn garbage_is_an_error_that_says_where() {
    for bad in [&b"<html>"[..], b"", b"{\"items\":7}", b"{\"items\":[{\"metadata\":{\"name\":7}}]}"] {
        let error = nodes(bad).unwrap_err();
        assert!(error.to_string().contains("MetricsList JSON, line"), "{error}");
        let error = listed(bad).unwrap_err().to_string();
        assert!(error.contains("JSON list, byte") || error.contains("PodMetrics JSON, line"), "{error}");
    }
    assert!(summary(b"{\"pods\":").is_err());
}
