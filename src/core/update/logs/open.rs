//! Which logs a row, marked rows or a line of the palette mean.

use super::super::go;
use crate::core::kind::{CONTAINERS, Scope};
use crate::core::logs::moment;
use crate::core::logs::source::{Containers, Pods, Since, What, Wish};
use crate::core::msg::Level;
use crate::core::panes::Body;
use crate::core::panes::log::LogPane;
use crate::core::start;
use crate::core::state::State;
use std::sync::Arc;

/// Opens the logs of the marked rows, or of the one under the cursor.
pub(in super::super) fn rows(state: &mut State, previous: bool) {
    if state.focused().is_some_and(|p| p.log().is_some()) {
        // In a log the same keys read it again, with the run before or without.
        if let Some(pane) = state.focus() {
            super::reread(state, pane, |w| w.previous = previous && !w.previous);
        }
        return;
    }
    let marked = marked_pods(state);
    if marked.len() > 1 {
        let title = format!("{} pods", marked.len());
        return show(state, What::Pods(Pods::Named(marked), Containers::Usual), Since::Tail, previous, &title);
    }
    let Some(p) = go::pick(state) else { return };
    let (namespace, name) = (p.object.namespace.clone(), p.object.name.clone());
    let kind = p.object.kind.clone();
    let here = start::one_namespace(&namespace);
    let title = if kind.namespaced {
        format!("{} {namespace}/{name}", kind.singular)
    } else {
        format!("{} {name}", kind.singular)
    };
    let selected = |scope: Scope, labels: &str, fields: &str| {
        let pods = Pods::Selected { scope, labels: labels.into(), fields: fields.into() };
        What::Pods(pods, Containers::Usual)
    };
    let what = match kind.plural.as_ref() {
        "pods" if kind.group.is_empty() => What::Pods(Pods::Named(vec![(namespace, name)]), Containers::Usual),
        CONTAINERS => match pod_of(state) {
            Some(pod) => What::Pods(Pods::Named(vec![(namespace, pod)]), Containers::Named(name)),
            None => return,
        },
        "namespaces" => selected(start::one_namespace(&name), "", ""),
        "nodes" => selected(Scope::All, "", &format!("spec.nodeName={name}")),
        "cronjobs" => {
            let pattern = format!("^{}-[0-9]+-", regex::escape(&name));
            What::Pods(Pods::Matching { scope: here, pattern: pattern.into() }, Containers::Usual)
        }
        _ if !p.selector.is_empty() => selected(here, &p.selector, ""),
        other => return state.say(Level::Info, format!("{other} have no logs; go to their pods")),
    };
    show(state, what, Since::Tail, previous, &title);
}

/// The pod whose containers the focused table shows.
fn pod_of(state: &State) -> Option<Arc<str>> {
    let table = state.focused()?.table()?;
    table.key.fields.strip_prefix("metadata.name=").map(Into::into)
}

fn marked_pods(state: &State) -> Vec<(Arc<str>, Arc<str>)> {
    let Some(table) = state.focused().and_then(|p| p.table()) else { return Vec::new() };
    if table.key.kind.plural.as_ref() != "pods" {
        return Vec::new();
    }
    let Some(store) = state.streams.get(&table.key) else { return Vec::new() };
    let rows = table.marks.uids().filter_map(|u| store.find(u));
    rows.map(|r| (r.namespace().into(), r.name().into())).collect()
}

pub(super) fn show(state: &mut State, what: What, since: Since, previous: bool, title: &str) {
    let Some(cluster) = state.focused().map(|p| p.cluster) else { return };
    let wish = Wish { id: state.log_id(), cluster, what, since, previous };
    go::show(state, Body::Log(Box::new(LogPane::new(wish, title.into()))));
}

/// `logs POD`, `logs -l app=web`, `logs /regex`, `logs node/NAME [UNIT]`; with `-n`, `-A`, `-c`, `-p`,
/// `--since 15m`, `--since 12:00..12:30`.
pub(in super::super) fn words(state: &mut State, line: &str) {
    match read(state, line) {
        Ok((what, since, previous, title)) => show(state, what, since, previous, &title),
        Err(why) => state.say(Level::Warn, why),
    }
}

fn read(state: &State, line: &str) -> Result<(What, Since, bool, String), String> {
    let mut scope = state.scope(state.active);
    let (mut labels, mut pattern, mut names) = (String::new(), None, Vec::new());
    let (mut containers, mut since, mut previous) = (Containers::Usual, Since::Tail, false);
    let mut node = None;
    let mut words = line.split_whitespace();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} wants a value"));
        match word {
            "-n" => scope = start::one_namespace(value()?),
            "-A" => scope = Scope::All,
            "-l" => value()?.clone_into(&mut labels),
            "-c" => containers = Containers::Named(value()?.into()),
            "-p" => previous = true,
            "--all-containers" => containers = Containers::All,
            "--since" | "--since-time" => since = read_since(state, value()?)?,
            _ if word.starts_with('/') => pattern = Some(word[1..].trim_end_matches('/').to_owned()),
            _ if word.starts_with("node/") => node = Some(word[5..].to_owned()),
            _ if word.starts_with('-') => return Err(format!("logs knows no option {word}")),
            _ => names.push(word.trim_start_matches("pod/").to_owned()),
        }
    }
    if let Some(node) = node {
        let title = format!("node {node} {}", names.join(" "));
        return Ok((What::Node(node.into(), names.join(" ").into()), since, previous, title.trim().to_owned()));
    }
    let (pods, title) = if let Some(pattern) = pattern {
        regex::Regex::new(&pattern).map_err(|_| format!("/{pattern}/ is no regular expression"))?;
        (Pods::Matching { scope, pattern: pattern.as_str().into() }, format!("pods /{pattern}/"))
    } else if names.is_empty() {
        let title = if labels.is_empty() { "all pods".to_owned() } else { format!("pods -l {labels}") };
        (Pods::Selected { scope, labels: labels.into(), fields: "".into() }, title)
    } else {
        let namespace: Arc<str> = match &scope {
            Scope::Namespaces(list) if list.len() == 1 => list[0].clone(),
            _ => return Err("say in which namespace: logs POD -n NAMESPACE".to_owned()),
        };
        let title = format!("pod {namespace}/{}", names.join(", "));
        (Pods::Named(names.iter().map(|n| (namespace.clone(), n.as_str().into())).collect()), title)
    };
    Ok((What::Pods(pods, containers), since, previous, title))
}

fn read_since(state: &State, text: &str) -> Result<Since, String> {
    let zone = &state.options.logs.zone;
    let now = state.server_now(state.active);
    if let Some(seconds) = moment::span(text) {
        return Ok(Since::Ago(seconds));
    }
    let (from, to) = text.split_once("..").unwrap_or((text, ""));
    let from = moment::read(from, now, zone)?;
    let to = if to.is_empty() { None } else { Some(moment::read(to, now, zone)?) };
    Ok(Since::At(from, to))
}
