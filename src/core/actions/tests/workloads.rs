//! Scaling, rollouts and images.

use crate::core::act::{Class, Given, Patch, Plan, Values, Verb};
use crate::core::plan::testing::{NOW, World, lay, owned, uid};
use serde_json::{Value, json};

fn text(id: &str, value: &str) -> Values {
    Values::default().with(id, Given::Text(value.into()))
}

fn body(plan: &Plan) -> Value {
    plan.trial[0].1.body.as_deref().cloned().unwrap_or_default()
}

fn template(image: &str) -> Value {
    json!({
        "metadata": {"labels": {"app": "web"}},
        "spec": {"containers": [{"name": "c", "image": image, "resources": {"requests": {"cpu": "500m"}}}]},
    })
}

fn load(over: Value) -> Value {
    let mut o = json!({
        "metadata": {"generation": 4},
        "spec": {"replicas": 2, "template": template("web:3")},
        "status": {"replicas": 2, "readyReplicas": 2},
    });
    lay(&mut o, over);
    o
}

const WEB: &[&str] = &["shop/web"];
const DEPLOYMENTS: &str = "deployments.apps";

#[test]
fn a_scale_holds_to_the_count_it_was_planned_on() {
    let w = World::default().with(DEPLOYMENTS, "shop/web", load(json!({})));
    // Prefilled with the count there is: nothing to do.
    assert!(w.plan("scale", DEPLOYMENTS, WEB, Values::default()).seed.is_none());
    let up = w.plan("scale", DEPLOYMENTS, WEB, text("replicas", "5"));
    let call = &up.trial[0].1;
    assert_eq!((call.subresource.as_ref(), call.verb), ("scale", Verb::Patch(Patch::Json)));
    assert_eq!(
        body(&up),
        json!([
            {"op": "test", "path": "/metadata/uid", "value": uid("web")},
            {"op": "test", "path": "/spec/replicas", "value": 2},
            {"op": "add", "path": "/spec/replicas", "value": 5},
        ])
    );
    assert_eq!(
        up.kubectl,
        ["kubectl --context prod -n shop scale deployments.apps/web --current-replicas=2 --replicas=5"]
    );
    assert_eq!((up.class, up.items[0].verdict.as_str()), (Class::Reversible, "2 -> 5"));
    let down = w.plan("scale", DEPLOYMENTS, WEB, text("replicas", "0"));
    assert_eq!(down.class, Class::Disruptive);
    assert!(down.warnings[0].contains("budgets do not protect") && down.blast[0].contains("no replica is left"));
    for bad in ["", "-1", "x", "2.5"] {
        let plan = w.plan("scale", DEPLOYMENTS, WEB, text("replicas", bad));
        assert!(plan.seed.is_none(), "{bad:?}: {plan:#?}");
    }
    // The API leaves a zero out.
    let none = World::default().with(DEPLOYMENTS, "shop/web", load(json!({"spec": {"replicas": 0}})));
    assert_eq!(body(&none.plan("scale", DEPLOYMENTS, WEB, text("replicas", "1")))[1]["value"], Value::Null);
}

#[test]
fn who_fights_or_refuses_a_count_is_named() {
    let hpa =
        json!({"spec": {"minReplicas": 2, "maxReplicas": 4, "scaleTargetRef": {"kind": "Deployment", "name": "web"}}});
    let quota = json!({"status": {"hard": {"requests.cpu": "2", "pods": "10"}, "used": {"requests.cpu": "1500m", "pods": "2"}}});
    let w = World::default()
        .with(DEPLOYMENTS, "shop/web", load(json!({})))
        .with("horizontalpodautoscalers.autoscaling", "shop/auto", hpa)
        .with("resourcequotas", "shop/limits", quota);
    let plan = w.plan("scale", DEPLOYMENTS, WEB, text("replicas", "5"));
    assert!(plan.warnings.iter().any(|w| w.contains("autoscaler auto keeps 2 to 4")), "{:?}", plan.warnings);
    assert!(plan.reverts.iter().any(|r| r.contains("HorizontalPodAutoscaler auto")));
    let refused: Vec<_> = plan.warnings.iter().filter(|w| w.contains("quota limits")).collect();
    assert!(refused.len() == 1 && refused[0].contains("requests.cpu"), "{:?}", plan.warnings);
    let blind = w.without("resourcequotas").without("horizontalpodautoscalers.autoscaling");
    assert_eq!(blind.plan("scale", DEPLOYMENTS, WEB, text("replicas", "5")).unknown.len(), 2);
}

#[test]
fn many_are_scaled_at_once_and_never_begin_at_zero() {
    let w = World::default()
        .with(DEPLOYMENTS, "shop/web", load(json!({})))
        .with(DEPLOYMENTS, "shop/api", load(json!({"spec": {"replicas": 3}})))
        .with("backups.demo.example.test", "shop/one", json!({"spec": {"replicas": 1}}))
        .with("backups.demo.example.test", "shop/none", json!({"spec": {}}));
    let names = ["shop/web", "shop/api"];
    let plan = w.plan("scale", DEPLOYMENTS, &names, Values::default());
    assert!(plan.seed.is_none() && !plan.blockers.is_empty(), "nobody typed a count: {plan:#?}");
    let plan = w.plan("scale", DEPLOYMENTS, &names, text("replicas", "3"));
    assert_eq!((plan.trial.len(), plan.items[1].verdict.as_str()), (1, "as it is"));
    let custom = "backups.demo.example.test";
    assert_eq!(w.plan("scale", custom, &["shop/one"], text("replicas", "2")).trial.len(), 1);
    let without = w.plan("scale", custom, &["shop/none"], text("replicas", "2"));
    assert!(without.blockers[0].reason.contains("backups have no scale"), "{:?}", without.blockers);
}

#[test]
fn a_restart_is_kubectls_annotation_and_a_paused_one_is_refused() {
    let w = World::default().with(DEPLOYMENTS, "shop/web", load(json!({})));
    let plan = w.plan("restart", DEPLOYMENTS, WEB, Values::default());
    let at = jiff::Timestamp::from_millisecond(NOW).unwrap().to_string();
    assert_eq!(
        body(&plan),
        json!({"metadata": {"uid": uid("web")},
            "spec": {"template": {"metadata": {"annotations": {"kubectl.kubernetes.io/restartedAt": at}}}}})
    );
    assert_eq!(
        (plan.class, plan.kubectl[0].as_str()),
        (Class::Disruptive, "kubectl --context prod -n shop rollout restart deployments.apps/web")
    );
    let of = |resource: &str, over: Value| {
        World::default().with(resource, "shop/web", load(over)).plan("restart", resource, WEB, Values::default())
    };
    let paused = of(DEPLOYMENTS, json!({"spec": {"paused": true}}));
    assert!(paused.seed.is_none() && paused.blockers[0].reason.contains("resume it first"));
    let all = of(DEPLOYMENTS, json!({"spec": {"strategy": {"type": "Recreate"}}}));
    assert!(all.blast[0].contains("all 2 pods go before"), "{:?}", all.blast);
    let part = of(
        "statefulsets.apps",
        json!({"spec": {"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}}}}),
    );
    assert!(part.items[0].detail.contains("partition 1"), "{:?}", part.items);
    let never = of("daemonsets.apps", json!({"spec": {"updateStrategy": {"type": "OnDelete"}}}));
    assert!(never.items[0].detail.contains("only when they are deleted"), "{:?}", never.items);
}

#[test]
fn a_rollout_is_held_and_let_go() {
    let w = World::default().with(DEPLOYMENTS, "shop/web", load(json!({}))).with(
        DEPLOYMENTS,
        "shop/held",
        load(json!({"spec": {"paused": true}})),
    );
    let both = ["shop/web", "shop/held"];
    let pause = w.plan("rollout_pause", DEPLOYMENTS, &both, Values::default());
    assert_eq!(body(&pause), json!({"metadata": {"uid": uid("web")}, "spec": {"paused": true}}));
    assert_eq!((pause.trial.len(), pause.items[1].detail.as_str()), (1, "paused already"));
    let resume = w.plan("rollout_resume", DEPLOYMENTS, &both, Values::default());
    assert_eq!(body(&resume), json!({"metadata": {"uid": uid("held")}, "spec": {"paused": null}}));
    assert_eq!(resume.kubectl, ["kubectl --context prod -n shop rollout resume deployments.apps/held"]);
}

fn revision(number: &str, image: &str, cause: &str) -> Value {
    let mut set = owned("Deployment", "web");
    let mut template = template(image);
    template["metadata"]["labels"]["pod-template-hash"] = number.into();
    let over = json!({
        "metadata": {"annotations": {"deployment.kubernetes.io/revision": number, "kubernetes.io/change-cause": cause}},
        "spec": {"template": template},
    });
    lay(&mut set, over);
    set
}

fn history() -> World {
    let mut alien = revision("9", "evil:1", "of another");
    alien["metadata"]["ownerReferences"][0]["uid"] = uid("another").into();
    let own = json!({"metadata": {"annotations": {"deployment.kubernetes.io/revision": "3", "mine": "x",
        "kubectl.kubernetes.io/last-applied-configuration": "{}"}}});
    World::default()
        .with(DEPLOYMENTS, "shop/web", load(own))
        .with("replicasets.apps", "shop/web-1", revision("1", "web:1", "first"))
        .with("replicasets.apps", "shop/web-2", revision("2", "web:2", "second"))
        .with("replicasets.apps", "shop/web-3", revision("3", "web:3", "third"))
        .with("replicasets.apps", "shop/web-9", alien)
}

#[test]
fn undo_goes_to_the_one_before_or_to_any_chosen() {
    let before = history().plan("rollout_undo", DEPLOYMENTS, WEB, Values::default());
    assert_eq!(before.items[0].verdict, "back to 2");
    assert_eq!(before.kubectl[0], "kubectl --context prod -n shop rollout undo deployments.apps/web --to-revision=2");
    let sent = body(&before);
    assert_eq!(sent[1], json!({"op": "test", "path": "/metadata/generation", "value": 4}));
    assert_eq!(sent[2]["value"], template("web:2"), "without the hash of its ReplicaSet");
    let annotations = &sent[3]["value"];
    assert_eq!(annotations["kubernetes.io/change-cause"], "second");
    assert_eq!(annotations["deployment.kubernetes.io/revision"], "3", "the Deployment's own stay");
    assert_eq!(annotations["kubectl.kubernetes.io/last-applied-configuration"], "{}");
    assert!(annotations["mine"].is_null(), "as kubectl: the revision's annotations, not those of now");
    let chosen = |c: &str| {
        history().plan("rollout_undo", DEPLOYMENTS, WEB, Values::default().with("to-revision", Given::Choice(c.into())))
    };
    assert_eq!(chosen("1  web:1  first").items[0].verdict, "back to 1");
    assert!(chosen("7").blockers[0].reason.contains("revision 7 is not there any more"));
    assert_eq!(chosen("3").items[0].verdict, "as it is");
    assert!(chosen("9").blockers[0].reason.contains("not there"), "it belongs to another");
}

#[test]
fn undo_refuses_what_kubectl_refuses() {
    let paused = World::default().with(DEPLOYMENTS, "shop/web", load(json!({"spec": {"paused": true}})));
    assert!(paused.plan("rollout_undo", DEPLOYMENTS, WEB, Values::default()).blockers[0].reason.contains("paused"));
    let young = World::default().with(DEPLOYMENTS, "shop/web", load(json!({})));
    assert!(young.plan("rollout_undo", DEPLOYMENTS, WEB, Values::default()).blockers[0].reason.contains("no earlier"));
    let blind = history().without("replicasets.apps").plan("rollout_undo", DEPLOYMENTS, WEB, Values::default());
    assert!(blind.blockers[0].reason.contains("history cannot be read"), "{:?}", blind.blockers);
}

#[test]
fn undo_of_a_set_sends_its_revisions_own_patch() {
    let revision = |n: i64, image: &str| {
        let mut r = owned("StatefulSet", "web");
        lay(&mut r, json!({"revision": n, "data": {"spec": {"template": template(image)}}}));
        r["data"]["spec"]["template"]["$patch"] = "replace".into();
        r
    };
    let w = World::default()
        .with("statefulsets.apps", "shop/web", load(json!({})))
        .with("controllerrevisions.apps", "shop/web-a", revision(1, "web:1"))
        .with("controllerrevisions.apps", "shop/web-b", revision(2, "web:3"));
    let plan = w.plan("rollout_undo", "statefulsets.apps", WEB, Values::default());
    assert_eq!(plan.trial[0].1.verb, Verb::Patch(Patch::Strategic));
    assert_eq!(body(&plan)["spec"]["template"]["$patch"], "replace");
    assert_eq!(body(&plan)["metadata"]["uid"], uid("web").as_str());
    assert_eq!(body(&plan)["spec"]["template"]["spec"]["containers"][0]["image"], "web:1");
}

#[test]
fn images_are_set_by_container() {
    let images = |lines: &[&str]| {
        Values::default().with("images", Given::Lines(lines.iter().map(|l| (*l).to_owned()).collect()))
    };
    let w = World::default()
        .with(
            DEPLOYMENTS,
            "shop/web",
            load(json!({"spec": {"template": {"spec": {"initContainers": [{"name": "i", "image": "init:1"}]}}}})),
        )
        .with(
            "cronjobs.batch",
            "shop/web",
            json!({"spec": {"jobTemplate": {"spec": {"template": template("job:1")}}}}),
        );
    let plan = w.plan("set_image", DEPLOYMENTS, WEB, images(&["c=web:4", "i=init:1"]));
    assert_eq!(body(&plan)["spec"]["template"]["spec"], json!({"containers": [{"name": "c", "image": "web:4"}]}));
    assert_eq!(plan.kubectl[0], "kubectl --context prod -n shop set image deployments.apps/web c=web:4");
    let both = w.plan("set_image", DEPLOYMENTS, WEB, images(&["c=web:4", "i=init:2"]));
    assert_eq!(body(&both)["spec"]["template"]["spec"]["initContainers"], json!([{"name": "i", "image": "init:2"}]));
    assert!(w.plan("set_image", DEPLOYMENTS, WEB, Values::default()).seed.is_none(), "as they are");
    assert!(w.plan("set_image", DEPLOYMENTS, WEB, images(&["x=web:4"])).blockers[0].reason.contains("no container x"));
    for bad in ["c", "c=", "=web:4", "c=web 4"] {
        assert!(!w.plan("set_image", DEPLOYMENTS, WEB, images(&[bad])).blockers.is_empty(), "{bad}");
    }
    let cron = w.plan("set_image", "cronjobs.batch", WEB, images(&["c=job:2"]));
    assert_eq!(body(&cron)["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["image"], "job:2");
    let paused = World::default().with(DEPLOYMENTS, "shop/web", load(json!({"spec": {"paused": true}})));
    assert!(
        paused.plan("set_image", DEPLOYMENTS, WEB, images(&["c=web:4"])).warnings[0].contains("when it is resumed")
    );
}
