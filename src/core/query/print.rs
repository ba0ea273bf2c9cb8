//! A [`Query`] as one would type it; reading it back gives the same query.

use super::parse::needs_quotes;
use super::{Op, Pattern, Query, Term, What};
use std::fmt::{self, Display, Formatter, Write as _};

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (i, term) in self.terms.iter().enumerate() {
            if i > 0 {
                f.write_char(' ')?;
            }
            write!(f, "{term}")?;
        }
        Ok(())
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.negate {
            f.write_char('!')?;
        }
        match &self.what {
            What::Text(p) => pattern(f, p, false),
            What::Fuzzy(t) => {
                f.write_str("-f ")?;
                if t.contains(char::is_whitespace) || t.starts_with('"') { quoted(f, t) } else { f.write_str(t) }
            }
            What::Labels(s) => write!(f, "-l {s}"),
            What::Column { title, op, value } => {
                write!(f, "{title}:{op}")?;
                pattern(f, value, true)
            }
        }
    }
}

impl Display for Op {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Has => "",
            Self::Eq => "=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
        })
    }
}

fn pattern(f: &mut Formatter<'_>, p: &Pattern, in_column: bool) -> fmt::Result {
    match p {
        Pattern::Literal(t) if needs_quotes(t, in_column) => quoted(f, t),
        Pattern::Literal(t) | Pattern::Regex(t) => f.write_str(t),
    }
}

fn quoted(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    f.write_char('"')
}
