//! Templates of generated pods: the bytes of a pod as JSON and as protobuf, with holes of fixed width.
//!
//! A pod is made once as an object with markers for what differs, encoded, and cut at the markers: writing one is a
//! copy and a dozen small overwrites. That works for protobuf because every hole keeps its length.

use serde_json::{Value, json};

use super::super::clock::rfc3339;
use super::super::kinds::{KINDS, PODS};
use super::super::life::{scheduler, status};
use super::super::object::{items, list, map, put, remove, text};
use super::super::proto;
use super::super::rng::Rng;
use super::super::story::build;
use super::super::story::template::template;
use super::super::story::workloads::{Sort, Workload};
use super::super::world::World;

/// What differs between the pods of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hole {
    /// The last letters of the name.
    Code,
    Uid,
    Owner,
    /// The number of the namespace.
    Space,
    Node,
    Ip,
    Host,
    Version,
    Created,
    Changed,
}

/// The markers: as long as what replaces them, and found nowhere else.
const MARKERS: &[(Hole, &str)] = &[
    (Hole::Code, "zqcodez"),
    (Hole::Uid, "aaaaaaaa-1111-4222-8333-zquidzquidzq"),
    (Hole::Owner, "aaaaaaaa-1111-4222-8333-zqownzqownzq"),
    (Hole::Space, "zqs"),
    (Hole::Node, "zqnod"),
    (Hole::Ip, "zqipzqipzqi"),
    (Hole::Host, "zqhosth"),
    (Hole::Version, "1999999999"),
];
/// Markers for times: seconds since 1970 whose protobuf takes five bytes, as this century's do.
const CREATED: i64 = 2_000_000_000;
const CHANGED: i64 = 2_000_000_001;

/// Bytes with holes.
#[derive(Debug, Default)]
pub(super) struct Cut {
    pub(super) bytes: Vec<u8>,
    pub(super) holes: Vec<(usize, Hole)>,
}

/// One kind of pod in one state.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(super) json: Cut,
    /// The metadata alone, as JSON.
    pub(super) metadata: Cut,
    /// The little that the cells of a Table show.
    pub(super) shown: Cut,
    pub(super) proto: Cut,
    pub(super) prefix: String,
    pub(super) labels: Vec<(String, String)>,
    pub(super) phase: &'static str,
    pub(super) ready: bool,
    pub(super) asks: (f64, f64),
    /// Running containers with what they ask for.
    pub(super) containers: Vec<(String, f64, f64)>,
}

/// All sheets: each app in each state.
#[derive(Debug)]
pub(crate) struct Apps {
    pub(super) sheets: Vec<Vec<std::sync::Arc<Sheet>>>,
    owners: Vec<(String, String, Value)>,
}

/// How indices become places.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) nodes: u32,
    pub(crate) teams: u32,
    pub(crate) apps: usize,
}

impl Plan {
    /// The uid of the replica set of a team's app.
    pub(crate) fn owner_uid(&self, team: u32, app: usize) -> String {
        Rng::keyed(self.seed, &format!("owner {team} {app}")).uid()
    }
}

/// The apps of generated pods; a fifth have a sidecar.
const APPS: &[(&str, bool)] = &[
    ("api", true),
    ("worker", false),
    ("frontend", false),
    ("indexer", false),
    ("billing", false),
    ("events", true),
    ("reports", false),
    ("importer", false),
    ("mailer", false),
    ("cache", false),
];

impl Apps {
    pub(crate) fn new(world: &mut World) -> Self {
        let mut all = Self { sheets: Vec::new(), owners: Vec::new() };
        for (name, mesh) in APPS {
            let w = Workload {
                sort: Sort::Deployment,
                namespace: "team-zqs",
                name,
                replicas: 1,
                image: "registry.shop.example/service:5.4.3",
                cpu: 100,
                memory: 192,
                port: 8080,
                mesh: *mesh,
                data: false,
                age: 1,
            };
            let template = lean(template(&w));
            let hash = build::template_hash(&template);
            let pod = pod(world, name, &template, &hash);
            all.sheets.push(vec![
                sheet(&pod, &hash).into(),
                sheet(&unready(&pod), &hash).into(),
                sheet(&crashing(&pod), &hash).into(),
            ]);
            all.owners.push(((*name).to_owned(), hash, template));
        }
        all
    }

    pub(crate) fn count(&self) -> usize {
        self.sheets.len()
    }

    /// Name, template hash and template of an app.
    pub(crate) fn owner(&self, app: usize) -> (&str, &str, &Value) {
        let (name, hash, template) = &self.owners[app];
        (name, hash, template)
    }
}

/// The template without what makes the story's pods larger than most: generated ones are to be of a usual size.
fn lean(mut template: Value) -> Value {
    remove(&mut template, "spec/topologySpreadConstraints");
    for path in ["spec/containers", "spec/initContainers"] {
        if list(&template, path).is_empty() {
            continue;
        }
        items(&mut template, path, |all| {
            for container in all {
                remove(container, "startupProbe");
                items(container, "env", |env| env.truncate(5));
                items(container, "ports", |ports| ports.truncate(1));
            }
        });
    }
    template
}

/// A running pod with the markers in place.
fn pod(world: &mut World, app: &str, template: &Value, hash: &str) -> Value {
    let marker = |hole: Hole| MARKERS.iter().find(|(h, _)| *h == hole).map_or("", |(_, m)| *m);
    let mut labelled = template.clone();
    put(&mut labelled, "metadata/labels/pod-template-hash", hash);
    let owners = json!([{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": format!("{app}-{hash}"),
        "uid": marker(Hole::Owner), "controller": true, "blockOwnerDeletion": true}]);
    let name = format!("{app}-{hash}-{}", marker(Hole::Code));
    let made = build::pod(world, "team-zqs", &name, &labelled, owners);
    let mut pod = json!({"metadata": {
        "name": name, "generateName": format!("{app}-{hash}-"), "namespace": "team-zqs", "uid": marker(Hole::Uid),
        "resourceVersion": marker(Hole::Version), "generation": 1, "creationTimestamp": rfc3339(CREATED * 1_000)
    }});
    for key in ["labels", "annotations", "ownerReferences"] {
        pod["metadata"][key] = made["metadata"][key].clone();
    }
    pod["spec"] = made["spec"].clone();
    pod["status"] = made["status"].clone();
    build::place(&mut pod, &format!("node-{}", marker(Hole::Node)), CREATED * 1_000);
    status::addresses(&mut pod, &format!("10.98.{}", marker(Hole::Host)), &format!("10.{}", marker(Hole::Ip)));
    let (inits, mains) = status::names(&pod);
    for name in inits.iter().chain(&mains) {
        status::state(&mut pod, name, status::running(CREATED * 1_000));
        status::ready(&mut pod, name, true);
    }
    status::settle(&mut pod, CREATED * 1_000);
    let hand = super::super::world::CONTROLLER;
    super::super::managed::note(&KINDS[PODS], &mut pod, hand, &rfc3339(CREATED * 1_000));
    pod
}

fn changed(pod: &Value, change: impl FnOnce(&mut Value, &str)) -> Value {
    let mut pod = pod.clone();
    let name = text(&pod, "spec/containers/0/name").to_owned();
    change(&mut pod, &name);
    status::settle(&mut pod, CHANGED * 1_000);
    pod
}

fn unready(pod: &Value) -> Value {
    changed(pod, |p, name| status::ready(p, name, false))
}

fn crashing(pod: &Value) -> Value {
    changed(pod, |p, name| {
        let id = text(status::of(p, name), "containerID").to_owned();
        status::state(
            p,
            name,
            status::waiting("CrashLoopBackOff", &format!("back-off 5m0s restarting failed container={name}")),
        );
        status::with(p, name, |c| {
            c["restartCount"] = 7.into();
            c["lastState"] = status::terminated(1, "Error", &rfc3339(CREATED * 1_000), CHANGED * 1_000, &id);
        });
    })
}

fn sheet(pod: &Value, hash: &str) -> Sheet {
    let app = text(pod, "metadata/labels/app");
    let times = |text: bool| {
        [(Hole::Created, CREATED), (Hole::Changed, CHANGED)].map(|(hole, at)| {
            let marker = if text {
                rfc3339(at * 1_000).into_bytes()
            } else {
                let mut bytes = vec![0x08];
                proto::encode::varint(at.cast_unsigned(), &mut bytes);
                bytes
            };
            (hole, marker)
        })
    };
    let running = list(pod, "status/containerStatuses").iter().filter(|c| !c["state"]["running"].is_null());
    let containers = running.map(|c| (text(c, "name").to_owned(), 0.1, 192.0 * 1024.0 * 1024.0)).collect();
    Sheet {
        json: cut(pod.to_string().into_bytes(), &times(true), 0),
        metadata: cut(pod["metadata"].to_string().into_bytes(), &times(true), 0),
        shown: cut(shown(pod).to_string().into_bytes(), &times(true), 0),
        proto: cut(proto::object(&KINDS[PODS], pod), &times(false), 1),
        prefix: format!("{app}-{hash}-"),
        labels: map(pod, "metadata/labels")
            .into_iter()
            .flatten()
            .map(|(k, v)| (k.clone(), v.as_str().unwrap_or("").to_owned()))
            .collect(),
        phase: if text(pod, "status/phase") == "Running" { "Running" } else { "Pending" },
        ready: super::super::object::condition(pod, "Ready") == "True",
        asks: scheduler::asks(pod),
        containers,
    }
}

/// What the printer of pods reads.
fn shown(pod: &Value) -> Value {
    let slim = |path: &str| {
        let all = list(pod, path).iter();
        all.map(|c| json!({"name": c["name"], "restartPolicy": c["restartPolicy"]})).collect::<Vec<_>>()
    };
    let states = |path: &str| {
        let keys = ["name", "state", "lastState", "ready", "started", "restartCount"];
        let one = |c: &Value| keys.iter().map(|k| ((*k).to_owned(), c[*k].clone())).collect::<serde_json::Map<_, _>>();
        list(pod, path).iter().map(one).collect::<Vec<_>>()
    };
    json!({
        "metadata": {"name": pod["metadata"]["name"], "creationTimestamp": pod["metadata"]["creationTimestamp"]},
        "spec": {"nodeName": pod["spec"]["nodeName"], "containers": slim("spec/containers"),
            "initContainers": slim("spec/initContainers")},
        "status": {"phase": pod["status"]["phase"], "podIP": pod["status"]["podIP"],
            "conditions": list(pod, "status/conditions").iter().map(|c| json!({"type": c["type"], "status": c["status"]})).collect::<Vec<_>>(),
            "containerStatuses": states("status/containerStatuses"),
            "initContainerStatuses": states("status/initContainerStatuses")}
    })
}

/// Finds the holes; a time's marker is preceded by `skip` bytes that stay.
fn cut(bytes: Vec<u8>, times: &[(Hole, Vec<u8>)], skip: usize) -> Cut {
    let mut holes = Vec::new();
    for (hole, marker) in MARKERS {
        holes.extend(memchr::memmem::find_iter(&bytes, marker.as_bytes()).map(|at| (at, *hole)));
    }
    for (hole, marker) in times {
        holes.extend(memchr::memmem::find_iter(&bytes, marker).map(|at| (at + skip, *hole)));
    }
    holes.sort_by_key(|(at, _)| *at);
    Cut { bytes, holes }
}
