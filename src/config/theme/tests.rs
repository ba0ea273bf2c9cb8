use super::*;
use crate::core::role::Color;

fn user(files: &'static [(&'static str, &'static str)]) -> impl Fn(&str) -> Option<(String, String)> {
    move |name| {
        let own = files.iter().find(|(n, _)| *n == name);
        own.map(|(n, text)| (format!("themes/{n}.json"), (*text).to_owned())).or_else(|| shipped(name))
    }
}

fn loaded(files: &'static [(&'static str, &'static str)], name: &str, depth: Depth) -> (Theme, Vec<String>) {
    let mut out = Vec::new();
    let theme = load(name, depth, &mut user(files), &mut out);
    (theme, out.iter().map(ToString::to_string).collect())
}

#[test]
fn shipped_themes_have_no_mistakes_at_any_depth() {
    for (name, _) in SHIPPED {
        for depth in [Depth::Mono, Depth::Ansi16, Depth::Ansi256, Depth::True] {
            let (theme, notices) = loaded(&[], name, depth);
            assert_eq!(notices, [""; 0], "{name}");
            for &role in Role::ALL {
                let style = theme.style(role);
                let fits = |c: Option<Color>| match (depth, c) {
                    (_, None | Some(Color::Default)) | (Depth::True, _) => true,
                    (Depth::Ansi256, Some(c)) => matches!(c, Color::Indexed(_)),
                    (Depth::Ansi16, Some(c)) => matches!(c, Color::Indexed(0..=15)),
                    (Depth::Mono, Some(_)) => false,
                };
                assert!(fits(style.fg) && fits(style.bg), "{name} {role} at {depth:?}: {style:?}");
            }
        }
    }
}

#[test]
fn every_theme_tells_cursor_trouble_and_focus_apart() {
    for (name, _) in SHIPPED {
        for depth in [Depth::Mono, Depth::Ansi16, Depth::Ansi256, Depth::True] {
            let theme = loaded(&[], name, depth).0;
            for (a, b) in [
                (Role::Row, Role::RowBad),
                (Role::Row, Role::RowWarn),
                (Role::RowWarn, Role::RowBad),
                (Role::Frame, Role::FrameFocus),
                (Role::FreshLive, Role::FreshError),
                (Role::Header, Role::HeaderProtected),
            ] {
                assert_ne!(theme.style(a), theme.style(b), "{name} at {depth:?}: {a} and {b}");
            }
            for &row in &[Role::Row, Role::RowBad, Role::RowTomb] {
                let under = theme.style(row);
                for over in [Role::RowCursor, Role::RowMark, Role::Match] {
                    assert_ne!(theme.over(over, under), under, "{name} at {depth:?}: {over} over {row}");
                }
            }
        }
    }
}

#[test]
fn a_theme_takes_the_palette_and_the_roles_below() {
    let files = &[("mine", r##"{"inherits": "dark", "palette": {"red": "#010203"}, "roles": {"row.ok": 42}}"##)];
    let (theme, notices) = loaded(files, "mine", Depth::True);
    assert_eq!(notices, [""; 0]);
    assert_eq!(theme.style(Role::RowBad).fg, Some(Color::Rgb(1, 2, 3)));
    assert_eq!(theme.style(Role::RowOk).fg, Some(Color::Indexed(42)));
    assert_eq!(theme.name(), "mine");
}

#[test]
fn a_file_may_bear_a_shipped_name_and_inherit_it() {
    let files = &[("dark", r#"{"inherits": "dark", "roles": {"base": {"bg": "default"}}}"#)];
    let (theme, notices) = loaded(files, "dark", Depth::True);
    assert_eq!(notices, [""; 0]);
    assert_eq!(theme.style(Role::Row).bg, Some(Color::Default));
    assert_eq!(theme.style(Role::RowBad).fg, default_theme(Depth::True).style(Role::RowBad).fg);
}

#[test]
fn shipped_themes_stand_on_shipped_ones() {
    let files = &[("dark", r##"{"inherits": "light", "palette": {"red": "#010203"}}"##)];
    let (theme, notices) = loaded(files, "dark", Depth::True);
    assert_eq!(notices, [""; 0]);
    assert_eq!(theme.style(Role::RowBad).fg, Some(Color::Rgb(1, 2, 3)));
    assert!(loaded(files, "light", Depth::True).0 == loaded(&[], "light", Depth::True).0);
}

#[test]
fn with_sixteen_colours_another_may_take_its_place() {
    let at = |name: &str, depth| loaded(&[], name, depth).0.style(Role::RowCursor);
    assert_eq!(at("light", Depth::Ansi16), at("16", Depth::Ansi16));
    assert_ne!(at("high-contrast", Depth::Ansi16), at("16", Depth::Ansi16));
    let files = &[("a", r#"{"few": "nope", "inherits": "dark"}"#)];
    let (theme, notices) = loaded(files, "a", Depth::Ansi16);
    assert_eq!(notices, ["themes/a.json:1:9: no theme is called `nope`"]);
    assert!(matches!(theme.style(Role::RowBad).fg, Some(Color::Indexed(0..=15))), "it stays itself");
}

#[test]
fn a_circle_is_cut_and_named() {
    let files = &[("a", r#"{"inherits": "b"}"#), ("b", "{\n \"inherits\": \"a\"}")];
    let (_, notices) = loaded(files, "a", Depth::True);
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(notices[0].starts_with("themes/b.json:2:14: "), "{notices:?}");
    let (_, notices) = loaded(&[("a", r#"{"inherits": "a"}"#)], "a", Depth::True);
    assert!(notices.len() == 1 && notices[0].contains("circle"), "{notices:?}");
}

#[test]
fn mistakes_are_named_with_their_place_and_the_rest_holds() {
    let text = r##"{
  "inherits": "dakr",
  "palete": {},
  "palette": { "a": "#12345", "b": ["red"] },
  "roles": {
    "row.baad": "red",
    "row.bad": "crimson",
    "row.warn": { "fg": "green", "bold": 1, "blink": true },
    "row": []
  }
}"##;
    let files: &'static [(&str, &str)] = Box::leak(Box::new([("mine", &*text.to_owned().leak())]));
    let (theme, notices) = loaded(files, "mine", Depth::True);
    let expected = [
        "themes/mine.json:3:3: a theme has no `palete`; did you mean `palette`?",
        "themes/mine.json:4:21: `#12345` is no colour",
        "themes/mine.json:4:36: two colours expected",
        "themes/mine.json:6:5: no role is called `row.baad`; did you mean `row.bad`?",
        "themes/mine.json:2:15: no theme is called `dakr`; did you mean `dark`?",
        "themes/mine.json:7:16: `crimson` is no colour",
        "themes/mine.json:8:42: `bold` is true or false, not a number",
        "themes/mine.json:8:45: a style has no `blink`",
        "themes/mine.json:9:12: a colour or an object expected, not an array",
    ];
    assert_eq!(notices.len(), expected.len(), "{notices:#?}");
    for (notice, start) in notices.iter().zip(expected) {
        assert!(notice.starts_with(start), "{notice}\nshould begin with\n{start}");
    }
    assert_eq!(theme.style(Role::RowWarn).fg, Some(Color::Indexed(2)));
}

#[test]
fn mistakes_are_told_on_every_terminal() {
    for depth in [Depth::Mono, Depth::Ansi16, Depth::Ansi256, Depth::True] {
        let files = &[("mine", r#"{"inherits": "dark", "roles": {"row.bad": "crimson"}}"#)];
        assert_eq!(loaded(files, "mine", depth).1.len(), 1, "{depth:?}");
    }
}

#[test]
fn an_unknown_theme_is_the_default() {
    assert_eq!(loaded(&[], "none", Depth::True).0.style(Role::RowBad), default_theme(Depth::True).style(Role::RowBad));
}

#[test]
fn the_environment_tells_the_depth() {
    let table: &[(&[(&str, &str)], Depth)] = &[
        (&[], Depth::Mono),
        (&[("TERM", "dumb"), ("COLORTERM", "truecolor")], Depth::Mono),
        (&[("TERM", "xterm-256color"), ("NO_COLOR", "1")], Depth::Mono),
        (&[("TERM", "xterm-256color"), ("NO_COLOR", "")], Depth::Ansi256),
        (&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")], Depth::True),
        (&[("TERM", "xterm"), ("COLORTERM", "24bit")], Depth::True),
        (&[("TERM", "xterm-kitty")], Depth::True),
        (&[("TERM", "screen-256color"), ("COLORTERM", "truecolor"), ("STY", "1.x")], Depth::Ansi256),
        (&[("TERM", "screen-256color"), ("COLORTERM", "truecolor"), ("TMUX", "/x")], Depth::True),
        (&[("TERM", "linux")], Depth::Ansi16),
        (&[("TERM", "vt220")], Depth::Mono),
    ];
    for (vars, depth) in table {
        let var = |name: &str| vars.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        assert_eq!(Depth::detect(var), *depth, "{vars:?}");
    }
}

#[test]
fn colours_are_reduced_to_the_nearest() {
    let at = |word: &str, depth| Paint { full: color::parse(word).expect("a colour"), few: None }.at(depth);
    assert_eq!(at("#ff0000", Depth::Ansi256), Some(Color::Indexed(196)));
    assert_eq!(at("#808080", Depth::Ansi256), Some(Color::Indexed(244)));
    assert_eq!(at("#fe0101", Depth::Ansi16), Some(Color::Indexed(9)));
    assert_eq!(at("bright-red", Depth::Ansi256), Some(Color::Indexed(9)));
    assert_eq!(at("default", Depth::Ansi16), Some(Color::Default));
    assert_eq!(at("red", Depth::Mono), None);
    for bad in ["", "#12", "#12345g", "#+12345", "256", "-1", "+1", "rot"] {
        assert_eq!(color::parse(bad), None, "{bad}");
    }
}
