use super::*;
use proptest::prelude::*;

fn shown(word: &str) -> String {
    parse_key(word).map_or_else(|e| e.to_string(), |k| k.to_string())
}

#[test]
fn keys_are_read_in_any_spelling() {
    let table = [
        ("g", "g"),
        ("G", "G"),
        ("Shift-g", "G"),
        ("Ctrl-d", "Ctrl-d"),
        ("Ctrl-D", "Ctrl-d"),
        ("ctrl-d", "Ctrl-d"),
        ("C-d", "Ctrl-d"),
        ("Ctrl-Shift-d", "Ctrl-Shift-d"),
        ("shift-ctrl-D", "Ctrl-Shift-d"),
        ("Shift-Left", "Shift-Left"),
        ("Space", "Space"),
        ("Ctrl-Space", "Ctrl-Space"),
        ("Ctrl-\\", "Ctrl-\\"),
        ("\\", "\\"),
        ("-", "-"),
        ("Ctrl--", "Ctrl--"),
        ("Alt-x", "Alt-x"),
        ("Alt-X", "Alt-X"),
        ("F5", "F5"),
        ("f", "f"),
        ("F", "F"),
        ("F24", "F24"),
        ("PageUp", "PgUp"),
        ("Shift-Tab", "Shift-Tab"),
        ("BackTab", "Shift-Tab"),
        ("Escape", "Esc"),
        ("é", "é"),
    ];
    for (written, expected) in table {
        assert_eq!(shown(written), expected, "{written}");
    }
    assert_eq!(parse_key("Shift-Tab"), Ok(Key::plain(KeyCode::BackTab)));
}

#[test]
fn what_is_no_key_is_named() {
    for bad in ["Ctrl-", "Hyper-x", "F0", "F25", "F999", "gg", "Foo", "\u{7f}"] {
        assert_eq!(parse_key(bad), Err(BadKey::Unknown(bad.to_owned())), "{bad}");
    }
    assert_eq!(parse_key(""), Err(BadKey::Empty));
    assert_eq!(parse_keys("  "), Err(BadKey::Empty));
    assert_eq!(parse_keys("g Hyper-x"), Err(BadKey::Unknown("Hyper-x".to_owned())));
}

#[test]
fn sequences_have_spaces_between() {
    assert_eq!(parse_keys("\\ v"), Ok(vec![Key::char('\\'), Key::char('v')]));
    assert_eq!(parse_keys("g Space").map(|k| show_keys(&k)), Ok("g Space".to_owned()));
}

fn any_key() -> impl Strategy<Value = Key> {
    let named = prop::sample::select(NAMES).prop_map(|(_, code)| code);
    let char = any::<char>().prop_filter("visible", |c| !c.is_control() && !c.is_whitespace()).prop_map(KeyCode::Char);
    let code =
        prop_oneof![named, char, (1..=24_u8).prop_map(KeyCode::F), prop::char::range('!', '~').prop_map(KeyCode::Char)];
    (code, any::<bool>(), any::<bool>(), any::<bool>())
        .prop_map(|(code, ctrl, alt, shift)| canonical(Key { code, mods: Mods { ctrl, alt, shift } }))
}

proptest! {
    #[test]
    fn display_is_the_inverse_of_parse(keys in prop::collection::vec(any_key(), 1..4)) {
        prop_assert_eq!(parse_keys(&show_keys(&keys)), Ok(keys));
    }

    #[test]
    fn canonical_keys_stay_as_they_are(key in any_key()) {
        prop_assert_eq!(canonical(key), key);
    }

    #[test]
    fn no_text_makes_it_fail_badly(text in ".*") {
        let _ = parse_keys(&text);
    }
}
