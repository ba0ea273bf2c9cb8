//! The pod template of a workload: containers with ports, probes, environment and limits.

use serde_json::{Value, json};

use super::workloads::{Sort, Workload};

/// The template of a workload's pods, as stored after the server's defaults.
pub(crate) fn template(w: &Workload) -> Value {
    let mut labels = json!({
        "app": w.name, "app.kubernetes.io/name": w.name, "app.kubernetes.io/part-of": part(w.namespace),
        "app.kubernetes.io/managed-by": "Helm"
    });
    if w.mesh {
        labels["mesh"] = "enabled".into();
    }
    let mut spec = json!({});
    let mut volumes = vec![
        json!({"name": "config", "configMap": {"name": format!("{}-config", w.name), "defaultMode": 420}}),
        json!({"name": "tmp", "emptyDir": {}}),
    ];
    if w.sort == Sort::Deployment && matches!(w.name, "web" | "gateway" | "search" | "trainer") {
        volumes.push(json!({"name": "cache", "emptyDir": {}}));
    }
    spec["volumes"] = volumes.into();
    if w.mesh {
        spec["initContainers"] = json!([proxy()]);
    }
    spec["containers"] = json!([container(w)]);
    spec["restartPolicy"] = "Always".into();
    spec["terminationGracePeriodSeconds"] = if w.data { 60 } else { 30 }.into();
    spec["dnsPolicy"] = "ClusterFirst".into();
    spec["serviceAccountName"] = w.name.into();
    spec["securityContext"] = json!({"runAsNonRoot": true, "runAsUser": 10001, "fsGroup": 10001, "seccompProfile": {"type": "RuntimeDefault"}});
    spec["schedulerName"] = "default-scheduler".into();
    match w.sort {
        Sort::DaemonSet => spec["tolerations"] = json!([{"operator": "Exists"}]),
        _ if w.data => spec["nodeSelector"] = json!({"node-role.kubernetes.io/data": ""}),
        Sort::Deployment | Sort::StatefulSet => {
            spec["topologySpreadConstraints"] = json!([{
                "maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": {"app": w.name}}
            }]);
        }
    }
    json!({"metadata": {"labels": labels, "annotations": {
        "checksum/config": format!("{:016x}", super::super::rng::hash(w.image)), "prometheus.io/scrape": "true",
        "prometheus.io/port": w.port.to_string()
    }}, "spec": spec})
}

fn part(namespace: &str) -> &'static str {
    match namespace {
        "shop" | "staging" => "shop",
        "data" => "storage",
        _ => "platform",
    }
}

fn container(w: &Workload) -> Value {
    let probe = |path: &str, period: u32, failures: u32| {
        json!({"httpGet": {"path": path, "port": "http", "scheme": "HTTP"}, "initialDelaySeconds": 2,
            "timeoutSeconds": 1, "periodSeconds": period, "successThreshold": 1, "failureThreshold": failures})
    };
    let mut mounts = vec![
        json!({"name": "config", "readOnly": true, "mountPath": "/etc/app"}),
        json!({"name": "tmp", "mountPath": "/tmp"}),
    ];
    if w.data {
        mounts.push(json!({"name": "data", "mountPath": "/var/lib/data"}));
    }
    json!({
        "name": w.name, "image": w.image,
        "args": ["--listen", format!(":{}", w.port), "--config", "/etc/app/app.yaml", "--log-format", "json"],
        "ports": [{"name": "http", "containerPort": w.port, "protocol": "TCP"},
            {"name": "metrics", "containerPort": 9090, "protocol": "TCP"}],
        "env": environment(w),
        "resources": {
            "limits": {"memory": format!("{}Mi", w.memory * 3 / 2)},
            "requests": {"cpu": format!("{}m", w.cpu), "memory": format!("{}Mi", w.memory)}
        },
        "volumeMounts": mounts,
        "livenessProbe": probe("/livez", 10, 3),
        "readinessProbe": probe("/readyz", 5, 3),
        "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
        "imagePullPolicy": "IfNotPresent",
        "securityContext": {"capabilities": {"drop": ["ALL"]}, "readOnlyRootFilesystem": true, "allowPrivilegeEscalation": false}
    })
}

fn environment(w: &Workload) -> Value {
    json!([
        {"name": "POD_NAME", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.name"}}},
        {"name": "POD_NAMESPACE", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}},
        {"name": "NODE_NAME", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "spec.nodeName"}}},
        {"name": "GOMAXPROCS", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu", "divisor": "0"}}},
        {"name": "SERVICE", "value": w.name},
        {"name": "REGION", "value": "eu-west-1"},
        {"name": "LOG_LEVEL", "value": "info"},
        {"name": "DATABASE_URL", "valueFrom": {"secretKeyRef": {"name": format!("{}-secrets", w.name), "key": "database-url"}}},
        {"name": "OTEL_EXPORTER_OTLP_ENDPOINT", "value": "http://collector.observe.svc:4317"},
        {"name": "OTEL_RESOURCE_ATTRIBUTES", "value": format!("service.name={},deployment.environment={}", w.name, w.namespace)}
    ])
}

/// The mesh's proxy: a sidecar as they are written today.
fn proxy() -> Value {
    json!({
        "name": "mesh-proxy", "image": "registry.shop.example/mesh-proxy:1.27.3", "restartPolicy": "Always",
        "args": ["proxy", "sidecar", "--domain", "$(POD_NAMESPACE).svc.cluster.local"],
        "ports": [{"name": "http-envoy-prom", "containerPort": 15090, "protocol": "TCP"}],
        "env": [
            {"name": "POD_NAME", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.name"}}},
            {"name": "POD_NAMESPACE", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}}
        ],
        "resources": {"limits": {"memory": "256Mi"}, "requests": {"cpu": "20m", "memory": "48Mi"}},
        "startupProbe": {"httpGet": {"path": "/healthz/ready", "port": 15021, "scheme": "HTTP"}, "timeoutSeconds": 3,
            "periodSeconds": 1, "successThreshold": 1, "failureThreshold": 600},
        "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
        "imagePullPolicy": "IfNotPresent"
    })
}
