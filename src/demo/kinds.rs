//! The one table of what is served: discovery, routes, selectors and printers all read it.

use serde_json::Value;

use super::newer;
use super::table::{self, Moment};

/// A subresource: its name, the kind it answers with and the verbs it takes.
pub(crate) type Sub = (&'static str, &'static str, &'static [&'static str]);

/// One kind of object.
pub(crate) struct Kind {
    pub(crate) plural: &'static str,
    pub(crate) singular: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) group: &'static str,
    pub(crate) version: &'static str,
    pub(crate) namespaced: bool,
    pub(crate) short: &'static [&'static str],
    pub(crate) categories: &'static [&'static str],
    pub(crate) subs: &'static [Sub],
    /// Field selectors beyond `metadata.name` and `metadata.namespace`: the label and the path in the object.
    pub(crate) fields: &'static [(&'static str, &'static str)],
    /// The cells of its row in a Table; the columns are in `table/columns.json`.
    pub(crate) cells: fn(&Value, Moment) -> Vec<Value>,
    /// Set when the objects are those of another kind in another form.
    pub(crate) face: Option<Face>,
}

/// Another form of a stored kind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Face {
    /// The kind that is stored.
    pub(crate) of: KindId,
    /// From the stored form.
    pub(crate) shown: fn(Value) -> Value,
    /// Back to it.
    pub(crate) kept: fn(Value) -> Value,
}

/// The place of a kind in [`KINDS`].
pub(crate) type KindId = usize;

const ALL: &[&str] = &["all"];
const RW: &[&str] = &["get", "patch", "update"];
const STATUS: Sub = ("status", "", RW);
const SESSION: &[&str] = &["create", "get"];
const SCALE: Sub = ("scale", "Scale", RW);

const fn kind(
    group: &'static str,
    version: &'static str,
    plural: &'static str,
    singular: &'static str,
    kind: &'static str,
    cells: fn(&Value, Moment) -> Vec<Value>,
) -> Kind {
    Kind {
        plural,
        singular,
        kind,
        group,
        version,
        namespaced: true,
        short: &[],
        categories: &[],
        subs: &[],
        fields: &[],
        cells,
        face: None,
    }
}

const POD_FIELDS: &[(&str, &str)] = &[
    ("spec.nodeName", "spec/nodeName"),
    ("spec.restartPolicy", "spec/restartPolicy"),
    ("spec.schedulerName", "spec/schedulerName"),
    ("spec.serviceAccountName", "spec/serviceAccountName"),
    ("spec.hostNetwork", "spec/hostNetwork"),
    ("status.phase", "status/phase"),
    ("status.podIP", "status/podIP"),
    ("status.nominatedNodeName", "status/nominatedNodeName"),
];

const EVENT_FIELDS: &[(&str, &str)] = &[
    ("involvedObject.kind", "involvedObject/kind"),
    ("involvedObject.namespace", "involvedObject/namespace"),
    ("involvedObject.name", "involvedObject/name"),
    ("involvedObject.uid", "involvedObject/uid"),
    ("involvedObject.apiVersion", "involvedObject/apiVersion"),
    ("involvedObject.resourceVersion", "involvedObject/resourceVersion"),
    ("involvedObject.fieldPath", "involvedObject/fieldPath"),
    ("reason", "reason"),
    ("reportingComponent", "reportingComponent"),
    ("source", "source/component"),
    ("type", "type"),
];

/// The same in the newer form of events, in the same order.
const NEWER_EVENT_FIELDS: &[(&str, &str)] = &[
    ("regarding.kind", "regarding/kind"),
    ("regarding.namespace", "regarding/namespace"),
    ("regarding.name", "regarding/name"),
    ("regarding.uid", "regarding/uid"),
    ("regarding.apiVersion", "regarding/apiVersion"),
    ("regarding.resourceVersion", "regarding/resourceVersion"),
    ("regarding.fieldPath", "regarding/fieldPath"),
    ("reason", "reason"),
    ("reportingController", "reportingController"),
    ("source", "deprecatedSource/component"),
    ("type", "type"),
];

const POD_SUBS: &[Sub] = &[
    ("attach", "PodAttachOptions", SESSION),
    ("binding", "Binding", &["create"]),
    ("ephemeralcontainers", "", RW),
    ("eviction", "Eviction", &["create"]),
    ("exec", "PodExecOptions", SESSION),
    ("log", "", &["get"]),
    ("portforward", "PodPortForwardOptions", SESSION),
    STATUS,
];

macro_rules! ids {
    ($($name:ident = $id:expr),* $(,)?) => { $(pub(crate) const $name: KindId = $id;)* };
}

ids! {
    NAMESPACES = 0, NODES = 1, PODS = 2, EVENTS = 3, SERVICES = 4, CONFIGMAPS = 5, SECRETS = 6, PVCS = 7, PVS = 8,
    QUOTAS = 9, ACCOUNTS = 10, DEPLOYMENTS = 11, REPLICASETS = 12, STATEFULSETS = 13, DAEMONSETS = 14, REVISIONS = 15,
    JOBS = 16, CRONJOBS = 17, ENDPOINTS = 18, BUDGETS = 19, LEASES = 20, AUTOSCALERS = 21, INGRESSES = 22,
    CLASSES = 23, CRDS = 24, BACKUPS = 25,
}

/// Everything that is served, in the order of the ids above (a test holds it).
pub(crate) static KINDS: &[Kind] = &[
    Kind {
        namespaced: false,
        short: &["ns"],
        subs: &[("finalize", "", &["update"]), STATUS],
        fields: &[("status.phase", "status/phase")],
        ..kind("", "v1", "namespaces", "namespace", "Namespace", table::basic::namespace)
    },
    Kind {
        namespaced: false,
        short: &["no"],
        subs: &[("proxy", "NodeProxyOptions", &["create", "delete", "get", "patch", "update"]), STATUS],
        fields: &[("spec.unschedulable", "spec/unschedulable")],
        ..kind("", "v1", "nodes", "node", "Node", table::node::cells)
    },
    Kind {
        short: &["po"],
        categories: ALL,
        subs: POD_SUBS,
        fields: POD_FIELDS,
        ..kind("", "v1", "pods", "pod", "Pod", table::pod::cells)
    },
    Kind { short: &["ev"], fields: EVENT_FIELDS, ..kind("", "v1", "events", "event", "Event", table::event::cells) },
    Kind {
        short: &["svc"],
        categories: ALL,
        subs: &[STATUS],
        fields: &[("spec.clusterIP", "spec/clusterIP"), ("spec.type", "spec/type")],
        ..kind("", "v1", "services", "service", "Service", table::network::service)
    },
    Kind { short: &["cm"], ..kind("", "v1", "configmaps", "configmap", "ConfigMap", table::basic::config_map) },
    Kind { fields: &[("type", "type")], ..kind("", "v1", "secrets", "secret", "Secret", table::basic::secret) },
    Kind {
        short: &["pvc"],
        subs: &[STATUS],
        ..kind(
            "",
            "v1",
            "persistentvolumeclaims",
            "persistentvolumeclaim",
            "PersistentVolumeClaim",
            table::storage::claim,
        )
    },
    Kind {
        namespaced: false,
        short: &["pv"],
        subs: &[STATUS],
        ..kind("", "v1", "persistentvolumes", "persistentvolume", "PersistentVolume", table::storage::volume)
    },
    Kind {
        short: &["quota"],
        subs: &[STATUS],
        ..kind("", "v1", "resourcequotas", "resourcequota", "ResourceQuota", table::basic::quota)
    },
    Kind {
        short: &["sa"],
        ..kind("", "v1", "serviceaccounts", "serviceaccount", "ServiceAccount", table::basic::plain)
    },
    Kind {
        short: &["deploy"],
        categories: ALL,
        subs: &[SCALE, STATUS],
        ..kind("apps", "v1", "deployments", "deployment", "Deployment", table::workload::deployment)
    },
    Kind {
        short: &["rs"],
        categories: ALL,
        subs: &[SCALE, STATUS],
        fields: &[("status.replicas", "status/replicas")],
        ..kind("apps", "v1", "replicasets", "replicaset", "ReplicaSet", table::workload::replica_set)
    },
    Kind {
        short: &["sts"],
        categories: ALL,
        subs: &[SCALE, STATUS],
        ..kind("apps", "v1", "statefulsets", "statefulset", "StatefulSet", table::workload::stateful_set)
    },
    Kind {
        short: &["ds"],
        categories: ALL,
        subs: &[STATUS],
        ..kind("apps", "v1", "daemonsets", "daemonset", "DaemonSet", table::workload::daemon_set)
    },
    kind("apps", "v1", "controllerrevisions", "controllerrevision", "ControllerRevision", table::workload::revision),
    Kind {
        categories: ALL,
        subs: &[STATUS],
        fields: &[("status.successful", "status/succeeded")],
        ..kind("batch", "v1", "jobs", "job", "Job", table::batch::job)
    },
    Kind {
        short: &["cj"],
        categories: ALL,
        subs: &[STATUS],
        ..kind("batch", "v1", "cronjobs", "cronjob", "CronJob", table::batch::cron_job)
    },
    kind("discovery.k8s.io", "v1", "endpointslices", "endpointslice", "EndpointSlice", table::network::endpoint_slice),
    Kind {
        short: &["pdb"],
        subs: &[STATUS],
        ..kind(
            "policy",
            "v1",
            "poddisruptionbudgets",
            "poddisruptionbudget",
            "PodDisruptionBudget",
            table::basic::budget,
        )
    },
    kind("coordination.k8s.io", "v1", "leases", "lease", "Lease", table::basic::lease),
    Kind {
        short: &["hpa"],
        categories: ALL,
        subs: &[STATUS],
        ..kind(
            "autoscaling",
            "v2",
            "horizontalpodautoscalers",
            "horizontalpodautoscaler",
            "HorizontalPodAutoscaler",
            table::workload::autoscaler,
        )
    },
    Kind {
        short: &["ing"],
        subs: &[STATUS],
        ..kind("networking.k8s.io", "v1", "ingresses", "ingress", "Ingress", table::network::ingress)
    },
    Kind {
        namespaced: false,
        short: &["sc"],
        ..kind("storage.k8s.io", "v1", "storageclasses", "storageclass", "StorageClass", table::storage::class)
    },
    Kind {
        namespaced: false,
        short: &["crd", "crds"],
        categories: &["api-extensions"],
        subs: &[STATUS],
        ..kind(
            "apiextensions.k8s.io",
            "v1",
            "customresourcedefinitions",
            "customresourcedefinition",
            "CustomResourceDefinition",
            table::basic::definition,
        )
    },
    Kind {
        short: &["bk"],
        categories: ALL,
        subs: &[STATUS],
        ..kind("shop.example", "v1", "backups", "backup", "Backup", table::basic::backup)
    },
    Kind {
        short: &["ev"],
        fields: NEWER_EVENT_FIELDS,
        face: Some(newer::EVENTS),
        ..kind("events.k8s.io", "v1", "events", "event", "Event", table::event::cells)
    },
];

impl Kind {
    /// `v1` or `apps/v1`.
    pub(crate) fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.to_owned() } else { format!("{}/{}", self.group, self.version) }
    }

    /// `pods` or `deployments.apps`, as messages name it.
    pub(crate) fn qualified(&self) -> String {
        if self.group.is_empty() { self.plural.to_owned() } else { format!("{}.{}", self.plural, self.group) }
    }

    /// `Pod` or `Deployment.apps`, as validation names it.
    pub(crate) fn kind_and_group(&self) -> String {
        if self.group.is_empty() { self.kind.to_owned() } else { format!("{}.{}", self.kind, self.group) }
    }

    /// An object in the form of this kind.
    pub(crate) fn shown(&self, stored: Value) -> Value {
        match self.face {
            Some(face) => (face.shown)(stored),
            None => stored,
        }
    }

    /// An object in the form in which it is stored.
    pub(crate) fn kept(&self, given: Value) -> Value {
        match self.face {
            Some(face) => (face.kept)(given),
            None => given,
        }
    }

    /// Whether it comes from a CRD: such items carry kind and apiVersion in lists too.
    pub(crate) fn custom(&self) -> bool {
        self.group == "shop.example"
    }

    /// Whether the real server keeps a watch cache for it: events have none, so no bookmarks either.
    pub(crate) fn cached(&self) -> bool {
        self.plural != "events"
    }
}

/// The kind that a path names.
pub(crate) fn by_path(group: &str, version: &str, plural: &str) -> Option<KindId> {
    KINDS.iter().position(|k| k.group == group && k.version == version && k.plural == plural)
}

/// The kind that an object or an owner reference names.
pub(crate) fn by_kind(api_version: &str, kind: &str) -> Option<KindId> {
    KINDS.iter().position(|k| k.kind == kind && k.api_version() == api_version)
}
