//! The shell by itself: what it reads, expands and runs, on the files of a pod of the story.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use serde_json::json;
use tokio::sync::mpsc;

use super::super::{Cluster, Options};
use super::files::{Fault, Files, Node, absolute};
use super::kit::Kit;
use super::pipe::{Channel, Output};
use super::*;

fn place(cluster: &Cluster) -> Place {
    let mut files = Files::new(false, 1_795_000_000_000);
    for name in Kit::Alpine.programs() {
        files.lay(&format!("/bin/{name}"), Node::file("", 0o755, 0));
    }
    files.lay("/etc/a.conf", Node::file("one\ntwo\nthree\n", 0o644, 0));
    files.lay("/etc/b.conf", Node::file("four\n", 0o644, 0));
    files.lay("/tmp", Node::directory(0));
    files.mount("/tmp", true);
    Place {
        shared: cluster.shared.clone(),
        pod: json!({"metadata": {"name": "box", "namespace": "shop"}, "spec": {"containers": [{"name": "c", "image": "app:1"}]}}),
        container: "c".to_owned(),
        disk: Arc::new(Mutex::new(files)),
        kit: Kit::Alpine,
        user: 10_001,
        size: None,
    }
}

/// What a script says on both streams, and its exit code.
async fn say(place: &Place, script: &str, input: &str) -> (String, i32) {
    let (to, mut from) = mpsc::channel::<(Channel, Bytes)>(4);
    let wire = |channel| Output::Wire { channel, to: to.clone(), terminal: false };
    let outputs = (wire(Channel::Out), wire(Channel::Err));
    drop(to);
    let words = ["sh", "-c", script].map(str::to_owned);
    let input = Input::whole(Bytes::copy_from_slice(input.as_bytes()));
    let env = Env::new("/", BTreeMap::from([("HOME".to_owned(), "/tmp".to_owned())]));
    let gather = async {
        let mut all = Vec::new();
        while let Some((_, part)) = from.recv().await {
            all.extend_from_slice(&part);
        }
        String::from_utf8_lossy(&all).into_owned()
    };
    let running = program(place, env, &words, input, outputs);
    let (code, said) = tokio::join!(running, gather);
    (said, code)
}

#[tokio::test(start_paused = true)]
async fn scripts_say_what_a_shell_says() {
    let cluster = Cluster::start(&Options::default());
    let place = place(&cluster);
    for (script, said, code) in [
        ("echo hello   'a  b' \"c $HOME\"", "hello a  b c /tmp\n", 0),
        ("A=1; B=${C:-none}; echo $A $B; exit 3", "1 none\n", 3),
        ("false && echo no || echo yes; ! true; echo $?", "yes\n1\n", 0),
        ("cat /etc/*.conf | grep -v o | wc -l", "1\n", 0),
        ("for i in 1 2 3; do echo -n $i; done; echo", "123\n", 0),
        ("i=0; while [ $i -lt 3 ]; do i=$((i+1)); done; echo $i", "3\n", 0),
        ("if [ -f /etc/a.conf ]; then echo file; elif true; then echo other; else echo none; fi", "file\n", 0),
        ("echo $(head -n 1 /etc/a.conf) `echo x`", "one x\n", 0),
        ("echo a > /tmp/x; echo b >> /tmp/x; cat < /tmp/x; rm /tmp/x; ls /tmp", "a\nb\n", 0),
        ("echo x > /etc/x", "sh: can't create /etc/x: Read-only file system\n", 1),
        ("nonsense", "sh: nonsense: not found\n", 127),
        ("cat /none", "cat: /none: No such file or directory\n", 1),
        ("ls /none 2>/dev/null; echo $?", "1\n", 0),
        ("echo out; echo err >&2", "out\nerr\n", 0),
        ("(cd /etc; pwd); pwd", "/etc\n/\n", 0),
        ("cd /tmp && mkdir -p a/b && touch a/b/c && find a -name 'c' && rm -r a", "a/b/c\n", 0),
        ("yes | head -n 3 | wc -l", "3\n", 0),
        ("seq 5 | tail -n 2; seq 1 100000 | tail -c 7", "4\n5\n100000\n", 0),
        ("echo \"a", "sh: syntax error: unexpected end of file\n", 2),
        ("echo x | ; y", "sh: syntax error: unexpected \";\"\n", 2),
        ("printf '%s-%s\\n' a b c", "a-b\nc-\n", 0),
        ("# nothing\ntrue # more", "", 0),
        ("while true; do echo x; break; done", "x\n", 0),
        ("stty size", "stty: standard input: Not a tty\n", 1),
        ("id; whoami; hostname", "uid=10001(app) gid=0(root) groups=0(root),10001(app)\napp\nbox\n", 0),
        ("date +%Y | grep -c '^20'", "1\n", 0),
        ("sleep 2; echo done", "done\n", 0),
        ("tar cf - /etc 2>/dev/null | tar tf - | head -n 2", "etc\netc/a.conf\n", 0),
    ] {
        assert_eq!(say(&place, script, "").await, (said.to_owned(), code), "{script}");
    }
    assert_eq!(say(&place, "read a b; echo $b $a; cat", "1 2 3\nrest\n").await.0, "2 3 1\nrest\n");
    assert_eq!(
        say(&place, "sh", "echo one\nif true\nthen echo two\nfi\nexit 4\necho no\n").await,
        ("one\ntwo\n".to_owned(), 4)
    );
    let (listing, _) = say(&place, "ls -l /etc", "").await;
    assert!(listing.starts_with("-rw-r--r--    1 app      app             14 Jan  1 00:00 a.conf\n"), "{listing}");
}

#[test]
fn files_keep_their_rules() {
    let mut files = Files::new(true, 0);
    assert_eq!(files.write("/a/b", b"x", false, 0), Err(Fault::Missing));
    files.make_all("/a", 0).unwrap();
    files.write("/a/b", b"x", false, 0).unwrap();
    files.write("/a/b", b"y", true, 0).unwrap();
    assert_eq!(files.read("/a/b").as_deref(), Ok(&b"xy"[..]));
    assert_eq!(files.read("/a"), Err(Fault::Directory));
    assert_eq!(files.get("/a/b/c").err(), Some(Fault::NotDirectory));
    assert_eq!(files.remove("/a", false).err(), Some(Fault::NotEmpty));
    files.mount("/a", false);
    assert_eq!(files.write("/a/c", b"", false, 0), Err(Fault::ReadOnly));
    assert_eq!(files.remove("/a/b", false).err(), Some(Fault::ReadOnly));
    for (from, path, whole) in
        [("/a", "b", "/a/b"), ("/a/b", "../c/./d", "/a/c/d"), ("/", "..", "/"), ("/x", "/y/", "/y")]
    {
        assert_eq!(absolute(from, path), whole);
    }
}

proptest::proptest! {
    #[test]
    fn no_text_breaks_the_parser(text in "[a-z$(){}`'\"|&;<> \\n\\\\#=*?!]{0,60}") {
        let _ = parse::parse(&text);
    }
}
