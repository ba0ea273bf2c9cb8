//! Lists: in one request or in pages, cut, expired or garbled.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_watch_list_is_one_request() {
    let (conn, log) = server(|_, _| {
        watch_list(&["x", "y"], 10)
            .and(line("ADDED", &pod("z", 11)))
            .and(line("DELETED", &pod("x", 12)))
            .then(Part::Hang)
    });
    let mut events = start(&conn, key("pods", Scope::All));
    let mut reader = Reader::default();
    reader.until(&mut events, |r| r.live() && r.names() == ["y", "z"]).await;
    assert_eq!((reader.lists, reader.complete), (1, 1));
    assert!(matches!(reader.fresh[0], Freshness::Syncing { .. }));
    let all = log.all();
    assert_eq!(all.len(), 1);
    assert!(all[0].header("accept").starts_with("application/vnd.kubernetes.protobuf"));
    assert_eq!(all[0].header("accept-encoding"), "identity");
    for part in ["watch=true", "allowWatchBookmarks=true", INITIAL, "resourceVersionMatch=NotOlderThan"] {
        assert!(asked(&all[0], part), "{part} in {}", all[0].uri);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_watch_list_becomes_pages_and_a_watch_from_their_version() {
    let (conn, log) = server(|_, seen| match () {
        () if asked(seen, INITIAL) => {
            Reply::new(422, r#"{"kind":"Status","message":"sendInitialEvents is forbidden","code":422}"#)
        }
        () if asked(seen, "continue=next") => page(&["y"], 20, ""),
        () if asked(seen, "watch=true") => Reply::new(200, line("ADDED", &pod("z", 21))).then(Part::Hang),
        () => page(&["x"], 20, "next"),
    });
    let mut events = start(&conn, key("pods", Scope::All));
    let mut reader = Reader::default();
    reader.until(&mut events, |r| r.live() && r.names() == ["x", "y", "z"]).await;
    assert_eq!(reader.complete, 1);
    assert!(log.all().iter().any(|s| asked(s, "resourceVersion=20") && asked(s, "watch=true")));
    assert!(log.all().iter().any(|s| asked(s, "limit=500") && asked(s, "resourceVersion=0")));
    assert!(!reader.fresh.iter().any(|f| matches!(f, Freshness::Reconnecting { .. })), "{:?}", reader.fresh);
}

#[tokio::test(start_paused = true)]
async fn a_list_cut_in_the_middle_is_begun_again() {
    let (conn, log) = server(|n, _| match n {
        0 => {
            let whole = line("ADDED", &pod("y", 11));
            Reply::new(200, line("ADDED", &pod("x", 10))).and(whole[..40].to_owned()).then(Part::Cut)
        }
        _ => watch_list(&["x", "y"], 12).then(Part::Hang),
    });
    let mut events = start(&conn, key("pods", Scope::All));
    let mut reader = Reader::default();
    reader.until(&mut events, |r| r.live() && r.complete == 1).await;
    assert_eq!(reader.names(), ["x", "y"]);
    assert!(asked(&log.all()[1], INITIAL), "a half list is no place to go on from: {}", log.all()[1].uri);
}

#[tokio::test(start_paused = true)]
async fn a_page_cut_in_the_middle_is_asked_for_again() {
    let (conn, _) = server(|n, seen| match () {
        () if asked(seen, INITIAL) => Reply::new(400, "{}"),
        () if asked(seen, "watch=true") => quiet(),
        () if n == 1 => {
            let body =
                json!({"kind": "PodList", "metadata": {"resourceVersion": "9"}, "items": [pod("x", 1)]}).to_string();
            Reply::new(200, body[..body.len() - 30].to_owned()).then(Part::Cut)
        }
        () => page(&["x", "y"], 10, ""),
    });
    let mut events = start(&conn, key("pods", Scope::All));
    let mut reader = Reader::default();
    reader.until(&mut events, |r| r.live() && r.complete == 1).await;
    assert_eq!(reader.names(), ["x", "y"]);
}

#[tokio::test(start_paused = true)]
async fn an_expired_version_lists_anew_without_blanking() {
    let gone = r#"{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}"#;
    let (conn, log) = server(move |n, _| match n {
        0 => watch_list(&["x", "y"], 10).and(format!("{gone}\n")),
        _ => watch_list(&["y", "z"], 20).then(Part::Hang),
    });
    let mut events = start(&conn, key("pods", Scope::All));
    let mut reader = Reader::default();
    let mut least = usize::MAX;
    while reader.complete < 2 {
        reader.take(events.recv().await.unwrap());
        if reader.complete == 1 {
            least = least.min(reader.rows.len());
        }
    }
    assert!(least >= 2, "{least} rows while listing anew");
    assert_eq!(reader.names(), ["y", "z"]);
    assert_eq!(count(&log, INITIAL), 2);
}

#[tokio::test(start_paused = true)]
async fn garbled_protobuf_is_asked_for_as_json() {
    let (conn, log) = server(|n, _| match n {
        0 => Reply::new(200, vec![0, 0, 0, 4, 0xff, 0xff, 0xff, 0xff])
            .with("content-type", "application/vnd.kubernetes.protobuf;stream=watch")
            .then(Part::Hang),
        _ => watch_list(&["x"], 10).then(Part::Hang),
    });
    let mut events = start(&conn, key("pods", Scope::All));
    let mut reader = Reader::default();
    reader.until(&mut events, |r| r.live() && r.names() == ["x"]).await;
    assert_eq!(log.all()[1].header("accept"), "application/json");
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_is_not_served_says_so() {
    let (conn, _) = server(|_, _| Reply::new(404, "404 page not found"));
    let mut events = start(&conn, key("pods", Scope::All));
    let mut reader = Reader::default();
    reader.until(&mut events, |r| r.fresh.last() == Some(&Freshness::NotServed)).await;
}

#[tokio::test(start_paused = true)]
async fn selectors_are_sent_encoded() {
    let (conn, log) = server(|_, _| watch_list(&[], 1).then(Part::Hang));
    let fields: Arc<str> = "spec.nodeName=n 1".into();
    let one = StreamKey { fields, labels: "app in (a,b)".into(), ..key("pods", Scope::All) };
    let mut events = start(&conn, one);
    Reader::default().until(&mut events, Reader::live).await;
    let uri = log.uris().remove(0);
    assert!(uri.contains("fieldSelector=spec.nodeName%3Dn%201&labelSelector=app%20in%20%28a%2Cb%29"), "{uri}");
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_cannot_be_watched_is_listed_each_quarter_minute() {
    let (conn, log) = server(|n, _| if n == 0 { page(&["x", "y"], 0, "") } else { page(&["y"], 0, "") });
    let mut one = key("pods", Scope::All);
    let verbs = vec!["get".into(), "list".into()];
    one.kind = Arc::new(crate::core::kind::Kind { verbs, ..one.kind.as_ref().clone() });
    let begun = Instant::now();
    let mut events = start(&conn, one);
    let mut reader = Reader::default();
    reader.until(&mut events, |r| r.complete == 1 && r.live()).await;
    assert_eq!(reader.names(), ["x", "y"]);
    reader.until(&mut events, |r| r.complete == 3).await;
    assert_eq!((reader.names(), begun.elapsed().as_secs()), (vec!["y"], 30));
    assert_eq!(count(&log, "watch=true"), 0);
}
