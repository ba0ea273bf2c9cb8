//! Forwarding a local port to whichever pod a label selector finds.

use super::common::right_on;
use super::forward;
use super::shell::text;
use super::visit::namespace;
use crate::core::act::{Action, Asked, Class, Facts, Form, Holding, Plan, Reach, Read, Seed};
use crate::core::cluster::Cluster;
use crate::core::commands::CommandSpec;
use crate::core::facts;
use crate::core::held::Work;
use crate::core::held::forward::{Pods, Wish, address, chosen, ports};
use crate::core::kind::Kind;
use crate::core::plan::{Draft, Line, fields, words};
use serde_json::Value;
use std::sync::Arc;

pub(super) const FORWARD_LABELS: Action = Action {
    spec: CommandSpec {
        id: "forward_labels",
        title: "forward -l",
        doc: "Forward a local port to a ready pod with some labels: forward -l app=web 8080:80. It outlives the pod.",
    },
    reach: Reach::None,
    applies: |_| true,
    rights: |_| vec![right_on("list", "pods", true), right_on("create", "pods/portforward", true)],
    reads,
    form,
    plan: make,
};

/// The selector as the API takes it.
fn labels(asked: &Asked) -> Result<String, String> {
    match facts::typed(asked.values.text("selector"))?.to_string() {
        empty if empty.is_empty() => Err("labels, as app=web or tier in (a,b)".into()),
        labels => Ok(labels),
    }
}

fn reads(asked: &Asked, _: &Facts, cluster: &Cluster) -> Vec<Read> {
    let Some(kind) = cluster.kind("pods") else { return Vec::new() };
    let Ok(labels) = labels(asked) else { return Vec::new() };
    let namespace = Some(namespace(asked).into());
    vec![Read::List { kind, namespace, fields: "".into(), labels: labels.into() }]
}

fn form(asked: &Asked, _: &Facts) -> Form {
    let help = "Labels of the pods, as kubectl's -l takes them: app=web,tier!=test.";
    let selector = fields::line("selector", "selector", help, "", |given, _| match text(given).trim() {
        "" => Err("labels, as app=web".into()),
        labels => facts::typed(labels).map(|_| ()),
    });
    let help = "Where the pods are.";
    let place =
        fields::line("namespace", "namespace", help, namespace(asked), |given, _| words::label(text(given).trim()));
    let [ports, address] = forward::fields("");
    Form { fields: vec![selector, ports, place, address], notes: Vec::new() }
}

/// The pods as they were listed, with their kind.
fn listed<'a>(asked: &Asked, facts: &'a Facts) -> Result<(Arc<Kind>, &'a [Value]), String> {
    let wanted = labels(asked)?;
    let found = facts.answers.iter().find_map(|(read, answer)| match read {
        Read::List { kind, namespace: Some(ns), labels, .. } if **ns == *namespace(asked) && **labels == *wanted => {
            Some((kind, answer))
        }
        _ => None,
    });
    let (kind, answer) = found.ok_or("its pods are not known")?;
    let all = answer.as_ref().map_err(|why| format!("its pods cannot be read: {why}"))?;
    Ok((Arc::clone(kind), all.as_array().map_or(&[], Vec::as_slice)))
}

fn make(asked: &Asked, facts: &Facts) -> Plan {
    let mut draft = Draft::new(asked, Class::Open);
    let (ns, said) = (namespace(asked), asked.values.text("selector").trim());
    let title = format!("forward to pods {said} in {ns}");
    let subject = format!("{ns} -l {said}");
    match wish(asked, facts) {
        Ok(wish) => {
            let all = listed(asked, facts).map_or(&[][..], |(_, all)| all);
            match (all.len(), chosen(all, "")) {
                (0, _) => draft.warn("no pod has these labels now; the forward waits for one"),
                (_, None) => draft.warn("no pod with these labels is ready; the forward waits for one"),
                (_, Some(pod)) => draft.plan.kubectl.push(line(asked, ns, pod, &wish)),
            }
            let about = format!("pods {ns} -l {} :{}", wish.pods.labels, wish.port);
            forward::item(&mut draft, &subject, &wish);
            draft.plan.seed = Some(Seed::Holding(Box::new(Holding { work: Work::Forward(wish), about })));
        }
        Err(why) => draft.block(subject, why),
    }
    let mut plan = draft.finish(title);
    plan.count = 1;
    plan
}

/// kubectl knows no selector here: its line names the pod that is led to first.
fn line(asked: &Asked, ns: &str, pod: &Value, wish: &Wish) -> String {
    let name = format!("pods/{}", facts::Meta::of(pod).name);
    let line = Line::new(&asked.place).namespace(ns).word("port-forward").word(&name);
    forward::ending(line, wish, &wish.port)
}

fn wish(asked: &Asked, facts: &Facts) -> Result<Wish, String> {
    let (local, port) = ports(asked.values.text("ports"))?;
    let address = address(asked.values.text("address"))?;
    let labels = labels(asked)?;
    let (kind, _) = listed(asked, facts)?;
    let pods = Pods { kind, namespace: namespace(asked).into(), name: None, labels: labels.into() };
    Ok(Wish { cluster: asked.place.cluster, pods, address, local, port })
}
