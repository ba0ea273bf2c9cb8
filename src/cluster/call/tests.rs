use super::*;
use crate::cluster::testing::{Part, Reply as Answer, connect};
use crate::cluster::{Overrides, guard::Guard};
use crate::core::kind::ClusterId;

fn pods() -> Arc<Kind> {
    Arc::new(Kind {
        group: "".into(),
        version: "v1".into(),
        plural: "pods".into(),
        kind: "Pod".into(),
        singular: "pod".into(),
        short: Vec::new(),
        namespaced: true,
        verbs: Vec::new(),
        scale: false,
    })
}

fn call(verb: Verb, name: &str, subresource: &str, body: Option<Value>) -> Call {
    Call {
        cluster: ClusterId(1),
        verb,
        kind: pods(),
        namespace: "web".into(),
        name: name.into(),
        subresource: subresource.into(),
        query: vec![("fieldManager".into(), "quarterdeck".into())],
        body: body.map(Arc::new),
        dry_run: false,
    }
}

async fn answered(call: &Call, answer: Answer) -> (Outcome, Vec<crate::cluster::testing::Seen>) {
    let (connection, log) = connect(&Overrides::default(), move |_, _| answer.clone());
    let outcome = execute(&connection, call).await;
    (outcome, log.all())
}

#[tokio::test(start_paused = true)]
async fn each_call_is_these_bytes() {
    let patch = json!({ "spec": { "unschedulable": true } });
    let table = [
        (call(Verb::Get, "p", "", None), "GET", "/api/v1/namespaces/web/pods/p", ""),
        (
            call(Verb::Patch(Patch::Strategic), "p", "", Some(patch.clone())),
            "PATCH",
            "/api/v1/namespaces/web/pods/p",
            "application/strategic-merge-patch+json",
        ),
        (
            call(Verb::Patch(Patch::Json), "p", "scale", Some(patch.clone())),
            "PATCH",
            "/api/v1/namespaces/web/pods/p/scale",
            "application/json-patch+json",
        ),
        (
            call(Verb::Create, "p", "eviction", Some(patch.clone())),
            "POST",
            "/api/v1/namespaces/web/pods/p/eviction",
            "application/json",
        ),
        (call(Verb::Create, "", "", Some(patch.clone())), "POST", "/api/v1/namespaces/web/pods", "application/json"),
        (call(Verb::Delete, "p", "", Some(patch)), "DELETE", "/api/v1/namespaces/web/pods/p", "application/json"),
    ];
    for (call, method, path, form) in table {
        let (outcome, seen) = answered(&call, Answer::json(&json!({ "kind": "Pod" }))).await;
        assert_eq!(outcome.unwrap().code, 200);
        let [seen] = seen.as_slice() else { panic!("{method} {path} was sent {} times", seen.len()) };
        assert_eq!(seen.method, method);
        assert_eq!(seen.uri, format!("{path}?fieldManager=quarterdeck"));
        assert_eq!(seen.header("content-type"), form, "{method} {path}");
        let sent: Option<Value> = serde_json::from_slice(&seen.body).ok();
        assert_eq!(sent, call.body.as_deref().cloned(), "{method} {path}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_says_so_wherever_the_server_looks() {
    let mut delete = call(Verb::Delete, "p", "", Some(json!({ "gracePeriodSeconds": 1 })));
    delete.dry_run = true;
    let (outcome, seen) = answered(&delete, Answer::json(&json!({}))).await;
    assert!(outcome.is_ok());
    assert_eq!(seen[0].uri, "/api/v1/namespaces/web/pods/p?fieldManager=quarterdeck&dryRun=All");
    let body: Value = serde_json::from_slice(&seen[0].body).unwrap();
    assert_eq!(body, json!({ "gracePeriodSeconds": 1, "dryRun": ["All"] }));
}

#[tokio::test(start_paused = true)]
async fn refusals_come_whole_and_are_never_sent_again() {
    let budget = json!({
        "kind": "Status", "code": 429, "reason": "TooManyRequests", "message": "Cannot evict pod.",
        "details": { "causes": [{ "reason": "DisruptionBudget", "message": "The budget web needs 4 and has 4" }] }
    });
    let evict = call(Verb::Create, "p", "eviction", Some(json!({})));
    let (outcome, seen) = answered(&evict, Answer::new(429, budget.to_string())).await;
    let refusal = outcome.unwrap_err();
    assert_eq!((refusal.code, refusal.reason.as_ref(), refusal.unknown), (429, "TooManyRequests", false));
    assert_eq!(refusal.causes[0].reason.as_ref(), "DisruptionBudget");
    assert_eq!(refusal.causes[0].message.as_ref(), "The budget web needs 4 and has 4");
    assert_eq!(seen.len(), 1, "a refused eviction is the machine's to repeat");

    let slow = Answer::new(429, "{}").with("retry-after", "7");
    let (outcome, _) = answered(&evict, slow).await;
    assert_eq!(outcome.unwrap_err().retry_after, Some(7));

    for (code, unknown) in
        [(400, false), (409, false), (422, false), (500, false), (502, true), (503, false), (504, true)]
    {
        let (outcome, seen) = answered(&evict, Answer::new(code, "{}")).await;
        let refusal = outcome.unwrap_err();
        assert_eq!((refusal.code, refusal.unknown), (code, unknown));
        assert_eq!(seen.len(), 1, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_never_comes_may_hide_an_effect() {
    let delete = call(Verb::Delete, "p", "", None);
    let silent = Answer { parts: vec![Part::Hang], ..Answer::new(200, "") };
    let (outcome, seen) = answered(&delete, silent).await;
    assert!(outcome.unwrap_err().unknown);
    assert_eq!(seen.len(), 1);
    let cut = Answer::new(200, "{\"kind\":").then(Part::Cut);
    let (outcome, _) = answered(&delete, cut).await;
    let refusal = outcome.unwrap_err();
    assert!(refusal.unknown, "{refusal:?}");
    // A read that fails hides nothing.
    let (outcome, _) = answered(&call(Verb::Get, "p", "", None), Answer::new(504, "")).await;
    assert!(!outcome.unwrap_err().unknown);
}

#[tokio::test(start_paused = true)]
async fn a_list_is_all_its_pages() {
    let (connection, log) = connect(&Overrides::default(), |n, _| {
        let more = if n == 0 { "next/page" } else { "" };
        let item = json!({ "metadata": { "name": format!("p{n}") } });
        Answer::json(&json!({ "apiVersion": "v1", "metadata": { "continue": more }, "items": [item] }))
    });
    let mut list = call(Verb::List, "", "", None);
    list.query = vec![("fieldSelector".into(), "spec.nodeName=n 1".into())];
    let reply = execute(&connection, &list).await.unwrap();
    let names: Vec<_> = reply.body.as_array().unwrap().iter().map(|i| i["metadata"]["name"].clone()).collect();
    assert_eq!(names, ["p0", "p1"]);
    assert_eq!(reply.body[1]["kind"], "Pod");
    let uris = log.uris();
    assert_eq!(uris[0], "/api/v1/namespaces/web/pods?fieldSelector=spec.nodeName%3Dn%201&limit=500");
    assert!(uris[1].ends_with("&limit=500&continue=next%2Fpage"), "{}", uris[1]);
}

#[tokio::test(start_paused = true)]
async fn warnings_are_told_and_the_guard_holds() {
    let old = Answer::json(&json!({})).with("warning", "299 - \"batch/v1beta1 is old\"");
    let (outcome, _) = answered(&call(Verb::Get, "p", "", None), old).await;
    assert_eq!(outcome.unwrap().warnings, ["batch/v1beta1 is old".into()]);

    let over = Overrides { guard: Guard::ReadOnly, ..Overrides::default() };
    let (connection, log) = connect(&over, |_, _| Answer::json(&json!({})));
    let delete = call(Verb::Delete, "p", "", None);
    let refusal = execute(&connection, &delete).await.unwrap_err();
    assert!(refusal.problem.to_string().starts_with("read-only mode"), "{}", refusal.problem);
    assert!(!refusal.unknown && log.all().is_empty());
    assert!(execute(&connection, &Call { dry_run: true, ..delete }).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_name_that_is_no_name_is_not_sent() {
    let (outcome, seen) = answered(&call(Verb::Delete, "a/../b", "", None), Answer::json(&json!({}))).await;
    assert!(matches!(outcome.unwrap_err().problem, Problem::Invalid(_)));
    assert!(seen.is_empty());
}
