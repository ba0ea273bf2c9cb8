//! What a hostile container may send, and copies with the simulated cluster.

use super::out::unpack_for_tests as unpack;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use tar::{Builder, EntryType, Header};

fn header(kind: EntryType, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(0o6755);
    header.set_mtime(1_700_000_000);
    header
}

/// A header with a name as it is: the builder would refuse the worse ones.
fn named(kind: EntryType, name: &str, link: &str, size: u64) -> Header {
    let mut header = header(kind, size);
    let raw = header.as_old_mut();
    raw.name[..name.len()].copy_from_slice(name.as_bytes());
    raw.linkname[..link.len()].copy_from_slice(link.as_bytes());
    header.set_cksum();
    header
}

fn archive(entries: &[(EntryType, &str, &str, &[u8])]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (kind, name, link, data) in entries {
        builder.append(&named(*kind, name, link, data.len() as u64), *data).unwrap();
    }
    builder.into_inner().unwrap()
}

/// All names below a folder.
fn below(folder: &Path) -> Vec<String> {
    let mut all = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(&at).unwrap().flatten() {
            all.push(entry.path().strip_prefix(folder).unwrap().display().to_string());
            if entry.file_type().unwrap().is_dir() {
                open.push(entry.path());
            }
        }
    }
    all.sort();
    all
}

use EntryType::{Char, Directory as D, Link as H, Regular as R, Symlink as S};

#[test]
fn nothing_is_ever_written_outside_the_target() {
    let home = tempfile::tempdir().unwrap();
    let (target, victim) = (home.path().join("target"), home.path().join("victim"));
    fs::create_dir(&target).unwrap();
    fs::create_dir(&victim).unwrap();
    fs::write(victim.join("kept"), "kept").unwrap();
    let away = victim.to_str().unwrap();
    let hostile: Vec<(EntryType, String, String)> = vec![
        (R, "../victim/a".into(), String::new()),
        (R, format!("{away}/b"), String::new()),
        (R, "./box/../../victim/c".into(), String::new()),
        (R, "./other/d".into(), String::new()),
        // A link out, and a file through it.
        (S, "./box/out".into(), away.into()),
        (R, "./box/out/e".into(), String::new()),
        (S, "./box/up".into(), "../../victim".into()),
        (R, "./box/up/f".into(), String::new()),
        (S, "./box/twice".into(), "in/../../..".into()),
        (H, "./box/hard".into(), format!("{away}/kept")),
        (H, "./box/hard2".into(), "../victim/kept".into()),
        (Char, "./box/dev".into(), String::new()),
        (R, "..".into(), String::new()),
        (D, "./box/..".into(), String::new()),
    ];
    let mut entries: Vec<(EntryType, &str, &str, &[u8])> = vec![(D, "./box", "", b"")];
    entries
        .extend(hostile.iter().map(|(k, n, l)| (*k, n.as_str(), l.as_str(), if *k == R { &b"evil"[..] } else { b"" })));
    entries.push((R, "./box/good", "", b"good"));
    let (copied, notes) = unpack(&archive(&entries), &target, "box", false).unwrap();
    assert_eq!(below(home.path()).iter().filter(|p| p.starts_with("victim")).count(), 2, "the folder and its file");
    assert_eq!(fs::read_to_string(victim.join("kept")).unwrap(), "kept");
    // What would have gone through a link has its own folder, inside.
    let inside = below(&target);
    assert!(inside.iter().all(|p| p.starts_with("box")), "{inside:?}");
    assert!(copied.iter().any(|c| c.path == "/srv/box/good"), "{copied:?}");
    assert!(
        notes.iter().any(|n| n.contains("leads elsewhere")) && notes.iter().any(|n| n.contains("leads out")),
        "{notes:?}"
    );
}

#[test]
fn a_link_that_was_there_before_leads_nowhere() {
    let home = tempfile::tempdir().unwrap();
    let (target, victim) = (home.path().join("target"), home.path().join("victim"));
    fs::create_dir_all(target.join("box")).unwrap();
    fs::create_dir(&victim).unwrap();
    symlink(&victim, target.join("box/in")).unwrap();
    let refused = unpack(&archive(&[(D, "./box", "", b""), (R, "./box/in/x", "", b"evil")]), &target, "box", true);
    assert!(refused.is_err(), "{refused:?}");
    assert!(below(&victim).is_empty());
    // A link in a file's own place is replaced, not followed.
    fs::write(victim.join("file"), "kept").unwrap();
    symlink(victim.join("file"), target.join("box/link")).unwrap();
    unpack(&archive(&[(R, "./box/link", "", b"new")]), &target, "box", true).unwrap();
    assert_eq!(fs::read_to_string(victim.join("file")).unwrap(), "kept");
    assert_eq!(fs::read_to_string(target.join("box/link")).unwrap(), "new");
}

#[test]
fn modes_times_and_links_within_are_kept() {
    let home = tempfile::tempdir().unwrap();
    let entries: [(EntryType, &str, &str, &[u8]); 5] = [
        (D, "./box", "", b""),
        (D, "./box/sub", "", b""),
        (R, "./box/sub/run", "", b"#!"),
        (S, "./box/link", "sub/run", b""),
        (H, "./box/same", "./box/sub/run", b""),
    ];
    unpack(&archive(&entries), home.path(), "box", false).unwrap();
    let meta = fs::metadata(home.path().join("box/sub/run")).unwrap();
    assert_eq!((meta.permissions().mode() & 0o7777, meta.mtime(), meta.nlink()), (0o755, 1_700_000_000, 2));
    assert_eq!(fs::read_link(home.path().join("box/link")).unwrap(), Path::new("sub/run"));
    assert_eq!(fs::metadata(home.path().join("box")).unwrap().mtime(), 1_700_000_000);
    let again = unpack(&archive(&entries), home.path(), "box", false);
    assert!(again.unwrap_err().contains("is there already"));
}

#[test]
fn a_stream_that_breaks_off_leaves_no_half_file() {
    let home = tempfile::tempdir().unwrap();
    let whole = archive(&[(R, "./box", "", &[7; 5_000])]);
    let refused = unpack(&whole[..2_000], home.path(), "box", false);
    assert!(refused.is_err());
    assert!(below(home.path()).is_empty(), "{:?}", below(home.path()));
}

#[cfg(feature = "demo")]
mod demo {
    use crate::cluster::Connection;
    use crate::core::held::copy::Wish;
    use crate::core::held::{HeldEvent, Standing};
    use crate::core::kind::{ClusterId, Kind, ObjectRef};
    use crate::demo::{Cluster, Options};
    use std::path::Path;
    use std::sync::{Arc, Mutex};

    pub(super) async fn copied(
        who: &str,
        cluster: &Cluster,
        out: bool,
        remote: &str,
        local: &Path,
    ) -> (Standing, String) {
        let cluster = cluster.clone();
        let connection = Connection::in_process_as(who, move || cluster.connect());
        let kind = Kind {
            group: "".into(),
            version: "v1".into(),
            plural: "pods".into(),
            kind: "Pod".into(),
            singular: "pod".into(),
            short: Vec::new(),
            namespaced: true,
            verbs: Vec::new(),
            scale: false,
        };
        let (namespace, name) = ("data".into(), "postgres-0".into());
        let pod = ObjectRef { cluster: ClusterId(1), kind: Arc::new(kind), namespace, name, uid: None };
        let local = local.to_str().unwrap().into();
        let wish = Wish { pod, container: "postgres".into(), out, remote: remote.into(), local, replace: false };
        let heard = Arc::new(Mutex::new(Vec::new()));
        let told = heard.clone();
        super::super::run(connection, wish, move |event| {
            told.lock().unwrap().push(event);
            true
        })
        .await;
        let heard = heard.lock().unwrap();
        let last = heard.iter().rev().find_map(|e| match e {
            HeldEvent::Stands(standing, words) => Some((*standing, words.to_string())),
            _ => None,
        });
        last.unwrap()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn files_go_in_and_come_back_as_they_were_by_both_carriers() {
        let cluster = Cluster::start(&Options::default());
        let home = tempfile::tempdir().unwrap();
        let big: Vec<u8> = (0..400_000_u32).map(|n| (n * 31 % 251) as u8).collect();
        let from = home.path().join("in");
        std::fs::create_dir_all(from.join("deep folder")).unwrap();
        std::fs::write(from.join("big"), &big).unwrap();
        std::fs::write(from.join("deep folder/it's \"odd\""), "odd").unwrap();
        for (who, name) in [("demo-admin", "one"), ("demo-viewer", "two")] {
            let there = format!("/tmp/{name}");
            let (standing, words) = copied(who, &cluster, false, &there, &from).await;
            assert_eq!(standing, Standing::Done, "{words}");
            let odd = from.join("deep folder/it's \"odd\"");
            let (standing, words) = copied(who, &cluster, false, &there, &odd).await;
            assert_eq!(standing, Standing::Done, "into the folder that is there: {words}");
            let (standing, words) = copied(who, &cluster, false, &format!("{there}/big"), &from.join("big")).await;
            assert!(standing == Standing::Failed && words.contains("is there already"), "{words}");
            let back = home.path().join(name);
            let (standing, words) = copied(who, &cluster, true, &there, &back).await;
            assert_eq!(standing, Standing::Done, "{words}");
            assert_eq!(std::fs::read(back.join("big")).unwrap(), big);
            assert_eq!(std::fs::read(back.join("deep folder/it's \"odd\"")).unwrap(), b"odd");
        }
        let (standing, words) = copied("demo-admin", &cluster, true, "/no/such", &home.path().join("x")).await;
        assert!(standing == Standing::Failed && words.contains("No such file"), "{words}");
    }
}

#[test]
fn a_pipe_hands_over_what_was_written() {
    let (to, from) = tokio::sync::mpsc::channel(4);
    let writer = std::thread::spawn(move || {
        let mut to = super::pipe::To::new(to);
        to.write_all(&vec![5; 100_000]).and_then(|()| to.flush())
    });
    let mut all = Vec::new();
    std::io::Read::read_to_end(&mut super::pipe::From::new(from), &mut all).unwrap();
    writer.join().unwrap().unwrap();
    assert!(all == vec![5; 100_000]);
}
