//! What a user can ask for. [`table`] lists every command once; keymaps, hints,
//! help and the palette all read that list.

pub mod table;

pub use table::{Command, CommandSpec};
