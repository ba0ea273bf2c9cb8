//! Making plans: what the actions' plans have in common, and the larger ones of their own.
//! Pure: facts in, a [`crate::core::act::Plan`] out.

mod budgets;
pub mod children;
mod draft;
pub mod drain;
pub mod fields;
mod find;
mod fits;
mod kubectl;
mod pinned;
pub mod taint;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
pub mod words;

pub use budgets::{Tally, Word};
pub use draft::{Draft, subject, those};
pub use find::{all, listed, on, pods_of, read};
pub use fits::{Place, fits};
pub use kubectl::{Line, name, quote};
pub use pinned::{Pinned, pinned};
