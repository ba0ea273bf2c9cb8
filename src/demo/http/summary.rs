//! The kubelet behind a node: `proxy/stats/summary`, and its health.

use serde_json::{Value, json};

use super::super::Shared;
use super::super::clock::{HOUR, rfc3339};
use super::super::kinds::{KINDS, NODES, PODS};
use super::super::life::kubelet::host_ip;
use super::super::object::{at, text};
use super::super::rng::hash;
use super::super::status::{Outcome, Problem};
use super::super::usage::{self, Usage, quantity};
use super::super::world::World;
use super::answer::{Answer, json as reply, text as words};
use super::nodelog;
use super::route::Target;
use super::server::Ask;

const DISK: u64 = 270_553_174_016;

/// Answers for what a node's kubelet serves.
pub(super) fn proxy(shared: &Shared, ask: &Ask, target: &Target) -> Outcome<Answer> {
    let name = target.name.as_deref().unwrap_or("");
    let world = shared.lock();
    let node = world.get(NODES, "", name).ok_or_else(|| Problem::not_found(&KINDS[NODES], name))?;
    if !world.node_ready(name) {
        let host = host_ip(&world, name);
        return Err(Problem::dialing(&format!("dial tcp {host}:10250: connect: no route to host")));
    }
    match target.rest.as_str() {
        path if path == "logs" || path.starts_with("logs/") => {
            Ok(nodelog::logs(&world, name, path.trim_start_matches("logs").trim_matches('/'), &ask.query))
        }
        "stats/summary" => Ok(reply(200, &summary(&world, &node, name))),
        "healthz" => Ok(words(200, "ok")),
        _ => Ok(words(404, "404 page not found\n")),
    }
}

fn cpu(used: Usage, time: &str, age: u64) -> Value {
    json!({"time": time, "usageNanoCores": used.cpu, "usageCoreNanoSeconds": used.cpu * (age / 1_000).max(1)})
}

fn memory(used: Usage, time: &str) -> Value {
    json!({"time": time, "usageBytes": used.memory + used.memory / 8, "workingSetBytes": used.memory,
        "rssBytes": used.memory * 3 / 4, "pageFaults": used.memory >> 14, "majorPageFaults": 0})
}

fn disk(time: &str, used: u64) -> Value {
    json!({"time": time, "availableBytes": DISK.saturating_sub(used), "capacityBytes": DISK, "usedBytes": used,
        "inodesFree": 16_064_998, "inodes": 16_777_216, "inodesUsed": 712_218 + used % 1_000})
}

fn summary(world: &World, node: &Value, name: &str) -> Value {
    let now = world.now();
    let time = rfc3339(now);
    let used = usage::node(world, name, now);
    let age = u64::try_from(now - world.clock.epoch() + 40 * HOUR).unwrap_or(1);
    let total = quantity(at(node, "status/capacity/memory")).unwrap_or(0.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bytes of a machine")]
    let total = total as u64;
    let mut of_memory = memory(used, &time);
    of_memory["availableBytes"] = total.saturating_sub(used.memory).into();
    let filled = 60_000_000_000 + hash(name) % 90_000_000_000;
    let mut pods = Vec::new();
    for (_, entry) in world.store.iter(PODS) {
        if entry.field(0) == name && entry.field(5) == "Running" {
            pods.push(pod(&entry.value(), &time, now));
        }
    }
    let traffic = |key: u64| age / 10 * (1 + key % 97);
    let (received, sent) = (traffic(hash(name)), traffic(hash(name) >> 7));
    json!({
        "node": {
            "nodeName": name, "startTime": text(node, "metadata/creationTimestamp"),
            "cpu": cpu(used, &time, age), "memory": of_memory,
            "network": {"time": time, "name": "eth0", "rxBytes": received, "rxErrors": 0, "txBytes": sent, "txErrors": 0,
                "interfaces": [{"name": "eth0", "rxBytes": received, "rxErrors": 0, "txBytes": sent, "txErrors": 0}]},
            "fs": disk(&time, filled),
            "runtime": {"imageFs": disk(&time, filled / 3), "containerFs": disk(&time, filled / 3)},
            "rlimit": {"time": time, "maxpid": 192_730, "curproc": 400 + hash(name) % 300},
            "swap": {"time": time, "swapAvailableBytes": 0, "swapUsageBytes": 0}
        },
        "pods": pods
    })
}

fn pod(object: &Value, time: &str, now: i64) -> Value {
    let uid = text(object, "metadata/uid");
    let used = usage::pod(object, now);
    let start = super::super::clock::parse(text(object, "status/startTime")).unwrap_or(now);
    let age = u64::try_from(now - start).unwrap_or(1);
    let mut sum = Usage::default();
    let containers: Vec<Value> = used
        .iter()
        .map(|(name, u)| {
            sum.cpu += u.cpu;
            sum.memory += u.memory;
            let written = hash(&format!("{uid}{name}")) % 400_000_000;
            json!({"name": name, "startTime": text(object, "status/startTime"), "cpu": cpu(*u, time, age),
                "memory": memory(*u, time), "rootfs": disk(time, written), "logs": disk(time, written / 9)})
        })
        .collect();
    let key = hash(uid);
    json!({
        "podRef": {"name": text(object, "metadata/name"), "namespace": text(object, "metadata/namespace"), "uid": uid},
        "startTime": text(object, "status/startTime"), "containers": containers,
        "cpu": cpu(sum, time, age), "memory": memory(sum, time),
        "network": {"time": time, "name": "eth0", "rxBytes": age * (key % 900), "rxErrors": 0,
            "txBytes": age * (key >> 9 & 1_023), "txErrors": 0,
            "interfaces": [{"name": "eth0", "rxBytes": age * (key % 900), "rxErrors": 0, "txBytes": age * (key >> 9 & 1_023), "txErrors": 0}]},
        "volume": [{"time": time, "name": "kube-api-access", "capacityBytes": 134_217_728, "usedBytes": 12_288,
            "availableBytes": 134_205_440, "inodesFree": 16_000_000, "inodes": 16_000_009, "inodesUsed": 9}],
        "ephemeral-storage": disk(time, key % 500_000_000),
        "process_stats": {"process_count": containers.len() * 3}
    })
}
