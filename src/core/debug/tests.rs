use super::*;
use serde_json::{Value, json};

fn program() -> Program {
    Program { container: "debugger".into(), image: "i:1".into(), command: Vec::new(), env: Vec::new() }
}

fn restricted() -> Value {
    json!({"runAsNonRoot": true, "capabilities": {"drop": ["ALL"]}, "allowPrivilegeEscalation": false,
           "seccompProfile": {"type": "RuntimeDefault"}})
}

fn adds(names: &[&str]) -> Value {
    json!({"capabilities": {"add": names}})
}

/// What kubectl 1.35.4 was seen to make, profile by profile.
#[test]
fn an_ephemeral_container_is_secured_as_kubectl_does_it() {
    let expected = [
        (Profile::General, adds(&["SYS_PTRACE"])),
        (Profile::Baseline, Value::Null),
        (Profile::Restricted, restricted()),
        (Profile::Netadmin, adds(&["NET_ADMIN", "NET_RAW"])),
        (Profile::Sysadmin, json!({"privileged": true})),
    ];
    for (profile, context) in expected {
        let program = Program { env: vec!["A=b=c".into()], ..program() };
        let made = ephemeral(&program, profile, "main");
        assert_eq!(made["securityContext"], context, "{profile:?}");
        assert_eq!((&made["stdin"], &made["tty"], &made["command"]), (&json!(true), &json!(true), &Value::Null));
        assert_eq!(
            (&made["targetContainerName"], &made["env"][0]),
            (&json!("main"), &json!({"name": "A", "value": "b=c"}))
        );
        assert!(ephemeral(&program, profile, "").get("targetContainerName").is_none());
        assert_eq!(made.get("securityContext").is_none(), context.is_null(), "nothing is sent for nothing");
    }
}

#[test]
fn a_node_pod_sees_of_its_node_what_its_profile_lets_it() {
    let expected = [
        (Profile::General, true, true, Value::Null),
        (Profile::Baseline, false, false, Value::Null),
        (Profile::Restricted, false, false, restricted()),
        (Profile::Netadmin, true, false, adds(&["NET_ADMIN", "NET_RAW"])),
        (Profile::Sysadmin, true, true, json!({"privileged": true})),
    ];
    for (profile, sees, mounts, context) in expected {
        let made = node("node-debugger-n1-x", "ns", "n1", &program(), profile);
        let spec = &made["spec"];
        assert_eq!((&spec["nodeName"], &spec["restartPolicy"]), (&json!("n1"), &json!("Never")));
        assert_eq!(spec["tolerations"], json!([{"operator": "Exists"}]));
        for field in ["hostNetwork", "hostPID", "hostIPC"] {
            assert_eq!(spec[field].as_bool().unwrap_or(false), sees, "{profile:?} {field}");
        }
        let volume = json!([{"name": "host-root", "hostPath": {"path": "/"}}]);
        assert_eq!(spec["volumes"], if mounts { volume } else { Value::Null }, "{profile:?}");
        let mount = &spec["containers"][0]["volumeMounts"];
        assert_eq!(*mount, if mounts { json!([{"mountPath": "/host", "name": "host-root"}]) } else { Value::Null });
        assert_eq!(spec["containers"][0]["securityContext"], context, "{profile:?}");
        assert_eq!(left(&made), Some(Left::Node));
    }
}

fn original() -> Value {
    json!({
        "metadata": {"name": "web-1", "namespace": "shop", "uid": "u", "resourceVersion": "9",
            "labels": {"app": "web"}, "annotations": {"note": "y"}, "ownerReferences": [{"kind": "ReplicaSet"}]},
        "spec": {
            "nodeName": "n1",
            "containers": [
                {"name": "main", "image": "web:1", "command": ["serve"], "args": ["-v"], "readinessProbe": {"exec": {}},
                 "securityContext": {"capabilities": {"add": ["CHOWN"]}}},
                {"name": "side", "image": "side:1", "livenessProbe": {"exec": {}}, "startupProbe": {"exec": {}}},
            ],
            "initContainers": [{"name": "setup", "image": "i"}],
            "ephemeralContainers": [{"name": "debugger-aaaaa", "image": "b"}],
        },
        "status": {"phase": "Running"},
    })
}

fn how() -> Copied {
    Copied { name: "web-1-debug".into(), share_processes: true, ours: true, ..Copied::default() }
}

#[test]
fn a_copy_leaves_out_what_would_make_it_serve() {
    let program = Program { container: "debugger-x7k2p".into(), ..program() };
    let made = copy(&original(), &how(), &program, Profile::General);
    assert_eq!(made["metadata"]["labels"], json!({MANAGED_BY: OURS, COMPONENT: "debug-copy"}));
    assert!(made["metadata"].get("annotations").is_none() && made["metadata"].get("ownerReferences").is_none());
    assert!(made["metadata"].get("uid").is_none() && made.get("status").is_none());
    let spec = &made["spec"];
    assert!(spec.get("nodeName").is_none() && spec.get("ephemeralContainers").is_none());
    assert_eq!((&spec["shareProcessNamespace"], &spec["initContainers"][0]["name"]), (&json!(true), &json!("setup")));
    let all = spec["containers"].as_array().unwrap();
    assert_eq!(all.len(), 3);
    assert!(
        all.iter().all(|c| ["livenessProbe", "readinessProbe", "startupProbe"].iter().all(|p| c.get(*p).is_none()))
    );
    assert_eq!(all[2]["securityContext"], adds(&["SYS_PTRACE"]));
    assert_eq!((&all[2]["image"], &all[2]["tty"]), (&json!("i:1"), &json!(true)));
    assert_eq!(left(&made), Some(Left::Copy));
    let theirs = copy(&original(), &Copied { ours: false, same_node: true, ..how() }, &program, Profile::Baseline);
    assert_eq!((left(&theirs), &theirs["spec"]["nodeName"]), (Some(Left::KubectlCopy), &json!("n1")));
    assert!(theirs["metadata"].get("labels").is_none());
}

#[test]
fn a_copys_own_container_can_be_changed_and_images_set() {
    let program =
        Program { container: "main".into(), image: String::new(), command: vec!["sh".into()], env: Vec::new() };
    let images = vec!["*=all:2".to_owned(), "side=side:2".to_owned()];
    let made = copy(&original(), &Copied { images, share_processes: false, ..how() }, &program, Profile::General);
    let all = made["spec"]["containers"].as_array().unwrap();
    assert_eq!((all.len(), &all[0]["image"], &all[1]["image"]), (2, &json!("all:2"), &json!("side:2")));
    assert_eq!((&all[0]["command"], all[0].get("args")), (&json!(["sh"]), None));
    assert_eq!(all[0]["securityContext"], adds(&["CHOWN", "SYS_PTRACE"]));
    assert_eq!(made["spec"]["shareProcessNamespace"], json!(false));
}

#[test]
fn a_throw_away_pod_has_what_was_asked_for() {
    let made = run("run-x", "ns", &program(), Profile::General, &["a=b".into()], &json!({"nodeName": "n1"}));
    assert_eq!(made["metadata"]["labels"], json!({"a": "b", MANAGED_BY: OURS, COMPONENT: "run"}));
    assert_eq!((&made["spec"]["nodeName"], &made["spec"]["restartPolicy"]), (&json!("n1"), &json!("Never")));
    let container = &made["spec"]["containers"][0];
    assert_eq!((&container["stdinOnce"], container.get("securityContext")), (&json!(true), None));
    assert_eq!(left(&made), Some(Left::Run));
    let bare = run("run-x", "ns", &program(), Profile::Restricted, &[], &json!({}));
    assert_eq!(bare["metadata"]["labels"]["run"], json!("run-x"));
    assert_eq!(bare["spec"]["containers"][0]["securityContext"], restricted());
}

#[test]
fn only_what_says_so_was_left_by_debugging() {
    assert_eq!(left(&original()), None);
    let kubectl = json!({"metadata": {"name": "node-debugger-n1-x", "labels": {MANAGED_BY: KUBECTL}}});
    assert_eq!(left(&kubectl), Some(Left::KubectlNode));
    // Of another program that manages itself under our name.
    assert_eq!(left(&json!({"metadata": {"labels": {MANAGED_BY: OURS}}})), None);
    for (name, owned, is) in
        [("debugger-x7k2p", false, true), ("debugger-x7k2p", true, false), ("debugger-tools", false, false)]
    {
        let owners = if owned { json!([{"kind": "ReplicaSet"}]) } else { json!([]) };
        let pod = json!({"metadata": {"ownerReferences": owners}, "spec": {"containers": [{"name": name}]}});
        assert_eq!(left(&pod).is_some(), is, "{name} {owned}");
    }
}

#[test]
fn what_pod_security_refuses_is_told_with_what_would_pass() {
    let told = "pods \"node-debugger-n1-x\" is forbidden: violates PodSecurity \"baseline:latest\": host namespaces \
                (hostNetwork=true), hostPath volumes (volume \"host-root\")";
    let (level, why) = violation(told).expect("it is one");
    assert_eq!((level, why.starts_with("host namespaces")), (Level::Baseline, true));
    assert_eq!(violation("pods \"x\" is forbidden: exceeded quota: q"), None);
    let passing = |level, style| {
        Profile::ALL.into_iter().filter(|p| advice(level, style, *p).is_none()).map(Profile::name).collect::<Vec<_>>()
    };
    for style in [Style::Ephemeral, Style::Copy, Style::Node] {
        assert_eq!(passing(Level::Baseline, style), ["baseline", "restricted"], "{style:?}");
    }
    assert_eq!(passing(Level::Baseline, Style::Run), ["general", "baseline", "restricted"]);
    assert_eq!(passing(Level::Restricted, Style::Run), ["restricted"]);
    let advice = advice(Level::Restricted, Style::Run, Profile::General).unwrap_or_default();
    assert!(advice.starts_with("profile restricted passes (with an image"), "{advice}");
    let labels = |level: &str| json!({"metadata": {"labels": {"pod-security.kubernetes.io/enforce": level}}});
    assert_eq!((enforced(&labels("restricted")), enforced(&labels("privileged"))), (Some(Level::Restricted), None));
}

#[test]
fn names_differ_from_moment_to_moment() {
    let all: std::collections::BTreeSet<_> = (0..500).map(|n| suffix(1_772_323_200_000 + n, "n1")).collect();
    assert!(all.len() > 498 && all.iter().all(|s| s.len() == 5), "{}", all.len());
    assert_ne!(suffix(1, "n1"), suffix(1, "n2"));
}
