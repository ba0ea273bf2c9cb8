//! Keymap files: shipped maps and a user's, laid over each other. A file is an
//! object of layers, each an object of keys; a value is the id of a command, or
//! `null` to take a binding of the maps below away.
//!
//! Later files win over earlier ones without a word. Within one file a key
//! written twice, or as the beginning of another, is a mistake.

use super::json::{Json, Member, parse};
use super::notice::{Notice, Notices, hint};
use crate::core::commands::Command;
use crate::core::input::Key;
use crate::core::keys::trie::{Node, Trie};
use crate::core::keys::{Keymap, Layer, parse_keys, show_keys};

/// The shipped maps by name. `default` lies under all others.
pub const SHIPPED: &[(&str, &str)] =
    &[("default", include_str!("../../keymaps/default.json")), ("vim", include_str!("../../keymaps/vim.json"))];

/// Keys that most terminals send as another.
const ALIKE: &[(&str, &str)] = &[("Ctrl-i", "Tab"), ("Ctrl-m", "Enter"), ("Ctrl-[", "Esc"), ("Ctrl-@", "Ctrl-Space")];

/// The text of a shipped map.
#[must_use]
pub fn shipped(name: &str) -> Option<&'static str> {
    SHIPPED.iter().find(|(n, _)| *n == name).map(|(_, text)| *text)
}

/// The default map alone.
#[must_use]
pub fn default_map() -> Keymap {
    let mut map = Keymap::default();
    let (name, text) = SHIPPED[0];
    lay(&mut map, name, text, &mut Vec::new());
    map
}

/// Lays a file over a map. What it cannot read of it is a notice, and left out.
pub fn lay(map: &mut Keymap, file: &str, text: &str, out: &mut Vec<Notice>) {
    let mut notices = Notices::new(file, out);
    let value = match parse(text) {
        Ok(value) => value,
        Err(bad) => return notices.at(bad.at, format!("not JSON: {}; the whole file is left out", bad.what)),
    };
    let Json::Object(layers) = value.json else {
        return notices.at(value.at, format!("an object of layers expected, not {}", value.json.name()));
    };
    let mut seen: Vec<Layer> = Vec::new();
    for member in layers {
        if member.name == "$schema" {
            continue;
        }
        let Some(layer) = Layer::from_name(&member.name) else {
            let names = Layer::ALL.iter().map(|l| l.name());
            notices.at(member.at, format!("no layer is called `{}`{}", member.name, hint(&member.name, names)));
            continue;
        };
        if seen.contains(&layer) {
            notices.at(member.at, format!("the layer `{layer}` is written twice; join them", layer = member.name));
        }
        seen.push(layer);
        match member.value.json {
            Json::Object(bindings) => lay_layer(map, layer, bindings, &mut notices),
            other => notices.at(member.value.at, format!("an object of keys expected, not {}", other.name())),
        }
    }
}

/// Takes away first, then binds, so that the order within a file means nothing.
fn lay_layer(map: &mut Keymap, layer: Layer, members: Vec<Member>, notices: &mut Notices) {
    let mut file = Trie::default();
    let (away, bind): (Vec<_>, Vec<_>) = members.into_iter().partition(|m| m.value.json == Json::Null);
    let mut gone: Vec<Vec<Key>> = Vec::new();
    for member in away {
        let Some(keys) = keys(&member, notices) else { continue };
        if gone.contains(&keys) {
            notices.at(member.at, format!("`{}` is written twice in `{}`", show_keys(&keys), layer.name()));
        } else if !map.unbind(layer, &keys) {
            notices
                .at(member.at, format!("`{}` is not bound in `{}`: nothing to take away", member.name, layer.name()));
        }
        gone.push(keys);
    }
    for member in bind {
        let (Some(keys), Some(command)) = (keys(&member, notices), command(&member, notices)) else { continue };
        if gone.contains(&keys) || file.get(&keys).is_some_and(Node::is_leaf) {
            let (shown, layer) = (show_keys(&keys), layer.name());
            notices.at(member.at, format!("`{shown}` is written twice in `{layer}`; the last `{command}` holds"));
        }
        if let Some((lost, old)) = file.bind(&keys, command).first() {
            let (shown, lost) = (show_keys(&keys), show_keys(lost));
            notices.at(member.at, format!("`{shown}` clashes with `{lost}` (`{old}`), which is left out"));
        }
        map.bind(layer, &keys, command);
    }
}

fn keys(member: &Member, notices: &mut Notices) -> Option<Vec<Key>> {
    match parse_keys(&member.name) {
        Ok(keys) => {
            for (key, same) in ALIKE {
                if keys.iter().any(|k| k.to_string() == *key) {
                    notices.at(member.at, format!("most terminals send `{same}` for `{key}`; choose another key"));
                }
            }
            Some(keys)
        }
        Err(bad) => {
            notices.at(member.at, bad.to_string());
            None
        }
    }
}

fn command(member: &Member, notices: &mut Notices) -> Option<Command> {
    let Json::String(id) = &member.value.json else {
        let name = member.value.json.name();
        notices.at(member.value.at, format!("the id of a command or null expected, not {name}; see `qd keys`"));
        return None;
    };
    let command = Command::from_id(id);
    if command.is_none() {
        let near = hint(id, Command::all().map(|c| c.spec().id));
        notices.at(member.value.at, format!("no command is called `{id}`{near}"));
    }
    command
}

#[cfg(test)]
mod tests;
