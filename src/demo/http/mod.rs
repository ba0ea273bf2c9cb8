//! The API server's face: requests in, answers out, in every form a client may ask for.

pub(crate) mod accept;
pub(crate) mod answer;
pub(crate) mod body;
mod check;
mod discovery;
mod faulty;
mod frame;
mod list;
pub(crate) mod logs;
mod metrics;
mod nodelog;
mod patch;
mod query;
mod read;
mod review;
pub(crate) mod route;
pub(crate) mod server;
mod sub;
mod summary;
mod watch;
mod write;
