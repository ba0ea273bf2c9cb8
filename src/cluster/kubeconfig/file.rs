//! One kubeconfig file, split into entries that stand or fall alone.

use super::entry::{Cluster, User};
use super::fields::{object, text};
use serde_json::{Map, Value};
use std::path::Path;
use std::sync::Arc;

/// A context entry as written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Context {
    pub cluster: Arc<str>,
    pub user: Arc<str>,
    pub namespace: Option<Arc<str>>,
}

/// A named entry, or why it is broken.
pub(crate) type Named<T> = (Arc<str>, Result<T, String>);

/// One file.
#[derive(Debug, Default)]
pub(crate) struct File {
    pub clusters: Vec<Named<Cluster>>,
    pub users: Vec<Named<User>>,
    pub contexts: Vec<Named<Context>>,
    pub current: Option<Arc<str>>,
    pub notices: Vec<String>,
}

/// Parses a file that lies in `dir`.
///
/// # Errors
/// What is wrong with the file as a whole, and where.
pub(crate) fn parse(bytes: &[u8], dir: &Path) -> Result<File, String> {
    let words = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())?;
    let words = words.trim_start_matches('\u{feff}');
    if words.trim().is_empty() {
        return Ok(File::default());
    }
    let root: Value = serde_saphyr::from_str(words).map_err(|e| match e.location() {
        Some(at) if at.line() > 0 => format!("no valid YAML at line {}, column {}", at.line(), at.column()),
        _ => "no valid YAML".into(),
    })?;
    let root = match root {
        Value::Object(m) => m,
        Value::Null => return Ok(File::default()),
        _ => return Err("it is no kubeconfig: its top level must be a map".into()),
    };
    let mut file = File::default();
    let mut notices = Vec::new();
    file.current = text(&root, "current-context")
        .unwrap_or_else(|why| {
            notices.push(why);
            None
        })
        .map(Into::into);
    file.clusters = entries(&root, "clusters", "cluster", &mut notices, |m| Cluster::read(m, dir));
    file.users = entries(&root, "users", "user", &mut notices, |m| User::read(m, dir));
    file.contexts = entries(&root, "contexts", "context", &mut notices, |m| {
        Ok(Context {
            cluster: text(m, "cluster")?.unwrap_or_default().into(),
            user: text(m, "user")?.unwrap_or_default().into(),
            namespace: text(m, "namespace")?.map(Into::into),
        })
    });
    file.notices = notices;
    Ok(file)
}

fn entries<T>(
    root: &Map<String, Value>,
    list: &str,
    key: &str,
    notices: &mut Vec<String>,
    read: impl Fn(&Map<String, Value>) -> Result<T, String>,
) -> Vec<Named<T>> {
    let items = match root.get(list) {
        None | Some(Value::Null) => return Vec::new(),
        Some(Value::Array(a)) => a,
        Some(_) => {
            notices.push(format!("`{list}` must be a list; it was left out"));
            return Vec::new();
        }
    };
    let empty = Map::new();
    let mut out = Vec::with_capacity(items.len());
    for (i, item) in items.iter().enumerate() {
        let Some(name) = item.get("name").and_then(Value::as_str).filter(|n| !n.is_empty()) else {
            notices.push(format!("entry {} of `{list}` has no name; it was left out", i + 1));
            continue;
        };
        let entry = object(item, key).and_then(|m| read(m.unwrap_or(&empty)));
        out.push((name.into(), entry));
    }
    out
}
