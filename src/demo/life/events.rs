//! Events: told once, then counted up, as the event recorders do.

use serde_json::{Value, json};

use super::super::clock::{Millis, rfc3339, rfc3339_micro};
use super::super::kinds::{EVENTS, KINDS, KindId};
use super::super::object::{Tree, int, put, text};
use super::super::rng::hash;
use super::super::world::{Hand, World};

/// Who tells of it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Source<'a> {
    /// The kubelet of a node.
    Kubelet(&'a str),
    /// A controller.
    Controller(&'static str),
    /// The scheduler, which writes the new form.
    Scheduler,
}

/// What is told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct News<'a> {
    pub(crate) warning: bool,
    pub(crate) reason: &'a str,
    pub(crate) message: &'a str,
    /// The container it is about, or nothing.
    pub(crate) container: &'a str,
    /// How often it had happened by then: more than one only in the story's past.
    pub(crate) count: i64,
    /// When it happened first; now when 0.
    pub(crate) first: Millis,
}

impl<'a> News<'a> {
    pub(crate) fn normal(reason: &'a str, message: &'a str) -> Self {
        Self { warning: false, reason, message, container: "", count: 1, first: 0 }
    }

    pub(crate) fn warning(reason: &'a str, message: &'a str) -> Self {
        Self { warning: true, ..Self::normal(reason, message) }
    }

    pub(crate) fn of(self, container: &'a str) -> Self {
        Self { container, ..self }
    }

    pub(crate) fn times(self, count: i64, first: Millis) -> Self {
        Self { count, first, ..self }
    }
}

/// Tells it of an object.
pub(crate) fn tell(world: &mut World, kind: KindId, object: &Value, source: Source<'_>, news: News<'_>) {
    let (namespace, name) = (text(object, "metadata/namespace"), text(object, "metadata/name"));
    let home = if namespace.is_empty() { "default" } else { namespace };
    let now = world.now();
    let first = if news.first == 0 { now } else { news.first };
    let id = hash(&format!("{}{name}{}{}{}", text(object, "metadata/uid"), news.reason, news.message, news.container));
    let event = format!("{name}.{:016x}", id >> 4 | 0x18 << 56);
    if let Some(mut old) = world.get(EVENTS, home, &event).map(Tree::unwrap_or_clone) {
        let count = int(&old, "count").max(1) + 1;
        if matches!(source, Source::Scheduler) {
            put(&mut old, "series", json!({"count": count, "lastObservedTime": rfc3339_micro(now)}));
        } else {
            put(&mut old, "count", count);
            put(&mut old, "lastTimestamp", rfc3339(now));
        }
        world.put(EVENTS, old);
        return;
    }
    let k = &KINDS[kind];
    let mut involved = json!({"kind": k.kind});
    if !namespace.is_empty() {
        involved["namespace"] = namespace.into();
    }
    involved["name"] = name.into();
    // The kubelet's events of its node carry no uid from 1.35 on.
    if !(namespace.is_empty() && matches!(source, Source::Kubelet(_))) {
        involved["uid"] = text(object, "metadata/uid").into();
    }
    involved["apiVersion"] = k.api_version().into();
    if !namespace.is_empty() {
        involved["resourceVersion"] = text(object, "metadata/resourceVersion").into();
    }
    if !news.container.is_empty() {
        involved["fieldPath"] = format!("spec.containers{{{}}}", news.container).into();
    }
    let manager = match source {
        Source::Kubelet(_) => "kubelet",
        Source::Controller(_) => "kube-controller-manager",
        Source::Scheduler => "kube-scheduler",
    };
    let mut body = json!({
        "metadata": {"name": event, "namespace": home}, "involvedObject": involved,
        "reason": news.reason, "message": news.message
    });
    let (component, host) = match source {
        Source::Kubelet(node) => ("kubelet", node),
        Source::Controller(name) => (name, ""),
        Source::Scheduler => ("default-scheduler", "default-scheduler-demo"),
    };
    let new_form = matches!(source, Source::Scheduler);
    body["source"] = match source {
        Source::Kubelet(node) => json!({"component": "kubelet", "host": node}),
        Source::Controller(name) => json!({"component": name}),
        Source::Scheduler => json!({}),
    };
    body["firstTimestamp"] = if new_form { Value::Null } else { rfc3339(first).into() };
    body["lastTimestamp"] = if new_form { Value::Null } else { rfc3339(now).into() };
    if !new_form {
        body["count"] = news.count.into();
    }
    body["type"] = if news.warning { "Warning" } else { "Normal" }.into();
    body["eventTime"] = if new_form { rfc3339_micro(first).into() } else { Value::Null };
    if new_form {
        body["action"] = if news.warning { "Scheduling" } else { "Binding" }.into();
        if news.count > 1 {
            body["series"] = json!({"count": news.count, "lastObservedTime": rfc3339_micro(now)});
        }
    }
    body["reportingComponent"] = component.into();
    body["reportingInstance"] = host.into();
    world.create(EVENTS, body, Hand { manager, sub: "" });
}
