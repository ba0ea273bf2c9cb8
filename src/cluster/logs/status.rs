//! What the reader of a log needs to know of a pod's containers.

use serde_json::Value;
use std::sync::Arc;

/// How a container is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Now {
    /// It has not begun, or waits to begin again, and why.
    Waiting(Arc<str>),
    /// It runs.
    Running,
    /// It has ended, and how: `exit 137 OOMKilled`.
    Ended(Arc<str>),
}

/// A container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Status {
    pub now: Now,
    /// The run whose log is served: the present one or, while the next is waited for, the last.
    pub run: Option<Arc<str>>,
    /// The run before, and how it ended.
    pub before: Option<(Arc<str>, Arc<str>)>,
    /// How often it has begun anew: of two statuses the one with more is the newer.
    pub restarts: i64,
    /// When the run whose log is served began (Unix nanoseconds, whole seconds).
    pub started: Option<i64>,
    /// Whether its pod is gone.
    pub gone: bool,
}

/// A pod with its containers: init, regular, ephemeral, each in the order of the spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pod {
    pub uid: Arc<str>,
    pub namespace: Arc<str>,
    pub name: Arc<str>,
    /// What `kubectl.kubernetes.io/default-container` names.
    pub usual: Option<Arc<str>>,
    pub containers: Vec<(Arc<str>, Status)>,
}

fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, path: &str) -> &'a [Value] {
    value.pointer(path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

impl Pod {
    /// Reads a pod; `None` if it is none.
    pub fn read(pod: &Value) -> Option<Self> {
        let name = text(pod, "/metadata/name");
        if name.is_empty() {
            return None;
        }
        let groups = [
            ("/spec/initContainers", "/status/initContainerStatuses"),
            ("/spec/containers", "/status/containerStatuses"),
            ("/spec/ephemeralContainers", "/status/ephemeralContainerStatuses"),
        ];
        let mut containers = Vec::new();
        for (specs, statuses) in groups {
            for spec in list(pod, specs) {
                let name = text(spec, "/name");
                let status = list(pod, statuses).iter().find(|s| text(s, "/name") == name);
                containers.push((name.into(), Status::read(status.unwrap_or(&Value::Null), pod)));
            }
        }
        let usual = text(pod, "/metadata/annotations/kubectl.kubernetes.io~1default-container");
        Some(Self {
            uid: text(pod, "/metadata/uid").into(),
            namespace: text(pod, "/metadata/namespace").into(),
            name: name.into(),
            usual: (!usual.is_empty()).then(|| usual.into()),
            containers,
        })
    }
}

impl Status {
    fn read(status: &Value, pod: &Value) -> Self {
        let some = |t: &str| (!t.is_empty()).then(|| Arc::<str>::from(t));
        let ended = |at: &str| {
            let state = status.pointer(at)?;
            Some((some(text(state, "/containerID")), Arc::from(exit(state))))
        };
        let before = ended("/lastState/terminated").and_then(|(id, how)| Some((id?, how)));
        let (now, run, at) = if status.pointer("/state/running").is_some_and(|s| !s.is_null()) {
            (Now::Running, some(text(status, "/containerID")), "/state/running/startedAt")
        } else if let Some((id, how)) = ended("/state/terminated") {
            (Now::Ended(how), id, "/state/terminated/startedAt")
        } else {
            let reason = match (text(status, "/state/waiting/reason"), text(pod, "/status/phase")) {
                ("", "Pending") => "Pending",
                ("", _) => "waiting",
                (reason, _) => reason,
            };
            // In back-off the server gives the log of the last run.
            let last = before.as_ref().map(|(id, _)| id.clone());
            (Now::Waiting(reason.into()), last, "/lastState/terminated/startedAt")
        };
        let before = before.filter(|(id, _)| run.as_ref() != Some(id));
        let restarts = status.get("restartCount").and_then(Value::as_i64).unwrap_or(0);
        let started = text(status, at).parse::<jiff::Timestamp>().ok();
        let started = started.and_then(|at| i64::try_from(at.as_nanosecond()).ok());
        Self { now, run, before, restarts, started, gone: false }
    }
}

/// `exit 137 OOMKilled`, `signal 9`.
fn exit(state: &Value) -> String {
    let reason = text(state, "/reason");
    let code = state.get("exitCode").and_then(Value::as_i64).unwrap_or(0);
    let how = match state.get("signal").and_then(Value::as_i64) {
        Some(signal) if signal != 0 => format!("signal {signal}"),
        _ => format!("exit {code}"),
    };
    format!("{how} {reason}").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn runs_are_told_apart() {
        let pod = json!({
            "metadata": {"name": "cart", "namespace": "shop", "uid": "u",
                "annotations": {"kubectl.kubernetes.io/default-container": "app"}},
            "spec": {"initContainers": [{"name": "setup"}], "containers": [{"name": "app"}, {"name": "mesh"}]},
            "status": {
                "phase": "Running",
                "initContainerStatuses": [{"name": "setup", "state": {"terminated": {"exitCode": 0, "reason": "Completed", "containerID": "c://s"}}}],
                "containerStatuses": [
                    {"name": "app", "containerID": "c://2", "state": {"running": {"startedAt": "x"}},
                     "lastState": {"terminated": {"exitCode": 137, "reason": "OOMKilled", "containerID": "c://1"}}},
                    {"name": "mesh", "containerID": "c://9", "state": {"waiting": {"reason": "CrashLoopBackOff"}},
                     "lastState": {"terminated": {"exitCode": 1, "reason": "Error", "containerID": "c://9"}}},
                ],
            },
        });
        let pod = Pod::read(&pod).expect("a pod");
        assert_eq!(pod.usual.as_deref(), Some("app"));
        let names: Vec<&str> = pod.containers.iter().map(|c| c.0.as_ref()).collect();
        assert_eq!(names, ["setup", "app", "mesh"]);
        let of = |i: usize| &pod.containers[i].1;
        assert_eq!((of(0).now.clone(), of(0).run.as_deref()), (Now::Ended("exit 0 Completed".into()), Some("c://s")));
        assert_eq!((of(1).now.clone(), of(1).run.as_deref()), (Now::Running, Some("c://2")));
        assert_eq!(of(1).before, Some(("c://1".into(), "exit 137 OOMKilled".into())));
        assert_eq!((of(2).now.clone(), of(2).run.as_deref()), (Now::Waiting("CrashLoopBackOff".into()), Some("c://9")));
        assert_eq!(of(2).before, None, "the last run is the one that is served");
    }
}
