//! Keys to commands. [`syntax`] reads and writes keys as keymaps spell them,
//! [`trie`] holds the bindings of one layer, [`keymap`] looks a key up through
//! the layers with a pending sequence, [`reverse`] answers the other way round
//! for hints and help. Files, overlays and their mistakes are `config`'s.

pub mod keymap;
pub mod layer;
pub mod reverse;
pub mod syntax;
pub mod trie;

pub use keymap::{Hint, Keymap, Pending, Resolve};
pub use layer::Layer;
pub use syntax::{BadKey, canonical, parse_key, parse_keys, show_keys};
