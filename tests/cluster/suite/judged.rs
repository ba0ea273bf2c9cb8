//! The cluster the suite is judged on: a folder with kubeconfigs. A real one has levers too; the
//! simulated one (`tests/cluster/run --demo`) is a `qd demo-server` that wrote its kubeconfig into
//! such a folder.

use crate::pty::{Program, command};
use std::any::Any;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError, RwLock};

/// Who feels what: a stopped API server everybody, a node without power those whose pods run there.
/// The port that misbehaves on command serves one case at a time. Taken in the order nodes or
/// port, then server.
static SERVER: RwLock<()> = RwLock::new(());
static NODES: RwLock<()> = RwLock::new(());
static PROXY: Mutex<()> = Mutex::new(());

/// What a case holds while it runs.
pub struct Held(#[allow(dead_code, reason = "held until the end")] Vec<Box<dyn Any>>);

fn read(lock: &'static RwLock<()>) -> Box<dyn Any> {
    Box::new(lock.read().unwrap_or_else(PoisonError::into_inner))
}

fn write(lock: &'static RwLock<()>) -> Box<dyn Any> {
    Box::new(lock.write().unwrap_or_else(PoisonError::into_inner))
}

/// For a case that looks, and changes only what is its own.
pub fn beside() -> Held {
    Held(vec![read(&SERVER)])
}

/// The same, where containers must run as they should.
pub fn containers() -> Held {
    Held(vec![read(&NODES), read(&SERVER)])
}

/// For a case that pulls levers on nodes.
pub fn nodes() -> Held {
    Held(vec![write(&NODES), read(&SERVER)])
}

/// For a case that pulls levers on the misbehaving port.
pub fn proxy() -> Held {
    Held(vec![Box::new(PROXY.lock().unwrap_or_else(PoisonError::into_inner)), read(&SERVER)])
}

/// The same, where containers must run as they should.
pub fn through() -> Held {
    let nodes = read(&NODES);
    Held(vec![nodes, Box::new(PROXY.lock().unwrap_or_else(PoisonError::into_inner)), read(&SERVER)])
}

/// For a case that pulls levers on nodes and on the misbehaving port.
pub fn storm() -> Held {
    let nodes = write(&NODES);
    Held(vec![nodes, Box::new(PROXY.lock().unwrap_or_else(PoisonError::into_inner)), read(&SERVER)])
}

/// For a case that needs the cluster for itself.
pub fn turn() -> Held {
    Held(vec![write(&SERVER)])
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Where the cluster keeps its files.
pub fn folder() -> PathBuf {
    root().join(std::env::var_os("QD_CLUSTER").map_or_else(|| "target/cluster".into(), PathBuf::from))
}

/// A kubeconfig of the cluster.
pub fn kubeconfig(name: &str) -> String {
    let file = folder().join("kube").join(name);
    assert!(file.exists(), "no cluster: {} is missing; tests/cluster/run starts one", file.display());
    file.display().to_string()
}

fn script(name: &str, args: &[&str]) -> Command {
    let mut command = Command::new(root().join("tests/cluster").join(name));
    command.args(args).current_dir(root()).env("QD_CLUSTER", folder()).stdin(Stdio::null());
    command
}

fn said(name: &str, args: &[&str]) -> Result<String, String> {
    let out = script(name, args).output().unwrap_or_else(|e| panic!("tests/cluster/{name} cannot run: {e}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if out.status.success() { Ok(text(&out.stdout)) } else { Err(text(&out.stderr)) }
}

/// What kubectl says.
pub fn kubectl(args: &[&str]) -> String {
    try_kubectl(args).unwrap_or_else(|e| panic!("kubectl {args:?} failed: {e}"))
}

/// What kubectl says, also if that is no. What it creates of its own it sends as protobuf, which not every server that
/// is judged here takes; what it reads it sends as it is.
pub fn try_kubectl(args: &[&str]) -> Result<String, String> {
    if args.first() != Some(&"create") || args.contains(&"-f") {
        return said("kubectl", args);
    }
    let made = said("kubectl", &[args, &["--dry-run=client", "-o", "json"]].concat())?;
    fed(&["create", "--validate=false", "-f", "-"], &made)
}

fn fed(args: &[&str], text: &str) -> Result<String, String> {
    let mut command = script("kubectl", args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("kubectl starts");
    std::io::Write::write_all(&mut child.stdin.take().expect("its input"), text.as_bytes()).expect("kubectl reads");
    let out = child.wait_with_output().expect("kubectl ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if out.status.success() { Ok(text(&out.stdout)) } else { Err(text(&out.stderr)) }
}

/// The version a list at this path has now. kubectl's own lists have none.
pub fn version(path: &str) -> String {
    let list = kubectl(&["get", "--raw", &format!("{path}?limit=1")]);
    let (_, rest) = list.split_once(r#""resourceVersion":""#).unwrap_or_else(|| panic!("no version in {list}"));
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// Whether the server no longer knows what came after that version.
pub fn forgot(path: &str, version: &str) -> bool {
    let watch = format!("{path}?watch=1&timeoutSeconds=1&resourceVersion={version}");
    let answer = match try_kubectl(&["get", "--raw", &watch]) {
        Ok(text) | Err(text) => text,
    };
    answer.contains("too old resource version") || answer.contains("Expired")
}

/// Hands objects to the cluster.
pub fn apply(yaml: &str) {
    fed(&["apply", "--validate=false", "-f", "-"], yaml).unwrap_or_else(|e| panic!("kubectl apply: {e} of {yaml}"));
}

/// Makes many objects, several at a time: kubectl by itself makes fifty a second.
pub fn create(all: &[String]) {
    let make = |part: &[String]| {
        let said = fed(&["create", "--validate=false", "-f", "-"], &part.join("---\n"));
        said.unwrap_or_else(|e| panic!("kubectl create: {e}"))
    };
    std::thread::scope(|scope| all.chunks(300).for_each(|part| drop(scope.spawn(move || make(part)))));
}

/// A kubectl in a terminal of its own, at work with its user.
pub fn plain(args: &[&str], (columns, rows): (u16, u16)) -> Program {
    let script = root().join("tests/cluster/kubectl");
    let mut command = command(&script.to_string_lossy(), args);
    command.env("QD_CLUSTER", folder());
    if let Some(bin) = std::env::var_os("QD_CLUSTER_BIN") {
        command.env("QD_CLUSTER_BIN", root().join(bin));
    }
    Program::start(command, columns, rows)
}

/// A kubectl that goes on, such as a watch. Who starts it ends it.
pub fn kubectl_on(args: &[&str]) -> Child {
    script("kubectl", args).stdout(Stdio::piped()).spawn().expect("kubectl starts")
}

/// The same, with what it says to its user in a file.
pub fn kubectl_aside(args: &[&str], said: std::fs::File) -> Child {
    script("kubectl", args).stdout(Stdio::null()).stderr(said).spawn().expect("kubectl starts")
}

/// Pulls a lever and returns what it said.
pub fn lever(args: &[&str]) -> String {
    said("lever", args).unwrap_or_else(|e| panic!("lever {args:?} failed: {e}"))
}

/// A lever that works for a while. Who starts it waits for it.
pub fn lever_on(args: &[&str]) -> Child {
    script("lever", args).stdout(Stdio::piped()).spawn().expect("the lever starts")
}

/// Pulls a lever when the case ends, however it ends.
pub struct Undo(pub &'static [&'static str]);

impl Drop for Undo {
    fn drop(&mut self) {
        // A case that went well has done so itself.
        let _ = said("lever", self.0);
    }
}

/// A namespace of a case's own, gone when it ends.
pub struct Space(pub &'static str);

impl Space {
    /// Makes it, anew if an earlier run left one.
    pub fn new(name: &'static str) -> Self {
        if try_kubectl(&["get", "namespace", name]).is_ok() {
            let _ = try_kubectl(&["delete", "namespace", name, "--wait=false"]);
            // A pod whose node is gone would hold it: nobody says there that it has ended.
            let _ = try_kubectl(&["delete", "pods", "--all", "-n", name, "--force", "--grace-period=0"]);
            let _ = try_kubectl(&["delete", "namespace", name, "--ignore-not-found", "--timeout=60s"]);
        }
        kubectl(&["create", "namespace", name]);
        // Pods want it, and the controller manager makes it a moment later.
        kubectl(&["wait", "serviceaccount/default", "-n", name, "--for=create", "--timeout=60s"]);
        Self(name)
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        let _ = try_kubectl(&["delete", "namespace", self.0, "--wait=false", "--ignore-not-found"]);
    }
}
