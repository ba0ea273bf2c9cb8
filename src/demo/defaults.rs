//! The server's defaults: what an object that was written in short has when it is stored.

use serde_json::{Value, json};

use super::kinds::{CRONJOBS, DAEMONSETS, DEPLOYMENTS, JOBS, KindId, NAMESPACES, PODS, REPLICASETS, STATEFULSETS};
use super::object::{at, put, text};

#[cfg(test)]
mod tests;

/// Fills in what is missing, as the real server does before it stores an object, new or changed.
pub(crate) fn fill(kind: KindId, object: &mut Value) {
    match kind {
        NAMESPACES => return namespace(object),
        PODS => return object.get_mut("spec").into_iter().for_each(pod),
        _ => {}
    }
    let Some(spec) = object.get_mut("spec") else { return };
    match kind {
        DEPLOYMENTS => {
            let rolling = json!({"maxUnavailable": "25%", "maxSurge": "25%"});
            strategy(spec, "strategy", &rolling);
            missing(spec, &json!({"replicas": 1, "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600}));
        }
        STATEFULSETS => {
            strategy(spec, "updateStrategy", &json!({"partition": 0}));
            let keep = json!({"whenDeleted": "Retain", "whenScaled": "Retain"});
            missing(
                spec,
                &json!({"replicas": 1, "revisionHistoryLimit": 10, "podManagementPolicy": "OrderedReady",
                "persistentVolumeClaimRetentionPolicy": keep}),
            );
        }
        DAEMONSETS => {
            strategy(spec, "updateStrategy", &json!({"maxUnavailable": 1, "maxSurge": 0}));
            missing(spec, &json!({"revisionHistoryLimit": 10}));
        }
        REPLICASETS => missing(spec, &json!({"replicas": 1})),
        JOBS => job(spec),
        CRONJOBS => {
            missing(
                spec,
                &json!({"concurrencyPolicy": "Allow", "suspend": false, "successfulJobsHistoryLimit": 3,
                "failedJobsHistoryLimit": 1, "jobTemplate": {"metadata": {}}}),
            );
            return template(spec.pointer_mut("/jobTemplate/spec"));
        }
        _ => return,
    }
    template(Some(spec));
}

fn template(owner: Option<&mut Value>) {
    let Some(template) = owner.and_then(|o| o.get_mut("template")) else { return };
    missing(template, &json!({"metadata": {}}));
    template.get_mut("spec").into_iter().for_each(pod);
}

/// A namespace is protected until what is in it has gone, active, and labelled with its name.
fn namespace(object: &mut Value) {
    let label = json!({"kubernetes.io/metadata.name": text(object, "metadata/name")});
    missing(
        object,
        &json!({"spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"},
        "metadata": {"labels": label}}),
    );
}

/// A way to roll out is rolling unless another is named; only a rolling one has numbers.
fn strategy(spec: &mut Value, key: &str, numbers: &Value) {
    missing(spec, &json!({key: {"type": "RollingUpdate"}}));
    if spec[key]["type"] == "RollingUpdate" {
        missing(spec, &json!({key: {"rollingUpdate": numbers}}));
    }
}

fn job(spec: &mut Value) {
    // A job that says neither is done with its first success.
    if spec["completions"].is_null() && spec["parallelism"].is_null() {
        put(spec, "completions", 1);
    }
    missing(
        spec,
        &json!({"parallelism": 1, "backoffLimit": 6, "completionMode": "NonIndexed", "suspend": false,
        "manualSelector": false, "podReplacementPolicy": "TerminatingOrFailed"}),
    );
}

/// The defaults of a pod, and of a template's.
pub(crate) fn pod(spec: &mut Value) {
    missing(
        spec,
        &json!({"restartPolicy": "Always", "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst",
        "securityContext": {}, "schedulerName": "default-scheduler"}),
    );
    for path in ["initContainers", "containers"] {
        each(spec, path, container);
    }
    each(spec, "volumes", |volume| {
        for source in ["configMap", "secret", "projected", "downwardAPI"] {
            if volume[source].is_object() {
                missing(volume, &json!({source: {"defaultMode": 420}}));
            }
        }
    });
}

fn container(container: &mut Value) {
    let image = text(container, "image");
    let tag = image.rsplit('/').next().unwrap_or("").split_once(':').map_or("latest", |(_, tag)| tag);
    let policy = if tag == "latest" && !image.contains('@') { "Always" } else { "IfNotPresent" };
    missing(
        container,
        &json!({"resources": {}, "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File", "imagePullPolicy": policy}),
    );
    each(container, "ports", |port| missing(port, &json!({"protocol": "TCP"})));
    each(container, "env", |env| {
        if env["valueFrom"]["fieldRef"].is_object() {
            missing(env, &json!({"valueFrom": {"fieldRef": {"apiVersion": "v1"}}}));
        }
    });
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        let Some(probe) = container.get_mut(probe).filter(|p| p.is_object()) else { continue };
        missing(
            probe,
            &json!({"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1,
            "failureThreshold": 3}),
        );
        if at(probe, "httpGet").is_object() {
            missing(probe, &json!({"httpGet": {"path": "/", "scheme": "HTTP"}}));
        }
    }
}

fn each(value: &mut Value, path: &str, change: impl FnMut(&mut Value)) {
    value.get_mut(path).and_then(Value::as_array_mut).into_iter().flatten().for_each(change);
}

/// Puts what is missing and leaves what is there.
fn missing(into: &mut Value, wanted: &Value) {
    let (Value::Object(into), Value::Object(wanted)) = (into, wanted) else { return };
    for (key, value) in wanted {
        match into.get_mut(key) {
            Some(has) if !has.is_null() => missing(has, value),
            _ => _ = into.insert(key.clone(), value.clone()),
        }
    }
}
