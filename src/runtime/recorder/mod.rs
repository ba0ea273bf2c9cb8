//! Recordings: the messages that were fed to `update`, as JSON lines. The same messages make the
//! same state, so a recording shows again what was on the screen, without a cluster.
//!
//! ```text
//! {"quarterdeck_recording":1,"program":"0.1.0","begin":{..},"keymap":{..}}
//! {"Now":1763733600000}            the clock, before what came then
//! {"Msg":{"Input":..}}             a message
//! "Frame"                          the views were brought up to date, and a frame was drawn
//! ```
//! `tape` writes them, `player` reads them, `mask` leaves out what must not be in a file: bytes of
//! logs and shells, what is typed into sensitive fields, the values of Secrets. Credentials are
//! never part of a message.

mod mask;
mod player;
mod tape;
#[cfg(test)]
mod tests;

pub(in crate::runtime) use player::wait;
pub use player::{Bad, Player, Speed};
pub use tape::Tape;

use crate::config::keymap;
use crate::core::keys::{Keymap, Layer, show_keys};
use crate::core::msg::Msg;
use crate::core::start::Beginning;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The format written here, and the newest that is read.
pub const VERSION: u32 = 1;

/// The first line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// The format.
    pub quarterdeck_recording: u32,
    /// The version of the program that wrote it.
    pub program: String,
    /// What the first state is made of.
    pub begin: Beginning,
    /// The keys, as a keymap file has them.
    pub keymap: Map<String, Value>,
}

/// Every other line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Line {
    /// The local clock (Unix ms).
    Now(i64),
    /// A message.
    Msg(Box<Msg>),
    /// The views were brought up to date, and a frame was drawn.
    Frame,
}

impl Head {
    /// The head of a recording that begins now.
    #[must_use]
    pub fn new(begin: &Beginning, keys: &Keymap) -> Self {
        let layer = |l: &Layer| {
            let bound = keys.bindings(*l).into_iter();
            let bound: Map<_, _> = bound.map(|(k, c)| (show_keys(&k), c.spec().id.into())).collect();
            (l.name().to_owned(), Value::Object(bound))
        };
        let mut begin = begin.clone();
        for context in begin.contexts.iter_mut().chain(&mut begin.first) {
            mask::context(context);
        }
        Self {
            quarterdeck_recording: VERSION,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            begin,
            keymap: Layer::ALL.iter().map(layer).collect(),
        }
    }

    /// The keys that held.
    #[must_use]
    pub fn keys(&self) -> Keymap {
        let mut map = Keymap::default();
        // Keys of commands that this program does not know are left out, and did nothing else here.
        keymap::lay(&mut map, "recording", &Value::Object(self.keymap.clone()).to_string(), &mut Vec::new());
        map
    }
}
