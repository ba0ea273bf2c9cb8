//! Single requests as plain data, and what the server said to them.

use crate::core::kind::{ClusterId, Kind};
use crate::core::problem::Problem;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// How a patch is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Patch {
    /// RFC 7386.
    Merge,
    /// Kubernetes' own, with merge keys; built-in kinds only.
    Strategic,
    /// RFC 6902.
    Json,
}

/// What is asked of the server. The names are RBAC's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Verb {
    /// One object.
    Get,
    /// A collection, whole (the caller follows its pages).
    List,
    /// POST.
    Create,
    /// PUT.
    Update,
    /// PATCH.
    Patch(Patch),
    /// DELETE.
    Delete,
}

impl Verb {
    /// As RBAC writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::List => "list",
            Self::Create => "create",
            Self::Update => "update",
            Self::Patch(_) => "patch",
            Self::Delete => "delete",
        }
    }

    /// Whether it only reads. (A subresource may write all the same: exec is a GET.)
    #[must_use]
    pub fn reads(self) -> bool {
        matches!(self, Self::Get | Self::List)
    }
}

/// One request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// To which cluster.
    pub cluster: ClusterId,
    /// What.
    pub verb: Verb,
    /// Of which kind.
    pub kind: Arc<Kind>,
    /// Namespace, empty for none.
    pub namespace: Arc<str>,
    /// The object's name, empty for the collection.
    pub name: Arc<str>,
    /// `scale`, `eviction`, `status`; empty for the object itself.
    pub subresource: Arc<str>,
    /// Query parameters in plain text; they are encoded when they are sent.
    pub query: Vec<(Arc<str>, Arc<str>)>,
    /// What is sent. Preconditions (uid, resourceVersion) are part of it where the API takes them.
    pub body: Option<Arc<Value>>,
    /// Whether the server is only asked what it would do (`dryRun=All`).
    pub dry_run: bool,
}

/// What the server said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The answer's code, 2xx.
    pub code: u16,
    /// The object, or a Status.
    pub body: Arc<Value>,
    /// Its `Warning:` headers, their texts only.
    pub warnings: Vec<Arc<str>>,
    /// Its clock (Unix ms), if it told.
    pub date_ms: Option<i64>,
}

/// One of the causes in a Status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// `DisruptionBudget`, `FieldValueInvalid`, ...
    pub reason: Arc<str>,
    /// What the server says.
    pub message: Arc<str>,
    /// Which field, if one.
    pub field: Arc<str>,
}

/// Why a request did not do what was asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refusal {
    /// As a user should hear it.
    pub problem: Problem,
    /// The answer's code; 0 when there was no answer.
    pub code: u16,
    /// The Status' reason, empty for none: `TooManyRequests`, `Conflict`.
    pub reason: Arc<str>,
    /// The Status' own message, empty for none.
    pub message: Arc<str>,
    /// The Status' causes.
    pub causes: Vec<Cause>,
    /// Seconds of Retry-After.
    pub retry_after: Option<u32>,
    /// `Warning:` headers.
    pub warnings: Vec<Arc<str>>,
    /// Whether the request may have taken effect although no answer came: it was
    /// sent, and the connection ended or the time ran out before an answer.
    pub unknown: bool,
}

impl Refusal {
    /// Of a call that was never sent.
    #[must_use]
    pub fn unsent(problem: Problem) -> Self {
        Self {
            problem,
            code: 0,
            reason: "".into(),
            message: "".into(),
            causes: Vec::new(),
            retry_after: None,
            warnings: Vec::new(),
            unknown: false,
        }
    }

    /// Why it was not done, for a reader who knows whether it took effect.
    #[must_use]
    pub fn why(&self) -> String {
        match self.budget() {
            Some(told) => budget(told).unwrap_or_else(|| told.to_owned()),
            None => Self { unknown: false, ..self.clone() }.to_string(),
        }
    }

    /// The disruption budget's own words, if one refused: `The disruption budget web needs
    /// 4 healthy pods and has 4 currently`.
    #[must_use]
    pub fn budget(&self) -> Option<&str> {
        let cause = self.causes.iter().find(|c| c.reason.as_ref() == "DisruptionBudget")?;
        let told = if cause.message.is_empty() { &self.message } else { &cause.message };
        (self.code == 429).then_some(told.as_ref())
    }

    /// Whether a precondition did not hold: the object is not what it was when it was read.
    #[must_use]
    pub fn changed(&self) -> bool {
        let test = |c: &Cause| c.message.contains("testing value") && c.message.contains("failed");
        let identity = |c: &Cause| c.field.as_ref() == "metadata.uid";
        self.code == 409 && self.reason.as_ref() != "AlreadyExists"
            || self.code == 422 && (self.blank() || self.causes.iter().any(|c| test(c) || identity(c)))
    }

    /// Whether it is the server's answer to a JSON patch that does not apply to what is there: a test
    /// that does not hold, a path that is not there. It names neither.
    #[must_use]
    pub fn blank(&self) -> bool {
        self.code == 422
            && self.causes.is_empty()
            && self.message.as_ref() == "the server rejected our request due to an error in our request"
    }
}

/// As a user should hear it, with the server's first cause.
impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.unknown {
            f.write_str("unknown whether it took effect: ")?;
        }
        let problem = self.problem.to_string();
        match self.causes.first() {
            // Some problems quote the first cause themselves.
            Some(cause) if !problem.contains(cause.message.as_ref()) => write!(f, "{problem}; {}", cause.message),
            _ => f.write_str(&problem),
        }
    }
}

/// What became of a request.
pub type Outcome = Result<Reply, Refusal>;

/// `budget web needs 4 healthy, has 4`, of `The disruption budget web needs 4 healthy pods and has 4 currently`.
fn budget(told: &str) -> Option<String> {
    let (name, rest) = told.strip_prefix("The disruption budget ")?.split_once(" needs ")?;
    let (needs, rest) = rest.split_once(" healthy pods and has ")?;
    let has = rest.strip_suffix(" currently")?;
    Some(format!("budget {name} needs {needs} healthy, has {has}"))
}
