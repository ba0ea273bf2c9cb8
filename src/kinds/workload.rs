//! What controllers of pods have in common: template, selector, conditions,
//! and the way to say what is wrong with one.

use super::meta::Meta;
use super::text::{List, Pairs, Str, or_default};
use crate::core::health::Health;
use serde::Deserialize;
use std::borrow::Cow;

/// Slim `PodTemplateSpec`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Template<'a> {
    #[serde(borrow, deserialize_with = "or_default")]
    pub spec: TemplateSpec<'a>,
}

/// The pod spec of a template.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TemplateSpec<'a> {
    #[serde(borrow)]
    pub containers: List<Container<'a>>,
    #[serde(borrow)]
    pub node_selector: Pairs<'a>,
}

/// A container of a template.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Container<'a> {
    #[serde(borrow)]
    pub name: Str<'a>,
    #[serde(borrow)]
    pub image: Str<'a>,
}

impl Template<'_> {
    /// CONTAINERS.
    pub fn names(&self) -> String {
        self.spec.containers.iter().map(|c| &*c.name).collect::<Vec<_>>().join(",")
    }

    /// IMAGES.
    pub fn images(&self) -> String {
        self.spec.containers.iter().map(|c| &*c.image).collect::<Vec<_>>().join(",")
    }
}

/// A label selector.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Selector<'a> {
    #[serde(borrow)]
    match_labels: Pairs<'a>,
    #[serde(borrow)]
    match_expressions: List<Expression<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Expression<'a> {
    #[serde(borrow)]
    key: Str<'a>,
    #[serde(borrow)]
    operator: Str<'a>,
    #[serde(borrow)]
    values: List<Str<'a>>,
}

impl Selector<'_> {
    /// As Kubernetes prints selectors: `app=web,tier in (a,b),!old`, in key order; empty for none.
    pub fn printed(&self) -> String {
        let labels = self.match_labels.0.iter().map(|(k, v)| (&**k, format!("{}={}", &**k, &**v)));
        let expressions = self.match_expressions.iter().map(|e| (&*e.key, e.printed()));
        let mut all: Vec<(&str, String)> = labels.chain(expressions).collect();
        all.sort_by(|a, b| a.0.cmp(b.0));
        all.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(",")
    }

    /// The same, with `<none>` for an empty one, as most printers have it.
    pub fn printed_or_none(&self) -> Cow<'static, str> {
        match self.printed() {
            s if s.is_empty() => "<none>".into(),
            s => s.into(),
        }
    }
}

impl Expression<'_> {
    fn printed(&self) -> String {
        let mut values: Vec<&str> = self.values.iter().map(|v| &**v).collect();
        values.sort_unstable();
        let (key, values) = (&*self.key, values.join(","));
        match &*self.operator {
            "In" => format!("{key} in ({values})"),
            "NotIn" => format!("{key} notin ({values})"),
            "Exists" => key.to_owned(),
            "DoesNotExist" => format!("!{key}"),
            _ => "<error>".to_owned(),
        }
    }
}

/// A condition of a controller, a job or a namespace.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Condition<'a> {
    #[serde(borrow, rename = "type")]
    pub kind: Str<'a>,
    #[serde(borrow)]
    pub status: Str<'a>,
    #[serde(borrow)]
    pub reason: Str<'a>,
    #[serde(borrow)]
    pub message: Str<'a>,
}

impl Condition<'_> {
    /// Whether it holds.
    pub fn is_true(&self) -> bool {
        self.status == "True"
    }

    /// `Reason: message`, without an empty half.
    pub fn why(&self) -> String {
        match (self.reason.is_empty(), self.message.is_empty()) {
            (false, false) => format!("{}: {}", &*self.reason, &*self.message),
            (true, _) => self.message.to_string(),
            (_, true) => self.reason.to_string(),
        }
    }
}

/// The condition of a type.
pub fn condition<'c, 'a>(all: &'c [Condition<'a>], kind: &str) -> Option<&'c Condition<'a>> {
    all.iter().find(|c| c.kind == kind)
}

/// What is wrong with an object, and how bad that is: the WRONG column and the row's health.
#[derive(Debug, Default)]
pub struct Verdict {
    /// The worst that was said.
    pub health: Health,
    notes: Vec<String>,
}

impl Verdict {
    /// What holds for every controlled object: deletion, and changes its controller has not seen.
    pub fn of(meta: &Meta<'_>, observed: i64) -> Self {
        let mut out = Self::default();
        if meta.deleting() {
            out.say(Health::Busy, "terminating");
        }
        if meta.generation > observed {
            out.say(Health::Busy, format!("not observed: generation {}, seen {observed}", meta.generation));
        }
        out
    }

    /// Adds a note; the worst health stays.
    pub fn say(&mut self, health: Health, note: impl Into<String>) {
        self.health = self.health.max(health);
        self.notes.push(note.into());
    }

    /// Says how many of the wanted replicas are missing from `have`. None at all is bad.
    /// While a rollout goes on (the verdict says so already) a few missing are part of it.
    pub fn count(&mut self, what: &str, have: i64, want: i64) {
        if have < want {
            let missing = want - have;
            let health = if have == 0 {
                Health::Bad
            } else if self.health == Health::Busy {
                Health::Busy
            } else {
                Health::Warn
            };
            self.say(health, format!("{what}: {missing} of {want}"));
        }
    }

    /// WRONG.
    pub fn text(&self) -> String {
        self.notes.join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_print_as_kubernetes_prints_them() {
        let text = r#"{"matchLabels":{"b":"2"},"matchExpressions":[{"key":"c","operator":"In","values":["y","x"]},
            {"key":"a","operator":"DoesNotExist"},{"key":"d","operator":"Exists","values":null},
            {"key":"e","operator":"NotIn","values":["1"]}]}"#;
        let selector: Selector<'_> = serde_json::from_str(text).unwrap();
        assert_eq!(selector.printed(), "!a,b=2,c in (x,y),d,e notin (1)");
        assert_eq!(Selector::default().printed_or_none(), "<none>");
    }

    #[test]
    fn the_worst_note_decides_and_a_rollout_excuses_some() {
        let mut v = Verdict::default();
        v.count("unavailable", 1, 3);
        assert_eq!((v.health, v.text().as_str()), (Health::Warn, "unavailable: 2 of 3"));
        let mut v = Verdict::default();
        v.say(Health::Busy, "progressing");
        v.count("unavailable", 2, 3);
        assert_eq!(v.health, Health::Busy);
        v.count("unavailable", 0, 3);
        assert_eq!(v.health, Health::Bad);
    }
}
