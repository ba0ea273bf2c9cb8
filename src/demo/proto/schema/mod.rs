//! The messages that can be encoded, as tables.

pub(super) mod container;
pub(super) mod meta;
pub(super) mod node;
pub(super) mod pod;
pub(super) mod review;
pub(super) mod volume;
