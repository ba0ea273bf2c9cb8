//! A pod brought in, from the keys to its removal, and what the next start is told of it.

use super::super::act::tests::{at_pods, enter, sent, shown};
use super::super::tests::press;
use super::super::{command, run_line, settle, update};
use crate::core::act::{Facts, Read, Reply};
use crate::core::commands::Command;
use crate::core::effect::{Effect, Sending};
use crate::core::input::{Input, Key, KeyCode};
use crate::core::job::{CallId, Event, JobId, Kept, State as Standing};
use crate::core::modals::Modal;
use crate::core::msg::Msg;
use crate::core::panes::Body;
use crate::core::plan::testing::refusal;
use crate::core::shell::{Ending, ShellEvent, ShellId};
use crate::core::state::State;
use serde_json::{Value, json};
use std::sync::Arc;

const UID: &str = "0b0e4ad3-6f7c-4b5e-9d6a-0123456789ab";

/// Answers reads: the namespace is there, no pod of that name is.
fn read(state: &mut State, mut effects: Vec<Effect>) -> Vec<Effect> {
    let asked = |effects: &[Effect]| {
        effects.iter().find_map(|e| match e {
            Effect::Read { ask, reads, .. } => Some((*ask, reads.clone())),
            _ => None,
        })
    };
    while let Some((ask, reads)) = asked(&effects) {
        let answer = |r: &Read| match r {
            Read::Object(o) if *o.kind.plural == *"pods" => Err(refusal(404, "NotFound", "no")),
            _ => Ok(Arc::new(json!({"metadata": {"name": "shop"}}))),
        };
        let answers = reads.iter().map(|r| (r.clone(), answer(r))).collect();
        effects = update(state, Msg::Facts(ask, Facts { at: 1, answers }));
    }
    effects
}

/// A throw-away pod, confirmed; what it sent and what is kept of it.
fn begun(state: &mut State) -> (JobId, Vec<Sending>, Vec<Kept>) {
    run_line(state, ":run tools:1");
    let effects = std::mem::take(&mut state.effects);
    read(state, effects);
    let effects = enter(state);
    read(state, effects);
    shown(state);
    let effects = enter(state);
    settle(state);
    let id = *state.jobs.all.keys().next_back().expect("a job");
    (id, sent(&effects), kept(&effects))
}

fn kept(effects: &[Effect]) -> Vec<Kept> {
    effects.iter().filter_map(|e| if let Effect::Keep(_, Some(k)) = e { Some(*k.clone()) } else { None }).collect()
}

fn answer(state: &mut State, id: JobId, call: u32, body: Value) -> Vec<Effect> {
    let reply = Reply { code: 200, body: Arc::new(body), warnings: Vec::new(), date_ms: None };
    update(state, Msg::Job(id, Event::Answer(CallId(call), Ok(reply))))
}

fn pod(sending: &Sending, state: &Value) -> Value {
    let mut body = sending.call.body.as_deref().cloned().unwrap_or_default();
    body["metadata"]["uid"] = UID.into();
    body["status"] = json!({"containerStatuses": [{"name": body["spec"]["containers"][0]["name"], "state": state}]});
    body
}

/// Brings it to the moment at which its session opens.
fn running(state: &mut State) -> (JobId, ShellId) {
    let (id, sent, _) = begun(state);
    answer(state, id, 0, pod(&sent[0], &json!({})));
    let now = state.now;
    update(state, Msg::Now(now + 1_000));
    answer(state, id, 1, pod(&sent[0], &json!({"running": {}})));
    settle(state);
    let shell = state.panes.values().find_map(|p| if let Body::Shell(s) = &p.body { Some(s.wish.id) } else { None });
    (id, shell.expect("a session"))
}

#[test]
fn the_next_start_is_told_before_the_pod_is_there_and_until_it_is_gone() {
    let (mut state, _) = at_pods();
    let (id, sent, kept_first) = begun(&mut state);
    let name = sent[0].call.body.as_deref().map(|b| b["metadata"]["name"].clone()).expect("a pod");
    let [kept_first] = kept_first.as_slice() else { panic!("{kept_first:?}") };
    assert_eq!((json!(kept_first.made[0].name), kept_first.made[0].uid.clone()), (name, None));
    let effects = answer(&mut state, id, 0, pod(&sent[0], &json!({})));
    assert_eq!(kept(&effects)[0].made[0].uid.as_deref(), Some(UID), "and by its uid once that is known");
}

#[test]
fn the_session_stands_before_who_waits_for_it_and_its_end_removes_the_pod() {
    let (mut state, _) = at_pods();
    let (id, shell) = running(&mut state);
    assert!(matches!(state.focused().map(|p| &p.body), Some(Body::Shell(s)) if s.job == Some(id)));
    update(&mut state, Msg::Shell(shell, ShellEvent::Opened("v5")));
    let effects = update(&mut state, Msg::Shell(shell, ShellEvent::Ended(Ending::Exit(0), None)));
    let [removal] = sent(&effects).try_into().expect("one call");
    assert_eq!((removal.call.verb.name(), removal.record.is_some()), ("delete", true));
    answer(&mut state, id, 2, json!({}));
    let now = state.now;
    update(&mut state, Msg::Now(now + 1_000));
    let gone = Event::Answer(CallId(3), Err(refusal(404, "NotFound", "gone")));
    let effects = update(&mut state, Msg::Job(id, gone));
    assert!(effects.contains(&Effect::Keep(id, None)), "{effects:?}");
    assert_eq!(state.jobs.all[&id].board.state, Standing::Done);
}

#[test]
fn a_session_does_not_take_the_keys_of_who_is_at_something_else() {
    let (mut state, _) = at_pods();
    let (id, sent, _) = begun(&mut state);
    answer(&mut state, id, 0, pod(&sent[0], &json!({})));
    run_line(&mut state, ":nodes");
    settle(&mut state);
    let now = state.now;
    update(&mut state, Msg::Now(now + 1_000));
    answer(&mut state, id, 1, pod(&sent[0], &json!({"running": {}})));
    assert!(!matches!(state.focused().map(|p| &p.body), Some(Body::Shell(_))));
    assert!(state.notice.as_ref().is_some_and(|n| n.text.contains("is open in tab 2")), "{:?}", state.notice);
}

#[test]
fn closing_its_pane_or_parting_removes_the_pod() {
    for parting in [false, true] {
        let (mut state, _) = at_pods();
        let (id, _) = running(&mut state);
        let effects = if parting {
            state.options.on_hangup = crate::core::state::OnHangup::Finish;
            update(&mut state, Msg::Parting)
        } else {
            command::run(&mut state, Command::PaneClose);
            std::mem::take(&mut state.effects)
        };
        let [removal] = sent(&effects).try_into().expect("one call");
        assert_eq!((removal.job, removal.call.verb.name()), (id, "delete"), "parting: {parting}");
    }
}

#[test]
fn what_a_killed_run_made_is_offered_to_be_swept_and_forgotten_if_it_is_gone() {
    let (mut state, _) = at_pods();
    let (_, _, kept) = begun(&mut state);
    let kept = Kept { job: "old-1".into(), ..kept[0].clone() };
    let (mut state, _) = at_pods();
    let left = crate::core::job::Leftover { kept, owner: None };
    update(&mut state, Msg::Leftovers(vec![left]));
    let Some(Modal::Ask(ask)) = &state.modal else { panic!("it is asked about") };
    assert!(ask.lines.iter().any(|l| l.contains("which is there perhaps")), "{:?}", ask.lines);
    shown(&mut state);
    let effects = update(&mut state, Msg::Input(Input::Key(Key::char('s'))));
    let effects = read(&mut state, effects);
    assert!(effects.contains(&Effect::Forget("old-1".into())), "nobody is asked again: {effects:?}");
    press(&mut state, KeyCode::Esc);
    assert!(state.jobs.leftovers.is_empty());
}
