//! Lines into a file, beside the loop.

use crate::core::effect::SavedLog;
use crate::core::msg::{Level, Msg};
use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use tokio::runtime::Handle;
use tokio::sync::mpsc::Sender;

/// Names that are tried for a file before giving up.
const TRIES: u32 = 100;

/// Writes lines into a new file in the working folder and tells where.
pub fn save(io: &Handle, out: Sender<Msg>, name: &str, lines: SavedLog) {
    let name = plain(name);
    io.spawn_blocking(move || {
        let msg = match write(&name, &lines) {
            Ok(file) => Msg::Notice(Level::Info, format!("{} lines saved to {}", lines.0.len(), file.display()).into()),
            Err(e) => {
                let text = format!("{name}.log cannot be written here ({}); start qd in a folder of yours", e.kind());
                Msg::Notice(Level::Error, text.into())
            }
        };
        drop(out.blocking_send(msg));
    });
}

/// A name that is a file name everywhere.
fn plain(name: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c } else { '-' };
    let name: String = name.chars().map(safe).take(100).collect();
    format!("qd-{}", name.trim_matches(['-', '.']))
}

fn write(name: &str, lines: &SavedLog) -> io::Result<PathBuf> {
    for n in 1..=TRIES {
        let file = if n == 1 { format!("{name}.log") } else { format!("{name}-{n}.log") };
        let path = std::env::current_dir()?.join(file);
        // Logs hold what is nobody else's business.
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
            Ok(open) => {
                let mut open = BufWriter::new(open);
                lines.0.write(&mut open)?;
                open.flush()?;
                return Ok(path);
            }
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(e),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        assert_eq!(plain("pod shop/cart-0"), "qd-pod-shop-cart-0");
        assert_eq!(plain("../../etc/passwd"), "qd-etc-passwd");
    }
}
