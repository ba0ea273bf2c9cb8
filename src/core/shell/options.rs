//! What the user chose of programs in panes.

use super::screen::Allowed;
use crate::core::input::Key;
use serde::{Deserialize, Serialize};

/// How programs in containers are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShellOptions {
    /// The key that keeps the next one from the program.
    pub leader: Key,
    /// The keys that leave an attached program alone; none for no such keys.
    #[serde(default)]
    pub detach: Vec<Key>,
    /// The shell; empty for bash where there is one, else sh.
    pub command: String,
    /// Lines kept that have left the screen at its top.
    pub scrollback: u16,
    /// What programs may do beyond drawing.
    pub allowed: Allowed,
    /// Images to run, to debug and to look at nodes with, the usual one first.
    #[serde(default)]
    pub images: Vec<String>,
}

impl Default for ShellOptions {
    fn default() -> Self {
        Self {
            leader: Key::ctrl(']'),
            detach: vec![Key::ctrl('p'), Key::ctrl('q')],
            command: String::new(),
            scrollback: 1_000,
            allowed: Allowed::default(),
            images: ["busybox", "nicolaka/netshoot"].map(str::to_owned).to_vec(),
        }
    }
}
