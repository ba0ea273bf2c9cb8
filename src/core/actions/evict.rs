//! Evicting pods: their budgets are asked.

use super::common::{What, fields, is, right, right_on};
use crate::core::act::{Action, Asked, Class, Facts, Form, Plan, Reach, Read, calls};
use crate::core::cluster::Cluster;
use crate::core::commands::CommandSpec;
use crate::core::facts::{Budget, Pod};
use crate::core::plan::{self, Draft, Line, Tally, Word, fields as form_fields, subject, those};
use crate::core::role::Role;

pub(super) const EVICT: Action = Action {
    spec: CommandSpec {
        id: "evict",
        title: "evict",
        doc: "Ask the pod to go as a drain would: its disruption budgets may refuse.",
    },
    reach: Reach::Many,
    applies: |kind| is(kind, "", "pods"),
    rights: |kind| {
        vec![
            right("get", kind, ""),
            right("create", kind, "eviction"),
            right_on("list", "poddisruptionbudgets.policy", true),
        ]
    },
    reads,
    form: |_, _| Form {
        fields: vec![form_fields::line(
            "grace-period",
            "grace",
            "Seconds to end in; nothing for its own.",
            "",
            form_fields::grace,
        )],
        notes: Vec::new(),
    },
    plan: make,
};

fn reads(asked: &Asked, _: &Facts, cluster: &Cluster) -> Vec<Read> {
    let mut out: Vec<_> = asked.targets.iter().cloned().map(Read::Object).collect();
    if let Some(kind) = cluster.kind("poddisruptionbudgets") {
        for target in &asked.targets {
            let read = plan::all(kind.clone(), Some(target.namespace.clone()));
            if !out.contains(&read) {
                out.push(read);
            }
        }
    }
    out
}

fn make(asked: &Asked, facts: &Facts) -> Plan {
    let mut draft = Draft::new(asked, Class::Disruptive);
    let grace = asked.values.text("grace-period").parse::<i64>().ok().filter(|g| *g >= 0);
    let (mut budgets, mut version, mut seen) = (Vec::new(), "v1".to_owned(), Vec::new());
    for target in &asked.targets {
        if seen.contains(&&target.namespace) {
            continue;
        }
        seen.push(&target.namespace);
        match plan::listed(facts, "poddisruptionbudgets.policy", Some(&target.namespace), "") {
            Some(Ok((kind, items))) => {
                version = kind.version.to_string();
                budgets.extend(items.iter().map(Budget::of));
            }
            Some(Err(why)) => draft.plan.unknown.push(format!("the budgets of {}: {why}", target.namespace)),
            None => {}
        }
    }
    let mut tally = Tally::new(budgets);
    for target in &asked.targets {
        let Some(object) = draft.target(facts, target) else { continue };
        let pod = Pod::of(object);
        let detail = match tally.next(&pod) {
            Word::Free => String::new(),
            Word::Goes(words) => format!("budget {words}"),
            Word::Waits(words) => {
                draft.warn(format!("{} has to wait: budget {words}", subject(target)));
                format!("has to wait: budget {words}")
            }
            Word::Never(names) => {
                draft.warn(format!(
                    "{}: two budgets cover it ({names}), so the server will not evict it",
                    subject(target)
                ));
                "the server will not evict it".into()
            }
        };
        if pod.meta.controller().is_none() && !pod.finished() {
            draft.at_least(Class::Irreversible);
            draft.warn(format!("{}: nobody manages it, so nobody makes it anew", subject(target)));
        }
        draft.item(subject(target), "evict", detail, Role::RowWarn);
        let url = format!("/api/v1/namespaces/{}/pods/{}/eviction", target.namespace, target.name);
        let kubectl = Line::new(&asked.place).word("create").word("--raw").word(&url).words("-f -").done();
        let line = format!(
            "echo '{{\"apiVersion\":\"policy/{version}\",\"kind\":\"Eviction\",\"metadata\":{{\"name\":\"{}\",\"namespace\":\"{}\"}}}}' | {kubectl}",
            target.name, target.namespace
        );
        draft.plan.kubectl.push(line.clone());
        let given = grace.map_or_else(|| "its own".to_owned(), |g| g.to_string());
        let what = What {
            step: "evict",
            fields: fields([("gracePeriodSeconds", &given)]),
            kubectl: line,
            done: "evicted".into(),
        };
        draft.step(what.removal(target, calls::evict(target, &version, grace)));
    }
    draft.finish(format!("evict {}", those(&asked.targets)))
}
