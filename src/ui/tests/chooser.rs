//! Columns that were picked, and the chooser of them.

use super::world::*;
use super::{roles, text};
use crate::core::columns::Pick;
use crate::core::line::Line;
use crate::core::modals::{Chooser, Modal};
use crate::core::state::State;

fn chooser(state: &State) -> Chooser {
    let t = state.focused().and_then(|p| p.table()).expect("a table has the focus");
    let schema = state.streams[&t.key].schema().clone();
    let known = [("app".to_owned(), "web".to_owned()), ("topology.kubernetes.io/zone".to_owned(), "a".to_owned())];
    Chooser::new(t.key.kind.clone(), &schema, None, &known)
}

#[test]
fn the_chooser_of_columns() {
    for (w, h) in [(80, 24), (200, 60), (40, 12)] {
        let mut state = world(w, h);
        let mut c = chooser(&state);
        c.at = 4;
        c.toggle();
        c.at = 2;
        c.shift(true);
        state.modal = Some(Modal::Columns(Box::new(c)));
        insta::assert_snapshot!(format!("columns_{w}x{h}"), text(&state));
    }
}

#[test]
fn the_chooser_narrowed_by_what_is_typed() {
    let mut state = world(80, 24);
    for (name, typed) in [("some", "mem"), ("new", "annotation:team/owner"), ("none", "nosuch")] {
        let mut c = chooser(&state);
        c.line = Line::new(typed);
        state.modal = Some(Modal::Columns(Box::new(c)));
        insta::assert_snapshot!(format!("columns_{name}"), text(&state));
    }
}

#[test]
fn picked_columns_stand_in_their_order_and_scroll() {
    let mut state = world(80, 24);
    let picks: Vec<Pick> = ["NAME", "label:app", "STATUS", "IP", "NODE", "MEM", "CPU", "AGE", "NAMESPACE", "RESTARTS"]
        .iter()
        .map(|p| Pick::parse(p).expect("a column of the fixture"))
        .collect();
    state.columns.insert("pods".into(), picks.into());
    store(&mut state, "pods", |s| s.show_labels(&["app".into()]));
    insta::assert_snapshot!("picked", text(&state));
    focused(&mut state, |t| t.left = 3);
    insta::assert_snapshot!("picked_scrolled", text(&state));
}

#[test]
fn a_changed_cell_is_lit() {
    let mut state = world(80, 24);
    state.options.flash = true;
    crate::core::update::settle(&mut state);
    store(&mut state, "pods", |s| {
        s.apply(crate::core::stream::StreamEvent::Batch(one_pod(s, "Error")));
    });
    crate::core::update::settle(&mut state);
    let lit: Vec<String> = roles(&state).lines().filter(|l| l.contains("row.flash")).map(str::to_owned).collect();
    assert_eq!(lit.len(), 1, "{lit:?}");
    insta::assert_snapshot!("flash_roles", lit[0]);
}
