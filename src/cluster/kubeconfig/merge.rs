//! Several kubeconfig files laid over each other: of two entries with one name the first file's
//! wins, whole; of two `current-context` the first.

use super::file::{Context, File, Named};
use super::{Cluster, ContextEntry, Target, User};
use std::path::Path;
use std::sync::Arc;

/// Everything that was read.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub clusters: Vec<Named<Cluster>>,
    pub users: Vec<Named<User>>,
    pub contexts: Vec<Named<Context>>,
    pub current: Option<Arc<str>>,
}

fn add<T>(into: &mut Vec<Named<T>>, from: Vec<Named<T>>) {
    for (name, entry) in from {
        if !into.iter().any(|(n, _)| *n == name) {
            into.push((name, entry));
        }
    }
}

fn find<'a, T>(list: &'a [Named<T>], what: &str, name: &str) -> Result<&'a T, String> {
    match list.iter().find(|(n, _)| n.as_ref() == name) {
        Some((_, Ok(entry))) => Ok(entry),
        Some((_, Err(why))) => Err(format!("kubeconfig {what} \"{name}\" is broken: {why}")),
        None => Err(format!("kubeconfig has no {what} \"{name}\"")),
    }
}

impl Parsed {
    /// Adds a file; what is broken in it goes to `notices` with its path.
    pub fn merge(&mut self, file: File, path: &Path, notices: &mut Vec<String>) {
        let broken =
            |what: &str, name: &str, why: &str| format!("kubeconfig {}: {what} \"{name}\": {why}", path.display());
        notices.extend(file.notices.iter().map(|n| format!("kubeconfig {}: {n}", path.display())));
        notices.extend(file.clusters.iter().filter_map(|(n, e)| Some(broken("cluster", n, e.as_ref().err()?))));
        notices.extend(file.users.iter().filter_map(|(n, e)| Some(broken("user", n, e.as_ref().err()?))));
        notices.extend(file.contexts.iter().filter_map(|(n, e)| Some(broken("context", n, e.as_ref().err()?))));
        add(&mut self.clusters, file.clusters);
        add(&mut self.users, file.users);
        add(&mut self.contexts, file.contexts);
        self.current = self.current.take().or(file.current);
    }

    /// What it takes to reach a context, or why it cannot be.
    pub fn target(&self, name: &str) -> Result<Target, String> {
        let context = find(&self.contexts, "context", name)?;
        if context.cluster.is_empty() {
            return Err(format!("kubeconfig context \"{name}\" names no cluster"));
        }
        let cluster = find(&self.clusters, "cluster", &context.cluster)?;
        if cluster.server.is_empty() {
            return Err(format!("kubeconfig cluster \"{}\" has no server", context.cluster));
        }
        let user =
            if context.user.is_empty() { User::default() } else { find(&self.users, "user", &context.user)?.clone() };
        Ok(Target { context: name.into(), cluster: cluster.clone(), user, namespace: context.namespace.clone() })
    }

    /// The contexts as a user may choose them.
    pub fn list(&self) -> Vec<ContextEntry> {
        let server = |cluster: &str| {
            find(&self.clusters, "cluster", cluster).map(|c| c.server.as_str().into()).unwrap_or_default()
        };
        self.contexts
            .iter()
            .map(|(name, entry)| {
                let context = entry.as_ref().ok().cloned().unwrap_or_default();
                ContextEntry {
                    name: name.clone(),
                    server: server(&context.cluster),
                    problem: self.target(name).err().map(Into::into),
                    cluster: context.cluster,
                    user: context.user,
                    namespace: context.namespace,
                }
            })
            .collect()
    }
}
