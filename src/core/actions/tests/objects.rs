//! Deleting, evicting, sweeping up; jobs run anew; namespaces.

use crate::core::act::{Class, Given, Plan, Values};
use crate::core::plan::testing::{World, lay, owned, pod, uid};
use serde_json::{Value, json};

fn text(id: &str, value: &str) -> Values {
    Values::default().with(id, Given::Text(value.into()))
}

fn body(plan: &Plan) -> Value {
    plan.trial[0].1.body.as_deref().cloned().unwrap_or_default()
}

#[test]
fn a_deletion_is_as_hard_as_it_is_to_take_back() {
    let rs = owned("ReplicaSet", "web-1");
    let w = World::default()
        .with("pods", "shop/managed", pod("n", std::slice::from_ref(&rs)))
        .with("pods", "shop/bare", pod("n", &[]))
        .with(
            "pods",
            "shop/held",
            pod("n", &[rs, json!({"metadata": {"finalizers": ["a/b"], "deletionTimestamp": "2026-02-28T23:00:00Z"}})]),
        )
        .with("configmaps", "shop/settings", json!({}));
    let of = |name: &str| w.plan("delete", "pods", &[&format!("shop/{name}")], Values::default());
    assert_eq!(of("managed").class, Class::Disruptive);
    assert_eq!(of("managed").items[0].detail, "ReplicaSet web-1 makes it anew");
    assert_eq!(of("bare").class, Class::Irreversible);
    assert!(of("bare").warnings[0].contains("nobody manages it"));
    assert!(of("held").items[0].detail.contains("held by a/b"));
    let map = w.plan("delete", "configmaps", &["shop/settings"], Values::default());
    assert_eq!((map.class, map.warnings.len()), (Class::Irreversible, 0));
    assert_eq!(map.kubectl, ["kubectl --context prod -n shop delete configmaps/settings"]);
}

#[test]
fn grace_and_force_are_kubectls() {
    let w = World::default().with("pods", "shop/p", pod("n", &[owned("ReplicaSet", "web")]));
    let grace = |given: &str, force: bool| {
        let plan = w.plan("delete", "pods", &["shop/p"], text("grace-period", given).with("force", Given::Flag(force)));
        (
            body(&plan)["gracePeriodSeconds"].clone(),
            plan.class,
            plan.kubectl[0].split("pods/p").last().unwrap().to_owned(),
        )
    };
    let is = |grace: Value, class: Class, line: &str| (grace, class, line.to_owned());
    assert_eq!(grace("", false), is(Value::Null, Class::Disruptive, ""));
    assert_eq!(grace("30", false), is(json!(30), Class::Disruptive, " --grace-period=30"));
    assert_eq!(grace("0", false), is(json!(1), Class::Disruptive, " --grace-period=1"));
    assert_eq!(grace("0", true), is(json!(0), Class::Irreversible, " --grace-period=0 --force"));
    assert_eq!(grace("", true), is(json!(0), Class::Irreversible, " --grace-period=0 --force"));
    assert_eq!(grace("5", true), is(json!(5), Class::Irreversible, " --grace-period=5 --force"));
    let sent = body(&w.plan("kill", "pods", &["shop/p"], Values::default()));
    assert_eq!((&sent["gracePeriodSeconds"], &sent["preconditions"]), (&json!(0), &json!({"uid": uid("p")})));
    let orphan =
        w.plan("delete", "pods", &["shop/p"], Values::default().with("cascade", Given::Choice("orphan".into())));
    assert_eq!(body(&orphan)["propagationPolicy"], "Orphan");
    assert!(orphan.kubectl[0].ends_with("--cascade=orphan"));
}

fn shop() -> World {
    World::default()
        .with("namespaces", "shop", json!({}))
        .with("namespaces", "empty", json!({}))
        .with("deployments.apps", "shop/web", json!({"spec": {"replicas": 1}}))
        .with("replicasets.apps", "shop/web-1", owned("Deployment", "web"))
        .with("pods", "shop/web-1-a", pod("n", &[owned("ReplicaSet", "web-1")]))
        .with("pods", "shop/other", pod("n", &[json!({"metadata": {"labels": {"app": "other"}}})]))
        .with("services", "shop/front", json!({"spec": {"selector": {"app": "web"}}}))
        .with("persistentvolumeclaims", "shop/data", json!({}))
        .with("pods", "far/away", pod("n", &[]))
}

#[test]
fn what_goes_with_it_is_counted_and_listed() {
    let plan = shop().plan("delete", "deployments.apps", &["shop/web"], Values::default());
    assert_eq!(plan.blast, ["shop/web: 1 pods, 1 replicasets.apps goes too"]);
    let listed: Vec<_> = plan.items.iter().map(|i| i.subject.as_str()).collect();
    assert_eq!(listed, ["shop/web", "replicasets.apps shop/web-1", "pods shop/web-1-a"]);
    let last = shop().plan("delete", "pods", &["shop/web-1-a"], Values::default());
    assert_eq!(last.blast, ["shop/web-1-a: the last pod behind front"]);
    let blind = shop().without("replicasets.apps").plan("delete", "deployments.apps", &["shop/web"], Values::default());
    assert!(blind.unknown[0].contains("which replicasets.apps go with it"), "{:?}", blind.unknown);
    assert!(blind.seed.is_some(), "what is not known does not stop it");
}

#[test]
fn a_namespace_takes_all_that_is_in_it() {
    let plan = shop().plan("delete", "namespaces", &["shop"], Values::default());
    assert_eq!((plan.class, plan.name.as_str()), (Class::Irreversible, "shop"));
    let said =
        "everything in shop: 1 deployments.apps, 1 persistentvolumeclaims, 2 pods, 1 replicasets.apps, 1 services";
    assert_eq!(plan.blast, [said]);
    let empty = shop().plan("delete", "namespaces", &["empty"], Values::default());
    assert_eq!(empty.blast, ["everything in empty: nothing"]);
    let blind = shop().without("secrets").plan("delete", "namespaces", &["shop"], Values::default());
    assert!(blind.unknown[0].starts_with("how many secrets go with shop: forbidden"), "{:?}", blind.unknown);
    assert!(blind.seed.is_some());
}

#[test]
fn an_eviction_adds_its_budgets_up() {
    let budget = |allowed: i64| {
        json!({"spec": {"selector": {"matchLabels": {"app": "web"}}},
        "status": {"disruptionsAllowed": allowed, "currentHealthy": 2, "desiredHealthy": 1, "expectedPods": 2}})
    };
    let rs = owned("ReplicaSet", "web-1");
    let w = World::default()
        .with("pods", "shop/a", pod("n", std::slice::from_ref(&rs)))
        .with("pods", "shop/b", pod("n", &[rs]))
        .with("poddisruptionbudgets.policy", "shop/web", budget(1));
    let plan = w.plan("evict", "pods", &["shop/a", "shop/b"], text("grace-period", "3"));
    assert!(
        plan.items[0].detail.contains("allows 1") && plan.items[1].detail.contains("has to wait"),
        "{:?}",
        plan.items
    );
    let options = &body(&plan)["deleteOptions"];
    assert_eq!(options, &json!({"gracePeriodSeconds": 3, "preconditions": {"uid": uid("a")}}));
    assert_eq!(
        (body(&plan)["apiVersion"].as_str(), plan.trial[0].1.subresource.as_ref()),
        (Some("policy/v1"), "eviction")
    );
    let two = w.with("poddisruptionbudgets.policy", "shop/other", budget(1));
    assert!(two.plan("evict", "pods", &["shop/a"], Values::default()).items[0].detail.contains("will not evict"));
    let blind = two.without("poddisruptionbudgets.policy").plan("evict", "pods", &["shop/a"], Values::default());
    assert!(blind.seed.is_some() && blind.unknown[0].contains("budgets of shop"));
}

#[test]
fn only_what_has_ended_is_swept_up() {
    let ended = |phase: &str| json!({"status": {"phase": phase}});
    let job = owned("Job", "once");
    let w = World::default()
        .with("namespaces", "shop", json!({}))
        .with("pods", "shop/runs", pod("n", &[]))
        .with("pods", "shop/done", pod("n", &[job.clone(), ended("Succeeded")]))
        .with("pods", "shop/bad", pod("n", &[job.clone(), ended("Failed")]))
        .with(
            "pods",
            "shop/going",
            pod("n", &[job, ended("Failed"), json!({"metadata": {"deletionTimestamp": "2026-02-28T23:00:00Z"}})]),
        )
        .with("pods", "far/done", pod("n", &[ended("Failed")]));
    for (resource, name) in [("pods", "shop/runs"), ("namespaces", "shop")] {
        let plan = w.plan("delete_finished", resource, &[name], Values::default());
        let names: Vec<_> = plan.items.iter().map(|i| i.subject.as_str()).collect();
        assert_eq!(names, ["shop/done", "shop/bad"]);
        assert_eq!((plan.class, plan.kubectl.len()), (Class::Disruptive, 2));
        assert!(plan.warnings.contains(&"their logs go with them".to_owned()));
    }
    let bare = w.plan("delete_finished", "pods", &["far/done"], Values::default());
    assert_eq!((bare.class, bare.name.as_str()), (Class::Irreversible, "far"));
    let none = World::default().with("namespaces", "shop", json!({})).plan(
        "delete_finished",
        "namespaces",
        &["shop"],
        Values::default(),
    );
    assert!(none.seed.is_none() && none.kubectl.is_empty() && none.blockers.is_empty());
}

#[test]
fn a_namespace_is_made_once_and_by_a_name_the_api_takes() {
    let w = World::default().with("namespaces", "shop", json!({}));
    let make = |name: &str| w.plan("namespace_create", "namespaces", &[], text("name", name));
    let plan = make("new");
    assert_eq!(body(&plan), json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "new"}}));
    assert_eq!(
        (plan.class, plan.kubectl[0].as_str()),
        (Class::Reversible, "kubectl --context prod create namespace new")
    );
    assert!(make("shop").blockers[0].reason.contains("there already"));
    for bad in ["", "Shop", "a.b", "-a", "a-", &"x".repeat(64)] {
        assert!(!make(bad).blockers.is_empty(), "{bad:?}");
    }
    let blind = w.without("namespaces").plan("namespace_create", "namespaces", &[], text("name", "new"));
    assert!(blind.seed.is_none() && blind.blockers[0].reason.contains("not known"));
}

fn template() -> Value {
    json!({"metadata": {"labels": {"job-name": "once", "batch.kubernetes.io/controller-uid": "x", "team": "a"}},
        "spec": {"containers": [{"name": "c", "image": "job:1"}]}})
}

#[test]
fn a_cron_job_run_now_is_kubectls_job() {
    let cron = json!({"spec": {"jobTemplate": {
        "metadata": {"annotations": {"a": "b"}, "labels": {"l": "m"}}, "spec": {"template": template()}}}});
    let w = World::default().with("cronjobs.batch", "shop/nightly", cron).with("jobs.batch", "shop/taken", json!({}));
    let plan = w.plan("cronjob_run", "cronjobs.batch", &["shop/nightly"], Values::default());
    let sent = body(&plan);
    assert_eq!(sent["metadata"]["annotations"], json!({"a": "b", "cronjob.kubernetes.io/instantiate": "manual"}));
    assert_eq!(sent["metadata"]["labels"], json!({"l": "m"}));
    let owner = json!([{"apiVersion": "batch/v1", "kind": "CronJob", "name": "nightly", "uid": uid("nightly"), "controller": true}]);
    assert_eq!(sent["metadata"]["ownerReferences"], owner);
    let name = sent["metadata"]["name"].as_str().unwrap();
    assert!(name.starts_with("nightly-manual-"), "{name}");
    assert_eq!(plan.kubectl[0], format!("kubectl --context prod -n shop create job {name} --from=cronjob/nightly"));
    let taken = w.plan("cronjob_run", "cronjobs.batch", &["shop/nightly"], text("name", "taken"));
    assert!(taken.blockers[0].reason.contains("there already"));
    assert!(!w.plan("cronjob_run", "cronjobs.batch", &["shop/nightly"], text("name", "Bad_")).blockers.is_empty());
    let busy = w.clone().with("jobs.batch", "shop/nightly-1", {
        let mut j = owned("CronJob", "nightly");
        lay(&mut j, json!({"status": {"active": 1}}));
        j
    });
    assert!(
        busy.plan("cronjob_run", "cronjobs.batch", &["shop/nightly"], Values::default()).warnings[0].contains("1 Jobs")
    );
    // A name as long as a name may be still leaves room for the pod's own suffix.
    let long = "x".repeat(52);
    let w = World::default().with(
        "cronjobs.batch",
        &format!("shop/{long}"),
        json!({"spec": {"jobTemplate": {"spec": {}}}}),
    );
    let plan = w.plan("cronjob_run", "cronjobs.batch", &[&format!("shop/{long}")], Values::default());
    assert!(plan.blockers.is_empty() && body(&plan)["metadata"]["name"].as_str().unwrap().len() <= 57);
}

#[test]
fn only_a_failed_job_is_run_again_and_without_what_its_controller_gave_it() {
    let job = |kind: &str| {
        json!({
        "metadata": {"labels": {"team": "a", "job-name": "once", "controller-uid": "x"}},
        "spec": {"backoffLimit": 2, "selector": {"matchLabels": {"controller-uid": "x"}}, "template": template()},
        "status": {"conditions": [{"type": kind, "status": "True"}]}})
    };
    let w = World::default()
        .with("jobs.batch", "shop/once", job("Failed"))
        .with("jobs.batch", "shop/well", job("Complete"))
        .with("jobs.batch", "shop/runs", json!({"status": {"active": 1}}));
    let plan = w.plan("job_rerun", "jobs.batch", &["shop/once"], Values::default());
    let sent = body(&plan);
    assert_eq!(sent["metadata"]["labels"], json!({"team": "a"}));
    assert_eq!(sent["spec"]["template"]["metadata"]["labels"], json!({"team": "a"}));
    assert!(sent["spec"]["selector"].is_null() && sent["spec"]["backoffLimit"] == 2);
    for (name, why) in [("well", "ended well"), ("runs", "has not ended")] {
        let plan = w.plan("job_rerun", "jobs.batch", &[&format!("shop/{name}")], Values::default());
        assert!(plan.seed.is_none() && plan.blockers[0].reason.contains(why), "{:?}", plan.blockers);
    }
}

#[test]
fn a_cron_job_is_suspended_and_resumed() {
    let w = World::default().with("cronjobs.batch", "shop/a", json!({"spec": {"suspend": false}})).with(
        "cronjobs.batch",
        "shop/b",
        json!({"spec": {"suspend": true}}),
    );
    let names = ["shop/a", "shop/b"];
    let hold = w.plan("cronjob_suspend", "cronjobs.batch", &names, Values::default());
    assert_eq!((hold.trial.len(), body(&hold)), (1, json!({"metadata": {"uid": uid("a")}, "spec": {"suspend": true}})));
    assert_eq!(
        hold.kubectl[0],
        r#"kubectl --context prod -n shop patch cronjobs.batch/a -p '{"spec":{"suspend":true}}'"#
    );
    let go = w.plan("cronjob_resume", "cronjobs.batch", &names, Values::default());
    assert_eq!((go.trial.len(), body(&go)), (1, json!({"metadata": {"uid": uid("b")}, "spec": {"suspend": false}})));
    assert!(go.warnings[0].contains("made up for at once"), "{:?}", go.warnings);
}
