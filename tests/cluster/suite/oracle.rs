//! The cluster itself: its folder, its levers, and kubectl's word.

use std::path::PathBuf;
use std::process::Command;

/// One case at a time: a lever pulled in one would be felt in another.
static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// Waits for the cluster to be free.
pub fn turn() -> std::sync::MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A kubeconfig of the cluster.
pub fn kubeconfig(name: &str) -> String {
    let folder = std::env::var_os("QD_CLUSTER").map_or_else(|| root().join("target/cluster"), PathBuf::from);
    let file = root().join(folder).join("kube").join(name);
    assert!(file.exists(), "no cluster: {} is missing; tests/cluster/run starts one", file.display());
    file.display().to_string()
}

fn script(name: &str, args: &[&str]) -> String {
    let out = Command::new(root().join("tests/cluster").join(name)).args(args).current_dir(root()).output();
    let out = out.unwrap_or_else(|e| panic!("tests/cluster/{name} cannot run: {e}"));
    let told = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "tests/cluster/{name} {args:?} failed: {told}");
    String::from_utf8_lossy(&out.stdout).into_owned()
}

/// What kubectl says.
pub fn kubectl(args: &[&str]) -> String {
    script("kubectl", args)
}

/// Pulls a lever.
pub fn lever(args: &[&str]) {
    script("lever", args);
}
