//! From a command to its keys, for hints, help and the palette.

use super::keymap::{Keymap, Pending, Resolve};
use super::layer::Layer;
use crate::core::commands::Command;
use crate::core::input::Key;

/// A line of help: keys, and what they do here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The layer that decides.
    pub layer: Layer,
    /// The whole sequence.
    pub keys: Vec<Key>,
    /// What it does.
    pub command: Command,
}

impl Keymap {
    /// All that works in a pane with these layers, nearest layer first; a
    /// binding that a nearer layer hides is left out.
    #[must_use]
    pub fn active(&self, layers: &[Layer]) -> Vec<Bound> {
        let mut out = Vec::new();
        for &layer in layers {
            for (keys, command) in self.bindings(layer) {
                if out.iter().all(|b: &Bound| b.keys != keys) && self.reaches(layers, &keys, command) {
                    out.push(Bound { layer, keys, command });
                }
            }
        }
        out
    }

    /// The sequences that run a command in a pane with these layers, in the
    /// order of the map: the first is the one to show.
    #[must_use]
    pub fn keys_of(&self, layers: &[Layer], command: Command) -> Vec<Vec<Key>> {
        self.active(layers).into_iter().filter(|b| b.command == command).map(|b| b.keys).collect()
    }

    fn reaches(&self, layers: &[Layer], keys: &[Key], command: Command) -> bool {
        let mut pending = Pending::default();
        let Some((last, first)) = keys.split_last() else { return false };
        first.iter().all(|k| matches!(self.resolve(&mut pending, layers, *k), Resolve::Pending(_)))
            && self.resolve(&mut pending, layers, *last) == Resolve::Command(command)
    }
}

#[cfg(test)]
mod tests;
