//! A big cluster on request: nodes and pods by the thousand, pods written from templates (see `sheet`) as they are asked
//! for, a few dozen bytes each at rest.

use std::sync::Arc;

use serde_json::json;

use super::Options;
use super::clock::{Clock, DAY, HOUR};
use super::kinds::{DEPLOYMENTS, PODS, REPLICASETS};
use super::life::{Action, churn};
use super::object::{put, text};
use super::story::{self, build, workloads};
use super::world::{CONTROLLER, Hand, World};

mod sheet;
mod stamp;

#[cfg(test)]
mod tests;

pub(crate) use sheet::{Apps, Plan};
pub(crate) use stamp::Stamp;

/// How many changes of each kind are remembered.
const WINDOW: usize = 100_000;
/// A namespace for this many pods.
const TEAM: u32 = 1_000;
/// The generated pods, as what turns them knows them.
#[derive(Debug)]
pub(crate) struct Crowd {
    apps: Arc<Apps>,
    plan: Plan,
}

/// Builds a generated cluster.
pub(crate) fn build(clock: Clock, options: &Options) -> World {
    let pods = options.pods.unwrap_or(0);
    let nodes = options.nodes.unwrap_or(pods.div_ceil(30)).max(1);
    let mut world = World::new(clock, options.seed, super::FIRST_RV, WINDOW);
    let start = clock.epoch();
    let teams = pods.div_ceil(TEAM).clamp(1, 1_000);
    let names: Vec<String> = (0..teams).map(|t| format!("team-{t:03}")).collect();
    let spaces: Vec<(&str, i64)> = names.iter().map(|n| (n.as_str(), 900)).collect();
    story::namespaces(&mut world, &workloads::NAMESPACES[..4]);
    story::namespaces(&mut world, &spaces);
    world.pretend(Some(start - 90 * DAY));
    story::nodes::many(&mut world, nodes, 90 * DAY);
    world.pretend(Some(start - 30 * DAY));
    let apps = Arc::new(Apps::new(&mut world));
    let plan = Plan { seed: options.seed, nodes, teams, apps: apps.count() };
    owners(&mut world, &apps, &plan, pods);
    for index in 0..pods {
        let rv = world.store.next_rv();
        let born = start / 1_000 - i64::from(index % 2_000_000) - 3_600;
        let stamp = Stamp::new(&apps, &plan, index, rv, born);
        world.store.put(PODS, stamp.key(), super::entry::Entry::Stamped(stamp));
        // The past needs no log: it is forgotten as it grows.
        if index % 65_536 == 0 {
            world.store.settle();
        }
    }
    super::life::control::space::past(&mut world);
    world.store.settle();
    world.pretend(None);
    world.live = true;
    churn::begin(&mut world, options.churn, Some(Crowd { apps, plan }));
    world.after(HOUR, Action::Heartbeat);
    world
}

/// The deployments and replica sets of the pods: one of each a team and app.
fn owners(world: &mut World, apps: &Apps, plan: &Plan, pods: u32) {
    let each = pods / plan.teams / u32::try_from(plan.apps).unwrap_or(1);
    for team in 0..plan.teams {
        let namespace = format!("team-{team:03}");
        for app in 0..plan.apps {
            let (name, hash, template) = apps.owner(app);
            let status = json!({"observedGeneration": 1, "replicas": each, "updatedReplicas": each, "readyReplicas": each, "availableReplicas": each});
            let d = world.create(
                DEPLOYMENTS,
                json!({"metadata": {"name": name, "namespace": namespace, "labels": {"app": name},
                "annotations": {"deployment.kubernetes.io/revision": "1"}}, "spec": {
                "replicas": each, "selector": {"matchLabels": {"app": name}}, "template": template,
                "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": "25%"}},
                "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600}, "status": status}),
                Hand { manager: "helm", sub: "" },
            );
            let mut set = json!({"metadata": {"name": format!("{name}-{hash}"), "namespace": namespace,
                "labels": {"app": name, "pod-template-hash": hash},
                "annotations": {"deployment.kubernetes.io/revision": "1"},
                "ownerReferences": build::owner("apps/v1", "Deployment", &d)}, "spec": {
                "replicas": each, "selector": {"matchLabels": {"app": name, "pod-template-hash": hash}}, "template": template},
                "status": {"replicas": each, "fullyLabeledReplicas": each, "readyReplicas": each, "availableReplicas": each, "observedGeneration": 1}});
            put(&mut set, "spec/template/metadata/labels/pod-template-hash", hash);
            let made = world.create(REPLICASETS, set, CONTROLLER);
            // The pods name their owner by a uid that can be computed.
            let mut named = (*made).clone();
            put(&mut named, "metadata/uid", plan.owner_uid(team, app));
            debug_assert_eq!(text(&made, "metadata/name"), text(&named, "metadata/name"));
            world.put(REPLICASETS, named);
        }
    }
}

impl Crowd {
    /// One generated pod changes.
    pub(crate) fn turn(&self, world: &mut World) {
        let now = world.now() / 1_000;
        let all = world.store.len(PODS) as u64;
        let index = u32::try_from(world.rng.below(all)).unwrap_or(0);
        let probe = Stamp::new(&self.apps, &self.plan, index, 0, 0);
        let Some(super::entry::Entry::Stamped(old)) = world.store.get(PODS, &probe.key()).cloned() else { return };
        let rv = world.store.next_rv();
        let new = old.turned(&self.apps, rv, now);
        world.store.put(PODS, new.key(), super::entry::Entry::Stamped(new));
    }
}
