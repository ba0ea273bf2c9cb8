use super::*;
use crate::core::journal::Phase;
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;

fn line(n: u32, text: &str) -> Line {
    Line {
        time: "2026-11-21T10:00:00.000Z".into(),
        phase: Phase::Intent,
        job: "j".into(),
        call: n,
        context: "c".into(),
        server: "s".into(),
        user: "u".into(),
        step: "cordon".into(),
        targets: Vec::new(),
        fields: BTreeMap::new(),
        result: text.into(),
        kubectl: String::new(),
    }
}

#[tokio::test]
async fn what_is_written_is_read_back_and_nobody_else_may_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("deep/state");
    let journal = Journal::open(Some(&state));
    assert_eq!(journal.read().await, Ok(Vec::new()));
    let other = Journal::open(Some(&state));
    journal.write(line(1, "a")).await.unwrap();
    other.write(line(2, "b")).await.unwrap();
    let lines = journal.read().await.unwrap();
    assert_eq!(lines, [line(1, "a"), line(2, "b")]);
    let mode = |p: &Path| p.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&state), mode(journal.file().unwrap())), (0o700, 0o600));
}

#[tokio::test]
async fn a_broken_line_hides_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(Some(folder.path()));
    journal.write(line(1, "a")).await.unwrap();
    let mut out = open(journal.file().unwrap()).unwrap();
    out.write_all(b"{\"time\":\n\xff\xfe\n").unwrap();
    journal.write(line(2, "b")).await.unwrap();
    assert_eq!(journal.read().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_full_file_is_put_aside() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(Some(folder.path()));
    let file = journal.file().unwrap().to_owned();
    for round in 0..7 {
        let mut out = open(&file).unwrap();
        out.write_all(&vec![b'x'; usize::try_from(ROTATE).unwrap()]).unwrap();
        journal.write(line(round, "after")).await.unwrap();
        assert_eq!(journal.read().await.unwrap(), [line(round, "after")]);
    }
    let mut names: Vec<_> =
        folder.path().read_dir().unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let expected = ["journal.1.jsonl", "journal.2.jsonl", "journal.3.jsonl", "journal.4.jsonl", "journal.5.jsonl"];
    assert_eq!(names[..5], expected);
    assert_eq!(names[5..], ["journal.jsonl"]);
}

#[tokio::test]
async fn what_cannot_be_written_is_said_with_its_place() {
    let why = Journal::open(None).write(line(1, "")).await.unwrap_err();
    assert!(why.contains("no state folder"), "{why}");
    let folder = tempfile::tempdir().unwrap();
    let blocked = folder.path().join("file");
    std::fs::write(&blocked, "").unwrap();
    let journal = Journal::open(Some(&blocked.join("state")));
    let why = journal.write(line(1, "")).await.unwrap_err();
    assert!(why.starts_with("the journal ") && why.contains("journal.jsonl cannot be written: "), "{why}");
}
