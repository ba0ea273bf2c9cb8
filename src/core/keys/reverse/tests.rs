use super::*;
use crate::core::keys::syntax::{parse_keys, show_keys};

fn map(bindings: &[(Layer, &str, Command)]) -> Keymap {
    let mut map = Keymap::default();
    for (layer, keys, command) in bindings {
        map.bind(*layer, &parse_keys(keys).expect("keys"), *command);
    }
    map
}

#[test]
fn a_command_knows_its_keys_where_it_works() {
    let map = map(&[
        (Layer::Global, "j", Command::MoveDown),
        (Layer::Global, "Down", Command::MoveDown),
        (Layer::Table, "g g", Command::Top),
        (Layer::Text, "j", Command::FindNext),
    ]);
    let keys =
        |layer: Layer, command| map.keys_of(layer.chain(), command).iter().map(|k| show_keys(k)).collect::<Vec<_>>();
    assert_eq!(keys(Layer::Pods, Command::MoveDown), ["j", "Down"]);
    assert_eq!(keys(Layer::Text, Command::MoveDown), ["Down"]);
    assert_eq!(keys(Layer::Nodes, Command::Top), ["g g"]);
    assert!(keys(Layer::Text, Command::Top).is_empty());
}

#[test]
fn what_a_nearer_key_hides_is_not_listed() {
    let map = map(&[(Layer::Global, "g g", Command::Top), (Layer::Table, "g", Command::Bottom)]);
    let lines: Vec<_> = map.active(Layer::Table.chain()).into_iter().map(|b| b.command).collect();
    assert_eq!(lines, [Command::Bottom]);
}
