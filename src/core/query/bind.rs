//! A [`Query`] tied to the columns of a schema.

use super::filter::{Check, Filter, Test};
use super::pattern::Matcher;
use super::{Op, Pattern, Query, QueryError, Term, What};
use super::{columns, quantity};
use crate::core::schema::{Column, Schema};
use crate::core::store::is_text;
use crate::core::value::CellKind;

impl Query {
    /// Finds the columns and compiles the patterns.
    ///
    /// # Errors
    /// If a column does not exist or is not of that kind, or a number is none.
    pub fn bind(&self, schema: &Schema) -> Result<Filter, QueryError> {
        let mut filter = Filter::over(schema);
        for term in &self.terms {
            let test = test(term, schema).map_err(|message| QueryError { message, at: term.at })?;
            filter.checks.extend(test.map(|test| Check { negate: term.negate, test }));
        }
        Ok(filter)
    }
}

// `None` where the value is not finished.
fn test(term: &Term, schema: &Schema) -> Result<Option<Test>, String> {
    Ok(Some(match &term.what {
        What::Text(p) => Test::Text { matcher: Matcher::new(p)?, path: p.text().contains('/').then(|| p.clone()) },
        What::Fuzzy(t) => Test::Fuzzy(t.clone()),
        What::Labels(s) => Test::Labels(s.clone()),
        What::Column { title, op, value } => {
            let column = columns::resolve(schema, title)?;
            let c = &schema.columns[column];
            if is_text(&c.source, c.kind) {
                text_test(c, column, *op, value)?
            } else {
                return number_test(c, column, *op, value.text());
            }
        }
    }))
}

fn text_test(c: &Column, column: usize, op: Op, value: &Pattern) -> Result<Test, String> {
    match op {
        Op::Has => Ok(Test::ColumnText { column, matcher: Matcher::new(value)? }),
        Op::Eq => Ok(Test::ColumnIs { column, text: value.text().to_owned() }),
        _ => Err(format!("{} is a text; {op} compares numbers only", c.title)),
    }
}

fn number_test(c: &Column, column: usize, op: Op, value: &str) -> Result<Option<Test>, String> {
    let title = &c.title;
    if let (CellKind::Pair, Some((a, b))) = (c.kind, value.split_once('/')) {
        let (Ok(a), Ok(b)) = (a.parse(), b.parse()) else {
            return Err(format!("{title} is compared as {title}:0/1 or {title}:<1"));
        };
        return match op {
            Op::Has | Op::Eq => Ok(Some(Test::PairIs { column, pair: (a, b) })),
            _ => Err(format!("{title} is compared as {title}:{a}/{b} or {title}:{op}{a}")),
        };
    }
    let (number, example) = match c.kind {
        CellKind::Milli => (quantity::milli(value), "500m"),
        CellKind::Bytes => (quantity::bytes(value), "1Gi"),
        CellKind::Age | CellKind::Clock | CellKind::Span => (quantity::duration(value), "10m"),
        CellKind::Permille => (quantity::permille(value), "80"),
        CellKind::Int | CellKind::Pair | CellKind::CountAgo | CellKind::Text => (value.parse().ok(), "3"),
    };
    let Some(number) = number else {
        return Err(format!("{title} takes a number: {title}:>{example}"));
    };
    let counted = matches!(c.kind, CellKind::Int | CellKind::Pair | CellKind::CountAgo);
    match op {
        Op::Has | Op::Eq if !counted => Err(format!("say more or less: {title}:>{value} or {title}:<{value}")),
        _ => Ok(Some(Test::Number { column, kind: c.kind, op, number })),
    }
}
