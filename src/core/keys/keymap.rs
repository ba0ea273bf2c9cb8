//! The active map: a trie a layer, and the look-up of a key through the layers
//! of the focused pane. The nearest layer that knows the keys typed so far
//! decides; hints of a pending sequence come from all layers.

use super::layer::Layer;
use super::syntax::{canonical, show_keys};
use super::trie::{Binding, Node, Trie};
use crate::core::commands::Command;
use crate::core::input::Key;
use std::collections::BTreeMap;

/// The keys of a sequence typed so far; empty when none is under way.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pending {
    keys: Vec<Key>,
}

impl Pending {
    /// Whether a sequence is under way.
    #[must_use]
    pub fn active(&self) -> bool {
        !self.keys.is_empty()
    }

    /// The keys typed so far.
    #[must_use]
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Forgets the sequence, as a click or a change of focus must.
    pub fn clear(&mut self) {
        self.keys.clear();
    }
}

/// The keys typed so far, as keymaps spell them.
impl std::fmt::Display for Pending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&show_keys(&self.keys))
    }
}

/// One choice: the next key, and the command it completes or `None` where more keys follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    /// The next key.
    pub key: Key,
    /// What it does.
    pub command: Option<Command>,
}

/// What a key means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolve {
    /// It completes a binding.
    Command(Command),
    /// More keys are awaited; these may come.
    Pending(Vec<Hint>),
    /// Nothing is bound to it here.
    NotFound,
    /// It ended a sequence that leads nowhere; the key itself does nothing.
    Cancelled,
}

/// The bindings of all layers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keymap {
    layers: BTreeMap<Layer, Trie>,
}

impl Keymap {
    /// What `key` means in a pane with these layers, nearest first. `Esc` in a
    /// sequence ends it unless it is bound there.
    pub fn resolve(&self, pending: &mut Pending, layers: &[Layer], key: Key) -> Resolve {
        let waited = pending.active();
        pending.keys.push(canonical(key));
        let found = layers.iter().find_map(|l| self.layers.get(l)?.get(&pending.keys));
        match found {
            Some(Node::Branch(_)) => return Resolve::Pending(self.hints(pending, layers)),
            Some(Node::Leaf(command)) => {
                pending.clear();
                return Resolve::Command(*command);
            }
            None => pending.clear(),
        }
        if waited { Resolve::Cancelled } else { Resolve::NotFound }
    }

    /// What may come after the keys typed so far; with none typed, all that is
    /// bound here. A key that a nearer layer has is listed once.
    #[must_use]
    pub fn hints(&self, pending: &Pending, layers: &[Layer]) -> Vec<Hint> {
        let mut hints: Vec<Hint> = Vec::new();
        for trie in layers.iter().filter_map(|l| self.below(*l, &pending.keys)) {
            for (key, node) in trie.children() {
                if hints.iter().all(|h| h.key != key) {
                    let command = if let Node::Leaf(c) = node { Some(*c) } else { None };
                    hints.push(Hint { key, command });
                }
            }
        }
        hints
    }

    /// Binds a sequence in a layer; later bindings win. Returns what it made
    /// unreachable (see [`Trie::bind`]).
    pub fn bind(&mut self, layer: Layer, keys: &[Key], command: Command) -> Vec<Binding> {
        self.layers.entry(layer).or_default().bind(keys, command)
    }

    /// Takes a sequence out of a layer with all that begins with it. Says whether there was anything.
    pub fn unbind(&mut self, layer: Layer, keys: &[Key]) -> bool {
        self.layers.get_mut(&layer).is_some_and(|t| t.unbind(keys))
    }

    /// The bindings of one layer, in the order of the map.
    #[must_use]
    pub fn bindings(&self, layer: Layer) -> Vec<Binding> {
        self.layers.get(&layer).map(Trie::bindings).unwrap_or_default()
    }

    fn below(&self, layer: Layer, keys: &[Key]) -> Option<&Trie> {
        let trie = self.layers.get(&layer)?;
        if keys.is_empty() {
            return Some(trie);
        }
        match trie.get(keys)? {
            Node::Branch(trie) => Some(trie),
            Node::Leaf(_) => None,
        }
    }
}

#[cfg(test)]
mod tests;
