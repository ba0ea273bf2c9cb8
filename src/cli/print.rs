//! The one place that writes to standard output.

use std::io::{ErrorKind, Write};

/// Prints a text whole. A reader that has heard enough (`qd keys | head`) is no
/// failure.
///
/// # Errors
/// When standard output cannot be written for another reason.
pub fn print(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// The script that completes the command line in a shell.
#[must_use]
pub fn completions(shell: clap_complete::Shell) -> String {
    let mut script = Vec::new();
    let mut command = <super::Args as clap::CommandFactory>::command();
    clap_complete::generate(shell, &mut command, "qd", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
