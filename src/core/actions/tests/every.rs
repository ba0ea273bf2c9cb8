//! What holds for every line of the table.

use crate::core::act::{Action, Class, Entry, Facts, Given, Patch, Reach, Seed, Values, Verb};
use crate::core::actions::ACTIONS;
use crate::core::job::{Event, Machine, Order};
use crate::core::plan::testing::{World, asked, kind, lay, node, object, owned, pod, precondition, target};
use proptest::prelude::*;
use serde_json::{Value, json};

/// One of everything an action can be done to.
fn world(shape: u8) -> World {
    let bit = |n: u8| shape & (1 << n) > 0;
    let rs = owned("ReplicaSet", "web-1");
    let mut overs = vec![json!({"metadata": {"labels": {"tier": "x"}, "annotations": {"note": "y"}}})];
    overs.extend(bit(0).then(|| rs.clone()));
    overs.extend(bit(1).then(|| json!({"status": {"phase": "Failed"}})));
    overs.extend(bit(2).then(|| json!({"metadata": {"finalizers": ["a/b"]}})));
    let template =
        json!({"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "c", "image": "web:1"}]}});
    let load = json!({
        "spec": {"replicas": 2, "paused": bit(3), "template": template, "selector": {"matchLabels": {"app": "web"}}},
        "status": {"replicas": 2, "readyReplicas": 2},
    });
    let revision = |n: &str, image: &str| {
        let mut r = owned("Deployment", "web");
        lay(
            &mut r,
            json!({"metadata": {"annotations": {"deployment.kubernetes.io/revision": n}}, "spec": {"replicas": 0, "template": template}}),
        );
        r["spec"]["template"]["spec"]["containers"][0]["image"] = image.into();
        r
    };
    let history = |owner: &str, n: i64, image: &str| {
        let mut r = owned(owner, "web");
        lay(&mut r, json!({"revision": n, "data": {"spec": {"template": template}}}));
        r["data"]["spec"]["template"]["spec"]["containers"][0]["image"] = image.into();
        r
    };
    let job = json!({
        "spec": {"selector": {"matchLabels": {"controller-uid": "x"}}, "template": template},
        "status": {"conditions": [{"type": "Failed", "status": "True"}]},
    });
    let debugger = pod("n1", &[json!({"metadata": {"labels": {"app.kubernetes.io/managed-by": "kubectl-debug"}}})]);
    let taints = json!({"spec": {"unschedulable": bit(4), "taints": [{"key": "a", "effect": "NoSchedule"}]}});
    World::default()
        .with("nodes", "n1", node(taints))
        .with("nodes", "n2", node(json!({})))
        .with("nodes", "dead", node(json!({"status": {"conditions": [{"type": "Ready", "status": "Unknown"}]}})))
        .with("namespaces", "shop", json!({"metadata": {"labels": {"a": "b"}}}))
        .with("pods", "shop/web-1-a", pod("n1", &overs))
        .with("pods", "shop/node-debugger-n1-x7k2p", debugger)
        .with("pods", "shop/done", pod("n1", &[json!({"status": {"phase": "Succeeded"}})]))
        .with("deployments.apps", "shop/web", load.clone())
        .with("statefulsets.apps", "shop/web", load.clone())
        .with("daemonsets.apps", "shop/web", load.clone())
        .with("replicasets.apps", "shop/web-1", revision("1", "web:0"))
        .with("replicasets.apps", "shop/web-2", revision("2", "web:1"))
        .with("controllerrevisions.apps", "shop/s1", history("StatefulSet", 1, "web:0"))
        .with("controllerrevisions.apps", "shop/s2", history("StatefulSet", 2, "web:1"))
        .with("controllerrevisions.apps", "shop/d1", history("DaemonSet", 1, "web:0"))
        .with("controllerrevisions.apps", "shop/d2", history("DaemonSet", 2, "web:1"))
        .with("jobs.batch", "shop/once", job.clone())
        .with(
            "cronjobs.batch",
            "shop/nightly",
            json!({"spec": {"suspend": bit(5), "jobTemplate": {"spec": {"template": template}}}}),
        )
        .with(
            "poddisruptionbudgets.policy",
            "shop/web",
            json!({"spec": {"selector": {"matchLabels": {"app": "web"}}}, "status": {"disruptionsAllowed": 1}}),
        )
        .with("configmaps", "shop/settings", json!({"metadata": {"labels": {"a": "b"}}}))
        .with("backups.demo.example.test", "shop/daily", json!({"spec": {"replicas": 1}}))
}

/// Every object of [`world`] that an action can be done to.
const OBJECTS: &[(&str, &str)] = &[
    ("nodes", "n1"),
    ("nodes", "dead"),
    ("namespaces", "shop"),
    ("pods", "shop/web-1-a"),
    ("pods", "shop/node-debugger-n1-x7k2p"),
    ("deployments.apps", "shop/web"),
    ("statefulsets.apps", "shop/web"),
    ("daemonsets.apps", "shop/web"),
    ("replicasets.apps", "shop/web-1"),
    ("jobs.batch", "shop/once"),
    ("cronjobs.batch", "shop/nightly"),
    ("configmaps", "shop/settings"),
    ("backups.demo.example.test", "shop/daily"),
];

/// Values that make an action do something.
fn values(action: &str, resource: &str) -> Values {
    let lines = |l: &[&str]| Given::Lines(l.iter().map(|s| (*s).to_owned()).collect());
    let none = Values::default();
    match action {
        "taint" => none.with("taints", lines(&["b=c:NoExecute"])),
        "label" => none.with("labels", lines(&["k=v"])),
        "annotate" => none.with("annotations", lines(&["k=a b"])),
        "scale" => none.with("replicas", Given::Text("3".into())),
        "set_image" => none.with("images", lines(&["c=web:9"])),
        "run" | "node_shell" => none.with("namespace", Given::Text("shop".into())),
        "debug_copy" => none.with("image", Given::Text("i:1".into())),
        "namespace_create" => none.with("name", Given::Text("new".into())),
        "drain" => ["force", "delete-emptydir-data"].iter().fold(none, |v, f| v.with(f, Given::Flag(true))),
        "delete" if resource == "pods" => none.with("grace-period", Given::Text("5".into())),
        _ => none,
    }
}

fn names<'a>(value: &'a Value, out: &mut Vec<&'a str>) {
    match value {
        Value::String(s) => out.push(s),
        Value::Array(all) => all.iter().for_each(|v| names(v, out)),
        Value::Object(map) => map.values().for_each(|v| names(v, out)),
        _ => {}
    }
}

/// Whether an action changes nothing but opens something: a program, a port, a copy. The API takes no
/// precondition for these and tries nothing.
fn opens(action: &Action) -> bool {
    matches!(action.spec.id, "shell" | "exec" | "attach" | "forward" | "forward_labels" | "copy_in" | "copy_out")
}

/// What a plan would send: each with the uid of its own target, or made new.
fn check(shape: u8) -> usize {
    let (world, mut done) = (world(shape), 0);
    for action in ACTIONS.iter().filter(|a| !opens(a)) {
        let mut planned = false;
        for (resource, name) in OBJECTS.iter().filter(|(r, _)| (action.applies)(&kind(r))) {
            let targets = if action.reach == Reach::None { &[][..] } else { std::slice::from_ref(name) };
            let plan = world.plan(action.spec.id, resource, targets, values(action.spec.id, resource));
            let what = format!("{} {resource}/{name}, shape {shape}: {plan:#?}", action.spec.id);
            planned |= plan.seed.is_some();
            assert!(plan.seed.is_none() || !plan.trial.is_empty() || plan.count == 0, "nothing to try: {what}");
            for (object, call) in &plan.trial {
                assert!(!call.verb.reads(), "{what}");
                let made = call.verb == Verb::Create && call.subresource.is_empty();
                assert_eq!(precondition(call), object.uid, "{call:?} of {what}");
                assert_eq!(object.uid.is_none(), made, "only what is new has no uid: {what}");
                assert_eq!(call.name.is_empty(), made, "{what}");
                // Custom kinds have no merge keys.
                let custom = object.kind.group.contains('.');
                assert!(!custom || call.verb != Verb::Patch(Patch::Strategic), "{what}");
            }
            assert!(plan.seed.is_none() || plan.blockers.is_empty(), "{what}");
            assert!(plan.kubectl.iter().all(|l| l.contains("kubectl --context prod ")), "{what}");
            assert_eq!(
                plan.seed.is_some(),
                !plan.kubectl.is_empty() && plan.blockers.is_empty() && plan.count > 0,
                "{what}"
            );
            let mut subjects: Vec<_> = plan.items.iter().map(|i| (&i.subject, &i.verdict)).collect();
            let all = subjects.len();
            subjects.sort();
            subjects.dedup();
            assert_eq!(subjects.len(), all, "said twice: {what}");
            if let Some(Seed::Job(machine)) = &plan.seed
                && let Machine::Steps(steps) = &**machine
            {
                for step in steps.steps() {
                    assert_eq!(step.record.target.uid, precondition(&step.call), "{what}");
                    assert!(
                        step.read.verb.reads() && !step.done.is_empty() && !step.record.kubectl.is_empty(),
                        "{what}"
                    );
                }
            }
            done += plan.trial.len();
        }
        // Shape 1 is made so that each action has something to do.
        assert!(
            planned || shape != 1 || action.spec.id.ends_with("resume") || action.spec.id == "uncordon",
            "{} has nothing to do",
            action.spec.id
        );
    }
    done
}

#[test]
fn every_action_pins_what_it_changes() {
    assert!(check(1) > ACTIONS.len());
}

/// Whatever a form takes as private stands in nothing that is shown, journalled or kept.
#[test]
fn what_is_private_is_told_to_the_server_alone() {
    let (world, mut seen) = (world(1), 0);
    let secret = || Given::Private(vec!["TOKEN=hunter2".into(), "a.b=hunter2".into()]);
    for action in ACTIONS {
        for (resource, name) in OBJECTS.iter().filter(|(r, _)| (action.applies)(&kind(r))) {
            let targets = if action.reach == Reach::None { &[][..] } else { std::slice::from_ref(name) };
            let asked = asked(action.spec.id, targets.iter().map(|t| target(resource, t)).collect(), Values::default());
            let form = (action.form)(&asked, &Facts::default());
            let private: Vec<_> = form.fields.into_iter().filter(|f| f.entry == Entry::Private).collect();
            let given = values(action.spec.id, resource);
            let given = private.iter().fold(given, |values, f| values.with(f.id, secret()));
            assert!(private.iter().all(|f| !given.texts().contains_key(f.id)), "{}", action.spec.id);
            let mut plan = world.plan(action.spec.id, resource, targets, given);
            let told = plan.trial.iter().any(|(_, call)| format!("{call:?}").contains("hunter2"));
            assert_eq!(told, !private.is_empty() && plan.seed.is_some(), "{}: {plan:#?}", action.spec.id);
            if let (true, Some(Seed::Job(machine))) = (told, plan.seed.take()) {
                let Machine::Visit(mut visit) = *machine else { panic!("{} is no visit", action.spec.id) };
                let orders = visit.step(0, Event::Start);
                let Some(Order::Call(_, _, Some(record))) = orders.first() else { panic!("{orders:?}") };
                assert!(!format!("{record:?}").contains("hunter2"), "{record:?}");
                assert!(record.kubectl.contains(r#" --env=TOKEN="$TOKEN" --env=a.b=VALUE"#), "{record:?}");
                seen += 1;
            }
            plan.trial.clear();
            assert!(!format!("{plan:?}").contains("hunter2"), "{}: {plan:#?}", action.spec.id);
        }
    }
    assert!(seen >= 3, "run, debug, debug copy: {seen}");
}

#[test]
fn what_opens_something_changes_nothing_and_knows_its_pod() {
    for action in ACTIONS.iter().filter(|a| opens(a)) {
        for (resource, name) in OBJECTS.iter().filter(|(r, _)| (action.applies)(&kind(r))) {
            let plan = world(1).plan(action.spec.id, resource, &[name], values(action.spec.id, resource));
            assert!(plan.trial.is_empty() && !matches!(plan.seed, Some(Seed::Job(_))), "{plan:#?}");
            if let Some(Seed::Session(session)) = &plan.seed {
                assert!(session.pod.uid.is_some(), "{plan:#?}");
            }
        }
    }
}

#[test]
fn the_reverse_of_what_is_there_already_is_offered_as_well() {
    let w = world(0b111_001);
    for (action, resource, name) in [
        ("uncordon", "nodes", "n1"),
        ("rollout_resume", "deployments.apps", "shop/web"),
        ("cronjob_resume", "cronjobs.batch", "shop/nightly"),
    ] {
        let plan = w.plan(action, resource, &[name], Values::default());
        assert!(plan.seed.is_some() && plan.class == Class::Reversible, "{plan:#?}");
    }
}

/// What was made anew since the key was pressed is another object.
#[test]
fn no_action_touches_what_was_made_anew() {
    let w = world(1);
    for action in ACTIONS.iter().filter(|a| a.reach != Reach::None && a.spec.id != "delete_finished" && !opens(a)) {
        for (resource, name) in OBJECTS.iter().filter(|(r, _)| (action.applies)(&kind(r))) {
            let mut target = target(resource, name);
            target.uid = Some(crate::core::uid::Uid::of_name("another", name));
            let asked = asked(action.spec.id, vec![target], values(action.spec.id, resource));
            let plan = crate::core::plan::testing::plan(&asked, &w.facts(&asked));
            assert!(plan.seed.is_none() && plan.trial.is_empty(), "{}: {plan:#?}", action.spec.id);
            assert!(plan.items.iter().any(|i| i.verdict == "left alone"), "{}: {plan:#?}", action.spec.id);
        }
    }
}

/// And what is gone is not there, and what cannot be read is not guessed at.
#[test]
fn no_action_does_anything_to_what_is_gone_or_cannot_be_read() {
    for action in ACTIONS.iter().filter(|a| a.reach != Reach::None && a.spec.id != "delete_finished" && !opens(a)) {
        for (resource, name) in OBJECTS.iter().filter(|(r, _)| (action.applies)(&kind(r))) {
            let values = || values(action.spec.id, resource);
            let gone = World::default().plan(action.spec.id, resource, &[name], values());
            assert!(gone.seed.is_none(), "{}: {gone:#?}", action.spec.id);
            assert!(gone.items.iter().any(|i| i.verdict == "gone"), "{}: {gone:#?}", action.spec.id);
            let blind = world(1).without(resource).plan(action.spec.id, resource, &[name], values());
            assert!(blind.seed.is_none() && !blind.blockers.is_empty(), "{}: {blind:#?}", action.spec.id);
        }
    }
}

/// A secret's values are in no word of a plan.
#[test]
fn a_secrets_values_are_nowhere_in_a_plan() {
    let secret = json!({"data": {"password": "aHVudGVyMg=="}, "metadata": {"annotations": {
        "kubectl.kubernetes.io/last-applied-configuration": "{\"stringData\":{\"password\":\"hunter2\"}}"}}});
    let w = World::default().with("secrets", "shop/login", secret);
    for action in ACTIONS.iter().filter(|a| (a.applies)(&kind("secrets"))) {
        let plan = w.plan(action.spec.id, "secrets", &["shop/login"], values(action.spec.id, "secrets"));
        let said = format!("{plan:?}");
        let sent: Vec<Value> = plan.trial.iter().filter_map(|(_, c)| c.body.as_deref().cloned()).collect();
        let mut words = Vec::new();
        sent.iter().for_each(|v| names(v, &mut words));
        for secret in ["aHVudGVyMg", "hunter2"] {
            assert!(!said.contains(secret) && !words.iter().any(|w| w.contains(secret)), "{said}");
        }
    }
    assert!(object("shop/login", json!({}))["data"].is_null());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    /// Whatever the objects look like.
    #[test]
    fn every_mutating_call_pins_its_target(shape in 0u8..64) {
        check(shape);
    }
}
