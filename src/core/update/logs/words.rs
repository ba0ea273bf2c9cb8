//! `logs ...` in the palette, with the options of `kubectl logs`.

use super::open;
use crate::core::kind::{ClusterId, Kind, Scope};
use crate::core::logs::moment;
use crate::core::logs::source::{Containers, Pods, Since, What, Wish};
use crate::core::msg::Level;
use crate::core::start;
use crate::core::state::State;
use std::sync::Arc;

/// `logs POD`, `logs deploy/web`, `logs -l app=web`, `logs /regex`, `logs node/NAME [UNIT]`; with `-n`, `-A`, `-c`, `-p`,
/// `--tail 50`, `--since 15m`, `--since 12:00..12:30`, `--limit-bytes 10000`.
pub(in super::super) fn typed(state: &mut State, line: &str) {
    if let Some(kind) = untold(state, line) {
        let asking = format!("{kind}: asking the server what it serves");
        state.later = Some(format!("logs {line}"));
        return state.say(Level::Info, asking);
    }
    match read(state, line) {
        Ok((wish, title)) => {
            let wish = Wish { id: state.log_id(), ..wish };
            open::pane(state, wish, &title);
        }
        Err(why) => state.say(Level::Warn, why),
    }
}

/// A kind in the line that may be known in a moment.
fn untold<'a>(state: &State, line: &'a str) -> Option<&'a str> {
    let cluster = state.clusters.get(&meant(state)).filter(|c| !c.discovered)?;
    let mut kinds = line.split_whitespace().filter_map(|w| Some(w.split_once('/')?.0));
    kinds.find(|kind| !kind.is_empty() && cluster.kind(kind).is_none())
}

/// The cluster of the focused pane: what is typed there is of it.
fn meant(state: &State) -> ClusterId {
    state.focused().map_or(state.active, |p| p.cluster)
}

/// What the words add up to.
struct Line {
    scope: Scope,
    labels: String,
    pattern: Option<String>,
    names: Vec<String>,
    node: Option<String>,
    /// `deploy/web`: a kind, and a name of it.
    owner: Option<(Arc<Kind>, String)>,
    containers: Containers,
    since: Since,
    tail: Option<u32>,
    limit: Option<u64>,
    previous: bool,
}

fn read(state: &State, text: &str) -> Result<(Wish, String), String> {
    let cluster = meant(state);
    let mut line = Line {
        scope: state.scope(cluster),
        labels: String::new(),
        pattern: None,
        names: Vec::new(),
        node: None,
        owner: None,
        containers: Containers::Usual,
        since: Since::Tail,
        tail: None,
        limit: None,
        previous: false,
    };
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        line.word(state, word, &mut words)?;
    }
    let (since, tail, limit, previous) = (line.since, line.tail, line.limit, line.previous);
    let (what, title) = line.what()?;
    let id = crate::core::logs::source::LogId::default();
    Ok((Wish { since, previous, tail, limit, ..Wish::new(id, cluster, what) }, title))
}

impl Line {
    fn word<'a>(
        &mut self,
        state: &State,
        word: &'a str,
        rest: &mut impl Iterator<Item = &'a str>,
    ) -> Result<(), String> {
        // `--since=15m` and `--since 15m` are the same.
        let (name, own) = match word.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value)),
            _ => (word, None),
        };
        let mut value = || own.or_else(|| rest.next()).ok_or_else(|| format!("{name} wants a value"));
        match name {
            "-n" | "--namespace" => self.scope = start::one_namespace(value()?),
            "-A" | "--all-namespaces" => self.scope = Scope::All,
            "-l" | "--selector" => value()?.clone_into(&mut self.labels),
            "-c" | "--container" => self.containers = Containers::Named(value()?.into()),
            "-p" | "--previous" => self.previous = true,
            "-f" | "--follow" | "--timestamps" | "--prefix" | "--all-pods" => {
                // As it always is here.
            }
            "--all-containers" => self.containers = Containers::All,
            "--tail" => self.tail = tail(value()?, &mut self.since)?,
            "--limit-bytes" => self.limit = Some(number("--limit-bytes", value()?)?),
            "--since" | "--since-time" => self.since = since(state, value()?)?,
            _ if word.starts_with('/') => self.pattern = Some(word[1..].trim_end_matches('/').to_owned()),
            _ if word.starts_with('-') => return Err(format!("logs knows no option {name}")),
            _ => match word.split_once('/') {
                Some((kind, name)) => self.object(state, kind, name)?,
                None => self.names.push(word.to_owned()),
            },
        }
        Ok(())
    }

    /// `TYPE/NAME`, as kubectl has it.
    fn object(&mut self, state: &State, kind: &str, name: &str) -> Result<(), String> {
        let cluster = meant(state);
        let known = state.clusters.get(&cluster).and_then(|c| c.kind(kind));
        let kind = known.ok_or_else(|| format!("logs: the server has no kind {kind}"))?;
        if name.is_empty() {
            return Err(format!("logs: {}/ wants a name", kind.singular));
        }
        match (kind.group.as_ref(), kind.plural.as_ref()) {
            ("", "pods") => self.names.push(name.to_owned()),
            ("", "nodes") => self.node = Some(name.to_owned()),
            ("", "namespaces") => self.scope = start::one_namespace(name),
            _ if kind.namespaced => self.owner = Some((kind, name.to_owned())),
            (_, other) => return Err(format!("{other} have no logs")),
        }
        Ok(())
    }

    fn what(self) -> Result<(What, String), String> {
        let Self { scope, labels, pattern, names, node, owner, containers, .. } = self;
        let one = || match &scope {
            Scope::Namespaces(list) if list.len() == 1 => Ok(list[0].clone()),
            _ => Err("say in which namespace: logs NAME -n NAMESPACE".to_owned()),
        };
        if let Some(node) = node {
            let title = format!("node {node} {}", names.join(" "));
            return Ok((What::Node(node.into(), names.join(" ").into()), title.trim().to_owned()));
        }
        if let Some((kind, name)) = owner {
            let namespace = one()?;
            let title = format!("{} {namespace}/{name}", kind.singular);
            // A CronJob selects nothing: its pods are those of its Jobs, named after it.
            let what = if kind.plural.as_ref() == "cronjobs" {
                What::Pods(Pods::of_cron(scope, &name), containers)
            } else {
                What::Of(kind, namespace, name.into(), containers)
            };
            return Ok((what, title));
        }
        let (pods, title) = if let Some(pattern) = pattern {
            regex::Regex::new(&pattern).map_err(|_| format!("/{pattern}/ is no regular expression"))?;
            (Pods::Matching { scope, pattern: pattern.as_str().into() }, format!("pods /{pattern}/"))
        } else if names.is_empty() {
            let title = if labels.is_empty() { "all pods".to_owned() } else { format!("pods -l {labels}") };
            (Pods::Selected { scope, labels: labels.into(), fields: "".into() }, title)
        } else {
            let namespace = one()?;
            let title = format!("pod {namespace}/{}", names.join(", "));
            (Pods::Named(names.iter().map(|n| (namespace.clone(), n.as_str().into())).collect()), title)
        };
        Ok((What::Pods(pods, containers), title))
    }
}

/// Lines at the end; all there are for -1, as kubectl has it.
fn tail(text: &str, since: &mut Since) -> Result<Option<u32>, String> {
    if text == "-1" {
        if *since == Since::Tail {
            *since = Since::Head;
        }
        return Ok(None);
    }
    number("--tail", text).map(Some)
}

fn number<T: std::str::FromStr>(option: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{option} wants a number, not {text}"))
}

fn since(state: &State, text: &str) -> Result<Since, String> {
    let zone = &state.options.logs.zone;
    let now = state.server_now(state.active);
    if let Some(seconds) = moment::span(text) {
        return Ok(Since::Ago(seconds));
    }
    let (from, to) = text.split_once("..").unwrap_or((text, ""));
    let from = moment::read(from, now, zone)?;
    let to = if to.is_empty() { None } else { Some(moment::read(to, now, zone)?) };
    if to.is_some_and(|to| to < from) {
        return Err(format!("{text} ends before it begins"));
    }
    Ok(Since::At(from, to))
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
