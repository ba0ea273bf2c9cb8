//! What a user has set: folders, settings, theme and keymap. Defaults are data
//! shipped inside the program; a user's files are laid over them, and whatever
//! is wrong in those becomes a [`Notice`] that names file, line and column while
//! the default stays. No file can keep the program from starting.

pub mod folders;
pub mod json;
pub mod keymap;
mod load;
pub mod notice;
mod save;
pub mod settings;
pub mod symbols;
pub mod theme;

pub use folders::Folders;
pub use load::{Config, Overrides, load};
pub use notice::Notice;
pub use save::save_columns;
pub use settings::Settings;

#[cfg(test)]
mod schema_tests;
