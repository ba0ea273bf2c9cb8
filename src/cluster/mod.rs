//! The room that talks to API servers: the only code that names `kube::`.
//!
//! Order inside: `env` and `kubeconfig` say whom to reach; `connect` reaches them; `guard`
//! stands below every request; `problem` words every failure; `discover`, `fetch`, `usage` and
//! `stream` are what is asked to see, `facts` and `rights` to decide; `call` is what changes things; `sessions`
//! leads into containers.

pub mod call;
pub mod connect;
pub mod discover;
pub mod env;
mod escape;
pub mod facts;
pub mod fetch;
pub mod guard;
pub mod kubeconfig;
pub mod logs;
pub mod object;
pub mod problem;
pub mod rights;
pub mod sessions;
pub mod stream;
#[cfg(test)]
pub(crate) mod testing;
pub mod usage;

pub use connect::{Connection, Lease, Lender, Lending, Overrides};
pub use env::Env;
