//! The kubeconfig as kubectl reads it, but forgiving: files and entries are parsed one by one,
//! so what is broken becomes a notice or a problem of the contexts that need it, and the rest
//! works. (kube's loader gives up on the whole at the first bad entry.) Nothing here ever
//! writes a kubeconfig.
//!
//! `entry` is what an entry means, `fields` reads single fields, `file` splits one file into
//! entries, `merge` lays files over each other, `incluster` is the pod's own account.

mod entry;
mod fields;
mod file;
mod incluster;
mod merge;
#[cfg(test)]
mod tests;

pub use entry::{Cluster, Exec, Interactive, Material, User};
pub(crate) use merge::Parsed;

use super::env::Env;
use crate::core::problem::Problem;
use std::path::PathBuf;
use std::sync::Arc;

/// A context a user may choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextEntry {
    /// Its name.
    pub name: Arc<str>,
    /// The cluster entry's name.
    pub cluster: Arc<str>,
    /// The user entry's name, empty for none.
    pub user: Arc<str>,
    /// The namespace it names, if any.
    pub namespace: Option<Arc<str>>,
    /// The server's address, empty when unknown.
    pub server: Arc<str>,
    /// Why it cannot be used, if so.
    pub problem: Option<Arc<str>>,
}

/// All contexts that were found.
#[derive(Debug, Clone, Default)]
pub struct Contexts {
    /// In the order of the files, doubles left out.
    pub list: Vec<ContextEntry>,
    /// `current-context` of the first file that sets one.
    pub current: Option<Arc<str>>,
    /// The files that were read.
    pub files: Vec<PathBuf>,
    /// What was wrong with files or entries, one sentence each.
    pub notices: Vec<String>,
    parsed: Arc<Parsed>,
}

/// What it takes to reach one cluster as one user.
#[derive(Debug, Clone, Default)]
pub struct Target {
    /// The context's name.
    pub context: Arc<str>,
    /// The cluster entry.
    pub cluster: Cluster,
    /// The user entry.
    pub user: User,
    /// The namespace of the context.
    pub namespace: Option<Arc<str>>,
}

/// The files kubectl would read: the flag's, else `$KUBECONFIG`'s, else `~/.kube/config`.
/// The flag says whether a missing file is an error (only one named by the flag is).
fn named(explicit: Option<&str>, env: &Env) -> (Vec<PathBuf>, bool) {
    if let Some(path) = explicit {
        return (vec![PathBuf::from(path)], true);
    }
    if let Some(list) = env.var("KUBECONFIG") {
        let mut seen: Vec<PathBuf> = Vec::new();
        for path in std::env::split_paths(list).filter(|p| !p.as_os_str().is_empty()) {
            if !seen.contains(&path) {
                seen.push(path);
            }
        }
        return (seen, false);
    }
    (env.home.iter().map(|h| h.join(".kube").join("config")).collect(), false)
}

/// Reads all contexts. `explicit` is the value of `--kubeconfig`. Never fails: what is wrong is
/// told in `notices` and in the contexts' own problems.
#[must_use]
pub fn load(explicit: Option<&str>, env: &Env) -> Contexts {
    let (paths, must_exist) = named(explicit, env);
    let mut parsed = Parsed::default();
    let (mut notices, mut files) = (Vec::new(), Vec::new());
    for path in &paths {
        match std::fs::read(path) {
            Ok(bytes) => {
                let dir = path.parent().map(PathBuf::from).unwrap_or_default();
                match file::parse(&bytes, &dir) {
                    Ok(file) => {
                        parsed.merge(file, path, &mut notices);
                        files.push(path.clone());
                    }
                    Err(why) => notices.push(format!("kubeconfig {}: {why}; the file was left out", path.display())),
                }
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && !must_exist => {}
            Err(e) => notices.push(format!("kubeconfig {}: {}", path.display(), io_words(&e))),
        }
    }
    if parsed.contexts.is_empty() && explicit.is_none() {
        incluster::add(&mut parsed, env);
    }
    if parsed.contexts.is_empty() && notices.is_empty() {
        let looked: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
        notices.push(format!(
            "no context found (looked at {}); set KUBECONFIG or --kubeconfig, or try --demo",
            if looked.is_empty() { "nothing: HOME is not set".into() } else { looked.join(", ") }
        ));
    }
    Contexts { list: parsed.list(), current: parsed.current.clone(), files, notices, parsed: Arc::new(parsed) }
}

/// An I/O error in our words.
pub(crate) fn io_words(e: &std::io::Error) -> &'static str {
    use std::io::ErrorKind as K;
    match e.kind() {
        K::NotFound => "there is no such file",
        K::PermissionDenied => "it may not be read",
        K::IsADirectory => "it is a folder, not a file",
        _ => "it cannot be read",
    }
}

impl Contexts {
    /// The context with that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&ContextEntry> {
        self.list.iter().find(|c| c.name.as_ref() == name)
    }

    /// What it takes to reach a context.
    ///
    /// # Errors
    /// [`Problem::Config`] if there is no such context or one of its entries is missing or broken.
    pub fn target(&self, name: &str) -> Result<Target, Problem> {
        self.parsed.target(name).map_err(|why| Problem::Config(why.into()))
    }
}
