use super::*;
use crate::core::keys::{Pending, Resolve};

fn laid(text: &str) -> (Keymap, Vec<String>) {
    let (mut map, mut out) = (default_map(), Vec::new());
    lay(&mut map, "keymap.json", text, &mut out);
    (map, out.iter().map(ToString::to_string).collect())
}

fn what(map: &Keymap, layer: Layer, keys: &str) -> Resolve {
    let mut pending = Pending::default();
    let mut last = Resolve::NotFound;
    for key in parse_keys(keys).expect("keys") {
        last = map.resolve(&mut pending, layer.chain(), key);
    }
    last
}

#[test]
fn shipped_maps_have_no_mistakes() {
    for (name, text) in SHIPPED {
        let mut out = Vec::new();
        let mut map = if *name == "default" { Keymap::default() } else { default_map() };
        lay(&mut map, name, text, &mut out);
        assert_eq!(out, [], "{name}");
    }
}

#[test]
fn the_decided_keys_do_what_was_decided() {
    let map = default_map();
    let table = [
        (Layer::Pods, "o", Command::GoNode),
        (Layer::Pods, "Ctrl-z", Command::FaultsOnly),
        (Layer::Events, "Ctrl-z", Command::WarningsOnly),
        (Layer::Pods, "N", Command::SortName),
        (Layer::Text, "N", Command::FindPrevious),
        (Layer::Text, "/", Command::Find),
        (Layer::Nodes, "/", Command::Filter),
        (Layer::Top, "\\ Shift-Left", Command::ResizeLeft),
        (Layer::Table, "J", Command::GoOwner),
        (Layer::Global, "Esc", Command::Escape),
    ];
    for (layer, keys, command) in table {
        assert_eq!(what(&map, layer, keys), Resolve::Command(command), "{keys}");
    }
    let actions = [
        (Layer::Nodes, "c", "cordon"),
        (Layer::Nodes, "u", "uncordon"),
        (Layer::Nodes, "t", "taint"),
        (Layer::Nodes, "r", "drain"),
        (Layer::Workloads, "s", "scale"),
        (Layer::Workloads, "r", "restart"),
        (Layer::Workloads, "i", "set_image"),
        (Layer::Pods, "Ctrl-d", "delete"),
        (Layer::Pods, "Ctrl-k", "kill"),
        (Layer::Pods, "s", "shell"),
        (Layer::Containers, "s", "shell"),
        (Layer::Pods, "a", "attach"),
        (Layer::Pods, "F", "forward"),
        (Layer::Sources, "F", "forward"),
    ];
    for (layer, keys, id) in actions {
        let command = Command::from_id(id).expect("an action");
        assert_eq!(what(&map, layer, keys), Resolve::Command(command), "{keys}");
    }
    for later in ["w", "e", "c", "u", "t", "r", "x", "U"] {
        assert_eq!(what(&map, Layer::Pods, later), Resolve::NotFound, "{later} has no feature yet");
    }
}

#[test]
fn vim_gives_the_terminal_its_keys_back() {
    let (mut map, mut out) = (default_map(), Vec::new());
    lay(&mut map, "vim", shipped("vim").expect("shipped"), &mut out);
    for layer in [Layer::Pods, Layer::Events, Layer::Text] {
        assert_eq!(what(&map, layer, "Ctrl-z"), Resolve::Command(Command::Suspend));
        assert_eq!(what(&map, layer, "Ctrl-w v"), Resolve::Command(Command::SplitRight));
        assert_eq!(what(&map, layer, "g g"), Resolve::Command(Command::Top));
    }
    assert_eq!(what(&map, Layer::Events, "!"), Resolve::Command(Command::WarningsOnly));
}

#[test]
fn a_user_file_binds_and_takes_away() {
    let text = r#"{"global": {"g": null, "g g": "top", "Ctrl-d": "page_down"}, "pods": {"q": "quit"}}"#;
    let (map, notices) = laid(text);
    assert_eq!(notices, [""; 0]);
    assert_eq!(what(&map, Layer::Pods, "g g"), Resolve::Command(Command::Top));
    assert_eq!(what(&map, Layer::Pods, "q"), Resolve::Command(Command::Quit));
    assert_eq!(what(&map, Layer::Nodes, "q"), Resolve::Command(Command::Back));
}

#[test]
fn mistakes_are_named_with_their_place_and_the_rest_holds() {
    let text = r#"{
  "global": {
    "Hyper-x": "help",
    "z": "zoomm",
    "x": 3,
    "b": null,
    "Ctrl-D": "page_down",
    "Ctrl-d": "page_up",
    "e": "wide",
    "e e": "yaml",
    "Ctrl-i": "help"
  },
  "pod": {},
  "table": []
}"#;
    let (map, notices) = laid(text);
    let expected = [
        "keymap.json:6:5: `b` is not bound",
        "keymap.json:3:5: no key is called `Hyper-x`",
        "keymap.json:4:10: no command is called `zoomm`",
        "keymap.json:5:10: the id of a command or null expected, not a number",
        "keymap.json:8:5: `Ctrl-d` is written twice in `global`; the last `page_up` holds",
        "keymap.json:10:5: `e e` clashes with `e` (`wide`)",
        "keymap.json:11:5: most terminals send `Tab` for `Ctrl-i`",
        "keymap.json:13:3: no layer is called `pod`; did you mean `pods`?",
        "keymap.json:14:12: an object of keys expected, not an array",
    ];
    assert_eq!(notices.len(), expected.len(), "{notices:#?}");
    for (notice, start) in notices.iter().zip(expected) {
        assert!(notice.starts_with(start), "{notice}\nshould begin with\n{start}");
    }
    assert_eq!(what(&map, Layer::Text, "Ctrl-d"), Resolve::Command(Command::PageUp));
    assert_eq!(what(&map, Layer::Pods, "d"), Resolve::Command(Command::Describe), "defaults stay");
}

#[test]
fn a_broken_file_leaves_the_defaults() {
    let (map, notices) = laid("{\n  \"global\": {\n    \"x\": \"help\",\n  }\n}");
    assert_eq!(map, default_map());
    assert!(notices[0].starts_with("keymap.json:4:3: not JSON: "), "{notices:?}");
}
