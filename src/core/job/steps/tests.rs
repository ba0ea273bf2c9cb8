#![allow(clippy::unwrap_used, reason = "a test tells by failing")]

use super::*;
use crate::core::act::{Class, Refusal, Values, calls};
use crate::core::job::Machine;
use crate::core::plan::testing::{Play, asked, budget, facts, lost, object, plan, refusal, reply, target};

use proptest::prelude::*;
use serde_json::{Value, json};

fn node(name: &str, cordoned: bool) -> Value {
    object(name, if cordoned { json!({"spec": {"unschedulable": true}}) } else { json!({"spec": {}}) })
}

fn cordon(names: &[&str]) -> Play {
    let targets: Vec<_> = names.iter().map(|n| target("nodes", n)).collect();
    let objects = names.iter().map(|n| (target("nodes", n), node(n, false))).collect();
    Play::begin(plan(&asked("cordon", targets, Values::default()), &facts(objects, Vec::new())))
}

fn steps(play: &Play) -> Vec<Step> {
    let Machine::Steps(s) = &play.machine else { panic!("other steps") };
    s.steps().cloned().collect()
}

/// One deletion that waits until the pod is gone.
fn delete() -> Play {
    let pod = target("pods", "shop/web");
    let step = Step {
        subject: "shop/web".into(),
        call: calls::delete(&pod, None, None),
        record: crate::core::job::Record {
            step: "delete",
            target: pod.clone(),
            fields: std::collections::BTreeMap::new(),
            kubectl: String::new(),
        },
        read: calls::get(&pod),
        proof: Proof::Gone,
        wait: None,
        done: "deleted".into(),
    };
    let steps = Steps::new("delete".into(), String::new(), vec![step.waiting(Wait::Gone)], 1, false);
    let mut play = Play::new(Machine::Steps(steps));
    play.event(Event::Start);
    play
}

#[test]
fn a_step_is_sent_once_and_said_to_be_done_when_the_server_agreed() {
    let mut p = cordon(&["n1", "n2"]);
    assert_eq!(p.sent(), ["patch nodes n1", "patch nodes n2"]);
    assert_eq!(p.row("n1"), "Running: sent, no answer yet");
    p.answer("patch nodes n2", reply(json!({})));
    p.pass(5_000);
    assert_eq!((p.row("n2").as_str(), p.done, p.board().state), ("Done: cordoned", 0, State::Running));
    p.answer("patch nodes n1", reply(json!({})));
    assert_eq!((p.done, p.changes, p.board().state), (1, 2, State::Done));
    assert_eq!(p.board().totals, "2 of 2 done");
    assert!(p.board().left.is_empty());
}

#[test]
fn each_refusal_is_told_as_what_it_is() {
    let test = Refusal {
        causes: vec![crate::core::act::Cause {
            reason: "UnexpectedServerResponse".into(),
            message: "testing value /spec/replicas failed".into(),
            field: "".into(),
        }],
        ..refusal(422, "Invalid", "the server rejected our request")
    };
    let cases = [
        (
            refusal(403, "Forbidden", "no"),
            "Failed: not done: forbidden: patch nodes cluster-wide; ask for verb patch on nodes",
        ),
        (refusal(404, "NotFound", "n1"), "Failed: not done: it is gone"),
        (
            refusal(409, "Conflict", "modified"),
            "Failed: not done, it has changed since it was read: conflict: modified",
        ),
        (refusal(422, "Invalid", "bad"), "Failed: not done: refused as invalid: bad"),
        (
            test,
            "Failed: not done, it has changed since it was read: refused as invalid: the server rejected our request; testing value /spec/replicas failed",
        ),
        // As a server of 1.35 answers a JSON patch whose test does not hold.
        (
            refusal(422, "Invalid", "the server rejected our request due to an error in our request"),
            "Failed: not done, it has changed since it was read",
        ),
        (refusal(400, "BadRequest", "what"), "Failed: not done: server error 400: what"),
        (refusal(405, "MethodNotAllowed", "no"), "Failed: not done: server error 405: no"),
        (refusal(501, "NotImplemented", "no"), "Failed: not done: server error 501: no"),
    ];
    for (why, words) in cases {
        let mut p = cordon(&["n1"]);
        p.answer("patch", Err(why));
        assert_eq!(p.row("n1"), words);
        assert_eq!((p.done, p.changes, p.board().state), (1, 1, State::Failed));
        assert_eq!(p.board().rows[0].may, [Override::Retry]);
        assert_eq!(p.board().left, [format!("n1: {}", words.trim_start_matches("Failed: "))]);
    }
}

#[test]
fn what_was_throttled_is_sent_again_when_the_server_says_and_not_before() {
    let mut p = cordon(&["n1"]);
    p.answer("patch", Err(Refusal { retry_after: Some(7), ..refusal(429, "TooManyRequests", "slow") }));
    assert_eq!(p.row("n1"), "Running: not done, next try in 7 s: throttled by the server");
    p.pass(6_999);
    assert!(p.open.is_empty());
    p.pass(1);
    assert_eq!(p.sent(), ["patch nodes n1"]);
    p.answer("patch", reply(json!({})));
    assert_eq!(p.board().state, State::Done);
}

#[test]
fn a_server_that_cannot_be_reached_is_given_up_after_a_while() {
    let mut p = cordon(&["n1"]);
    for gap in [1, 2, 4, 8, 16, 30, 30] {
        p.answer("patch", Err(refusal(0, "", "refused")));
        p.pass(gap * 1000 - 1);
        assert!(p.open.is_empty(), "{gap}");
        p.pass(1);
    }
    p.answer("patch", Err(refusal(0, "", "refused")));
    assert_eq!(p.row("n1"), "Failed: not done: unreachable: refused");
    assert_eq!((p.changes, p.done), (8, 1));
}

#[test]
fn a_lost_answer_is_looked_for_before_anything_is_sent_again() {
    for why in [lost(), refusal(500, "InternalError", "x"), refusal(503, "", "x"), refusal(504, "Timeout", "x")] {
        // It had taken effect.
        let mut p = cordon(&["n1"]);
        p.answer("patch", Err(why.clone()));
        assert!(p.row("n1").starts_with("Running: answer lost"), "{}", p.row("n1"));
        p.pass(1_000);
        assert_eq!(p.sent(), ["get nodes n1"]);
        p.answer("get", reply(node("n1", true)));
        assert_eq!((p.row("n1").as_str(), p.changes), ("Done: cordoned", 1));

        // It had not, three times.
        let mut p = cordon(&["n1"]);
        for sent in 1..=3 {
            assert_eq!(p.changes, sent);
            p.answer("patch", Err(why.clone()));
            p.pass(10_000);
            p.answer("get", reply(node("n1", false)));
        }
        assert_eq!((p.changes, p.done, p.board().state), (3, 1, State::Failed));

        // Another node of that name is there.
        let mut p = cordon(&["n1"]);
        p.answer("patch", Err(why.clone()));
        p.pass(1_000);
        p.answer("get", reply(node("other", true)));
        assert!(p.row("n1").starts_with("Failed: not done: it was made anew"), "{}", p.row("n1"));

        // Nobody can tell.
        let mut p = cordon(&["n1"]);
        p.answer("patch", Err(why.clone()));
        p.pass(1_000);
        p.answer("get", Err(refusal(403, "Forbidden", "no")));
        assert!(p.row("n1").starts_with("Failed: unknown whether it took effect"), "{}", p.row("n1"));
        // Asked again, it looks first.
        p.event(Event::Override(0, Override::Retry));
        assert_eq!(p.sent(), ["get nodes n1"]);
        p.answer("get", reply(node("n1", false)));
        assert_eq!(p.sent(), ["patch nodes n1"]);
    }
}

#[test]
fn a_deletion_whose_answer_was_lost_is_done_if_the_object_is_on_its_way() {
    let web = |over| reply(object("shop/web", over));
    for (look, done) in [
        (Err(refusal(404, "NotFound", "web")), true),
        (web(json!({"metadata": {"deletionTimestamp": "2026-03-01T00:00:00Z"}})), true),
        (web(json!({"metadata": {"uid": "8d3e6f4e-0000-0000-0000-000000000000"}})), true),
        (web(json!({})), false),
    ] {
        let mut p = delete();
        p.answer("delete", Err(lost()));
        p.pass(1_000);
        p.answer("get", look);
        p.pass(5_000);
        assert_eq!(p.changes, if done { 1 } else { 2 });
    }
}

#[test]
fn waiting_ends_when_the_object_is_gone_or_another() {
    let terminating = json!({"metadata": {"deletionTimestamp": "2026-03-01T00:00:00Z", "finalizers": ["a.io/b"]}});
    let mut p = delete();
    p.answer("delete", reply(json!({})));
    p.pass(1_000);
    p.answer("get", reply(object("shop/web", terminating)));
    assert_eq!(p.row("shop/web"), "Running: terminating, held by a.io/b");
    p.pass(2_000);
    p.answer("get", Err(refusal(0, "", "refused")));
    assert!(p.row("shop/web").contains("cannot be read now"));
    p.pass(1_000);
    let mut q = p.clone();
    p.answer("get", Err(refusal(404, "NotFound", "web")));
    assert_eq!((p.row("shop/web").as_str(), p.done), ("Done: gone", 1));
    q.answer("get", reply(object("shop/web", json!({"metadata": {"uid": "x"}}))));
    assert_eq!(q.row("shop/web"), "Done: gone; another of its name has come");

    let mut p = delete();
    p.answer("delete", reply(json!({})));
    p.pass(1_000);
    p.answer("get", Err(refusal(403, "Forbidden", "no")));
    assert!(p.row("shop/web").starts_with("Done: deleted; what follows cannot be seen"), "{}", p.row("shop/web"));
}

#[test]
fn cancel_leaves_a_named_state_at_each_stage() {
    // Not begun: nothing is ever sent.
    let targets = vec![target("nodes", "n1")];
    let plan = plan(
        &asked("cordon", targets, Values::default()),
        &facts(vec![(target("nodes", "n1"), node("n1", false))], vec![]),
    );
    let Some(crate::core::act::Seed::Job(machine)) = plan.seed else { panic!("no job") };
    let mut p = Play::new(*machine);
    p.event(Event::Cancel);
    assert_eq!((p.row("n1").as_str(), p.done, p.board().state), ("Cancelled: not begun", 1, State::Cancelled));
    p.event(Event::Start);
    p.pass(1_000);
    assert_eq!(p.changes, 0);

    // Sent: the answer is waited for and told.
    for (answer, words) in [
        (reply(json!({})), "Done: cordoned"),
        (Err(refusal(429, "TooManyRequests", "")), "Cancelled: not done: throttled by the server"),
        (Err(refusal(409, "Conflict", "m")), "Failed: not done, it has changed since it was read: conflict: m"),
    ] {
        let mut p = cordon(&["n1"]);
        p.event(Event::Cancel);
        assert_eq!((p.done, p.board().state), (0, State::Stopping));
        p.answer("patch", answer);
        assert_eq!((p.row("n1").as_str(), p.done), (words, 1));
    }

    // Sent, and the answer is lost: it is looked for, never sent again.
    for (look, words) in [
        (reply(node("n1", true)), "Done: cordoned"),
        (reply(node("n1", false)), "Cancelled: not done: connection lost: reset"),
    ] {
        let mut p = cordon(&["n1"]);
        p.event(Event::Cancel);
        p.answer("patch", Err(lost()));
        p.answer("get", look);
        p.pass(60_000);
        assert_eq!((p.row("n1").as_str(), p.done, p.changes), (words, 1, 1));
    }
    let mut p = cordon(&["n1"]);
    p.answer("patch", Err(lost()));
    p.event(Event::Cancel);
    for _ in 0..2 {
        p.answer("get", Err(refusal(0, "", "refused")));
        p.pass(1_000);
    }
    assert!(p.row("n1").starts_with("Failed: unknown whether it took effect"), "{}", p.row("n1"));
    assert_eq!((p.done, p.board().left.len()), (1, 1));

    // Between two tries.
    let mut p = cordon(&["n1"]);
    p.answer("patch", Err(refusal(0, "", "refused")));
    p.event(Event::Cancel);
    assert_eq!((p.row("n1").as_str(), p.done), ("Cancelled: not done: unreachable: refused", 1));

    // Waiting for what follows.
    for looking in [false, true] {
        let mut p = delete();
        p.answer("delete", reply(json!({})));
        if looking {
            p.pass(1_000);
        }
        p.event(Event::Cancel);
        assert_eq!((p.row("shop/web").as_str(), p.done), ("Done: deleted; not waited for: deleted", 1));
        assert_eq!(p.board().state, State::Cancelled);
        assert_eq!(p.board().left, ["shop/web: deleted; not waited for: deleted"]);
    }

    // Over: nothing changes.
    let mut p = cordon(&["n1"]);
    p.answer("patch", reply(json!({})));
    p.event(Event::Cancel);
    assert_eq!((p.done, p.board().state), (1, State::Done));
}

#[test]
fn no_more_than_asked_for_are_under_way_and_none_begins_after_a_failure() {
    let steps = steps(&cordon(&["n1", "n2", "n3"]));
    let mut p = Play::new(Machine::Steps(Steps::new(String::new(), String::new(), steps.clone(), 2, true)));
    p.event(Event::Start);
    assert_eq!(p.sent(), ["patch nodes n1", "patch nodes n2"]);
    p.answer("patch nodes n1", Err(refusal(422, "Invalid", "no")));
    assert_eq!(p.row("n3"), "Cancelled: not begun, because another failed");
    p.answer("patch nodes n2", reply(json!({})));
    assert_eq!((p.done, p.board().state), (1, State::Failed));
    assert_eq!(p.board().totals, "1 of 3 done · 1 failed · 1 not done");
    // What failed is tried again by itself.
    p.event(Event::Override(0, Override::Retry));
    assert_eq!((p.sent(), p.board().state), (vec!["patch nodes n1".to_owned()], State::Running));
    p.answer("patch", reply(json!({})));
    assert_eq!((p.done, p.row("n1").as_str()), (2, "Done: cordoned"));

    let mut p = Play::new(Machine::Steps(Steps::new(String::new(), String::new(), steps, 1, false)));
    p.event(Event::Start);
    p.event(Event::Override(1, Override::Skip));
    p.answer("patch nodes n1", Err(refusal(422, "Invalid", "no")));
    assert_eq!(p.sent(), ["patch nodes n3"]);
    p.answer("patch", reply(json!({})));
    assert_eq!(p.board().totals, "1 of 2 done · 1 failed · 1 left alone");
}

#[test]
fn a_journal_that_cannot_be_written_stops_everything_unsent() {
    let steps = steps(&cordon(&["n1", "n2"]));
    let mut p = Play::new(Machine::Steps(Steps::new(String::new(), String::new(), steps, 1, false)));
    p.event(Event::Start);
    let (id, ..) = p.open.remove(0);
    p.event(Event::NotJournalled(id));
    assert_eq!(p.row("n1"), "Failed: not sent: the journal could not be written");
    assert_eq!((p.row("n2").as_str(), p.done), ("Cancelled: not begun", 1));
}

#[test]
fn warnings_are_kept_once() {
    let mut p = cordon(&["n1"]);
    let mut r = reply(json!({})).unwrap();
    r.warnings = vec!["deprecated".into(), "deprecated".into()];
    p.answer("patch", Ok(r));
    assert_eq!(p.board().warnings, ["n1: deprecated"]);
}

#[test]
fn nothing_is_planned_for_what_is_already_so_or_another() {
    let all = ["n1", "n2", "n3", "n4"].map(|n| target("nodes", n)).to_vec();
    let mut f = facts(
        vec![
            (target("nodes", "n1"), node("n1", true)),
            (target("nodes", "n2"), node("other", false)),
            (target("nodes", "n4"), node("n4", false)),
        ],
        vec![],
    );
    let gone = crate::core::act::Read::Object(target("nodes", "n3"));
    f.answers.push((gone, Err(refusal(404, "NotFound", "n3"))));
    let made = plan(&asked("cordon", all, Values::default()), &f);
    let told: Vec<_> = made.items.iter().map(|i| format!("{} {}", i.subject, i.verdict)).collect();
    assert_eq!(told, ["n1 as it is", "n2 left alone", "n3 gone", "n4 cordon"]);
    assert_eq!((made.count, made.class), (1, Class::Reversible));
    assert_eq!(made.kubectl, ["kubectl --context prod cordon n4"]);
    let (_, call) = &made.trial[0];
    assert_eq!(call.body.as_deref().unwrap()["metadata"]["uid"], json!(crate::core::plan::testing::uid("n4")));
}

fn outcomes() -> impl Strategy<Value = (u8, crate::core::act::Outcome)> {
    let all = vec![
        reply(json!({})),
        reply(node("n1", true)),
        reply(node("n1", false)),
        reply(node("other", true)),
        Err(lost()),
        Err(refusal(0, "", "refused")),
        Err(refusal(404, "NotFound", "x")),
        Err(refusal(403, "Forbidden", "x")),
        Err(refusal(409, "Conflict", "x")),
        Err(refusal(500, "InternalError", "x")),
        Err(budget("needs 4")),
    ];
    (any::<u8>(), proptest::sample::select(all))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]
    /// Whatever is answered: it ends, nothing is sent after a cancel (Play holds that), and
    /// nothing is said to be done that the server did not agree to.
    #[test]
    fn it_always_ends_and_never_lies(script in proptest::collection::vec(outcomes(), 0..40), cancel in 0usize..60) {
        let mut p = cordon(&["n1", "n2"]);
        let mut agreed = 0;
        for (i, (which, outcome)) in script.into_iter().enumerate() {
            if i == cancel {
                p.event(Event::Cancel);
            }
            if p.open.is_empty() {
                p.pass(40_000);
            }
            if p.open.is_empty() {
                break;
            }
            let (id, ..) = p.open.remove(usize::from(which) % p.open.len());
            agreed += usize::from(outcome.is_ok());
            p.event(Event::Answer(id, outcome));
        }
        p.event(Event::Cancel);
        for _ in 0..20 {
            while let Some((id, ..)) = p.open.pop() {
                p.event(Event::Answer(id, Err(lost())));
            }
            p.pass(40_000);
        }
        prop_assert_eq!(p.done, 1);
        let board = p.board();
        let done = board.rows.iter().filter(|r| r.state == State::Done).count();
        prop_assert!(done <= agreed);
        prop_assert_eq!(board.left.len(), 2 - done);
    }
}
