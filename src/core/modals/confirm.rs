//! A question that only keys typed after it was on screen can answer.

use crate::core::act::Class;
use crate::core::input::{Input, Key, KeyCode};
use crate::core::line::Line;

/// More objects than this are confirmed by typing how many they are.
const MANY: usize = 5;

/// What answers a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Demand {
    /// Enter says yes.
    Enter,
    /// `y` says yes, Enter says no.
    Yes,
    /// This text and Enter say yes.
    Type(String),
    /// One of these keys chooses, Enter chooses none.
    Pick(Vec<(char, String)>),
}

impl Demand {
    /// What confirms a plan: by its class, one harder in a protected context, and by their
    /// number where there are many objects. `name` is typed for what cannot be taken back.
    #[must_use]
    pub fn of(class: Class, protected: bool, name: &str, count: usize) -> Self {
        let class = if protected { class.harder() } else { class };
        if count > MANY {
            return Self::Type(count.to_string());
        }
        match class {
            Class::Open | Class::Reversible => Self::Enter,
            Class::Disruptive => Self::Yes,
            Class::Irreversible if name.is_empty() => Self::Type(count.to_string()),
            Class::Irreversible => Self::Type(name.to_owned()),
        }
    }
}

/// What an input made of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It stands.
    Open,
    /// No.
    No,
    /// Yes; which, where there was a choice.
    Yes(usize),
}

/// A question under way.
#[derive(Debug, Clone)]
pub struct Confirm {
    /// Tells it from all others of this run; a frame that shows it is reported by this number.
    pub number: u32,
    /// Whether a frame that shows it has been written to the terminal.
    pub shown: bool,
    /// Whether a key came before that; such keys mean nothing.
    pub early: bool,
    /// What answers it.
    pub demand: Demand,
    /// What was typed, for [`Demand::Type`].
    pub typed: Line,
    /// Whether something else than what is demanded was entered.
    pub wrong: bool,
}

impl Confirm {
    /// A question nobody has seen yet.
    #[must_use]
    pub fn new(number: u32, demand: Demand) -> Self {
        Self { number, shown: false, early: false, demand, typed: Line::default(), wrong: false }
    }

    /// Takes a key. Pasted text answers nothing.
    pub fn take(&mut self, input: &Input) -> Answer {
        let Input::Key(key) = input else { return Answer::Open };
        if !self.shown {
            self.early = true;
            return Answer::Open;
        }
        self.early = false;
        let enter = *key == Key::plain(KeyCode::Enter);
        match &self.demand {
            Demand::Enter if enter => Answer::Yes(0),
            Demand::Yes if *key == Key::char('y') => Answer::Yes(0),
            Demand::Enter | Demand::Yes if *key == Key::char('n') => Answer::No,
            Demand::Yes if enter => Answer::No,
            Demand::Enter | Demand::Yes => Answer::Open,
            Demand::Type(wanted) if enter => {
                if self.typed.text().trim() == wanted {
                    return Answer::Yes(0);
                }
                self.wrong = true;
                Answer::Open
            }
            Demand::Type(_) => {
                self.wrong &= !self.typed.take(input);
                Answer::Open
            }
            Demand::Pick(_) if enter => Answer::No,
            Demand::Pick(keys) => match keys.iter().position(|(c, _)| *key == Key::char(*c)) {
                Some(at) => Answer::Yes(at),
                None => Answer::Open,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(c: &mut Confirm, code: KeyCode) -> Answer {
        c.take(&Input::Key(Key::plain(code)))
    }

    #[test]
    fn a_class_says_what_confirms_and_a_protected_context_asks_for_more() {
        use Class::{Disruptive as D, Irreversible as I, Reversible as R};
        let of = |class, protected, count| Demand::of(class, protected, "n1", count);
        assert_eq!(of(R, false, 1), Demand::Enter);
        assert_eq!(of(D, false, 1), Demand::Yes);
        assert_eq!(of(I, false, 1), Demand::Type("n1".into()));
        assert_eq!(of(R, true, 1), Demand::Yes);
        assert_eq!(of(D, true, 1), Demand::Type("n1".into()));
        assert_eq!(of(I, true, 1), Demand::Type("n1".into()));
        for class in [R, D, I] {
            assert_eq!(of(class, false, 6), Demand::Type("6".into()), "many are counted");
        }
        assert_eq!(Demand::of(I, false, "", 3), Demand::Type("3".into()), "several have no one name");
    }

    #[test]
    fn what_nobody_has_seen_cannot_be_answered() {
        for demand in [Demand::Enter, Demand::Yes, Demand::Pick(vec![('y', "yes".into())])] {
            let mut c = Confirm::new(1, demand.clone());
            for code in [KeyCode::Enter, KeyCode::Char('y'), KeyCode::Char('n')] {
                assert_eq!(press(&mut c, code), Answer::Open, "{demand:?}");
            }
            assert!(c.early);
        }
        let mut c = Confirm::new(1, Demand::Type("n".into()));
        press(&mut c, KeyCode::Char('n'));
        c.shown = true;
        assert_eq!(press(&mut c, KeyCode::Enter), Answer::Open, "what was typed blindly is not kept");
    }

    #[test]
    fn enter_never_says_yes_to_what_disturbs() {
        let mut c = Confirm::new(1, Demand::Yes);
        c.shown = true;
        assert_eq!(press(&mut c, KeyCode::Enter), Answer::No);
        assert_eq!(c.take(&Input::Key(Key::ctrl('y'))), Answer::Open);
        assert_eq!(press(&mut c, KeyCode::Char('y')), Answer::Yes(0));
    }

    #[test]
    fn a_name_is_typed_whole_and_never_pasted() {
        let mut c = Confirm::new(1, Demand::Type("n1".into()));
        c.shown = true;
        assert_eq!(c.take(&Input::Paste("n1".into())), Answer::Open);
        press(&mut c, KeyCode::Char('n'));
        assert_eq!(press(&mut c, KeyCode::Enter), Answer::Open);
        assert!(c.wrong);
        press(&mut c, KeyCode::Char('1'));
        assert!(!c.wrong);
        assert_eq!(press(&mut c, KeyCode::Enter), Answer::Yes(0));
    }
}
