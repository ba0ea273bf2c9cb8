use super::*;

const C: ClusterId = ClusterId(1);

fn right(verb: &'static str) -> Right {
    Right { verb: verb.into(), resource: "pods".into(), namespaced: true }
}

fn ns() -> Arc<str> {
    "shop".into()
}

#[test]
fn what_is_not_known_is_not_forbidden() {
    let mut rights = Rights::default();
    let all = [right("patch")];
    assert_eq!(rights.missing(C, &all, Some(&ns())), None, "nothing was asked");
    rights.told(C, vec![(right("patch"), None, Some(false))], 0);
    assert_eq!(rights.missing(C, &all, Some(&ns())), None, "not everywhere, perhaps here");
    assert_eq!(rights.missing(C, &all, None), None, "perhaps somewhere");
    rights.told(C, vec![(right("patch"), Some(ns()), None)], 0);
    assert_eq!(rights.missing(C, &all, Some(&ns())), None, "nobody could say");
    rights.told(C, vec![(right("patch"), Some(ns()), Some(false))], 0);
    let missing = rights.missing(C, &all, Some(&ns())).expect("it is forbidden");
    assert_eq!(missing.to_string(), "patch pods in shop");
    rights.told(C, vec![(right("patch"), None, Some(true))], 0);
    assert_eq!(rights.missing(C, &all, Some(&ns())), None, "what holds everywhere holds here");
}

#[test]
fn each_thing_is_asked_once_and_again_after_a_while() {
    let mut rights = Rights::default();
    let all = [right("patch"), right("delete")];
    let first = rights.wanted(C, &all, Some(&ns()), 0);
    assert_eq!(first, [(right("patch"), None), (right("delete"), None)], "for the whole cluster first");
    assert!(rights.wanted(C, &all, Some(&ns()), 10).is_empty(), "the answer is on its way");
    rights.told(C, vec![(right("patch"), None, Some(true)), (right("delete"), None, Some(false))], 20);
    assert_eq!(rights.wanted(C, &all, Some(&ns()), 30), [(right("delete"), Some(ns()))], "only what is not granted");
    rights.told(C, vec![(right("delete"), Some(ns()), Some(true))], 40);
    assert!(rights.wanted(C, &all, Some(&ns()), 50).is_empty());
    assert_eq!(rights.wanted(C, &all, Some(&ns()), 50 + HOLDS_MS).len(), 2, "answers do not hold for ever");
}

#[test]
fn an_answer_that_never_comes_is_asked_for_again() {
    let mut rights = Rights::default();
    assert_eq!(rights.wanted(C, &[right("patch")], None, 0).len(), 1);
    assert!(rights.wanted(C, &[right("patch")], None, LOST_MS - 1).is_empty());
    assert_eq!(rights.wanted(C, &[right("patch")], None, LOST_MS).len(), 1);
}
