//! The real `qd` on a real cluster, in a terminal, against kubectl of the same
//! release. `tests/cluster/run` starts the cluster and runs this; without a
//! cluster every case fails with a message.

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

mod agree;
mod faults;
mod oracle;
mod rights;
mod sheet;
