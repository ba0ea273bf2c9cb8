//! Services, their endpoints, ingresses, configuration and volumes of the workloads.

use serde_json::{Value, json};

use super::super::clock::{HOUR, Millis};
use super::super::kinds::{ACCOUNTS, CLASSES, CONFIGMAPS, ENDPOINTS, INGRESSES, PVCS, PVS, SECRETS, SERVICES};
use super::super::object::text;
use super::super::world::{CONTROLLER, Hand, World};
use super::workloads::{Sort, WORKLOADS};

const HELM: Hand = Hand { manager: "helm", sub: "" };

/// Puts everything that goes with the workloads.
pub(crate) fn services(world: &mut World, start: Millis) {
    for (i, w) in WORKLOADS.iter().enumerate() {
        world.pretend(Some(start - w.age * HOUR));
        let meta = |name: String| json!({"name": name, "namespace": w.namespace, "labels": {"app": w.name}});
        world.create(ACCOUNTS, json!({"metadata": meta(w.name.to_owned())}), HELM);
        world.create(CONFIGMAPS, json!({"metadata": meta(format!("{}-config", w.name)), "data": {
            "app.yaml": format!("service: {}\nlisten: \":{}\"\nlog:\n  format: json\n  level: info\ntimeouts:\n  read: 5s\n  write: 10s\n", w.name, w.port)
        }}), HELM);
        world.create(SECRETS, json!({"metadata": meta(format!("{}-secrets", w.name)), "data": {
            "database-url": "cG9zdGdyZXM6Ly9zaG9wOmRlbW8tb25seUBwb3N0Z3Jlcy5kYXRhOjU0MzIvc2hvcA==", "api-key": "bm90LWEtcmVhbC1rZXk="
        }, "type": "Opaque"}), HELM);
        if w.sort == Sort::DaemonSet {
            continue;
        }
        let (ip, kind) =
            (format!("10.96.{}.{}", i / 8, 20 + i), if w.name == "gateway" { "LoadBalancer" } else { "ClusterIP" });
        let headless = w.sort == Sort::StatefulSet;
        let ip = if headless { "None".to_owned() } else { ip };
        let mut port = json!({"name": "http", "protocol": "TCP", "port": 80, "targetPort": "http"});
        if kind == "LoadBalancer" {
            port["port"] = 443.into();
            port["nodePort"] = 31_443.into();
        }
        let status = if kind == "LoadBalancer" {
            json!({"loadBalancer": {"ingress": [{"ip": "203.0.113.10", "ipMode": "VIP"}]}})
        } else {
            json!({"loadBalancer": {}})
        };
        let service = world.create(
            SERVICES,
            json!({"metadata": meta(w.name.to_owned()), "spec": {
            "ports": [port], "selector": {"app": w.name}, "clusterIP": ip, "clusterIPs": [ip], "type": kind,
            "sessionAffinity": "None", "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack",
            "internalTrafficPolicy": "Cluster"
        }, "status": status}),
            HELM,
        );
        slice(world, &service, w.port);
    }
    for (host, name, service) in [("shop.example", "shop", "web"), ("api.shop.example", "api", "cart")] {
        world.create(
            INGRESSES,
            json!({"metadata": {"name": name, "namespace": "shop"}, "spec": {
            "ingressClassName": "gateway", "tls": [{"hosts": [host], "secretName": format!("{name}-tls")}],
            "rules": [{"host": host, "http": {"paths": [{"path": "/", "pathType": "Prefix",
                "backend": {"service": {"name": service, "port": {"name": "http"}}}}]}}]
        }, "status": {"loadBalancer": {"ingress": [{"ip": "203.0.113.10"}]}}}),
            HELM,
        );
    }
    for (name, default) in [("fast", "true"), ("archive", "false")] {
        world.create(
            CLASSES,
            json!({"metadata": {"name": name, "annotations": {
            "storageclass.kubernetes.io/is-default-class": default
        }}, "provisioner": "disk.shop.example", "reclaimPolicy": "Delete",
            "volumeBindingMode": "WaitForFirstConsumer", "allowVolumeExpansion": true}),
            HELM,
        );
    }
}

/// The endpoint slice of a service; its controller fills it.
fn slice(world: &mut World, service: &Value, port: u16) {
    let name = text(service, "metadata/name");
    let slice = format!("{name}-{}", world.rng.suffix(5));
    let owners = json!([{"apiVersion": "v1", "kind": "Service", "name": name,
        "uid": text(service, "metadata/uid"), "controller": true, "blockOwnerDeletion": true}]);
    world.create(
        ENDPOINTS,
        json!({"metadata": {
        "name": slice, "generateName": format!("{name}-"), "namespace": text(service, "metadata/namespace"),
        "labels": {"endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
            "kubernetes.io/service-name": name},
        "ownerReferences": owners
    }, "addressType": "IPv4", "endpoints": [], "ports": [{"name": "http", "protocol": "TCP", "port": port}]}),
        CONTROLLER,
    );
}

/// A claim with its bound volume.
pub(crate) fn volume(world: &mut World, namespace: &str, name: &str, size: &str) {
    let claim = world.create(
        PVCS,
        json!({"metadata": {"name": name, "namespace": namespace,
        "annotations": {"pv.kubernetes.io/bind-completed": "yes", "pv.kubernetes.io/bound-by-controller": "yes"},
        "finalizers": ["kubernetes.io/pvc-protection"]
    }, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}},
        "storageClassName": "fast", "volumeMode": "Filesystem"}, "status": {}}),
        CONTROLLER,
    );
    let uid = text(&claim, "metadata/uid").to_owned();
    let volume = format!("pvc-{uid}");
    let bound = json!({"phase": "Bound", "accessModes": ["ReadWriteOnce"], "capacity": {"storage": size}});
    world.change(PVCS, namespace, name, CONTROLLER, |c| {
        c["spec"]["volumeName"] = volume.clone().into();
        c["status"] = bound;
    });
    world.create(PVS, json!({"metadata": {"name": volume, "finalizers": ["kubernetes.io/pv-protection"],
        "annotations": {"pv.kubernetes.io/provisioned-by": "disk.shop.example"}},
        "spec": {"capacity": {"storage": size}, "csi": {"driver": "disk.shop.example", "volumeHandle": format!("vol-{uid}"), "fsType": "ext4"},
            "accessModes": ["ReadWriteOnce"], "claimRef": {"kind": "PersistentVolumeClaim", "namespace": namespace,
                "name": name, "uid": uid, "apiVersion": "v1"},
            "persistentVolumeReclaimPolicy": "Delete", "storageClassName": "fast", "volumeMode": "Filesystem"},
        "status": {"phase": "Bound"}}), CONTROLLER);
}
