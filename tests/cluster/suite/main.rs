//! The real `qd` on a cluster, in a terminal, against kubectl of the same release.
//! `tests/cluster/run` starts a cluster and runs this; without one every case fails with a
//! message.
//!
//! `panes` and `acting` can be judged on any cluster, the simulated one too; `real` needs
//! containers, nodes or levers. What takes long or needs a crowd is `#[ignore]`d and runs on request (README.md).

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::print_stdout,
    dead_code,
    reason = "a test tells by failing, and a shared harness is not used whole"
)]

#[path = "../../pty/mod.rs"]
mod pty;

mod acting;
mod agree;
mod console;
mod judged;
mod logs;
mod panes;
mod real;
mod sheet;
mod stopwatch;
