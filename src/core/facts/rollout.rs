//! How a rollout stands, by the rules and in the words of kubectl's `rollout status`.

use super::{count, list, text};
use crate::core::job::Verdict;
use serde_json::Value;

/// Of a Deployment, `DaemonSet` or `StatefulSet`; anything else is there at once.
#[must_use]
pub fn rollout(object: &Value) -> Verdict {
    let (spec, status) = (&object["spec"], &object["status"]);
    if count(&object["metadata"]["generation"]) > count(&status["observedGeneration"]) {
        return Verdict::Going("waiting until the controller has seen the change".into());
    }
    match text(&object["kind"]) {
        "Deployment" => deployment(spec, status),
        "DaemonSet" => daemons(spec, status),
        "StatefulSet" => stateful(spec, status),
        _ => Verdict::Reached("changed".into()),
    }
}

fn deployment(spec: &Value, status: &Value) -> Verdict {
    let progressing = list(&status["conditions"]).iter().find(|c| text(&c["type"]) == "Progressing");
    if let Some(c) = progressing.filter(|c| text(&c["reason"]) == "ProgressDeadlineExceeded") {
        return Verdict::Stuck(format!("it exceeded its progress deadline: {}", text(&c["message"])));
    }
    let wanted = spec["replicas"].as_i64().unwrap_or(1);
    let n = |key: &str| count(&status[key]);
    let (all, updated, available) = (n("replicas"), n("updatedReplicas"), n("availableReplicas"));
    if updated < wanted {
        return Verdict::Going(format!("{updated} of {wanted} new replicas updated"));
    }
    if all > updated {
        return Verdict::Going(format!("{} old replicas still terminate", all - updated));
    }
    if available < updated {
        return Verdict::Going(format!("{available} of {updated} updated replicas available"));
    }
    Verdict::Reached(format!("rolled out, {available} available"))
}

fn daemons(spec: &Value, status: &Value) -> Verdict {
    if text(&spec["updateStrategy"]["type"]) == "OnDelete" {
        return Verdict::Reached("changed; its pods follow when they are deleted (OnDelete)".into());
    }
    let n = |key: &str| count(&status[key]);
    let (wanted, updated, available) = (n("desiredNumberScheduled"), n("updatedNumberScheduled"), n("numberAvailable"));
    if updated < wanted {
        return Verdict::Going(format!("{updated} of {wanted} new pods updated"));
    }
    if available < wanted {
        return Verdict::Going(format!("{available} of {wanted} updated pods available"));
    }
    Verdict::Reached(format!("rolled out, {available} available"))
}

fn stateful(spec: &Value, status: &Value) -> Verdict {
    let strategy = &spec["updateStrategy"];
    if text(&strategy["type"]) == "OnDelete" {
        return Verdict::Reached("changed; its pods follow when they are deleted (OnDelete)".into());
    }
    let wanted = spec["replicas"].as_i64().unwrap_or(1);
    let n = |key: &str| count(&status[key]);
    if n("readyReplicas") < wanted {
        return Verdict::Going(format!("{} of {wanted} pods ready", n("readyReplicas")));
    }
    let partition = count(&strategy["rollingUpdate"]["partition"]);
    if partition > 0 {
        let (updated, goal) = (n("updatedReplicas"), (wanted - partition).max(0));
        return if updated < goal {
            Verdict::Going(format!("partition {partition}: {updated} of {goal} new pods updated"))
        } else {
            Verdict::Reached(format!("rolled out down to partition {partition}, {updated} new pods"))
        };
    }
    if text(&status["updateRevision"]) != text(&status["currentRevision"]) {
        return Verdict::Going(format!(
            "{} pods at revision {}",
            n("updatedReplicas"),
            text(&status["updateRevision"])
        ));
    }
    Verdict::Reached(format!(
        "rolled out, {} pods at revision {}",
        n("currentReplicas"),
        text(&status["currentRevision"])
    ))
}

/// Whether as many are ready as are wanted. Of a kind whose status does not count ready
/// ones, the replicas there are count.
#[must_use]
pub fn scaled(object: &Value) -> Verdict {
    let (spec, status) = (&object["spec"], &object["status"]);
    let wanted = spec["replicas"].as_i64().unwrap_or(1);
    if count(&object["metadata"]["generation"]) > count(&status["observedGeneration"])
        && !status["observedGeneration"].is_null()
    {
        return Verdict::Going("waiting until the controller has seen the change".into());
    }
    let has = count(&status["replicas"]);
    // Zero is left out by the built-in kinds, so only theirs is known to be counted.
    let counts = matches!(text(&object["kind"]), "Deployment" | "StatefulSet" | "ReplicaSet" | "ReplicationController");
    let ready = if counts { count(&status["readyReplicas"]) } else { status["readyReplicas"].as_i64().unwrap_or(has) };
    if has == wanted && ready == wanted {
        return Verdict::Reached(format!("{ready} of {wanted} ready"));
    }
    let failure = |c: &&Value| text(&c["type"]) == "ReplicaFailure" && text(&c["status"]) == "True";
    let why = list(&status["conditions"]).iter().find(failure).map(|c| format!(": {}", text(&c["message"])));
    let extra = if has > wanted { format!(", {} to go", has - wanted) } else { String::new() };
    Verdict::Going(format!("{ready} of {wanted} ready{extra}{}", why.unwrap_or_default()))
}
