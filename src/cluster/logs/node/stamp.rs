//! The times in lines of a node's services.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The time of a line in Unix microseconds: at its beginning (`2026-11-21T16:25:21.123456+0000`, or
/// the journal's short form without a year, `Nov 21 16:25:21.123456`, or klog's, `I1121
/// 16:25:21.123456`), or in its field `time` or `ts`. Where no zone is said it is UTC: the log query
/// asks the journal for that, and nodes are run so. `now` (Unix ms) tells the year.
pub(super) fn read(line: &str, now: i64) -> Option<i64> {
    let first = line.as_bytes().first()?;
    match first {
        b'0'..=b'9' => exact(line.split(' ').next()?),
        b'I' | b'W' | b'E' | b'F' if line.as_bytes().get(1).is_some_and(u8::is_ascii_digit) => {
            yearless(line.get(1..21)?, "%Y %m%d %H:%M:%S%.f", now)
        }
        b'A'..=b'Z' => {
            let words = line.match_indices(' ').nth(2).map_or(line, |(end, _)| &line[..end]);
            yearless(words, "%Y %b %d %H:%M:%S%.f", now)
        }
        b't' => {
            let (_, rest) = line.split_once('=')?;
            let value = rest.trim_start_matches('"');
            exact(value.split(['"', ' ']).next()?)
        }
        _ => None,
    }
}

/// A time with its zone.
fn exact(word: &str) -> Option<i64> {
    let zoned = word.parse::<Timestamp>().ok().or_else(|| {
        // journalctl writes zones without a colon.
        let (time, zone) = word.split_at_checked(word.len().checked_sub(5)?)?;
        format!("{time}{}:{}", zone.get(..3)?, zone.get(3..)?).parse().ok()
    })?;
    Some(zoned.as_microsecond())
}

/// A time of the last twelve months.
fn yearless(text: &str, form: &str, now: i64) -> Option<i64> {
    let now = Timestamp::from_millisecond(now).ok()?;
    let year = now.to_zoned(TimeZone::UTC).year();
    let of = |year: i16| {
        let time = DateTime::strptime(form, format!("{year:04} {text}")).ok()?;
        Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp().as_microsecond())
    };
    let at = of(year)?;
    // December, read in January. A clock may be a day ahead.
    if at > now.as_microsecond() + 86_400_000_000 { of(year - 1) } else { Some(at) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_every_form() {
        let now = 1_795_262_400_000;
        let at = now * 1_000;
        for line in [
            "2026-11-21T12:00:00Z n1 x",
            "2026-11-21T13:00:00.000000+0100 n1 x",
            "Nov 21 12:00:00 n1 x",
            "Nov 21 12:00:00.000000 n1 kubelet[1]: x",
            "I1121 12:00:00.000000       1 a.go:3] x",
            "time=\"2026-11-21T12:00:00Z\" level=info",
            "ts=2026-11-21T12:00:00Z level=info",
        ] {
            assert_eq!(read(line, now), Some(at), "{line}");
        }
        assert_eq!(read("Nov 21 11:59:59.250000 n1 x", now), Some(at - 750_000));
        assert_eq!(read("E1231 23:00:00.000000 1 a.go:3] x", now), read("2025-12-31T23:00:00Z x", now));
        for line in ["a file's line", "Information", "E", "", "99 bottles", "I1 x", "total=3 注"] {
            assert_eq!(read(line, now), None, "{line}");
        }
    }
}
