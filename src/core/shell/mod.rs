//! A program in a container, in a pane: what it is asked to be, what it says, and the terminal it
//! draws on. Its bytes come from a machine that is not trusted: they change this screen and nothing
//! else; only what is drawn of it gets to the terminal outside.

mod detach;
mod encode;
mod find;
mod lent;
mod options;
mod screen;
mod sieve;
mod tame;
mod wish;
pub mod words;

pub use detach::{Detach, Step};
pub use encode::{key, mouse, paste, wants_moves};
pub use find::{Found, holds};
pub use lent::{Lent, LentEvent};
pub use options::ShellOptions;
pub use screen::{Allowed, Heard, Screen, contained};
pub use sieve::{RESET, Sieve};
pub use wish::{Ending, ShellEvent, ShellId, ShellOrder, Task, Wish};
