#![allow(clippy::unwrap_used, reason = "a test tells by failing")]

use super::*;
use crate::core::act::Given;
use crate::core::act::{Class, Plan as Whole, Values};
use crate::core::plan::testing::{
    self, Play, asked, budget, facts, kind, lost, object, owned, plan, refusal, reply, target,
};
use crate::core::plan::{all, pods_of};
use proptest::prelude::*;
use serde_json::{Value, json};

fn node(name: &str, cordoned: bool) -> Value {
    object(name, testing::node(json!({"spec": {"unschedulable": cordoned}})))
}

fn pod(name: &str, node: &str, over: Value) -> Value {
    object(&format!("shop/{name}"), testing::pod(node, &[owned("ReplicaSet", "web-1"), over]))
}

fn terminating() -> Value {
    json!({"metadata": {"deletionTimestamp": "2026-03-01T00:00:30Z", "deletionGracePeriodSeconds": 30}})
}

/// A plan for nodes with these pods each.
fn made(nodes: &[&str], pods: &[&str], values: Values) -> Whole {
    let targets: Vec<_> = nodes.iter().map(|n| target("nodes", n)).collect();
    let objects = nodes.iter().map(|n| (target("nodes", n), node(n, false))).collect();
    let lists = nodes.iter().map(|n| {
        let items: Vec<_> = pods.iter().map(|p| pod(&format!("{p}-{n}"), n, json!({}))).collect();
        (pods_of(kind("pods"), n), json!(items))
    });
    let budgets = (all(kind("poddisruptionbudgets.policy"), None), json!([]));
    let more = lists.chain(std::iter::once(budgets)).collect();
    plan(&asked("drain", targets, values), &facts(objects, more))
}

fn drain(nodes: &[&str], pods: &[&str], values: Values) -> Play {
    Play::begin(made(nodes, pods, values))
}

/// Cordoned and listed: the evictions are on their way.
fn evicting(pods: &[&str], values: Values) -> Play {
    let mut p = drain(&["n1"], pods, values);
    p.answer("patch nodes n1", reply(json!({})));
    p.answer("list pods", there(pods));
    p
}

fn there(pods: &[&str]) -> crate::core::act::Outcome {
    reply(pods.iter().map(|p| pod(&format!("{p}-n1"), "n1", json!({}))).collect())
}

fn text(id: &str, value: &str) -> Values {
    Values::default().with(id, Given::Text(value.into()))
}

#[test]
fn a_node_is_cordoned_listed_emptied_and_listed_once_more() {
    let mut p = drain(&["n1"], &["a", "b"], Values::default());
    assert_eq!(p.sent(), ["patch nodes n1"]);
    p.answer("patch", reply(json!({})));
    assert_eq!(p.sent(), ["list pods"]);
    assert_eq!(p.open[0].1.query[0], ("fieldSelector".into(), "spec.nodeName=n1".into()));
    p.answer("list", there(&["a", "b"]));
    assert_eq!(p.sent(), ["create pods/eviction a-n1", "create pods/eviction b-n1"]);
    let body = p.open[0].1.body.clone().unwrap();
    assert_eq!(body["deleteOptions"]["preconditions"]["uid"], json!(crate::core::plan::testing::uid("a-n1")));
    assert!(body["deleteOptions"]["gracePeriodSeconds"].is_null());
    p.answer("create pods/eviction a", reply(json!({})));
    p.answer("create pods/eviction b", Err(refusal(404, "NotFound", "b")));
    assert_eq!(p.row("shop/b-n1"), "Done: was gone already");
    p.pass(12_000);
    assert_eq!(p.row("shop/a-n1"), "Running: terminating 12 s of 30");
    assert_eq!(p.board().totals, "1 of 2 gone · 1 terminating");
    p.answer("list", reply(json!([pod("a-n1", "n1", terminating())])));
    p.pass(2_000);
    p.answer("list", reply(json!([])));
    assert_eq!((p.row("shop/a-n1").as_str(), p.done), ("Done: gone", 0));
    p.answer("list", reply(json!([])));
    assert_eq!((p.row("n1").as_str(), p.done), ("Done: drained; 2 of 2 gone", 1));
    assert_eq!(p.board().state, State::Done);
    assert!(p.board().left.is_empty() && p.board().offers.is_empty());
    assert_eq!(p.board().cordoned, ["n1"]);
}

#[test]
fn another_pod_of_the_name_means_gone() {
    let mut p = evicting(&["a"], Values::default());
    p.answer("create", reply(json!({})));
    p.pass(2_000);
    p.answer("list", reply(json!([pod("a-n1", "n1", json!({"metadata": {"uid": "other"}}))])));
    assert_eq!(p.row("shop/a-n1"), "Done: gone");
}

#[test]
fn a_budget_is_asked_again_every_five_seconds_and_its_words_are_shown() {
    let words = "The disruption budget web needs 4 healthy pods and has 4 currently";
    let mut p = evicting(&["a"], Values::default());
    for _ in 0..20 {
        p.answer("create", Err(budget(words)));
        assert_eq!(p.row("shop/a-n1"), "Running: refused, next try in 5 s: budget web needs 4 healthy, has 4");
        p.pass(2_000);
        p.answer("list", there(&["a"]));
        p.pass(2_999);
        if p.sent().contains(&"list pods".to_owned()) {
            p.answer("list", there(&["a"]));
        }
        assert!(p.open.is_empty(), "{:?}", p.sent());
        p.pass(1);
    }
    assert_eq!(p.board().totals, "0 of 1 gone");
    // Throttled is another thing, with another wait.
    let slow = crate::core::act::Refusal { retry_after: Some(9), ..refusal(429, "TooManyRequests", "slow") };
    p.answer("create", Err(slow));
    assert_eq!(p.row("shop/a-n1"), "Running: not yet, next try in 9 s: throttled by the server");
}

#[test]
fn each_failure_of_an_eviction_is_named_and_the_others_go_on() {
    let two = refusal(
        500,
        "",
        "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
    );
    let cases = [
        (two, "Failed: cannot be evicted: more than one disruption budget covers it"),
        (refusal(422, "Invalid", "bad"), "Failed: not evicted: refused as invalid: bad"),
        (refusal(401, "Unauthorized", "who"), "Failed: not evicted: server error 401: who"),
    ];
    for (why, words) in cases {
        let mut p = evicting(&["a", "b"], Values::default());
        p.answer("create pods/eviction a", Err(why));
        assert_eq!(p.row("shop/a-n1"), words);
        p.answer("create pods/eviction b", reply(json!({})));
        p.pass(2_000);
        p.answer("list", there(&["a"]));
        p.answer("list", there(&["a"]));
        assert_eq!(p.row("n1"), "Failed: cordoned; 1 of 2 gone, 1 failed");
        let board = p.board();
        assert_eq!((p.done, board.state), (1, State::Failed));
        assert_eq!(board.offers[0].action, "uncordon");
        assert_eq!(board.offers[0].targets, [target("nodes", "n1")]);
        assert!(board.left.contains(&"node n1: cordoned, 1 of 2 pods gone".to_owned()), "{:?}", board.left);
    }
}

#[test]
fn a_namespace_on_its_way_is_waited_for() {
    let mut p = evicting(&["a"], Values::default());
    let cause = crate::core::act::Cause { reason: "NamespaceTerminating".into(), message: "".into(), field: "".into() };
    p.answer("create", Err(crate::core::act::Refusal { causes: vec![cause], ..refusal(403, "Forbidden", "x") }));
    assert!(p.row("shop/a-n1").contains("its namespace is being deleted"), "{}", p.row("shop/a-n1"));
    p.pass(2_000);
    p.answer("list", reply(json!([pod("a-n1", "n1", terminating())])));
    assert!(p.row("shop/a-n1").contains("terminating"), "{}", p.row("shop/a-n1"));
}

#[test]
fn a_lost_answer_is_looked_for_in_a_list_sent_after_it() {
    for why in [lost(), refusal(500, "InternalError", "x"), refusal(409, "Conflict", "uid")] {
        let mut p = evicting(&["a"], Values::default());
        p.answer("create", Err(why.clone()));
        p.pass(2_000);
        p.answer("list", reply(json!([pod("a-n1", "n1", terminating())])));
        assert_eq!((p.changes, p.row("shop/a-n1").starts_with("Running: terminating")), (2, true));

        // Not carried out: sent again, three times at most.
        let mut p = evicting(&["a"], Values::default());
        for sent in 2..=4 {
            assert_eq!(p.changes, sent);
            p.answer("create", Err(why.clone()));
            p.pass(2_000);
            p.answer("list", there(&["a"]));
        }
        assert!(p.row("shop/a-n1").starts_with("Failed: not evicted"), "{}", p.row("shop/a-n1"));
    }
}

#[test]
fn a_failed_cordon_stops_that_node_before_anything_is_evicted() {
    let mut p = drain(&["n1", "n2"], &["a"], text("max-parallel", "1").with("stop-on-error", Given::Flag(false)));
    p.answer("patch nodes n1", Err(refusal(403, "Forbidden", "no")));
    assert!(p.row("n1").starts_with("Failed: not drained, its cordon failed: not done: forbidden"), "{}", p.row("n1"));
    assert_eq!(p.row("shop/a-n1"), "Cancelled: not evicted");
    assert_eq!(p.sent(), ["patch nodes n2"]);
    // With stop-on-error no other begins.
    let mut p = drain(&["n1", "n2"], &["a"], text("max-parallel", "1"));
    p.answer("patch nodes n1", Err(refusal(403, "Forbidden", "no")));
    assert_eq!((p.row("n2").as_str(), p.done), ("Cancelled: not begun, because n1 failed", 1));
    assert!(p.board().cordoned.is_empty() && p.board().offers.is_empty());
    // Tried again.
    p.event(Event::Override(0, Override::Retry));
    assert_eq!((p.sent(), p.board().state), (vec!["patch nodes n1".to_owned()], State::Running));
}

#[test]
fn only_so_many_nodes_at_a_time() {
    let mut p = drain(&["n1", "n2", "n3"], &["a"], text("max-parallel", "2"));
    assert_eq!(p.sent(), ["patch nodes n1", "patch nodes n2"]);
    p.answer("patch nodes n1", reply(json!({})));
    p.answer("list", reply(json!([])));
    p.answer("list", reply(json!([])));
    assert_eq!(p.row("shop/a-n1"), "Done: was gone already");
    assert_eq!(p.sent(), ["patch nodes n2", "patch nodes n3"]);
}

#[test]
fn a_pod_that_came_meanwhile_goes_too_or_stops_the_node() {
    let mut p = drain(&["n1"], &["a"], Values::default());
    p.answer("patch", reply(json!({})));
    p.answer("list", reply(json!([pod("a-n1", "n1", json!({})), pod("new", "n1", json!({}))])));
    assert_eq!(p.sent(), ["create pods/eviction a-n1", "create pods/eviction new"]);

    let mut p = drain(&["n1"], &["a"], Values::default());
    p.answer("patch", reply(json!({})));
    let bare = pod("bare", "n1", json!({"metadata": {"ownerReferences": []}}));
    p.answer("list", reply(json!([pod("a-n1", "n1", json!({})), bare])));
    assert_eq!((p.changes, p.done, p.board().state), (1, 1, State::Failed));
    assert!(p.row("n1").contains("nothing evicted"), "{}", p.row("n1"));
}

#[test]
fn time_is_up_for_the_node_and_each_pod_says_where_it_was() {
    let mut p = evicting(&["a", "b", "c"], text("timeout", "10s"));
    p.answer("create pods/eviction a", reply(json!({})));
    p.answer("create pods/eviction b", Err(budget("needs 4")));
    p.pass(10_000);
    assert_eq!(p.row("shop/a-n1"), "Failed: timed out; evicted and terminating; not waited for");
    assert_eq!(p.row("shop/b-n1"), "Failed: timed out; not evicted: needs 4");
    assert_eq!(p.row("shop/c-n1"), "Running: evicting");
    p.answer("create pods/eviction c", reply(json!({})));
    assert_eq!(p.row("shop/c-n1"), "Failed: timed out; evicted and terminating; not waited for");
    while let Some(at) = p.sent().iter().position(|s| s == "list pods") {
        let (id, ..) = p.open.remove(at);
        p.event(Event::Answer(id, there(&["a", "b", "c"])));
    }
    assert_eq!((p.row("n1").as_str(), p.done), ("Failed: cordoned; timed out at 0 of 3 gone", 1));
}

#[test]
fn overrides_change_how_a_pod_goes() {
    let mut p = evicting(&["a", "b", "c"], Values::default());
    for name in ["a", "b", "c"] {
        p.answer(&format!("create pods/eviction {name}"), Err(budget("needs 4")));
    }
    assert_eq!(p.board().rows[1].may, [Override::Skip, Override::Force, Override::Now]);
    p.event(Event::Override(1, Override::Skip));
    p.event(Event::Override(2, Override::Force));
    p.event(Event::Override(3, Override::Now));
    assert_eq!(p.row("shop/a-n1"), "Kept: left alone");
    assert_eq!(p.sent().iter().filter(|s| s.starts_with("delete pods")).count(), 2);
    let bodies: Vec<_> = p.open.iter().filter(|o| o.2.is_some()).map(|o| o.1.body.clone().unwrap()).collect();
    assert!(bodies[0]["gracePeriodSeconds"].is_null());
    assert_eq!(bodies[1]["gracePeriodSeconds"], json!(0));
    assert!(bodies.iter().all(|b| b["preconditions"]["uid"].is_string()));
}

#[test]
fn cancel_leaves_a_named_state_at_each_stage() {
    // Before it began.
    let seed = made(&["n1"], &["a"], Values::default()).seed;
    let Some(crate::core::act::Seed::Job(machine)) = seed else { panic!("no job") };
    let mut p = Play::new(*machine);
    p.event(Event::Cancel);
    p.event(Event::Start);
    assert_eq!((p.done, p.changes, p.board().state), (1, 0, State::Cancelled));
    // The cordon is on its way.
    let mut p = drain(&["n1", "n2"], &["a"], Values::default());
    p.event(Event::Cancel);
    assert_eq!((p.row("n2").as_str(), p.done), ("Cancelled: not begun", 0));
    p.answer("patch", reply(json!({})));
    assert_eq!((p.row("n1").as_str(), p.done), ("Cancelled: cordoned; nothing evicted", 1));
    assert_eq!(p.board().offers[0].title, "uncordon n1");
    // The list is on its way.
    let mut p = drain(&["n1"], &["a"], Values::default());
    p.answer("patch", reply(json!({})));
    p.event(Event::Cancel);
    for _ in 0..3 {
        if p.done == 0 {
            p.answer("list", there(&["a"]));
        }
    }
    assert_eq!((p.row("n1").as_str(), p.done), ("Cancelled: cordoned; stopped at 0 of 1 gone", 1));
    // Evictions are on their way, refused and carried out.
    let mut p = evicting(&["a", "b", "c"], Values::default());
    p.answer("create pods/eviction a", reply(json!({})));
    p.answer("create pods/eviction b", Err(budget("needs 4")));
    p.event(Event::Cancel);
    assert_eq!(p.row("shop/a-n1"), "Cancelled: evicted and terminating; not waited for");
    assert_eq!(p.row("shop/b-n1"), "Cancelled: not evicted: needs 4");
    assert_eq!((p.row("shop/c-n1").as_str(), p.done), ("Running: evicting", 0));
    p.answer("create pods/eviction c", Err(lost()));
    p.pass(2_000);
    while let Some(at) = p.sent().iter().position(|s| s == "list pods") {
        let (id, ..) = p.open.remove(at);
        p.event(Event::Answer(id, there(&["b", "c"])));
        p.pass(2_000);
    }
    assert!(p.row("shop/c-n1").starts_with("Cancelled: not evicted"), "{}", p.row("shop/c-n1"));
    assert_eq!((p.row("n1").as_str(), p.done), ("Cancelled: cordoned; stopped at 0 of 3 gone", 1));
}

#[test]
fn a_node_cordoned_before_is_never_offered_to_be_uncordoned() {
    let targets = vec![target("nodes", "n1")];
    let objects = vec![(target("nodes", "n1"), node("n1", true))];
    let lists = vec![
        (pods_of(kind("pods"), "n1"), json!([pod("a-n1", "n1", json!({}))])),
        (all(kind("poddisruptionbudgets.policy"), None), json!([])),
    ];
    let made = plan(&asked("drain", targets, Values::default()), &facts(objects, lists));
    assert_eq!(made.class, Class::Disruptive);
    let mut p = Play::begin(made);
    assert_eq!(p.sent(), ["list pods"]);
    p.event(Event::Cancel);
    assert!(p.board().cordoned.is_empty() && p.board().offers.is_empty());
}

#[test]
fn a_list_that_cannot_be_had_is_asked_for_again_and_a_refused_one_ends_the_node() {
    let mut p = evicting(&["a"], Values::default());
    p.answer("create", reply(json!({})));
    p.pass(2_000);
    p.answer("list", Err(refusal(0, "", "refused")));
    assert!(p.row("n1").contains("cannot be listed now"), "{}", p.row("n1"));
    p.pass(1_000);
    p.answer("list", Err(refusal(403, "Forbidden", "no")));
    assert!(p.row("shop/a-n1").starts_with("Failed: cannot be followed"), "{}", p.row("shop/a-n1"));
    assert_eq!((p.done, p.board().state), (1, State::Failed));
}

#[test]
fn a_journal_that_cannot_be_written_ends_the_node() {
    let mut p = evicting(&["a", "b"], Values::default());
    let (id, ..) = p.open.remove(0);
    p.event(Event::NotJournalled(id));
    assert!(p.row("shop/a-n1").starts_with("Failed: not sent"), "{}", p.row("shop/a-n1"));
    p.answer("create pods/eviction b", reply(json!({})));
    while p.done == 0 {
        p.answer("list", there(&["a"]));
    }
    assert_eq!(p.board().state, State::Failed);
}

fn outcomes() -> impl Strategy<Value = (u8, crate::core::act::Outcome)> {
    let all = vec![
        reply(json!({})),
        there(&["a", "b"]),
        there(&["a"]),
        reply(json!([])),
        reply(json!([pod("a-n1", "n1", terminating())])),
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
    /// Whatever is answered, a cancel ends it, and after it nothing that changes is sent
    /// (the play holds that); no pod stands twice.
    #[test]
    fn it_always_ends(script in proptest::collection::vec(outcomes(), 0..60), cancel in 0usize..60) {
        let mut p = drain(&["n1", "n2"], &["a", "b"], text("max-parallel", "2"));
        for (i, (which, outcome)) in script.into_iter().enumerate() {
            if i == cancel {
                p.event(Event::Cancel);
            }
            if p.open.is_empty() {
                p.pass(10_000);
            }
            if p.open.is_empty() {
                break;
            }
            let (id, ..) = p.open.remove(usize::from(which) % p.open.len());
            p.event(Event::Answer(id, outcome));
        }
        p.event(Event::Cancel);
        for _ in 0..30 {
            while let Some((id, ..)) = p.open.pop() {
                p.event(Event::Answer(id, Err(lost())));
            }
            p.pass(40_000);
        }
        prop_assert_eq!(p.done, 1);
        let mut subjects: Vec<_> = p.board().rows.into_iter().map(|r| r.subject).collect();
        let rows = subjects.len();
        subjects.sort();
        subjects.dedup();
        prop_assert_eq!(subjects.len(), rows);
    }
}

/// What the run before it cordoned is this run's to uncordon, and nothing else.
#[test]
fn a_resumed_drain_uncordons_what_its_first_run_cordoned() {
    let nodes = ["ours", "theirs"];
    let targets: Vec<_> = nodes.iter().map(|n| target("nodes", n)).collect();
    let objects = nodes.iter().map(|n| (target("nodes", n), node(n, true))).collect();
    let lists = nodes.iter().map(|n| (pods_of(kind("pods"), n), json!([pod(&format!("a-{n}"), n, json!({}))])));
    let mut asked = asked("drain", targets, Values::default());
    asked.cordoned = vec!["ours".into()];
    let made = plan(
        &asked,
        &facts(objects, lists.chain([(all(kind("poddisruptionbudgets.policy"), None), json!([]))]).collect()),
    );
    assert_eq!(made.items[0].verdict, "cordoned by the run this resumes");
    let mut p = Play::begin(made);
    assert_eq!(p.sent(), ["list pods"]);
    assert_eq!(p.board().cordoned, ["ours"]);
    p.event(Event::Cancel);
    while p.done == 0 {
        p.answer("list", reply(json!([pod("a-ours", "ours", json!({}))])));
    }
    let board = p.board();
    assert_eq!((board.state, board.offers[0].title.as_str()), (State::Cancelled, "uncordon ours"));
    assert!(board.left.iter().any(|l| l.starts_with("node ours: cordoned")), "{:?}", board.left);
}
