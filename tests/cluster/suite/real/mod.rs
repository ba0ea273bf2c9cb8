//! Cases that need a real cluster: containers, nodes, levers.

mod crowd;
mod debugging;
mod drain_twins;
mod drains;
mod faults;
mod forwards;
mod life;
mod logs;
mod looks;
mod nodes;
mod refused;
mod rights;
mod roles;
mod server;
mod session_cuts;
mod sessions;
mod shells;
mod shop;
mod states;
mod twins;
mod unread;
