//! Which programs an image brings.

use super::commands;

/// What an image is built on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kit {
    /// The program alone: no shell, nothing to look around with.
    Distroless,
    /// busybox and its `sh`.
    Alpine,
    /// A distribution with `bash`.
    Debian,
}

/// Images by a part of their name; everything else is built on busybox.
const KITS: &[(&str, Kit)] = &[
    ("registry.k8s.io/coredns/", Kit::Distroless),
    ("registry.k8s.io/metrics-server/", Kit::Distroless),
    ("registry.k8s.io/kube-proxy", Kit::Distroless),
    ("distroless", Kit::Distroless),
    ("/certs:", Kit::Distroless),
    ("/shipping:", Kit::Distroless),
    ("postgres", Kit::Debian),
    ("rabbitmq", Kit::Debian),
    ("/payments:", Kit::Debian),
    ("/checkout:", Kit::Debian),
    ("/trainer:", Kit::Debian),
    ("debian", Kit::Debian),
    ("ubuntu", Kit::Debian),
];

impl Kit {
    /// The kit of an image.
    pub(crate) fn of(image: &str) -> Self {
        KITS.iter().find(|(part, _)| image.contains(part)).map_or(Self::Alpine, |(_, kit)| *kit)
    }

    /// The names of its programs.
    pub(crate) fn programs(self) -> Vec<&'static str> {
        let mut all = commands::programs();
        all.retain(|name| match self {
            Self::Distroless => false,
            Self::Alpine => *name != "bash",
            Self::Debian => *name != "ash",
        });
        all
    }

    /// The name of the program that a path or a name means.
    fn name(self, word: &str) -> Option<&'static str> {
        let bare = match word.rsplit_once('/') {
            None => word,
            Some(("/bin" | "/usr/bin" | "/sbin" | "/usr/sbin", name)) => name,
            Some(_) => return None,
        };
        self.programs().into_iter().find(|p| *p == bare)
    }

    /// Why the container runtime cannot start a command, in its words; nothing when it can.
    pub(crate) fn refusal(self, words: &[String]) -> Option<String> {
        let Some(first) = words.first() else { return Some("args must not be empty".to_owned()) };
        if self.name(first).is_some() {
            return None;
        }
        let why = if first.contains('/') {
            format!("stat {first}: no such file or directory")
        } else {
            "executable file not found in $PATH".to_owned()
        };
        Some(format!("unable to start container process: exec: {first:?}: {why}"))
    }
}
