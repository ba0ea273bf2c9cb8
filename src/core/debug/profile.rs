//! kubectl's debugging profiles: what each makes of a container and its pod (kubectl 1.35, `pkg/cmd/debug/profiles.go`).

use serde_json::{Map, Value, json};

/// How much a debugging container may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// What each way of debugging mostly needs.
    General,
    /// What Pod Security's baseline level lets through.
    Baseline,
    /// What its restricted level lets through.
    Restricted,
    /// Networks may be looked at and changed.
    Netadmin,
    /// Privileged.
    Sysadmin,
}

/// What a container is brought into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A pod that runs already.
    Ephemeral,
    /// A copy of a pod.
    Copy,
    /// A pod on a node, to look at the node.
    Node,
    /// A pod of its own.
    Run,
}

impl Style {
    /// What a pod of ours says that it is for.
    #[must_use]
    pub fn component(self) -> &'static str {
        match self {
            Self::Ephemeral => "debug",
            Self::Copy => "debug-copy",
            Self::Node => "node-shell",
            Self::Run => "run",
        }
    }
}

impl Profile {
    /// All, the usual one first.
    pub const ALL: [Self; 5] = [Self::General, Self::Baseline, Self::Restricted, Self::Netadmin, Self::Sysadmin];

    /// As `--profile` has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Baseline => "baseline",
            Self::Restricted => "restricted",
            Self::Netadmin => "netadmin",
            Self::Sysadmin => "sysadmin",
        }
    }

    /// The one of that name; the usual one for any other.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|p| p.name() == name).unwrap_or(Self::General)
    }

    /// Whether it grants what a container does not have by itself.
    #[must_use]
    pub fn elevates(self) -> bool {
        matches!(self, Self::Netadmin | Self::Sysadmin)
    }

    /// Makes a container what it says.
    pub fn secure(self, style: Style, container: &mut Value) {
        let context = &mut container["securityContext"];
        match (self, style) {
            (Self::General, Style::Ephemeral | Style::Copy) => add(context, &["SYS_PTRACE"]),
            (Self::General, Style::Run) => {}
            (Self::General, Style::Node) | (Self::Baseline, _) => *context = Value::Null,
            (Self::Restricted, _) => {
                *context = json!({
                    "runAsNonRoot": true,
                    "capabilities": {"drop": ["ALL"]},
                    "allowPrivilegeEscalation": false,
                    "seccompProfile": {"type": "RuntimeDefault"},
                });
            }
            (Self::Netadmin, _) => add(context, &["NET_ADMIN", "NET_RAW"]),
            (Self::Sysadmin, _) => object(context)["privileged"] = true.into(),
        }
        if container["securityContext"].is_null()
            && let Some(fields) = container.as_object_mut()
        {
            fields.shift_remove("securityContext");
        }
    }

    /// Whether a pod on a node sees the node's network, processes and IPC, and its files at /host.
    #[must_use]
    pub fn host(self) -> (bool, bool) {
        match self {
            Self::General | Self::Sysadmin => (true, true),
            Self::Netadmin => (true, false),
            Self::Baseline | Self::Restricted => (false, false),
        }
    }
}

fn object(value: &mut Value) -> &mut Value {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    value
}

fn add(context: &mut Value, capabilities: &[&str]) {
    let all = &mut object(&mut object(context)["capabilities"])["add"];
    let mut names = all.as_array().cloned().unwrap_or_default();
    names.extend(capabilities.iter().map(|c| Value::from(*c)));
    *all = names.into();
}
