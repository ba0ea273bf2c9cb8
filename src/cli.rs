//! The command line: what may be written on it ([`args`]), the small grammars
//! of its values ([`value`]), and the texts that subcommands print ([`answer()`],
//! [`report`], [`mod@print`]). It opens nothing and starts nothing: `main` does, with what it
//! finds here.

mod answer;
pub mod args;
pub mod print;
pub mod report;
pub mod value;

pub use answer::{Answer, answer};
pub use args::{Args, Connection, Sub, View};
#[cfg(feature = "demo")]
pub use args::{Demo, DemoServer};
pub use value::{Size, Tempo};
