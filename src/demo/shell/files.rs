//! The files of a container: a tree in memory with the few rules that matter, paths absolute and plain.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::super::clock::Millis;

/// Why a file operation fails, in the words of libc.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Missing,
    NotDirectory,
    Directory,
    Exists,
    ReadOnly,
    NotEmpty,
}

impl Fault {
    pub(crate) fn told(self) -> &'static str {
        match self {
            Self::Missing => "No such file or directory",
            Self::NotDirectory => "Not a directory",
            Self::Directory => "Is a directory",
            Self::Exists => "File exists",
            Self::ReadOnly => "Read-only file system",
            Self::NotEmpty => "Directory not empty",
        }
    }
}

/// What is at a path.
#[derive(Debug, Clone)]
pub(crate) enum What {
    Directory(BTreeMap<String, Node>),
    File(Bytes),
}

/// A file or directory with what `ls -l` shows of it.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) what: What,
    pub(crate) mode: u32,
    pub(crate) time: Millis,
}

impl Node {
    pub(crate) fn directory(time: Millis) -> Self {
        Self { what: What::Directory(BTreeMap::new()), mode: 0o755, time }
    }

    pub(crate) fn file(data: impl Into<Bytes>, mode: u32, time: Millis) -> Self {
        Self { what: What::File(data.into()), mode, time }
    }

    pub(crate) fn is_directory(&self) -> bool {
        matches!(self.what, What::Directory(_))
    }

    /// Its size, as `ls` shows it.
    pub(crate) fn size(&self) -> usize {
        match &self.what {
            What::Directory(_) => 4_096,
            What::File(data) => data.len(),
        }
    }

    /// What a directory holds; nothing for a file.
    pub(crate) fn children(&self) -> impl Iterator<Item = (&String, &Self)> {
        match &self.what {
            What::Directory(all) => Some(all.iter()),
            What::File(_) => None,
        }
        .into_iter()
        .flatten()
    }
}

/// All files of a container.
#[derive(Debug)]
pub(crate) struct Files {
    root: Node,
    /// Mount points and whether they take writes; the longest that fits counts, `/` is always there.
    mounts: Vec<(String, bool)>,
}

impl Files {
    /// An empty tree.
    pub(crate) fn new(writable: bool, time: Millis) -> Self {
        Self { root: Node::directory(time), mounts: vec![("/".to_owned(), writable)] }
    }

    /// Notes a mount point.
    pub(crate) fn mount(&mut self, path: &str, writable: bool) {
        self.mounts.push((path.to_owned(), writable));
    }

    /// The mount points, in the order in which they were mounted.
    pub(crate) fn mounts(&self) -> &[(String, bool)] {
        &self.mounts
    }

    /// Whether writes below a path are taken.
    fn writable(&self, path: &str) -> bool {
        let inside = |mount: &str| mount == "/" || path == mount || path.starts_with(&format!("{mount}/"));
        self.mounts.iter().filter(|(m, _)| inside(m)).max_by_key(|(m, _)| m.len()).is_some_and(|(_, w)| *w)
    }

    pub(crate) fn get(&self, path: &str) -> Result<&Node, Fault> {
        let mut at = &self.root;
        for part in parts(path) {
            let What::Directory(all) = &at.what else { return Err(Fault::NotDirectory) };
            at = all.get(part).ok_or(Fault::Missing)?;
        }
        Ok(at)
    }

    /// The bytes of a file.
    pub(crate) fn read(&self, path: &str) -> Result<Bytes, Fault> {
        match &self.get(path)?.what {
            What::File(data) => Ok(data.clone()),
            What::Directory(_) => Err(Fault::Directory),
        }
    }

    fn directory(&mut self, path: &str) -> Result<&mut BTreeMap<String, Node>, Fault> {
        let mut at = &mut self.root;
        for part in parts(path) {
            let What::Directory(all) = &mut at.what else { return Err(Fault::NotDirectory) };
            at = all.get_mut(part).ok_or(Fault::Missing)?;
        }
        match &mut at.what {
            What::Directory(all) => Ok(all),
            What::File(_) => Err(Fault::NotDirectory),
        }
    }

    /// Puts a node, whatever was there and whether or not writes are taken: how an image is laid out.
    pub(crate) fn lay(&mut self, path: &str, node: Node) {
        let time = node.time;
        let (parent, name) = split(path);
        let mut at = &mut self.root;
        for part in parts(parent) {
            let What::Directory(all) = &mut at.what else { return };
            at = all.entry(part.to_owned()).or_insert_with(|| Node::directory(time));
        }
        if let What::Directory(all) = &mut at.what {
            all.insert(name.to_owned(), node);
        }
    }

    /// Writes a file; `more` adds to its end.
    pub(crate) fn write(&mut self, path: &str, data: &[u8], more: bool, time: Millis) -> Result<(), Fault> {
        if matches!(self.get(path), Ok(n) if n.is_directory()) {
            return Err(Fault::Directory);
        }
        let (parent, name) = split(path);
        let writable = self.writable(path);
        let all = self.directory(parent)?;
        if !writable {
            return Err(Fault::ReadOnly);
        }
        let (mut whole, mode) = match all.remove(name) {
            Some(Node { what: What::File(old), mode, .. }) => (if more { Vec::from(old) } else { Vec::new() }, mode),
            _ => (Vec::new(), 0o644),
        };
        whole.extend_from_slice(data);
        all.insert(name.to_owned(), Node::file(whole, mode, time));
        Ok(())
    }

    /// Puts a new node where nothing is.
    pub(crate) fn put(&mut self, path: &str, node: Node) -> Result<(), Fault> {
        if self.get(path).is_ok() {
            return Err(Fault::Exists);
        }
        let (parent, name) = split(path);
        let writable = self.writable(path);
        let all = self.directory(parent)?;
        if !writable {
            return Err(Fault::ReadOnly);
        }
        all.insert(name.to_owned(), node);
        Ok(())
    }

    /// Makes a directory with all that lead to it.
    pub(crate) fn make_all(&mut self, path: &str, time: Millis) -> Result<(), Fault> {
        let mut at = String::new();
        for part in parts(path) {
            at = format!("{at}/{part}");
            match self.put(&at, Node::directory(time)) {
                Err(Fault::Exists) if self.get(&at)?.is_directory() => {}
                done => done?,
            }
        }
        Ok(())
    }

    /// Changes what may be done with a file.
    pub(crate) fn allow(&mut self, path: &str, mode: u32) -> Result<(), Fault> {
        let (parent, name) = split(path);
        let writable = self.writable(path);
        let node = self.directory(parent)?.get_mut(name).ok_or(Fault::Missing)?;
        if !writable {
            return Err(Fault::ReadOnly);
        }
        node.mode = mode;
        Ok(())
    }

    /// Takes a node away; a directory only when `deep` or empty.
    pub(crate) fn remove(&mut self, path: &str, deep: bool) -> Result<Node, Fault> {
        let filled = self.get(path)?.children().next().is_some();
        let (parent, name) = split(path);
        if !self.writable(path) || self.mounts.iter().any(|(m, _)| m == path) {
            return Err(Fault::ReadOnly);
        }
        if filled && !deep {
            return Err(Fault::NotEmpty);
        }
        self.directory(parent)?.remove(name).ok_or(Fault::Missing)
    }
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|p| !p.is_empty())
}

/// A path's parent and last name.
pub(crate) fn split(path: &str) -> (&str, &str) {
    let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
    (if parent.is_empty() { "/" } else { parent }, name)
}

/// The plain absolute form of a path that may be relative to `from`.
pub(crate) fn absolute(from: &str, path: &str) -> String {
    let mut all: Vec<&str> = if path.starts_with('/') { Vec::new() } else { parts(from).collect() };
    for part in parts(path) {
        match part {
            "." => {}
            ".." => _ = all.pop(),
            other => all.push(other),
        }
    }
    format!("/{}", all.join("/"))
}
