//! Where the pure heart meets the world: the loop, the terminal, the tasks that
//! talk to clusters, the clock and the log. Everything that can wait lives here
//! or below, and reports back through one inbox.

pub mod app;
pub mod attention;
pub mod clock;
pub mod hub;
pub mod journal;
pub mod kept;
pub mod lend;
pub mod log;
pub mod pace;
pub mod recorder;
pub mod save;
pub mod search;
pub mod signals;
mod tasks;
pub mod tty;
mod watched;
pub mod work;
