use super::*;
use crate::core::commands::Command;
use crate::core::keys::{Layer, parse_keys};
use crate::core::role::{Color, Role};
use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder of its own for each test, gone when the test ends.
struct Home(PathBuf);

impl Home {
    fn with(files: &[(&str, &str)]) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("qd-config-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let home = Self(std::env::temp_dir().join(name));
        for (path, text) in files {
            let path = home.0.join("config").join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("folder");
            fs::write(path, text).expect("file");
        }
        home
    }

    fn load(&self, overrides: &Overrides, vars: &[(&str, &str)]) -> (Config, Vec<String>) {
        let var = |name: &str| vars.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        let config = load(&Folders::under(&self.0), overrides, &var);
        let start = self.0.join("config").display().to_string() + "/";
        let notices = config.notices.iter().map(|n| n.to_string().replace(&start, "")).collect();
        (config, notices)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const XTERM: &[(&str, &str)] = &[("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("LANG", "C.UTF-8")];

#[test]
fn with_no_files_all_is_default() {
    let (config, notices) = Home::with(&[]).load(&Overrides::default(), XTERM);
    assert_eq!(notices, [""; 0]);
    assert_eq!(config.settings, Settings::default());
    assert!(config.theme == theme::default_theme(Depth::True));
    assert_eq!(config.keymap, keymap::default_map());
    assert_eq!((config.symbols.name, config.flash, config.depth), ("unicode", true, Depth::True));
    assert!(config.read.is_empty());
}

#[test]
fn files_are_laid_over_the_defaults() {
    let home = Home::with(&[
        ("config.json", r#"{"theme": "mine", "keymap": "vim"}"#),
        ("themes/mine.json", r##"{"inherits": "light", "palette": {"red": "#010203"}}"##),
        ("keymap.json", r#"{"table": {"W": null, "w": "wide"}}"#),
    ]);
    let (config, notices) = home.load(&Overrides::default(), XTERM);
    assert_eq!(notices, [""; 0]);
    assert_eq!(config.theme.style(Role::RowBad).fg, Some(Color::Rgb(1, 2, 3)));
    let keys = |c| config.keymap.keys_of(Layer::Pods.chain(), c);
    assert_eq!(keys(Command::Wide), [parse_keys("w").expect("key")]);
    assert_eq!(keys(Command::Suspend), [parse_keys("Ctrl-z").expect("key")]);
    assert_eq!(config.read.len(), 3);
}

#[test]
fn flags_win_over_the_file() {
    let home = Home::with(&[("config.json", r#"{"theme": "light", "keymap": "vim"}"#)]);
    let flags = Overrides { theme: Some("high-contrast".into()), keymap: Some("default".into()) };
    let (config, notices) = home.load(&flags, XTERM);
    assert_eq!((config.theme.name(), notices.len()), ("high-contrast", 0));
    assert_eq!(config.keymap, keymap::default_map());
}

#[test]
fn it_is_known_where_a_setting_comes_from() {
    let home = Home::with(&[("config.json", r#"{"theme": "nope", "mouse": 1, "flash": "on", "keymap": "vim"}"#)]);
    let flags = Overrides { theme: None, keymap: Some("default".into()) };
    let from = home.load(&flags, XTERM).0.from;
    let flash = format!("{}:1:40", home.0.join("config/config.json").display());
    assert_eq!(from.into_iter().collect::<Vec<_>>(), [("flash", flash), ("keymap", "--keymap".to_owned())]);
}

#[test]
fn a_name_that_is_not_there_is_told_where_it_was_written() {
    let home = Home::with(&[("config.json", "{\n  \"theme\": \"drak\",\n  \"keymap\": \"../x\"\n}")]);
    let (config, notices) = home.load(&Overrides::default(), XTERM);
    assert_eq!(
        notices,
        [
            "config.json:2:12: no theme is called `drak`, so dark holds; did you mean `dark`?",
            "config.json:3:13: no keymap is called `../x`, so default holds",
        ]
    );
    assert!(config.theme == theme::default_theme(Depth::True));
    let flags = Overrides { theme: Some("nope".into()), keymap: None };
    assert_eq!(home.load(&flags, XTERM).1[0], "--theme: no theme is called `nope`, so dark holds");
}

#[test]
fn every_file_broken_and_it_still_starts() {
    let home = Home::with(&[
        ("config.json", r#"{"theme": "mine", "#),
        ("keymap.json", "{\n  \"global\": {\n    \"x\" \"help\"\n}}"),
        ("themes/dark.json", "nonsense"),
    ]);
    let (config, notices) = home.load(&Overrides::default(), XTERM);
    let starts = ["config.json:1:19: not JSON", "themes/dark.json:1:1: not JSON", "keymap.json:3:9: not JSON"];
    assert_eq!(notices.len(), starts.len(), "{notices:#?}");
    for (notice, start) in notices.iter().zip(starts) {
        assert!(notice.starts_with(start), "{notice}");
    }
    assert_eq!(config.settings, Settings::default());
    assert!(config.theme == theme::default_theme(Depth::True), "a broken user's theme gives the shipped one");
    assert_eq!(config.keymap, keymap::default_map());
}

#[test]
fn what_cannot_be_read_is_told() {
    let home = Home::with(&[("config.json/x", ""), ("keymap.json", "")]);
    fs::write(home.0.join("config/keymap.json"), b"\xff\xfe").expect("file");
    let (_, notices) = home.load(&Overrides::default(), XTERM);
    assert_eq!(
        notices,
        ["config.json: this is no regular file; it is left out", "keymap.json: not UTF-8 text; it is left out"]
    );
}

#[test]
fn the_terminal_decides_what_is_not_set() {
    let home = Home::with(&[]);
    let (config, _) = home.load(&Overrides::default(), &[("SSH_TTY", "/dev/pts/1"), ("TERM", "dumb")]);
    assert_eq!((config.depth, config.flash, config.symbols.name), (Depth::Mono, false, "ascii"));
    let home = Home::with(&[("config.json", r#"{"colors": "16", "flash": "on", "symbols": "unicode"}"#)]);
    let (config, _) = home.load(&Overrides::default(), &[("SSH_TTY", "/dev/pts/1"), ("TERM", "dumb")]);
    assert_eq!((config.depth, config.flash, config.symbols.name), (Depth::Ansi16, true, "unicode"));
}
