//! Every action by keys, through the program in a terminal; kubectl is asked what became of the
//! objects, and does the same to their twins. Any cluster will do, the simulated one too: these
//! cases want an API with its controllers, no levers and no containers of their own.

mod batch;
pub mod hand;
pub mod nodes;
mod objects;
pub mod twins;
mod workloads;
