use super::super::act::tests::{act, at_pods, enter, planned, read_all, sent, shown};
use super::super::tests::press;
use super::super::{command, run_line, settle, update};
use crate::core::act::Reply;
use crate::core::act::testing::{FIRM, HARD, SOFT};
use crate::core::commands::Command;
use crate::core::effect::{Effect, Sending};
use crate::core::input::{Input, Key, KeyCode};
use crate::core::job::{CallId, Event, JobId, Kept, Leftover, State as Standing};
use crate::core::journal::{Object, Phase};
use crate::core::modals::Modal;
use crate::core::msg::{Level, Msg};
use crate::core::panes::Body;
use crate::core::state::{OnHangup, State};
use crate::core::subs::{Sub, subscriptions};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

fn ok() -> Reply {
    Reply { code: 200, body: Arc::new(Value::Null), warnings: Vec::new(), date_ms: None }
}

fn refused() -> crate::core::act::Outcome {
    Err(super::refusal("forbidden: patch pods in shop"))
}

fn y(state: &mut State) -> Vec<Effect> {
    update(state, Msg::Input(Input::Key(Key::char('y'))))
}

/// A job with a board, begun; and what it sent.
fn begun(state: &mut State) -> (JobId, Vec<Sending>, Vec<Effect>) {
    planned(state, FIRM);
    let effects = y(state);
    let id = *state.jobs.all.keys().next_back().expect("a job");
    (id, sent(&effects), effects)
}

fn answer(state: &mut State, id: JobId, call: u32, outcome: crate::core::act::Outcome) -> Vec<Effect> {
    update(state, Msg::Job(id, Event::Answer(CallId(call), outcome)))
}

fn journal(effects: &[Effect]) -> Vec<(Phase, String)> {
    let line = |e: &Effect| if let Effect::Journal(l) = e { Some((l.phase, l.result.clone())) } else { None };
    effects.iter().filter_map(line).collect()
}

fn board(state: &State) -> Option<JobId> {
    match &state.focused()?.body {
        Body::Board(b) => Some(b.job),
        _ => None,
    }
}

#[test]
fn a_job_tells_the_journal_and_the_next_start_before_it_sends() {
    let (mut state, _) = at_pods();
    let (id, sent, effects) = begun(&mut state);
    assert_eq!(journal(&effects), [(Phase::Begin, String::new())]);
    let places: Vec<_> = ["Journal", "Keep", "Send"]
        .iter()
        .map(|what| effects.iter().position(|e| format!("{e:?}").starts_with(what)).expect("all three"))
        .collect();
    assert!(places.is_sorted(), "{effects:?}");
    let (head, record) = sent[0].record.as_ref().expect("what changes has a record");
    assert_eq!((head.context.as_str(), record.step), ("one", "harden"));
    assert_eq!(board(&state), Some(id), "its board is open");
    let effects = answer(&mut state, id, 0, Ok(ok()));
    assert_eq!(journal(&effects), [(Phase::End, "done; 1 of 1 hard".into())]);
    assert!(effects.contains(&Effect::Keep(id, None)));
    assert!(effects.contains(&Effect::Attention("harden a: done; 1 of 1 hard".into())));
}

#[test]
fn a_brief_job_opens_a_board_only_if_it_fails_and_its_notice_names_the_object() {
    let (mut state, _) = at_pods();
    planned(&mut state, SOFT);
    let effects = enter(&mut state);
    assert!(!effects.iter().any(|e| matches!(e, Effect::Keep(..))));
    assert_eq!(board(&state), None);
    let id = JobId(1);
    answer(&mut state, id, 0, refused());
    let notice = state.notice.clone().expect("it is told");
    assert_eq!(notice.level, Level::Error);
    assert!(notice.text.contains("harden a: failed") && notice.text.contains("forbidden"), "{}", notice.text);
    assert_eq!(board(&state), Some(id), "with the reason in full");
}

#[test]
fn what_failed_is_tried_again() {
    let (mut state, _) = at_pods();
    let (id, ..) = begun(&mut state);
    answer(&mut state, id, 0, refused());
    assert!(!state.jobs.all[&id].running());
    command::run(&mut state, Command::JobRetry);
    let effects = std::mem::take(&mut state.effects);
    assert_eq!(sent(&effects).len(), 1);
    assert!(state.jobs.all[&id].running());
    let effects = answer(&mut state, id, 0, Ok(ok()));
    assert_eq!(journal(&effects), [(Phase::End, "done; 1 of 1 hard".into())]);
}

#[test]
fn a_job_is_cancelled_only_after_a_question_and_tells_what_was_left() {
    let (mut state, _) = at_pods();
    let (id, ..) = begun(&mut state);
    command::run(&mut state, Command::JobCancel);
    assert!(y(&mut state).is_empty(), "nobody has seen it");
    shown(&mut state);
    let effects = y(&mut state);
    assert_eq!(journal(&effects), [(Phase::End, "cancelled; 0 of 1 hard; some may be half hard".into())]);
    assert_eq!(state.jobs.all[&id].board.state, Standing::Cancelled);
    // What it offers now goes the way of every action.
    command::run(&mut state, Command::Enter);
    shown(&mut state);
    let effects = update(&mut state, Msg::Input(Input::Key(Key::char('1'))));
    read_all(&mut state, effects, &json!({}));
    assert!(matches!(&state.modal, Some(Modal::Act(f)) if f.asked.action == SOFT));
}

#[test]
fn a_broken_line_stops_jobs_and_the_next_start_hears_of_them() {
    let (mut state, _) = at_pods();
    let (id, ..) = begun(&mut state);
    let effects = update(&mut state, Msg::Parting);
    assert!(sent(&effects).is_empty(), "no new steps: {effects:#?}");
    assert!(!state.jobs.all[&id].running(), "it has come to an end");
    assert_eq!(journal(&effects).last().map(|l| l.0), Some(Phase::End));
    let kept: Vec<_> = effects.iter().filter(|e| matches!(e, Effect::Keep(..))).collect();
    assert!(matches!(kept.last(), Some(Effect::Keep(_, Some(_)))), "{kept:#?}");
}

#[test]
fn a_broken_line_lets_jobs_finish_where_the_settings_say_so() {
    let (mut state, _) = at_pods();
    state.options.on_hangup = OnHangup::Finish;
    let (id, ..) = begun(&mut state);
    update(&mut state, Msg::Parting);
    assert!(state.jobs.all[&id].running());
    assert_ne!(state.jobs.all[&id].board.state, Standing::Stopping);
}

#[test]
fn esc_leaves_a_board_and_never_the_job() {
    let (mut state, _) = at_pods();
    let (id, ..) = begun(&mut state);
    command::run(&mut state, Command::Escape);
    assert_eq!(board(&state), None);
    assert!(state.jobs.all[&id].running());
    command::run(&mut state, Command::Jobs);
    command::run(&mut state, Command::Enter);
    assert_eq!(board(&state), Some(id), "and back from the jobs pane");
}

#[test]
fn overriding_a_row_is_confirmed_and_what_cannot_be_taken_back_by_its_name() {
    let (mut state, _) = at_pods();
    let (id, ..) = begun(&mut state);
    let c = |c| Msg::Input(Input::Key(Key::char(c)));
    command::run(&mut state, Command::JobOverride);
    shown(&mut state);
    update(&mut state, c('s'));
    command::run(&mut state, Command::JobOverride);
    shown(&mut state);
    update(&mut state, c('f'));
    assert!(matches!(state.modal, Some(Modal::Ask(_))), "force is asked about once more");
    shown(&mut state);
    update(&mut state, c('a'));
    enter(&mut state);
    let heard = format!("{:?}", state.jobs.all[&id].machine);
    assert!(heard.contains(r#"heard: ["Skip 0", "Force 0"]"#), "{heard}");
}

#[test]
fn without_the_journal_nothing_is_sent_unless_the_user_says_so() {
    for yes in [true, false] {
        let (mut state, _) = at_pods();
        let (id, ..) = begun(&mut state);
        let effects = update(&mut state, Msg::Job(id, Event::NotJournalled(CallId(0))));
        assert!(sent(&effects).is_empty());
        shown(&mut state);
        if yes {
            let again = sent(&y(&mut state));
            assert_eq!(again.len(), 1);
            assert!(again[0].record.is_none(), "it is sent without");
        } else {
            press(&mut state, KeyCode::Esc);
            assert_eq!(state.jobs.all[&id].board.state, Standing::Failed);
        }
    }
}

#[test]
fn the_question_about_the_journal_waits_for_what_is_typed() {
    let (mut state, _) = at_pods();
    let (id, ..) = begun(&mut state);
    command::run(&mut state, Command::Palette);
    update(&mut state, Msg::Job(id, Event::NotJournalled(CallId(0))));
    assert!(matches!(state.modal, Some(Modal::Palette(_))));
    press(&mut state, KeyCode::Esc);
    assert!(matches!(state.modal, Some(Modal::Ask(_))));
}

#[test]
fn a_job_outlives_a_change_of_context_and_its_cluster_is_let_go_of_after() {
    let (mut state, cluster) = at_pods();
    let (id, ..) = begun(&mut state);
    run_line(&mut state, ":ctx two");
    let effects = std::mem::take(&mut state.effects);
    assert!(!effects.contains(&Effect::Disconnect(cluster)));
    assert!(state.clusters.contains_key(&cluster) && state.active != cluster);
    let needs = subscriptions(&state);
    let of_it = |s: &&Sub| format!("{s:?}").contains(&format!("{cluster:?}"));
    assert_eq!(needs.iter().filter(of_it).collect::<Vec<_>>(), [&Sub::Cluster(cluster)], "only its sign of life");
    let effects = answer(&mut state, id, 0, Ok(ok()));
    assert!(effects.contains(&Effect::Disconnect(cluster)));
    assert!(!state.clusters.contains_key(&cluster));
}

#[test]
fn leaving_with_running_jobs_asks_what_becomes_of_them() {
    let c = |c| Msg::Input(Input::Key(Key::char(c)));
    for (choice, quits_now) in [('s', true), ('f', false), ('l', true)] {
        let (mut state, _) = at_pods();
        let (id, ..) = begun(&mut state);
        command::run(&mut state, Command::Quit);
        assert!(state.effects.is_empty());
        shown(&mut state);
        let effects = update(&mut state, c(choice));
        assert_eq!(effects.contains(&Effect::Quit), quits_now, "{choice}");
        if !quits_now {
            assert!(answer(&mut state, id, 0, Ok(ok())).contains(&Effect::Quit), "once it has ended");
        }
    }
}

#[test]
fn machines_are_told_the_time_once_a_second() {
    let (mut state, _) = at_pods();
    let (id, ..) = begun(&mut state);
    let now = state.now;
    update(&mut state, Msg::Now(now + 999));
    assert_eq!(state.jobs.all[&id].ticked, now);
    update(&mut state, Msg::Now(now + 1_000));
    assert_eq!(state.jobs.all[&id].ticked, now + 1_000);
}

fn leftover(owner: Option<(String, u32)>) -> Leftover {
    let target = Object {
        resource: "pods".into(),
        namespace: "shop".into(),
        name: "a".into(),
        uid: Some("0a0a0a0a-0000-4000-8000-000000000001".into()),
    };
    let kept = Kept {
        job: "old-1".into(),
        action: "test_hard".into(),
        context: "one".into(),
        server: "x".into(),
        targets: vec![target],
        values: BTreeMap::from([("hardness".into(), "9".into()), ("polish".into(), "false".into())]),
        began: "2026-11-21T03:12:00Z".into(),
        totals: "14 of 19 hard".into(),
        left: vec!["half of it is soft".into()],
        cordoned: Vec::new(),
        made: Vec::new(),
    };
    Leftover { kept, owner }
}

#[test]
fn what_an_earlier_run_left_is_planned_anew_with_its_values() {
    let (mut state, _) = at_pods();
    update(&mut state, Msg::Leftovers(vec![leftover(None)]));
    let Some(Modal::Ask(ask)) = &state.modal else { panic!("it is asked about") };
    assert!(ask.lines[0].contains("test_hard of shop/a on one stopped at 14 of 19 hard"), "{:?}", ask.lines);
    shown(&mut state);
    let effects = update(&mut state, Msg::Input(Input::Key(Key::char('r'))));
    read_all(&mut state, effects, &json!({}));
    let effects = enter(&mut state);
    read_all(&mut state, effects, &json!({}));
    shown(&mut state);
    let Some(Modal::Act(flow)) = &state.modal else { panic!("the plan") };
    assert_eq!((flow.asked.values.text("hardness"), flow.asked.values.flag("polish")), ("9", false));
    press(&mut state, KeyCode::Char('a'));
    let effects = enter(&mut state);
    assert!(effects.contains(&Effect::Forget("old-1".into())), "only once the new one begins");
    assert!(state.jobs.leftovers.is_empty());
}

#[test]
fn a_job_of_a_living_run_is_shown_and_cannot_be_resumed() {
    let (mut state, _) = at_pods();
    update(&mut state, Msg::Leftovers(vec![leftover(Some(("host".into(), 7)))]));
    assert!(state.modal.is_none());
    command::run(&mut state, Command::Jobs);
    command::run(&mut state, Command::Enter);
    shown(&mut state);
    for key in ['r', 'f', 'u'] {
        update(&mut state, Msg::Input(Input::Key(Key::char(key))));
    }
    assert!(enter(&mut state).is_empty() && state.modal.is_none());
    assert_eq!(state.jobs.leftovers.len(), 1);
}

#[test]
fn the_journal_is_read_while_it_shows_and_searched() {
    let (mut state, _) = at_pods();
    let (_, _, effects) = begun(&mut state);
    let line = effects.iter().find_map(|e| if let Effect::Journal(l) = e { Some(*l.clone()) } else { None });
    let line = line.expect("its beginning");
    run_line(&mut state, ":journal");
    assert!(std::mem::take(&mut state.effects).contains(&Effect::ReadJournal));
    let other = crate::core::journal::Line { step: "scale".into(), kubectl: String::new(), ..line.clone() };
    update(&mut state, Msg::Journal(Ok(vec![line, other])));
    command::run(&mut state, Command::Filter);
    for c in "scale".chars() {
        press(&mut state, KeyCode::Char(c));
    }
    press(&mut state, KeyCode::Enter);
    let Some(Body::Journal(j)) = state.focused().map(|p| &p.body) else { panic!("the journal") };
    assert_eq!(j.shown, [1]);
    let now = state.now;
    assert!(update(&mut state, Msg::Now(now + 2_000)).contains(&Effect::ReadJournal));
    settle(&mut state);
    command::run(&mut state, Command::Enter);
    assert!(matches!(state.modal, Some(Modal::Message { .. })), "a line in full");
}

#[test]
fn a_hard_action_is_confirmed_by_name() {
    let (mut state, _) = at_pods();
    let effects = act(&mut state, HARD);
    read_all(&mut state, effects, &json!({}));
    let effects = enter(&mut state);
    read_all(&mut state, effects, &json!({}));
    shown(&mut state);
    press(&mut state, KeyCode::Char('a'));
    assert_eq!(sent(&enter(&mut state)).len(), 1);
}
