//! Sessions with containers. `request` says what is asked, `open` agrees on what carries it: a
//! WebSocket, and SPDY over POST where the upgrade is refused, as kubectl does (a role that grants
//! only `create` works through SPDY alone); `socket` and `spdy` are the two carriers, `ending` reads
//! how a session ended. Reading and writing never wait for each other: Ctrl-C does not stand behind
//! the output it is to stop. `shell` is a session in a pane,
//! `attached` what attaching does not tell: the program's code, and what it said before,
//! `forward` a local port that leads to pods, `copy` files on their way.

mod attached;
pub mod copy;
mod ending;
pub mod forward;
mod open;
mod request;
pub mod shell;
mod socket;
mod spdy;
mod streams;
mod tunnel;

#[cfg(test)]
#[cfg(feature = "demo")]
mod tests;

pub use open::open;
pub use request::{Request, Task};
pub use streams::{In, Out, Streams};
