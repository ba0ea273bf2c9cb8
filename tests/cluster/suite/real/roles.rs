//! Sessions by what a role grants: what kubectl opens is opened, by the same carrier; what it may not is refused
//! with the verb to ask for.

use super::sessions::tools_in;
use crate::console::open;
use crate::judged::{Space, apply, containers, kubectl, try_kubectl};
use crate::pty::Program;
use std::path::PathBuf;

fn role(ns: &str, user: &str, verbs: &str) {
    apply(&format!(
        "{{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {{name: {user}, namespace: {ns}}}, rules: [\
         {{apiGroups: [''], resources: [pods], verbs: [get, list, watch]}}, \
         {{apiGroups: [''], resources: [pods/exec, pods/attach, pods/portforward], verbs: [{verbs}]}}]}}"
    ));
    apply(&format!(
        "{{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {{name: {user}, namespace: {ns}}}, \
         roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Role, name: {user}}}, \
         subjects: [{{kind: User, name: {user}, apiGroup: rbac.authorization.k8s.io}}]}}"
    ));
}

/// How a session is begun, and what is seen of it once it is open.
struct Kind {
    subresource: &'static str,
    begin: fn(&mut Program),
    /// With the carrier the shell would have.
    open: fn(&str) -> String,
}

/// Where copies go.
fn copied() -> PathBuf {
    std::env::temp_dir().join(format!("qd-roles-{}", std::process::id()))
}

const KINDS: [Kind; 4] = [
    Kind { subresource: "exec", begin: |p| p.send("s"), open: str::to_owned },
    Kind { subresource: "attach", begin: |p| p.send("a"), open: str::to_owned },
    Kind {
        subresource: "portforward",
        begin: |p| {
            p.send("F");
            p.wait_for_text("▌ ports");
            p.send(":80\r");
            p.wait_for_text("forward pod");
            p.send(":forwards\r");
        },
        open: |_| "to pod box:80".to_owned(),
    },
    Kind {
        subresource: "exec",
        begin: |p| {
            // What is there is not written over.
            let _ = std::fs::remove_file(copied());
            p.send(":copy-out /etc/hostname\r");
            p.wait_for_text("▌ from");
            p.send("\t\x15");
            p.send(format!("{}\r", copied().display()));
            p.confirm("Enter: do it", "\r");
            p.send(":forwards\r");
        },
        open: |_| "checksums equal".to_owned(),
    },
];

#[test]
fn roles_open_what_kubectl_opens_and_refusals_name_the_verb() {
    let _containers = containers();
    let space = Space::new("qd-roles");
    let ns = space.0;
    tools_in(&space);
    // Over WebSocket this server asks for both verbs; SPDY needs one.
    let users = [
        ("both", "get, create", Some("v5.channel.k8s.io")),
        ("maker", "create", Some("SPDY/3.1")),
        ("getter", "get", None),
        ("neither", "delete", None),
    ];
    for (user, verbs, carrier) in users {
        role(ns, user, verbs);
        let by_kubectl = try_kubectl(&["exec", "box", "-n", ns, "--as", user, "--", "true"]);
        assert_eq!(by_kubectl.is_ok(), carrier.is_some(), "{user}: {by_kubectl:?}");
        for kind in &KINDS {
            let mut program = open("admin.conf", &["-n", ns, "--as", user], ":pods", (220, 30));
            program.wait_for("the row", |s| s.contents().contains("▌box"));
            (kind.begin)(&mut program);
            match carrier {
                Some(carrier) => program.wait_for_text(&(kind.open)(carrier)),
                None => program.wait_for_text(&format!("ask for verb create on pods/{}", kind.subresource)),
            }
        }
    }
    kubectl(&["delete", "pod", "box", "-n", ns, "--wait=false"]);
    let _ = std::fs::remove_file(copied());
}
