//! The journal's lines: what was done, by whom, to what, and what came of it.
//! One JSON object a line, written by the runtime and synced to disk: the intent
//! before a call is sent, its result after. Never a secret's value.

use super::act::Outcome;
use super::job::Record;
use super::kind::ObjectRef;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a line tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// A job was confirmed and begins.
    Begin,
    /// A call is about to be sent.
    Intent,
    /// What came of it.
    Result,
    /// The job ended.
    End,
}

/// The object of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// `pods`, `deployments.apps`.
    pub resource: String,
    /// Empty for cluster-scoped kinds.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its uid, where it was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
}

impl From<&ObjectRef> for Object {
    fn from(o: &ObjectRef) -> Self {
        Self {
            resource: o.kind.resource(),
            namespace: o.namespace.to_string(),
            name: o.name.to_string(),
            uid: o.uid.map(|u| u.to_string()),
        }
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// RFC 3339 with milliseconds, UTC, by the local clock.
    pub time: String,
    /// What it tells.
    pub phase: Phase,
    /// The job, unique on this machine: start time, process, number.
    pub job: String,
    /// Number of the call within its job; 0 for lines about the whole job.
    pub call: u32,
    /// The context's name.
    pub context: String,
    /// The server's address.
    pub server: String,
    /// The user as the server names it, empty while that is not known.
    pub user: String,
    /// The action's id for a job, else the step: `evict`, `cordon`.
    pub step: String,
    /// On what.
    pub targets: Vec<Object>,
    /// The form's values, or what the step changes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// How it ended, for results and ends: `ok`, or what went wrong.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub result: String,
    /// The same in kubectl's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kubectl: String,
}

impl Line {
    /// What it is about: `shop/web-1`, or how many.
    #[must_use]
    pub fn about(&self) -> String {
        let name = |o: &Object| {
            if o.namespace.is_empty() { o.name.clone() } else { format!("{}/{}", o.namespace, o.name) }
        };
        match self.targets.as_slice() {
            [] => String::new(),
            [one] => name(one),
            [first, rest @ ..] => format!("{} and {} more", name(first), rest.len()),
        }
    }

    /// What it tells, in a word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self.phase {
            Phase::Begin => "begin",
            Phase::Intent => "intent",
            Phase::Result => "result",
            Phase::End => "end",
        }
    }

    /// What it changes or what came of it, and else the kubectl line.
    #[must_use]
    pub fn matter(&self) -> String {
        if !self.result.is_empty() {
            return self.result.clone();
        }
        let fields: Vec<String> =
            self.fields.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| format!("{k}={v}")).collect();
        if fields.is_empty() { self.kubectl.clone() } else { fields.join(" ") }
    }

    /// All of it in one line, for searching.
    #[must_use]
    pub fn told(&self) -> String {
        let Self { time, job, context, user, step, kubectl, .. } = self;
        let (word, about, matter) = (self.word(), self.about(), self.matter());
        format!("{time} {context} {user} {job} {word} {step} {about} {matter} {kubectl}")
    }

    /// All of it, a line for each part.
    #[must_use]
    pub fn whole(&self) -> Vec<String> {
        let mut out = vec![
            format!("{} {} {}", self.time, self.word(), self.step),
            format!("context {} at {}", self.context, self.server),
        ];
        let mut add = |name: &str, value: &str| {
            if !value.is_empty() {
                out.push(format!("{name} {value}"));
            }
        };
        add("user", &self.user);
        for o in &self.targets {
            let of = if o.namespace.is_empty() { String::new() } else { format!(" in {}", o.namespace) };
            let uid = o.uid.as_deref().map(|u| format!(", uid {u}")).unwrap_or_default();
            add("on", &format!("{} {}{of}{uid}", o.resource, o.name));
        }
        for (name, value) in &self.fields {
            add(name, &value.replace('\n', ", "));
        }
        add("result", &self.result);
        add("kubectl", &self.kubectl);
        out
    }
}

/// Who does it and where: the same for all lines of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// See [`Line::job`].
    pub job: String,
    /// See [`Line::context`].
    pub context: String,
    /// See [`Line::server`].
    pub server: String,
    /// See [`Line::user`].
    pub user: String,
}

impl Head {
    /// The line about one step, before its call is sent (no outcome) or after.
    #[must_use]
    pub fn step(&self, time: String, call: u32, record: &Record, outcome: Option<&Outcome>) -> Line {
        Line {
            time,
            phase: if outcome.is_some() { Phase::Result } else { Phase::Intent },
            job: self.job.clone(),
            call,
            context: self.context.clone(),
            server: self.server.clone(),
            user: self.user.clone(),
            step: record.step.to_owned(),
            targets: vec![Object::from(&record.target)],
            fields: record.fields.clone(),
            result: outcome.map(result).unwrap_or_default(),
            kubectl: record.kubectl.clone(),
        }
    }
}

/// How an outcome is written: no body, which might hold a secret.
fn result(outcome: &Outcome) -> String {
    match outcome {
        Ok(reply) => format!("ok {}", reply.code),
        Err(refusal) => refusal.to_string(),
    }
}
