//! How serious a line is, by the words programs use for it.

use super::fields;

/// How serious.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Each step.
    Trace,
    /// For developers.
    Debug,
    /// As usual.
    Info,
    /// Look at it.
    Warn,
    /// Something failed.
    Error,
    /// The program ends.
    Fatal,
}

/// Names of fields that hold a level.
const NAMES: &[&str] = &["level", "lvl", "severity", "loglevel", "log.level", "levelname", "@level"];
/// How far into a plain line its level is looked for, in bytes.
const HEAD: usize = 96;

impl Level {
    /// The level of a word or number as programs write it.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        let lower = word.to_ascii_lowercase();
        Some(match lower.as_str() {
            "trace" | "trc" | "finest" | "10" => Self::Trace,
            "debug" | "dbg" | "fine" | "verbose" | "20" => Self::Debug,
            "info" | "inf" | "information" | "notice" | "30" => Self::Info,
            "warn" | "warning" | "wrn" | "40" => Self::Warn,
            "error" | "err" | "severe" | "50" => Self::Error,
            "fatal" | "ftl" | "panic" | "critical" | "crit" | "alert" | "emerg" | "emergency" | "60" => Self::Fatal,
            _ => return None,
        })
    }

    /// The level of a line, if it names one.
    #[must_use]
    pub fn of_line(line: &str) -> Option<Self> {
        if fields::structured(line) {
            return fields::first(line, NAMES).and_then(|v| Self::of_word(&v));
        }
        klog(line.as_bytes()).or_else(|| plain(line))
    }
}

/// `E1121 16:25:21.123456`.
fn klog(line: &[u8]) -> Option<Level> {
    let level = match line.first()? {
        b'I' => Level::Info,
        b'W' => Level::Warn,
        b'E' => Level::Error,
        b'F' => Level::Fatal,
        _ => return None,
    };
    (line.get(1..5)?.iter().all(u8::is_ascii_digit) && line.get(5) == Some(&b' ')).then_some(level)
}

/// A word in capitals, or one in brackets or before a colon: prose that mentions an error is not one.
fn plain(line: &str) -> Option<Level> {
    let bytes = &line.as_bytes()[..line.len().min(HEAD)];
    let mut at = 0;
    while at < bytes.len() {
        let run = bytes[at..].iter().take_while(|b| b.is_ascii_alphabetic()).count();
        if (3..=11).contains(&run) {
            let word = &line[at..at + run];
            let before = at.checked_sub(1).map(|i| bytes[i]);
            let after = bytes.get(at + run).copied();
            let capitals = word.bytes().all(|b| b.is_ascii_uppercase());
            let set_off = matches!((before, after), (Some(b'['), Some(b']')) | (None | Some(b' '), Some(b':')));
            if (capitals || set_off)
                && after != Some(b'_')
                && let Some(level) = Level::of_word(word)
            {
                return Some(level);
            }
        }
        at += run.max(1);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_lines_as_programs_write_them() {
        use Level::{Debug, Error, Fatal, Info, Warn};
        for (line, level) in [
            (r#"{"ts":1,"level":"warn","msg":"ERROR in text"}"#, Some(Warn)),
            (r#"{"severity":"ERROR"}"#, Some(Error)),
            (r#"{"level":30}"#, Some(Info)),
            ("level=debug component=a msg=\"ERROR\"", Some(Debug)),
            ("E1121 16:25:21.123456       1 a.go:3] no", Some(Error)),
            ("2026-11-21 12:00:00,123 WARN  [main] slow", Some(Warn)),
            ("[error] no", Some(Error)),
            ("panic: runtime error", Some(Fatal)),
            ("no error was found", None),
            ("ERROR_CODE is set", None),
            ("GET /info 200", None),
            ("", None),
        ] {
            assert_eq!(Level::of_line(line), level, "{line}");
        }
    }
}
