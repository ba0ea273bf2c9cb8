use super::*;
use crate::core::act::{Seed, Values};
use crate::core::job::Machine;
use crate::core::plan::testing::{Play, World, lost, node, refusal, reply};
use serde_json::{Value, json};

const UID: &str = "0b0e4ad3-6f7c-4b5e-9d6a-0123456789ab";

/// A node shell, begun.
fn begun() -> Play {
    let world = World::default().with("nodes", "n1", node(json!({}))).with("namespaces", "default", json!({}));
    Play::begin(world.plan("node_shell", "nodes", &["n1"], Values::default()))
}

fn name(play: &Play) -> String {
    let Machine::Visit(v) = &play.machine else { panic!("a visit") };
    v.guest.session.pod.name.to_string()
}

/// The pod as the server has it, in that state.
fn pod(play: &Play, state: &Value) -> Value {
    json!({
        "metadata": {"name": name(play), "namespace": "default", "uid": UID, "labels": {"app.kubernetes.io/managed-by": "quarterdeck"}},
        "status": {"phase": "Pending", "containerStatuses": [{"name": "debugger", "state": state}]},
    })
}

fn made(play: &Play) -> usize {
    play.machine.made().len()
}

#[test]
fn it_is_made_waited_for_opened_and_removed() {
    let mut play = begun();
    assert_eq!(made(&play), 1, "named before it is there");
    play.answer("create pods", reply(pod(&play, &json!({}))));
    play.pass(1_000);
    let why = "Back-off pulling image \"busybox\"";
    let waiting = json!({"waiting": {"reason": "ImagePullBackOff", "message": why}});
    play.answer("get pods", reply(pod(&play, &waiting)));
    assert_eq!(play.board().rows[0].said, Said::because("ImagePullBackOff", why));
    assert_eq!(play.board().rows[0].tone, Tone::Warn);
    play.pass(1_000);
    play.answer("get pods", reply(pod(&play, &json!({"running": {}}))));
    let [session] = play.opened.as_slice() else { panic!("one session: {:?}", play.opened) };
    assert_eq!(session.pod.uid, Some(Uid::parse(UID)), "pinned to what was made");
    play.pass(60_000);
    assert!(play.open.is_empty(), "nothing is asked while somebody sits in it");
    play.event(Event::Left("exit 0".into(), true));
    let body = play.open[0].1.body.clone().expect("it is told which one");
    assert_eq!((&body["preconditions"]["uid"], &body["gracePeriodSeconds"]), (&json!(UID), &json!(1)));
    play.answer("delete pods", reply(json!({})));
    play.pass(1_000);
    play.answer("get pods", Err(refusal(404, "NotFound", "gone")));
    assert_eq!((play.done, made(&play), play.board().state), (1, 0, State::Done));
    assert_eq!(play.board().totals, "removed");
}

#[test]
fn cancelled_at_any_moment_it_leaves_nothing() {
    // Before an answer came: what comes of it is removed.
    let mut play = begun();
    play.event(Event::Cancel);
    assert_eq!(play.done, 0, "its answer is still to come");
    play.answer("create pods", reply(pod(&play, &json!({}))));
    play.answer("delete pods", reply(json!({})));
    assert_eq!((play.done, made(&play)), (1, 0));
    // While it was waited for, and while somebody sat in it.
    for open in [false, true] {
        let mut play = begun();
        play.answer("create pods", reply(pod(&play, &json!({}))));
        play.pass(1_000);
        if open {
            play.answer("get pods", reply(pod(&play, &json!({"running": {}}))));
        }
        play.event(Event::Cancel);
        play.answer("delete pods", reply(json!({})));
        assert_eq!((play.done, made(&play), play.opened.len()), (1, 0, usize::from(open)));
    }
}

#[test]
fn a_refusal_of_pod_security_is_explained_and_nothing_is_left() {
    let mut play = begun();
    let told = "pods \"x\" is forbidden: violates PodSecurity \"baseline:latest\": host namespaces (hostPID=true)";
    play.answer("create pods", Err(refusal(403, "Forbidden", told)));
    let said = play.board().rows[0].said.clone();
    assert!(said.words.contains("level baseline; profile baseline or restricted passes"), "{said:?}");
    assert_eq!(said.why, "host namespaces (hostPID=true)");
    assert_eq!((play.done, made(&play), play.board().state), (1, 0, State::Failed));
}

#[test]
fn a_lost_answer_is_looked_after_and_what_is_another_is_left_alone() {
    let mut play = begun();
    play.answer("create pods", Err(lost()));
    play.pass(2_000);
    play.answer("get pods", reply(pod(&play, &json!({}))));
    play.pass(1_000);
    play.answer("get pods", reply(pod(&play, &json!({"running": {}}))));
    assert_eq!(play.opened.len(), 1, "it was made after all");
    // Nobody can say whether it was made: it is not removed unseen, and the next start is told.
    let mut play = begun();
    play.answer("create pods", Err(lost()));
    play.pass(2_000);
    play.answer("get pods", Err(refusal(403, "Forbidden", "no")));
    assert_eq!((play.done, made(&play)), (1, 1));
    assert!(play.board().left.iter().any(|l| l.contains(":sweep removes it")), "{:?}", play.board().left);
    // A pod of that name was there before: it is not ours.
    let mut play = begun();
    play.answer("create pods", Err(refusal(409, "AlreadyExists", "pods \"x\" already exists")));
    assert_eq!((play.done, made(&play), play.changes), (1, 0, 1));
}

#[test]
fn what_could_not_be_removed_is_told_and_tried_again() {
    let mut play = begun();
    play.answer("create pods", reply(pod(&play, &json!({}))));
    play.pass(1_000);
    play.answer("get pods", reply(pod(&play, &json!({"running": {}}))));
    play.event(Event::Left("the session broke off".into(), false));
    play.answer("delete pods", Err(refusal(403, "Forbidden", "no")));
    assert_eq!((play.done, made(&play), play.board().state), (1, 1, State::Failed));
    play.event(Event::Override(2, Override::Retry));
    play.answer("delete pods", reply(json!({})));
    play.pass(1_000);
    play.answer("get pods", Err(refusal(404, "NotFound", "gone")));
    assert_eq!((play.done, made(&play)), (2, 0));
}

#[test]
fn an_ephemeral_container_stays() {
    let run = json!({"spec": {"containers": [{"name": "c"}], "nodeName": "n1"}, "status": {"phase": "Running"}});
    let world = World::default().with("pods", "shop/web", run).with("namespaces", "shop", json!({}));
    let plan = world.plan("debug", "pods", &["shop/web"], Values::default());
    assert!(plan.warnings.iter().any(|w| w.contains("cannot be removed")), "{:?}", plan.warnings);
    let Some(Seed::Job(machine)) = plan.seed.clone() else { panic!("{plan:#?}") };
    let Machine::Visit(visit) = *machine else { panic!("a visit") };
    let (container, uid) = (visit.guest.session.container.to_string(), visit.guest.session.pod.uid);
    let mut play = Play::begin(plan);
    let body = play.open[0].1.body.clone().expect("a patch");
    assert_eq!(body["metadata"]["uid"], json!(uid.expect("pinned").to_string()));
    let with = |state: &Value| {
        json!({"metadata": {"name": "web", "namespace": "shop", "uid": uid.expect("pinned").to_string()},
               "status": {"ephemeralContainerStatuses": [{"name": container, "state": state}]}})
    };
    play.answer("patch pods/ephemeralcontainers web", reply(with(&json!({}))));
    play.pass(1_000);
    play.answer("get pods web", reply(with(&json!({"running": {}}))));
    assert_eq!((play.opened.len(), made(&play)), (1, 0));
    play.event(Event::Left("exit 0".into(), true));
    assert_eq!((play.done, play.changes, play.board().rows.len()), (1, 1, 2));
}
