//! A cluster of a handful of objects that answers an action's own reads, so that a plan in a
//! test knows no more than the action asked for.

use super::{kind, lay, object, refusal, uid};
use crate::core::act::{Facts, Plan, Read, Refusal, Values};
use crate::core::cluster::{Cluster, ContextInfo};
use crate::core::kind::{ClusterId, ObjectRef};
use crate::core::uid::Uid;
use serde_json::{Value, json};
use std::sync::Arc;

/// What is served.
const SERVED: &[&str] = &[
    "pods",
    "nodes",
    "namespaces",
    "services",
    "configmaps",
    "secrets",
    "persistentvolumeclaims",
    "resourcequotas",
    "deployments.apps",
    "statefulsets.apps",
    "daemonsets.apps",
    "replicasets.apps",
    "controllerrevisions.apps",
    "jobs.batch",
    "cronjobs.batch",
    "poddisruptionbudgets.policy",
    "horizontalpodautoscalers.autoscaling",
    "backups.demo.example.test",
];

/// The objects.
#[derive(Debug, Clone, Default)]
pub struct World {
    objects: Vec<(String, Value)>,
    /// Resources whose reads are forbidden.
    pub forbidden: Vec<String>,
}

impl World {
    /// One object more: its name (`ns/name`, or `name`) and what it has beside.
    #[must_use]
    pub fn with(mut self, resource: &str, name: &str, over: Value) -> Self {
        assert!(SERVED.contains(&resource), "{resource} is not served");
        self.objects.push((resource.to_owned(), object(name, over)));
        self
    }

    /// Nobody may read these.
    #[must_use]
    pub fn without(mut self, resource: &str) -> Self {
        self.forbidden.push(resource.to_owned());
        self
    }

    /// What it says it serves.
    #[must_use]
    pub fn cluster() -> Cluster {
        let context = ContextInfo {
            name: "prod".into(),
            server: "https://10.0.0.1:6443".into(),
            user: "u".into(),
            namespace: None,
            problem: None,
        };
        Cluster::new(ClusterId(1), context, SERVED.iter().map(|s| kind(s)).collect())
    }

    fn read(&self, read: &Read) -> Result<Arc<Value>, Refusal> {
        let resource = match read {
            Read::Object(o) | Read::Sub(o, _) => o.kind.resource(),
            Read::List { kind, .. } | Read::Count(kind, _) => kind.resource(),
        };
        if self.forbidden.contains(&resource) {
            return Err(refusal(403, "Forbidden", "no"));
        }
        let mine = self.objects.iter().filter(|(r, _)| *r == resource).map(|(_, o)| o);
        match read {
            Read::Object(o) => {
                let mut found = one(mine, o)?;
                lay(&mut found, json!({"kind": o.kind.kind.as_ref()}));
                Ok(Arc::new(found))
            }
            Read::Sub(o, _) => {
                let found = one(mine, o)?;
                let replicas = found["spec"]["replicas"].clone();
                if replicas.is_null() {
                    return Err(refusal(404, "NotFound", "the server could not find the requested resource"));
                }
                // A zero is left out, as the API does.
                let spec = if replicas == json!(0) { json!({}) } else { json!({"replicas": replicas}) };
                Ok(Arc::new(json!({"kind": "Scale", "metadata": found["metadata"], "spec": spec})))
            }
            Read::Count(_, ns) => {
                Ok(Arc::new(mine.filter(|o| o["metadata"]["namespace"] == json!(ns.as_ref())).count().into()))
            }
            Read::List { kind, namespace, fields, labels } => {
                let chosen = |o: &&Value| {
                    let inside = namespace.as_deref().is_none_or(|ns| o["metadata"]["namespace"] == json!(ns));
                    let (path, value) = fields.split_once('=').unwrap_or_default();
                    let is = |p: &str| o.pointer(p).and_then(Value::as_str) == Some(value);
                    let mut pairs = labels.split(',').filter_map(|l| l.split_once('='));
                    let labelled = pairs.all(|(k, v)| o["metadata"]["labels"][k] == json!(v));
                    inside && labelled && (path.is_empty() || is(&format!("/{}", path.replace('.', "/"))))
                };
                let told = |o: &Value| {
                    let mut o = o.clone();
                    o["kind"] = kind.kind.as_ref().into();
                    o
                };
                Ok(Arc::new(mine.filter(chosen).map(told).collect()))
            }
        }
    }

    /// All an action asks for, read as the way of an action does it.
    #[must_use]
    pub fn facts(&self, asked: &crate::core::act::Asked) -> Facts {
        let (action, cluster) = (super::line(asked), Self::cluster());
        let mut facts = Facts { at: super::NOW, answers: Vec::new() };
        for _ in 0..12 {
            let wanted = (action.reads)(asked, &facts, &cluster);
            let new: Vec<_> = wanted.into_iter().filter(|r| facts.answer(r).is_none()).collect();
            if new.is_empty() {
                return facts;
            }
            for read in new {
                if facts.answer(&read).is_none() {
                    let answer = self.read(&read);
                    facts.answers.push((read, answer));
                }
            }
        }
        panic!("{} never stops reading", action.spec.id)
    }

    /// The plan of an action on objects of a resource, with the form's first values under those given.
    #[must_use]
    pub fn plan(&self, action: &str, resource: &str, names: &[&str], values: Values) -> Plan {
        let asked = super::asked(action, names.iter().map(|n| super::target(resource, n)).collect(), values);
        super::plan(&asked, &self.facts(&asked))
    }
}

fn one<'a>(mut all: impl Iterator<Item = &'a Value>, o: &ObjectRef) -> Result<Value, Refusal> {
    let is = |v: &&Value| {
        v["metadata"]["name"] == json!(o.name.as_ref())
            && v["metadata"]["namespace"].as_str().unwrap_or("") == o.namespace.as_ref()
    };
    all.find(is).cloned().ok_or_else(|| refusal(404, "NotFound", &o.name))
}

/// An owner reference to an object of that kind and name, whose uid is [`uid`] of its name.
#[must_use]
pub fn owned(kind: &str, name: &str) -> Value {
    let api = match kind {
        "Job" | "CronJob" => "batch/v1",
        "Node" | "ReplicationController" => "v1",
        _ => "apps/v1",
    };
    json!({"metadata": {"ownerReferences": [
        {"apiVersion": api, "kind": kind, "name": name, "uid": uid(name), "controller": true},
    ]}})
}

/// A pod of a node, ready, with what is laid over it.
#[must_use]
pub fn pod(node: &str, overs: &[Value]) -> Value {
    let mut p = json!({
        "metadata": {"labels": {"app": "web"}},
        "spec": {
            "nodeName": node,
            "terminationGracePeriodSeconds": 30,
            "containers": [{"name": "c", "resources": {"requests": {"cpu": "500m"}}}],
        },
        "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]},
    });
    overs.iter().for_each(|o| lay(&mut p, o.clone()));
    p
}

/// A node that is ready and has room for four pods of [`pod`].
#[must_use]
pub fn node(over: Value) -> Value {
    let mut n = json!({
        "spec": {},
        "status": {
            "conditions": [{"type": "Ready", "status": "True"}],
            "allocatable": {"cpu": "2", "pods": "110"},
        },
    });
    lay(&mut n, over);
    n
}

/// What identifies a call's target in what is sent; `None` where nothing does.
#[must_use]
pub fn precondition(call: &crate::core::act::Call) -> Option<Uid> {
    let body = call.body.as_deref()?;
    let step = |s: &&Value| s["op"] == "test" && s["path"] == "/metadata/uid";
    let texts = [
        body.pointer("/metadata/uid"),
        body.pointer("/preconditions/uid"),
        body.pointer("/deleteOptions/preconditions/uid"),
        body.as_array().and_then(|steps| steps.first()).filter(step).map(|s| &s["value"]),
    ];
    texts.into_iter().flatten().find_map(|v| v.as_str()).map(Uid::parse)
}
