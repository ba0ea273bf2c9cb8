//! The form of a drain: kubectl's flags, with the defaults an operator wants.

use crate::core::act::{Form, Values};
use crate::core::facts::{Pod, typed};
use crate::core::job::drain::Rules;
use crate::core::plan::fields::{grace, line, positive, seconds, selector, span, switch};
use crate::core::plan::kubectl::Line;
use crate::core::query::Selector;

/// The form; the pods are all of the nodes'.
#[must_use]
pub fn form(nodes: usize, pods: &[Pod]) -> Form {
    let lasting = || pods.iter().filter(|p| !p.finished() && !p.mirror && !p.of_daemon_set());
    let names = |of: &mut dyn Iterator<Item = &Pod>| of.map(Pod::subject).collect::<Vec<_>>();
    let keeping = names(&mut lasting().filter(|p| !p.empty_dirs.is_empty()));
    let bare = names(&mut lasting().filter(|p| p.meta.controller().is_none()));
    let mut notes = Vec::new();
    if !keeping.is_empty() {
        notes.push(format!("{} keep data in emptyDir, lost with them: {}", count(&keeping), keeping.join(", ")));
    }
    if !bare.is_empty() {
        notes.push(format!("{} managed by nobody, so made anew by nobody: {}", count(&bare), bare.join(", ")));
    }
    let mut fields = vec![
        switch(
            "delete-emptydir-data",
            "emptyDir data",
            "Delete pods that keep data in emptyDir; the data are lost.",
            false,
        ),
        switch("force", "force", "Delete pods that nobody manages; nobody makes them anew.", false),
        switch("ignore-daemonsets", "leave DaemonSets", "Leave pods of DaemonSets where they are.", true),
        line("pod-selector", "pod selector", "Only pods with these labels; key=value,other in (a,b).", "", selector),
        line("grace-period", "grace", "Seconds each pod gets to end; nothing for its own, 0 for none.", "", grace),
        line("timeout", "timeout", "How long a node may take, such as 5m; 0 for no end.", "0", span),
        line(
            "skip-wait-for-delete-timeout",
            "skip wait",
            "Do not wait for pods that should have gone that long ago; 0 to wait.",
            "0",
            span,
        ),
        switch(
            "disable-eviction",
            "no eviction",
            "Delete instead of evicting: disruption budgets are not asked.",
            false,
        ),
        line("chunk-size", "chunk", "Pods in a page of a list.", "500", positive),
    ];
    if nodes > 1 {
        fields.push(line("max-parallel", "at a time", "How many nodes are drained at a time.", "1", positive));
        fields.push(switch("stop-on-error", "stop on error", "Begin no other node after one has failed.", true));
    }
    Form { fields, notes }
}

fn count(names: &[String]) -> String {
    if names.len() == 1 { "1 pod".into() } else { format!("{} pods", names.len()) }
}

/// What the form says.
#[derive(Debug, Clone)]
pub struct Options {
    /// What becomes of each pod.
    pub rules: Rules,
    /// Which pods it is about.
    pub selector: Selector,
    /// Seconds of grace; `None` for each pod's own.
    pub grace: Option<i64>,
    /// Seconds a node may take; 0 for ever.
    pub timeout: i64,
    /// Whether budgets are not asked.
    pub disable_eviction: bool,
    /// Pods in a page.
    pub chunk: u32,
    /// Nodes at a time.
    pub parallel: usize,
    /// Whether no node begins after one has failed.
    pub stop_on_error: bool,
}

impl Options {
    /// Of the form's values.
    ///
    /// # Errors
    /// What cannot be read; the form's checks let no such value pass.
    pub fn of(values: &Values) -> Result<Self, String> {
        let number = |id: &str, or: u32| values.text(id).parse().unwrap_or(or).max(1);
        let span = |id: &str| seconds(values.text(id)).ok_or_else(|| format!("{id}: {}", values.text(id)));
        Ok(Self {
            rules: Rules {
                ignore_daemonsets: values.flag("ignore-daemonsets"),
                delete_emptydir: values.flag("delete-emptydir-data"),
                force: values.flag("force"),
                skip_wait: span("skip-wait-for-delete-timeout")?,
            },
            selector: typed(values.text("pod-selector"))?,
            grace: values.text("grace-period").parse().ok().filter(|g| *g >= 0),
            timeout: span("timeout")?,
            disable_eviction: values.flag("disable-eviction"),
            chunk: number("chunk-size", 500),
            parallel: number("max-parallel", 1) as usize,
            stop_on_error: values.flag("stop-on-error"),
        })
    }

    /// The same as flags of kubectl.
    #[must_use]
    pub fn flags(&self, line: Line) -> Line {
        line.switch(self.rules.ignore_daemonsets, "ignore-daemonsets")
            .switch(self.rules.delete_emptydir, "delete-emptydir-data")
            .switch(self.rules.force, "force")
            .flag(!self.selector.0.is_empty(), "pod-selector", &self.selector)
            .flag(self.grace.is_some(), "grace-period", self.grace.unwrap_or(-1))
            .flag(self.timeout > 0, "timeout", format!("{}s", self.timeout))
            .flag(self.rules.skip_wait > 0, "skip-wait-for-delete-timeout", self.rules.skip_wait)
            .switch(self.disable_eviction, "disable-eviction")
            .flag(self.chunk != 500, "chunk-size", self.chunk)
    }
}
