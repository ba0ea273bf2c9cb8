//! The pure heart: state, and what changes it. Nothing here waits, reads a
//! clock, or knows of kube, tokio or a terminal.

pub mod act;
pub mod actions;
pub mod cluster;
pub mod columns;
pub mod commands;
pub mod describe;
pub mod effect;
pub mod freshness;
pub mod health;
pub mod input;
pub mod job;
pub mod journal;
pub mod keys;
pub mod kind;
pub mod layout;
pub mod line;
pub mod modals;
pub mod msg;
pub mod panes;
pub mod problem;
pub mod query;
pub mod role;
pub mod row;
pub mod schema;
pub mod start;
pub mod state;
pub mod store;
pub mod stream;
pub mod subs;
pub mod uid;
pub mod update;
pub mod usage;
pub mod value;
pub mod view;
pub mod yaml;
