//! What pods and nodes use: from metrics.k8s.io, else from the kubelets' own summaries through
//! the node proxy, few at a time. A measurement that is missing is left out, never a zero.

use super::connect::{Class, Connection};
use super::problem::Asked;
use crate::core::problem::Problem;
use crate::core::usage::Sample;
use crate::kinds::wire::{Answer, Encoding, Framer, Piece};
use crate::kinds::{DecodeError, usage as wire};
use futures_util::StreamExt as _;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::Sender;

/// How often to ask: metrics-server measures each 15 s, so asking more often tells nothing new.
pub const PERIOD: Duration = Duration::from_secs(15);

/// How many requests run at a time.
const AT_ONCE: usize = 4;
/// Rounds between two questions for a metrics API that was not there: five minutes.
const ASK_AGAIN: u32 = 20;
/// The most kubelets asked in a round where nobody says which nodes are looked at.
const FEW_NODES: usize = 25;
/// The most bytes of an answer that is held whole.
const MOST: usize = 64 << 20;
/// Samples handed over at a time: what a turn of the loop can take beside its other work.
const PART: usize = 256;
/// How long the next piece of a list may take.
const PIECE: Duration = Duration::from_secs(15);

/// One round of measurements.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Of pods: the last of them, or all if they are few.
    pub pods: Result<Vec<Sample>, Problem>,
    /// Of nodes.
    pub nodes: Result<Vec<Sample>, Problem>,
}

/// Asks round by round.
#[derive(Debug)]
pub struct Poller {
    conn: Connection,
    namespaces: Vec<Arc<str>>,
    /// Rounds until the metrics API is asked again; 0 while it answers.
    absent: u32,
}

impl Poller {
    /// Usage of all nodes, and of the pods in these namespaces (none for all).
    #[must_use]
    pub fn new(conn: Connection, namespaces: Vec<Arc<str>>) -> Self {
        Self { conn, namespaces, absent: 0 }
    }

    /// One round. `nodes` are those whose kubelets may be asked where there is no metrics API;
    /// with none named, all nodes of a small cluster are. Samples of many pods go to `parts` as
    /// they are read, so that the list of a big cluster is never held; it must be emptied.
    pub async fn round(&mut self, nodes: &[Arc<str>], parts: &Sender<Vec<Sample>>) -> Report {
        if self.absent == 0 {
            let (pods, nodes) = tokio::join!(self.pods(parts), self.nodes());
            if !(gone(&pods) && gone(&nodes)) {
                return Report { pods, nodes };
            }
            self.absent = ASK_AGAIN;
        }
        self.absent -= 1;
        self.kubelets(nodes).await
    }

    /// Whether kubelets are asked, because nobody else tells.
    #[must_use]
    pub fn asks_kubelets(&self) -> bool {
        self.absent > 0
    }

    async fn nodes(&self) -> Result<Vec<Sample>, Problem> {
        let ask = Asked { verb: "list", resource: "nodes.metrics.k8s.io".into(), namespace: None };
        read(&self.conn, "/apis/metrics.k8s.io/v1beta1/nodes", &ask, wire::nodes).await
    }

    async fn pods(&self, parts: &Sender<Vec<Sample>>) -> Result<Vec<Sample>, Problem> {
        let ask = |namespace| Asked { verb: "list", resource: "pods.metrics.k8s.io".into(), namespace };
        if self.namespaces.is_empty() {
            return read_pods(&self.conn, "/apis/metrics.k8s.io/v1beta1/pods", &ask(None), parts).await;
        }
        let each = futures_util::stream::iter(self.namespaces.clone()).map(|ns| async move {
            let path = format!("/apis/metrics.k8s.io/v1beta1/namespaces/{ns}/pods");
            read_pods(&self.conn, &path, &ask(Some(ns)), parts).await
        });
        together(each.buffer_unordered(AT_ONCE).collect().await)
    }

    async fn kubelets(&self, nodes: &[Arc<str>]) -> Report {
        let nodes = match nodes {
            [] => match self.few_nodes().await {
                Ok(nodes) => nodes,
                Err(problem) => return Report { pods: Err(problem.clone()), nodes: Err(problem) },
            },
            some => some.to_vec(),
        };
        let each = futures_util::stream::iter(nodes).map(|node| async move {
            let path = format!("/api/v1/nodes/{node}/proxy/stats/summary");
            let ask = Asked { verb: "get", resource: "nodes/proxy".into(), namespace: None };
            read(&self.conn, &path, &ask, |bytes| wire::summary(bytes).map(|s| vec![s])).await
        });
        let summaries = each.buffer_unordered(AT_ONCE).collect().await;
        match together(summaries) {
            Err(problem) => Report { pods: Err(problem.clone()), nodes: Err(problem) },
            Ok(all) => {
                let wanted = |s: &wire::Sample| {
                    self.namespaces.is_empty() || self.namespaces.iter().any(|ns| **ns == *s.namespace)
                };
                let pods = all.iter().flat_map(|s| &s.pods).filter(|s| wanted(s));
                Report {
                    pods: Ok(pods.filter_map(sample).collect()),
                    nodes: Ok(all.iter().filter_map(|s| sample(&s.node)).collect()),
                }
            }
        }
    }

    /// The names of all nodes if they are few.
    async fn few_nodes(&self) -> Result<Vec<Arc<str>>, Problem> {
        let path = format!("/api/v1/nodes?limit={}", FEW_NODES + 1);
        let accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
        let ask = Asked { verb: "list", resource: "nodes".into(), namespace: None };
        let answer = self.conn.get_json_as(&path, accept, Class::List, &ask).await?.body;
        let items = answer.get("items").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        if items.len() > FEW_NODES {
            let why = "metrics.k8s.io is not served here; install metrics-server";
            return Err(Problem::NotFound(why.into()));
        }
        Ok(items.iter().filter_map(|i| i.pointer("/metadata/name")?.as_str()).map(Into::into).collect())
    }
}

/// Whether the metrics API itself is missing or its backend is down.
fn gone(answer: &Result<Vec<Sample>, Problem>) -> bool {
    matches!(answer, Err(Problem::NotFound(_) | Problem::Server(503, _)))
}

/// What of several answers there is; the first problem if there is nothing.
fn together<T>(all: Vec<Result<Vec<T>, Problem>>) -> Result<Vec<T>, Problem> {
    let mut found = Vec::new();
    let mut problem = None;
    let mut any = all.is_empty();
    for part in all {
        match part {
            Ok(part) => {
                any = true;
                found.extend(part);
            }
            Err(e) => problem = problem.or(Some(e)),
        }
    }
    match problem {
        Some(problem) if !any => Err(problem),
        _ => Ok(found),
    }
}

/// Makes what was decoded what the caller wants.
trait Decoded {
    type Kept;
    fn keep(self) -> Option<Self::Kept>;
}

impl Decoded for wire::Sample {
    type Kept = Sample;
    fn keep(self) -> Option<Sample> {
        sample(&self)
    }
}

impl Decoded for wire::Summary {
    type Kept = Self;
    fn keep(self) -> Option<Self> {
        Some(self)
    }
}

async fn read<T: Decoded>(
    conn: &Connection,
    path: &str,
    ask: &Asked,
    decode: impl Fn(&[u8]) -> Result<Vec<T>, DecodeError>,
) -> Result<Vec<T::Kept>, Problem> {
    let text = conn.get_text(path, MOST, Class::List, ask).await?.body;
    let all = decode(text.as_bytes()).map_err(|e| Problem::Garbage(format!("{}: {e}", ask.resource).into()))?;
    Ok(all.into_iter().filter_map(T::keep).collect())
}

/// Reads a `PodMetricsList` item by item; returns what is left after the last part.
async fn read_pods(
    conn: &Connection,
    path: &str,
    ask: &Asked,
    parts: &Sender<Vec<Sample>>,
) -> Result<Vec<Sample>, Problem> {
    let garbage = |e: DecodeError| Problem::Garbage(format!("{}: {e}", ask.resource).into());
    let mut answer = conn.stream(path, "application/json", Class::List, ask).await?;
    let mut framer = Framer::new(Encoding::Json, Answer::List);
    let mut some = Vec::new();
    loop {
        let piece = tokio::time::timeout(PIECE, answer.chunk()).await;
        let late = || Problem::Timeout(format!("{} stopped in the middle of its answer", conn.server()).into());
        let Some(chunk) = piece.map_err(|_| late())?? else { break };
        let fed = framer.feed(&chunk, &mut |piece: Piece<'_>| {
            if let Piece::Item(item) = piece {
                some.extend(sample(&wire::pod(item)?));
            }
            Ok(())
        });
        fed.map_err(garbage)?;
        if some.len() >= PART {
            // Whoever does not listen any more needs no samples.
            let _ = parts.send(std::mem::take(&mut some)).await;
        }
    }
    framer.finish().map_err(garbage)?;
    Ok(some)
}

/// A measurement that has both values; half of one would be shown as a zero somewhere.
fn sample(s: &wire::Sample) -> Option<Sample> {
    Some(Sample {
        namespace: s.namespace.as_str().into(),
        name: s.name.as_str().into(),
        cpu: s.cpu_milli?,
        mem: s.mem_bytes?,
        at: s.at_ms,
        containers: s
            .containers
            .iter()
            .filter_map(|(n, cpu, mem)| Some((n.as_str().into(), (*cpu)?, (*mem)?)))
            .collect(),
    })
}

#[cfg(test)]
mod tests;
