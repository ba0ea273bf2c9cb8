//! The time before each line, as the container runtime wrote it: RFC 3339 with up to nine digits
//! of a fraction, in any zone.

/// Nanoseconds in a second.
const SECOND: i64 = 1_000_000_000;

/// Reads times that mostly repeat their minute: the date is worked out once a minute.
#[derive(Debug, Clone, Default)]
pub struct Stamps {
    minute: [u8; 17],
    base: i64,
}

impl Stamps {
    /// The time at the beginning of a line in Unix nanoseconds, and how many bytes it takes with
    /// the blank behind it. `None` when the line does not begin with one: it is then no line of a
    /// container but a message of somebody on the way.
    pub fn read(&mut self, line: &[u8]) -> Option<(i64, usize)> {
        let head = line.get(..19)?;
        if head[..17] != self.minute {
            self.base = minute(&head[..17])?;
            self.minute.copy_from_slice(&head[..17]);
        }
        let mut ns = self.base + i64::from(two(&head[17..19])?) * SECOND;
        let mut at = 19;
        if line.get(at) == Some(&b'.') {
            at += 1;
            let mut scale = SECOND / 10;
            let mut fraction = 0;
            while let Some(digit) = line.get(at).map(|b| b.wrapping_sub(b'0')).filter(|d| *d < 10) {
                fraction += i64::from(digit) * scale;
                scale /= 10;
                at += 1;
            }
            ns += fraction;
        }
        match line.get(at)? {
            b'Z' => at += 1,
            sign @ (b'+' | b'-') => {
                let zone = line.get(at + 1..at + 6)?;
                let seconds = i64::from(two(&zone[..2])?) * 3_600 + i64::from(two(&zone[3..])?) * 60;
                ns -= if *sign == b'-' { -seconds } else { seconds } * SECOND;
                at += 6;
            }
            _ => return None,
        }
        match line.get(at) {
            Some(b' ') => Some((ns, at + 1)),
            // An empty line may come without the blank.
            None => Some((ns, at)),
            Some(_) => None,
        }
    }
}

/// `YYYY-MM-DDTHH:MM:` in Unix nanoseconds.
fn minute(text: &[u8]) -> Option<i64> {
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if marks.iter().any(|(at, mark)| text[*at] != *mark) {
        return None;
    }
    let year = i64::from(two(&text[..2])?) * 100 + i64::from(two(&text[2..4])?);
    let (month, day) = (i64::from(two(&text[5..7])?), i64::from(two(&text[8..10])?));
    let (hour, min) = (i64::from(two(&text[11..13])?), i64::from(two(&text[14..16])?));
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || min > 59 || !(1678..2262).contains(&year)
    {
        return None;
    }
    Some(((days(year, month, day) * 24 + hour) * 60 + min) * 60 * SECOND)
}

fn two(text: &[u8]) -> Option<u8> {
    let (a, b) = (text[0].wrapping_sub(b'0'), text[1].wrapping_sub(b'0'));
    (a < 10 && b < 10).then(|| a * 10 + b)
}

/// Days since 1970-01-01 of a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted - era * 400;
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn of_every_form() {
        let mut stamps = Stamps::default();
        let mut read = |text: &str| stamps.read(text.as_bytes());
        assert_eq!(read("1970-01-01T00:00:01.5Z x"), Some((1_500_000_000, 23)));
        assert_eq!(read("2026-11-21T12:00:00Z x"), Some((1_795_262_400_000_000_000, 21)));
        assert_eq!(read("2026-11-21T14:30:00.000000001+02:30 x"), Some((1_795_262_400_000_000_001, 36)));
        assert_eq!(read("2026-11-21T12:00:00Z"), Some((1_795_262_400_000_000_000, 20)));
        for wrong in [
            "unable to retrieve container logs for containerd://ab",
            "2026-11-21T12:00:00.123",
            "2026-11-21T12:00:00Zx",
            "2026-13-21T12:00:00Z x",
            "2026-11-21 12:00:00Z x",
            "",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn as_a_library_reads_it(ns in -1_000_000_000_000_000_000_i64..4_000_000_000_000_000_000) {
            let text = jiff::Timestamp::from_nanosecond(i128::from(ns)).expect("in range").to_string();
            prop_assert_eq!(Stamps::default().read(format!("{text} line").as_bytes()), Some((ns, text.len() + 1)));
        }
    }
}
