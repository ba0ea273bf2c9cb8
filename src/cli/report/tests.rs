use super::*;
use crate::config::{Overrides, load};
use crate::core::role::{Color, Style};
use std::path::Path;

fn loaded(vars: &[(&str, &str)], theme: Option<&str>) -> Config {
    let overrides = Overrides { theme: theme.map(str::to_owned), keymap: None };
    let var = |n: &str| vars.iter().find(|(v, _)| *v == n).map(|(_, x)| (*x).to_owned());
    load(&Folders::under(Path::new("/no/such")), &overrides, &var)
}

#[test]
fn config_tells_paths_values_and_check() {
    let text = config(&loaded(&[("TERM", "xterm-256color")], None));
    for line in [
        "settings   /no/such/config/config.json",
        "esc_wait_ms  100          (default)",
        "colors       256",
        "nothing wrong",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    for setting in SETTINGS {
        assert!(text.contains(setting.doc), "{}", setting.name);
    }
    let text = config(&loaded(&[], Some("nope")));
    assert!(
        text.contains("--theme: no theme is called `nope`, so dark holds") && !text.contains("nothing wrong"),
        "{text}"
    );
}

#[test]
fn config_without_a_home_says_so() {
    let mut without = loaded(&[], None);
    without.folders = Folders::default();
    assert!(config(&without).contains("no home folder"));
}

#[test]
fn keys_lists_every_binding() {
    let map = keymap::default_map();
    let text = keys(&map);
    for (keys, command) in Layer::ALL.iter().flat_map(|l| map.bindings(*l)) {
        let keys = show_keys(&keys);
        let line = text.lines().find(|l| {
            let (bound, rest) = l.trim_start().split_once(&format!(" {} ", command.spec().id)).unwrap_or_default();
            rest.contains(command.spec().doc) && bound.trim_end().split(", ").any(|k| k == keys)
        });
        assert!(line.is_some(), "{keys} {command} in\n{text}");
    }
    assert!(text.contains("  j, Down         move_down "), "{text}");
    assert!(
        text.contains(&format!("  \\ v             split_right      {}", Command::SplitRight.spec().doc)),
        "{text}"
    );
}

#[test]
fn themes_shows_each_role_in_its_style() {
    let text = themes(&loaded(&[("TERM", "xterm"), ("COLORTERM", "truecolor")], Some("light")), true);
    assert!(text.contains("* light\n") && text.contains("  dark\n"));
    assert!(text.contains("\u{1b}[38;2;179;25;15;48;2;251;251;248m row.bad"), "{text:?}");
    let mono = themes(&loaded(&[("NO_COLOR", "1"), ("TERM", "xterm")], None), true);
    assert!(mono.contains("\u{1b}[1;4m row.bad") && !mono.contains("38;"), "{mono:?}");
}

#[test]
fn colours_are_written_as_terminals_read_them() {
    let style = |fg, bg| Style { fg: Some(fg), bg: Some(bg), ..Style::default() };
    let table = [
        (style(Color::Indexed(1), Color::Indexed(4)), "\u{1b}[31;44mx\u{1b}[0m"),
        (style(Color::Indexed(9), Color::Indexed(12)), "\u{1b}[91;104mx\u{1b}[0m"),
        (style(Color::Indexed(99), Color::Default), "\u{1b}[38;5;99mx\u{1b}[0m"),
        (style(Color::Default, Color::Default), "x"),
    ];
    for (style, expected) in table {
        assert_eq!(ansi::paint(style, "x"), expected);
    }
}
