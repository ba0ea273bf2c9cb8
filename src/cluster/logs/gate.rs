//! How fast streams are opened: an API server gives each a connection to a kubelet.

use std::time::Duration;
use tokio::sync::{Mutex, Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

/// Requests that wait for the head of their answer at the same time.
const AT_ONCE: usize = 10;
/// The time between two requests.
const APART: Duration = Duration::from_millis(25);

/// One for each reading.
pub(super) struct Gate {
    opening: Semaphore,
    next: Mutex<Instant>,
}

impl Gate {
    pub fn new() -> Self {
        Self { opening: Semaphore::new(AT_ONCE), next: Mutex::new(Instant::now()) }
    }

    /// Waits for the turn. The permit is held until the server has answered.
    pub async fn pass(&self) -> Option<SemaphorePermit<'_>> {
        let permit = self.opening.acquire().await.ok()?;
        let at = {
            let mut next = self.next.lock().await;
            let at = (*next).max(Instant::now());
            *next = at + APART;
            at
        };
        sleep_until(at).await;
        Some(permit)
    }
}
