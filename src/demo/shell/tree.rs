//! The files and the environment of a container, laid out from its pod: mounts hold what the cluster's own
//! configuration and secrets hold.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::super::clock::{Millis, parse};
use super::super::http::logs::state_of;
use super::super::kinds::{CONFIGMAPS, NODES, SECRETS};
use super::super::object::{find, flag, list, map, text};
use super::super::rng::Rng;
use super::super::world::World;
use super::files::{Files, Node};
use super::kit::Kit;
use super::pipe::Disk;

/// The path of the programs.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// How many containers' files are remembered at once; those in use count but stay.
const REMEMBERED: usize = 256;

/// The files of the containers somebody has been in, by container id: a restarted container has fresh ones.
#[derive(Debug, Default)]
pub(crate) struct Disks(Mutex<HashMap<String, Disk>>);

impl Disks {
    /// The files of a container.
    pub(crate) fn of(&self, world: &World, pod: &Value, container: &str, kit: Kit) -> Disk {
        let id = text(state_of(pod, container), "containerID").to_owned();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= REMEMBERED && !all.contains_key(&id) {
            all.retain(|_, disk| Arc::strong_count(disk) > 1);
        }
        all.entry(id).or_insert_with(|| Arc::new(Mutex::new(files(world, pod, container, kit)))).clone()
    }
}

/// The container's part of the pod's spec.
pub(crate) fn spec<'a>(pod: &'a Value, container: &str) -> &'a Value {
    static NULL: Value = Value::Null;
    ["spec/containers", "spec/initContainers", "spec/ephemeralContainers"]
        .iter()
        .find_map(|path| find(list(pod, path), "name", container))
        .unwrap_or(&NULL)
}

/// The user the container runs as.
pub(crate) fn user(pod: &Value, container: &str) -> i64 {
    let own = spec(pod, container)["securityContext"]["runAsUser"].as_i64();
    let ephemeral = find(list(pod, "spec/ephemeralContainers"), "name", container).is_some();
    own.or(pod["spec"]["securityContext"]["runAsUser"].as_i64().filter(|_| !ephemeral)).unwrap_or(0)
}

/// All files of a container.
pub(crate) fn files(world: &World, pod: &Value, container: &str, kit: Kit) -> Files {
    let spec = spec(pod, container);
    let time = parse(text(pod, "status/startTime")).unwrap_or_else(|| world.now());
    let mut files = Files::new(!flag(spec, "securityContext/readOnlyRootFilesystem"), time);
    for folder in ["/bin", "/dev", "/etc", "/home", "/proc", "/root", "/tmp", "/usr/bin", "/var/log", "/var/run"] {
        files.lay(folder, Node::directory(time));
    }
    for (mount, writable) in [("/dev", true), ("/proc", false)] {
        files.mount(mount, writable);
    }
    for name in kit.programs() {
        files.lay(&format!("/bin/{name}"), Node::file(&b"\x7fELF"[..], 0o755, time));
    }
    system(&mut files, pod, kit, time);
    let main = text(spec, "image").rsplit('/').next().and_then(|i| i.split([':', '@']).next()).unwrap_or("app");
    files.lay(&format!("/app/{main}"), Node::file(Rng::keyed(9, main).hex(4_096), 0o755, time));
    files.lay("/proc/1/cmdline", Node::file(command(pod, container).join("\0"), 0o444, time));
    for mount in list(spec, "volumeMounts") {
        let volume = find(list(pod, "spec/volumes"), "name", text(mount, "name")).unwrap_or(&Value::Null);
        let path = text(mount, "mountPath").trim_end_matches('/');
        let read_only = flag(mount, "readOnly") || !volume["configMap"].is_null() || !volume["secret"].is_null();
        files.lay(path, Node::directory(time));
        files.mount(path, !read_only);
        if text(volume, "hostPath/path") == "/" {
            files.lay(&format!("{path}/etc"), Node::directory(time));
        }
        for (name, data) in content(world, pod, volume) {
            files.lay(&format!("{path}/{name}"), Node::file(data, 0o644, time));
        }
    }
    files
}

fn system(files: &mut Files, pod: &Value, kit: Kit, time: Millis) {
    let (name, ip) = (text(pod, "metadata/name"), text(pod, "status/podIP"));
    let namespace = text(pod, "metadata/namespace");
    let release = match kit {
        Kit::Debian => {
            "PRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"13\"\nID=debian\n"
        }
        Kit::Alpine => "NAME=\"Alpine Linux\"\nID=alpine\nVERSION_ID=3.22.2\nPRETTY_NAME=\"Alpine Linux v3.22\"\n",
        Kit::Distroless => "PRETTY_NAME=\"Distroless\"\nNAME=\"Debian GNU/Linux\"\nID=\"debian\"\nVERSION_ID=\"12\"\n",
    };
    let all = [
        ("/etc/hostname", format!("{name}\n")),
        (
            "/etc/hosts",
            format!("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost\n{ip}\t{name}\n"),
        ),
        (
            "/etc/resolv.conf",
            format!(
                "search {namespace}.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n"
            ),
        ),
        ("/etc/os-release", release.to_owned()),
        ("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\napp:x:10001:10001:app:/home:/bin/sh\n".to_owned()),
        ("/etc/group", "root:x:0:\napp:x:10001:\n".to_owned()),
        ("/dev/null", String::new()),
    ];
    for (path, data) in all {
        files.lay(path, Node::file(data, 0o644, time));
    }
}

/// What a volume holds at first.
fn content(world: &World, pod: &Value, volume: &Value) -> Vec<(String, Vec<u8>)> {
    let namespace = text(pod, "metadata/namespace");
    let plain = |v: &Value| v.as_str().unwrap_or("").as_bytes().to_vec();
    if let Some(name) = volume["configMap"]["name"].as_str() {
        let object = world.get(CONFIGMAPS, namespace, name).unwrap_or_default();
        return map(&object, "data").into_iter().flatten().map(|(k, v)| (k.clone(), plain(v))).collect();
    }
    if let Some(name) = volume["secret"]["secretName"].as_str() {
        let object = world.get(SECRETS, namespace, name).unwrap_or_default();
        let all = map(&object, "data").into_iter().flatten();
        return all.map(|(k, v)| (k.clone(), STANDARD.decode(plain(v)).unwrap_or_default())).collect();
    }
    if !volume["projected"].is_null() {
        let token = format!("demo.{}", Rng::keyed(8, text(pod, "metadata/uid")).hex(40));
        let ca = "-----BEGIN CERTIFICATE-----\nZGVtbwo=\n-----END CERTIFICATE-----\n";
        return [("ca.crt", ca), ("namespace", namespace), ("token", &token)]
            .map(|(k, v)| (k.to_owned(), v.as_bytes().to_vec()))
            .to_vec();
    }
    if text(volume, "hostPath/path") == "/" {
        let name = text(pod, "spec/nodeName");
        let node = world.get(NODES, "", name).unwrap_or_default();
        let release = format!("PRETTY_NAME=\"{}\"\n", text(&node, "status/nodeInfo/osImage"));
        return vec![
            ("etc/os-release".to_owned(), release.into_bytes()),
            ("etc/hostname".to_owned(), format!("{name}\n").into_bytes()),
        ];
    }
    if !volume["persistentVolumeClaim"].is_null() {
        let id = format!("volume of {}\n", text(pod, "metadata/name"));
        return vec![("VERSION".to_owned(), b"17\n".to_vec()), ("README".to_owned(), id.into_bytes())];
    }
    Vec::new()
}

/// The words of the container's own program.
pub(crate) fn command(pod: &Value, container: &str) -> Vec<String> {
    let spec = spec(pod, container);
    let words = |key: &str| list(spec, key).iter().filter_map(|v| v.as_str().map(str::to_owned)).collect::<Vec<_>>();
    let mut all = words("command");
    if all.is_empty() {
        let image = text(spec, "image").rsplit('/').next().and_then(|i| i.split([':', '@']).next()).unwrap_or("app");
        all.push(match image {
            "busybox" | "alpine" | "netshoot" => "sh".to_owned(),
            "debian" | "ubuntu" => "bash".to_owned(),
            _ => format!("/app/{image}"),
        });
    }
    all.extend(words("args"));
    all
}

/// The environment of a container.
pub(crate) fn environment(world: &World, pod: &Value, container: &str) -> BTreeMap<String, String> {
    let spec = spec(pod, container);
    let home = if user(pod, container) == 0 { "/root" } else { "/home" };
    let mut all: BTreeMap<String, String> = [
        ("PATH", PATH),
        ("HOME", home),
        ("HOSTNAME", text(pod, "metadata/name")),
        ("KUBERNETES_SERVICE_HOST", "10.96.0.1"),
        ("KUBERNETES_SERVICE_PORT", "443"),
    ]
    .map(|(k, v)| (k.to_owned(), v.to_owned()))
    .into();
    for variable in list(spec, "env") {
        let from = &variable["valueFrom"];
        let value = if let Some(path) = from["fieldRef"]["fieldPath"].as_str() {
            text(pod, &path.replace('.', "/")).to_owned()
        } else if let Some(name) = from["secretKeyRef"]["name"].as_str() {
            let object = world.get(SECRETS, text(pod, "metadata/namespace"), name).unwrap_or_default();
            let coded = object["data"][text(from, "secretKeyRef/key")].as_str().unwrap_or("");
            String::from_utf8_lossy(&STANDARD.decode(coded).unwrap_or_default()).into_owned()
        } else if let Some(name) = from["configMapKeyRef"]["name"].as_str() {
            let object = world.get(CONFIGMAPS, text(pod, "metadata/namespace"), name).unwrap_or_default();
            object["data"][text(from, "configMapKeyRef/key")].as_str().unwrap_or("").to_owned()
        } else if let Some(resource) = from["resourceFieldRef"]["resource"].as_str() {
            text(spec, &format!("resources/{}", resource.replace('.', "/"))).to_owned()
        } else {
            text(variable, "value").to_owned()
        };
        all.insert(text(variable, "name").to_owned(), value);
    }
    all
}
