//! A pod: who manages it, what it keeps on its node, how it is.

use super::{Meta, Room, Toleration, list, text};
use serde_json::Value;

/// A pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pod {
    /// Its metadata.
    pub meta: Meta,
    /// The node it is on; empty if none yet.
    pub node: String,
    /// `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`.
    pub phase: String,
    /// Whether its `Ready` condition is true.
    pub ready: bool,
    /// Whether the kubelet made it of a file: the API shows its mirror only.
    pub mirror: bool,
    /// Names of its `emptyDir` volumes.
    pub empty_dirs: Vec<String>,
    /// Paths of its `hostPath` volumes.
    pub host_paths: Vec<String>,
    /// Claims it uses.
    pub claims: Vec<String>,
    /// Ports it takes on its node.
    pub host_ports: Vec<i64>,
    /// What the scheduler counts for it.
    pub asks: Room,
    /// What it bears.
    pub tolerations: Vec<Toleration>,
    /// Labels its node must have.
    pub node_selector: Vec<(String, String)>,
    /// Whether something finer than that decides where it may run: affinity, spread.
    pub picky: bool,
    /// Its own seconds of grace.
    pub grace: i64,
    /// Why the scheduler has not placed it; empty if it has, or has not said.
    pub unplaced: String,
}

impl Pod {
    /// Of an object.
    #[must_use]
    pub fn of(pod: &Value) -> Self {
        let (spec, status) = (&pod["spec"], &pod["status"]);
        let volumes = list(&spec["volumes"]);
        let named = |kind: &'static str, path: &'static str| -> Vec<String> {
            let with = volumes.iter().filter(|v| !v[kind].is_null());
            with.map(|v| text(v.pointer(path).unwrap_or(&Value::Null)).to_owned()).collect()
        };
        let condition = |kind: &str| list(&status["conditions"]).iter().find(|c| text(&c["type"]) == kind);
        let unplaced = condition("PodScheduled").filter(|c| text(&c["status"]) == "False");
        let containers = || list(&spec["containers"]).iter().chain(list(&spec["initContainers"]));
        let ports = containers().flat_map(|c| list(&c["ports"])).filter_map(|p| p["hostPort"].as_i64());
        let affinity = &spec["affinity"];
        Self {
            meta: Meta::of(pod),
            node: text(&spec["nodeName"]).into(),
            phase: text(&status["phase"]).into(),
            ready: condition("Ready").is_some_and(|c| text(&c["status"]) == "True"),
            mirror: !pod["metadata"]["annotations"]["kubernetes.io/config.mirror"].is_null(),
            empty_dirs: named("emptyDir", "/name"),
            host_paths: named("hostPath", "/hostPath/path"),
            claims: named("persistentVolumeClaim", "/persistentVolumeClaim/claimName"),
            host_ports: ports.filter(|p| *p > 0).collect(),
            asks: Room::asked(spec),
            tolerations: Toleration::all(spec),
            node_selector: map(&spec["nodeSelector"]),
            picky: ["nodeAffinity", "podAffinity", "podAntiAffinity"].iter().any(|k| affinity[*k].is_object())
                || !list(&spec["topologySpreadConstraints"]).is_empty(),
            grace: spec["terminationGracePeriodSeconds"].as_i64().unwrap_or(30),
            unplaced: unplaced.map(|c| text(&c["message"]).to_owned()).unwrap_or_default(),
        }
    }

    /// `namespace/name`.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("{}/{}", self.meta.namespace, self.meta.name)
    }

    /// Whether it has ended, well or not.
    #[must_use]
    pub fn finished(&self) -> bool {
        matches!(self.phase.as_str(), "Succeeded" | "Failed")
    }

    /// Whether a `DaemonSet` manages it.
    #[must_use]
    pub fn of_daemon_set(&self) -> bool {
        self.meta.controller().is_some_and(|o| o.kind == "DaemonSet" && o.api_version == "apps/v1")
    }
}

fn map(map: &Value) -> Vec<(String, String)> {
    map.as_object().into_iter().flatten().map(|(k, v)| (k.clone(), text(v).to_owned())).collect()
}
