use super::*;
use crate::core::keys::syntax::parse_keys;

const PODS: &[Layer] = &[Layer::Pods, Layer::Table, Layer::Global];

fn map(bindings: &[(Layer, &str, Command)]) -> Keymap {
    let mut map = Keymap::default();
    for (layer, keys, command) in bindings {
        map.bind(*layer, &parse_keys(keys).expect("keys"), *command);
    }
    map
}

fn press(map: &Keymap, layers: &[Layer], keys: &str) -> Vec<Resolve> {
    let mut pending = Pending::default();
    parse_keys(keys).expect("keys").into_iter().map(|k| map.resolve(&mut pending, layers, k)).collect()
}

#[test]
fn the_nearest_layer_wins() {
    let map = map(&[
        (Layer::Global, "d", Command::Help),
        (Layer::Table, "d", Command::Describe),
        (Layer::Pods, "o", Command::GoNode),
    ]);
    assert_eq!(press(&map, PODS, "d"), [Resolve::Command(Command::Describe)]);
    assert_eq!(press(&map, &[Layer::Global], "d"), [Resolve::Command(Command::Help)]);
    assert_eq!(press(&map, &[Layer::Table, Layer::Global], "o"), [Resolve::NotFound]);
}

#[test]
fn a_sequence_waits_and_tells_what_may_come_from_all_layers() {
    let map = map(&[
        (Layer::Global, "g g", Command::Top),
        (Layer::Global, "g x", Command::Help),
        (Layer::Table, "g x", Command::Wide),
        (Layer::Table, "g y z", Command::Yaml),
    ]);
    let mut pending = Pending::default();
    let hints = vec![
        Hint { key: Key::char('x'), command: Some(Command::Wide) },
        Hint { key: Key::char('y'), command: None },
        Hint { key: Key::char('g'), command: Some(Command::Top) },
    ];
    assert_eq!(map.resolve(&mut pending, PODS, Key::char('g')), Resolve::Pending(hints));
    assert_eq!(pending.to_string(), "g");
    assert_eq!(map.resolve(&mut pending, PODS, Key::char('g')), Resolve::Command(Command::Top));
    assert!(!pending.active());
}

#[test]
fn a_sequence_that_leads_nowhere_swallows_the_key() {
    let map = map(&[(Layer::Global, "g g", Command::Top), (Layer::Global, "q", Command::Back)]);
    assert_eq!(press(&map, PODS, "g q q")[1..], [Resolve::Cancelled, Resolve::Command(Command::Back)]);
    assert_eq!(press(&map, PODS, "g Esc")[1..], [Resolve::Cancelled]);
    assert_eq!(press(&map, PODS, "x"), [Resolve::NotFound]);
}

#[test]
fn a_leaf_nearby_hides_a_sequence_behind_it() {
    let map = map(&[(Layer::Global, "g g", Command::Top), (Layer::Pods, "g", Command::Bottom)]);
    assert_eq!(press(&map, PODS, "g"), [Resolve::Command(Command::Bottom)]);
    let nearer_sequence = self::map(&[(Layer::Global, "g", Command::Top), (Layer::Pods, "g g", Command::Bottom)]);
    assert_eq!(press(&nearer_sequence, PODS, "g g")[1], Resolve::Command(Command::Bottom));
}

#[test]
fn keys_match_however_the_terminal_spells_them() {
    let map = map(&[(Layer::Global, "Ctrl-d", Command::PageDown), (Layer::Global, "Shift-n", Command::SortName)]);
    let mut pending = Pending::default();
    assert_eq!(map.resolve(&mut pending, PODS, Key::ctrl('D')), Resolve::Command(Command::PageDown));
    assert_eq!(map.resolve(&mut pending, PODS, Key::char('N')), Resolve::Command(Command::SortName));
}
