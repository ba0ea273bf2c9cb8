//! The house holds: lower rooms never use higher ones, files stay small, and
//! only one room names the cluster library.

#![allow(clippy::unwrap_used, reason = "a test tells by failing")]

use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms it may use.
const ROOMS: &[(&str, &[&str])] = &[
    ("core", &[]),
    ("kinds", &["core"]),
    ("wire", &[]),
    ("cluster", &["core", "kinds", "wire"]),
    ("demo", &["wire"]),
    ("ui", &["core"]),
    ("config", &["core"]),
    ("runtime", &["core", "kinds", "cluster", "ui", "config"]),
    ("cli", &["core", "config"]),
];

/// Lines a source file may have.
const MOST_LINES: usize = 400;

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    files(&root, &mut all);
    assert!(all.len() > 50, "the sources are where they are looked for");
    all.into_iter()
        .map(|p| (p.strip_prefix(&root).unwrap().display().to_string(), fs::read_to_string(&p).unwrap()))
        .collect()
}

fn is_test(path: &str) -> bool {
    path.ends_with("tests.rs") || path.contains("/tests/")
}

fn room_of(path: &str) -> Option<&'static (&'static str, &'static [&'static str])> {
    let first = path.split(['/', '.']).next()?;
    ROOMS.iter().find(|(name, _)| *name == first)
}

#[test]
fn lower_rooms_never_use_higher_ones() {
    let mut wrong = Vec::new();
    for (path, text) in sources().iter().filter(|(p, _)| !is_test(p)) {
        let Some((room, may)) = room_of(path) else { continue };
        for (other, _) in ROOMS.iter().filter(|(o, _)| o != room && !may.contains(o)) {
            for way in [format!("crate::{other}::"), format!("quarterdeck::{other}::")] {
                if text.lines().any(|l| !l.trim_start().starts_with("//") && l.contains(&way)) {
                    wrong.push(format!("{path} uses {other}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_cluster_room_names_kube() {
    let names = |t: &str| {
        t.lines().any(|l| !l.trim_start().starts_with("//") && (l.contains("kube::") && !l.contains("_kube::")))
    };
    let wrong: Vec<_> =
        sources().into_iter().filter(|(p, t)| !p.starts_with("cluster") && names(t)).map(|(p, _)| p).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn the_heart_is_pure() {
    let foreign =
        ["tokio::", "crossterm::", "hyper::", "std::fs", "std::env", "SystemTime", "Instant::now", "std::thread"];
    let mut wrong = Vec::new();
    for (path, text) in sources().iter().filter(|(p, _)| p.starts_with("core/") && !is_test(p)) {
        for word in foreign {
            if text.lines().any(|l| !l.trim_start().starts_with("//") && l.contains(word)) {
                wrong.push(format!("{path}: {word}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_stay_small() {
    let long: Vec<_> = sources()
        .into_iter()
        .filter(|(p, _)| !is_test(p))
        .map(|(p, t)| (p, t.lines().count()))
        .filter(|(_, n)| *n > MOST_LINES)
        .collect();
    assert!(long.is_empty(), "above {MOST_LINES} lines: {long:?}");
}
