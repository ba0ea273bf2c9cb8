use serde_json::json;

use super::super::clock::Clock;
use super::super::kinds::{CRONJOBS, DAEMONSETS, DEPLOYMENTS, JOBS, KINDS, NAMESPACES, STATEFULSETS};
use super::super::object::key_of;
use super::super::{Options, story};
use super::fill;

/// What the story puts is what the server would have stored: an update of it changes nothing else.
#[test]
fn the_story_lacks_nothing() {
    let world = story::tell(Clock::new(None, 1.0), &Options::default());
    for (id, kind) in KINDS.iter().enumerate().filter(|(_, k)| k.face.is_none()) {
        for (_, entry) in world.store.iter(id) {
            let before = entry.value();
            let mut after = (*before).clone();
            fill(id, &mut after);
            assert_eq!(*before, after, "{} {:?}", kind.kind, key_of(&before));
        }
    }
}

#[test]
fn what_was_written_in_short_is_filled_in_and_the_rest_is_left() {
    let template = json!({"spec": {"containers": [
        {"name": "a", "image": "some.host:5000/a", "ports": [{"containerPort": 80}],
            "readinessProbe": {"httpGet": {"port": 80}, "periodSeconds": 3}},
        {"name": "b", "image": "b:2", "imagePullPolicy": "Never"}
    ], "volumes": [{"name": "v", "configMap": {"name": "m"}}]}});
    let mut d = json!({"spec": {"strategy": {}, "template": template}});
    fill(DEPLOYMENTS, &mut d);
    let spec = &d["spec"];
    assert_eq!((&spec["replicas"], &spec["progressDeadlineSeconds"]), (&json!(1), &json!(600)));
    assert_eq!(spec["strategy"]["rollingUpdate"]["maxSurge"], "25%");
    let pod = &spec["template"]["spec"];
    assert_eq!((&pod["restartPolicy"], &pod["terminationGracePeriodSeconds"]), (&json!("Always"), &json!(30)));
    let (a, b) = (&pod["containers"][0], &pod["containers"][1]);
    // A port of a registry is no tag.
    assert_eq!((&a["imagePullPolicy"], &b["imagePullPolicy"]), (&json!("Always"), &json!("Never")));
    assert_eq!(a["ports"][0]["protocol"], "TCP");
    let probe = json!({"httpGet": {"port": 80, "path": "/", "scheme": "HTTP"}, "periodSeconds": 3,
        "timeoutSeconds": 1, "successThreshold": 1, "failureThreshold": 3});
    assert_eq!(a["readinessProbe"], probe);
    assert_eq!(pod["volumes"][0]["configMap"]["defaultMode"], 420);

    let mut d = json!({"spec": {"replicas": 0, "strategy": {"type": "Recreate"}, "template": {}}});
    fill(DEPLOYMENTS, &mut d);
    assert_eq!(d["spec"]["replicas"], 0);
    assert_eq!(d["spec"]["strategy"], json!({"type": "Recreate"}));
}

#[test]
fn each_kind_has_its_own() {
    let mut set = json!({"spec": {"template": {}, "updateStrategy": {"rollingUpdate": {"partition": 2}}}});
    fill(STATEFULSETS, &mut set);
    assert_eq!(set["spec"]["updateStrategy"], json!({"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}));
    let mut set = json!({"spec": {"template": {}, "updateStrategy": {"type": "OnDelete"}}});
    fill(DAEMONSETS, &mut set);
    assert_eq!(set["spec"]["updateStrategy"], json!({"type": "OnDelete"}));
    let mut job = json!({"spec": {"template": {}}});
    fill(JOBS, &mut job);
    assert_eq!((&job["spec"]["completions"], &job["spec"]["backoffLimit"]), (&json!(1), &json!(6)));
    // A work queue has no count of completions.
    let mut job = json!({"spec": {"template": {}, "parallelism": 3}});
    fill(JOBS, &mut job);
    assert!(job["spec"]["completions"].is_null());
    let mut cron = json!({"spec": {"schedule": "* * * * *", "jobTemplate": {"spec": {"template": {"spec": {}}}}}});
    fill(CRONJOBS, &mut cron);
    assert_eq!((&cron["spec"]["concurrencyPolicy"], &cron["spec"]["suspend"]), (&json!("Allow"), &json!(false)));
    assert_eq!(cron["spec"]["jobTemplate"]["spec"]["template"]["spec"]["dnsPolicy"], "ClusterFirst");
    let mut space = json!({"metadata": {"name": "new"}, "spec": {}, "status": {}});
    fill(NAMESPACES, &mut space);
    assert_eq!(space["metadata"]["labels"]["kubernetes.io/metadata.name"], "new");
    assert_eq!((&space["status"]["phase"], &space["spec"]["finalizers"]), (&json!("Active"), &json!(["kubernetes"])));
}
