//! Figures, printed; and limits, with room for a machine that does other things meanwhile.

use crate::pty::Program;
use std::time::Duration;

/// Prints a time beside its limit, and fails at twice the limit.
pub fn within(what: &str, took: Duration, limit: Duration) {
    let over = if took > limit { ", OVER ITS LIMIT" } else { "" };
    eprintln!("{what}: {:.1} s (limit {} s{over})", took.as_secs_f64(), limit.as_secs());
    assert!(took <= limit * 2, "{what}: {took:?}, limit {limit:?}");
}

/// Prints the median and the longest of sorted times.
pub fn spread(what: &str, took: &[Duration]) {
    let ms = |d: Duration| d.as_secs_f64() * 1000.0;
    let (p50, max) = (took[took.len() / 2], took[took.len() - 1]);
    eprintln!("{what}: p50 {:.0} ms, max {:.0} ms of {}", ms(p50), ms(max), took.len());
}

/// Processor time a process has used, in seconds.
pub fn processor(program: &Program) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{}/stat", program.pid())).expect("the program runs");
    let fields: Vec<&str> = text.rsplit(") ").next().expect("fields").split(' ').collect();
    // utime and stime, in ticks of a hundredth.
    let ticks = |n: usize| fields[n].parse::<f64>().expect("a number");
    (ticks(11) + ticks(12)) / 100.0
}
