//! Watches that break, fall silent or are refused.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_cut_watch_goes_on_from_the_last_version_without_a_list() {
    let (conn, log) = server(|n, _| match n {
        0 => watch_list(&["x"], 10).and(line("ADDED", &pod("y", 11))).then(Part::Cut),
        _ => Reply::new(200, line("ADDED", &pod("z", 12))).then(Part::Hang),
    });
    let mut events = start(&conn, key("pods", Scope::All));
    let mut reader = Reader::default();
    reader.until(&mut events, |r| r.live() && r.names() == ["x", "y", "z"]).await;
    assert_eq!(reader.lists, 1);
    assert!(asked(&log.all()[1], "resourceVersion=11"), "{}", log.all()[1].uri);
    let told = reader.fresh.iter().find_map(|f| match f {
        Freshness::Reconnecting { since, why, .. } => Some((*since, why.clone())),
        _ => None,
    });
    assert!(matches!(told, Some((Some(1_000_000), Problem::Lost(_)))), "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn an_overdue_bookmark_restarts_the_watch_from_where_it_was() {
    let (conn, log) = server(|n, _| match n {
        0 => watch_list(&["x"], 10).then(Part::Wait(Duration::from_secs(60))).and(bookmark(15, false)).then(Part::Hang),
        _ => quiet(),
    });
    let begun = Instant::now();
    let mut events = start(&conn, key("pods", Scope::All));
    let mut reader = Reader::default();
    reader.until(&mut events, |r| r.fresh.iter().any(|f| matches!(f, Freshness::Stale { .. }))).await;
    assert_eq!(begun.elapsed().as_secs(), 135, "75 s after the bookmark at 60 s");
    reader.until(&mut events, Reader::live).await;
    assert!(asked(&log.all()[1], "resourceVersion=15"), "{}", log.all()[1].uri);
    assert_eq!((reader.lists, reader.names()), (1, vec!["x"]));
}

#[tokio::test(start_paused = true)]
async fn silent_events_are_asked_for_anew_without_a_word() {
    let (conn, log) = server(|_, seen| match () {
        () if asked(seen, "watch=true") => quiet(),
        () => page(&[], 5, ""),
    });
    let mut events = start(&conn, key("events", Scope::All));
    let mut reader = Reader::default();
    reader.until(&mut events, Reader::live).await;
    let told = reader.fresh.len();
    let more = tokio::time::timeout(Duration::from_secs(400), events.recv()).await;
    assert!(more.is_err(), "{more:?}");
    assert_eq!(reader.fresh.len(), told);
    assert!(count(&log, "watch=true") >= 5, "{:?}", log.uris());
    assert_eq!(count(&log, "limit=500"), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_forbidden_is_named_and_tried_again_each_half_minute() {
    let refusal = r#"{"kind":"Status","code":403,"message":"pods is forbidden: User \"u\" cannot list resource \"pods\" in API group \"\" at the cluster scope"}"#;
    let (conn, _) = server(move |n, _| match n {
        0 | 1 => Reply::new(403, refusal),
        _ => watch_list(&["x"], 10).then(Part::Hang),
    });
    let begun = Instant::now();
    let mut events = start(&conn, key("pods", Scope::All));
    let mut reader = Reader::default();
    reader.until(&mut events, |r| matches!(r.fresh.last(), Some(Freshness::Forbidden(_)))).await;
    let Some(Freshness::Forbidden(missing)) = reader.fresh.last() else { unreachable!() };
    assert_eq!(missing.to_string(), "list pods cluster-wide");
    reader.until(&mut events, Reader::live).await;
    assert_eq!((begun.elapsed().as_secs(), reader.names()), (60, vec!["x"]));
}

#[tokio::test(start_paused = true)]
async fn each_failure_is_told_as_what_it_is_and_waited_out() {
    let table: &[(u16, &str, fn(&Problem) -> bool)] = &[
        (401, "{}", |p| matches!(p, Problem::Unauthorized(_))),
        (429, r#"{"kind":"Status","message":"slow","details":{"retryAfterSeconds":9}}"#, |p| {
            *p == Problem::Throttled(Some(9))
        }),
        (500, r#"{"kind":"Status","message":"etcd is away"}"#, |p| *p == Problem::Server(500, "etcd is away".into())),
        (504, "{}", |p| matches!(p, Problem::Timeout(_))),
    ];
    for &(status, body, right) in table {
        let (conn, log) = server(move |n, _| match n {
            0..3 => Reply::new(status, body),
            _ => watch_list(&["x"], 10).then(Part::Hang),
        });
        let begun = Instant::now();
        let mut events = start(&conn, key("pods", Scope::All));
        let mut reader = Reader::default();
        reader.until(&mut events, Reader::live).await;
        let told = |f: &Freshness| matches!(f, Freshness::Reconnecting { why, since: None, .. } if right(why));
        assert!(reader.fresh.iter().any(told), "{status}: {:?}", reader.fresh);
        assert_eq!(log.all().len(), 4, "{status}");
        let waited = begun.elapsed();
        assert!(waited >= Duration::from_millis(1500) && waited < Duration::from_secs(30), "{status}: {waited:?}");
    }
}
