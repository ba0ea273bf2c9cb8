//! Faults on request: what a network, a proxy or a tired server does, switched on by words.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// Which faults are on; none by default.
///
/// Words, as [`FromStr`] reads them: `latency=200ms` (before each answer), `stall` (no answer at all), `cut=5s` (answers
/// end in mid-object after that time), `status=503` (every answer), `garbage` (bytes that are no JSON), `silent` (watches
/// say nothing more but stay open), `throttle=20000` (bytes per second), `gone` (watches are answered 410), `expired`
/// (tokens are refused), `off`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fault of its own")]
pub struct Faults {
    /// Waited before each answer.
    pub latency: Duration,
    /// Requests are never answered.
    pub stall: bool,
    /// Answers are cut off after this time.
    pub cut: Option<Duration>,
    /// Every answer has this status.
    pub status: Option<u16>,
    /// Bodies are garbage.
    pub garbage: bool,
    /// Watches fall silent without closing.
    pub silent: bool,
    /// Bytes per second of each answer.
    pub throttle: Option<u32>,
    /// Every watch is told that its version is too old.
    pub gone: bool,
    /// Every token has expired.
    pub expired: bool,
}

impl Faults {
    /// Whether bodies have to pass through [`super::http`]'s pump.
    pub(crate) fn touch_bodies(&self) -> bool {
        self.cut.is_some() || self.throttle.is_some() || self.garbage
    }
}

impl FromStr for Faults {
    type Err = String;

    fn from_str(words: &str) -> Result<Self, String> {
        let mut faults = Self::default();
        for word in words.split_whitespace() {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            let bad = || format!("cannot read the fault \"{word}\"");
            match name {
                "off" | "none" => faults = Self::default(),
                "latency" => faults.latency = duration(value).ok_or_else(bad)?,
                "stall" => faults.stall = true,
                "cut" => faults.cut = Some(duration(value).ok_or_else(bad)?),
                "status" => {
                    let code = value.parse().ok().filter(|c| (400..600).contains(c));
                    faults.status = Some(code.ok_or_else(bad)?);
                }
                "garbage" => faults.garbage = true,
                "silent" => faults.silent = true,
                "throttle" => {
                    faults.throttle = Some(value.parse().ok().filter(|n| *n > 0).ok_or_else(bad)?);
                }
                "gone" => faults.gone = true,
                "expired" => faults.expired = true,
                _ => return Err(format!("no fault is called \"{name}\"")),
            }
        }
        Ok(faults)
    }
}

fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let number: u64 = number.parse().ok()?;
    match unit {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_secs(number * 60)),
        _ => None,
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = Vec::new();
        if !self.latency.is_zero() {
            words.push(format!("latency={}ms", self.latency.as_millis()));
        }
        if let Some(cut) = self.cut {
            words.push(format!("cut={}ms", cut.as_millis()));
        }
        if let Some(status) = self.status {
            words.push(format!("status={status}"));
        }
        if let Some(throttle) = self.throttle {
            words.push(format!("throttle={throttle}"));
        }
        let flags = [
            (self.stall, "stall"),
            (self.garbage, "garbage"),
            (self.silent, "silent"),
            (self.gone, "gone"),
            (self.expired, "expired"),
        ];
        words.extend(flags.iter().filter(|(on, _)| *on).map(|(_, word)| (*word).to_owned()));
        f.write_str(&if words.is_empty() { "off".to_owned() } else { words.join(" ") })
    }
}
