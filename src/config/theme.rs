//! Theme files: a palette, roles, and another theme to inherit from. A theme is
//! read whole, then reduced to what the terminal can show, so that drawing
//! never asks.
//!
//! `file` reads one file, `color` names and reduces colours, `depth` tells
//! what a terminal shows; here they become a [`Theme`].

mod color;
mod depth;
mod file;

pub use color::{Paint, luminance};
pub use depth::Depth;
pub use file::{ATTRIBUTES, FIELDS, ThemeFile};

use super::notice::{Notice, Notices, hint};
use crate::core::role::{Role, Style, Theme};
use std::collections::BTreeMap;

/// The shipped themes by name; the first is the default.
pub const SHIPPED: &[(&str, &str)] = &[
    ("dark", include_str!("../../themes/dark.json")),
    ("light", include_str!("../../themes/light.json")),
    ("high-contrast", include_str!("../../themes/high-contrast.json")),
    ("16", include_str!("../../themes/16.json")),
    ("mono", include_str!("../../themes/mono.json")),
];

/// How a theme's text is found by name: the file as the user would name it, and
/// what it holds. A user's file may bear the name of a shipped one.
pub type Find<'a> = &'a mut dyn FnMut(&str) -> Option<(String, String)>;

/// The text of a shipped theme.
#[must_use]
pub fn shipped(name: &str) -> Option<(String, String)> {
    SHIPPED.iter().find(|(n, _)| *n == name).map(|(n, text)| (format!("theme {n}"), (*text).to_owned()))
}

/// The default theme for a terminal.
#[must_use]
pub fn default_theme(depth: Depth) -> Theme {
    load("dark", depth, &mut shipped, &mut Vec::new())
}

/// Loads a theme with all it inherits from. One that does not exist gives the
/// default; a mistake in a file is a notice, and what it is about falls back.
/// Without colours every theme is `mono`: taking the colours out of another
/// would leave nothing to tell a cursor by. With sixteen, whose true looks only
/// the user knows, a theme may name another in its place (`few`).
pub fn load(name: &str, depth: Depth, find: Find<'_>, out: &mut Vec<Notice>) -> Theme {
    let mut files = chain(name, find, out);
    if files.is_empty() {
        files = chain(SHIPPED[0].0, &mut shipped, out);
    }
    // Read in any case, so that its mistakes are told on every terminal.
    let own = styled(name, &files, depth, out);
    let few = files.iter().find_map(|f| Some((f.file.as_str(), f.few.as_ref()?)));
    match (depth, few) {
        (Depth::Mono, _) if name != "mono" => styled("mono", &chain("mono", find, out), depth, out),
        (Depth::Ansi16, Some((file, few))) if few.name != name => {
            let others = chain(&few.name, find, out);
            if others.is_empty() {
                Notices::new(file, out).at(few.at, unknown(&few.name));
                return own;
            }
            styled(&few.name, &others, depth, out)
        }
        _ => own,
    }
}

/// The theme that files make, nearest first.
fn styled(name: &str, files: &[ThemeFile], depth: Depth, out: &mut Vec<Notice>) -> Theme {
    let mut palette = BTreeMap::new();
    for file in files.iter().rev() {
        palette.extend(file.palette.iter().map(|(k, v)| (k.clone(), *v)));
    }
    let mut styles: BTreeMap<Role, Style> = BTreeMap::new();
    for file in files.iter().rev() {
        styles.extend(file.styles(&palette, depth, out));
    }
    Theme::new(name, |role| styles.get(&role).copied())
}

/// The file of that name and those it inherits from, nearest first.
fn chain(name: &str, find: Find<'_>, out: &mut Vec<Notice>) -> Vec<ThemeFile> {
    let Some(first) = find(name) else { return Vec::new() };
    let mut files = vec![read(name, &first, out)];
    while let Some((last, below)) = files.last().and_then(|f| Some((f, f.inherits.clone()?))) {
        match below_of(&files, &below.name, find) {
            Ok(found) => {
                let file = read(&below.name, &found, out);
                files.push(file);
            }
            Err(why) => {
                Notices::new(&last.file, out).at(below.at, why);
                break;
            }
        }
    }
    files
}

/// A file that is no JSON gives way to the shipped theme of its name, or to the default.
fn read(name: &str, (file, text): &(String, String), out: &mut Vec<Notice>) -> ThemeFile {
    ThemeFile::read(name, file, text, out).unwrap_or_else(|| {
        let (file, text) = shipped(name).or_else(|| shipped(SHIPPED[0].0)).unwrap_or_default();
        ThemeFile::read(name, &file, &text, out).unwrap_or_default()
    })
}

/// The text of the theme that the last of `files` inherits from, or why there
/// is none. Shipped themes inherit from shipped ones, and a user's `dark` that
/// inherits `dark` means the shipped one.
fn below_of(files: &[ThemeFile], name: &str, find: Find<'_>) -> Result<(String, String), String> {
    let own_name = files.last().is_some_and(|f| f.name == name);
    let by_shipped = files.last().is_some_and(|f| shipped(&f.name).is_some_and(|(file, _)| file == f.file));
    let found = if own_name || by_shipped { shipped(name) } else { find(name) };
    match found {
        Some((file, text)) if files.iter().all(|f| f.file != file) => Ok((file, text)),
        None if !own_name => Err(format!("no theme is called `{name}`{}", hint(name, SHIPPED.iter().map(|(n, _)| *n)))),
        _ => Err(format!("`{name}` inherits from this theme in turn; the circle is cut here")),
    }
}

fn unknown(name: &str) -> String {
    format!("no theme is called `{name}`{}", hint(name, SHIPPED.iter().map(|(n, _)| *n)))
}

#[cfg(test)]
mod contrast_tests;
#[cfg(test)]
mod tests;
