//! Quarterdeck: a terminal operations console for Kubernetes clusters.
//!
//! Rooms, lower ones first; a lower one never uses a higher one (a test holds it):
//! [`wire`] (framing of sessions) < [`cluster`] and `demo`; [`core`] (pure state and what changes it) < `kinds` (wire bytes to rows) <
//! [`cluster`] and `demo` < [`runtime`]; [`core`] < [`ui`] < [`runtime`]; [`core`] <
//! [`config`] < [`cli`]. `main` puts them together.

pub mod cli;
pub mod cluster;
pub mod config;
pub mod core;
#[cfg(feature = "demo")]
pub mod demo;
pub mod kinds;
pub mod runtime;
pub mod ui;
pub mod wire;
