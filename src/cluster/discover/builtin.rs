//! The kinds every server has, so that panes can ask before discovery has answered.

use crate::core::kind::Kind;
use std::sync::Arc;

/// Group, version, plural, kind, short names, whether namespaced.
type Line = (&'static str, &'static str, &'static str, &'static str, &'static [&'static str], bool);

const KINDS: &[Line] = &[
    ("", "v1", "pods", "Pod", &["po"], true),
    ("", "v1", "nodes", "Node", &["no"], false),
    ("", "v1", "events", "Event", &["ev"], true),
    ("", "v1", "namespaces", "Namespace", &["ns"], false),
    ("", "v1", "services", "Service", &["svc"], true),
    ("", "v1", "endpoints", "Endpoints", &["ep"], true),
    ("", "v1", "configmaps", "ConfigMap", &["cm"], true),
    ("", "v1", "secrets", "Secret", &[], true),
    ("", "v1", "serviceaccounts", "ServiceAccount", &["sa"], true),
    ("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", &["pvc"], true),
    ("", "v1", "persistentvolumes", "PersistentVolume", &["pv"], false),
    ("", "v1", "replicationcontrollers", "ReplicationController", &["rc"], true),
    ("", "v1", "resourcequotas", "ResourceQuota", &["quota"], true),
    ("", "v1", "limitranges", "LimitRange", &["limits"], true),
    ("apps", "v1", "deployments", "Deployment", &["deploy"], true),
    ("apps", "v1", "replicasets", "ReplicaSet", &["rs"], true),
    ("apps", "v1", "statefulsets", "StatefulSet", &["sts"], true),
    ("apps", "v1", "daemonsets", "DaemonSet", &["ds"], true),
    ("apps", "v1", "controllerrevisions", "ControllerRevision", &[], true),
    ("batch", "v1", "jobs", "Job", &[], true),
    ("batch", "v1", "cronjobs", "CronJob", &["cj"], true),
    ("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", &["hpa"], true),
    ("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", &["pdb"], true),
    ("networking.k8s.io", "v1", "ingresses", "Ingress", &["ing"], true),
    ("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", &["netpol"], true),
    ("rbac.authorization.k8s.io", "v1", "roles", "Role", &[], true),
    ("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", &[], true),
    ("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", &[], false),
    ("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", &[], false),
    ("storage.k8s.io", "v1", "storageclasses", "StorageClass", &["sc"], false),
    ("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", &["pc"], false),
    ("coordination.k8s.io", "v1", "leases", "Lease", &[], true),
    ("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", &["crd", "crds"], false),
];

const VERBS: [&str; 8] = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/// Those of them with a `/scale`.
const SCALE: [&str; 4] = ["replicationcontrollers", "deployments", "replicasets", "statefulsets"];

/// The kinds every server has.
#[must_use]
pub fn builtin_kinds() -> Vec<Arc<Kind>> {
    let kind = |&(group, version, plural, name, short, namespaced): &Line| {
        Arc::new(Kind {
            group: group.into(),
            version: version.into(),
            plural: plural.into(),
            kind: name.into(),
            singular: name.to_lowercase().into(),
            short: short.iter().map(|&s| s.into()).collect(),
            namespaced,
            verbs: VERBS.iter().map(|&v| v.into()).collect(),
            scale: SCALE.contains(&plural),
        })
    };
    KINDS.iter().map(kind).collect()
}
