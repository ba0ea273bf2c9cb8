use super::super::super::tests::console;
use super::*;
use crate::core::kind::Kind;

#[test]
fn a_kind_that_may_be_known_in_a_moment_is_waited_for() {
    let (mut state, id) = console((200, 60));
    typed(&mut state, "deployment/web -n shop");
    assert_eq!(state.later.as_deref(), Some("logs deployment/web -n shop"));
    state.later = None;
    state.clusters.get_mut(&id).expect("it is there").discovered = true;
    typed(&mut state, "deployment/web -n shop");
    assert!(state.later.is_none() && state.notice.is_some());
}

fn wish(line: &str) -> Result<(What, String), String> {
    let (mut state, id) = console((200, 60));
    let cluster = state.clusters.get_mut(&id).expect("it is there");
    let pod = cluster.kind("pods").expect("pods are known");
    let of = |group: &str, plural: &str, singular: &str| {
        let (group, plural, singular) = (group.into(), plural.into(), singular.into());
        Arc::new(Kind { group, plural, singular, ..(*pod).clone() })
    };
    let more = [of("apps", "deployments", "deployment"), of("batch", "cronjobs", "cronjob")];
    cluster.kinds = cluster.kinds.iter().cloned().chain(more).collect();
    read(&state, line).map(|(wish, title)| (wish.what, title))
}

#[test]
fn an_object_is_named_as_kubectl_names_it() {
    let (what, title) = wish("deployment/web -n shop --all-containers").expect("it is understood");
    let What::Of(kind, namespace, name, containers) = what else { panic!("{what:?}") };
    assert_eq!((&*kind.plural, &*namespace, &*name, containers), ("deployments", "shop", "web", Containers::All));
    assert_eq!(title, "deployment shop/web");
    let named = Pods::Named(vec![("shop".into(), "a".into()), ("shop".into(), "b".into())]);
    assert_eq!(wish("pod/a b -n shop").map(|w| w.0), Ok(What::Pods(named, Containers::Usual)));
    let (what, _) = wish("cronjob/night -n shop").expect("it is understood");
    assert!(
        matches!(&what, What::Pods(Pods::Matching { pattern, .. }, _) if &**pattern == "^night-[0-9]+-"),
        "{what:?}"
    );
    assert_eq!(wish("node/n1 kubelet").map(|w| w.0), Ok(What::Node("n1".into(), "kubelet".into())));
    let all = Pods::Selected { scope: start::one_namespace("shop"), labels: "".into(), fields: "".into() };
    assert_eq!(wish("namespaces/shop").map(|w| w.0), Ok(What::Pods(all, Containers::Usual)));
}

#[test]
fn what_cannot_be_meant_is_said() {
    let said = |line: &str| wish(line).expect_err("it means nothing");
    assert_eq!(said("deployment/web -A"), "say in which namespace: logs NAME -n NAMESPACE");
    assert_eq!(said("gadget/web"), "logs: the server has no kind gadget");
    assert_eq!(said("deployment/"), "logs: deployment/ wants a name");
    assert_eq!(said("--frobnicate"), "logs knows no option --frobnicate");
    assert_eq!(said("a --tail"), "--tail wants a value");
    assert_eq!(said("/(/"), "/(/ is no regular expression");
}
