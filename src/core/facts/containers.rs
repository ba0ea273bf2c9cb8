//! The containers of a pod: which there are, how they are, which is meant where none is named.

use super::{list, text};
use serde_json::Value;

/// Which list a container stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// `initContainers`.
    Init,
    /// `containers`.
    Regular,
    /// `ephemeralContainers`.
    Ephemeral,
}

/// How a container is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// It runs.
    Running,
    /// It does not run yet: why, if that is known.
    Waiting(String),
    /// It has ended: why, and its exit code.
    Ended(String, i64),
    /// Nobody has told.
    Unknown,
}

/// A container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// Its name.
    pub name: String,
    /// Its image.
    pub image: String,
    /// Which list it stands in.
    pub sort: Sort,
    /// Whether it reads input.
    pub stdin: bool,
    /// Whether it has a terminal.
    pub tty: bool,
    /// Its ports, with their names.
    pub ports: Vec<(u16, String)>,
    /// How it is.
    pub condition: Condition,
}

/// The annotation that names the container meant where none is named.
const DEFAULT: &str = "kubectl.kubernetes.io/default-container";

impl Container {
    /// All of a pod: regular ones first, as users count them.
    #[must_use]
    pub fn all(pod: &Value) -> Vec<Self> {
        let lists = [
            (Sort::Regular, "containers", "containerStatuses"),
            (Sort::Init, "initContainers", "initContainerStatuses"),
            (Sort::Ephemeral, "ephemeralContainers", "ephemeralContainerStatuses"),
        ];
        let of = |(sort, spec, status): (Sort, &str, &str)| -> Vec<Self> {
            let statuses = list(&pod["status"][status]);
            let one = |c: &Value| {
                let told = statuses.iter().find(|s| s["name"] == c["name"]);
                let ports = list(&c["ports"]).iter().filter_map(|p| {
                    let number = u16::try_from(p["containerPort"].as_u64()?).ok()?;
                    Some((number, text(&p["name"]).to_owned()))
                });
                Self {
                    name: text(&c["name"]).to_owned(),
                    image: text(&c["image"]).to_owned(),
                    sort,
                    stdin: c["stdin"].as_bool().unwrap_or(false),
                    tty: c["tty"].as_bool().unwrap_or(false),
                    ports: ports.collect(),
                    condition: told.map_or(Condition::Unknown, |s| condition(&s["state"])),
                }
            };
            list(&pod["spec"][spec]).iter().map(one).collect()
        };
        lists.into_iter().flat_map(of).collect()
    }

    /// The one that is meant where none is named: by the pod's annotation, else the first.
    #[must_use]
    pub fn usual(pod: &Value) -> Option<String> {
        let named = text(&pod["metadata"]["annotations"][DEFAULT]);
        let all = Self::all(pod);
        let found = all.iter().find(|c| c.name == named).or_else(|| all.iter().find(|c| c.sort == Sort::Regular));
        found.map(|c| c.name.clone())
    }

    /// Whether a pod's annotation says which container is meant.
    #[must_use]
    pub fn named(pod: &Value) -> bool {
        !text(&pod["metadata"]["annotations"][DEFAULT]).is_empty()
    }

    /// Why nothing can be run in it now, if so.
    #[must_use]
    pub fn still(&self) -> Option<String> {
        match &self.condition {
            Condition::Running | Condition::Unknown => None,
            Condition::Waiting(why) if why.is_empty() => Some("does not run yet".into()),
            Condition::Waiting(why) => Some(format!("does not run: {why}")),
            Condition::Ended(why, code) if why.is_empty() => Some(format!("has ended with exit code {code}")),
            Condition::Ended(why, code) => Some(format!("has ended: {why}, exit code {code}")),
        }
    }
}

fn condition(state: &Value) -> Condition {
    if state["running"].is_object() {
        return Condition::Running;
    }
    if state["terminated"].is_object() {
        let ended = &state["terminated"];
        return Condition::Ended(text(&ended["reason"]).to_owned(), ended["exitCode"].as_i64().unwrap_or(0));
    }
    if state["waiting"].is_object() {
        return Condition::Waiting(text(&state["waiting"]["reason"]).to_owned());
    }
    Condition::Unknown
}

/// Whether a pod runs Windows, by what it says of itself.
#[must_use]
pub fn windows(pod: &Value) -> bool {
    text(&pod["spec"]["os"]["name"]) == "windows" || text(&pod["spec"]["nodeSelector"]["kubernetes.io/os"]) == "windows"
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pod() -> Value {
        json!({
            "metadata": {"annotations": {}},
            "spec": {
                "initContainers": [{"name": "setup", "image": "i"}],
                "containers": [{"name": "web", "image": "w", "ports": [{"containerPort": 8080, "name": "http"}]},
                               {"name": "proxy", "image": "p", "stdin": true, "tty": true}],
                "ephemeralContainers": [{"name": "debugger-x", "image": "busybox"}]
            },
            "status": {
                "containerStatuses": [{"name": "web", "state": {"running": {}}},
                                      {"name": "proxy", "state": {"waiting": {"reason": "CrashLoopBackOff"}}}],
                "initContainerStatuses": [{"name": "setup", "state": {"terminated": {"reason": "Completed", "exitCode": 0}}}]
            }
        })
    }

    #[test]
    fn all_are_listed_with_how_they_are() {
        let all = Container::all(&pod());
        let told: Vec<_> = all.iter().map(|c| (c.name.as_str(), c.sort, c.still())).collect();
        assert_eq!(
            told,
            [
                ("web", Sort::Regular, None),
                ("proxy", Sort::Regular, Some("does not run: CrashLoopBackOff".into())),
                ("setup", Sort::Init, Some("has ended: Completed, exit code 0".into())),
                ("debugger-x", Sort::Ephemeral, None),
            ]
        );
        assert_eq!(all[0].ports, [(8080, "http".to_owned())]);
        assert!(all[1].stdin && all[1].tty);
    }

    #[test]
    fn the_usual_one_is_the_annotations_or_the_first() {
        let mut pod = pod();
        assert_eq!((Container::usual(&pod).as_deref(), Container::named(&pod)), (Some("web"), false));
        pod["metadata"]["annotations"][DEFAULT] = "proxy".into();
        assert_eq!((Container::usual(&pod).as_deref(), Container::named(&pod)), (Some("proxy"), true));
        pod["metadata"]["annotations"][DEFAULT] = "gone".into();
        assert_eq!(Container::usual(&pod).as_deref(), Some("web"));
    }
}
