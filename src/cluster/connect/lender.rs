//! Who has the terminal. This room knows only that it can be asked for.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// The terminal, lent. Dropping it gives it back.
pub type Lease = Box<dyn Send>;

/// Lends the terminal.
pub trait Lender: Send + Sync {
    /// The terminal, with these words on it first, once it is free; `None` if it cannot be had.
    fn lend(&self, words: String) -> Pin<Box<dyn Future<Output = Option<Lease>> + Send>>;
}

/// A lender, if there is one: not in tests, and not where nobody sits before the program.
#[derive(Clone, Default)]
pub struct Lending(pub Option<Arc<dyn Lender>>);

impl fmt::Debug for Lending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Lending" } else { "None" })
    }
}
