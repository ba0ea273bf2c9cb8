//! The bindings of one layer, as a tree of keys. Later bindings win over
//! earlier ones, as overlays need; what they took away is handed back, so that
//! the one who lays them can say it.

use crate::core::commands::Command;
use crate::core::input::Key;

/// What is under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// The sequence is complete.
    Leaf(Command),
    /// More keys follow.
    Branch(Trie),
}

impl Node {
    /// Whether a sequence ends here.
    #[must_use]
    pub fn is_leaf(&self) -> bool {
        matches!(self, Self::Leaf(_))
    }
}

/// A tree of keys, in the order they were bound: hints keep it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trie {
    nodes: Vec<(Key, Node)>,
}

/// A sequence and its command.
pub type Binding = (Vec<Key>, Command);

impl Trie {
    /// What stands at the end of `keys`.
    #[must_use]
    pub fn get(&self, keys: &[Key]) -> Option<&Node> {
        let (first, rest) = keys.split_first()?;
        let node = self.child(*first)?;
        match (rest.is_empty(), node) {
            (true, node) => Some(node),
            (false, Node::Branch(trie)) => trie.get(rest),
            (false, Node::Leaf(_)) => None,
        }
    }

    /// Binds a sequence and returns the bindings that can no longer be reached:
    /// a shorter sequence it begins with, or longer ones that begin with it. A
    /// binding of the very same keys is replaced and not among them.
    pub fn bind(&mut self, keys: &[Key], command: Command) -> Vec<Binding> {
        let mut lost = Vec::new();
        self.bind_at(keys, command, &mut Vec::new(), &mut lost);
        lost
    }

    /// Takes a sequence away with all that begins with it. Says whether there was anything.
    pub fn unbind(&mut self, keys: &[Key]) -> bool {
        let Some((first, rest)) = keys.split_first() else { return false };
        let Some(at) = self.nodes.iter().position(|(k, _)| k == first) else { return false };
        if rest.is_empty() {
            self.nodes.remove(at);
            return true;
        }
        let Node::Branch(trie) = &mut self.nodes[at].1 else { return false };
        let found = trie.unbind(rest);
        if trie.nodes.is_empty() {
            self.nodes.remove(at);
        }
        found
    }

    /// The keys at this level.
    pub fn children(&self) -> impl Iterator<Item = (Key, &Node)> {
        self.nodes.iter().map(|(k, n)| (*k, n))
    }

    /// All bindings, depth first.
    #[must_use]
    pub fn bindings(&self) -> Vec<Binding> {
        let mut out = Vec::new();
        self.collect(&mut Vec::new(), &mut out);
        out
    }

    fn child(&self, key: Key) -> Option<&Node> {
        self.nodes.iter().find(|(k, _)| *k == key).map(|(_, n)| n)
    }

    fn bind_at(&mut self, keys: &[Key], command: Command, path: &mut Vec<Key>, lost: &mut Vec<Binding>) {
        let Some((&first, rest)) = keys.split_first() else { return };
        let at = self.nodes.iter().position(|(k, _)| *k == first).unwrap_or(self.nodes.len());
        if at == self.nodes.len() {
            self.nodes.push((first, Node::Branch(Self::default())));
        }
        let node = &mut self.nodes[at].1;
        path.push(first);
        if rest.is_empty() {
            if let Node::Branch(trie) = node {
                trie.collect(path, lost);
            }
            *node = Node::Leaf(command);
        } else {
            if let Node::Leaf(old) = node {
                lost.push((path.clone(), *old));
                *node = Node::Branch(Self::default());
            }
            if let Node::Branch(trie) = node {
                trie.bind_at(rest, command, path, lost);
            }
        }
        path.pop();
    }

    fn collect(&self, path: &mut Vec<Key>, out: &mut Vec<Binding>) {
        for (key, node) in &self.nodes {
            path.push(*key);
            match node {
                Node::Leaf(command) => out.push((path.clone(), *command)),
                Node::Branch(trie) => trie.collect(path, out),
            }
            path.pop();
        }
    }
}

#[cfg(test)]
mod tests;
