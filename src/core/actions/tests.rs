#![allow(clippy::unwrap_used, reason = "a test tells by failing")]

mod every;
mod forward;
mod nodes;
mod objects;
mod workloads;

use super::*;
use crate::core::commands::Command;
use std::collections::HashSet;

#[test]
fn ids_are_unique_and_no_commands_and_docs_are_sentences() {
    let mut ids: HashSet<_> = Command::all().filter(|c| !matches!(c, Command::Act(_))).map(|c| c.spec().id).collect();
    for a in ACTIONS {
        let s = a.spec;
        assert!(ids.insert(s.id), "{} twice", s.id);
        assert!(s.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'), "{}", s.id);
        assert!(s.title.len() <= 16 && !s.title.is_empty(), "{}: title of {}", s.id, s.title.len());
        assert!(s.doc.ends_with('.') && s.doc.len() > s.title.len(), "{}", s.id);
        assert_eq!(action(find(s.id).unwrap()).unwrap().spec.id, s.id);
    }
}
