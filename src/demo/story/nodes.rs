//! The machines of the shop: twelve nodes in three zones, and what a generated cluster has instead.

use serde_json::{Value, json};

use super::super::clock::{Millis, rfc3339, rfc3339_micro};
use super::super::kinds::{LEASES, NODES};
use super::super::object::{put, text};
use super::super::rng::Rng;
use super::super::world::{Hand, World};

/// The zones, by letter.
const ZONES: &[&str] = &["a", "b", "c"];
const KUBELET_OWN: Hand = Hand { manager: "kubelet", sub: "" };

/// A node: name, role, zone index, cores, memory in GiB.
struct Machine {
    name: String,
    role: &'static str,
    zone: usize,
    cores: u32,
    memory: u32,
}

/// The nodes of the story.
pub(crate) fn story(world: &mut World, age: Millis) {
    let mut all = Vec::new();
    for (zone, letter) in ZONES.iter().enumerate() {
        all.push(Machine { name: format!("control-{letter}1"), role: "control-plane", zone, cores: 4, memory: 8 });
        all.push(Machine { name: format!("worker-{letter}1"), role: "worker", zone, cores: 8, memory: 32 });
        all.push(Machine { name: format!("worker-{letter}2"), role: "worker", zone, cores: 8, memory: 32 });
        all.push(Machine { name: format!("data-{letter}1"), role: "data", zone, cores: 16, memory: 64 });
    }
    for (i, machine) in all.iter().enumerate() {
        let node = build(world, machine, i, age);
        add(world, node);
    }
}

/// `count` equal nodes.
pub(crate) fn many(world: &mut World, count: u32, age: Millis) {
    for i in 0..count {
        let index = usize::try_from(i).unwrap_or(0);
        let machine = Machine { name: format!("node-{i:05}"), role: "worker", zone: index % 3, cores: 32, memory: 128 };
        let node = build(world, &machine, index, age);
        add(world, node);
    }
}

fn add(world: &mut World, node: Value) {
    let node = world.create(NODES, node, KUBELET_OWN);
    let name = text(&node, "metadata/name").to_owned();
    let renewed = rfc3339_micro(world.now());
    let lease = json!({
        "metadata": {"name": name, "namespace": "kube-node-lease", "ownerReferences": [
            {"apiVersion": "v1", "kind": "Node", "name": name, "uid": text(&node, "metadata/uid")}
        ]},
        "spec": {"holderIdentity": name, "leaseDurationSeconds": 40, "renewTime": renewed}
    });
    world.create(LEASES, lease, KUBELET_OWN);
}

fn build(world: &World, m: &Machine, index: usize, age: Millis) -> Value {
    let zone = format!("eu-west-1{}", ZONES[m.zone]);
    let mut dice = Rng::keyed(11, &m.name);
    let memory = u64::from(m.memory) * 1024 * 1024;
    let since = rfc3339(world.clock.epoch() - age);
    let beat = rfc3339(world.now() - dice.between(5_000, 200_000));
    let calm = |kind: &str, reason: &str, message: &str| {
        json!({"type": kind, "status": "False", "lastHeartbeatTime": beat, "lastTransitionTime": since,
            "reason": reason, "message": message})
    };
    let mut labels = json!({
        "beta.kubernetes.io/arch": "amd64", "beta.kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64", "kubernetes.io/hostname": m.name, "kubernetes.io/os": "linux",
        "node.kubernetes.io/instance-type": format!("demo.{}x{}", m.cores, m.memory),
        "topology.kubernetes.io/region": "eu-west-1", "topology.kubernetes.io/zone": zone
    });
    labels[format!("node-role.kubernetes.io/{}", m.role)] = "".into();
    if m.role == "data" {
        labels["disktype"] = "nvme".into();
    }
    let images: Vec<Value> = (0..4)
        .map(|i| json!({"names": [format!("registry.shop.example/layer-{i}@sha256:{}", dice.hex(64)), format!("registry.shop.example/layer-{i}:1.{i}")], "sizeBytes": 40_000_000 + i * 7_654_321}))
        .collect();
    let mut node = json!({
        "metadata": {"name": m.name, "labels": labels, "annotations": {
            "node.alpha.kubernetes.io/ttl": "0", "volumes.kubernetes.io/controller-managed-attach-detach": "true"
        }},
        "spec": {"podCIDR": format!("10.{}.{}.0/24", 128 + index / 250, index % 250), "podCIDRs": [format!("10.{}.{}.0/24", 128 + index / 250, index % 250)],
            "providerID": format!("demo://{zone}/{}", m.name)},
        "status": {
            "capacity": {"cpu": m.cores.to_string(), "ephemeral-storage": "264212084Ki", "hugepages-1Gi": "0",
                "hugepages-2Mi": "0", "memory": format!("{memory}Ki"), "pods": "110"},
            "allocatable": {"cpu": format!("{}m", m.cores * 1000 - 80), "ephemeral-storage": "243496656000", "hugepages-1Gi": "0",
                "hugepages-2Mi": "0", "memory": format!("{}Ki", memory - 1_126_400), "pods": "110"},
            "conditions": [
                calm("MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
                calm("DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
                calm("PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
                {"type": "Ready", "status": "True", "lastHeartbeatTime": beat, "lastTransitionTime": since,
                    "reason": "KubeletReady", "message": "kubelet is posting ready status"}
            ],
            "addresses": [
                {"type": "InternalIP", "address": host_ip(index)}, {"type": "Hostname", "address": m.name}
            ],
            "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
            "nodeInfo": {
                "machineID": dice.hex(32), "systemUUID": dice.uid(), "bootID": dice.uid(),
                "kernelVersion": "6.12.48-demo", "osImage": "Debian GNU/Linux 13 (trixie)",
                "containerRuntimeVersion": "containerd://2.1.4", "kubeletVersion": "v1.35.4", "kubeProxyVersion": "",
                "operatingSystem": "linux", "architecture": "amd64"
            },
            "images": images
        }
    });
    if m.role == "control-plane" {
        put(
            &mut node,
            "spec/taints",
            json!([{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}]),
        );
    }
    node
}

/// The address of the `index`th machine.
fn host_ip(index: usize) -> String {
    format!("10.98.{}.{}", 100 + index / 150, 100 + index % 150)
}
