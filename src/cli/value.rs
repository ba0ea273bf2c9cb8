//! The small grammars of flags: sizes and durations.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

/// A simulated cluster's size, as `NODESxPODS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Nodes, from 1.
    pub nodes: u32,
    /// Pods.
    pub pods: u32,
}

impl Size {
    const MOST_NODES: u32 = 20_000;
    const MOST_PODS: u32 = 1_000_000;
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.nodes, self.pods)
    }
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad =
            || format!("write it as NODESxPODS, as in 100x3000: at most {}x{}", Self::MOST_NODES, Self::MOST_PODS);
        let (nodes, pods) = text.split_once(['x', 'X']).ok_or_else(bad)?;
        let number = |digits: &str, from: u32, to: u32| {
            let plain = digits.bytes().all(|b| b.is_ascii_digit());
            digits.parse::<u32>().ok().filter(|n| plain && (from..=to).contains(n)).ok_or_else(bad)
        };
        Ok(Self { nodes: number(nodes, 1, Self::MOST_NODES)?, pods: number(pods, 0, Self::MOST_PODS)? })
    }
}

/// Reads a duration as kubectl takes it: `30s`, `1m30s`, `500ms`, a plain number
/// of seconds; `0` is no limit and gives `None`.
///
/// # Errors
/// A sentence that shows how to write it.
pub fn timeout(text: &str) -> Result<Timeout, String> {
    let bad = || "write a number with ms, s, m or h, as in 30s or 1m30s; 0 means no limit".to_owned();
    if let Some(seconds) = digits(text) {
        return Ok(Timeout::of(Duration::from_secs(seconds)));
    }
    let (mut rest, mut total) = (text, Duration::ZERO);
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(bad)?;
        let number = digits(&rest[..end]).ok_or_else(bad)?;
        let unit_end = rest[end..].find(|c: char| c.is_ascii_digit()).map_or(rest.len(), |n| end + n);
        let ms = match &rest[end..unit_end] {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => return Err(bad()),
        };
        let part = Duration::from_millis(number.checked_mul(ms).ok_or_else(bad)?);
        total = total.checked_add(part).ok_or_else(bad)?;
        rest = &rest[unit_end..];
    }
    if text.is_empty() { Err(bad()) } else { Ok(Timeout::of(total)) }
}

/// How long a request may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeout(pub Option<Duration>);

impl Timeout {
    fn of(duration: Duration) -> Self {
        Self(Some(duration).filter(|d| !d.is_zero()))
    }
}

/// How fast a recording is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tempo {
    /// So many times as fast as it happened.
    Times(f64),
    /// Straight to the end.
    AtOnce,
}

/// Reads a speed: a number from 0.1 to 1000, or `max`.
///
/// # Errors
/// A sentence that tells what to write.
pub fn tempo(text: &str) -> Result<Tempo, String> {
    if text == "max" {
        return Ok(Tempo::AtOnce);
    }
    let times = text.parse().ok().filter(|n| (0.1..=1_000.0).contains(n));
    times.map(Tempo::Times).ok_or_else(|| "write a number from 0.1 to 1000, or max".to_owned())
}

/// Reads an address on loopback with its port.
///
/// # Errors
/// A sentence that tells what to write.
pub fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr =
        text.parse().map_err(|_| "write an address with a port, as in 127.0.0.1:8001".to_owned())?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("only loopback is served: write 127.0.0.1:PORT or [::1]:PORT".to_owned())
    }
}

/// Reads changes a second, from 0 to 100,000.
///
/// # Errors
/// A sentence that tells what to write.
pub fn rate(text: &str) -> Result<f64, String> {
    let found = text.parse().ok().filter(|n| (0.0..=100_000.0).contains(n));
    found.ok_or_else(|| "write a number from 0 to 100000".to_owned())
}

/// At most ten digits: longer than any run, and no sum of parts overflows.
fn digits(text: &str) -> Option<u64> {
    let plain = (1..=10).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests;
