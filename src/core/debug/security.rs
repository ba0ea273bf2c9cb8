//! Pod Security: what a namespace's level forbids, and what would pass.

use super::profile::{Profile, Style};
use crate::core::facts::text;
use serde_json::Value;

/// A level that a namespace enforces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Known ways to more rights are forbidden.
    Baseline,
    /// Whatever is not needed is forbidden.
    Restricted,
}

impl Level {
    fn named(name: &str) -> Option<Self> {
        match name {
            "baseline" => Some(Self::Baseline),
            "restricted" => Some(Self::Restricted),
            _ => None,
        }
    }

    /// As the label has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Restricted => "restricted",
        }
    }
}

/// The level that a namespace says it enforces; `None` for privileged, which forbids nothing.
#[must_use]
pub fn enforced(namespace: &Value) -> Option<Level> {
    Level::named(text(&namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]))
}

/// The level and the complaints of a refusal: `violates PodSecurity "restricted:latest": runAsNonRoot != true ...`.
#[must_use]
pub fn violation(message: &str) -> Option<(Level, &str)> {
    let (level, rest) = message.split_once("violates PodSecurity \"")?.1.split_once('"')?;
    let level = Level::named(level.split(':').next().unwrap_or(level))?;
    Some((level, rest.trim_start_matches(": ")))
}

/// Whether what a profile adds passes a level.
fn passes(profile: Profile, style: Style, level: Level) -> bool {
    match (profile, style, level) {
        (Profile::Restricted, ..) | (Profile::Baseline, _, Level::Baseline) => true,
        (Profile::General, style, Level::Baseline) => style == Style::Run,
        _ => false,
    }
}

/// What would pass a level that refuses, or is known to refuse, a profile; `None` if the profile should pass.
#[must_use]
pub fn advice(level: Level, style: Style, profile: Profile) -> Option<String> {
    if passes(profile, style, level) {
        return None;
    }
    let passing: Vec<_> = [Profile::General, Profile::Baseline, Profile::Restricted]
        .into_iter()
        .filter(|p| passes(*p, style, level))
        .collect();
    let names: Vec<_> = passing.iter().map(|p| p.name()).collect();
    let mut advice = format!("profile {} passes", names.join(" or "));
    if level == Level::Restricted {
        advice.push_str(" (with an image that does not run as root)");
    }
    match style {
        Style::Node => advice.push_str(
            ", but sees nothing of the node; a namespace whose level is privileged, as kube-system mostly is, lets all through",
        ),
        Style::Ephemeral | Style::Copy => advice.push_str(", if the rest of the pod does"),
        Style::Run => {}
    }
    Some(advice)
}
