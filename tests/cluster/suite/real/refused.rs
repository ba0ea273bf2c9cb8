//! What the server refuses, as a user meets it: rights, admission, quota, read-only.

use crate::acting::hand::{Hand, until};
use crate::acting::twins::object;
use crate::judged::{Space, apply, beside, kubectl, try_kubectl};
use std::time::Duration;

const SOON: Duration = Duration::from_mins(1);

/// Rights of the user `viewer` in a namespace.
fn grant(space: &str, rules: &str) {
    apply(&format!(
        "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {{name: some, namespace: {space}}}
rules:
{rules}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {{name: some, namespace: {space}}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Role, name: some}}
subjects: [{{kind: User, name: viewer}}]
"
    ));
}

const READ: &str = "- {apiGroups: ['', apps, autoscaling], resources: ['*'], verbs: [get, list, watch]}";

#[test]
fn what_one_may_not_do_is_named_before_and_after() {
    let _beside = beside();
    let space = Space::new("qd-refused-rights");
    kubectl(&["create", "deployment", "web", "--image=qd.test/bare:1", "--replicas=0", "-n", space.0]);
    kubectl(&["create", "configmap", "map", "--from-literal=a=b", "-n", space.0]);
    grant(space.0, READ);
    let mut hand = Hand::new("viewer.conf", &["-n", space.0]);
    // Known beforehand: the key says what is missing, and nothing is sent.
    hand.go("configmaps", "map");
    until("the missing right", SOON, || {
        hand.press("\x04");
        let found =
            hand.program.look_for(Duration::from_secs(2), |s| s.contents().contains("forbidden: delete configmaps"));
        if !found {
            hand.leave_it();
        }
        found
    });
    // Taken away between the plan and its confirmation: the server's own word.
    let scale = "- {apiGroups: [apps], resources: [deployments/scale], verbs: [patch]}";
    grant(space.0, &format!("{READ}\n{scale}"));
    let mut hand = Hand::new("viewer.conf", &["-n", space.0]);
    hand.go("deployments", "web");
    hand.press("s");
    hand.fill("replicas", "1");
    hand.plan();
    hand.program.wait_for_text("Enter: do it");
    grant(space.0, READ);
    // The authorizer hears of it a moment later.
    until("the loss of the right", SOON, || {
        try_kubectl(&["auth", "can-i", "patch", "deployments/scale", "-n", space.0, "--as=viewer"]).is_err()
    });
    hand.confirm("");
    hand.ends("failed");
    hand.reads("forbidden: patch deployments.apps/scale");
    assert_eq!(object("deployment", "web", &["-n", space.0])["spec"]["replicas"], 0);
}

#[test]
fn a_read_only_console_sends_nothing_whatever_is_pressed() {
    let _beside = beside();
    let space = Space::new("qd-refused-readonly");
    kubectl(&["create", "deployment", "web", "--image=qd.test/bare:1", "--replicas=0", "-n", space.0]);
    let before = object("deployment", "web", &["-n", space.0])["metadata"]["resourceVersion"].clone();
    let mut hand = Hand::new("admin.conf", &["-n", space.0, "--read-only"]);
    hand.go("deployments", "web");
    for action in ["scale", "restart", "rollout_pause", "rollout_undo", "set_image", "label", "annotate", "delete"] {
        hand.act(action);
        let title = title(action);
        hand.program.wait_for(action, |s| s.contents().contains(&format!("{title}: this is read-only")));
        assert!(!hand.program.screen().contents().contains("do it"), "{action} asks");
    }
    let after = object("deployment", "web", &["-n", space.0])["metadata"]["resourceVersion"].clone();
    assert_eq!(before, after);
}

/// An action's title in notices.
fn title(action: &str) -> &str {
    match action {
        "rollout_pause" => "pause rollout",
        "rollout_undo" => "undo rollout",
        "set_image" => "set image",
        "label" => "labels",
        "annotate" => "annotations",
        other => other,
    }
}

const POLICY: &str = "apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: qd-refused}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [UPDATE], resources: [configmaps]}]
  validations:
  - expression: \"!has(object.metadata.labels) || !('mood' in object.metadata.labels) || object.metadata.labels.mood != 'bad'\"
    reason: Invalid
    message: no bad moods here
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: qd-refused}
spec:
  policyName: qd-refused
  validationActions: [Deny]
  matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: qd-refused-mood}}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: qd-warned}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [UPDATE], resources: [configmaps]}]
  validations:
  - expression: \"!has(object.metadata.labels) || !('old' in object.metadata.labels)\"
    message: old labels will go
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: qd-warned}
spec:
  policyName: qd-warned
  validationActions: [Warn]
  matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: qd-refused-mood}}}
";

struct Policies;

impl Drop for Policies {
    fn drop(&mut self) {
        for name in ["qd-refused", "qd-warned"] {
            for kind in ["validatingadmissionpolicybinding", "validatingadmissionpolicy"] {
                let _ = try_kubectl(&["delete", kind, name, "--ignore-not-found"]);
            }
        }
    }
}

#[test]
fn what_admission_refuses_or_warns_of_is_said_in_its_words() {
    let _beside = beside();
    let space = Space::new("qd-refused-mood");
    apply(POLICY);
    let _policies = Policies;
    for name in ["map", "probe"] {
        kubectl(&["create", "configmap", name, "--from-literal=a=b", "-n", space.0]);
    }
    until("the policy in force", SOON, || {
        try_kubectl(&["label", "cm", "probe", "mood=bad", "--dry-run=server", "-n", space.0]).is_err()
    });
    let mut hand = Hand::new("admin.conf", &["-n", space.0]);
    hand.go("configmaps", "map");
    hand.act("label");
    hand.lines("labels", 0, &["mood=bad"]);
    hand.plan();
    hand.program.wait_for_text("Enter: do it");
    // Asked beforehand, and all the same tried.
    hand.press("\x14");
    hand.reads("no bad moods here");
    hand.confirm("");
    hand.says("no bad moods here");
    assert!(object("cm", "map", &["-n", space.0])["metadata"]["labels"].is_null());
    // Two at once have a board, and what the server warns of stands on it.
    hand.mark("configmaps", "p", 2);
    hand.act("label");
    hand.lines("labels", 0, &["old=yes"]);
    hand.plan();
    hand.program.wait_for_text("Enter: do it");
    hand.press("\x14");
    hand.reads("Warning: Validation failed for ValidatingAdmissionPolicy 'qd-warned'");
    hand.confirm("");
    hand.ends("done");
    hand.reads("Warning: qd-refused-mood/map");
}
