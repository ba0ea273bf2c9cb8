//! Finding pods and following what becomes of them: a list, then a watch from there, again and again.

use super::super::connect::{Class, Connection};
use super::super::problem::Asked;
use super::events::PodEvent;
use super::request;
use super::status::Pod;
use crate::core::kind::Scope;
use crate::core::logs::source::Pods;
use crate::core::problem::Problem;
use crate::kinds::wire::{Answer, Encoding, EventKind, Framer, Piece};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::Sender;

/// How long to wait after a failure.
const PAUSE: Duration = Duration::from_secs(2);
/// A watch that was silent for so long is opened again; bookmarks come about once a minute.
const SILENCE: Duration = Duration::from_secs(75);
/// Pods a page of a list has at most.
const PAGE: u32 = 500;

/// What is said of pods.
#[derive(Debug)]
pub(super) enum Seen {
    /// As it is now.
    Pod(Pod),
    /// It is gone.
    Gone(Arc<str>),
    /// A list is complete: of the pods that this watch is about (by its number), only these are
    /// there.
    Listed(usize, Vec<Arc<str>>),
    /// They cannot be listed by this watch.
    Failed(usize, Problem),
    /// What was told of pods, or why it cannot be read.
    Events(Result<Vec<PodEvent>, Problem>),
}

/// One list and watch.
#[derive(Debug, Clone)]
pub(super) struct Watch {
    number: usize,
    namespace: Option<Arc<str>>,
    labels: Arc<str>,
    fields: Arc<str>,
    fits: Fits,
}

#[derive(Debug, Clone)]
enum Fits {
    All,
    Names(Arc<[Arc<str>]>),
    Pattern(regex::Regex),
}

impl Fits {
    fn fits(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Names(names) => names.iter().any(|n| n.as_ref() == name),
            Self::Pattern(regex) => regex.is_match(name),
        }
    }
}

/// The watches that find the pods of a source.
pub(super) fn watches(pods: &Pods) -> Result<Vec<Watch>, Problem> {
    let each = |scope: &Scope, labels: &Arc<str>, fields: &Arc<str>, fits: Fits| -> Vec<Watch> {
        let spaces: Vec<Option<Arc<str>>> = match scope {
            Scope::All => vec![None],
            Scope::Namespaces(names) => names.iter().cloned().map(Some).collect(),
        };
        let one = |(number, namespace)| Watch {
            number,
            namespace,
            labels: labels.clone(),
            fields: fields.clone(),
            fits: fits.clone(),
        };
        spaces.into_iter().enumerate().map(one).collect()
    };
    let none: Arc<str> = "".into();
    Ok(match pods {
        Pods::Selected { scope, labels, fields } => each(scope, labels, fields, Fits::All),
        Pods::Matching { scope, pattern } => {
            let regex = regex::Regex::new(pattern)
                .map_err(|_| Problem::Invalid(format!("/{pattern}/ is no regular expression").into()))?;
            each(scope, &none, &none, Fits::Pattern(regex))
        }
        Pods::Named(pods) => {
            let mut spaces: BTreeMap<&Arc<str>, Vec<Arc<str>>> = BTreeMap::new();
            pods.iter().for_each(|(space, name)| spaces.entry(space).or_default().push(name.clone()));
            let watch = |(number, (space, names)): (usize, (&Arc<str>, Vec<Arc<str>>))| {
                let fields = match names.as_slice() {
                    [one] => format!("metadata.name={one}").into(),
                    _ => none.clone(),
                };
                let fits = Fits::Names(names.into());
                Watch { number, namespace: Some(space.clone()), labels: none.clone(), fields, fits }
            };
            spaces.into_iter().enumerate().map(watch).collect()
        }
    })
}

impl Watch {
    /// In which namespace; `None` for all.
    pub fn namespace(&self) -> Option<Arc<str>> {
        self.namespace.clone()
    }

    /// Reports until nobody listens.
    pub async fn run(self, connection: Connection, out: Sender<Seen>) {
        loop {
            match self.list(&connection, &out).await {
                Ok(mut version) => {
                    while let Some(next) = self.follow(&connection, &version, &out).await {
                        version = next;
                    }
                }
                Err(problem) => {
                    if out.send(Seen::Failed(self.number, problem)).await.is_err() {
                        return;
                    }
                }
            }
            if out.is_closed() {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn query(&self, rest: &str) -> String {
        use std::fmt::Write as _;
        let mut query = format!("{}?{rest}", request::pods().path(self.namespace.as_deref()));
        for (name, value) in [("fieldSelector", &self.fields), ("labelSelector", &self.labels)] {
            if !value.is_empty() {
                let _ = write!(query, "&{name}={}", super::super::escape::escape(value));
            }
        }
        query
    }

    fn asked(&self, verb: &'static str) -> Asked {
        Asked { verb, resource: "pods".into(), namespace: self.namespace.clone() }
    }

    /// Lists the pods; the version to watch from.
    async fn list(&self, connection: &Connection, out: &Sender<Seen>) -> Result<String, Problem> {
        let (mut uids, mut token) = (Vec::new(), String::new());
        loop {
            let mut rest = format!("limit={PAGE}");
            if !token.is_empty() {
                rest = format!("{rest}&continue={}", super::super::escape::escape(&token));
            }
            let answer = connection
                .get_json_as(&self.query(&rest), "application/json", Class::List, &self.asked("list"))
                .await?;
            for pod in answer.body["items"].as_array().into_iter().flatten().filter_map(Pod::read) {
                if self.fits.fits(&pod.name) {
                    uids.push(pod.uid.clone());
                    let _ = out.send(Seen::Pod(pod)).await;
                }
            }
            answer.body["metadata"]["continue"].as_str().unwrap_or_default().clone_into(&mut token);
            if token.is_empty() {
                let _ = out.send(Seen::Listed(self.number, uids)).await;
                return Ok(answer.body["metadata"]["resourceVersion"].as_str().unwrap_or_default().to_owned());
            }
        }
    }

    /// Follows from a version on; the version to go on from, or `None` when a list is needed.
    async fn follow(&self, connection: &Connection, version: &str, out: &Sender<Seen>) -> Option<String> {
        let url = self.query(&format!("watch=true&allowWatchBookmarks=true&resourceVersion={version}"));
        let asked = self.asked("watch");
        let mut answer = connection.stream(&url, "application/json", Class::Watch, &asked).await.ok()?;
        let mut framer = Framer::new(Encoding::Json, Answer::Watch);
        let mut version = version.to_owned();
        let mut heard = false;
        loop {
            let chunk = match tokio::time::timeout(SILENCE, answer.chunk()).await {
                Ok(Ok(Some(chunk))) => chunk,
                // An orderly end: go on from the last version, unless it ends at once.
                Ok(Ok(None)) => return heard.then_some(version),
                Ok(Err(_)) | Err(_) => return heard.then_some(version),
            };
            let mut seen = Vec::new();
            let mut expired = false;
            let read = framer.feed(&chunk, &mut |piece: Piece<'_>| {
                match piece {
                    Piece::Event { kind, object } => {
                        let value: Value = serde_json::from_slice(object).unwrap_or_default();
                        if let Some(v) = value["metadata"]["resourceVersion"].as_str() {
                            v.clone_into(&mut version);
                        }
                        if let Some(pod) = Pod::read(&value).filter(|p| self.fits.fits(&p.name)) {
                            let gone = kind == EventKind::Deleted;
                            seen.push(if gone { Seen::Gone(pod.uid) } else { Seen::Pod(pod) });
                        }
                    }
                    Piece::Bookmark { resource_version, .. } => resource_version.clone_into(&mut version),
                    Piece::Error(_) => expired = true,
                    Piece::Meta { .. } | Piece::Columns(_) | Piece::Item(_) => {}
                }
                Ok(())
            });
            heard = true;
            for one in seen {
                out.send(one).await.ok()?;
            }
            if expired || read.is_err() {
                return None;
            }
        }
    }
}
