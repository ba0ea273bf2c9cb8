//! Times of lines as they are shown.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// How times are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Times {
    /// In the zone of the settings.
    #[default]
    Local,
    /// In UTC.
    Utc,
    /// How long ago.
    Relative,
    /// How long after the line before.
    Delta,
    /// Not.
    Off,
}

impl Times {
    /// The next choice.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Local => Self::Utc,
            Self::Utc => Self::Relative,
            Self::Relative => Self::Delta,
            Self::Delta => Self::Off,
            Self::Off => Self::Local,
        }
    }

    /// What a notice calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Local => "local time",
            Self::Utc => "UTC",
            Self::Relative => "how long ago",
            Self::Delta => "since the line before",
            Self::Off => "off",
        }
    }

    /// The cells a time takes.
    #[must_use]
    pub fn width(self) -> u16 {
        match self {
            Self::Local | Self::Utc => 12,
            Self::Relative => 7,
            Self::Delta => 9,
            Self::Off => 0,
        }
    }

    /// The time `at` (Unix microseconds) of a line, seen at `now`; `before` is the time of the line
    /// above. What is not of the same day shows its day instead of parts of seconds.
    #[must_use]
    pub fn show(self, at: i64, now: i64, before: Option<i64>, zone: &TimeZone) -> String {
        match self {
            Self::Off => String::new(),
            Self::Local => clock(at, now, zone),
            Self::Utc => clock(at, now, &TimeZone::UTC),
            Self::Relative => format!("{:>7}", ago((now - at) / 1_000_000)),
            Self::Delta => match before {
                Some(before) => format!("{:>9}", delta(at - before)),
                None => " ".repeat(9),
            },
        }
    }
}

fn clock(at: i64, now: i64, zone: &TimeZone) -> String {
    let read = |us: i64| Timestamp::from_microsecond(us).map(|t| t.to_zoned(zone.clone())).ok();
    let (Some(time), Some(today)) = (read(at), read(now)) else { return " ".repeat(12) };
    if time.date() == today.date() {
        format!("{:02}:{:02}:{:02}.{:03}", time.hour(), time.minute(), time.second(), time.millisecond())
    } else if time.year() == today.year() {
        format!("{:02}-{:02}T{:02}:{:02} ", time.month(), time.day(), time.hour(), time.minute())
    } else {
        format!("{:04}-{:02}-{:02}  ", time.year(), time.month(), time.day())
    }
}

/// A span in at most six cells: `12s`, `3m05s`, `2h14m`, `9d04h`.
fn ago(seconds: i64) -> String {
    let s = seconds.max(0);
    match s {
        0..60 => format!("{s}s"),
        60..3_600 => format!("{}m{:02}s", s / 60, s % 60),
        3_600..86_400 => format!("{}h{:02}m", s / 3_600, s / 60 % 60),
        86_400..86_400_000 => format!("{}d{:02}h", s / 86_400, s / 3_600 % 24),
        _ => format!("{}d", s / 86_400),
    }
}

fn delta(us: i64) -> String {
    match us {
        -9_999_999..=99_999_999 => format!("{:+.3}", us as f64 / 1e6),
        _ => format!("+{}", ago(us / 1_000_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_has_its_width() {
        let now = 1_795_262_400_123_456;
        let berlin = TimeZone::fixed(jiff::tz::offset(1));
        let show = |times: Times, at| times.show(at, now, Some(at - 302_000), &berlin);
        assert_eq!(show(Times::Local, now), "13:00:00.123");
        assert_eq!(show(Times::Utc, now), "12:00:00.123");
        assert_eq!(show(Times::Utc, now - 86_400_000_000), "11-20T12:00 ");
        assert_eq!(show(Times::Relative, now - 185_000_000), "  3m05s");
        assert_eq!(show(Times::Delta, now), "   +0.302");
        let mut times = Times::default();
        for _ in 0..5 {
            for age in [0, 1, 90, 7_200, 200_000, 90_000_000] {
                assert_eq!(show(times, now - age * 1_000_000).len(), usize::from(times.width()), "{times:?} {age}");
            }
            times = times.next();
        }
        assert_eq!(times, Times::default());
    }
}
