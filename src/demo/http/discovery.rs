//! What the server says of itself: version, health, groups and resources, legacy and aggregated.

use serde_json::{Map, Value, json};

use super::super::kinds::{KINDS, Kind};
use super::super::status::{Outcome, Problem};
use super::accept::aggregated;
use super::answer::{Answer, answer, json as reply, text};

const VERBS: &[&str] = &["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
/// Groups that hold only reviews: (group, resource, kind, namespaced).
const REVIEWS: &[(&str, &str, &str)] = &[
    ("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview"),
    ("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview"),
    ("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview"),
];
const METRICS: &str = "metrics.k8s.io";

pub(super) fn version() -> Value {
    json!({
        "major": "1", "minor": "35", "emulationMajor": "1", "emulationMinor": "35",
        "minCompatibilityMajor": "1", "minCompatibilityMinor": "34",
        "gitVersion": "v1.35.4", "gitCommit": "demo", "gitTreeState": "clean",
        "buildDate": "1970-01-01T00:00:00Z", "goVersion": "none", "compiler": "rustc", "platform": "demo/simulated"
    })
}

pub(super) fn health(which: &str, verbose: &str) -> Answer {
    // `?verbose` has no value; its presence alone counts, but an empty value reads as absent: plain "ok" then.
    if verbose.is_empty() {
        text(200, "ok")
    } else {
        text(200, &format!("[+]ping ok\n[+]etcd ok\n[+]shutdown ok\n{which} check passed\n"))
    }
}

/// All groups with their version, in the order of the table.
fn groups() -> Vec<(&'static str, &'static str)> {
    let mut all: Vec<(&str, &str)> = Vec::new();
    let kinds = KINDS.iter().map(|k| (k.group, k.version));
    for pair in kinds.chain(REVIEWS.iter().map(|r| (r.0, "v1"))).chain([(METRICS, "v1beta1")]) {
        if !pair.0.is_empty() && !all.contains(&pair) {
            all.push(pair);
        }
    }
    all
}

pub(super) fn api(accept: &str) -> Answer {
    if aggregated(accept) {
        return discovery_list(&[("", "v1")]);
    }
    reply(
        200,
        &json!({
            "kind": "APIVersions", "versions": ["v1"],
            "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": "demo"}]
        }),
    )
}

pub(super) fn apis(accept: &str) -> Answer {
    if aggregated(accept) {
        return discovery_list(&groups());
    }
    let all: Vec<Value> = groups().into_iter().map(|(g, v)| group_value(g, v)).collect();
    reply(200, &json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": all}))
}

fn group_value(group: &str, version: &str) -> Value {
    let v = json!({"groupVersion": format!("{group}/{version}"), "version": version});
    json!({"name": group, "versions": [v], "preferredVersion": v})
}

pub(super) fn group(name: &str) -> Outcome<Answer> {
    let (group, version) = groups().into_iter().find(|(g, _)| *g == name).ok_or_else(Problem::not_served)?;
    let mut value = json!({"kind": "APIGroup", "apiVersion": "v1"});
    if let (Value::Object(into), Value::Object(from)) = (&mut value, group_value(group, version)) {
        into.extend(from);
    }
    Ok(reply(200, &value))
}

/// The kind that a subresource answers with: group, version, kind.
fn sub_kind(kind: &Kind, sub: &str) -> (&'static str, &'static str, String) {
    match sub {
        "Scale" => ("autoscaling", "v1", "Scale".to_owned()),
        "Eviction" => ("policy", "v1", "Eviction".to_owned()),
        "" => ("", "", kind.kind.to_owned()),
        other => ("", "", other.to_owned()),
    }
}

/// Legacy discovery of one group and version.
pub(super) fn resources(group: &str, version: &str) -> Outcome<Answer> {
    let mut all: Vec<Value> = Vec::new();
    for k in KINDS.iter().filter(|k| k.group == group && k.version == version) {
        let mut r = json!({
            "name": k.plural, "singularName": k.singular, "namespaced": k.namespaced, "kind": k.kind, "verbs": VERBS
        });
        if !k.short.is_empty() {
            r["shortNames"] = json!(k.short);
        }
        if !k.categories.is_empty() {
            r["categories"] = json!(k.categories);
        }
        all.push(r);
        for (sub, answers, verbs) in k.subs {
            let (g, v, kind) = sub_kind(k, answers);
            let mut r = json!({
                "name": format!("{}/{sub}", k.plural), "singularName": "", "namespaced": k.namespaced,
                "kind": kind, "verbs": verbs
            });
            if !g.is_empty() {
                r["group"] = g.into();
                r["version"] = v.into();
            }
            all.push(r);
        }
    }
    for (_, plural, kind) in REVIEWS.iter().filter(|r| r.0 == group && version == "v1") {
        let singular = plural.trim_end_matches('s');
        all.push(json!({
            "name": plural, "singularName": singular, "namespaced": false, "kind": kind, "verbs": ["create"]
        }));
    }
    if (group, version) == (METRICS, "v1beta1") {
        for (plural, kind) in [("nodes", "NodeMetrics"), ("pods", "PodMetrics")] {
            all.push(json!({
                "name": plural, "singularName": "", "namespaced": plural == "pods", "kind": kind,
                "verbs": ["get", "list"]
            }));
        }
    }
    if all.is_empty() {
        return Err(Problem::not_served());
    }
    let group_version = if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
    Ok(reply(
        200,
        &json!({
            "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group_version, "resources": all
        }),
    ))
}

fn discovery_list(groups: &[(&str, &str)]) -> Answer {
    let items: Vec<Value> = groups
        .iter()
        .map(|(group, version)| {
            let metadata = if group.is_empty() { json!({}) } else { json!({"name": group}) };
            json!({"metadata": metadata, "versions": [
                {"version": version, "resources": aggregate(group, version), "freshness": "Current"}
            ]})
        })
        .collect();
    let list = json!({"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items});
    let mut body = list.to_string().into_bytes();
    body.push(b'\n');
    answer(200, AGGREGATED, body)
}

fn aggregate(group: &str, version: &str) -> Vec<Value> {
    let scope = |namespaced: bool| if namespaced { "Namespaced" } else { "Cluster" };
    let plain = |plural: &str, kind: &str, namespaced: bool, singular: &str, verbs: &[&str]| {
        json!({
            "resource": plural, "responseKind": {"group": "", "version": "", "kind": kind},
            "scope": scope(namespaced), "singularResource": singular, "verbs": verbs
        })
    };
    let mut all = Vec::new();
    for k in KINDS.iter().filter(|k| k.group == group && k.version == version) {
        let mut r = plain(k.plural, k.kind, k.namespaced, k.singular, VERBS);
        if !k.short.is_empty() {
            r["shortNames"] = json!(k.short);
        }
        if !k.categories.is_empty() {
            r["categories"] = json!(k.categories);
        }
        if !k.subs.is_empty() {
            let subs: Vec<Map<String, Value>> = k
                .subs
                .iter()
                .map(|(sub, answers, verbs)| {
                    let (g, v, kind) = sub_kind(k, answers);
                    let mut one = Map::new();
                    one.insert("subresource".into(), (*sub).into());
                    one.insert("responseKind".into(), json!({"group": g, "version": v, "kind": kind}));
                    one.insert("verbs".into(), json!(verbs));
                    one
                })
                .collect();
            r["subresources"] = json!(subs);
        }
        all.push(r);
    }
    for (_, plural, kind) in REVIEWS.iter().filter(|r| r.0 == group) {
        all.push(plain(plural, kind, false, plural.trim_end_matches('s'), &["create"]));
    }
    if group == METRICS {
        all.push(plain("nodes", "NodeMetrics", false, "", &["get", "list"]));
        all.push(plain("pods", "PodMetrics", true, "", &["get", "list"]));
    }
    all
}
