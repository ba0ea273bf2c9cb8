//! A container may begin anew while nobody can see it: after a cut its log is served before its pod
//! is said to have changed. A line that does not join what was read may then be of another run, and
//! would be told twice. So the pod is looked up, and the answer decides.

use super::answer::Trust;
use super::request;
use super::status::{Pod, Status};
use super::tail::{Done, Tail};
use crate::cluster::fetch;
use crate::cluster::problem::Asked;
use crate::core::problem::Problem;
use tokio::time::Instant;

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

    /// Whether lines of the run that has begun were taken for lines of the one before: the server did
    /// not know of it yet when it was asked.
    pub(super) fn parted(&self, status: &Status) -> bool {
        status.started.zip(self.lines.parted).is_some_and(|(began, parted)| parted >= began)
    }

    /// A line does not join what was read: is the run still the one that was read?
    pub(super) async fn doubted(&mut self) -> Result<(), Done> {
        match self.look_up().await {
            Ok(status) if status.restarts > self.present().restarts && status.run != self.run => {
                self.ahead = Some(status);
                Ok(())
            }
            // If the watch has told of another run meanwhile, that one is read from its beginning.
            Ok(_) => {
                self.lines.trust = Trust::Sure;
                Ok(())
            }
            Err(problem) => {
                self.cut.get_or_insert_with(Instant::now);
                self.broken(problem, false).await
            }
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
