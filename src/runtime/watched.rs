//! Tasks that panic: a fault of ours in one stream must not silence it for good, nor take the
//! rest with it. The panic's words go to the log (`tty::guard`'s hook); the user gets a notice.

use crate::core::msg::{Level, Msg};
use futures_util::FutureExt as _;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tokio::sync::mpsc::Sender;

/// How long a task that panicked rests before it is started again.
pub(super) const REST: Duration = Duration::from_secs(10);

/// Runs a task to its end, however often it panics. `what` names it for the user; `fell` may say
/// more to those who wait for the task.
pub(super) async fn run<Task: Future<Output = ()>, Fell: Future<Output = ()>>(
    what: String,
    inbox: Sender<Msg>,
    mut task: impl FnMut() -> Task,
    mut fell: impl FnMut() -> Fell,
) {
    // The task is dropped whole when it panics: nothing of it is seen in a broken state.
    while AssertUnwindSafe(task()).catch_unwind().await.is_err() {
        let text = format!("a fault in qd stopped {what}; it starts again in {} s (see the log)", REST.as_secs());
        if inbox.send(Msg::Notice(Level::Error, text.into())).await.is_err() {
            return;
        }
        fell().await;
        tokio::time::sleep(REST).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn a_panic_is_told_and_the_task_starts_again() {
        let (inbox, mut told) = tokio::sync::mpsc::channel(8);
        let (runs, fallen) = (AtomicU32::new(0), AtomicU32::new(0));
        let begun = Instant::now();
        let task = || async {
            assert!(runs.fetch_add(1, Ordering::SeqCst) >= 2, "not yet");
        };
        let fell = || async {
            fallen.fetch_add(1, Ordering::SeqCst);
        };
        run("the stream of pods".into(), inbox, task, fell).await;
        assert_eq!((runs.load(Ordering::SeqCst), fallen.load(Ordering::SeqCst)), (3, 2));
        assert_eq!(begun.elapsed(), REST * 2);
        let Some(Msg::Notice(Level::Error, text)) = told.recv().await else { panic!("no notice") };
        assert_eq!(&*text, "a fault in qd stopped the stream of pods; it starts again in 10 s (see the log)");
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_is_told_once_the_program_leaves() {
        let (inbox, told) = tokio::sync::mpsc::channel(1);
        drop(told);
        run("x".into(), inbox, || async { panic!("always") }, || async {}).await;
    }
}
