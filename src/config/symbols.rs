//! Which symbols a terminal can show, told by the locale.

use crate::core::role::Symbols;

/// Unicode where the locale is UTF-8, as POSIX looks it up; ASCII otherwise, and
/// on the Linux console, whose font has no round corners and no levels.
pub fn detect(var: impl Fn(&str) -> Option<String>) -> Symbols {
    let get = |name: &str| var(name).filter(|v| !v.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(get).unwrap_or_default().to_lowercase();
    let utf8 = locale.contains("utf-8") || locale.contains("utf8");
    if utf8 && get("TERM").as_deref() != Some("linux") { Symbols::UNICODE } else { Symbols::ASCII }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_decides() {
        let table: &[(&[(&str, &str)], &str)] = &[
            (&[("LANG", "en_GB.UTF-8")], "unicode"),
            (&[("LANG", "en_GB.UTF-8"), ("LC_ALL", "C")], "ascii"),
            (&[("LANG", "C"), ("LC_CTYPE", "C.utf8")], "unicode"),
            (&[("LC_ALL", ""), ("LANG", "de_DE.UTF-8")], "unicode"),
            (&[("LANG", "en_GB.UTF-8"), ("TERM", "linux")], "ascii"),
            (&[], "ascii"),
        ];
        for (vars, name) in table {
            let found = detect(|n| vars.iter().find(|(v, _)| *v == n).map(|(_, x)| (*x).to_owned()));
            assert_eq!(found.name, *name, "{vars:?}");
        }
    }
}
