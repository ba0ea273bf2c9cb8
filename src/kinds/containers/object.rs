//! The slim pod that the containers table is made of.

use crate::kinds::pod::{Terminated, Waiting};
use crate::kinds::resources::Requirements;
use crate::kinds::text::{List, Str, or_default};
use crate::kinds::time::Moment;
use serde::Deserialize;

/// Slim `Pod`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Pod<'a> {
    #[serde(borrow)]
    pub metadata: Identity<'a>,
    #[serde(borrow)]
    pub spec: PodSpec<'a>,
    #[serde(borrow, deserialize_with = "or_default")]
    pub status: PodStatus<'a>,
}

/// Slim `ObjectMeta`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Identity<'a> {
    #[serde(borrow)]
    pub name: Str<'a>,
    #[serde(borrow)]
    pub namespace: Str<'a>,
    #[serde(borrow)]
    pub uid: Str<'a>,
}

/// Slim `PodSpec`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodSpec<'a> {
    #[serde(borrow)]
    pub init_containers: List<Container<'a>>,
    #[serde(borrow)]
    pub containers: List<Container<'a>>,
    #[serde(borrow)]
    pub ephemeral_containers: List<Container<'a>>,
}

/// Slim `Container`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Container<'a> {
    #[serde(borrow)]
    pub name: Str<'a>,
    #[serde(borrow)]
    pub image: Str<'a>,
    #[serde(borrow)]
    pub restart_policy: Str<'a>,
    #[serde(deserialize_with = "or_default")]
    pub resources: Requirements,
    #[serde(borrow)]
    pub ports: List<Port<'a>>,
    #[serde(borrow)]
    pub startup_probe: Option<Probe<'a>>,
    #[serde(borrow)]
    pub readiness_probe: Option<Probe<'a>>,
    #[serde(borrow)]
    pub liveness_probe: Option<Probe<'a>>,
}

/// A port it declares.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Port<'a> {
    #[serde(borrow)]
    pub name: Str<'a>,
    #[serde(rename = "containerPort")]
    pub number: i64,
    #[serde(borrow)]
    pub protocol: Str<'a>,
}

/// A probe, by how it asks; `exec` where none of these is set.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Probe<'a> {
    #[serde(borrow)]
    pub http_get: Option<Target<'a>>,
    #[serde(borrow)]
    pub tcp_socket: Option<Target<'a>>,
    #[serde(borrow)]
    pub grpc: Option<Target<'a>>,
}

/// What a probe asks.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Target<'a> {
    #[serde(borrow)]
    pub path: Str<'a>,
    #[serde(borrow)]
    pub port: PortRef<'a>,
}

/// A port by number or by name.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum PortRef<'a> {
    /// `8080`.
    Number(i64),
    /// `http`.
    #[serde(borrow)]
    Name(Str<'a>),
}

impl Default for PortRef<'_> {
    fn default() -> Self {
        Self::Number(0)
    }
}

impl std::fmt::Display for PortRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(n) => write!(f, "{n}"),
            Self::Name(n) => f.write_str(n),
        }
    }
}

/// Slim `PodStatus`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodStatus<'a> {
    #[serde(borrow, rename = "initContainerStatuses")]
    pub init: List<Status<'a>>,
    #[serde(borrow, rename = "containerStatuses")]
    pub regular: List<Status<'a>>,
    #[serde(borrow, rename = "ephemeralContainerStatuses")]
    pub ephemeral: List<Status<'a>>,
}

/// Slim `ContainerStatus`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Status<'a> {
    #[serde(borrow)]
    pub name: Str<'a>,
    #[serde(borrow, deserialize_with = "or_default")]
    pub state: State<'a>,
    #[serde(borrow, deserialize_with = "or_default")]
    pub last_state: State<'a>,
    pub ready: bool,
    pub restart_count: i64,
}

/// Slim `ContainerState`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct State<'a> {
    #[serde(borrow)]
    pub waiting: Option<Waiting<'a>>,
    pub running: Option<Running>,
    #[serde(borrow)]
    pub terminated: Option<Terminated<'a>>,
}

/// A running container.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Running {
    pub started_at: Moment,
}
