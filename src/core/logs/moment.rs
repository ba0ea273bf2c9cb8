//! Times as they are typed.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// Reads a moment as Unix milliseconds: `12:04`, `12:04:28.5` (the last one before `now`),
/// `11-21T12:04`, `2026-11-21T12:04:28Z`, `-5m`, `-2h`.
///
/// # Errors
/// What is understood.
pub fn read(text: &str, now: i64, zone: &TimeZone) -> Result<i64, String> {
    let text = text.trim();
    if let Some(span) = text.strip_prefix('-').and_then(span) {
        return Ok(now - i64::from(span) * 1_000);
    }
    if let Ok(exact) = text.parse::<Timestamp>() {
        return Ok(exact.as_millisecond());
    }
    let today = Timestamp::from_millisecond(now).unwrap_or_default().to_zoned(zone.clone());
    let local = |at: DateTime| at.to_zoned(zone.clone()).ok().map(|z: Zoned| z.timestamp().as_millisecond());
    let found = if let Ok(time) = text.parse::<Time>() {
        let at = local(today.date().to_datetime(time));
        // A time that is still to come today was meant of yesterday.
        at.map(|at| if at > now + 60_000 { at - 86_400_000 } else { at })
    } else {
        let (day, time) = text.split_once(['T', ' ']).unwrap_or((text, "00:00"));
        let day = day.parse::<Date>().or_else(|_| format!("{:04}-{day}", today.year()).parse::<Date>());
        match (day, time.parse::<Time>()) {
            (Ok(day), Ok(time)) => local(day.to_datetime(time)),
            _ => None,
        }
    };
    found.ok_or_else(|| "a time is 12:04, 12:04:28, -5m or 2026-11-21T12:04".to_owned())
}

/// Reads a span as seconds: `90s`, `15m`, `2h`, `3d`, `1h30m`.
#[must_use]
pub fn span(text: &str) -> Option<u32> {
    let mut rest = text;
    let mut sum = 0_u32;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let n: u32 = rest.get(..digits)?.parse().ok()?;
        let unit = match rest.as_bytes().get(digits)? {
            b's' => 1,
            b'm' => 60,
            b'h' => 3_600,
            b'd' => 86_400,
            _ => return None,
        };
        sum = sum.checked_add(n.checked_mul(unit)?)?;
        rest = rest.get(digits + 1..)?;
    }
    (sum > 0).then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_people_type_them() {
        let now = 1_795_262_400_000; // 2026-11-21T12:00:00Z
        let plus_one = TimeZone::fixed(jiff::tz::offset(1));
        let read = |text: &str| read(text, now, &plus_one).map(|at| (at - now) / 1_000);
        assert_eq!(read("12:04"), Ok(-56 * 60));
        assert_eq!(read("12:04:28.5"), Ok(-56 * 60 + 29), "half a second, cut off");
        assert_eq!(read("14:00"), Ok(-23 * 3_600), "yesterday's");
        assert_eq!(read("-1h30m"), Ok(-5_400));
        assert_eq!(read("11-20T13:00"), Ok(-86_400));
        assert_eq!(read("2026-11-21T12:00:01Z"), Ok(1));
        assert!(read("soon").is_err());
        assert_eq!((span("5"), span("0s"), span("99999999d")), (None, None, None));
    }
}
