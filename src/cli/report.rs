//! What `qd config`, `qd keys` and `qd themes` say, as texts.

mod ansi;

use crate::config::settings::SETTINGS;
use crate::config::{Config, Folders, keymap, theme};
use crate::core::commands::Command;
use crate::core::keys::{Keymap, Layer, show_keys};
use crate::core::role::Role;
use std::fmt::Write;
use std::path::PathBuf;

/// Where the files are, which settings hold, and what is wrong.
#[must_use]
pub fn config(config: &Config) -> String {
    let mut out = String::new();
    for (i, (title, part)) in
        [("Files", paths(config)), ("Settings", values(config)), ("Check", check(config))].into_iter().enumerate()
    {
        let gap = if i == 0 { "" } else { "\n" };
        let _ = writeln!(out, "{gap}{title}");
        for line in part.lines() {
            let _ = writeln!(out, "{}{line}", if line.is_empty() { "" } else { "  " });
        }
    }
    out
}

/// Where the files are, and which of them were read.
#[must_use]
pub fn paths(config: &Config) -> String {
    let folders = &config.folders;
    let mut out = String::new();
    let mut file = |what: &str, path: Option<PathBuf>| {
        let place = path.as_ref().map_or("no home folder".to_owned(), |p| p.display().to_string());
        let read = if path.is_some_and(|p| config.read.contains(&p)) { "  (read)" } else { "" };
        let _ = writeln!(out, "{what:<10} {place}{read}");
    };
    file("settings", folders.settings());
    file("keys", folders.keymap());
    file("keymaps", folders.config.as_ref().map(|c| c.join("keymaps")));
    file("themes", folders.config.as_ref().map(|c| c.join("themes")));
    file("log", folders.log());
    out
}

/// Which settings hold and where they come from, and what was found out for those on `auto`.
#[must_use]
pub fn values(config: &Config) -> String {
    let mut out = String::new();
    for setting in SETTINGS {
        let value = setting.show(&config.settings).to_string();
        let from = config.from.get(setting.name).map_or("default", String::as_str);
        let _ = writeln!(out, "{:<12} {value:<12} ({from})\n    {}", setting.name, setting.doc);
    }
    out.push_str("\nAs found in this terminal\n");
    let flash = if config.flash { "on" } else { "off" };
    for (what, value) in [
        ("colors", config.depth.name()),
        ("theme", config.theme.name()),
        ("symbols", config.symbols.name),
        ("flash", flash),
    ] {
        let _ = writeln!(out, "{what:<12} {value}");
    }
    out
}

/// What is wrong in the files, a line each that an editor can jump to.
#[must_use]
pub fn check(config: &Config) -> String {
    let mut notices: Vec<_> = config.notices.iter().collect();
    // As the files are read by a person; the order in which they were found out means nothing.
    notices.sort_by(|a, b| (&a.file, a.at).cmp(&(&b.file, b.at)));
    let mut out = String::new();
    for notice in notices {
        let _ = writeln!(out, "{notice}");
    }
    if out.is_empty() {
        out.push_str("nothing wrong\n");
    }
    out
}

/// The keys of each layer; those of one command stand in one line.
#[must_use]
pub fn keys(map: &Keymap) -> String {
    let mut out = String::new();
    for &layer in Layer::ALL {
        let mut lines: Vec<(Command, Vec<String>)> = Vec::new();
        for (keys, command) in map.bindings(layer) {
            match lines.iter_mut().find(|(c, _)| *c == command) {
                Some((_, all)) => all.push(show_keys(&keys)),
                None => lines.push((command, vec![show_keys(&keys)])),
            }
        }
        if lines.is_empty() {
            continue;
        }
        let gap = if out.is_empty() { "" } else { "\n" };
        let _ = writeln!(out, "{gap}{}", layer.name());
        for (command, keys) in lines {
            let spec = command.spec();
            let _ = writeln!(out, "  {:<15} {:<16} {}", keys.join(", "), spec.id, spec.doc);
        }
    }
    let maps: Vec<_> = keymap::SHIPPED.iter().map(|(n, _)| *n).collect();
    let _ = writeln!(out, "\nA nearer layer wins over table and global. The shipped maps are {}.", maps.join(" and "));
    out.push_str("Bind keys of your own in keymap.json (`qd config paths` tells where), as in\n");
    out.push_str("  { \"pods\": { \"Ctrl-y\": \"yaml\", \"v\": null } }\n");
    out
}

/// The themes there are, and the active one's roles, `styled` in their own
/// colours when a terminal reads it.
#[must_use]
pub fn themes(config: &Config, styled: bool) -> String {
    let mut out = String::new();
    for name in theme_names(&config.folders) {
        let mark = if name == config.settings.theme { '*' } else { ' ' };
        let _ = writeln!(out, "{mark} {name}");
    }
    let shown = config.theme.name();
    // A terminal of few colours gets a theme made for it.
    let instead = if shown == config.settings.theme {
        String::new()
    } else {
        format!(" (in the place of {})", config.settings.theme)
    };
    let _ = writeln!(out, "\nRoles of {shown}{instead}, colours: {}", config.depth.name());
    for &role in Role::ALL {
        let style = config.theme.over(role, config.theme.style(role.parent().unwrap_or(Role::Base)));
        let name = format!(" {:<16} ", role.name());
        let sample = if styled { ansi::paint(style, &name) } else { name };
        let _ = writeln!(out, "{sample} {}", role.doc());
    }
    out
}

/// Shipped themes first, then a user's own.
fn theme_names(folders: &Folders) -> Vec<String> {
    let mut names: Vec<String> = theme::SHIPPED.iter().map(|(n, _)| (*n).to_owned()).collect();
    for own in folders.names_in("themes") {
        if !names.contains(&own) {
            names.push(own);
        }
    }
    names
}

#[cfg(test)]
mod tests;
