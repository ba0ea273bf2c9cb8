//! Files on their way between a container and this machine.

use crate::core::kind::ObjectRef;
use std::sync::Arc;

/// One copy.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Wish {
    /// The pod, pinned.
    pub pod: ObjectRef,
    /// The container.
    pub container: Arc<str>,
    /// Whether it goes out of the container; else into it.
    pub out: bool,
    /// The path in the container.
    pub remote: Arc<str>,
    /// The path on this machine.
    pub local: Arc<str>,
    /// Whether what is there may be replaced.
    pub replace: bool,
}

/// A path in a container in two parts: the folder and the last name. `None` for one that names nothing.
#[must_use]
pub fn parts(path: &str) -> Option<(&str, &str)> {
    let path = path.trim_end_matches('/');
    let (folder, name) = match path.rsplit_once('/') {
        Some(("", name)) => ("/", name),
        Some((folder, name)) => (folder, name),
        None => (".", path),
    };
    (!matches!(name, "" | "." | "..")).then_some((folder, name))
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn paths_are_taken_apart_at_their_last_name() {
        let table = [
            ("/etc/hosts", Some(("/etc", "hosts"))),
            ("/etc/", Some(("/", "etc"))),
            ("a", Some((".", "a"))),
            ("a/b/", Some(("a", "b"))),
            ("/", None),
            ("", None),
            ("a/..", None),
        ];
        for (path, expected) in table {
            assert_eq!(parts(path), expected, "{path}");
        }
    }
}
