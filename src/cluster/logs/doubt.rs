//! A container may begin anew while nobody can see it: the kubelet serves the log of the new run
//! before the API says that there is one. Two rules keep such lines from being told twice. A line that
//! does not join what was read may be of another run: the pod is looked up, and the answer decides, or
//! is waited for where the node keeps what was read as the run before. And when a new run is told of
//! after lines of its time were read, its log is asked whether it holds the last of them.

use super::answer::Trust;
use super::request::{self, From, Request};
use super::status::{Pod, Status};
use super::tail::{Done, Tail};
use crate::cluster::fetch;
use crate::cluster::problem::Asked;
use crate::core::logs::event::StreamState;
use crate::core::logs::segment::Mark;
use crate::core::logs::split::{Raw, Splitter};
use crate::core::problem::Problem;
use std::time::Duration;
use tokio::time::Instant;

/// How soon it is asked again whether the API knows of a run.
const SOON: Duration = Duration::from_secs(1);
/// How far the API may be behind a node before what comes is taken as it is.
const BEHIND: Duration = Duration::from_secs(30);

impl Tail {
    /// The container as it is: as the watch says, unless what was looked up is newer.
    pub(super) fn present(&mut self) -> Status {
        let watched = self.status.borrow_and_update().clone();
        match self.ahead.take().filter(|ahead| !watched.gone && ahead.restarts > watched.restarts) {
            Some(ahead) => {
                self.ahead = Some(ahead.clone());
                ahead
            }
            None => watched,
        }
    }

    /// Whether the lines that were read last are of the run that has begun, which goes on from there
    /// then, and is told so: the API did not know of it when they were read. Times are told in whole
    /// seconds, so that only the log itself can tell. The inner error is why it cannot be asked now.
    pub(super) async fn joined(&mut self, status: &Status, how: &str) -> Result<Result<bool, Problem>, Done> {
        let last = match (status.started, self.lines.resume.last()) {
            (Some(began), Some(last)) if last >= began => last,
            _ => return Ok(Ok(false)),
        };
        match self.holds(last, Request::of(From::Time(last))).await {
            Ok(true) => {
                let text = format!("container restarted: {how}; what it wrote last may be missing");
                self.lines.note(text, Mark::Gap);
                self.flush().await?;
                Ok(Ok(true))
            }
            other => Ok(other),
        }
    }

    /// Whether the log that is asked for holds a line of this very time; one that is not there holds none.
    async fn holds(&self, time: i64, request: Request) -> Result<bool, Problem> {
        let path = request::path(&self.name, request)?;
        let _permit = self.shared.gate.pass().await;
        let asked = request::asked(&self.name);
        let mut body = match self.shared.connection.stream(&path, "*/*", super::CLASS, &asked).await {
            Err(Problem::NotFound(_) | Problem::Invalid(_) | Problem::Forbidden(_)) => return Ok(false),
            opened => opened?,
        };
        let mut splitter = Splitter::default();
        let (mut here, mut past) = (false, false);
        while !here
            && !past
            && let Some(bytes) = body.chunk().await?
        {
            splitter.feed(&bytes, &mut |raw| {
                if let Raw::Line(ns, _) = raw {
                    (here, past) = (here || ns == time, past || ns > time);
                }
            });
        }
        Ok(here)
    }

    /// A line does not join what was read: is the run still the one that was read?
    pub(super) async fn doubted(&mut self) -> Result<(), Done> {
        match self.look_up().await {
            Ok(status) if status.restarts > self.present().restarts && status.run != self.run => {
                (self.ahead, self.doubt) = (Some(status), None);
                Ok(())
            }
            // If the watch has told of another run meanwhile, that one is read from its beginning.
            Ok(_) => match self.is_over().await {
                Ok(true) => {
                    self.say(StreamState::Waiting("the API has not told of the new run yet".into())).await?;
                    self.wait(SOON).await
                }
                Ok(false) => {
                    self.doubt = None;
                    self.lines.trust = Trust::Sure;
                    Ok(())
                }
                Err(problem) => {
                    self.cut.get_or_insert_with(Instant::now);
                    self.broken(problem, false).await
                }
            },
            Err(problem) => {
                self.cut.get_or_insert_with(Instant::now);
                self.broken(problem, false).await
            }
        }
    }

    /// Whether the node keeps what was read as the run before: the API is going to tell of another one.
    async fn is_over(&mut self) -> Result<bool, Problem> {
        let since = *self.doubt.get_or_insert_with(Instant::now);
        match self.lines.resume.last() {
            Some(last) if since.elapsed() < BEHIND => {
                self.holds(last, Request { previous: true, ..Request::of(From::Time(last)) }).await
            }
            _ => Ok(false),
        }
    }

    async fn look_up(&self) -> Result<Status, Problem> {
        let path = fetch::path(&request::pods(), Some(&self.name.namespace), &self.name.pod)?;
        let asked = Asked { verb: "get", resource: "pods".into(), namespace: Some(self.name.namespace.clone()) };
        let _permit = self.shared.gate.pass().await;
        let answer = self.shared.connection.get_json(&path, &asked).await?;
        let pod = Pod::read(&answer.body).filter(|pod| pod.uid == self.uid);
        let container = pod.and_then(|pod| pod.containers.into_iter().find(|c| c.0 == self.name.container));
        container.map(|c| c.1).ok_or_else(|| Problem::NotFound(self.name.pod.clone()))
    }
}
