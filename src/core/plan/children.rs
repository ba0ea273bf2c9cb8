//! What goes with an object: whom it owns, by owner references, and how much a namespace holds.

use super::find;
use crate::core::act::{Asked, Facts, Read};
use crate::core::cluster::Cluster;
use crate::core::facts::{Meta, text};
use crate::core::kind::{Kind, ObjectRef};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Kinds that others own.
const KINDS: &[&str] = &[
    "deployments.apps",
    "statefulsets.apps",
    "daemonsets.apps",
    "replicasets.apps",
    "cronjobs.batch",
    "jobs.batch",
    "pods",
    "services",
    "persistentvolumeclaims",
    "configmaps",
];

/// Namespaces in which dependants are looked for; of more it is said that they are not known.
const MOST_NAMESPACES: usize = 3;

/// The namespaces a deletion reaches into.
#[must_use]
pub fn spaces(asked: &Asked) -> BTreeSet<Arc<str>> {
    asked
        .targets
        .iter()
        .map(|t| if namespace(t) { &t.name } else { &t.namespace })
        .filter(|ns| !ns.is_empty())
        .cloned()
        .collect()
}

fn namespace(target: &ObjectRef) -> bool {
    target.kind.group.is_empty() && target.kind.plural.as_ref() == "namespaces"
}

/// What to read for it. Of namespaces everything is counted, of other objects the dependants are found.
#[must_use]
pub fn reads(asked: &Asked, cluster: &Cluster) -> Vec<Read> {
    let spaces = spaces(asked);
    if spaces.len() > MOST_NAMESPACES {
        return Vec::new();
    }
    if asked.targets.iter().any(namespace) {
        let kinds: Vec<_> = cluster.kinds.iter().filter(|k| counts(k)).collect();
        return spaces.iter().flat_map(|ns| kinds.iter().map(|k| Read::Count((*k).clone(), ns.clone()))).collect();
    }
    let kinds: Vec<_> = KINDS.iter().filter_map(|k| cluster.kind(k)).collect();
    spaces.iter().flat_map(|ns| kinds.iter().map(|k| find::all(k.clone(), Some(ns.clone())))).collect()
}

/// Whether objects of a kind go with their namespace and are worth a word. Events are neither.
fn counts(kind: &Kind) -> bool {
    let verb = |v: &str| kind.verbs.iter().any(|has| has.as_ref() == v);
    kind.namespaced && verb("list") && verb("delete") && kind.plural.as_ref() != "events"
}

/// What a namespace holds, `2 configmaps, 6 pods`, and what could not be counted.
#[must_use]
pub fn held(facts: &Facts, namespace: &str) -> (String, Vec<String>) {
    let (mut all, mut unknown) = (BTreeMap::new(), Vec::new());
    for (read, answer) in &facts.answers {
        let Read::Count(kind, ns) = read else { continue };
        match answer {
            _ if ns.as_ref() != namespace => {}
            Ok(n) if n.as_u64() == Some(0) => {}
            Ok(n) => drop(all.insert(kind.resource(), n.as_u64().unwrap_or(0))),
            // Discovery names what nobody serves any more.
            Err(why) if why.code == 404 => {}
            Err(why) => unknown.push(format!("how many {kind} go with {namespace}: {why}")),
        }
    }
    let words: Vec<_> = all.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
    (if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }, unknown)
}

/// An object found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// Its resource.
    pub resource: String,
    /// Its metadata.
    pub meta: Meta,
}

/// Everything read in these namespaces, and what could not be.
#[must_use]
pub fn found(asked: &Asked, facts: &Facts) -> (Vec<Child>, Vec<String>) {
    let (mut all, mut unknown) = (Vec::new(), Vec::new());
    let spaces = spaces(asked);
    if spaces.len() > MOST_NAMESPACES {
        unknown.push(format!("what goes with them: they are in {} namespaces", spaces.len()));
    }
    for ns in &spaces {
        for resource in KINDS {
            match find::listed(facts, resource, Some(ns), "") {
                Some(Ok((_, items))) => {
                    let child = |o| Child { resource: (*resource).to_owned(), meta: Meta::of(o) };
                    all.extend(items.iter().map(child));
                }
                Some(Err(why)) => unknown.push(format!("which {resource} go with it: {why}")),
                None => {}
            }
        }
    }
    (all, unknown)
}

/// Whoever depends on that uid, and whoever depends on them, in the order they are found.
/// One with another owner that stays is not among them.
#[must_use]
pub fn below<'a>(all: &'a [Child], uid: &str) -> Vec<&'a Child> {
    let mut gone = BTreeSet::from([uid.to_owned()]);
    let mut out = Vec::new();
    loop {
        let mut more = Vec::new();
        for child in all.iter().filter(|c| !gone.contains(&c.meta.uid) && !c.meta.owners.is_empty()) {
            if child.meta.owners.iter().all(|o| gone.contains(&o.uid)) {
                more.push(child);
            }
        }
        if more.is_empty() {
            return out;
        }
        gone.extend(more.iter().map(|c| c.meta.uid.clone()));
        out.extend(more);
    }
}

/// `2 replicasets.apps, 6 pods`.
#[must_use]
pub fn counted(children: &[&Child]) -> String {
    let mut counts = BTreeMap::<&str, usize>::new();
    children.iter().for_each(|c| *counts.entry(&c.resource).or_default() += 1);
    counts.iter().map(|(kind, n)| format!("{n} {kind}")).collect::<Vec<_>>().join(", ")
}

/// The Services of a namespace that send to a pod, by what was read.
#[must_use]
pub fn services(facts: &Facts, pod: &Meta) -> Vec<String> {
    let Some(Ok((_, items))) = find::listed(facts, "services", Some(&pod.namespace), "") else { return Vec::new() };
    let sends = |s: &&serde_json::Value| {
        let selector = crate::core::facts::labels(&s["spec"]["selector"]);
        !selector.is_empty() && selector.split(',').all(|pair| pod.labels.split(',').any(|l| l == pair))
    };
    items.iter().filter(sends).map(|s| text(&s["metadata"]["name"]).to_owned()).collect()
}
