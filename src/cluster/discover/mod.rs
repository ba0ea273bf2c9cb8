//! What a server serves: all kinds in two requests where it knows aggregated discovery, group by
//! group where it does not. A group that does not answer (an aggregated API whose backend is
//! down) is named and the rest stands; kube's discovery fails as a whole.

mod aggregated;
mod builtin;
mod legacy;
#[cfg(test)]
mod tests;

pub use builtin::builtin_kinds;

use super::connect::{Answer, Class, Connection};
use super::problem::Asked;
use crate::core::kind::Kind;
use crate::core::problem::Problem;
use serde_json::{Value, json};
use std::sync::Arc;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Discovery {
    /// Each resource once, in its group's preferred version that has it; core group first.
    pub kinds: Vec<Arc<Kind>>,
    /// Groups (`metrics.k8s.io/v1beta1`) that did not answer, or whose answer is old.
    pub broken: Vec<String>,
}

const ACCEPT: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,\
application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

/// Asks what the server serves.
///
/// # Errors
/// Only when neither the core group nor the others can be asked; then it is the first's problem.
pub async fn discover(conn: &Connection) -> Result<Discovery, Problem> {
    let (core, groups) = tokio::join!(half(conn, "/api"), half(conn, "/apis"));
    match (core, groups) {
        (Err(problem), Err(_)) => Err(problem),
        (core, groups) => {
            let mut all = Discovery::default();
            for (name, part) in [("core", core), ("all API groups", groups)] {
                match part {
                    Ok(part) => {
                        all.kinds.extend(part.kinds);
                        all.broken.extend(part.broken);
                    }
                    Err(_) => all.broken.push(name.to_owned()),
                }
            }
            Ok(all)
        }
    }
}

async fn half(conn: &Connection, root: &str) -> Result<Discovery, Problem> {
    let answer = conn.get_json_as(root, ACCEPT, Class::Quick, &Asked::path(root)).await?.body;
    match answer.get("kind").and_then(Value::as_str) {
        Some("APIGroupDiscoveryList") => Ok(aggregated::read(&answer)),
        Some("APIVersions" | "APIGroupList") => Ok(legacy::read(conn, &answer).await),
        _ => Err(Problem::Garbage(format!("{root} is not what an API server sends; is this its address?").into())),
    }
}

/// A kind from the fields both forms of discovery have; `name` and `plural` are said by each in
/// its own way, and so is whether it has a `/scale`.
fn kind(
    group: &str,
    version: &str,
    r: &Value,
    (plural, name): (&str, &str),
    namespaced: bool,
    scale: bool,
) -> Arc<Kind> {
    let texts = |key: &str| -> Vec<Arc<str>> {
        let list = r.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        list.iter().filter_map(Value::as_str).map(Into::into).collect()
    };
    let singular = ["singularResource", "singularName"].iter().find_map(|k| r.get(*k)?.as_str());
    Arc::new(Kind {
        group: group.into(),
        version: version.into(),
        plural: plural.into(),
        kind: name.into(),
        singular: singular.filter(|s| !s.is_empty()).map_or_else(|| name.to_lowercase(), str::to_owned).into(),
        short: texts("shortNames"),
        namespaced,
        verbs: texts("verbs"),
        scale,
    })
}

/// The server's version, as `v1.35.4`. The answer's round trip and date make it a heartbeat too.
///
/// # Errors
/// Whatever keeps it from being read.
pub async fn version(conn: &Connection) -> Result<Answer<Arc<str>>, Problem> {
    let answer = conn.get_json("/version", &Asked::path("/version")).await?;
    let version = answer.body.get("gitVersion").and_then(Value::as_str);
    let version =
        version.ok_or_else(|| Problem::Garbage("/version names no version; is this an API server?".into()))?;
    Ok(Answer { body: super::problem::clean(version).into(), date_ms: answer.date_ms, rtt_us: answer.rtt_us })
}

/// Who we are to the server (Kubernetes 1.28 and later tell everybody).
///
/// # Errors
/// [`Problem::NotFound`] on servers that do not know the question.
pub async fn whoami(conn: &Connection) -> Result<Arc<str>, Problem> {
    let path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    let ask = Asked { verb: "create", resource: "selfsubjectreviews.authentication.k8s.io".into(), namespace: None };
    let body = json!({ "apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview" });
    let answer = conn.post_json(path, &body, &ask).await?.body;
    let name = answer.pointer("/status/userInfo/username").and_then(Value::as_str);
    name.map(Into::into).ok_or_else(|| Problem::Garbage("the self review names no user".into()))
}
