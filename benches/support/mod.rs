//! What the benches share: a clock that takes medians, and the rows of generated clusters.
//!
//! Times are CPU time where nothing waits, and figures are ratios to a baseline of the same
//! run, so that a slow or busy machine does not change what they say.
#![allow(dead_code, reason = "each bench uses a part of it")]

pub mod cluster;
pub mod console;
pub mod drains;
pub mod logs;
pub mod server;

use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

fn clock(id: ClockId) -> Duration {
    let t = clock_gettime(id);
    Duration::new(t.tv_sec.unsigned_abs(), u32::try_from(t.tv_nsec).unwrap_or(0))
}

/// CPU time this thread has used.
pub fn thread_cpu() -> Duration {
    clock(ClockId::ThreadCPUTime)
}

/// CPU time all threads of this process have used.
pub fn process_cpu() -> Duration {
    clock(ClockId::ProcessCPUTime)
}

/// The median CPU time of some runs, each on fresh input.
pub fn median<T, R>(runs: usize, mut input: impl FnMut() -> T, mut run: impl FnMut(T) -> R) -> Duration {
    let times = (0..runs).map(|_| {
        let it = input();
        let start = thread_cpu();
        let out = run(it);
        let took = thread_cpu().saturating_sub(start);
        std::hint::black_box(out);
        took
    });
    middle(times.collect())
}

/// The one in the middle.
pub fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Prints one line: what, how long, against what, and how many times faster.
pub fn report(what: &str, ours: Duration, baseline: &str, theirs: Duration) {
    let ratio = theirs.as_secs_f64() / ours.as_secs_f64().max(1e-9);
    println!("{what:<48} {:>11} | {baseline:<40} {:>11} | {ratio:>7.1}x", ms(ours), ms(theirs));
}

/// Prints a figure and the limit it is held to.
pub fn figure(what: &str, value: &str, limit: &str) {
    println!("{what:<62} {value:>16}   (at most {limit})");
}

pub fn ms(d: Duration) -> String {
    format!("{:.3} ms", d.as_secs_f64() * 1000.0)
}

/// A line of /proc/PID/status in bytes; 0 where the system does not tell.
pub fn memory(pid: &str, line: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix(line)?.strip_prefix(':')).unwrap_or("0");
    line.split_whitespace().next().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) * 1024
}

/// Resident memory of this process in bytes.
pub fn resident() -> u64 {
    memory("self", "VmRSS")
}

pub fn mib(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}

/// A number of the environment, for smaller or larger runs than the documented ones.
pub fn number(name: &str, usual: u32) -> u32 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(usual)
}

/// Numbers that look random and are the same in every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below.max(1)
    }
}

/// Runs the parts of a bench that its command line names, or all.
pub fn parts(all: &[(&str, fn())]) {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    all.iter().filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|w| w == name)).for_each(|(_, part)| part());
}
