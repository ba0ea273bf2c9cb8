//! Cases that need a real cluster: containers, nodes, levers.

mod crowd;
mod faults;
mod life;
mod logs;
mod nodes;
mod rights;
mod server;
mod shop;
mod states;
mod twins;
mod unread;
