//! What the state wants done outside, as plain data.

use super::cluster::ContextInfo;
use super::kind::{ClusterId, StreamKey};
use std::sync::Arc;

/// One wish.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Connect to a context under a new id.
    Connect {
        /// The id its messages will carry.
        cluster: ClusterId,
        /// Which context.
        context: ContextInfo,
    },
    /// Let go of a cluster.
    Disconnect(ClusterId),
    /// Read the kubeconfig again.
    ReadContexts,
    /// List a stream anew.
    Resync(StreamKey),
    /// Put text on the user's clipboard.
    Copy(String),
    /// Turn mouse reports on or off.
    Mouse(bool),
    /// A command of a room above the core (`:demo fault ...`).
    Extra(Arc<str>),
    /// Stop the process like Ctrl-Z would.
    Suspend,
    /// Leave.
    Quit,
}
