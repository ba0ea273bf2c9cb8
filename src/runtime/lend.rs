//! Lending the terminal to those who ask from other threads (credential plugins that prompt): one
//! at a time, and given back when the lease is dropped, however its holder ends.

use crate::cluster::{Lease, Lender};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

/// What the loop is told.
#[derive(Debug)]
pub enum Loan {
    /// Somebody wants the terminal: give it away with these words on it, then send the lease.
    Out {
        /// For whom.
        words: String,
        /// Where the one who waits gets it.
        to: oneshot::Sender<Held>,
        /// What to send.
        lease: Held,
    },
    /// It is free again.
    Back,
}

/// The terminal, lent. Dropping it gives it back.
#[derive(Debug)]
pub struct Held {
    loop_: UnboundedSender<Loan>,
    // The next in turn gets it once this one has said so.
    _turn: OwnedMutexGuard<()>,
}

impl Drop for Held {
    fn drop(&mut self) {
        // The loop may have ended: then the terminal is the shell's.
        let _ = self.loop_.send(Loan::Back);
    }
}

/// The counter where the terminal is asked for.
#[derive(Debug, Clone)]
pub struct Counter {
    turn: Arc<Mutex<()>>,
    loop_: UnboundedSender<Loan>,
}

impl Counter {
    /// A counter, and what the loop hears from it.
    #[must_use]
    pub fn new() -> (Self, UnboundedReceiver<Loan>) {
        let (loop_, loans) = unbounded_channel();
        (Self { turn: Arc::default(), loop_ }, loans)
    }

    async fn ask(self, words: String) -> Option<Held> {
        let lease = Held { _turn: self.turn.lock_owned().await, loop_: self.loop_.clone() };
        let (to, from) = oneshot::channel();
        self.loop_.send(Loan::Out { words, to, lease }).ok()?;
        from.await.ok()
    }
}

impl Lender for Counter {
    fn lend(&self, words: String) -> Pin<Box<dyn Future<Output = Option<Lease>> + Send>> {
        let counter = self.clone();
        Box::pin(async move { counter.ask(words).await.map(|held| Box::new(held) as Lease) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_has_it_at_a_time_and_it_comes_back() {
        let (counter, mut loans) = Counter::new();
        let (first, second) = (tokio::spawn(counter.clone().ask("a".into())), counter.lend("b".into()));
        let Some(Loan::Out { words, to, lease }) = loans.recv().await else { panic!("nobody asked") };
        assert_eq!(words, "a");
        to.send(lease).unwrap();
        let held = first.await.unwrap().unwrap();
        let second = tokio::spawn(second);
        drop(held);
        assert!(matches!(loans.recv().await, Some(Loan::Back)));
        let Some(Loan::Out { words, to, lease }) = loans.recv().await else { panic!("nobody asked") };
        assert_eq!(words, "b");
        // The one who asked has given up meanwhile: the lease falls back by itself.
        second.abort();
        let _ = second.await;
        drop(to.send(lease));
        assert!(matches!(loans.recv().await, Some(Loan::Back)));
    }
}
