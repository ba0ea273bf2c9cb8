//! The program's own log: a file in the state folder, never the screen.

use std::path::Path;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

/// Lines that may wait for a slow disk.
const LINES: usize = 4_096;

/// Starts the log. `level` is a filter as `QD_LOG` gives it; what it does not say is `warn`.
/// Dropping the guard writes out what waits. Without a folder there is no log.
#[must_use]
pub fn start(file: &Path, level: Option<&str>) -> Option<WorkerGuard> {
    let (folder, name) = (file.parent()?, file.file_name()?);
    std::fs::create_dir_all(folder).ok()?;
    let file = tracing_appender::rolling::never(folder, name);
    // As many as wait by default take four megabytes from the first moment on.
    let (out, guard) = NonBlockingBuilder::default().buffered_lines_limit(LINES).finish(file);
    let filter = EnvFilter::try_new(level.unwrap_or("warn")).unwrap_or_else(|_| EnvFilter::new("warn"));
    // kube and hyper may quote requests: only the program's own words and warnings get in.
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(out).with_ansi(false).try_init().ok()?;
    Some(guard)
}
