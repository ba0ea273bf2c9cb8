//! Actions that exist in tests only, in no table: one for each class, with all that a form can have.

use super::{
    Action, ActionId, Asked, Blocker, Call, Class, Entry, Facts, Field, Form, Given, Item, Patch, Plan, Reach, Read,
    Right, Seed, Values, Verb,
};
use crate::core::commands::CommandSpec;
use crate::core::job::{Board, BoardRow, CallId, Event, Machine, Offer, Order, Override, Record, State, Tone};
use crate::core::kind::ObjectRef;
use crate::core::role::Role;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Reversible, brief, without a form.
pub const SOFT: ActionId = ActionId(250);
/// Disruptive, with a board.
pub const FIRM: ActionId = ActionId(251);
/// Irreversible, with a form and a board.
pub const HARD: ActionId = ActionId(252);

const fn make(
    id: &'static str,
    title: &'static str,
    form: fn(&Asked, &Facts) -> Form,
    plan: fn(&Asked, &Facts) -> Plan,
) -> Action {
    Action {
        spec: CommandSpec { id, title, doc: "Only tests do this." },
        reach: Reach::Many,
        applies: |k| k.plural.as_ref() == "pods",
        rights: |k| vec![Right { verb: "patch".into(), resource: k.resource().into(), namespaced: true }],
        reads,
        form,
        plan,
    }
}

static ALL: [Action; 3] = [
    make("test_soft", "soften", |_, _| Form::default(), |a, f| plan(a, f, Class::Reversible, true)),
    make("test_firm", "firm up", |_, _| Form::default(), |a, f| plan(a, f, Class::Disruptive, false)),
    make("test_hard", "harden", form, |a, f| plan(a, f, Class::Irreversible, false)),
];

/// A test's action.
pub fn action(id: ActionId) -> Option<&'static Action> {
    ALL.get(usize::from(id.0.checked_sub(SOFT.0)?))
}

/// A test's action by name.
pub fn find(name: &str) -> Option<ActionId> {
    ALL.iter().position(|a| a.spec.id == name).map(|at| ActionId(SOFT.0 + at as u8))
}

/// First the objects, then, once those are known, the pods beside them.
fn reads(asked: &Asked, facts: &Facts, _: &crate::core::cluster::Cluster) -> Vec<Read> {
    let mut out: Vec<Read> = asked.targets.iter().cloned().map(Read::Object).collect();
    if !facts.answers.is_empty() {
        let kind = asked.targets[0].kind.clone();
        out.push(Read::List { kind, namespace: None, fields: "".into(), labels: "".into() });
    }
    out
}

fn form(_: &Asked, _: &Facts) -> Form {
    let number = |g: &Given, _: &Values| match g {
        Given::Text(s) if s.parse::<u32>().is_err() => Err(format!("a number, not {s:?}")),
        _ => Ok(()),
    };
    let any = |_: &Given, _: &Values| Ok(());
    let field = |id, label: &str, help: &str, entry, first, check| Field {
        id,
        label: label.into(),
        help: help.into(),
        entry,
        first,
        check,
    };
    Form {
        fields: vec![
            field(
                "hardness",
                "Hardness",
                "How hard it is to be, from 0.",
                Entry::Text,
                Given::Text("3".into()),
                number,
            ),
            field("polish", "Polish", "Whether it shines after.", Entry::Flag, Given::Flag(true), any),
            field(
                "metal",
                "Metal",
                "What it is made of.",
                Entry::Choice(vec!["iron".into(), "steel".into(), "tin".into()]),
                Given::Choice("steel".into()),
                any,
            ),
            field(
                "marks",
                "Marks",
                "What is written on it, one a line.",
                Entry::Lines(BTreeMap::from([("maker=a".to_owned(), "will come back".to_owned())])),
                Given::Lines(vec!["maker=a".into(), "lot=7".into()]),
                any,
            ),
        ],
        notes: vec!["It was soft when it was read.".into()],
    }
}

fn plan(asked: &Asked, facts: &Facts, class: Class, brief: bool) -> Plan {
    let blocked = asked.values.text("hardness") == "13";
    let state =
        |t: &ObjectRef| facts.object(t).map_or("unread".into(), |o| o["state"].as_str().unwrap_or("soft").to_owned());
    let item = |t: &ObjectRef| Item {
        subject: format!("{}/{}", t.namespace, t.name),
        verdict: format!("{} -> hard", state(t)),
        detail: "its owner ReplicaSet front-5d8b9 has 3 of 3 ready, one of them on another node".into(),
        role: Role::RowBusy,
    };
    let blockers = vec![Blocker { subject: "hardness".into(), reason: "13 brings bad luck; choose another".into() }];
    let machine = TestMachine { targets: asked.targets.clone(), brief, ..TestMachine::default() };
    Plan {
        title: format!("harden {} of {} pods", asked.targets.len(), facts.answers.len()),
        class,
        name: if asked.targets.len() == 1 { asked.targets[0].name.to_string() } else { String::new() },
        count: asked.targets.len(),
        items: asked.targets.iter().map(item).collect(),
        warnings: vec!["it loses what is in its emptyDir volumes cache and scratch".into()],
        blockers: if blocked { blockers } else { Vec::new() },
        blast: vec!["last ready replica behind Service shop/front".into()],
        reverts: vec!["Argo CD application shop/front (managedFields)".into()],
        unknown: facts.unread().map(|(_, why)| why.problem.to_string()).collect(),
        kubectl: asked.targets.iter().map(|t| format!("kubectl harden pod {} -n {}", t.name, t.namespace)).collect(),
        seed: (!blocked).then(|| Seed::Job(Box::new(Machine::Test(machine)))),
        trial: asked.targets.iter().map(|t| (t.clone(), call(t, true))).collect(),
        values: asked.values.clone(),
    }
}

fn call(t: &ObjectRef, dry_run: bool) -> Call {
    Call {
        cluster: t.cluster,
        verb: Verb::Patch(Patch::Merge),
        kind: t.kind.clone(),
        namespace: t.namespace.clone(),
        name: t.name.clone(),
        subresource: "".into(),
        query: Vec::new(),
        body: Some(Arc::new(json!({"metadata": {"uid": t.uid.map(|u| u.to_string())}, "state": "hard"}))),
        dry_run,
    }
}

/// One call a target, all at once.
#[derive(Debug, Clone, Default)]
pub struct TestMachine {
    targets: Vec<ObjectRef>,
    brief: bool,
    answers: BTreeMap<u32, Result<(), String>>,
    /// What came in, in words.
    pub heard: Vec<String>,
    state: Option<State>,
}

impl TestMachine {
    /// See [`Machine::brief`].
    pub fn brief(&self) -> bool {
        self.brief
    }

    /// See [`Machine::step`].
    pub fn step(&mut self, _: i64, event: Event) -> Vec<Order> {
        let ended = |s: &Self| s.answers.len() == s.targets.len();
        match event {
            Event::Start => {
                self.state = Some(State::Running);
                (0..self.targets.len()).map(|at| self.send(at)).collect()
            }
            Event::Answer(id, outcome) => {
                self.answers.insert(id.0, outcome.map(drop).map_err(|e| e.to_string()));
                self.end(ended(self))
            }
            Event::NotJournalled(id) => {
                self.answers.insert(id.0, Err("not journalled".into()));
                self.end(ended(self))
            }
            Event::Cancel => {
                self.state = Some(State::Cancelled);
                vec![Order::Done]
            }
            Event::Override(at, Override::Retry) => {
                self.answers.remove(&(at as u32));
                self.state = Some(State::Running);
                vec![self.send(at)]
            }
            Event::Override(at, what) => {
                self.heard.push(format!("{what:?} {at}"));
                Vec::new()
            }
            Event::Tick | Event::Left(..) => Vec::new(),
        }
    }

    fn send(&self, at: usize) -> Order {
        let t = &self.targets[at];
        let record = Record {
            step: "harden",
            target: t.clone(),
            fields: BTreeMap::from([("state".to_owned(), "hard".to_owned())]),
            kubectl: format!("kubectl harden pod {}", t.name),
        };
        Order::Call(CallId(at as u32), Box::new(call(t, false)), Some(record))
    }

    fn end(&mut self, ended: bool) -> Vec<Order> {
        if !ended {
            return Vec::new();
        }
        let failed = self.answers.values().any(Result::is_err);
        self.state = Some(if failed { State::Failed } else { State::Done });
        vec![Order::Done]
    }

    /// See [`Machine::board`].
    pub fn board(&self, _: i64) -> Board {
        let row = |(at, t): (usize, &ObjectRef)| {
            let (state, words, tone) = match self.answers.get(&(at as u32)) {
                None => (State::Running, "hardening 12 s of 30".to_owned(), Tone::Busy),
                Some(Ok(())) => (State::Done, "hard".to_owned(), Tone::Good),
                Some(Err(why)) => (State::Failed, why.clone(), Tone::Bad),
            };
            let may = match state {
                State::Running => vec![Override::Skip, Override::Force],
                State::Failed => vec![Override::Retry],
                _ => Vec::new(),
            };
            let subject = format!("{}/{}", t.namespace, t.name);
            let detail =
                if state == State::Failed { String::new() } else { "ReplicaSet front-5d8b9: 3/3 ready".into() };
            BoardRow { subject, state, said: words.into(), detail, tone, may, object: Some(t.clone()) }
        };
        let done = self.answers.values().filter(|a| a.is_ok()).count();
        let state = self.state.unwrap_or(State::Waiting);
        let cancelled = state == State::Cancelled;
        let about = match self.targets.as_slice() {
            [one] => one.name.to_string(),
            many => format!("{} pods", many.len()),
        };
        Board {
            title: format!("harden {about}"),
            state,
            totals: format!("{done} of {} hard", self.targets.len()),
            began: None,
            ended: None,
            rows: self.targets.iter().enumerate().map(row).collect(),
            left: if cancelled { vec!["some may be half hard".into()] } else { Vec::new() },
            cordoned: Vec::new(),
            warnings: Vec::new(),
            kubectl: format!("kubectl harden {about}"),
            offers: if cancelled {
                vec![Offer { action: "test_soft", title: format!("soften {about}"), targets: self.targets.clone() }]
            } else {
                Vec::new()
            },
        }
    }
}
