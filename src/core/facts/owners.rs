//! Who may take a change back: tools that keep objects as their own sources say, and
//! controllers. Known from labels, annotations, owner references and managedFields.

use super::{Meta, list, text};
use serde_json::Value;

/// Labels and annotations by which a tool marks what it keeps, with its words.
const MARKS: &[(&str, &str)] = &[
    ("argocd.argoproj.io/instance", "Argo CD application"),
    ("argocd.argoproj.io/tracking-id", "Argo CD application"),
    ("kustomize.toolkit.fluxcd.io/name", "Flux kustomization"),
    ("helm.toolkit.fluxcd.io/name", "Flux Helm release"),
    ("meta.helm.sh/release-name", "Helm release (at its next upgrade)"),
    ("fleet.cattle.io/bundle-id", "Fleet bundle"),
    ("objectset.rio.cattle.io/id", "Rancher's helm or addon controller"),
    ("addonmanager.kubernetes.io/mode", "the addon manager, mode"),
];

/// Names in managedFields by which such tools write.
const MANAGERS: &[(&str, &str)] = &[
    ("argocd-controller", "Argo CD"),
    ("argocd-application-controller", "Argo CD"),
    ("kustomize-controller", "Flux"),
    ("helm-controller", "Flux"),
    ("fleetagent", "Fleet"),
    ("pulumi", "Pulumi"),
    ("Terraform", "Terraform"),
    ("vpa-updater", "the vertical pod autoscaler"),
];

/// All who may take back a change to the field at `path` of an object.
#[must_use]
pub fn reverts(object: &Value, path: &[&str]) -> Vec<String> {
    let meta = &object["metadata"];
    let mut all = Vec::new();
    if let Some(o) = Meta::of(object).controller() {
        all.push(format!("{} {}, which owns it", o.kind, o.name));
    }
    for (key, words) in MARKS {
        for (place, map) in [("label", &meta["labels"]), ("annotation", &meta["annotations"])] {
            let value = text(&map[*key]);
            // Argo CD's tracking id goes on with the object's own name.
            let value = value.split(':').next().unwrap_or(value);
            if !value.is_empty() {
                all.push(format!("{words} {value} ({place} {key})"));
            }
        }
    }
    for entry in list(&meta["managedFields"]) {
        let manager = text(&entry["manager"]);
        let known = MANAGERS.iter().find(|(m, _)| *m == manager).map(|(_, name)| *name);
        let applied = text(&entry["operation"]) == "Apply";
        if !(applied || known.is_some()) || !owns(&entry["fieldsV1"], path) {
            continue;
        }
        let name = known.unwrap_or(manager);
        let how = if applied { "applies" } else { "wrote" };
        let line = format!("{name}, which {how} {} (managedFields: {manager})", path.join("."));
        // One that is named by its mark already says more so.
        if !all.iter().any(|a: &String| a.starts_with(name)) {
            all.push(line);
        }
    }
    all
}

/// Whether a manager's fields hold that path, or a part of it as a whole.
fn owns(fields: &Value, path: &[&str]) -> bool {
    let Some((first, rest)) = path.split_first() else { return fields.is_object() };
    let next = &fields[format!("f:{first}").as_str()];
    match next.as_object() {
        None => false,
        Some(leaf) if leaf.is_empty() => true,
        Some(_) => owns(next, rest),
    }
}
