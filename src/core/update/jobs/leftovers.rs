//! Jobs that earlier runs left behind, and those that other runs are at.

use super::ask;
use crate::core::actions;
use crate::core::effect::Effect;
use crate::core::job::{Kept, Leftover};
use crate::core::journal::Object;
use crate::core::kind::{ClusterId, ObjectRef};
use crate::core::modals::ask::Question;
use crate::core::modals::confirm::Demand;
use crate::core::msg::Level;
use crate::core::state::State;
use crate::core::uid::Uid;
use crate::core::update::act::{With, begin};

/// Takes what was found in the state folder; what nobody is at any more is asked about.
pub(in crate::core::update) fn told(state: &mut State, list: Vec<Leftover>) {
    let known = |s: &State, job: &str| s.jobs.leftovers.iter().any(|l| l.kept.job == job && l.owner.is_none());
    let new = list.iter().filter(|l| l.owner.is_none() && !known(state, &l.kept.job));
    let new: Vec<Question> = new.map(|l| Question::Leftover(l.kept.job.clone())).collect();
    let theirs = |l: &&Leftover| l.owner.is_some();
    let names = |all: &[Leftover]| all.iter().filter(theirs).map(|l| l.kept.job.clone()).collect::<Vec<_>>();
    let (before, others) = (names(&state.jobs.leftovers), list.iter().filter(theirs).count());
    let news = names(&list) != before;
    state.jobs.leftovers = list;
    if others > 0 && news {
        let text = if others == 1 {
            "a job runs in another qd".to_owned()
        } else {
            format!("{others} jobs run in another qd")
        };
        state.say(Level::Info, format!("{text}; :work shows what is done"));
    }
    state.questions.extend(new);
    ask::next(state);
}

/// What a job of an earlier run was, in a line.
fn was(kept: &Kept) -> String {
    let about: Vec<String> = kept.targets.iter().map(named).collect();
    let about = if about.len() > 3 { format!("{} objects", about.len()) } else { about.join(", ") };
    let totals = if kept.totals.is_empty() { "its beginning" } else { &kept.totals };
    format!("{} of {about} on {} stopped at {totals}.", kept.action, kept.context)
}

fn named(o: &Object) -> String {
    if o.namespace.is_empty() { o.name.clone() } else { format!("{}/{}", o.namespace, o.name) }
}

/// What can be done about it here and now, in the order of the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    Resume,
    Uncordon,
    Sweep,
    Forget,
}

fn choices(state: &State, kept: &Kept) -> Vec<Choice> {
    let here = cluster(state, kept).is_some();
    let mut all = Vec::new();
    if here && !kept.made.is_empty() {
        all.push(Choice::Sweep);
    } else if here && actions::find(&kept.action).is_some() {
        all.push(Choice::Resume);
    }
    if here && !kept.cordoned.is_empty() && actions::find("uncordon").is_some() {
        all.push(Choice::Uncordon);
    }
    all.push(Choice::Forget);
    all
}

/// The cluster it was about, if that is the one in use.
fn cluster(state: &State, kept: &Kept) -> Option<ClusterId> {
    let c = state.cluster()?;
    (*c.context.name == *kept.context && *c.context.server == *kept.server).then_some(c.id)
}

/// Asks what becomes of one.
pub(super) fn ask(state: &mut State, job: &str) {
    let Some(left) = state.jobs.leftovers.iter().find(|l| l.kept.job == job) else { return };
    let kept = &left.kept;
    let mut lines = vec![was(kept), format!("It began at {}.", kept.began)];
    lines.extend(kept.left.iter().map(|l| format!("Left: {l}.")));
    lines.extend(kept.made.iter().map(|o| format!("It made {} {}, which is there perhaps.", o.resource, named(o))));
    if let Some((host, process)) = &left.owner {
        lines.push(format!("It runs in another qd, process {process} on {host}."));
        let title = "a job of another qd".to_owned();
        return ask::open(state, title, lines, Demand::Enter, Question::Leftover(job.to_owned()));
    }
    if cluster(state, kept).is_none() {
        lines.push(format!("To go on with it choose its context first (:ctx {}); :work keeps it.", kept.context));
    }
    let keys = choices(state, kept).into_iter().map(|c| match c {
        Choice::Resume => ('r', "plan it anew and go on".to_owned()),
        Choice::Uncordon => ('u', "uncordon".to_owned()),
        Choice::Sweep => ('s', "remove what it made".to_owned()),
        Choice::Forget => ('f', "forget it".to_owned()),
    });
    let keys = keys.collect();
    ask::open(state, "left behind".into(), lines, Demand::Pick(keys), Question::Leftover(job.to_owned()));
}

/// Does what was chosen.
pub(super) fn answer(state: &mut State, job: &str, at: usize) {
    let Some(left) = state.jobs.leftovers.iter().find(|l| l.kept.job == job && l.owner.is_none()) else { return };
    let kept = left.kept.clone();
    let Some(choice) = choices(state, &kept).get(at).copied() else { return };
    match (choice, cluster(state, &kept)) {
        (Choice::Forget, _) => {
            state.jobs.leftovers.retain(|l| l.kept.job != job);
            state.effects.push(Effect::Forget(job.to_owned()));
        }
        (Choice::Resume, Some(cluster)) => {
            let with = With {
                values: kept.values.clone(),
                resumes: Some(kept.job.clone()),
                cordoned: kept.cordoned.clone(),
                ..With::default()
            };
            go(state, &kept.action, cluster, &kept.targets, with);
        }
        (Choice::Uncordon, Some(cluster)) => {
            let nodes: Vec<Object> = kept.targets.iter().filter(|t| kept.cordoned.contains(&t.name)).cloned().collect();
            let with = With { resumes: Some(kept.job.clone()), ..With::default() };
            go(state, "uncordon", cluster, &nodes, with);
        }
        (Choice::Sweep, Some(cluster)) => {
            let with = With { resumes: Some(kept.job.clone()), ..With::default() };
            go(state, "sweep", cluster, &kept.made, with);
        }
        (_, None) => {}
    }
}

fn go(state: &mut State, action: &str, cluster: ClusterId, objects: &[Object], with: With) {
    let target = |o: &Object| {
        let kind = state.clusters.get(&cluster)?.kind(&o.resource)?;
        Some(ObjectRef {
            cluster,
            kind,
            namespace: o.namespace.as_str().into(),
            name: o.name.as_str().into(),
            uid: o.uid.as_deref().map(Uid::parse),
        })
    };
    let targets: Option<Vec<ObjectRef>> = objects.iter().map(target).collect();
    match (actions::find(action), targets) {
        (Some(id), Some(targets)) => begin(state, id, cluster, targets, with),
        _ => state.say(Level::Warn, format!("{action}: the server does not serve what it was about")),
    }
}
