//! Kubernetes quantities: `100m`, `1.5Gi`, `291440430n`, `12e6`.

use serde::de::{self, Deserialize, Deserializer, Visitor};
use std::fmt;

/// A quantity, exact to the billionth as the API keeps it; saturates far above what it can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Quantity(i128);

const NANO: i128 = 1_000_000_000;

impl Quantity {
    /// A quantity of billionths.
    #[must_use]
    pub fn from_nanos(nanos: i128) -> Self {
        Self(nanos)
    }

    /// Billionths.
    #[must_use]
    pub fn nanos(self) -> i128 {
        self.0
    }

    /// Thousandths, rounded away from zero as the API's `MilliValue` does.
    #[must_use]
    pub fn milli(self) -> i64 {
        saturate(div_up(self.0, NANO / 1000))
    }

    /// Whole units (bytes, pods), rounded away from zero as the API's `Value` does.
    #[must_use]
    pub fn whole(self) -> i64 {
        saturate(div_up(self.0, NANO))
    }

    /// Reads a quantity; `None` for what is not one. The grammar is the API's:
    /// a signed decimal number, then one of `n u m k M G T P E`, `Ki Mi Gi Ti Pi Ei`,
    /// or an exponent (`e3`, `E-3`), or nothing.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, suffix) = rest.split_at(end);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
            return None;
        }
        let scale = Scale::parse(suffix)?;
        let mut mantissa: i128 = 0;
        // 30 digits are more than a billionth of anything that fits below.
        let mut fraction_digits = 0;
        for (i, c) in whole.bytes().chain(fraction.bytes()).enumerate() {
            if mantissa >= i128::MAX / 100 || (i >= whole.len() && fraction_digits >= 18) {
                if i < whole.len() {
                    return Some(Self(if negative { i128::MIN } else { i128::MAX }));
                }
                break;
            }
            mantissa = mantissa * 10 + i128::from(c - b'0');
            fraction_digits += i32::from(i >= whole.len());
        }
        let nanos = scale.apply(mantissa, fraction_digits);
        Some(Self(if negative { nanos.saturating_neg() } else { nanos }))
    }
}

enum Scale {
    // Power of ten.
    Ten(i32),
    // Power of 1024.
    Binary(u32),
}

impl Scale {
    fn parse(suffix: &str) -> Option<Self> {
        Some(match suffix {
            "" => Self::Ten(0),
            "n" => Self::Ten(-9),
            "u" => Self::Ten(-6),
            "m" => Self::Ten(-3),
            "k" => Self::Ten(3),
            "M" => Self::Ten(6),
            "G" => Self::Ten(9),
            "T" => Self::Ten(12),
            "P" => Self::Ten(15),
            "E" => Self::Ten(18),
            "Ki" => Self::Binary(1),
            "Mi" => Self::Binary(2),
            "Gi" => Self::Binary(3),
            "Ti" => Self::Binary(4),
            "Pi" => Self::Binary(5),
            "Ei" => Self::Binary(6),
            _ => {
                let exponent = suffix.strip_prefix(['e', 'E'])?;
                Self::Ten(exponent.parse::<i16>().ok()?.into())
            }
        })
    }

    fn apply(&self, mantissa: i128, fraction_digits: i32) -> i128 {
        let (factor, ten) = match *self {
            Self::Ten(n) => (1, 9 + n - fraction_digits),
            Self::Binary(n) => (1_i128 << (10 * n), 9 - fraction_digits),
        };
        let scaled = mantissa.saturating_mul(factor);
        let power = 10_i128.checked_pow(ten.unsigned_abs());
        match (ten >= 0, power) {
            _ if scaled == 0 => 0,
            (true, Some(p)) => scaled.saturating_mul(p),
            (true, None) => i128::MAX,
            (false, Some(p)) => div_up(scaled, p),
            // Less than a billionth rounds up to one, as the API does it.
            (false, None) => 1,
        }
    }
}

fn div_up(n: i128, d: i128) -> i128 {
    let q = n / d;
    if n % d == 0 { q } else { q + n.signum() }
}

fn saturate(n: i128) -> i64 {
    i64::try_from(n).unwrap_or(if n < 0 { i64::MIN } else { i64::MAX })
}

impl fmt::Display for Quantity {
    /// The decimal form with the largest suffix that needs no fraction.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SUFFIXES: [&str; 10] = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
        let (mut n, mut i) = (self.0, 0);
        if n == 0 {
            return f.write_str("0");
        }
        while n % 1000 == 0 && i + 1 < SUFFIXES.len() {
            n /= 1000;
            i += 1;
        }
        write!(f, "{n}{}", SUFFIXES[i])
    }
}

/// A quantity of an object: the API writes texts, hand-made objects numbers too.
/// One that cannot be read counts as not set, so that it costs a cell and not a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amount(pub Option<Quantity>);

impl Amount {
    /// Reads one.
    pub fn parse(text: &str) -> Self {
        Self(Quantity::parse(text))
    }
}

struct AmountVisitor;

impl Visitor<'_> for AmountVisitor {
    type Value = Amount;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a quantity")
    }

    fn visit_str<E: de::Error>(self, v: &str) -> Result<Amount, E> {
        Ok(Amount::parse(v))
    }

    fn visit_u64<E: de::Error>(self, v: u64) -> Result<Amount, E> {
        Ok(Amount(Some(Quantity(i128::from(v) * NANO))))
    }

    fn visit_i64<E: de::Error>(self, v: i64) -> Result<Amount, E> {
        Ok(Amount(Some(Quantity(i128::from(v) * NANO))))
    }

    fn visit_f64<E: de::Error>(self, v: f64) -> Result<Amount, E> {
        Ok(Amount::parse(&v.to_string()))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Amount, E> {
        Ok(Amount(None))
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(AmountVisitor)
    }
}

#[cfg(test)]
#[path = "quantity_tests.rs"]
mod tests;
