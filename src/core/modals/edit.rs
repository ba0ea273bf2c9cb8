//! A form being filled in. Each change is checked at once; what is wrong stands under its field.

use crate::core::act::{Entry, Field, Form, Given, Values};
use crate::core::input::{Input, KeyCode};
use crate::core::line::Line;

/// A form with what was entered so far.
#[derive(Debug, Clone)]
pub struct Edits {
    /// The form; it has fields.
    pub form: Form,
    /// What is entered, one for each field.
    pub entered: Vec<Entered>,
    /// What is wrong with it, one for each field.
    pub wrong: Vec<Option<String>>,
    /// The field that has the keys.
    pub at: usize,
}

/// An entry under way.
#[derive(Debug, Clone)]
pub enum Entered {
    /// A line of text.
    Text(Box<Line>),
    /// A switch.
    Flag(bool),
    /// Which of the choices.
    Choice(usize),
    /// Lines, the last of them blank for one more, and which of them has the keys.
    Lines(Vec<Line>, usize),
}

impl Entered {
    fn of(field: &Field, given: &Given) -> Self {
        match (&field.entry, given) {
            (Entry::Text, Given::Text(s) | Given::Choice(s)) => Self::Text(Box::new(Line::new(s))),
            (Entry::Flag, Given::Flag(on)) => Self::Flag(*on),
            (Entry::Choice(all), Given::Choice(s) | Given::Text(s)) => {
                Self::Choice(all.iter().position(|c| c == s).unwrap_or(0))
            }
            (Entry::Lines(_) | Entry::Private, Given::Lines(lines) | Given::Private(lines)) => {
                let lines = lines.iter().map(|l| Line::new(l)).chain([Line::default()]).collect();
                Self::Lines(lines, 0)
            }
            // A field whose first value is of another sort begins empty.
            (Entry::Text, _) => Self::Text(Box::default()),
            (Entry::Flag, _) => Self::Flag(false),
            (Entry::Choice(_), _) => Self::Choice(0),
            (Entry::Lines(_) | Entry::Private, _) => Self::Lines(vec![Line::default()], 0),
        }
    }

    fn given(&self, field: &Field) -> Given {
        match (self, &field.entry) {
            (Self::Choice(at), Entry::Choice(all)) => Given::Choice(all.get(*at).cloned().unwrap_or_default()),
            (Self::Choice(_), _) => Given::Choice(String::new()),
            (Self::Text(line), _) => Given::Text(line.text().to_owned()),
            (Self::Flag(on), _) => Given::Flag(*on),
            (Self::Lines(lines, _), _) => {
                let texts = lines.iter().map(|l| l.text().trim().to_owned());
                let all = texts.filter(|t| !t.is_empty()).collect();
                if field.entry == Entry::Private { Given::Private(all) } else { Given::Lines(all) }
            }
        }
    }
}

/// What an input did to a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    /// It was taken.
    Taken,
    /// It is a paste, and the field takes none.
    NoPaste,
    /// All is well, and Enter was pressed.
    Filled,
}

impl Edits {
    /// A form with its first values; `None` for one without fields.
    #[must_use]
    pub fn new(form: Form, values: &Values) -> Option<Self> {
        if form.fields.is_empty() {
            return None;
        }
        let given = |f: &Field| Entered::of(f, values.0.get(f.id).unwrap_or(&f.first));
        let entered = form.fields.iter().map(given).collect();
        let mut edits = Self { wrong: vec![None; form.fields.len()], form, entered, at: 0 };
        edits.check();
        Some(edits)
    }

    /// What is entered.
    #[must_use]
    pub fn values(&self) -> Values {
        let pair = |(f, e): (&Field, &Entered)| (f.id.to_owned(), e.given(f));
        Values(self.form.fields.iter().zip(&self.entered).map(pair).collect())
    }

    /// The focused field.
    #[must_use]
    pub fn field(&self) -> Option<&Field> {
        self.form.fields.get(self.at)
    }

    /// Whether what is typed now is nobody else's business.
    #[must_use]
    pub fn private(&self) -> bool {
        self.field().is_some_and(|f| f.entry == Entry::Private)
    }

    /// Takes a key or a paste.
    pub fn take(&mut self, input: &Input) -> Typed {
        let code = if let Input::Key(k) = input { Some(k.code) } else { None };
        match code {
            Some(KeyCode::Enter) => return self.enter(),
            Some(KeyCode::Tab) => self.step(1),
            Some(KeyCode::BackTab) => self.step(-1),
            Some(KeyCode::Down) if !self.within(1) => self.step(1),
            Some(KeyCode::Up) if !self.within(-1) => self.step(-1),
            Some(KeyCode::Down | KeyCode::Up) => {}
            _ => return self.type_in(input, code),
        }
        Typed::Taken
    }

    /// Enter goes on to the plan; with something wrong, to that.
    fn enter(&mut self) -> Typed {
        self.check();
        match self.wrong.iter().position(Option::is_some) {
            Some(at) => self.at = at,
            None => return Typed::Filled,
        }
        Typed::Taken
    }

    fn step(&mut self, by: isize) {
        let n = self.entered.len().cast_signed();
        self.at = (self.at.cast_signed() + by).rem_euclid(n.max(1)).cast_unsigned();
    }

    /// Moves among the lines of the focused field; `false` at their ends and in other fields.
    fn within(&mut self, by: isize) -> bool {
        let Some(Entered::Lines(lines, at)) = self.entered.get_mut(self.at) else { return false };
        let to = at.checked_add_signed(by).filter(|to| *to < lines.len());
        *at = to.unwrap_or(*at);
        to.is_some()
    }

    fn type_in(&mut self, input: &Input, code: Option<KeyCode>) -> Typed {
        let Some(field) = self.form.fields.get(self.at) else { return Typed::Taken };
        let paste = matches!(input, Input::Paste(_));
        match self.entered.get_mut(self.at) {
            Some(Entered::Text(line)) => drop(line.take(input)),
            Some(Entered::Lines(lines, at)) => {
                if let Some(line) = lines.get_mut(*at) {
                    line.take(input);
                }
                if lines.last().is_some_and(|l| !l.text().is_empty()) {
                    lines.push(Line::default());
                }
            }
            Some(Entered::Flag(_) | Entered::Choice(_)) if paste => return Typed::NoPaste,
            Some(Entered::Flag(on)) => {
                if matches!(code, Some(KeyCode::Char(' ') | KeyCode::Left | KeyCode::Right)) {
                    *on = !*on;
                }
            }
            Some(Entered::Choice(at)) => {
                let Entry::Choice(all) = &field.entry else { return Typed::Taken };
                let by = match code {
                    Some(KeyCode::Left) => -1,
                    Some(KeyCode::Right | KeyCode::Char(' ')) => 1,
                    _ => 0,
                };
                *at = (at.cast_signed() + by).rem_euclid(all.len().max(1).cast_signed()).cast_unsigned();
            }
            None => {}
        }
        self.check();
        Typed::Taken
    }

    fn check(&mut self) {
        let values = self.values();
        let wrong = |f: &Field| (f.check)(values.0.get(f.id)?, &values).err();
        self.wrong = self.form.fields.iter().map(wrong).collect();
    }
}

#[cfg(test)]
mod tests;
