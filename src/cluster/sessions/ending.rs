//! How a session ended, as its error channel says: a Status.

use crate::cluster::problem::clean;
use crate::core::shell::Ending;
use serde_json::Value;

/// The most that is read of it.
pub(super) const MOST: usize = 64 * 1024;

/// Reads the Status; an empty one means that the connection was closed without any.
pub(super) fn read(told: &[u8]) -> Ending {
    if told.is_empty() {
        return Ending::Lost("the server closed the session".into());
    }
    let Ok(status) = serde_json::from_slice::<Value>(told) else {
        return Ending::Failed(clean(&String::from_utf8_lossy(told)).into());
    };
    let text = |at: &str| status.pointer(at).and_then(Value::as_str).unwrap_or_default();
    if text("/status") == "Success" {
        return Ending::Exit(0);
    }
    let causes = status.pointer("/details/causes").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let code = causes.iter().find(|c| c["reason"] == "ExitCode").and_then(|c| c["message"].as_str()?.parse().ok());
    match code {
        Some(code) if text("/reason") == "NonZeroExitCode" => Ending::Exit(code),
        _ => Ending::Failed(why(text("/message")).into()),
    }
}

/// The end of the story: what wraps the runtime's own words says nothing to a reader.
fn why(message: &str) -> String {
    let rest = message.rsplit_once("exec failed: ").map_or(message, |(_, rest)| rest);
    clean(rest.trim_start_matches("Internal error occurred: ").trim_end_matches(": unknown"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_an_exit_code_or_a_reason() {
        let table: [(&str, Ending); 6] = [
            (r#"{"metadata":{},"status":"Success"}"#, Ending::Exit(0)),
            (
                r#"{"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"7"}]}}"#,
                Ending::Exit(7),
            ),
            (
                r#"{"status":"Failure","message":"Internal error occurred: error executing command in container: failed to exec in container: failed to start exec \"9\": OCI runtime exec failed: exec failed: unable to start container process: exec: \"bash\": executable file not found in $PATH: unknown","reason":"InternalError","code":500}"#,
                Ending::Failed(
                    "unable to start container process: exec: \"bash\": executable file not found in $PATH".into(),
                ),
            ),
            ("", Ending::Lost("the server closed the session".into())),
            ("plain \u{1b}[31mwords", Ending::Failed("plain  [31mwords".into())),
            (r#"{"status":"Failure","reason":"NonZeroExitCode","message":"odd"}"#, Ending::Failed("odd".into())),
        ];
        for (told, ending) in table {
            assert_eq!(read(told.as_bytes()), ending, "{told}");
        }
    }
}
