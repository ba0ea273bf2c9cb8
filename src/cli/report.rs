//! What `qd config`, `qd keys` and `qd themes` say, as texts.

mod ansi;

use crate::config::settings::SETTINGS;
use crate::config::{Config, Folders, keymap, theme};
use crate::core::keys::{Keymap, Layer, show_keys};
use crate::core::role::Role;
use std::fmt::Write;
use std::path::PathBuf;

/// Where the files are, which settings hold, and what is wrong.
#[must_use]
pub fn config(config: &Config) -> String {
    let mut out = String::from("Files\n");
    let folders = &config.folders;
    let mut file = |what: &str, path: Option<PathBuf>| {
        let place = path.as_ref().map_or("no home folder".to_owned(), |p| p.display().to_string());
        let read = if path.is_some_and(|p| config.read.contains(&p)) { "  (read)" } else { "" };
        let _ = writeln!(out, "  {what:<10} {place}{read}");
    };
    file("settings", folders.settings());
    file("keys", folders.keymap());
    file("keymaps", folders.config.as_ref().map(|c| c.join("keymaps")));
    file("themes", folders.config.as_ref().map(|c| c.join("themes")));
    file("log", folders.log());
    out.push_str("\nSettings\n");
    for setting in SETTINGS {
        let value = setting.show(&config.settings).to_string();
        let from = config.from.get(setting.name).map_or("default", String::as_str);
        let _ = writeln!(out, "  {:<12} {value:<12} ({from})\n      {}", setting.name, setting.doc);
    }
    out.push_str("\nAs found\n");
    let flash = if config.flash { "on" } else { "off" };
    for (what, value) in [
        ("colors", config.depth.name()),
        ("theme", config.theme.name()),
        ("symbols", config.symbols.name),
        ("flash", flash),
    ] {
        let _ = writeln!(out, "  {what:<12} {value}");
    }
    out.push_str("\nCheck\n");
    for notice in &config.notices {
        let _ = writeln!(out, "  {notice}");
    }
    if config.notices.is_empty() {
        out.push_str("  nothing wrong\n");
    }
    out
}

/// The keys of each layer.
#[must_use]
pub fn keys(map: &Keymap) -> String {
    let mut out = String::new();
    for &layer in Layer::ALL {
        let bindings = map.bindings(layer);
        if bindings.is_empty() {
            continue;
        }
        let gap = if out.is_empty() { "" } else { "\n" };
        let _ = writeln!(out, "{gap}{}", layer.name());
        for (keys, command) in bindings {
            let spec = command.spec();
            let _ = writeln!(out, "  {:<15} {:<16} {}", show_keys(&keys), spec.id, spec.doc);
        }
    }
    let maps: Vec<_> = keymap::SHIPPED.iter().map(|(n, _)| *n).collect();
    let _ = writeln!(out, "\nA nearer layer wins over global and table. Shipped maps: {}.", maps.join(", "));
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
    let _ = writeln!(out, "\nRoles of {shown}, {} colours", config.depth.name());
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
