//! Which column a word means.

use crate::core::schema::{Schema, Show, Source};
use crate::core::store::is_text;

fn plain(title: &str) -> String {
    title.chars().filter(|c| c.is_alphanumeric() || matches!(c, '%' | '/')).flat_map(char::to_lowercase).collect()
}

/// The column a typed title means; the error is a line for the user.
pub(super) fn resolve(schema: &Schema, typed: &str) -> Result<usize, String> {
    let word = match plain(typed).as_str() {
        "ns" => "namespace".to_owned(),
        w => w.to_owned(),
    };
    let titles: Vec<String> = schema.columns.iter().map(|c| plain(&c.title)).collect();
    if let Some(i) = titles.iter().position(|t| *t == word) {
        return Ok(i);
    }
    let begins: Vec<usize> = (0..titles.len()).filter(|&i| !word.is_empty() && titles[i].starts_with(&word)).collect();
    match begins.as_slice() {
        [one] => Ok(*one),
        [] => Err(format!("no column {}; to look for the text, quote it", typed.to_uppercase())),
        many => {
            let names: Vec<&str> = many.iter().map(|&i| schema.columns[i].title.as_ref()).collect();
            Err(format!("{typed}: could be {}; type more of it", names.join(", ")))
        }
    }
}

/// The columns a bare word is looked for in.
pub(super) fn searched(schema: &Schema) -> Vec<usize> {
    let mut all: Vec<usize> = (0..schema.columns.len())
        .filter(|&i| {
            let c = &schema.columns[i];
            is_text(&c.source, c.kind) && c.show != Show::Hidden
        })
        .collect();
    // The name decides most often, so it is asked first.
    all.sort_by_key(|&i| schema.columns[i].source != Source::Name);
    all
}
