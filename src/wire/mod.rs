//! How sessions with containers travel: framing, and nothing about clusters. Both sides use it, the
//! room that talks to API servers and the simulated one.

pub mod channel;
pub mod spdy;
