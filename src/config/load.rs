//! From files, flags and environment to what the program runs with. Nothing
//! here can fail: what is wrong is told in [`Config::notices`], and what it is
//! about keeps its default.

use super::folders::{self, Folders};
use super::notice::{Notice, Notices, Place, hint};
use super::settings::{self, Places, Settings, Switch};
use super::theme::{self, Depth};
use super::{keymap, symbols};
use crate::core::keys::Keymap;
use crate::core::role::{Symbols, Theme};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What flags say over the settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Overrides {
    /// `--theme`
    pub theme: Option<String>,
    /// `--keymap`
    pub keymap: Option<String>,
}

/// What the program runs with.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The settings, with flags laid over them.
    pub settings: Settings,
    /// Where the user's files are.
    pub folders: Folders,
    /// What the terminal shows.
    pub depth: Depth,
    /// The theme, ready for that depth.
    pub theme: Theme,
    /// The symbols.
    pub symbols: Symbols,
    /// The keys.
    pub keymap: Keymap,
    /// Whether changed cells flash.
    pub flash: bool,
    /// Where settings that are not by default come from: `config.json:2:3` or a flag.
    pub from: BTreeMap<&'static str, String>,
    /// The files that were read, in the order they were laid over each other.
    pub read: Vec<PathBuf>,
    /// What is wrong.
    pub notices: Vec<Notice>,
}

/// Loads everything. `var` looks a variable of the environment up.
pub fn load(folders: &Folders, overrides: &Overrides, var: &dyn Fn(&str) -> Option<String>) -> Config {
    let mut files = Files { folders, read: Vec::new(), notices: Vec::new(), refused: Vec::new() };
    let (mut settings, places) = files.settings();
    let file = files.settings_file();
    let place = |at: &Place| format!("{file}:{}:{}", at.line, at.column);
    let mut from: BTreeMap<_, _> = places.iter().map(|(name, at)| (*name, place(at))).collect();
    let mut asked = |name: &'static str, flag: Option<&String>, value: &mut String| match flag {
        Some(flag) => {
            value.clone_from(flag);
            from.insert(name, format!("--{name}"));
            Asked { what: name, file: format!("--{name}"), at: None }
        }
        None => Asked { what: name, file: file.clone(), at: places.get(name).copied() },
    };
    let theme_by = asked("theme", overrides.theme.as_ref(), &mut settings.theme);
    let keymap_by = asked("keymap", overrides.keymap.as_ref(), &mut settings.keymap);
    let depth = settings.colors.unwrap_or_else(|| Depth::detect(var));
    let theme = files.theme(&mut settings, depth, &theme_by);
    let keymap = files.keymap(&mut settings, &keymap_by);
    from.retain(|name, _| !files.refused.contains(name));
    let symbols = settings.symbols.and_then(Symbols::named).unwrap_or_else(|| symbols::detect(var));
    let flash = match settings.flash {
        Switch::On => true,
        Switch::Off => false,
        Switch::Auto => ["SSH_CONNECTION", "SSH_TTY"].iter().all(|v| var(v).unwrap_or_default().is_empty()),
    };
    let Files { read, notices, .. } = files;
    Config { settings, folders: folders.clone(), depth, theme, symbols, keymap, flash, from, read, notices }
}

/// Who asked for a theme or a keymap, to be told when there is none.
struct Asked {
    what: &'static str,
    file: String,
    at: Option<Place>,
}

struct Files<'a> {
    folders: &'a Folders,
    read: Vec<PathBuf>,
    notices: Vec<Notice>,
    /// Settings whose value names nothing there is.
    refused: Vec<&'static str>,
}

impl Files<'_> {
    fn settings_file(&self) -> String {
        self.folders.settings().map_or_else(|| "config.json".to_owned(), |p| p.display().to_string())
    }

    fn settings(&mut self) -> (Settings, Places) {
        let Some((file, text)) = self.folders.settings().and_then(|p| self.text(&p)) else {
            return (Settings::default(), Places::new());
        };
        settings::read(&text, &mut Notices::new(&file, &mut self.notices))
    }

    fn theme(&mut self, settings: &mut Settings, depth: Depth, by: &Asked) -> Theme {
        let names = self.folders.names_in("themes");
        let known = theme::SHIPPED.iter().map(|(n, _)| *n).chain(names.iter().map(String::as_str));
        if !known.clone().any(|n| n == settings.theme) {
            let default = Settings::default().theme;
            self.unknown(by, &settings.theme, known, &default);
            settings.theme = default;
        }
        let mut unread = Vec::new();
        let mut notices = Vec::new();
        let mut find = |name: &str| {
            let path = self.folders.theme_named(name);
            path.and_then(|p| text_of(&p, &mut self.read, &mut unread)).or_else(|| theme::shipped(name))
        };
        let theme = theme::load(&settings.theme, depth, &mut find, &mut notices);
        self.notices.extend(unread.into_iter().chain(notices));
        theme
    }

    fn keymap(&mut self, settings: &mut Settings, by: &Asked) -> Keymap {
        let mut map = keymap::default_map();
        let own = self.folders.keymap_named(&settings.keymap).and_then(|p| self.text(&p));
        let shipped = keymap::shipped(&settings.keymap).map(|t| (format!("keymap {}", settings.keymap), t.to_owned()));
        match own.or(shipped) {
            Some((file, text)) if settings.keymap != "default" || !file.starts_with("keymap ") => {
                keymap::lay(&mut map, &file, &text, &mut self.notices);
            }
            Some(_) => {}
            None => {
                let names = self.folders.names_in("keymaps");
                let known = keymap::SHIPPED.iter().map(|(n, _)| *n).chain(names.iter().map(String::as_str));
                let default = Settings::default().keymap;
                self.unknown(by, &settings.keymap, known, &default);
                settings.keymap = default;
            }
        }
        if let Some((file, text)) = self.folders.keymap().and_then(|p| self.text(&p)) {
            keymap::lay(&mut map, &file, &text, &mut self.notices);
        }
        map
    }

    fn unknown<'n>(&mut self, by: &Asked, name: &str, known: impl Iterator<Item = &'n str>, kept: &str) {
        let text = format!("no {} is called `{name}`, so {kept} holds{}", by.what, hint(name, known));
        self.refused.push(by.what);
        self.notices.push(Notice { file: by.file.clone(), at: by.at, text });
    }

    fn text(&mut self, path: &Path) -> Option<(String, String)> {
        text_of(path, &mut self.read, &mut self.notices)
    }
}

fn text_of(path: &Path, seen: &mut Vec<PathBuf>, notices: &mut Vec<Notice>) -> Option<(String, String)> {
    let file = path.display().to_string();
    match folders::read(path) {
        Ok(text) => {
            let text = text?;
            seen.push(path.to_owned());
            Some((file, text))
        }
        Err(why) => {
            Notices::new(&file, notices).whole(why);
            None
        }
    }
}

#[cfg(test)]
mod tests;
