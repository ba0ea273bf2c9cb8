use super::*;
use crate::core::commands::Command;
use crate::core::held::Work;
use crate::core::msg::Msg;
use crate::core::subs::{Sub, subscriptions};
use crate::core::update::act::tests::{at_pods, read_all};
use crate::core::update::{command, run_line, settle, update};
use serde_json::{Value, json};

fn pod() -> Value {
    let uid = crate::core::uid::Uid::of_name("shop", "a").to_string();
    json!({"metadata": {"name": "a", "namespace": "shop", "uid": uid, "labels": {"app": "web", "pod-template-hash": "x1"},
            "ownerReferences": [{"kind": "ReplicaSet", "name": "web-x1", "controller": true}]},
        "spec": {"nodeName": "n1", "containers": [{"name": "web", "image": "i", "ports": [{"containerPort": 8080, "name": "http"}]}]},
        "status": {"phase": "Running", "containerStatuses": [{"name": "web", "state": {"running": {}}}]}})
}

fn forwarded(line: &str) -> State {
    let (mut state, _) = at_pods();
    run_line(&mut state, line);
    let effects = std::mem::take(&mut state.effects);
    read_all(&mut state, effects, &pod());
    settle(&mut state);
    state
}

fn only(state: &State) -> &Held {
    let all: Vec<&Held> = state.held.all.values().collect();
    let [one] = all.as_slice() else { panic!("{all:?}") };
    one
}

#[test]
fn a_line_of_the_palette_forwards_at_once_and_the_listener_is_held_until_it_is_ended() {
    let mut state = forwarded("forward 18080:http");
    assert!(state.modal.is_none());
    let Work::Forward(wish) = &only(&state).work else { panic!() };
    assert_eq!((wish.local, wish.port.to_string().as_str()), (18080, "http"));
    // Its replacement has the same labels but those of the revision.
    assert_eq!((wish.pods.name.as_deref(), wish.pods.labels.as_ref()), (Some("a"), "app=web"));
    assert!(only(&state).kubectl.ends_with("-n shop port-forward pods/a 18080:http"), "{}", only(&state).kubectl);
    let id = only(&state).id;
    let held = |s: &State| subscriptions(s).iter().any(|n| matches!(n, Sub::Held(h, _) if *h == id));
    assert!(held(&state));
    update(&mut state, Msg::Held(id, HeldEvent::At("127.0.0.1:18080".into())));
    update(&mut state, Msg::Held(id, HeldEvent::Stands(Standing::Live, "to pod a:8080".into())));
    assert!(state.notice.as_ref().unwrap().text.contains("127.0.0.1:18080"));
    // It outlives the pane it was asked for in, and the list ends it.
    command::run(&mut state, Command::Forwards);
    command::run(&mut state, Command::CopyKubectl);
    assert!(state.effects.contains(&Effect::Copy("127.0.0.1:18080".into())));
    command::run(&mut state, Command::JobCancel);
    assert!(!held(&state) && !only(&state).runs());
    let ends = |e: &Effect| matches!(e, Effect::Journal(l) if l.phase == Phase::End && l.result == "ended by the user");
    assert!(state.effects.iter().any(ends));
    command::run(&mut state, Command::JobCancel);
    assert!(state.held.all.is_empty(), "one that is over leaves the list");
}

#[test]
fn labels_find_pods_now_or_later() {
    let mut state = forwarded("forward -l 'app=web, tier in (a,b)' 18080:http -n shop");
    assert!(state.modal.is_none(), "{:?}", state.modal);
    let Work::Forward(wish) = &only(&state).work else { panic!() };
    assert_eq!((wish.local, wish.port.to_string().as_str()), (18080, "http"));
    assert_eq!((wish.pods.name.as_deref(), wish.pods.namespace.as_ref()), (None, "shop"));
    assert_eq!(wish.pods.labels.as_ref(), "app=web,tier in (a,b)");
    let title = only(&state).title();
    assert!(title.contains("shop -l app=web,tier in (a,b) :http"), "{title}");
    assert!(only(&state).kubectl.is_empty(), "there is no pod that kubectl could be told");
    run_line(&mut state, "forward -l");
    assert!(state.notice.as_ref().unwrap().text.contains("-l wants a value"));
    // Without ports there is a form.
    let mut state = forwarded("forward -l app=web");
    let Some(Modal::Act(flow)) = &state.modal else { panic!("a form") };
    assert_eq!(flow.edits.as_ref().unwrap().values().text("selector"), "app=web");
    state.modal = None;
    run_line(&mut state, "forward-labels");
    assert!(matches!(&state.modal, Some(Modal::Act(_))));
}

#[test]
fn whoever_listens_for_all_is_asked() {
    let (mut state, _) = at_pods();
    command::run(&mut state, Command::Act(actions::find("forward").unwrap()));
    let effects = std::mem::take(&mut state.effects);
    read_all(&mut state, effects, &pod());
    let Some(Modal::Act(flow)) = &state.modal else { panic!("a form") };
    let values = flow.edits.as_ref().unwrap().values();
    assert_eq!((values.text("ports"), values.text("address")), ("8080:8080", "127.0.0.1"));
    let action = flow.action().unwrap();
    let mut asked = flow.asked.clone();
    asked.values = values.with("address", crate::core::act::Given::Text("0.0.0.0".into()));
    let plan = (action.plan)(&asked, &flow.facts);
    assert!(plan.class > crate::core::act::Class::Open && !plan.warnings.is_empty());
}

#[test]
fn what_fails_is_told_and_over() {
    let mut state = forwarded("forward :8080");
    let id = only(&state).id;
    let words = "127.0.0.1:1 is taken";
    update(&mut state, Msg::Held(id, HeldEvent::Stands(Standing::Failed, words.into())));
    assert!(!only(&state).runs() && state.notice.as_ref().unwrap().text.contains(words));
    assert!(open_ones(&state).is_empty());
    // What comes late means nothing.
    update(&mut state, Msg::Held(id, HeldEvent::Stands(Standing::Live, "x".into())));
    assert!(!only(&state).runs());
}

#[test]
fn a_copy_is_planned_and_asked_about() {
    let mut state = forwarded("copy-out /var/log");
    let Some(Modal::Act(flow)) = &state.modal else { panic!("a form") };
    let values = flow.edits.as_ref().unwrap().values();
    assert_eq!((values.text("remote"), values.text("local")), ("/var/log", "."));
    let plan = (flow.action().unwrap().plan)(&crate::core::act::Asked { values, ..flow.asked.clone() }, &flow.facts);
    assert!(plan.kubectl[0].ends_with("cp shop/a:/var/log . -c web"), "{:?}", plan.kubectl);
    assert!(plan.seed.is_some());
    state.modal = None;
    assert!(state.held.all.is_empty());
}
