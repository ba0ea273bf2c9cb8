//! The cursor follows its object, and means nothing when that is gone.

use super::{NOW, Op, a_pod, carry_out, op, spec};
use crate::core::freshness::Freshness;
use crate::core::store::Store;
use crate::core::store::fixture::{Pod, gone, pod, puts, store};
use crate::core::stream::StreamEvent;
use crate::core::uid::Uid;
use crate::core::view::{Cursor, Marks, Move, Standing, View, ViewSpec, keep_in_sight};
use proptest::prelude::*;

const HEIGHT: usize = 4;

struct Pane {
    store: Store,
    view: View,
    cursor: Cursor,
}

impl Pane {
    fn new(n: u128) -> Self {
        let mut s = store(&(0..n).map(|i| pod(i, "a", &format!("p{i:02}"))).collect::<Vec<Pod>>());
        s.apply(StreamEvent::Fresh(Freshness::Live));
        let mut pane = Self { store: s, view: View::new(ViewSpec::default()), cursor: Cursor::new() };
        pane.turn();
        pane
    }

    fn turn(&mut self) {
        self.view.pin(self.cursor.row());
        self.view.refresh(&self.store, NOW);
        self.cursor.sync(&self.store, &self.view, HEIGHT);
    }

    fn go(&mut self, to: Move) {
        self.cursor.go(to, &self.store, &self.view, HEIGHT);
        self.turn();
    }

    fn target(&self) -> Option<u128> {
        self.cursor.target(&self.store).map(|r| r.uid().0)
    }
}

#[test]
fn a_tombstone_stays_until_the_cursor_moves() {
    let mut pane = Pane::new(6);
    pane.go(Move::To(2));
    assert_eq!(pane.target(), Some(2));
    pane.store.apply(gone(&[2]));
    pane.turn();
    assert_eq!((pane.target(), pane.cursor.standing()), (None, Standing::Gone));
    assert_eq!((pane.view.len(), pane.view.total(), pane.cursor.place()), (6, 5, 2));
    // Rows above go: the tombstone moves with its place in the order.
    pane.store.apply(gone(&[0]));
    pane.turn();
    assert_eq!((pane.cursor.place(), pane.target()), (1, None));
    pane.go(Move::Down(1));
    assert_eq!((pane.view.len(), pane.target(), pane.cursor.place()), (4, Some(3), 1));
}

#[test]
fn an_object_that_comes_back_is_taken_up_again() {
    let mut pane = Pane::new(3);
    pane.go(Move::Bottom);
    pane.store.apply(gone(&[2]));
    pane.turn();
    pane.store.apply(puts(&[pod(2, "a", "p02")]));
    pane.turn();
    assert_eq!((pane.target(), pane.view.len()), (Some(2), 4));
    pane.turn();
    assert_eq!((pane.target(), pane.view.len()), (Some(2), 3));
}

#[test]
fn rows_coming_in_above_do_not_move_the_line_of_the_cursor() {
    let mut pane = Pane::new(0);
    pane.store.apply(puts(&(100..120).map(|i| pod(i, "m", &format!("p{i}"))).collect::<Vec<Pod>>()));
    pane.turn();
    pane.go(Move::To(6));
    let line = pane.cursor.place() - pane.cursor.top();
    pane.store.apply(puts(&[pod(1, "a", "x"), pod(2, "a", "y")]));
    pane.turn();
    assert_eq!((pane.cursor.place(), pane.cursor.place() - pane.cursor.top()), (8, line));
}

#[test]
fn an_untouched_cursor_stays_on_top_while_the_list_comes_in() {
    let mut pane = Pane::new(0);
    pane.store.apply(StreamEvent::Fresh(Freshness::Syncing { rows: 0 }));
    for name in ["m", "c", "a"] {
        pane.store.apply(puts(&[pod(u128::from(name.as_bytes()[0]), name, "x")]));
        pane.turn();
        assert_eq!((pane.cursor.place(), pane.target()), (0, Some(u128::from(name.as_bytes()[0]))));
    }
    pane.store.apply(StreamEvent::Fresh(Freshness::Live));
    pane.turn();
    pane.store.apply(puts(&[pod(1, "0", "x")]));
    pane.turn();
    assert_eq!((pane.cursor.place(), pane.target()), (1, Some(u128::from(b'a'))));
}

#[test]
fn a_riding_cursor_stays_on_the_first_row_until_moved() {
    let mut pane = Pane::new(3);
    pane.cursor = Cursor::riding();
    pane.turn();
    pane.store.apply(puts(&[pod(9, "0", "x")]));
    pane.turn();
    assert_eq!((pane.cursor.place(), pane.target()), (0, Some(9)));
    pane.go(Move::Down(1));
    pane.store.apply(puts(&[pod(8, "0", "a")]));
    pane.turn();
    assert_eq!((pane.cursor.place(), pane.target()), (2, Some(0)));
}

#[test]
fn starting_over_keeps_what_the_cursor_rides_on() {
    let mut pane = Pane::new(3);
    pane.cursor = Cursor::riding();
    pane.turn();
    pane.cursor.restart();
    pane.turn();
    pane.store.apply(puts(&[pod(9, "0", "x")]));
    pane.turn();
    assert_eq!(pane.target(), Some(9));
    pane.go(Move::Down(1));
    pane.cursor.restart();
    pane.turn();
    pane.store.apply(puts(&[pod(8, "0", "a")]));
    pane.turn();
    assert_eq!(pane.target(), Some(9), "one that was moved follows its row");
}

#[test]
fn a_cursor_for_an_object_waits_for_it() {
    let mut pane = Pane::new(0);
    pane.store.apply(StreamEvent::Fresh(Freshness::Syncing { rows: 0 }));
    pane.cursor = Cursor::on(Uid(7));
    pane.store.apply(puts(&[pod(1, "a", "x")]));
    pane.turn();
    assert_eq!((pane.cursor.standing(), pane.target()), (Standing::Nowhere, None));
    pane.store.apply(puts(&[pod(7, "b", "x")]));
    pane.turn();
    assert_eq!((pane.target(), pane.cursor.place()), (Some(7), 1));
    pane.cursor = Cursor::on(Uid(99));
    pane.store.apply(StreamEvent::Fresh(Freshness::Live));
    pane.turn();
    assert_eq!(pane.target(), Some(1), "the list is complete and it is not in it");
}

#[test]
fn a_filter_change_settles_on_the_line() {
    let mut pane = Pane::new(12);
    pane.go(Move::To(3));
    let query = crate::core::query::Query::parse("p1").unwrap();
    pane.view.set_spec(ViewSpec { query, ..ViewSpec::default() });
    pane.view.refresh(&pane.store, NOW);
    pane.cursor.settle(&pane.store, &pane.view, HEIGHT);
    assert_eq!((pane.view.len(), pane.cursor.place(), pane.target()), (2, 1, Some(11)));
}

#[test]
fn moves_and_scrolling_stay_inside() {
    for (to, place) in [
        (Move::Up(3), 7),
        (Move::Down(100), 19),
        (Move::PageUp, 7),
        (Move::PageDown, 13),
        (Move::HalfUp, 8),
        (Move::HalfDown, 12),
        (Move::Top, 0),
        (Move::Bottom, 19),
        (Move::To(50), 19),
    ] {
        assert_eq!(to.from(10, 20, HEIGHT), place, "{to:?}");
        assert_eq!(to.from(0, 0, HEIGHT), 0, "{to:?}");
    }
    assert_eq!(keep_in_sight(0, 3, 20, 4), 0);
    assert_eq!(keep_in_sight(0, 4, 20, 4), 1);
    assert_eq!(keep_in_sight(9, 4, 20, 4), 4);
    assert_eq!(keep_in_sight(18, 19, 20, 4), 16);
    assert_eq!(keep_in_sight(5, 0, 0, 0), 0);
}

#[test]
fn the_wheel_takes_the_cursor_along_only_at_the_edges() {
    let mut pane = Pane::new(20);
    pane.go(Move::To(2));
    pane.cursor.scroll(2, &pane.store, &pane.view, HEIGHT);
    assert_eq!((pane.cursor.top(), pane.cursor.place()), (2, 2));
    pane.cursor.scroll(1, &pane.store, &pane.view, HEIGHT);
    assert_eq!((pane.cursor.top(), pane.cursor.place()), (3, 3));
    pane.cursor.scroll(-99, &pane.store, &pane.view, HEIGHT);
    assert_eq!((pane.cursor.top(), pane.cursor.place(), pane.target()), (0, 3, Some(3)));
}

#[test]
fn marks_stay_on_their_objects() {
    let mut pane = Pane::new(8);
    let mut marks = Marks::default();
    marks.toggle(Uid(5));
    marks.range(&pane.store, &pane.view, Uid(3));
    assert_eq!(marks.len(), 3);
    assert!(marks.has(Uid(4)) && !marks.has(Uid(6)));
    marks.toggle(Uid(4));
    pane.store.apply(gone(&[3]));
    pane.turn();
    marks.prune(&pane.store);
    assert_eq!(marks.uids().collect::<Vec<_>>(), [Uid(5)]);
    marks.all(&pane.store, &pane.view);
    assert_eq!(marks.len(), 7);
    marks.clear();
    marks.range(&pane.store, &pane.view, Uid(1));
    assert_eq!(marks.len(), 1, "a range without a beginning is one row");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_cursor_follows_its_object(
        first in prop::collection::vec(a_pod(), 1..12),
        ops in prop::collection::vec(op(), 0..60),
        spec in spec(),
        start in 0..12_usize,
    ) {
        let mut pane = Pane { store: store(&[]), view: View::new(spec), cursor: Cursor::new() };
        let mut model = super::Model::new();
        for p in &first {
            carry_out(&Op::Put(p.clone()), &mut pane.store, &mut model);
        }
        pane.turn();
        pane.go(Move::To(start));
        let chosen = pane.cursor.uid();
        for op in &ops {
            carry_out(op, &mut pane.store, &mut model);
            match op {
                Op::Freeze(on) => pane.view.freeze(*on),
                Op::Refresh => pane.turn(),
                _ => {}
            }
            let target = pane.cursor.target(&pane.store).map(|r| r.uid());
            prop_assert!(target.is_none() || chosen.is_none() || target == chosen, "never a neighbour");
        }
        pane.turn();
        if let Some(uid) = chosen {
            prop_assert_eq!(pane.cursor.uid(), chosen);
            let living = pane.store.find(uid).is_some_and(|r| pane.view.rank(r.id()).is_some());
            prop_assert_eq!(pane.cursor.standing() == Standing::On, living);
            let under = pane.view.row(pane.cursor.place()).and_then(|id| pane.store.peek(id)).map(|r| r.uid());
            prop_assert_eq!(under, chosen, "it stands on its own row, living or greyed");
        }
        prop_assert!(pane.cursor.top() <= pane.cursor.place());
        prop_assert!(pane.cursor.place() < pane.cursor.top() + HEIGHT);
    }
}
