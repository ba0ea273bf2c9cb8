//! How the controllers of evicted pods fare: whether replacements come, and where.

use crate::core::act::{Call, Outcome, Verb, calls};
use crate::core::facts::{Meta, Pod, Workload, list};
use crate::core::job::CallId;
use crate::core::kind::{Kind, ObjectRef};
use std::sync::Arc;

/// Milliseconds between two looks at one controller.
const EVERY_MS: i64 = 6_000;
/// Looks under way at a time.
const AT_ONCE: usize = 2;

/// A controller of some pods of the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Controller {
    /// It.
    pub object: ObjectRef,
    /// How it was when the plan was made.
    pub workload: Workload,
}

/// One controller as it is watched.
#[derive(Debug, Clone)]
struct Watch {
    controller: Controller,
    due: i64,
    call: Option<CallId>,
    /// Whether its pods are what is read now.
    pods: bool,
    new: Vec<String>,
    unread: Option<String>,
}

/// All controllers of a drain.
#[derive(Debug, Clone, Default)]
pub(super) struct Health {
    watches: Vec<Watch>,
    began: i64,
}

impl Health {
    pub fn new(controllers: Vec<Controller>) -> Self {
        let watch = |controller| Watch { controller, due: 0, call: None, pods: false, new: Vec::new(), unread: None };
        Self { watches: controllers.into_iter().map(watch).collect(), began: 0 }
    }

    pub fn begin(&mut self, now: i64) {
        self.began = now;
    }

    /// What to read now, of those controllers that matter still.
    pub fn due(
        &mut self,
        now: i64,
        pods: &Arc<Kind>,
        matters: impl Fn(usize) -> bool,
        mut id: impl FnMut() -> CallId,
    ) -> Vec<(CallId, Call)> {
        let mut free = AT_ONCE.saturating_sub(self.watches.iter().filter(|w| w.call.is_some()).count());
        let mut out = Vec::new();
        for (i, w) in self.watches.iter_mut().enumerate() {
            if free == 0 || w.call.is_some() || w.due > now || !matters(i) {
                continue;
            }
            let object = &w.controller.object;
            let call = match (w.pods, &w.controller.workload.selector) {
                (true, Some(selector)) => Call {
                    verb: Verb::List,
                    kind: pods.clone(),
                    name: "".into(),
                    query: vec![("labelSelector".into(), selector.to_string().into())],
                    ..calls::get(object)
                },
                _ => calls::get(object),
            };
            let next = id();
            w.call = Some(next);
            free -= 1;
            out.push((next, call));
        }
        out
    }

    /// Takes an answer; `false` if it is none of ours.
    pub fn answer(&mut self, now: i64, id: CallId, outcome: &Outcome) -> bool {
        let Some(w) = self.watches.iter_mut().find(|w| w.call == Some(id)) else { return false };
        w.call = None;
        w.due = now + EVERY_MS;
        match outcome {
            Err(e) if e.code == 404 => w.unread = Some("gone".into()),
            Err(e) => w.unread = Some(format!("cannot be read: {}", e.problem)),
            Ok(reply) if w.pods => {
                w.pods = false;
                w.new = list(&reply.body).iter().filter_map(|p| newcomer(p, self.began, &w.controller)).collect();
            }
            Ok(reply) => {
                w.unread = None;
                w.controller.workload = Workload::of(&reply.body);
                // Its pods next, to see where the new ones are.
                w.pods = w.controller.workload.selector.as_ref().is_some_and(|s| !s.0.is_empty());
                w.due = if w.pods { now } else { w.due };
            }
        }
        true
    }

    /// `ReplicaSet front-5d8b9: 3/3 ready, 1 new on n-04`.
    pub fn words(&self, at: usize) -> String {
        let Some(w) = self.watches.get(at) else { return String::new() };
        let load = &w.controller.workload;
        let lead = format!("{} {}", w.controller.object.kind.kind, w.controller.object.name);
        if let Some(why) = &w.unread {
            return format!("{lead}: {why}");
        }
        let new = match w.new.as_slice() {
            [] => String::new(),
            all => format!(", {} new on {}", all.len(), places(all)),
        };
        format!("{lead}: {}/{} ready{new}", load.ready, load.wanted)
    }
}

/// The node of a pod made since the drain began.
fn newcomer(pod: &serde_json::Value, began: i64, controller: &Controller) -> Option<String> {
    let made = crate::core::facts::moment(&pod["metadata"]["creationTimestamp"])?;
    let owner = Meta::of(pod).controller()?.name.clone();
    // Creation times are whole seconds.
    (made + 1000 > began && owner == controller.object.name.as_ref()).then(|| {
        let node = Pod::of(pod).node;
        if node.is_empty() { "no node yet".to_owned() } else { node }
    })
}

fn places(nodes: &[String]) -> String {
    let mut all = nodes.to_vec();
    all.sort();
    all.dedup();
    let more = all.len().saturating_sub(3);
    all.truncate(3);
    let names = all.join(", ");
    if more > 0 { format!("{names} and {more} others") } else { names }
}
