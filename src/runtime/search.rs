//! Searches beside the loop: one thread that looks through lines and reports what it finds, the
//! newest first. A newer search of the same lens puts an end to an older one.

use crate::core::logs::lens::LensKind;
use crate::core::logs::scan::{self, Job, Work};
use crate::core::logs::source::LogId;
use crate::core::msg::Msg;
use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::Sender;

/// How long findings are gathered before they are reported.
const GATHER: Duration = Duration::from_millis(30);

/// One search.
struct Search {
    log: LogId,
    lens: LensKind,
    generation: u64,
    current: Arc<AtomicU64>,
    job: Arc<Job>,
    work: Vec<Work>,
}

/// The thread and what is current.
pub struct Searches {
    send: Option<mpsc::Sender<Search>>,
    current: HashMap<(LogId, LensKind), Arc<AtomicU64>>,
}

impl Searches {
    /// Starts the thread. Findings go through `out`.
    ///
    /// # Errors
    /// There can be no thread.
    pub fn start(out: Sender<Msg>) -> io::Result<Self> {
        let (send, take) = mpsc::channel::<Search>();
        thread::Builder::new().name("qd-cpu".to_owned()).spawn(move || {
            while let Ok(search) = take.recv() {
                if look(&search, &out).is_none() {
                    return;
                }
            }
        })?;
        Ok(Self { send: Some(send), current: HashMap::new() })
    }

    /// Looks through lines.
    pub fn search(&mut self, log: LogId, lens: LensKind, generation: u64, job: Arc<Job>, work: Vec<Work>) {
        let current = self.current.entry((log, lens)).or_default().clone();
        current.store(generation, Ordering::Relaxed);
        if let Some(send) = &self.send {
            drop(send.send(Search { log, lens, generation, current, job, work }));
        }
    }

    /// Forgets a log that nobody has any more.
    pub fn forget(&mut self, log: LogId) {
        self.current.retain(|(id, _), current| {
            // No generation is so high: what is under way stops.
            if *id == log {
                current.store(u64::MAX, Ordering::Relaxed);
            }
            *id != log
        });
    }
}

/// `None` when nobody takes findings any more.
fn look(search: &Search, out: &Sender<Msg>) -> Option<()> {
    let report = |found: Vec<scan::Found>, last: bool| {
        let (log, lens, generation) = (search.log, search.lens, search.generation);
        out.blocking_send(Msg::LogFound { log, lens, generation, found, last }).ok()
    };
    let mut found = Vec::new();
    let mut since = Instant::now();
    for work in &search.work {
        if search.current.load(Ordering::Relaxed) != search.generation {
            return Some(());
        }
        found.push(scan::run(&search.job, work));
        if since.elapsed() >= GATHER {
            report(std::mem::take(&mut found), false)?;
            since = Instant::now();
        }
    }
    report(found, true)
}
