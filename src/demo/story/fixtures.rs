//! Budgets, quotas, autoscalers, the definition of the custom kind and two of its objects.

use serde_json::json;

use super::super::clock::{DAY, HOUR, Millis, rfc3339};
use super::super::kinds::{AUTOSCALERS, BACKUPS, BUDGETS, CRDS, QUOTAS};
use super::super::world::{CONTROLLER, Hand, World};

const KUBECTL: Hand = Hand { manager: "kubectl-create", sub: "" };

/// Budgets: namespace, name, least available (negative: most unavailable).
const BUDGET_LINES: &[(&str, &str, i64)] = &[
    ("shop", "web", 6),
    ("shop", "cart", -1),
    ("shop", "payments", 4),
    ("data", "postgres", 2),
    ("data", "redis", 2),
    ("data", "queue", -1),
    ("ingress", "gateway", -2),
    ("kube-system", "coredns", -1),
];

pub(crate) fn fixtures(world: &mut World, start: Millis) {
    world.pretend(Some(start - 60 * DAY));
    for (namespace, name, bound) in BUDGET_LINES {
        let mut spec = json!({"selector": {"matchLabels": {"app": name}}});
        spec[if *bound < 0 { "maxUnavailable" } else { "minAvailable" }] = bound.abs().into();
        world.create(
            BUDGETS,
            json!({"metadata": {"name": name, "namespace": namespace}, "spec": spec, "status": {}}),
            KUBECTL,
        );
    }
    for (namespace, name, hard) in [
        ("shop", "shop", json!({"pods": "80", "requests.cpu": "24", "requests.memory": "48Gi"})),
        ("staging", "staging", json!({"pods": "5", "requests.cpu": "60", "limits.memory": "400Gi"})),
    ] {
        world.create(
            QUOTAS,
            json!({"metadata": {"name": name, "namespace": namespace},
            "spec": {"hard": hard}, "status": {"hard": hard, "used": {}}}),
            KUBECTL,
        );
    }
    for (name, least, most) in [("web", 6, 14), ("catalog", 4, 10)] {
        let status = json!({"currentReplicas": 8, "desiredReplicas": 8, "currentMetrics": [{"type": "Resource",
        "resource": {"name": "cpu", "current": {"averageValue": "71m", "averageUtilization": 47}}}],
        "conditions": [
            {"type": "AbleToScale", "status": "True", "lastTransitionTime": rfc3339(start - 50 * DAY), "reason": "ReadyForNewScale", "message": "recommended size matches current size"},
            {"type": "ScalingActive", "status": "True", "lastTransitionTime": rfc3339(start - 50 * DAY), "reason": "ValidMetricFound", "message": "the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)"},
            {"type": "ScalingLimited", "status": "False", "lastTransitionTime": rfc3339(start - 3 * HOUR), "reason": "DesiredWithinRange", "message": "the desired count is within the acceptable range"}
        ]});
        world.create(
            AUTOSCALERS,
            json!({"metadata": {"name": name, "namespace": "shop"}, "spec": {
            "scaleTargetRef": {"kind": "Deployment", "name": name, "apiVersion": "apps/v1"},
            "minReplicas": least, "maxReplicas": most, "metrics": [{"type": "Resource", "resource": {
                "name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}}}]
        }, "status": status}),
            KUBECTL,
        );
    }
    definition(world);
    for (name, keep, phase, detail) in [
        ("postgres-nightly", 14, "Done", "Backup finished ✓ 备份完成"),
        ("redis-hourly", 48, "Failed", "no space left in the bucket"),
    ] {
        let (schedule, ago) = if name.contains("hourly") { ("0 * * * *", HOUR / 2) } else { ("30 2 * * *", 9 * HOUR) };
        world.create(
            BACKUPS,
            json!({"metadata": {"name": name, "namespace": "data"},
            "spec": {"schedule": schedule, "keep": keep},
            "status": {"lastRun": rfc3339(start - ago), "phase": phase, "detail": detail}}),
            KUBECTL,
        );
    }
}

fn definition(world: &mut World) {
    let column = |name: &str, kind: &str, path: &str| json!({"name": name, "type": kind, "jsonPath": path});
    let mut detail = column("Detail", "string", ".status.detail");
    detail["priority"] = 1.into();
    let names = json!({"plural": "backups", "singular": "backup", "shortNames": ["bk"], "kind": "Backup",
        "listKind": "BackupList", "categories": ["all"]});
    let now = world.stamp();
    world.create(CRDS, json!({"metadata": {"name": "backups.shop.example"}, "spec": {
        "group": "shop.example", "names": names, "scope": "Namespaced", "versions": [{
            "name": "v1", "served": true, "storage": true, "subresources": {"status": {}},
            "schema": {"openAPIV3Schema": {"type": "object", "properties": {
                "spec": {"type": "object", "properties": {"schedule": {"type": "string"}, "keep": {"type": "integer"}}},
                "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}
            }}},
            "additionalPrinterColumns": [
                column("Schedule", "string", ".spec.schedule"), column("Keep", "integer", ".spec.keep"),
                column("Last", "date", ".status.lastRun"), column("Phase", "string", ".status.phase"), detail,
                column("Age", "date", ".metadata.creationTimestamp")
            ]
        }], "conversion": {"strategy": "None"}
    }, "status": {"conditions": [
        {"type": "NamesAccepted", "status": "True", "lastTransitionTime": now, "reason": "NoConflicts", "message": "no conflicts found"},
        {"type": "Established", "status": "True", "lastTransitionTime": now, "reason": "InitialNamesAccepted", "message": "the initial names have been accepted"}
    ], "acceptedNames": names, "storedVersions": ["v1"]}}), CONTROLLER);
}
