//! The way of an action, and what stands about jobs: at three sizes.

use super::text;
use super::world::*;
use crate::core::act::testing::{FIRM, HARD, SOFT};
use crate::core::act::{ActionId, Facts, Read, Reply};
use crate::core::commands::Command;
use crate::core::effect::Effect;
use crate::core::input::{Input, Key, KeyCode};
use crate::core::job::{CallId, Event, JobId, Kept, Leftover};
use crate::core::journal::{Line, Object, Phase};
use crate::core::keys::{Layer, parse_keys};
use crate::core::msg::Msg;
use crate::core::state::State;
use crate::core::update::{run_line, update};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

const SIZES: [(u16, u16); 3] = [(80, 24), (200, 60), (40, 12)];

/// Presses an action's key on the pod under the cursor.
fn act(state: &mut State, id: ActionId) -> Vec<Effect> {
    let key = parse_keys("F9").expect("a key");
    state.keymap.bind(Layer::Global, &key, Command::Act(id));
    press(state, KeyCode::F(9))
}

fn press(state: &mut State, code: KeyCode) -> Vec<Effect> {
    update(state, Msg::Input(Input::Key(Key::plain(code))))
}

/// Answers all that is read.
fn read(state: &mut State, mut effects: Vec<Effect>) {
    while let Some(Effect::Read { ask, reads, .. }) = effects.iter().find(|e| matches!(e, Effect::Read { .. })).cloned()
    {
        let value = |r: &Read| Arc::new(if matches!(r, Read::List { .. }) { json!([]) } else { json!({}) });
        let answers = reads.iter().map(|r| (r.clone(), Ok(value(r)))).collect();
        effects = update(state, Msg::Facts(ask, Facts { at: NOW, answers }));
    }
}

fn shown(state: &mut State) {
    if let Some(number) = state.question() {
        update(state, Msg::Shown(number));
    }
}

fn planned(state: &mut State, id: ActionId) {
    let effects = act(state, id);
    read(state, effects);
    shown(state);
}

fn at_sizes(name: &str, make: impl Fn(&mut State)) {
    for (w, h) in SIZES {
        let mut state = world(w, h);
        make(&mut state);
        insta::assert_snapshot!(format!("{name}_{w}x{h}"), text(&state));
    }
}

fn protected(state: &mut State, on: bool) {
    for c in state.clusters.values_mut() {
        c.protected = on;
    }
}

#[test]
fn reading() {
    at_sizes("act_reading", |s| drop(act(s, FIRM)));
}

#[test]
fn the_form() {
    at_sizes("act_form", |s| {
        let effects = act(s, HARD);
        read(s, effects);
        press(s, KeyCode::Char('x'));
    });
}

#[test]
fn the_plan_and_each_question() {
    at_sizes("act_enter", |s| {
        protected(s, false);
        planned(s, SOFT);
    });
    at_sizes("act_yes", |s| {
        protected(s, false);
        planned(s, FIRM);
    });
    at_sizes("act_name", |s| {
        planned(s, FIRM);
        press(s, KeyCode::Char('r'));
    });
    at_sizes("act_early", |s| {
        let effects = act(s, FIRM);
        read(s, effects);
        press(s, KeyCode::Char('y'));
    });
}

fn begun(s: &mut State) {
    protected(s, false);
    planned(s, FIRM);
    press(s, KeyCode::Char('y'));
}

#[test]
fn a_board_and_its_questions() {
    at_sizes("board", begun);
    at_sizes("board_cancel", |s| {
        begun(s);
        run_line(s, ":job-cancel");
        shown(s);
    });
    at_sizes("board_override", |s| {
        begun(s);
        run_line(s, ":job-override");
        shown(s);
    });
    at_sizes("board_cancelled", |s| {
        begun(s);
        run_line(s, ":job-cancel");
        shown(s);
        press(s, KeyCode::Char('y'));
    });
    at_sizes("board_quit", |s| {
        begun(s);
        run_line(s, ":quit");
        shown(s);
    });
    at_sizes("board_no_journal", |s| {
        begun(s);
        update(s, Msg::Job(JobId(1), Event::NotJournalled(CallId(0))));
        shown(s);
    });
}

fn leftover(owner: Option<(String, u32)>, job: &str) -> Leftover {
    let target = Object { resource: "pods".into(), namespace: "shop".into(), name: "search-0".into(), uid: None };
    let kept = Kept {
        job: job.into(),
        action: "test_hard".into(),
        context: "prod-eu".into(),
        server: "https://prod-eu.example:6443".into(),
        targets: vec![target],
        values: BTreeMap::default(),
        began: "2026-11-21T03:12:00Z".into(),
        totals: "14 of 19 hard".into(),
        left: vec!["node n-07 cordoned".into()],
 made: Vec::new(),
        cordoned: Vec::new(),
    };
    Leftover { kept, owner }
}

#[test]
fn what_was_left_and_all_jobs() {
    at_sizes("leftover", |s| {
        update(s, Msg::Leftovers(vec![leftover(None, "old-1")]));
        shown(s);
    });
    at_sizes("jobs_pane", |s| {
        begun(s);
        let reply = Reply { code: 200, body: Arc::new(json!(null)), warnings: Vec::new(), date_ms: None };
        update(s, Msg::Job(JobId(1), Event::Answer(CallId(0), Ok(reply))));
        begun(s);
        update(s, Msg::Leftovers(vec![leftover(None, "old-1"), leftover(Some(("bastion".into(), 4711)), "old-2")]));
        press(s, KeyCode::Esc);
        run_line(s, ":work");
        s.notice = None;
    });
    at_sizes("jobs_none", |s| run_line(s, ":work"));
}

#[test]
fn the_journal() {
    let line = |phase, result: &str| Line {
        time: "2026-11-21T12:04:28.123Z".into(),
        phase,
        job: "1-2".into(),
        call: 1,
        context: "prod-eu".into(),
        server: "https://prod-eu.example:6443".into(),
        user: "oncall".into(),
        step: "evict".into(),
        targets: vec![Object { resource: "pods".into(), namespace: "shop".into(), name: "search-0".into(), uid: None }],
        fields: BTreeMap::from([("grace".to_owned(), "30".to_owned())]),
        result: result.into(),
        kubectl: "kubectl drain n-07".into(),
    };
    let lines = vec![
        line(Phase::Begin, ""),
        line(Phase::Intent, ""),
        line(
            Phase::Result,
            "throttled by the server; Cannot evict pod as it would violate the pod's disruption budget.",
        ),
        line(Phase::Result, "ok 201"),
        line(Phase::End, "done; 14 of 14 gone"),
    ];
    at_sizes("journal", |s| {
        s.options.journal = Some("/home/oncall/.local/state/qd/journal.jsonl".into());
        run_line(s, ":journal");
        update(s, Msg::Journal(Ok(lines.clone())));
    });
    at_sizes("journal_line", |s| {
        run_line(s, ":journal");
        update(s, Msg::Journal(Ok(lines.clone())));
        run_line(s, ":enter");
    });
    let mut state = world(80, 24);
    run_line(&mut state, ":journal");
    update(&mut state, Msg::Journal(Err("the journal cannot be read: permission denied".into())));
    insta::assert_snapshot!("journal_failed", text(&state));
}
