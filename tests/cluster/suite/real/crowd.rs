//! A thousand nodes and ten thousand pods: figures. On request: `tests/cluster/run --crowd`.

use crate::console::{bare, freshness, keys, live, open, widen};
use crate::judged::{beside, kubectl, lever_on};
use crate::pty::Program;
use crate::real::unread::resident;
use crate::stopwatch::{processor, spread};
use std::process::Command;
use std::time::{Duration, Instant};

/// The seconds curl takes for a list as protobuf, from the server's cache, and its bytes.
fn curl(path: &str) -> (f64, u64) {
    let view = ["config", "view", "--raw", "--minify", "-o"];
    let field = |f: &str| kubectl(&[&view[..], &[&format!("jsonpath={{{f}}}")]].concat());
    let folder = std::env::temp_dir().join(format!("qd-crowd-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = |name: &str, data: &str| {
        let at = folder.join(name);
        let decoded = Command::new("base64").arg("-d").stdin(from(data, &folder)).output().expect("base64 runs");
        std::fs::write(&at, decoded.stdout).expect("a file");
        at.display().to_string()
    };
    let cert = file("cert", &field(".users[0].user.client-certificate-data"));
    let key = file("key", &field(".users[0].user.client-key-data"));
    let url = field(".clusters[0].cluster.server") + path;
    let accept = "Accept: application/vnd.kubernetes.protobuf";
    let write = "%{time_total} %{size_download}";
    let args = ["-sk", "--cert", &cert, "--key", &key, "-H", accept, "-o", "/dev/null", "-w", write, &url];
    let out = Command::new("curl").args(args).output().expect("curl runs");
    let _ = std::fs::remove_dir_all(&folder);
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    let (time, size) = said.split_once(' ').unwrap_or_else(|| panic!("curl said {said:?}"));
    (time.parse().expect("seconds"), size.parse().expect("bytes"))
}

fn from(text: &str, folder: &std::path::Path) -> std::fs::File {
    let at = folder.join("in");
    std::fs::write(&at, text).expect("a file");
    std::fs::File::open(at).expect("the file")
}

/// Until the pane is live with that many rows, which its lower border counts.
fn complete(line: &str, count: &str) -> (Program, Duration) {
    let start = Instant::now();
    let program = open("admin.conf", &["-A"], line, (200, 60));
    program.wait_within(Duration::from_mins(3), "the complete table", |s| live(s) && s.contents().contains(count));
    (program, start.elapsed())
}

/// A number as the console writes it.
fn grouped(n: usize) -> String {
    if n < 1000 { n.to_string() } else { format!("{},{:03}", n / 1000, n % 1000) }
}

/// The panes of the start, from exec to the first 500 pods and to all nodes.
fn first_rows(nodes: usize) -> (Duration, Duration) {
    let begin = Instant::now();
    let program = bare("admin.conf", &["-A"], (200, 60), None);
    let border = |s: &vt100::Screen, kind: &str| {
        let top = s.rows(0, 200).find(|r| r.contains(&format!("╭ {kind}"))).unwrap_or_default();
        top.split('╭').find(|part| part.trim_start().starts_with(kind)).unwrap_or_default().to_owned()
    };
    let read = move |s: &vt100::Screen| {
        let top = border(s, "pods");
        let number = top.rsplit("syncing ").next().and_then(|n| n.split(' ').next());
        top.contains(" live") || number.and_then(|n| n.replace(',', "").parse().ok()).is_some_and(|n: u32| n >= 500)
    };
    let nodes = grouped(nodes);
    let all = move |s: &vt100::Screen| {
        border(s, "nodes").contains(" live") && s.contents().contains(&format!("{nodes}/{nodes}"))
    };
    let (mut rows, mut complete) = (None, None);
    program.wait_within(Duration::from_mins(1), "500 pods and all nodes", |s| {
        rows = rows.or_else(|| read(s).then(|| begin.elapsed()));
        complete = complete.or_else(|| all(s).then(|| begin.elapsed()));
        rows.is_some() && complete.is_some()
    });
    (rows.expect("pods"), complete.expect("nodes"))
}

#[test]
#[ignore = "needs a crowd: tests/cluster/run --crowd"]
fn a_crowd_in_figures() {
    let _beside = beside();
    let count = |kind: &str| kubectl(&["get", kind, "-A", "-o", "name", "--chunk-size=0"]).lines().count();
    let (nodes, pods) = (count("nodes"), count("pods"));
    assert!(pods >= 1000, "{pods} pods are no crowd");
    for _ in 0..3 {
        let (curl, bytes) = curl("/api/v1/pods?resourceVersion=0");
        let (program, table) = complete(":pods", &format!("╰ {}", grouped(pods)));
        let rss = resident(&program) / 1024;
        eprintln!(
            "{pods} pods: curl {curl:.2} s for {:.1} MB; qd from exec to complete table {:.2} s ({:.2} times); {rss} MB",
            bytes as f64 / 1e6,
            table.as_secs_f64(),
            table.as_secs_f64() / curl
        );
    }
    for _ in 0..3 {
        let (rows, all) = first_rows(nodes);
        eprintln!(
            "the default panes: 500 pods after {:.2} s, all nodes after {:.2} s",
            rows.as_secs_f64(),
            all.as_secs_f64()
        );
    }
    let (_, table) = complete(":nodes", &format!("╰ {}", grouped(nodes)));
    eprintln!("{nodes} nodes: {:.2} s", table.as_secs_f64());

    let (mut program, _) = complete(":pods", &format!("╰ {}", grouped(pods)));
    widen(&mut program);
    let rss = resident(&program);
    for rate in ["50", "200"] {
        let churn = lever_on(&["churn", rate, "30"]);
        let (start, used, bytes) = (Instant::now(), processor(&program), program.bytes());
        let took = keys(&mut program, 100);
        let out = churn.wait_with_output().expect("the churn ends");
        let seconds = start.elapsed().as_secs_f64();
        eprintln!("churn: {}", String::from_utf8_lossy(&out.stdout).lines().last().unwrap_or_default().trim());
        eprintln!(
            "  qd {:.1} % of a core, {:.1} KB/s to the terminal, {} -> {} MB, {}",
            (processor(&program) - used) / seconds * 100.0,
            (program.bytes() - bytes) as f64 / seconds / 1000.0,
            rss / 1024,
            resident(&program) / 1024,
            freshness(&program.screen())
        );
        spread("  keys meanwhile", &took);
    }
}
