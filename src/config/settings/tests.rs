use super::*;
use crate::config::notice::Notice;

fn reading(text: &str) -> (Settings, Vec<String>) {
    let mut out: Vec<Notice> = Vec::new();
    let settings = read(text, &mut Notices::new("config.json", &mut out)).0;
    (settings, out.iter().map(ToString::to_string).collect())
}

#[test]
fn what_is_written_holds_and_the_rest_is_default() {
    let text = r#"{"$schema": "x", "theme": "light", "colors": 256, "flash": "on", "mouse": false,
        "esc_wait_ms": 250, "protected": [], "namespaces": ["shop", "db"], "symbols": "ascii"}"#;
    let (settings, notices) = reading(text);
    let expected = Settings {
        theme: "light".into(),
        colors: Some(Depth::Ansi256),
        flash: Switch::On,
        mouse: false,
        esc_wait_ms: 250,
        protected: vec![],
        namespaces: vec!["shop".into(), "db".into()],
        symbols: Some("ascii"),
        ..Settings::default()
    };
    assert_eq!((settings, notices), (expected, vec![]));
}

#[test]
fn mistakes_keep_their_default_and_name_their_place() {
    let text = r#"{
  "theem": "light",
  "theme": 7,
  "mouse": "yes",
  "esc_wait_ms": 5000,
  "protected": "prod",
  "namespaces": ["a", 1],
  "flash": "sometimes",
  "keymap": "",
  "colors": "256",
  "colors": "16"
}"#;
    let (settings, notices) = reading(text);
    let expected = [
        "config.json:2:3: there is no setting `theem`; did you mean `theme`?",
        "config.json:3:12: `theme`: a name in double quotes expected, not a number; it stays \"dark\"",
        "config.json:4:12: `mouse`: true or false expected, not a string; it stays true",
        "config.json:5:18: `esc_wait_ms`: a whole number from 0 to 2000 expected; it stays 100",
        "config.json:6:16: `protected`: an array of names expected, not a string; it stays [\"*prod*\"]",
        "config.json:7:17: `namespaces`: a name in double quotes expected, not a number; it stays []",
        "config.json:8:12: `flash`: one of auto, on, off expected, not sometimes; it stays \"auto\"",
        "config.json:9:13: `keymap`: the name is empty; it stays \"default\"",
        "config.json:11:3: `colors` is written twice; the last one holds",
    ];
    assert_eq!(notices, expected);
    assert_eq!(settings, Settings { colors: Some(Depth::Ansi16), ..Settings::default() });
}

#[test]
fn a_broken_file_leaves_all_defaults() {
    for (text, at) in [("", "1:1"), ("[]", "1:1"), ("{\n\"theme\": light\n}", "2:10"), ("{\"a\": \u{1}}", "1:7")] {
        let (settings, notices) = reading(text);
        assert_eq!(settings, Settings::default());
        assert!(notices.len() == 1 && notices[0].starts_with(&format!("config.json:{at}: ")), "{notices:?}");
    }
}

#[test]
fn what_is_shown_can_be_read_back() {
    let mut odd = Settings { flash: Switch::Off, colors: Some(Depth::Mono), mouse: false, ..Settings::default() };
    odd.namespaces.push("a".into());
    for settings in [Settings::default(), odd] {
        let shown: serde_json::Map<_, _> = SETTINGS.iter().map(|s| (s.name.to_owned(), s.show(&settings))).collect();
        assert_eq!(reading(&serde_json::Value::Object(shown).to_string()), (settings, vec![]));
    }
}

#[test]
fn a_choice_takes_its_words_and_no_other() {
    for setting in SETTINGS.iter().filter(|s| !s.words().is_empty()) {
        for word in setting.words() {
            let (settings, notices) = reading(&format!(r#"{{"{}": "{word}"}}"#, setting.name));
            assert_eq!((setting.show(&settings), notices.len()), ((*word).into(), 0), "{}", setting.name);
        }
        let all = setting.words().join(", ");
        let notices = reading(&format!(r#"{{"{}": "none"}}"#, setting.name)).1;
        assert!(notices[0].contains(&format!("one of {all} expected")), "{notices:?}");
    }
}
