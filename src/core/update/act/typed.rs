//! Options that the palette takes for an action, as kubectl has them.

use super::{With, begin};
use crate::core::act::ActionId;
use crate::core::actions;
use crate::core::msg::Level;
use crate::core::shell::words;
use crate::core::state::State;
use std::collections::BTreeMap;

/// Begins what a line of the palette says with options; `false` for a line without any.
pub(in crate::core::update) fn typed(state: &mut State, id: ActionId, rest: &str) -> bool {
    let forward = actions::find("forward") == Some(id);
    if !forward || !rest.split_whitespace().any(|w| w.starts_with('-')) {
        return false;
    }
    let Some(selected) = actions::find("forward_labels") else { return false };
    match read(rest) {
        Ok(values) => {
            let cluster = state.focused().map_or(state.active, |p| p.cluster);
            begin(state, selected, cluster, Vec::new(), With { values, ..With::default() });
        }
        Err(why) => state.say(Level::Warn, format!("forward: {why}")),
    }
    true
}

/// `-l app=web 8080:80`, with `-n NS` and `--address A`.
fn read(rest: &str) -> Result<BTreeMap<String, String>, String> {
    let mut values = BTreeMap::new();
    let split = words::split(rest)?;
    let mut words = split.iter().map(AsRef::as_ref);
    while let Some(word) = words.next() {
        // `--selector=app=web` and `--selector app=web` are the same.
        let (name, own) = match word.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value)),
            _ => (word, None),
        };
        let field = match name {
            "-l" | "--selector" => "selector",
            "-n" | "--namespace" => "namespace",
            "--address" => "address",
            _ if word.starts_with('-') => return Err(format!("no option is called {name}; -l, -n and --address are")),
            _ if values.contains_key("ports") => return Err("one port at a time, as 8080:80".into()),
            _ => {
                values.insert("ports".to_owned(), word.to_owned());
                continue;
            }
        };
        let value = own.or_else(|| words.next()).ok_or_else(|| format!("{name} wants a value"))?;
        values.insert(field.to_owned(), value.to_owned());
    }
    // It is the first field, which is the one that a line must fill in to be whole.
    if let Some(selector) = values.get("selector").cloned() {
        values.insert(String::new(), selector);
        return Ok(values);
    }
    Err("-l wants labels, as forward -l app=web 8080:80; without -l it leads to the object under the cursor".into())
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn options_are_those_of_kubectl() {
        for line in ["-l app=web 8080:80 -n shop", "8080:80 --selector=app=web --namespace shop"] {
            let got: Vec<_> = read(line).unwrap().into_iter().collect();
            let of = |a: &str, b: &str| (a.to_owned(), b.to_owned());
            let expected =
                [of("", "app=web"), of("namespace", "shop"), of("ports", "8080:80"), of("selector", "app=web")];
            assert_eq!(got, expected, "{line}");
        }
        assert_eq!(read("-l 'tier in (a, b)' 80").unwrap()[""], "tier in (a, b)");
        for (line, word) in [
            ("-l", "wants a value"),
            ("-x 80", "no option is called -x"),
            ("-n shop 80", "-l wants labels"),
            ("-l a=b 80 81", "one port at a time"),
            ("-l 'a", ""),
        ] {
            let why = read(line).unwrap_err();
            assert!(why.contains(word), "{line}: {why}");
        }
    }
}
