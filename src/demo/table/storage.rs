//! Claims, volumes and storage classes.

use serde_json::Value;

use super::super::object::{flag, list, map, text};
use super::Moment;
use super::cell::{age, name, or};

fn modes(o: &Value, path: &str) -> String {
    let short = |mode: &Value| match mode.as_str().unwrap_or("") {
        "ReadWriteOnce" => "RWO",
        "ReadOnlyMany" => "ROX",
        "ReadWriteMany" => "RWX",
        _ => "RWOP",
    };
    list(o, path).iter().map(short).collect::<Vec<_>>().join(",")
}

fn phase(o: &Value) -> Value {
    if text(o, "metadata/deletionTimestamp").is_empty() { text(o, "status/phase") } else { "Terminating" }.into()
}

pub(crate) fn claim(o: &Value, m: Moment) -> Vec<Value> {
    let bound = !text(o, "spec/volumeName").is_empty();
    vec![
        name(o),
        phase(o),
        text(o, "spec/volumeName").into(),
        if bound { text(o, "status/capacity/storage") } else { "" }.into(),
        if bound { modes(o, "status/accessModes") } else { String::new() }.into(),
        text(o, "spec/storageClassName").into(),
        or(o, "spec/volumeAttributesClassName", "<unset>").into(),
        age(o, m),
        or(o, "spec/volumeMode", "<unset>").into(),
    ]
}

pub(crate) fn volume(o: &Value, m: Moment) -> Vec<Value> {
    let claim = match (text(o, "spec/claimRef/namespace"), text(o, "spec/claimRef/name")) {
        (_, "") => String::new(),
        (namespace, name) => format!("{namespace}/{name}"),
    };
    vec![
        name(o),
        text(o, "spec/capacity/storage").into(),
        modes(o, "spec/accessModes").into(),
        text(o, "spec/persistentVolumeReclaimPolicy").into(),
        phase(o),
        claim.into(),
        text(o, "spec/storageClassName").into(),
        or(o, "spec/volumeAttributesClassName", "<unset>").into(),
        text(o, "status/reason").into(),
        age(o, m),
        or(o, "spec/volumeMode", "<unset>").into(),
    ]
}

pub(crate) fn class(o: &Value, m: Moment) -> Vec<Value> {
    let default = map(o, "metadata/annotations")
        .and_then(|a| a.get("storageclass.kubernetes.io/is-default-class"))
        .and_then(Value::as_str)
        .unwrap_or("");
    let title = if default == "true" {
        format!("{} (default)", text(o, "metadata/name"))
    } else {
        text(o, "metadata/name").to_owned()
    };
    vec![
        title.into(),
        text(o, "provisioner").into(),
        or(o, "reclaimPolicy", "Delete").into(),
        or(o, "volumeBindingMode", "Immediate").into(),
        flag(o, "allowVolumeExpansion").into(),
        age(o, m),
    ]
}
