//! What the tests of plans and machines share: objects, answers, and a machine at play.

mod world;

pub use world::{World, node, owned, pod, precondition};

use crate::core::act::{
    Action, Asked, Call, Cause, Facts, Known, Outcome, Plan, Read, Refusal, Reply, Session, Values, Verb, Where,
};
use crate::core::actions;
use crate::core::job::{Board, CallId, Event, Machine, Order, Record};
use crate::core::kind::{ClusterId, Kind, ObjectRef};
use crate::core::problem::{Missing, Problem};
use crate::core::uid::Uid;
use serde_json::{Value, json};
use std::sync::Arc;

/// The clock of the tests: 2026-03-01T00:00:00Z.
pub const NOW: i64 = 1_772_323_200_000;

/// A kind by its resource name, with the verbs everything has.
pub fn kind(resource: &str) -> Arc<Kind> {
    let (plural, group) = resource.split_once('.').unwrap_or((resource, ""));
    let known = [
        ("pods", "Pod", "po"),
        ("nodes", "Node", "no"),
        ("namespaces", "Namespace", "ns"),
        ("deployments", "Deployment", "deploy"),
        ("statefulsets", "StatefulSet", "sts"),
        ("daemonsets", "DaemonSet", "ds"),
        ("replicasets", "ReplicaSet", "rs"),
        ("controllerrevisions", "ControllerRevision", ""),
        ("jobs", "Job", ""),
        ("cronjobs", "CronJob", "cj"),
        ("services", "Service", "svc"),
        ("poddisruptionbudgets", "PodDisruptionBudget", "pdb"),
        ("horizontalpodautoscalers", "HorizontalPodAutoscaler", "hpa"),
        ("resourcequotas", "ResourceQuota", "quota"),
        ("persistentvolumeclaims", "PersistentVolumeClaim", "pvc"),
        ("secrets", "Secret", ""),
        ("configmaps", "ConfigMap", "cm"),
    ];
    let (_, name, short) = known.iter().find(|k| k.0 == plural).copied().unwrap_or((plural, "Widget", ""));
    Arc::new(Kind {
        group: group.into(),
        version: if group == "autoscaling" { "v2" } else { "v1" }.into(),
        plural: plural.into(),
        kind: name.into(),
        singular: name.to_lowercase().into(),
        short: if short.is_empty() { Vec::new() } else { vec![short.into()] },
        namespaced: !matches!(plural, "nodes" | "namespaces"),
        verbs: ["get", "list", "watch", "create", "update", "patch", "delete"].map(Arc::from).to_vec(),
        scale: matches!(plural, "deployments" | "statefulsets" | "replicasets" | "backups"),
    })
}

/// A uid made of a name.
pub fn uid(name: &str) -> String {
    Uid::of_name("uid", name).to_string()
}

/// A reference to `ns/name` (or `name`), pinned to [`uid`] of the name.
pub fn target(resource: &str, name: &str) -> ObjectRef {
    let (ns, name) = name.split_once('/').unwrap_or(("", name));
    ObjectRef {
        cluster: ClusterId(1),
        kind: kind(resource),
        namespace: ns.into(),
        name: name.into(),
        uid: Some(Uid::parse(&uid(name))),
    }
}

/// An object of that name with its uid, and this laid over it.
pub fn object(name: &str, over: Value) -> Value {
    let (ns, name) = name.split_once('/').unwrap_or(("", name));
    let mut o = json!({"metadata": {"name": name, "uid": uid(name), "resourceVersion": "7"}});
    if !ns.is_empty() {
        o["metadata"]["namespace"] = ns.into();
    }
    lay(&mut o, over);
    o
}

/// Lays one value over another.
pub fn lay(into: &mut Value, over: Value) {
    match (into, over) {
        (Value::Object(a), Value::Object(b)) => {
            b.into_iter().for_each(|(k, v)| lay(a.entry(k).or_insert(Value::Null), v));
        }
        (a, b) => *a = b,
    }
}

/// An action of that name asked of these targets.
pub fn asked(action: &str, targets: Vec<ObjectRef>, values: Values) -> Asked {
    Asked {
        action: actions::find(action).unwrap_or_else(|| panic!("no action {action}")),
        targets,
        values,
        known: Known::default(),
        cordoned: Vec::new(),
        place: Where {
            cluster: ClusterId(1),
            context: "prod".into(),
            server: "https://10.0.0.1:6443".into(),
            protected: false,
        },
        now: NOW,
    }
}

/// The line of the table an action is.
pub fn line(asked: &Asked) -> &'static Action {
    actions::action(asked.action).unwrap_or_else(|| panic!("no such action"))
}

/// The targets' whole objects, and what else was read.
pub fn facts(objects: Vec<(ObjectRef, Value)>, more: Vec<(Read, Value)>) -> Facts {
    let objects = objects.into_iter().map(|(o, v)| (Read::Object(o), Ok(Arc::new(v))));
    let more = more.into_iter().map(|(r, v)| (r, Ok(Arc::new(v))));
    Facts { at: NOW, answers: objects.chain(more).collect() }
}

/// The plan of an action, with the form's first values under those given.
pub fn plan(asked: &Asked, facts: &Facts) -> Plan {
    let action = line(asked);
    let mut whole = asked.clone();
    whole.values = (action.form)(asked, facts).first();
    whole.values.0.extend(asked.values.0.clone());
    let made = (action.plan)(&whole, facts);
    for (_, call) in &made.trial {
        assert!(call.dry_run, "a trial changes nothing");
    }
    made
}

/// A refusal by the server.
pub fn refusal(code: u16, reason: &str, message: &str) -> Refusal {
    let text: Arc<str> = message.into();
    let problem = match code {
        0 => Problem::Unreachable(text.clone()),
        403 => Problem::Forbidden(Missing { verb: "patch".into(), resource: "nodes".into(), namespace: None }),
        404 => Problem::NotFound(text.clone()),
        409 => Problem::Conflict(text.clone()),
        422 => Problem::Invalid(text.clone()),
        429 => Problem::Throttled(None),
        _ => Problem::Server(code, text.clone()),
    };
    Refusal {
        problem,
        code,
        reason: reason.into(),
        message: text,
        causes: Vec::new(),
        retry_after: None,
        warnings: Vec::new(),
        unknown: false,
    }
}

/// No answer came, and it may have been carried out.
pub fn lost() -> Refusal {
    Refusal { problem: Problem::Lost("reset".into()), unknown: true, ..refusal(0, "", "reset") }
}

/// A budget's refusal.
pub fn budget(message: &str) -> Refusal {
    let cause = Cause { reason: "DisruptionBudget".into(), message: message.into(), field: "".into() };
    let message = "Cannot evict pod as it would violate the pod's disruption budget.";
    Refusal { causes: vec![cause], ..refusal(429, "TooManyRequests", message) }
}

/// A good answer.
#[expect(clippy::unnecessary_wraps, reason = "an outcome among others")]
pub fn reply(body: Value) -> Outcome {
    Ok(Reply { code: 200, body: Arc::new(body), warnings: Vec::new(), date_ms: None })
}

/// A machine at play. Each step is held to what every machine must hold to.
#[derive(Clone)]
pub struct Play {
    pub machine: Machine,
    pub now: i64,
    /// What was sent and not answered yet.
    pub open: Vec<(CallId, Call, Option<Record>)>,
    /// How often it said it was done.
    pub done: usize,
    /// How many mutating calls were sent.
    pub changes: usize,
    /// Sessions it opened.
    pub opened: Vec<Session>,
    mine: Vec<Arc<str>>,
    seen: Vec<CallId>,
    cancelled: bool,
}

impl Play {
    pub fn new(machine: Machine) -> Self {
        let (open, seen, opened, mine) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { machine, now: NOW, open, done: 0, changes: 0, opened, mine, seen, cancelled: false }
    }

    /// Of a plan, which must have one; begun.
    pub fn begin(plan: Plan) -> Self {
        assert!(plan.blockers.is_empty(), "{:?}", plan.blockers);
        let seed = plan.seed.unwrap_or_else(|| panic!("nothing to do: {}", plan.title));
        let crate::core::act::Seed::Job(machine) = seed else { panic!("no job") };
        let mut play = Self::new(*machine);
        play.event(Event::Start);
        play
    }

    pub fn event(&mut self, event: Event) {
        self.cancelled |= event == Event::Cancel;
        for order in self.machine.step(self.now, event) {
            match order {
                Order::Done => self.done += 1,
                Order::Open(session) => self.opened.push(*session),
                Order::Call(id, call, record) => {
                    assert!(!self.seen.contains(&id), "{id:?} twice");
                    assert_eq!(record.is_some(), !call.verb.reads(), "{call:?}");
                    assert!(!call.dry_run);
                    if record.is_some() {
                        // What it has made itself it takes away again.
                        let own = call.verb == Verb::Delete && self.mine.contains(&call.name);
                        assert!(!self.cancelled || own, "a change after it was cancelled: {call:?}");
                        if let (Verb::Create, Some(record)) = (call.verb, &record) {
                            self.mine.push(record.target.name.clone());
                        }
                        self.changes += 1;
                    }
                    self.seen.push(id);
                    self.open.push((id, *call, record));
                }
            }
        }
    }

    /// Lets time pass.
    pub fn pass(&mut self, ms: i64) {
        self.now += ms;
        self.event(Event::Tick);
    }

    /// The open calls as `verb kind/subresource name`.
    pub fn sent(&self) -> Vec<String> {
        self.open.iter().map(|(_, c, _)| told(c)).collect()
    }

    /// Answers the open call whose [`told`] has that beginning.
    pub fn answer(&mut self, begin: &str, outcome: Outcome) {
        let at = self.open.iter().position(|(_, c, _)| told(c).starts_with(begin));
        let at = at.unwrap_or_else(|| panic!("nothing like {begin:?} in {:?}; {:#?}", self.sent(), self.board()));
        let (id, _, _) = self.open.remove(at);
        self.event(Event::Answer(id, outcome));
    }

    pub fn board(&self) -> Board {
        self.machine.board(self.now)
    }

    /// `state: words` of a row.
    pub fn row(&self, subject: &str) -> String {
        let board = self.board();
        let row = board.rows.iter().find(|r| r.subject == subject);
        row.map_or_else(|| panic!("no row {subject}: {board:#?}"), |r| format!("{:?}: {}", r.state, r.said))
    }
}

/// `patch nodes n1`, `create pods/eviction web-1`.
pub fn told(call: &Call) -> String {
    let sub = if call.subresource.is_empty() { String::new() } else { format!("/{}", call.subresource) };
    let name = if call.name.is_empty() { String::new() } else { format!(" {}", call.name) };
    format!("{} {}{sub}{name}", call.verb.name(), call.kind.plural)
}
