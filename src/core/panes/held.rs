//! The list of forwards and copies.

use super::list::List;

/// Forwards and copies, the newest last.
#[derive(Debug, Clone, Default)]
pub struct HeldPane {
    /// Where the user is.
    pub list: List,
}
