//! Cases that need a real cluster: containers, nodes, levers.

mod crowd;
mod debugging;
mod drain_twins;
mod drains;
mod faults;
mod forwards;
mod life;
mod logs;
mod nodes;
mod refused;
mod rights;
mod roles;
mod server;
mod sessions;
mod shop;
mod states;
mod twins;
mod unread;
