//! Requests that change something: create, update, patch, delete.

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::Shared;
use super::super::defaults;
use super::super::kinds::{BUDGETS, JOBS, KINDS, Kind, NAMESPACES, PODS};
use super::super::life::control::follow::over_quota;
use super::super::life::ending::end;
use super::super::life::jobs;
use super::super::object::{Tree, at, key_of, list, put, text};
use super::super::proto;
use super::super::selector::Selector;
use super::super::status::{Outcome, Problem};
use super::super::story::build;
use super::super::world::{Hand, World};
use super::answer::{Answer, json as reply};
use super::list::selector;
use super::route::Target;
use super::server::Ask;
use super::{check, patch};

/// Whether the request is only to be tried out.
pub(super) fn dry(ask: &Ask) -> bool {
    ask.query.get("dryRun") == "All"
}

/// The body as JSON.
pub(super) fn body(ask: &Ask) -> Outcome<Value> {
    let binary = ask.content_type.contains("protobuf");
    if let Some(object) = binary.then(|| proto::decode::object(&ask.body)).flatten() {
        return Ok(object);
    }
    if binary || ask.content_type.contains("cbor") {
        return Err(Problem::unsupported_media(&ask.content_type, "application/json"));
    }
    serde_json::from_slice(&ask.body).map_err(|e| {
        Problem::bad_request(format!(
            "the object provided is unrecognized: couldn't get version/kind; json parse error: {e}"
        ))
    })
}

/// Whose change it is: the field manager of the request.
pub(super) fn hand(ask: &Ask, sub: &'static str) -> Hand {
    let manager = match ask.query.get("fieldManager") {
        "kubectl-edit" => "kubectl-edit",
        "kubectl-scale" => "kubectl-scale",
        "kubectl-rollout" => "kubectl-rollout",
        "kubectl-create" => "kubectl-create",
        "" => "unknown",
        other if other.starts_with("kubectl") => "kubectl",
        _ => "quarterdeck",
    };
    Hand { manager, sub }
}

/// The object with kind and apiVersion first.
pub(super) fn whole(kind: &Kind, object: &Value) -> Value {
    let mut out = json!({"kind": kind.kind, "apiVersion": kind.api_version()});
    if let (Value::Object(into), Value::Object(from)) = (&mut out, object) {
        into.extend(
            from.iter()
                .filter(|(k, _)| !matches!(k.as_str(), "kind" | "apiVersion"))
                .map(|(k, v)| (k.clone(), v.clone())),
        );
    }
    out
}

/// Answers create, update, patch and delete.
pub(super) fn write(shared: &Arc<Shared>, ask: &Ask, target: &Target, verb: &str) -> Outcome<Answer> {
    let kind = &KINDS[target.kind];
    let result = {
        let mut world = shared.lock();
        match verb {
            "create" => create(&mut world, ask, target),
            "update" | "patch" => change(&mut world, ask, target, verb),
            "delete" => delete(&mut world, ask, target),
            _ => clear(&mut world, ask, target),
        }
    };
    shared.wake();
    result.map(|(code, object)| {
        let bare = text(&object, "kind") == "Status" || text(&object, "kind").ends_with("List");
        let object = Tree::unwrap_or_clone(object);
        reply(code, &if bare { object } else { whole(kind, &kind.shown(object)) })
    })
}

type Done = Outcome<(u16, Tree)>;

fn create(world: &mut World, ask: &Ask, target: &Target) -> Done {
    let kind = &KINDS[target.kind];
    let mut object = kind.kept(body(ask)?);
    defaults::fill(target.kind, &mut object);
    let generate = text(&object, "metadata/generateName").to_owned();
    if text(&object, "metadata/name").is_empty() && !generate.is_empty() {
        let name = format!("{generate}{}", world.rng.suffix(5));
        put(&mut object, "metadata/name", name);
    }
    let name = text(&object, "metadata/name").to_owned();
    if kind.namespaced {
        put(&mut object, "metadata/namespace", target.space());
        let space = world.get(NAMESPACES, "", target.space());
        let space = space.ok_or_else(|| Problem::not_found(&KINDS[NAMESPACES], target.space()))?;
        if text(&space, "status/phase") == "Terminating" {
            let why =
                format!("unable to create new content in namespace {} because it is being terminated", target.space());
            return Err(Problem::forbidden(kind, &name, &why));
        }
    }
    check::named(kind, &object)?;
    if world.get(target.stored(), target.space(), &name).is_some() {
        return Err(Problem::exists(kind, &name));
    }
    if target.kind == PODS {
        let template = object.clone();
        let owners = at(&object, "metadata/ownerReferences").clone();
        object = build::pod(world, target.space(), &name, &template, owners);
        if let Some(why) = over_quota(world, target.space(), &object) {
            return Err(Problem::forbidden(kind, &name, &why));
        }
    } else if target.kind == BUDGETS {
        object["status"] =
            json!({"disruptionsAllowed": 0, "currentHealthy": 0, "desiredHealthy": 0, "expectedPods": 0});
    } else if object["status"].is_null() && kind.subs.iter().any(|(s, ..)| *s == "status") {
        object["status"] = json!({});
    }
    if dry(ask) {
        put(&mut object, "metadata/uid", world.rng.uid());
        put(&mut object, "metadata/creationTimestamp", world.stamp());
        return Ok((201, Tree::new(object)));
    }
    let hand = hand(ask, "");
    Ok((
        201,
        if target.kind == JOBS {
            jobs::create(world, object, hand)
        } else {
            world.create(target.stored(), object, hand)
        },
    ))
}

/// Update and patch of an object or, with `sub`, of its status only.
pub(super) fn change(world: &mut World, ask: &Ask, target: &Target, verb: &str) -> Done {
    let kind = &KINDS[target.kind];
    let name = target.name.as_deref().unwrap_or("");
    let before = world.get(target.stored(), target.space(), name).ok_or_else(|| Problem::not_found(kind, name))?;
    let mut after = match verb {
        "patch" => kind.kept(patch::apply(&kind.shown((*before).clone()), ask)?),
        _ => kind.kept(body(ask)?),
    };
    let asked = text(&after, "metadata/resourceVersion").to_owned();
    let (uid, own) = (text(&after, "metadata/uid"), text(&before, "metadata/uid"));
    if !uid.is_empty() && uid != own {
        let why = format!("Precondition failed: UID in precondition: {uid}, UID in object meta: {own}");
        return Err(Problem::conflict(kind, name, &why));
    }
    if !asked.is_empty() && asked != text(&before, "metadata/resourceVersion") {
        return Err(Problem::modified(kind, name));
    }
    if text(&after, "metadata/name") != name {
        let given = text(&after, "metadata/name");
        let told = format!("the name of the object ({given}) does not match the name on the URL ({name})");
        return Err(Problem::bad_request(told));
    }
    let of_status = target.sub.as_deref() == Some("status");
    let mut object = (*before).clone();
    if of_status {
        object["status"] = after["status"].take();
    } else {
        check::unchanged(kind, &before, &after)?;
        // The server's own fields stay what they are; status is written through its subresource only.
        for key in ["labels", "annotations", "finalizers", "ownerReferences"] {
            match after["metadata"].get(key) {
                Some(v) if !v.is_null() && v.as_array().is_none_or(|a| !a.is_empty()) => {
                    object["metadata"][key] = v.clone();
                }
                _ => super::super::object::remove(&mut object, &format!("metadata/{key}")),
            }
        }
        if let Value::Object(fields) = after {
            for (key, value) in fields {
                if !matches!(key.as_str(), "metadata" | "status" | "kind" | "apiVersion") {
                    object[key.as_str()] = value;
                }
            }
        }
    }
    defaults::fill(target.kind, &mut object);
    if dry(ask) {
        return Ok((200, Tree::new(object)));
    }
    let sub = if of_status { "status" } else { "" };
    super::super::managed::touch(kind, &before, &mut object, hand(ask, sub), &world.stamp());
    if object == *before {
        return Ok((200, before));
    }
    let lost = list(&before, "metadata/finalizers").len() > list(&object, "metadata/finalizers").len();
    if lost && let Some(object) = world.finish(target.stored(), &object) {
        return Ok((200, object));
    }
    let object = world.put(target.stored(), object);
    super::super::life::changed(world, target.stored(), &before, &object);
    Ok((200, object))
}

/// What a DELETE's body and parameters ask.
fn options(ask: &Ask) -> Outcome<Value> {
    let mut options = if ask.body.is_empty() { json!({}) } else { body(ask)? };
    if let Some(grace) = ask.query.number("gracePeriodSeconds") {
        options["gracePeriodSeconds"] = grace.into();
    }
    Ok(options)
}

/// Refuses when the preconditions do not hold.
pub(super) fn preconditions(kind: &Kind, object: &Value, options: &Value) -> Outcome<()> {
    let name = text(object, "metadata/name");
    for (key, path, word) in
        [("uid", "metadata/uid", "UID"), ("resourceVersion", "metadata/resourceVersion", "ResourceVersion")]
    {
        let (wanted, has) = (text(options, &format!("preconditions/{key}")), text(object, path));
        if !wanted.is_empty() && wanted != has {
            let why = format!(
                "the {word} in the precondition ({wanted}) does not match the {word} in record ({has}). The object might have been deleted and then recreated"
            );
            return Err(Problem::precondition(kind, name, &why));
        }
    }
    Ok(())
}

fn delete(world: &mut World, ask: &Ask, target: &Target) -> Done {
    let kind = &KINDS[target.kind];
    let name = target.name.as_deref().unwrap_or("");
    let object = world.get(target.stored(), target.space(), name).ok_or_else(|| Problem::not_found(kind, name))?;
    let options = options(ask)?;
    preconditions(kind, &object, &options)?;
    let grace = options["gracePeriodSeconds"].as_i64();
    if dry(ask) || options["dryRun"][0] == "All" {
        return Ok((200, if target.kind == PODS { object } else { Tree::new(gone(kind, &object)) }));
    }
    let orphan = text(&options, "propagationPolicy") == "Orphan";
    if orphan {
        disown(world, &object);
    }
    let last = end(world, target.stored(), &object, grace);
    // The real server gives the object of a pod or of anything that lingers, a Status for what is gone at once.
    let lingers = target.kind == PODS || world.get(target.stored(), target.space(), name).is_some();
    Ok((200, if lingers { last } else { Tree::new(gone(kind, &last)) }))
}

fn gone(kind: &Kind, object: &Value) -> Value {
    let mut details = json!({"name": text(object, "metadata/name")});
    if !kind.group.is_empty() {
        details["group"] = kind.group.into();
    }
    details["kind"] = kind.plural.into();
    details["uid"] = text(object, "metadata/uid").into();
    json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details})
}

/// Takes an owner's name off its dependents, so that they stay.
fn disown(world: &mut World, owner: &Value) {
    let (namespace, _) = key_of(owner);
    let uid = text(owner, "metadata/uid");
    for kind in 0..KINDS.len() {
        for one in world.owned(kind, &namespace, uid) {
            let (space, name) = key_of(&one);
            world.change(kind, &space, &name, super::super::world::CONTROLLER, |o| {
                super::super::object::items(o, "metadata/ownerReferences", |all| all.retain(|r| text(r, "uid") != uid));
            });
        }
    }
}

fn clear(world: &mut World, ask: &Ask, target: &Target) -> Done {
    let kind = &KINDS[target.kind];
    let chosen: Selector = selector(ask, target)?;
    let rv = world.store.rv();
    let page = world.store.page(target.stored(), &chosen, rv, None, usize::MAX);
    let items: Vec<Tree> =
        page.map(|p| p.items.iter().map(super::super::entry::Entry::value).collect()).unwrap_or_default();
    let grace = options(ask)?["gracePeriodSeconds"].as_i64();
    if !dry(ask) {
        for object in &items {
            end(world, target.stored(), object, grace);
        }
    }
    let told = json!({"kind": format!("{}List", kind.kind), "apiVersion": kind.api_version(),
        "metadata": {"resourceVersion": rv.to_string()}, "items": items});
    Ok((200, Tree::new(told)))
}
