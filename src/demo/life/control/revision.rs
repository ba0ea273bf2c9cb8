//! Revisions of stateful and daemon sets: each template that was ever wanted, numbered.

use serde_json::{Value, json};

use super::super::super::kinds::{KINDS, KindId, REVISIONS};
use super::super::super::object::{int, key_of, put, text};
use super::super::super::story::build::{owner, template_hash};
use super::super::super::world::{CONTROLLER, World};

/// The label of pods and revisions that names a template.
pub(crate) const LABEL: &str = "controller-revision-hash";

/// The hash of a set's present template. A template that was wanted before has its revision still, which becomes the
/// newest, as an undo does.
pub(crate) fn current(world: &mut World, kind: KindId, set: &Value) -> String {
    let (namespace, name) = key_of(set);
    let mut template = set["spec"]["template"].clone();
    template["$patch"] = "replace".into();
    let data = json!({"spec": {"template": template}});
    let all = world.owned(REVISIONS, &namespace, text(set, "metadata/uid"));
    let newest = all.iter().map(|r| int(r, "revision")).max().unwrap_or(0);
    let Some(old) = all.iter().find(|r| r["data"] == data) else {
        return make(world, kind, set, &data, newest + 1);
    };
    let old_name = text(old, "metadata/name");
    if int(old, "revision") < newest {
        world.change(REVISIONS, &namespace, old_name, CONTROLLER, |r| r["revision"] = (newest + 1).into());
    }
    old_name.trim_start_matches(&*name).trim_start_matches('-').to_owned()
}

fn make(world: &mut World, kind: KindId, set: &Value, data: &Value, number: i64) -> String {
    let (namespace, name) = key_of(set);
    let hash = template_hash(&set["spec"]["template"]);
    let mut metadata = json!({
        "name": format!("{name}-{hash}"), "namespace": namespace,
        "labels": set["spec"]["template"]["metadata"]["labels"],
        "ownerReferences": owner(&KINDS[kind].api_version(), KINDS[kind].kind, set)
    });
    put(&mut metadata, &format!("labels/{LABEL}"), hash.clone());
    // The cause of a change is told by an annotation of the set.
    if set["metadata"]["annotations"].is_object() {
        metadata["annotations"] = set["metadata"]["annotations"].clone();
    }
    world.create(REVISIONS, json!({"metadata": metadata, "data": data, "revision": number}), CONTROLLER);
    hash
}
