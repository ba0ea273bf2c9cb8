//! What every action is made of. A key names an action and pins its targets
//! ([`Asked`]); a [`Form`] is filled in; whole objects are read ([`Read`],
//! [`Facts`]); a pure function makes a [`Plan`] of them; once confirmed, its
//! machine becomes a job (`core::job`) that asks for one [`Call`] after another.
//!
//! Nothing here knows a single action: those are lines of `core::actions`.

mod action;
mod asked;
mod call;
pub mod calls;
mod facts;
mod form;
mod plan;
mod session;
#[cfg(test)]
pub mod testing;

pub use action::{Action, ActionId, Reach, Right};
pub use asked::{Asked, Known, Where};
pub use call::{Call, Cause, Outcome, Patch, Refusal, Reply, Verb};
pub use facts::{Facts, Read};
pub use form::{Check, Entry, Field, Form, Given, Values};
pub use plan::{Blocker, Class, Item, Plan, Seed};
pub use session::{Holding, Session};
