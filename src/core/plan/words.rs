//! Names the API takes: keys and values of labels and taints, names of objects.

/// What is wrong with a word.
pub type Wrong = Result<(), String>;

fn ends(s: &str) -> bool {
    let edge = |c: char| c.is_ascii_alphanumeric();
    s.starts_with(edge) && s.ends_with(edge)
}

/// A qualified name: up to 63 of `A-Za-z0-9-_.`, with a DNS name and a `/` before it if wanted.
///
/// # Errors
/// What is wrong with it.
pub fn key(key: &str) -> Wrong {
    let (prefix, name) = key.rsplit_once('/').map_or((None, key), |(p, n)| (Some(p), n));
    if let Some(p) = prefix {
        dns(p, 253).map_err(|why| format!("{key}: the part before / {why}"))?;
    }
    if name.is_empty()
        || name.len() > 63
        || !ends(name)
        || !name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    {
        return Err(format!(
            "{key}: a key has 1 to 63 of A-Z a-z 0-9 - _ . and begins and ends with a letter or digit"
        ));
    }
    Ok(())
}

/// A label's value: up to 63 of the same characters, or nothing.
///
/// # Errors
/// What is wrong with it.
pub fn value(value: &str) -> Wrong {
    let fits = value.len() <= 63 && value.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    if value.is_empty() || (fits && ends(value)) {
        return Ok(());
    }
    Err(format!("{value}: a value has up to 63 of A-Z a-z 0-9 - _ . and begins and ends with a letter or digit"))
}

fn dns(name: &str, most: usize) -> Wrong {
    let low = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let part = |p: &str| p.starts_with(low) && p.ends_with(low) && p.chars().all(|c| low(c) || c == '-');
    if name.is_empty() || name.len() > most || !name.split('.').all(part) {
        return Err(format!("has up to {most} of a-z 0-9 - and . and begins and ends with a letter or digit"));
    }
    Ok(())
}

/// An object's name (a DNS subdomain).
///
/// # Errors
/// What is wrong with it.
pub fn name(name: &str) -> Wrong {
    dns(name, 253).map_err(|why| format!("a name {why}"))
}

/// A namespace's name, or a Job's (a DNS label).
///
/// # Errors
/// What is wrong with it.
pub fn label(name: &str) -> Wrong {
    if name.contains('.') {
        return Err("a name of this kind has no dots".into());
    }
    dns(name, 63).map_err(|why| format!("a name {why}"))
}
