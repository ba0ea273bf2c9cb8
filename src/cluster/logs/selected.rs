//! The pods of a workload or Service that was named: its selector is asked for, until it is had.

use super::super::connect::Connection;
use super::super::fetch;
use super::super::problem::Asked;
use crate::core::facts;
use crate::core::kind::{Kind, Scope};
use crate::core::logs::event::LogEvent;
use crate::core::logs::source::Pods;
use crate::core::problem::Problem;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::Sender;

/// How long to wait after a failure.
const PAUSE: Duration = Duration::from_secs(2);
/// And after a refusal, or where there is no such object yet.
const SELDOM: Duration = Duration::from_secs(10);

/// The pods that the object selects; `None` when nobody listens any more, or it selects none.
pub(super) async fn pods(
    connection: &Connection,
    kind: &Kind,
    namespace: &Arc<str>,
    name: &Arc<str>,
    out: &Sender<LogEvent>,
) -> Option<Pods> {
    loop {
        let problem = match labels(connection, kind, namespace, name).await {
            Ok(Some(labels)) => {
                let scope = Scope::Namespaces(vec![namespace.clone()]);
                return Some(Pods::Selected { scope, labels, fields: "".into() });
            }
            Ok(None) => {
                let why =
                    Problem::Config(format!("{} {name} selects no pods, so it has no logs", kind.singular).into());
                let _ = out.send(LogEvent::Pods(Err(why))).await;
                return None;
            }
            Err(problem) => problem,
        };
        let wait = match &problem {
            Problem::Forbidden(_) | Problem::NotFound(_) | Problem::Invalid(_) => SELDOM,
            _ => PAUSE,
        };
        out.send(LogEvent::Pods(Err(problem))).await.ok()?;
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = out.closed() => return None,
        }
    }
}

async fn labels(
    connection: &Connection,
    kind: &Kind,
    namespace: &Arc<str>,
    name: &str,
) -> Result<Option<Arc<str>>, Problem> {
    let path = fetch::path(kind, Some(namespace), name)?;
    let asked = Asked { verb: "get", resource: kind.resource().into(), namespace: Some(namespace.clone()) };
    let answer = connection.get_json(&path, &asked).await?;
    Ok(facts::of_pods(&answer.body).map(|selector| selector.to_string().into()))
}
