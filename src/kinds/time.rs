//! Moments as the API writes them, in Unix milliseconds.

use super::text::Str;
use crate::core::value::{self, NONE};
use serde::{Deserialize, Deserializer};

/// A moment in Unix milliseconds; 0 where there is none (Go's zero time is `null` or empty on the wire).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Moment(pub i64);

impl Moment {
    /// Whether it is set.
    pub fn is_set(self) -> bool {
        self.0 != 0
    }

    /// The moment, or another one where it is not set.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        if self.is_set() { self } else { other }
    }

    /// As an `Age` cell; [`NONE`] where it is not set.
    pub fn cell(self) -> u64 {
        if self.is_set() { value::int(self.0) } else { NONE }
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        // A moment that cannot be read costs its column, not the row.
        Str::deserialize(d).map(|s| Self(parse_millis(&s).unwrap_or(0)))
    }
}

/// Reads an RFC 3339 time (`2026-11-21T12:02:18Z`, with fraction or offset too).
#[must_use]
pub fn parse_millis(text: &str) -> Option<i64> {
    fast(text.as_bytes()).or_else(|| text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond))
}

// The form nearly every field has, without a general parser's cost.
fn fast(b: &[u8]) -> Option<i64> {
    let &[y0, y1, y2, y3, b'-', mo0, mo1, b'-', d0, d1, b'T', h0, h1, b':', m0, m1, b':', s0, s1, b'Z'] = b else {
        return None;
    };
    let digit = |c: u8| c.is_ascii_digit().then_some(i64::from(c) - i64::from(b'0'));
    let two = |a: u8, b: u8| Some(digit(a)? * 10 + digit(b)?);
    let year = two(y0, y1)? * 100 + two(y2, y3)?;
    let (month, day) = (two(mo0, mo1)?, two(d0, d1)?);
    let (hour, minute, second) = (two(h0, h1)?, two(m0, m1)?, two(s0, s1)?);
    if !(1..=12).contains(&month) || !(1..=28).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        // Days 29-31 need the calendar; leap seconds need a decision: both are jiff's.
        return None;
    }
    Some((days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second) * 1000)
}

// Days since 1970-01-01 in the proleptic Gregorian calendar (years 0-9999).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Reads a Go duration as metrics carry it (`30.081s`, `1m5s`), in milliseconds.
#[must_use]
pub fn parse_go_duration(text: &str) -> Option<i64> {
    let mut rest = text;
    let mut millis = 0.0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        let unit_end = rest[digits..].find(|c: char| c.is_ascii_digit()).map_or(rest.len(), |i| digits + i);
        millis += number
            * match &rest[digits..unit_end] {
                "h" => 3_600_000.0,
                "m" => 60_000.0,
                "s" => 1000.0,
                "ms" => 1.0,
                "us" | "µs" => 0.001,
                "ns" => 0.000_001,
                _ => return None,
            };
        rest = &rest[unit_end..];
    }
    Some(millis.round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn go_durations() {
        for (text, ms) in [("30.081s", 30_081), ("1m5s", 65_000), ("14.592045696s", 14_592), ("1h0m0s", 3_600_000)] {
            assert_eq!(parse_go_duration(text), Some(ms), "{text}");
        }
        for bad in ["", "s", "5", "5x", "-3s"] {
            assert_eq!(parse_go_duration(bad), None, "{bad}");
        }
    }

    #[test]
    fn fractions_offsets_and_garbage() {
        assert_eq!(parse_millis("1970-01-01T00:00:01Z"), Some(1000));
        assert_eq!(parse_millis("2026-11-21T12:02:18.123456Z"), Some(1_795_262_538_123));
        assert_eq!(parse_millis("2026-11-21T13:02:18+01:00"), Some(1_795_262_538_000));
        assert_eq!(parse_millis("2026-02-30T00:00:00Z"), None);
        assert_eq!(parse_millis(""), None);
    }

    proptest! {
        #[test]
        fn the_fast_path_is_jiffs(second in 0_i64..250_000_000_000) {
            let text = jiff::Timestamp::from_second(second).unwrap().to_string();
            prop_assert_eq!(parse_millis(&text), Some(second * 1000));
        }
    }
}
