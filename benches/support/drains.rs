//! Drains under way, each of a node with many pods: jobs as the program has them, answered by hand.

use quarterdeck::core::act::{Asked, Cause, Known, Outcome, Refusal, Reply, Values, Where};
use quarterdeck::core::actions;
use quarterdeck::core::facts::Workload;
use quarterdeck::core::job::drain::{Controller, Drain, NodePlan, Plan, PodPlan, Rules, Verdict};
use quarterdeck::core::job::{CallId, Event, JobId, Machine};
use quarterdeck::core::kind::{ClusterId, Kind, ObjectRef};
use quarterdeck::core::msg::Msg;
use quarterdeck::core::problem::Problem;
use quarterdeck::core::query::Selector;
use quarterdeck::core::state::State;
use quarterdeck::core::uid::Uid;
use quarterdeck::core::update::update;
use serde_json::{Value, json};
use std::sync::Arc;

/// Pods of a node: what kubelets allow by default.
pub const PODS: usize = 110;

fn reference(cluster: ClusterId, kind: Arc<Kind>, namespace: &str, name: &str) -> ObjectRef {
    let uid = Some(Uid::of_name(namespace, name));
    ObjectRef { cluster, kind, namespace: namespace.into(), name: name.into(), uid }
}

fn pod_name(n: usize, i: usize) -> String {
    format!("front-5d8b9f7c6d-{n:02}{i:03}")
}

/// The pods of a node as a list has them.
fn items(n: usize) -> Vec<Value> {
    let one = |i: usize| {
        let name = pod_name(n, i);
        json!({
            "metadata": {"name": name, "namespace": "team-001", "uid": Uid::of_name("team-001", &name).to_string(),
                "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "front", "uid": "x", "controller": true}]},
            "spec": {"containers": [{"name": "main"}]},
            "status": {"phase": "Running"},
        })
    };
    (0..PODS).map(one).collect()
}

fn machine(cluster: ClusterId, kind: &dyn Fn(&str) -> Arc<Kind>, n: usize) -> (ObjectRef, Machine) {
    let node = reference(cluster, kind("nodes"), "", &format!("n-{n:03}"));
    let set = |i: usize| {
        let object = reference(cluster, kind("replicasets"), "team-001", &format!("front-{i}"));
        let workload = Workload::of(&json!({"spec": {"replicas": 10}, "status": {"readyReplicas": 10}}));
        Controller { object, workload }
    };
    let pod = |i: usize| {
        let plan = PodPlan {
            object: reference(cluster, kind("pods"), "team-001", &pod_name(n, i)),
            verdict: Verdict::Evict,
            detail: "budget front allows 1 (needs 9 healthy, has 10) · fits n-004, n-007, n-012 and 9 others".into(),
            controller: Some(i / 10),
            grace: 30,
        };
        (0, plan)
    };
    let drain = Drain::new(Plan {
        title: format!("drain {}", node.name),
        kubectl: format!("kubectl drain {} --ignore-daemonsets --delete-emptydir-data", node.name),
        kind: kind("pods"),
        rules: Rules::default(),
        selector: Selector::default(),
        eviction: Some("v1".into()),
        grace: None,
        timeout: 0,
        chunk: 500,
        parallel: 1,
        stop_on_error: true,
        nodes: vec![NodePlan { object: node.clone(), cordon: None, ours: false, detail: String::new() }],
        pods: (0..PODS).map(pod).collect(),
        controllers: (0..PODS / 10).map(set).collect(),
    });
    (node, Machine::Drain(Box::new(drain)))
}

#[expect(clippy::unnecessary_wraps, reason = "an outcome among others")]
fn reply(body: Value) -> Outcome {
    Ok(Reply { code: 200, body: Arc::new(body), warnings: Vec::new(), date_ms: None })
}

fn refused() -> Outcome {
    let message = "The disruption budget front needs 9 healthy pods and has 9 currently";
    let cause = Cause { reason: "DisruptionBudget".into(), message: message.into(), field: "".into() };
    Err(Refusal { code: 429, causes: vec![cause], ..Refusal::unsent(Problem::Conflict(message.into())) })
}

/// Begins so many drains; of each half the pods terminate and half are refused.
pub fn begin(state: &mut State, count: usize) -> Vec<JobId> {
    let Some(cluster) = state.clusters.values().next() else { return Vec::new() };
    let kinds = cluster.kinds.clone();
    let find = |plural: &str| kinds.iter().find(|k| k.plural.as_ref() == plural).cloned();
    let kind = |plural: &str| find(plural).unwrap_or_else(|| kinds[0].clone());
    let place = Where {
        cluster: cluster.id,
        context: cluster.context.name.clone(),
        server: cluster.context.server.clone(),
        protected: false,
    };
    let Some(action) = actions::find("drain") else { return Vec::new() };
    let mut all = Vec::new();
    for n in 0..count {
        let (node, machine) = machine(place.cluster, &kind, n);
        let (values, known, now) = (Values::default(), Known::default(), state.now);
        let asked =
            Asked { action, targets: vec![node], values, known, cordoned: Vec::new(), place: place.clone(), now };
        let id = state.jobs.add(asked, machine, ("bench", "user"), now, now);
        update(state, Msg::Job(id, Event::Start));
        for call in flying(state, id) {
            update(state, Msg::Job(id, Event::Answer(call, reply(Value::Array(items(n))))));
        }
        for (i, call) in flying(state, id).into_iter().enumerate() {
            let outcome = if i % 2 == 0 { reply(json!({})) } else { refused() };
            update(state, Msg::Job(id, Event::Answer(call, outcome)));
        }
        all.push(id);
    }
    all
}

/// Calls of a job that wait for an answer.
pub fn flying(state: &State, id: JobId) -> Vec<CallId> {
    state.jobs.all.get(&id).map(|j| j.flying.keys().copied().collect()).unwrap_or_default()
}

/// The answer to a call of a drain: lists find all its pods, evictions are refused.
pub fn answer(state: &State, id: JobId, n: usize, call: CallId) -> Msg {
    let job = state.jobs.all.get(&id);
    let lists = job.and_then(|j| j.flying.get(&call)).is_some_and(|s| s.call.verb.reads());
    let outcome = if lists { reply(Value::Array(items(n))) } else { refused() };
    Msg::Job(id, Event::Answer(call, outcome))
}
