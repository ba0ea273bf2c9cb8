//! The way of an action, stage by stage, with the actions that only tests have.

use super::super::tests::{any_input, console, pods, press, rows};
use super::super::{command, settle, update};
use crate::core::act::testing::{FIRM, HARD, SOFT};
use crate::core::act::{ActionId, Facts, Read, Refusal};
use crate::core::commands::Command;
use crate::core::effect::{Effect, Sending};
use crate::core::input::{Input, Key, KeyCode};
use crate::core::kind::ClusterId;
use crate::core::modals::Modal;
use crate::core::modals::confirm::Demand;
use crate::core::modals::flow::{Flow, Review, Stage, Trial};
use crate::core::msg::Msg;
use crate::core::problem::Problem;
use crate::core::state::State;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

/// A console with two pods, the cursor on the first.
pub(in crate::core::update) fn at_pods() -> (State, ClusterId) {
    let (mut state, id) = console((200, 60));
    let key = pods(&state, id);
    rows(&mut state, &key, &["a", "b"]);
    (state, id)
}

/// Presses an action's key and returns what is asked for.
pub(in crate::core::update) fn act(state: &mut State, id: ActionId) -> Vec<Effect> {
    command::run(state, Command::Act(id));
    std::mem::take(&mut state.effects)
}

fn key(state: &mut State, key: Key) -> Vec<Effect> {
    update(state, Msg::Input(Input::Key(key)))
}

pub(in crate::core::update) fn enter(state: &mut State) -> Vec<Effect> {
    key(state, Key::plain(KeyCode::Enter))
}

fn read_of(effects: &[Effect]) -> Option<(u32, Vec<Read>)> {
    effects.iter().find_map(|e| match e {
        Effect::Read { ask, reads, .. } => Some((*ask, reads.clone())),
        _ => None,
    })
}

fn answers(reads: &[Read], value: &Value) -> Facts {
    let one = |r: &Read| match r {
        Read::List { .. } => (r.clone(), Ok(Arc::new(json!([])))),
        _ => (r.clone(), Ok(Arc::new(value.clone()))),
    };
    Facts { at: 1, answers: reads.iter().map(one).collect() }
}

/// Answers all reads with that object until nothing more is asked.
pub(in crate::core::update) fn read_all(state: &mut State, mut effects: Vec<Effect>, value: &Value) -> Vec<Effect> {
    while let Some((ask, reads)) = read_of(&effects) {
        effects = update(state, Msg::Facts(ask, answers(&reads, value)));
    }
    effects
}

/// What the runtime does when a frame has gone out.
pub(in crate::core::update) fn shown(state: &mut State) {
    if let Some(number) = state.question() {
        update(state, Msg::Shown(number));
    }
}

fn flow(state: &State) -> &Flow {
    match &state.modal {
        Some(Modal::Act(f)) => f,
        other => panic!("no flow: {other:?}"),
    }
}

fn review(state: &State) -> &Review {
    match &flow(state).stage {
        Stage::Review(r) => r,
        other => panic!("no plan: {other:?}"),
    }
}

/// The calls that leave and may change something.
pub(in crate::core::update) fn sent(effects: &[Effect]) -> Vec<Sending> {
    let change = |s: &Sending| !s.call.verb.reads() && !s.call.dry_run;
    effects
        .iter()
        .filter_map(|e| if let Effect::Send(s) = e { Some(*s.clone()) } else { None })
        .filter(change)
        .collect()
}

/// The plan of an action without a form, on the screen.
pub(in crate::core::update) fn planned(state: &mut State, id: ActionId) {
    let effects = act(state, id);
    read_all(state, effects, &json!({}));
    shown(state);
}

#[test]
fn facts_are_read_until_nothing_is_missing_and_then_the_plan_stands() {
    let (mut state, _) = at_pods();
    let effects = act(&mut state, SOFT);
    let (first, reads) = read_of(&effects).expect("the object is read");
    assert!(matches!(reads.as_slice(), [Read::Object(o)] if &*o.name == "a" && o.uid.is_some()));
    let effects = update(&mut state, Msg::Facts(first, answers(&reads, &json!({}))));
    let (second, reads) = read_of(&effects).expect("then what stands beside it");
    assert!(second != first && matches!(reads.as_slice(), [Read::List { .. }]));
    assert!(update(&mut state, Msg::Facts(second, answers(&reads, &json!({})))).is_empty());
    assert_eq!(review(&state).plan.count, 1);
}

#[test]
fn late_answers_of_what_was_left_change_nothing() {
    let (mut state, _) = at_pods();
    let effects = act(&mut state, SOFT);
    let (old, reads) = read_of(&effects).expect("the object is read");
    press(&mut state, KeyCode::Esc);
    assert!(state.modal.is_none());
    assert!(update(&mut state, Msg::Facts(old, answers(&reads, &json!({})))).is_empty());
    assert!(state.modal.is_none());
    act(&mut state, SOFT);
    update(&mut state, Msg::Facts(old, answers(&reads, &json!({}))));
    assert!(matches!(flow(&state).stage, Stage::Reading(_)), "another one's answer");
}

#[test]
fn targets_are_pinned_at_the_key_and_rows_that_move_change_nothing() {
    let (mut state, id) = at_pods();
    let effects = act(&mut state, SOFT);
    let store = pods(&state, id);
    rows(&mut state, &store, &["0", "b"]);
    read_all(&mut state, effects, &json!({}));
    assert_eq!(&*flow(&state).asked.targets[0].name, "a");
}

#[test]
fn marked_rows_are_the_targets_and_a_row_that_is_gone_is_none() {
    let (mut state, id) = at_pods();
    command::run(&mut state, Command::MarkAll);
    act(&mut state, SOFT);
    let names: Vec<_> = flow(&state).asked.targets.iter().map(|t| t.name.to_string()).collect();
    assert_eq!(names, ["a", "b"]);
    press(&mut state, KeyCode::Esc);
    let store = pods(&state, id);
    rows(&mut state, &store, &["b"]);
    act(&mut state, SOFT);
    assert_eq!(flow(&state).asked.targets.len(), 1);
    assert_eq!(flow(&state).notes, ["One marked object is gone and left out."]);
    press(&mut state, KeyCode::Esc);
    command::run(&mut state, Command::ClearMarks);
    // The cursor stands on the greyed row of `a`.
    act(&mut state, SOFT);
    assert!(state.modal.is_none());
    assert!(state.notice.as_ref().is_some_and(|n| n.text.contains("gone")), "{:?}", state.notice);
}

#[test]
fn what_an_action_is_not_for_is_refused_with_a_word() {
    let (mut state, _) = at_pods();
    super::super::run_line(&mut state, ":nodes");
    settle(&mut state);
    act(&mut state, SOFT);
    assert!(state.modal.is_none());
    assert!(state.notice.as_ref().is_some_and(|n| n.text.contains("cannot be done to nodes")), "{:?}", state.notice);
}

#[test]
fn read_only_refuses_before_anything_is_read() {
    let (mut state, id) = at_pods();
    if let Some(c) = state.clusters.get_mut(&id) {
        c.read_only = true;
    }
    assert!(act(&mut state, SOFT).is_empty() && state.modal.is_none());
    assert!(state.notice.as_ref().is_some_and(|n| n.text.contains("read-only")));
}

#[test]
fn a_missing_right_refuses_and_an_unknown_one_does_not() {
    let (mut state, id) = at_pods();
    let right = crate::core::act::Right { verb: "patch".into(), resource: "pods".into(), namespaced: true };
    let all = |says| vec![(right.clone(), Some(Arc::from("shop")), says)];
    update(&mut state, Msg::Rights(id, all(Some(false))));
    assert_eq!(
        super::missing(&state, Command::Act(SOFT)).map(|m| m.to_string()).as_deref(),
        Some("patch pods in shop")
    );
    assert!(act(&mut state, SOFT).is_empty() && state.modal.is_none());
    assert!(state.notice.as_ref().is_some_and(|n| n.text.contains("ask for verb patch on pods")));
    update(&mut state, Msg::Rights(id, all(None)));
    assert_eq!(super::missing(&state, Command::Act(SOFT)), None);
    assert!(read_of(&act(&mut state, SOFT)).is_some());
}

#[test]
fn the_form_comes_first_and_the_plan_is_made_of_fresh_facts() {
    let (mut state, _) = at_pods();
    let effects = act(&mut state, HARD);
    read_all(&mut state, effects, &json!({}));
    assert!(matches!(flow(&state).stage, Stage::Form));
    press(&mut state, KeyCode::Char('x'));
    assert!(enter(&mut state).is_empty(), "with something wrong there is no plan");
    press(&mut state, KeyCode::Backspace);
    let effects = enter(&mut state);
    assert!(read_of(&effects).is_some(), "all is read again");
    read_all(&mut state, effects, &json!({}));
    assert_eq!(review(&state).plan.values.text("hardness"), "3");
    press(&mut state, KeyCode::BackTab);
    assert!(matches!(flow(&state).stage, Stage::Form), "and back");
}

#[test]
fn the_palette_fills_in_the_first_field() {
    let (mut state, _) = at_pods();
    super::open(&mut state, HARD, "7");
    let effects = std::mem::take(&mut state.effects);
    read_all(&mut state, effects, &json!({}));
    let edits = flow(&state).edits.as_ref().expect("the form");
    assert_eq!(edits.values().text("hardness"), "7");
}

#[test]
fn a_blocked_plan_cannot_be_confirmed() {
    let (mut state, _) = at_pods();
    super::open(&mut state, HARD, "13");
    let effects = std::mem::take(&mut state.effects);
    read_all(&mut state, effects, &json!({}));
    let effects = enter(&mut state);
    read_all(&mut state, effects, &json!({}));
    assert!(review(&state).confirm.is_none() && state.question().is_none());
    assert!(enter(&mut state).is_empty() && state.modal.is_none(), "Enter has read it");
}

#[test]
fn each_class_is_confirmed_in_its_own_way() {
    let (mut state, id) = at_pods();
    planned(&mut state, SOFT);
    assert_eq!(sent(&enter(&mut state)).len(), 1);
    planned(&mut state, FIRM);
    assert!(enter(&mut state).is_empty() && state.modal.is_none(), "Enter says no");
    planned(&mut state, FIRM);
    assert_eq!(sent(&key(&mut state, Key::char('y'))).len(), 1);
    command::run(&mut state, Command::Back);
    settle(&mut state);
    if let Some(c) = state.clusters.get_mut(&id) {
        c.protected = true;
    }
    planned(&mut state, FIRM);
    assert_eq!(review(&state).confirm.as_ref().map(|c| c.demand.clone()), Some(Demand::Type("a".into())));
    assert!(key(&mut state, Key::char('y')).is_empty());
    press(&mut state, KeyCode::Backspace);
    press(&mut state, KeyCode::Char('a'));
    assert_eq!(sent(&enter(&mut state)).len(), 1);
}

#[test]
fn keys_typed_before_the_question_was_on_screen_do_not_count() {
    let (mut state, _) = at_pods();
    let effects = act(&mut state, FIRM);
    read_all(&mut state, effects, &json!({}));
    assert!(key(&mut state, Key::char('y')).is_empty());
    assert!(review(&state).confirm.as_ref().is_some_and(|c| c.early));
    let number = state.question().expect("it waits to be shown");
    update(&mut state, Msg::Shown(number + 1));
    assert!(key(&mut state, Key::char('y')).is_empty(), "another question's frame");
    update(&mut state, Msg::Shown(number));
    update(&mut state, Msg::Input(Input::Resize(90, 30)));
    assert!(key(&mut state, Key::char('y')).is_empty(), "after a resize it must be seen again");
    shown(&mut state);
    assert_eq!(sent(&key(&mut state, Key::char('y'))).len(), 1);
}

#[test]
fn a_screen_too_small_to_draw_on_shows_no_question() {
    let (mut state, _) = at_pods();
    update(&mut state, Msg::Input(Input::Resize(30, 8)));
    planned(&mut state, FIRM);
    assert_eq!(state.question(), None);
    assert!(key(&mut state, Key::char('y')).is_empty());
}

#[test]
fn pasted_text_confirms_nothing() {
    let (mut state, _) = at_pods();
    planned(&mut state, FIRM);
    assert!(update(&mut state, Msg::Input(Input::Paste("y\n".into()))).is_empty());
    assert!(matches!(state.modal, Some(Modal::Act(_))));
    assert!(state.notice.as_ref().is_some_and(|n| n.text.contains("pasted")));
}

#[test]
fn an_old_plan_is_read_again_and_carried_out_if_it_is_the_same() {
    let (mut state, _) = at_pods();
    planned(&mut state, FIRM);
    let now = state.now;
    update(&mut state, Msg::Now(now + 31_000));
    let effects = key(&mut state, Key::char('y'));
    assert!(sent(&effects).is_empty());
    let effects = read_all(&mut state, effects, &json!({}));
    assert_eq!(sent(&effects).len(), 1);
}

#[test]
fn an_old_plan_that_has_changed_is_shown_again() {
    let (mut state, _) = at_pods();
    planned(&mut state, FIRM);
    let now = state.now;
    update(&mut state, Msg::Now(now + 31_000));
    let effects = key(&mut state, Key::char('y'));
    let effects = read_all(&mut state, effects, &json!({"state": "molten"}));
    assert!(sent(&effects).is_empty());
    assert!(review(&state).changed && review(&state).plan.items[0].verdict.starts_with("molten"));
    assert!(key(&mut state, Key::char('y')).is_empty(), "nobody has seen it yet");
    shown(&mut state);
    assert_eq!(sent(&key(&mut state, Key::char('y'))).len(), 1);
}

#[test]
fn a_dry_run_shows_what_the_server_says_and_confirms_nothing() {
    let (mut state, _) = at_pods();
    planned(&mut state, FIRM);
    let effects = key(&mut state, Key::ctrl('t'));
    let [Effect::Try { ask, calls }] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(calls.iter().all(|(_, c)| c.dry_run));
    let refusal = Refusal {
        problem: Problem::Invalid("too hard".into()),
        code: 422,
        reason: "".into(),
        message: "".into(),
        causes: Vec::new(),
        retry_after: None,
        warnings: vec!["hardness is deprecated".into()],
        unknown: false,
    };
    let told = vec![(calls[0].0.clone(), Err(refusal))];
    update(&mut state, Msg::Tried(ask + 7, told.clone()));
    assert!(matches!(review(&state).trial, Trial::Asked(_)), "another one's answer");
    update(&mut state, Msg::Tried(*ask, told));
    assert!(matches!(review(&state).trial, Trial::Told(_)));
    let effects = key(&mut state, Key::ctrl('y'));
    assert_eq!(effects, [Effect::Copy("kubectl harden pod a -n shop".into())]);
}

#[test]
fn many_objects_are_confirmed_by_their_number() {
    let (mut state, id) = at_pods();
    let store = pods(&state, id);
    rows(&mut state, &store, &["a", "b", "c", "d", "e", "f"]);
    command::run(&mut state, Command::MarkAll);
    planned(&mut state, SOFT);
    assert_eq!(review(&state).confirm.as_ref().map(|c| c.demand.clone()), Some(Demand::Type("6".into())));
    press(&mut state, KeyCode::Char('6'));
    assert_eq!(sent(&enter(&mut state)).len(), 6);
    let marks = state.focused().and_then(|p| p.table()).map(|t| t.marks.len());
    assert_eq!(marks, Some(0), "what was marked for this is not marked for the next");
}

#[test]
fn a_plan_scrolls_to_its_end_and_no_further() {
    let (mut state, _) = at_pods();
    update(&mut state, Msg::Input(Input::Resize(40, 12)));
    planned(&mut state, FIRM);
    press(&mut state, KeyCode::End);
    let end = review(&state).top;
    assert!(end > 0);
    press(&mut state, KeyCode::PageDown);
    assert_eq!(review(&state).top, end);
    press(&mut state, KeyCode::Up);
    assert_eq!(review(&state).top, end - 1);
}

/// What may happen to a console, with the keys that confirm among the likeliest.
#[derive(Debug, Clone)]
enum Happens {
    Act(u8),
    Input(Input),
    Read,
    Shown,
    Time,
}

fn happens() -> impl Strategy<Value = Happens> {
    let code = prop::sample::select(vec![
        KeyCode::Enter,
        KeyCode::Char('y'),
        KeyCode::Char('a'),
        KeyCode::Char('2'),
        KeyCode::BackTab,
        KeyCode::Backspace,
    ]);
    prop_oneof![
        2 => (0_u8..3).prop_map(Happens::Act),
        6 => code.prop_map(|c| Happens::Input(Input::Key(Key::plain(c)))),
        2 => any_input().prop_map(Happens::Input),
        3 => Just(Happens::Read),
        1 => Just(Happens::Time),
        3 => Just(Happens::Shown),
    ]
}

/// Plays what happens; returns how many questions were seen and how many jobs began, and what was sent.
fn play(state: &mut State, happens: Vec<Happens>) -> (usize, Vec<Sending>) {
    let (mut seen, mut all) = (std::collections::HashSet::new(), Vec::new());
    let mut waits: Vec<Effect> = Vec::new();
    for h in happens {
        let effects = match h {
            Happens::Act(n) if state.modal.is_none() => act(state, ActionId(SOFT.0 + n)),
            Happens::Act(_) => Vec::new(),
            Happens::Input(input) => update(state, Msg::Input(input)),
            Happens::Read => match read_of(&waits) {
                Some((ask, reads)) => update(state, Msg::Facts(ask, answers(&reads, &json!({})))),
                None => Vec::new(),
            },
            Happens::Shown => {
                seen.extend(state.question());
                shown(state);
                Vec::new()
            }
            Happens::Time => {
                let now = state.now + 40_000;
                update(state, Msg::Now(now))
            }
        };
        settle(state);
        if read_of(&effects).is_some() {
            waits.clone_from(&effects);
        }
        all.extend(sent(&effects));
    }
    (seen.len(), all)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn nothing_begins_without_a_question_that_was_shown(all in prop::collection::vec(happens(), 0..80)) {
        let (mut state, _) = at_pods();
        let (seen, _) = play(&mut state, all);
        prop_assert!(state.jobs.all.len() <= seen, "{} jobs of {seen} questions shown", state.jobs.all.len());
    }

    #[test]
    fn read_only_sends_nothing_that_changes_anything(all in prop::collection::vec(happens(), 0..80), at in 0_usize..80) {
        let (mut state, id) = at_pods();
        let (before, after) = all.split_at(at.min(all.len()));
        play(&mut state, before.to_vec());
        // Also jobs that began before, and flows that are open.
        state.clusters.get_mut(&id).expect("the cluster").read_only = true;
        let (_, sent) = play(&mut state, after.to_vec());
        prop_assert!(sent.is_empty(), "{sent:?}");
    }
}
