//! How a session ends, in the words that go over its error stream.

use serde_json::{Value, json};

use crate::wire::channel::Protocol;

/// How a remote command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It ran; its words and its exit code.
    Code(Vec<String>, i32),
    /// The container runtime could not start it.
    Unstarted(String),
    /// The node did not begin the session.
    Refused(String),
    /// The node cannot be reached.
    Unreachable(String),
}

impl Verdict {
    /// What is written to the error stream.
    pub(super) fn written(&self, protocol: Protocol) -> Vec<u8> {
        let told = match (self, protocol) {
            (Self::Code(_, 0), Protocol::V1) => return Vec::new(),
            (Self::Code(words, code), Protocol::V1) => {
                format!("command terminated with non-zero exit code: {}", runtime(words, *code))
            }
            (Self::Code(..), _) => return escaped(&self.status(protocol)),
            (Self::Unstarted(why), _) => format!("error executing command in container: {why}"),
            (Self::Refused(why), _) => format!("unable to upgrade connection: {why}"),
            (Self::Unreachable(why), _) => format!("error dialing backend: {why}"),
        };
        if protocol == Protocol::V1 {
            return told.into_bytes();
        }
        // What the node wrapped, the translating API server wraps once more.
        let again = protocol == Protocol::V5 && matches!(self, Self::Unstarted(_));
        escaped(&internal(&if again { format!("Internal error occurred: {told}") } else { told }))
    }

    fn status(&self, protocol: Protocol) -> Value {
        match self {
            Self::Code(_, 0) => json!({"metadata": {}, "status": "Success"}),
            Self::Code(words, code) => {
                let told = match protocol {
                    Protocol::V5 => format!("command terminated with exit code {code}"),
                    Protocol::V4 | Protocol::V1 => runtime(words, *code),
                };
                json!({
                    "metadata": {}, "status": "Failure",
                    "message": format!("command terminated with non-zero exit code: {told}"),
                    "reason": "NonZeroExitCode",
                    "details": {"causes": [{"reason": "ExitCode", "message": code.to_string()}]}
                })
            }
            Self::Unstarted(why) | Self::Refused(why) | Self::Unreachable(why) => internal(why),
        }
    }
}

/// An exit code in the words of the container runtime.
fn runtime(words: &[String], code: i32) -> String {
    format!("error executing command [{}], exit code {code}", words.join(" "))
}

fn internal(why: &str) -> Value {
    json!({
        "metadata": {}, "status": "Failure", "message": format!("Internal error occurred: {why}"),
        "reason": "InternalError", "details": {"causes": [{"message": why}]}, "code": 500
    })
}

/// JSON as Go writes it: no angle brackets, no ampersands.
fn escaped(status: &Value) -> Vec<u8> {
    let text = status.to_string();
    text.replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e").into_bytes()
}
