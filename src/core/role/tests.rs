use super::*;
use unicode_width::UnicodeWidthChar;

const RED: Color = Color::Indexed(1);
const BLUE: Color = Color::Indexed(4);

fn theme() -> Theme {
    Theme::new("t", |role| match role {
        Role::Base => Some(Style { fg: Some(BLUE), bg: Some(Color::Default), ..Style::default() }),
        Role::Row => Some(Style { bold: true, ..Style::default() }),
        Role::RowBad => Some(Style { fg: Some(RED), ..Style::default() }),
        Role::RowCursor => Some(Style { reverse: true, ..Style::default() }),
        _ => None,
    })
}

#[test]
fn roles_fall_back_along_their_dots() {
    let theme = theme();
    let bad = theme.style(Role::RowBad);
    assert_eq!((bad.fg, bad.bg, bad.bold), (Some(RED), Some(Color::Default), false));
    assert!(theme.style(Role::RowOk).bold, "a role that is not written is its parent");
    assert_eq!(theme.style(Role::TextKey), theme.style(Role::Base));
}

#[test]
fn what_is_laid_over_keeps_the_text_below() {
    let theme = theme();
    let cursor = theme.over(Role::RowCursor, theme.style(Role::RowBad));
    assert_eq!((cursor.fg, cursor.reverse), (Some(RED), true));
    assert_eq!(theme.over(Role::Match, cursor), cursor, "a role that is not written adds nothing");
}

#[test]
fn each_role_comes_after_the_one_it_falls_back_to() {
    for &role in Role::ALL {
        assert_eq!(Role::from_name(role.name()), Some(role));
        if role != Role::Base {
            assert!(role.parent().is_some_and(|p| p < role), "{role} has no parent before it");
        }
    }
}

#[test]
fn symbols_are_one_cell_wide_and_ascii_is_ascii() {
    for set in Symbols::ALL {
        let b = set.border;
        let mut all = vec![b.top_left, b.top_right, b.bottom_left, b.bottom_right, b.horizontal, b.vertical];
        all.extend([set.cursor, set.mark, set.ellipsis, set.unknown, set.dot, set.ascending, set.descending]);
        all.extend([set.restarts, set.times, set.more_left, set.more_right]);
        all.extend(set.levels);
        for c in all {
            assert_eq!(c.width(), Some(1), "{c} in {}", set.name);
            assert!(set.name != "ascii" || c.is_ascii(), "{c}");
        }
        assert_eq!(set.levels.len(), 8);
    }
}
