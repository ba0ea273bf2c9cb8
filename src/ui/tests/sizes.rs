//! No size, no scroll position and no state of the panes makes drawing panic or leave the screen.

use super::world::*;
use super::{frame, look};
use crate::core::layout::{Axis, PaneId};
use crate::core::line::Line;
use crate::core::modals::{Choice, Help, Item, Modal};
use proptest::prelude::*;

fn modal(n: u8, typed: &str) -> Option<Modal> {
    let item = |i: u16| Item { text: format!("item {i} 日本").into(), note: "a note".into(), problem: None };
    let choice = |at: usize| Choice { line: Line::new(typed), items: (0..30).map(item).collect(), at, past: None };
    match n {
        0 => Some(Modal::Palette(choice(29))),
        1 => Some(Modal::Namespaces(choice(0))),
        2 => Some(Modal::Contexts(Choice::default())),
        3 => Some(Modal::Help(Help { line: Line::new(typed), top: 3 })),
        4 => Some(Modal::Message { title: "title".into(), lines: vec![typed.into(), "x".repeat(300).into()] }),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_size_draws(
        w in 0_u16..230, h in 0_u16..70, made in prop_oneof![Just((80, 24)), Just((200, 60))],
        left in 0_u16..300, wide: bool, typed in "\\PC{0,50}", over in 0_u8..8, open: bool, mark: bool, zoom: bool, splits in 0_u8..5,
    ) {
        let mut state = world(made.0, made.1);
        state.size = (w, h);
        focused(&mut state, |t| {
            (t.left, t.wide) = (left, wide);
            t.filter.text = typed.clone();
            t.filter.line = open.then(|| Line::new(&typed));
            t.filter.error = mark.then(|| "wrong".into());
        });
        state.modal = modal(over, &typed);
        let tab = &mut state.tabs[0];
        tab.zoom = zoom;
        for i in 0..splits {
            tab.root.insert(tab.focus, if i % 2 == 0 { Axis::Row } else { Axis::Column }, PaneId(1 + u32::from(i % 4)));
        }
        let (_, cursor) = frame(&state, &look());
        if let Some(at) = cursor {
            prop_assert!(at.x < w && at.y < h, "the text cursor left the screen: {at:?} of {w}x{h}");
        }
    }
}

#[test]
fn the_same_state_gives_the_same_frame() {
    let state = world(200, 60);
    assert_eq!(frame(&state, &look()), frame(&state, &look()));
}

#[test]
fn nothing_and_one_cell_draw() {
    for size in [(0, 0), (1, 1), (0, 5), (5, 0), (39, 12), (40, 11)] {
        let mut state = world(80, 24);
        state.size = size;
        assert!(frame(&state, &look()).1.is_none());
    }
}
