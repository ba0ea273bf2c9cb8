//! What this room may know of the process around it. `main` reads the environment once and
//! hands it in, so a test builds any environment it likes and nothing here reads a global.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Environment of the process.
#[derive(Debug, Clone)]
pub struct Env {
    /// Environment variables.
    pub vars: BTreeMap<String, String>,
    /// The user's home folder.
    pub home: Option<PathBuf>,
    /// Where a pod finds its service account.
    pub service_account: PathBuf,
}

impl Default for Env {
    fn default() -> Self {
        Self {
            vars: BTreeMap::new(),
            home: None,
            service_account: PathBuf::from("/var/run/secrets/kubernetes.io/serviceaccount"),
        }
    }
}

impl Env {
    /// An environment of these variables, with the home folder from `HOME`.
    pub fn new(vars: impl IntoIterator<Item = (String, String)>) -> Self {
        let vars: BTreeMap<_, _> = vars.into_iter().collect();
        let home = vars.get("HOME").filter(|h| !h.is_empty()).map(PathBuf::from);
        Self { vars, home, ..Self::default() }
    }

    /// A variable; one that is set but empty counts as not set.
    #[must_use]
    pub fn var(&self, name: &str) -> Option<&str> {
        self.vars.get(name).map(String::as_str).filter(|v| !v.is_empty())
    }

    /// The first of several spellings that is set (`HTTPS_PROXY`, `https_proxy`).
    #[must_use]
    pub fn first(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|n| self.var(n))
    }
}
