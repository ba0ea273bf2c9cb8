//! Logs of real containers, held against what the container runtime wrote.

pub mod compare;
pub mod files;
pub mod pane;
