//! Keys that leave an attached program alone: its session ends, it goes on. They are looked for as they are typed;
//! whatever has begun like them and goes on otherwise is the program's.

use crate::core::input::Key;
use std::collections::VecDeque;

/// What a key does to the sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// These keys are the program's, in this order; none while the sequence may still become whole.
    Pass(Vec<Key>),
    /// The sequence is whole.
    Whole,
}

/// The sequence, and how much of it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Detach {
    keys: Vec<Key>,
    held: VecDeque<Key>,
}

impl Detach {
    /// Looks for these keys; for nothing if there are none.
    #[must_use]
    pub fn new(keys: Vec<Key>) -> Self {
        Self { keys, held: VecDeque::new() }
    }

    /// The keys; none for nothing to look for.
    #[must_use]
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Whether a key is held back.
    #[must_use]
    pub fn begun(&self) -> bool {
        !self.held.is_empty()
    }

    /// Takes a key.
    pub fn step(&mut self, key: Key) -> Step {
        self.held.push_back(key);
        let mut passed = Vec::new();
        // What follows may itself begin the sequence: of `a a b`, typed `a a a b`, the first `a` goes on.
        while !self.held.iter().zip(&self.keys).all(|(a, b)| a == b) || self.held.len() > self.keys.len() {
            passed.extend(self.held.pop_front());
        }
        if self.begun() && self.held.len() == self.keys.len() {
            self.held.clear();
            return Step::Whole;
        }
        Step::Pass(passed)
    }

    /// What is held back, where something else than a key follows it.
    pub fn flush(&mut self) -> Vec<Key> {
        self.held.drain(..).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn keys(text: &str) -> Vec<Key> {
        text.chars().map(Key::char).collect()
    }

    /// What the program gets of what is typed, and what of it stands behind the sequence.
    fn typed(sequence: &str, text: &str) -> (String, Option<usize>) {
        let (mut detach, mut got) = (Detach::new(keys(sequence)), String::new());
        let show = |keys: Vec<Key>| keys.iter().map(ToString::to_string).collect::<String>();
        for (n, key) in keys(text).into_iter().enumerate() {
            match detach.step(key) {
                Step::Pass(keys) => got += &show(keys),
                Step::Whole => return (got, Some(n + 1)),
            }
        }
        got += &show(detach.flush());
        (got, None)
    }

    #[test]
    fn a_sequence_is_found_wherever_it_begins_and_nothing_else_is_kept() {
        for (sequence, text, got, at) in [
            ("pq", "pq", "", Some(2)),
            ("pq", "pxq", "pxq", None),
            ("pq", "ppq", "p", Some(3)),
            ("pq", "abp", "abp", None),
            ("aab", "aaab", "a", Some(4)),
            ("aba", "ababa", "", Some(3)),
            ("q", "abq", "ab", Some(3)),
            ("", "abpq", "abpq", None),
        ] {
            assert_eq!(typed(sequence, text), (got.to_owned(), at), "{sequence} in {text}");
        }
    }

    proptest! {
        #[test]
        fn the_program_gets_all_that_stands_before_the_first_sequence(
            sequence in "[ab]{0,4}", text in "[ab]{0,24}",
        ) {
            let found = if sequence.is_empty() { None } else { text.find(&sequence) };
            let expected = match found {
                Some(at) => (text[..at].to_owned(), Some(at + sequence.len())),
                None => (text.clone(), None),
            };
            prop_assert_eq!(typed(&sequence, &text), expected);
        }
    }
}
