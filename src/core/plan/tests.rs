//! kubectl's words, where pods fit, and names.

use super::fits::{Place, fits};
use super::kubectl::{Line, quote};
use super::testing::{asked, node, object, pod, target};
use super::{fields, words};
use crate::core::act::Values;
use crate::core::facts::{Node, Pod};
use proptest::prelude::*;
use serde_json::{Value, json};

/// The words a POSIX shell makes of a line without expansions; `None` if something in it would be expanded.
fn shell(line: &str) -> Option<Vec<String>> {
    let (mut words, mut word, mut chars) = (Vec::new(), None::<String>, line.chars());
    while let Some(c) = chars.next() {
        match c {
            ' ' => words.extend(word.take()),
            '\'' => {
                let into = word.get_or_insert_default();
                loop {
                    match chars.next()? {
                        '\'' => break,
                        c => into.push(c),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(chars.next()?),
            '"' | '$' | '`' | '*' | '?' | '[' | '~' | '#' | '&' | ';' | '<' | '>' | '(' | ')' | '|' | '!' | '{'
            | '}' => return None,
            c if c.is_whitespace() => return None,
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Some(words)
}

#[test]
fn kubectl_lines_are_fit_for_a_shell() {
    let mut place = asked("cordon", Vec::new(), Values::default()).place;
    place.context = "it's $HOME; rm -rf /".into();
    let line = Line::new(&place).namespace("").word("get").object(&target("deployments.apps", "shop/web")).flag(
        true,
        "grace-period",
        -1,
    );
    let line = line.flag(false, "never", 1).switch(true, "force").switch(false, "no").done();
    assert_eq!(
        shell(&line).unwrap(),
        ["kubectl", "--context", "it's $HOME; rm -rf /", "get", "deployments.apps/web", "--grace-period=-1", "--force"]
    );
    assert_eq!((quote(""), quote("a=b:c/d.e_f-1"), quote("~")), ("''".into(), "a=b:c/d.e_f-1".into(), "'~'".into()));
}

proptest! {
    /// Whatever a name or a value holds, the shell hands kubectl just that.
    #[test]
    fn a_quoted_word_is_one_word(text in "\\PC{0,30}") {
        prop_assert_eq!(shell(&quote(&text)), Some(vec![text]));
    }
}

fn place(over: Value) -> Place {
    let name = over["metadata"]["name"].as_str().unwrap_or("n1").to_owned();
    Place::new(Node::of(&object(&name, node(over))), &[])
}

fn wants(over: Value) -> Pod {
    Pod::of(&object("shop/p", pod("", &[over])))
}

#[test]
fn pods_fit_by_room_taints_and_selectors() {
    let of = |over: Value, places: &mut [Place]| fits(&wants(over), places);
    let here = || place(json!({}));
    assert_eq!(of(json!({}), &mut [here()]), ("fits n1".into(), false));
    assert_eq!(of(json!({}), &mut []), ("does not fit: no other node takes pods".into(), true));
    let tainted = || place(json!({"spec": {"taints": [{"key": "db", "effect": "NoSchedule"}]}}));
    assert_eq!(of(json!({}), &mut [tainted()]), ("does not fit: taint db on 1".into(), true));
    let soft = || place(json!({"spec": {"taints": [{"key": "db", "effect": "PreferNoSchedule"}]}}));
    assert!(!of(json!({}), &mut [soft()]).1, "only a preference");
    let bears = json!({"spec": {"tolerations": [{"key": "db", "operator": "Exists"}]}});
    assert!(!of(bears, &mut [tainted()]).1);
    let zone = json!({"spec": {"nodeSelector": {"zone": "b"}}});
    assert_eq!(of(zone.clone(), &mut [here()]), ("does not fit: selector zone on 1".into(), true));
    assert!(!of(zone, &mut [place(json!({"metadata": {"labels": {"zone": "b"}}}))]).1);
    let big = |cpu: &str| json!({"spec": {"containers": [{"name": "c", "resources": {"requests": {"cpu": cpu}}}]}});
    assert_eq!(of(big("3"), &mut [here(), tainted()]), ("does not fit: cpu on 1, taint db on 1".into(), true));
    assert!(!of(big("2"), &mut [here()]).1, "all there is");
    let full = || place(json!({"status": {"allocatable": {"pods": "0"}}}));
    assert_eq!(of(json!({}), &mut [full()]), ("does not fit: pods on 1".into(), true));
}

#[test]
fn the_room_one_takes_is_not_there_for_the_next() {
    let mut places =
        [place(json!({})), place(json!({"metadata": {"name": "n2"}, "status": {"allocatable": {"cpu": "500m"}}}))];
    let p = wants(json!({}));
    let told: Vec<_> = (0..6).map(|_| fits(&p, &mut places).0).collect();
    assert_eq!(told[..4], ["fits n1, n2"; 4], "n1 has room for four");
    assert_eq!((told[4].as_str(), told[5].as_str()), ("fits n2", "does not fit: cpu on 2"));
    // And what runs there already takes its room; what has ended does not.
    let there = |phase: &str| Pod::of(&object("shop/x", pod("n1", &[json!({"status": {"phase": phase}})])));
    let used = |phase: &str| {
        Place::new(Node::of(&object("n1", node(json!({"status": {"allocatable": {"cpu": "500m"}}})))), &[there(phase)])
    };
    assert!(fits(&p, &mut [used("Running")]).1 && !fits(&p, &mut [used("Succeeded")]).1);
}

#[test]
fn what_is_finer_is_said_to_be_unknown() {
    let of = |over: Value| fits(&wants(over), &mut [place(json!({}))]).0;
    let affinity = json!({"spec": {"affinity": {"podAntiAffinity": {}}}});
    assert_eq!(of(affinity), "unknown: affinity; room on n1");
    assert_eq!(of(json!({"spec": {"topologySpreadConstraints": [{}]}})), "unknown: affinity; room on n1");
    let claim = json!({"spec": {"volumes": [{"name": "d", "persistentVolumeClaim": {"claimName": "d"}}]}});
    assert_eq!(of(claim), "unknown: volumes; room on n1");
    let mut many: Vec<_> = (1..=5).map(|n| place(json!({"metadata": {"name": format!("n{n}")}}))).collect();
    assert_eq!(fits(&wants(json!({})), &mut many).0, "fits n1, n2, n3 and 2 others");
}

#[test]
fn names_are_the_apis() {
    for good in ["a", "a-b.c", "1"] {
        assert!(words::name(good).is_ok(), "{good}");
    }
    for bad in ["", "A", "-a", "a-", "a..b", "a_b", "a b"] {
        assert!(words::name(bad).is_err(), "{bad}");
    }
    assert!(
        words::label("a.b").is_err() && words::label(&"x".repeat(63)).is_ok() && words::label(&"x".repeat(64)).is_err()
    );
    assert!(words::key("A_b.c/D.e-F").is_err(), "the part before / is a DNS name");
    assert!(words::key("a.b/D.e-F").is_ok() && words::value("").is_ok() && words::value("-a").is_err());
}

#[test]
fn times_are_kubectls() {
    for (text, wanted) in [
        ("", Some(0)),
        ("0", Some(0)),
        ("90", Some(90)),
        ("90s", Some(90)),
        ("1h30m", Some(5400)),
        ("5m10s", Some(310)),
        ("5d", None),
        ("m", None),
        ("5m3", None),
        ("-5s", None),
        ("99999999999h", None),
    ] {
        assert_eq!(fields::seconds(text), wanted, "{text}");
    }
}
