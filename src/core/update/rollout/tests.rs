#![allow(clippy::unwrap_used, reason = "a test tells by failing")]

use super::super::tests::console;
use super::super::{command, settle, update};
use super::*;
use crate::core::act::Refusal;
use crate::core::commands::Command;
use crate::core::modals::Modal;
use crate::core::msg::Msg;
use crate::core::plan::testing::{kind, lay, object, owned, refusal, target};
use crate::core::subs::{Sub, subscriptions};
use serde_json::json;
use std::sync::Arc;

fn revision(n: i64) -> Value {
    let mut o = owned("Deployment", "web");
    lay(
        &mut o,
        json!({
            "kind": "ReplicaSet",
            "metadata": {"name": format!("web-{n}"), "annotations": {"deployment.kubernetes.io/revision": n.to_string()}},
            "spec": {"template": {"spec": {"containers": [{"name": "c", "image": format!("web:{n}")}]}}},
        }),
    );
    o
}

fn web(generation: i64) -> Arc<Value> {
    Arc::new(object(
        "shop/web",
        json!({
            "kind": "Deployment",
            "metadata": {"generation": generation},
            "spec": {
                "replicas": 2,
                "selector": {"matchLabels": {"app": "web"}},
                "template": {"spec": {"containers": [{"name": "c", "image": "web:3"}]}},
            },
        }),
    ))
}

/// A console whose focused pane is the rollout of a Deployment that was read.
fn board() -> State {
    let (mut state, id) = console((100, 40));
    let kinds = ["deployments.apps", "replicasets.apps"].map(kind);
    state.clusters.get_mut(&id).unwrap().kinds.extend(kinds);
    let mut object = target("deployments.apps", "shop/web");
    object.cluster = id;
    go::show(&mut state, Body::Rollout(Box::new(RolloutPane::new(object.clone()))));
    let needs = subscriptions(&state);
    assert!(needs.contains(&Sub::Object(object.clone())), "the workload is watched");
    update(&mut state, Msg::Object(object, Ok(Some(web(1)))));
    state
}

fn asked(state: &mut State) -> Option<u32> {
    settle(state);
    let effects = std::mem::take(&mut state.effects);
    effects.into_iter().find_map(|e| match e {
        Effect::Read { ask, reads, .. } => {
            assert!(matches!(&reads[..], [Read::List { kind, .. }] if kind.plural.as_ref() == "replicasets"));
            Some(ask)
        }
        _ => None,
    })
}

fn told(state: &mut State, ask: u32, answer: Result<Value, Refusal>) {
    let read = crate::core::plan::all(kind("replicasets.apps"), Some("shop".into()));
    update(state, Msg::Facts(ask, Facts { at: 1, answers: vec![(read, answer.map(Arc::new))] }));
}

fn pane(state: &State) -> &RolloutPane {
    match &state.focused().unwrap().body {
        Body::Rollout(r) => r,
        other => panic!("no rollout: {other:?}"),
    }
}

#[test]
fn the_history_is_read_once_and_again_when_the_workload_says_something_new() {
    let mut state = board();
    let ask = asked(&mut state).expect("its history is read");
    assert!(asked(&mut state).is_none(), "once");
    told(&mut state, ask + 1, Ok(json!([revision(1)])));
    assert!(pane(&state).told.rows.is_empty(), "nobody waits for that");
    told(&mut state, ask, Ok(json!([revision(2), revision(3), json!({"kind": "ReplicaSet"})])));
    assert_eq!(pane(&state).told.rows.iter().map(|r| r.number).collect::<Vec<_>>(), [3, 2]);
    let key = rollout::pods(&state, pane(&state)).unwrap();
    assert_eq!(key.labels.as_ref(), "app=web");
    assert!(subscriptions(&state).contains(&Sub::Stream(key)), "and its pods");
    state.now += 5_000;
    assert!(asked(&mut state).is_none(), "nothing is new");
    let object = pane(&state).object.clone();
    update(&mut state, Msg::Object(object, Ok(Some(web(2)))));
    state.now += 5_000;
    let ask = asked(&mut state).expect("a new generation");
    told(&mut state, ask, Err(refusal(403, "Forbidden", "no")));
    assert!(pane(&state).told.head.iter().any(|l| l[0].text.contains("replicasets cannot be listed")));
}

#[test]
fn keys_move_among_revisions_choose_one_to_compare_with_and_undo_to_it() {
    let mut state = board();
    let ask = asked(&mut state).unwrap();
    told(&mut state, ask, Ok(json!([revision(1), revision(2), revision(3)])));
    assert_eq!(pane(&state).told.pair, "revision 2 -> 3");
    let undo = actions::find("rollout_undo").unwrap();
    assert_eq!(first(&state, undo), None, "what is in use is not gone back to");
    command::run(&mut state, Command::MoveDown);
    command::run(&mut state, Command::MoveDown);
    assert_eq!(pane(&state).told.pair, "revision 1 -> 3");
    assert_eq!(first(&state, undo).as_deref(), Some("1  web:1"));
    assert_eq!(first(&state, actions::find("restart").unwrap()), None);
    command::run(&mut state, Command::RolloutBase);
    command::run(&mut state, Command::MoveUp);
    assert_eq!((pane(&state).base, pane(&state).told.pair.as_str()), (Some(1), "revision 1 -> 2"));
    command::run(&mut state, Command::RolloutBase);
    command::run(&mut state, Command::RolloutBase);
    assert_eq!(pane(&state).base, None);
    command::run(&mut state, Command::Act(undo));
    let Some(Modal::Act(flow)) = &state.modal else { panic!("no flow: {:?}", state.notice) };
    assert_eq!((flow.given[""].as_str(), flow.asked.targets[0].name.as_ref()), ("2  web:2", "web"));
}

#[test]
fn only_what_rolls_out_has_a_rollout() {
    let (mut state, _) = console((100, 40));
    command::run(&mut state, Command::Rollout);
    assert!(!matches!(state.focused().unwrap().body, Body::Rollout(_)));
    assert!(state.notice.is_some());
    let state = board();
    assert!(crate::core::update::belongs(&state, Command::Rollout));
    assert!(rolls(&kind("daemonsets.apps")) && !rolls(&kind("replicasets.apps")));
}
