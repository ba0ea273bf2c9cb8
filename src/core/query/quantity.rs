//! Numbers as people type them: `500m`, `1.5`, `2Gi`, `10m30s`, `80%`.

/// CPU in thousandths: `500m`, `2`, `0.5`.
pub(in crate::core) fn milli(text: &str) -> Option<i64> {
    match text.strip_suffix('m') {
        Some(n) => n.parse::<f64>().ok().map(f64::round),
        None => text.parse::<f64>().ok().map(|v| (v * 1000.0).round()),
    }
    .and_then(whole)
}

/// Bytes: `1Gi`, `500M`, `1e6`, `1024`. Case of the unit aside, so `1g` is `1G`; `m` is mega here.
pub(in crate::core) fn bytes(text: &str) -> Option<i64> {
    const UNITS: &str = "kmgtpe";
    let lower = text.to_ascii_lowercase();
    let (number, base) = match lower.strip_suffix('i') {
        Some(n) => (n, 1024_f64),
        None => (lower.as_str(), 1000.0),
    };
    let (number, power) = match number.chars().last().and_then(|c| UNITS.find(c)) {
        Some(i) => (&number[..number.len() - 1], i as i32 + 1),
        None if base > 1000.0 => return None,
        None => (number, 0),
    };
    whole((number.parse::<f64>().ok()? * base.powi(power)).round())
}

/// A time in milliseconds: `90s`, `10m`, `2h30m`, `3d`, `1w`, `1y`; a bare number is seconds.
pub(in crate::core) fn duration(text: &str) -> Option<i64> {
    let mut total = 0.0;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let n: f64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let letters = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let unit = match &rest[..letters] {
            "ms" => 1.0,
            "s" => 1000.0,
            "" if digits == text.len() => 1000.0,
            "m" => 60_000.0,
            "h" => 3_600_000.0,
            "d" => 86_400_000.0,
            "w" => 604_800_000.0,
            "y" => 31_536_000_000.0,
            _ => return None,
        };
        rest = &rest[letters..];
        total += n * unit;
    }
    (!text.is_empty()).then_some(total).and_then(whole)
}

/// A share in thousandths: `80`, `80%`, `0.5%`.
pub(in crate::core) fn permille(text: &str) -> Option<i64> {
    let n: f64 = text.strip_suffix('%').unwrap_or(text).parse().ok()?;
    whole((n * 10.0).round())
}

fn whole(v: f64) -> Option<i64> {
    (v.is_finite() && v.abs() < 9.0e18).then_some(v as i64)
}
