//! Subresources: status, scale, eviction, binding, finalize, ephemeral containers, logs, the kubelet behind a node.

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::Shared;
use super::super::kinds::{BUDGETS, KINDS, PODS};
use super::super::life::ending::end;
use super::super::life::{ephemeral, scheduler};
use super::super::object::{Tree, int, list, map, put, text};
use super::super::remote;
use super::super::selector::Labels;
use super::super::status::{Outcome, Problem};
use super::super::world::{CONTROLLER, World};
use super::answer::{Answer, json as reply};
use super::route::Target;
use super::server::Ask;
use super::write::{body, change, dry, hand, preconditions, whole};
use super::{logs, patch, summary};

/// Answers for a subresource.
pub(super) fn sub(shared: &Arc<Shared>, ask: &Ask, target: &Target, verb: &str, sub: &str) -> Outcome<Answer> {
    let kind = &KINDS[target.kind];
    if !kind.subs.iter().any(|(name, _, verbs)| *name == sub && verbs.contains(&verb)) {
        return Err(Problem::not_allowed());
    }
    match (sub, verb) {
        ("log", "get") => return logs::logs(shared, ask, target),
        ("proxy", "get") => return summary::proxy(shared, ask, target),
        ("exec" | "attach" | "portforward", "get" | "create") => return remote::open(shared, ask, target, sub),
        _ => {}
    }
    let answer = {
        let mut world = shared.lock();
        let world = &mut *world;
        let name = target.name.as_deref().unwrap_or("");
        let object = world.get(target.kind, target.space(), name).ok_or_else(|| Problem::not_found(kind, name))?;
        match (sub, verb) {
            ("scale", "get") => reply(200, &scale_of(&object)),
            ("scale", "update" | "patch") => scale(world, ask, target, verb, &object)?,
            ("status" | "ephemeralcontainers", "get") => reply(200, &whole(kind, &object)),
            ("status", "update" | "patch") => {
                let (code, object) = change(world, ask, target, verb)?;
                reply(code, &whole(kind, &object))
            }
            ("eviction", "create") => evict(world, ask, &object)?,
            ("binding", "create") => binding(world, ask, &object)?,
            ("finalize", "update") => finalize(world, ask, target)?,
            ("ephemeralcontainers", "update" | "patch") => {
                let after = if verb == "patch" { patch::apply(&object, ask)? } else { body(ask)? };
                let uid = text(&after, "metadata/uid");
                if uid != text(&object, "metadata/uid") {
                    let told = format!("Invalid value: \"{uid}\": field is immutable");
                    return Err(Problem::invalid(kind, name, &[("metadata.uid", "FieldValueInvalid", &told)]));
                }
                if dry(ask) {
                    return Ok(reply(200, &whole(kind, &after)));
                }
                let object = ephemeral::add(world, &object, &after, hand(ask, "ephemeralcontainers"));
                reply(200, &whole(kind, &object))
            }
            _ => return Err(Problem::not_allowed()),
        }
    };
    shared.wake();
    Ok(answer)
}

fn scale_of(object: &Value) -> Value {
    let selector = map(object, "spec/selector/matchLabels").into_iter().flatten();
    let mut selector: Vec<String> = selector.map(|(k, v)| format!("{k}={}", v.as_str().unwrap_or(""))).collect();
    selector.sort();
    // A count of zero is left out, as the real server does.
    let replicas = int(object, "spec/replicas");
    let spec = if replicas == 0 { json!({}) } else { json!({"replicas": replicas}) };
    json!({
        "kind": "Scale", "apiVersion": "autoscaling/v1",
        "metadata": {
            "name": text(object, "metadata/name"), "namespace": text(object, "metadata/namespace"),
            "uid": text(object, "metadata/uid"), "resourceVersion": text(object, "metadata/resourceVersion"),
            "creationTimestamp": text(object, "metadata/creationTimestamp")
        },
        "spec": spec,
        "status": {"replicas": int(object, "status/replicas"), "selector": selector.join(",")}
    })
}

fn scale(world: &mut World, ask: &Ask, target: &Target, verb: &str, object: &Value) -> Outcome<Answer> {
    let kind = &KINDS[target.kind];
    let name = target.name.as_deref().unwrap_or("");
    let now = scale_of(object);
    let wanted = if verb == "patch" { patch::apply(&now, ask)? } else { body(ask)? };
    let asked = text(&wanted, "metadata/resourceVersion");
    if !asked.is_empty() && asked != text(object, "metadata/resourceVersion") {
        return Err(Problem::modified(kind, name));
    }
    let replicas = int(&wanted, "spec/replicas");
    if replicas < 0 {
        let told = format!("Invalid value: {replicas}: must be greater than or equal to 0");
        return Err(Problem::invalid(kind, name, &[("spec.replicas", "FieldValueInvalid", &told)]));
    }
    let mut after = Tree::new(object.clone());
    put(Tree::make_mut(&mut after), "spec/replicas", replicas);
    if !dry(ask)
        && let Some(done) =
            world.change(target.kind, target.space(), name, hand(ask, "scale"), |o| put(o, "spec/replicas", replicas))
    {
        after = done;
    }
    Ok(reply(200, &scale_of(&after)))
}

/// Evicts a pod when its budget allows it.
fn evict(world: &mut World, ask: &Ask, pod: &Value) -> Outcome<Answer> {
    let eviction = body(ask)?;
    let kind = &KINDS[PODS];
    let options = &eviction["deleteOptions"];
    let (namespace, name) = (text(pod, "metadata/namespace").to_owned(), text(pod, "metadata/name").to_owned());
    let named = text(&eviction, "metadata/name");
    if !named.is_empty() && named != name {
        return Err(Problem::bad_request(format!("name in URL does not match name in Eviction object: {named}")));
    }
    preconditions(kind, pod, options)?;
    let trying = dry(ask) || options["dryRun"][0] == "All";
    // Pods that do not run yet, have ended or are leaving anyway disturb nobody.
    let free = matches!(text(pod, "status/phase"), "Succeeded" | "Failed" | "Pending")
        || !text(pod, "metadata/deletionTimestamp").is_empty();
    let budgets: Vec<Tree> = world
        .store
        .within(BUDGETS, &namespace)
        .map(|(_, e)| e.value())
        .filter(|b| {
            let selector = Labels::of(&b["spec"]["selector"]);
            !selector.is_empty() && selector.matches(|k| pod["metadata"]["labels"][k].as_str().map(str::to_owned))
        })
        .collect();
    if !free {
        if budgets.len() > 1 {
            return Err(Problem::two_budgets());
        }
        if let Some(budget) = budgets.first() {
            allowed(pod, budget)?;
            if !trying {
                let budget_name = text(budget, "metadata/name").to_owned();
                let stamp = world.stamp();
                world.change(BUDGETS, &namespace, &budget_name, CONTROLLER, |b| {
                    let left = int(b, "status/disruptionsAllowed") - 1;
                    put(b, "status/disruptionsAllowed", left.max(0));
                    b["status"]["disruptedPods"] = json!({name.as_str(): stamp});
                });
            }
        }
    }
    if !trying {
        let now = world.now();
        let pod = world.change(PODS, &namespace, &name, CONTROLLER, |p| {
            let told = "Eviction API: evicting";
            super::super::life::status::condition(p, "DisruptionTarget", "True", "EvictionByEvictionAPI", told, now);
        });
        if let Some(pod) = pod {
            end(world, PODS, &pod, options["gracePeriodSeconds"].as_i64());
        }
    }
    Ok(reply(201, &json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201})))
}

fn allowed(pod: &Value, budget: &Value) -> Outcome<()> {
    let name = text(budget, "metadata/name");
    if int(budget, "status/observedGeneration") < int(budget, "metadata/generation") {
        return Err(Problem::over_budget(&format!(
            "The disruption budget {name} is still being processed by the server."
        )));
    }
    let (healthy, desired) = (int(budget, "status/currentHealthy"), int(budget, "status/desiredHealthy"));
    let ready = super::super::object::condition(pod, "Ready") == "True";
    let always = text(budget, "spec/unhealthyPodEvictionPolicy") == "AlwaysAllow";
    // An unready pod may go while enough healthy ones are there.
    if !ready && (always || (healthy >= desired && desired > 0)) {
        return Ok(());
    }
    if int(budget, "status/disruptionsAllowed") > 0 {
        return Ok(());
    }
    Err(Problem::over_budget(&format!(
        "The disruption budget {name} needs {desired} healthy pods and has {healthy} currently"
    )))
}

fn binding(world: &mut World, ask: &Ask, pod: &Value) -> Outcome<Answer> {
    let binding = body(ask)?;
    let node = text(&binding, "target/name");
    if !text(pod, "spec/nodeName").is_empty() {
        let why = format!(
            "pod {} is already assigned to node \"{}\"",
            text(pod, "metadata/name"),
            text(pod, "spec/nodeName")
        );
        return Err(Problem::conflict(&KINDS[PODS], text(pod, "metadata/name"), &why));
    }
    if !dry(ask) {
        scheduler::bind(world, pod, node);
    }
    Ok(reply(201, &json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201})))
}

/// Takes the finalizers of a namespace away: it goes, whatever is left in it.
fn finalize(world: &mut World, ask: &Ask, target: &Target) -> Outcome<Answer> {
    let kind = &KINDS[target.kind];
    let name = target.name.as_deref().unwrap_or("");
    let wanted = body(ask)?;
    let mut object = world.get(target.kind, "", name).ok_or_else(|| Problem::not_found(kind, name))?;
    Tree::make_mut(&mut object)["spec"]["finalizers"] = wanted["spec"]["finalizers"].clone();
    let done = list(&object, "spec/finalizers").is_empty() && !text(&object, "metadata/deletionTimestamp").is_empty();
    let object = if done {
        world.erase(target.kind, "", name)
    } else {
        Some(world.put(target.kind, Tree::unwrap_or_clone(object)))
    };
    Ok(reply(200, &whole(kind, &object.unwrap_or_default())))
}
