use super::*;

fn pod(json: &str) -> serde_json::Value {
    serde_json::from_str(json).unwrap()
}

// Status, ready, restarts and health of a pod given as spec and status.
fn of(metadata: &str, spec: &str, status: &str) -> (String, String, i64, Health) {
    let text = pod(&format!(r#"{{"metadata":{metadata},"spec":{spec},"status":{status}}}"#)).to_string();
    let pod: Pod<'_> = serde_json::from_str(&text).unwrap();
    let p = printed(&pod);
    let health = health(&pod, &p);
    (p.status.to_string(), format!("{}/{}", p.ready.0, p.ready.1), p.restarts, health)
}

const TWO: &str = r#"{"containers":[{"name":"a"},{"name":"b"}]}"#;
const INIT: &str = r#"{"initContainers":[{"name":"i"},{"name":"j"}],"containers":[{"name":"a"}]}"#;
const SIDE: &str = r#"{"initContainers":[{"name":"s","restartPolicy":"Always"}],"containers":[{"name":"a"}]}"#;
const DELETED: &str = r#"{"deletionTimestamp":"2026-11-21T12:00:00Z"}"#;

#[track_caller]
fn check(case: (&str, &str, &str), status: &str, ready: &str, restarts: i64, health: Health) {
    assert_eq!(of(case.0, case.1, case.2), (status.into(), ready.into(), restarts, health), "{case:?}");
}

#[test]
fn regular_containers() {
    check(("{}", TWO, r#"{"phase":"Pending"}"#), "Pending", "0/2", 0, Health::Busy);
    check(("{}", TWO, r#"{"phase":"Failed","reason":"Evicted"}"#), "Evicted", "0/2", 0, Health::Bad);
    let gated =
        r#"{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"SchedulingGated"}]}"#;
    check(("{}", TWO, gated), "SchedulingGated", "0/2", 0, Health::Busy);
    let stuck =
        r#"{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable"}]}"#;
    check(("{}", TWO, stuck), "Pending", "0/2", 0, Health::Warn);
    let half = r#"{"phase":"Running","containerStatuses":[{"name":"a","ready":true,"state":{"running":{}}},
        {"name":"b","restartCount":3,"state":{"running":{}}}]}"#;
    check(("{}", TWO, half), "Running", "1/2", 3, Health::Warn);
    let signal =
        r#"{"phase":"Failed","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":137,"signal":9}}}]}"#;
    check(("{}", TWO, signal), "Signal:9", "0/2", 0, Health::Bad);
    let code = r#"{"phase":"Failed","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":3}}}]}"#;
    check(("{}", TWO, code), "ExitCode:3", "0/2", 0, Health::Bad);
}

#[test]
fn one_completed_container_does_not_hide_the_others() {
    let with = |second: &str, ready: &str| {
        format!(
            r#"{{"phase":"Running","conditions":[{{"type":"Ready","status":"{ready}"}}],"containerStatuses":[
            {{"name":"a","state":{{"terminated":{{"exitCode":0,"reason":"Completed"}}}}}},{{"name":"b",{second}}}]}}"#
        )
    };
    let running = r#""ready":true,"state":{"running":{}}"#;
    check(("{}", TWO, &with(running, "True")), "Running", "1/2", 0, Health::Warn);
    check(("{}", TWO, &with(running, "False")), "NotReady", "1/2", 0, Health::Warn);
    let failed = r#""state":{"terminated":{"exitCode":1,"reason":"Error"}}"#;
    check(("{}", TWO, &with(failed, "False")), "Error", "0/2", 0, Health::Bad);
    let done = r#""state":{"terminated":{"exitCode":0,"reason":"Completed"}}"#;
    check(("{}", TWO, &with(done, "False")), "Completed", "0/2", 0, Health::Done);
}

#[test]
fn init_containers() {
    let with = |first: &str| {
        format!(r#"{{"phase":"Pending","initContainerStatuses":[{{"name":"i",{first}}},{{"name":"j"}}]}}"#)
    };
    let done = r#""state":{"terminated":{"exitCode":0}}"#;
    check(("{}", INIT, &with(done)), "Init:1/2", "0/1", 0, Health::Busy);
    let creating = r#""state":{"waiting":{"reason":"PodInitializing"}}"#;
    check(("{}", INIT, &with(creating)), "Init:0/2", "0/1", 0, Health::Busy);
    let crash = r#""restartCount":4,"state":{"waiting":{"reason":"CrashLoopBackOff"}}"#;
    check(("{}", INIT, &with(crash)), "Init:CrashLoopBackOff", "0/1", 4, Health::Bad);
    for (ended, told) in [
        (r#""exitCode":2"#, "Init:ExitCode:2"),
        (r#""exitCode":2,"signal":9"#, "Init:Signal:9"),
        (r#""exitCode":2,"reason":"Error""#, "Init:Error"),
    ] {
        let status = with(&format!(r#""state":{{"terminated":{{{ended}}}}}"#));
        check(("{}", INIT, &status), told, "0/1", 0, Health::Bad);
    }
}

#[test]
fn sidecars_count_as_containers_and_their_restarts_stay() {
    let status = |started: bool, main: &str| {
        format!(
            r#"{{"phase":"Running","initContainerStatuses":[{{"name":"s","started":{started},"ready":true,"restartCount":2,
            "state":{{"running":{{}}}}}}],"containerStatuses":[{{"name":"a","restartCount":1,{main}}}]}}"#
        )
    };
    check(("{}", SIDE, &status(true, r#""ready":true,"state":{"running":{}}"#)), "Running", "2/2", 3, Health::Ok);
    check(
        ("{}", SIDE, &status(false, r#""state":{"waiting":{"reason":"PodInitializing"}}"#)),
        "Init:0/1",
        "0/2",
        2,
        Health::Busy,
    );
    // The same init container without the policy would still be initializing.
    let plain = INIT.replace("\"i\"", "\"s\"");
    check(("{}", &plain, &status(true, r#""state":{}"#)), "Init:0/2", "0/1", 2, Health::Busy);
}

#[test]
fn an_initialized_pod_shows_its_containers_even_if_an_init_container_runs_again() {
    let status = r#"{"phase":"Running","conditions":[{"type":"Initialized","status":"True"}],
        "initContainerStatuses":[{"name":"i","restartCount":5,"state":{"running":{}}}],
        "containerStatuses":[{"name":"a","ready":true,"restartCount":1,"state":{"running":{}}}]}"#;
    let (_, ready, restarts, _) = of("{}", INIT, status);
    assert_eq!((ready.as_str(), restarts), ("1/1", 1));
}

#[test]
fn deleted_pods() {
    check((DELETED, TWO, r#"{"phase":"Running"}"#), "Terminating", "0/2", 0, Health::Busy);
    check((DELETED, TWO, r#"{"phase":"Running","reason":"NodeLost"}"#), "Unknown", "0/2", 0, Health::Bad);
    // A finalizer may hold a pod that has ended.
    check((DELETED, TWO, r#"{"phase":"Succeeded"}"#), "Succeeded", "0/2", 0, Health::Done);
    check(("{}", TWO, r#"{"phase":"Running","reason":"NodeLost"}"#), "NodeLost", "0/2", 0, Health::Bad);
}

#[test]
fn the_last_restart_is_the_latest_end() {
    let text = r#"{"status":{"phase":"Running","containerStatuses":[
        {"name":"a","restartCount":1,"lastState":{"terminated":{"finishedAt":"2026-11-21T12:00:05Z"}}},
        {"name":"b","restartCount":1,"lastState":{"terminated":{"finishedAt":"2026-11-21T12:00:03Z"}}}]}}"#;
    let pod: Pod<'_> = serde_json::from_str(text).unwrap();
    let p = printed(&pod);
    assert_eq!((p.restarts, p.last_restart.0 % 60_000), (2, 5_000));
}
