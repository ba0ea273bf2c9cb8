//! Cases that need a real cluster: containers, nodes, levers.

mod crowd;
mod faults;
mod life;
mod nodes;
mod rights;
mod server;
mod sessions;
mod shop;
mod states;
mod twins;
mod unread;
