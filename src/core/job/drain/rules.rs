//! What a drain does to each pod: kubectl's filters in kubectl's order, the first that
//! says no wins. Unlike kubectl's, every warning on the way is kept.

use crate::core::facts::Pod;

/// How a drain is done; the names are kubectl's flags.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// Leave pods of `DaemonSets` where they are, instead of stopping at them.
    pub ignore_daemonsets: bool,
    /// Delete pods with `emptyDir` volumes too.
    pub delete_emptydir: bool,
    /// Delete pods nobody manages too, and those of a `DaemonSet` that is no more.
    pub force: bool,
    /// Do not wait for pods that should have gone more than so many seconds ago; 0 to wait.
    pub skip_wait: i64,
}

/// Whether the `DaemonSet` of a pod is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Daemon {
    /// It is.
    There,
    /// It is not.
    Gone,
    /// It could not be read, and why.
    Unread(String),
}

/// What becomes of a pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It has to go.
    Evict,
    /// It stays, and why.
    Keep(String),
    /// It stops the drain of its node before anything is evicted, and why.
    Block(String),
}

/// Judges a pod. The warnings are those of an operator: what is lost if it goes.
/// `now` is the server's clock (Unix ms).
#[must_use]
pub fn judge(rules: &Rules, pod: &Pod, daemon: &Daemon, now: i64) -> (Verdict, Vec<String>) {
    let mut warnings = Vec::new();
    let verdict = verdict(rules, pod, daemon, now, &mut warnings);
    (verdict, warnings)
}

fn verdict(rules: &Rules, pod: &Pod, daemon: &Daemon, now: i64, warnings: &mut Vec<String>) -> Verdict {
    let late = pod.meta.deletion.map(|at| (now - at).div_euclid(1000));
    if rules.skip_wait > 0 && late.is_some_and(|s| s > rules.skip_wait) {
        return Verdict::Keep(format!("terminating, {} s late; not waited for", late.unwrap_or(0)));
    }
    let controller = pod.meta.controller();
    // kubectl looks at the kind alone, and then for a DaemonSet of apps/v1 by that name.
    if let Some(owner) = controller.filter(|o| o.kind == "DaemonSet" && !pod.finished()) {
        match daemon {
            Daemon::Gone if rules.force => warnings.push(format!("its DaemonSet {} is gone", owner.name)),
            Daemon::Gone => {
                return Verdict::Block(format!("its DaemonSet {} is gone; `force` deletes it", owner.name));
            }
            Daemon::Unread(why) => return Verdict::Block(format!("its DaemonSet {}: {why}", owner.name)),
            Daemon::There if rules.ignore_daemonsets => return Verdict::Keep(format!("DaemonSet {}", owner.name)),
            Daemon::There => {
                return Verdict::Block(format!("DaemonSet {}; `ignore-daemonsets` leaves it there", owner.name));
            }
        }
    }
    if pod.mirror {
        return Verdict::Keep("static pod of the kubelet".into());
    }
    if !pod.empty_dirs.is_empty() && !pod.finished() {
        let names = pod.empty_dirs.join(", ");
        if !rules.delete_emptydir {
            return Verdict::Block(format!("keeps data in emptyDir {names}; `delete-emptydir-data` lets it go"));
        }
        warnings.push(format!("its emptyDir data are lost: {names}"));
    }
    if controller.is_none() && !pod.finished() {
        if !rules.force {
            return Verdict::Block("nobody manages it, so nobody makes it anew; `force` deletes it".into());
        }
        warnings.push("nobody manages it, so nobody makes it anew".into());
    }
    if !pod.finished() && !pod.host_paths.is_empty() {
        warnings.push(format!("its files stay on the node: hostPath {}", pod.host_paths.join(", ")));
    }
    Verdict::Evict
}
