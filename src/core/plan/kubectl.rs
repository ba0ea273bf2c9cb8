//! The same in kubectl's words, fit to be pasted into a shell.

use crate::core::act::Where;
use crate::core::kind::{Kind, ObjectRef};
use std::fmt::{Display, Write as _};

/// A word as a POSIX shell takes it.
#[must_use]
pub fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// One command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line(String);

impl Line {
    /// `kubectl --context c`.
    #[must_use]
    pub fn new(place: &Where) -> Self {
        Self(format!("kubectl --context {}", quote(&place.context)))
    }

    /// `-n ns`; nothing for an empty one.
    #[must_use]
    pub fn namespace(self, ns: &str) -> Self {
        if ns.is_empty() { self } else { self.word("-n").word(ns) }
    }

    /// One more word.
    #[must_use]
    pub fn word(mut self, word: &str) -> Self {
        self.0.push(' ');
        self.0.push_str(&quote(word));
        self
    }

    /// Several words, blanks between them.
    #[must_use]
    pub fn words(self, words: &str) -> Self {
        words.split(' ').fold(self, Self::word)
    }

    /// `deployments.apps/cart`.
    #[must_use]
    pub fn object(self, object: &ObjectRef) -> Self {
        let word = format!("{}/{}", name(&object.kind), object.name);
        self.word(&word)
    }

    /// `--flag=value`, if it is so.
    #[must_use]
    pub fn flag(self, so: bool, flag: &str, value: impl Display) -> Self {
        if so { self.word(&format!("--{flag}={value}")) } else { self }
    }

    /// `--flag`, if it is so.
    #[must_use]
    pub fn switch(self, so: bool, flag: &str) -> Self {
        if so { self.word(&format!("--{flag}")) } else { self }
    }

    /// `--env=NAME="$NAME"`: a value that may be a secret is left to the shell the line is typed into. A
    /// name that no shell knows gets `VALUE` to fill in.
    #[must_use]
    pub fn env(mut self, name: &str) -> Self {
        let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if !begins || name.contains(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
            return self.flag(true, "env", format!("{name}=VALUE"));
        }
        let _ = write!(self.0, " --env={name}=\"${name}\"");
        self
    }

    /// As a text.
    #[must_use]
    pub fn done(self) -> String {
        self.0
    }
}

/// As kubectl knows a kind without doubt: `pods`, `deployments.apps`.
#[must_use]
pub fn name(kind: &Kind) -> String {
    kind.resource()
}
