//! Readers: slow ones, gone ones, and one of several namespaces.

use super::*;

#[tokio::test(start_paused = true)]
async fn namespaces_that_are_forbidden_leave_the_others_partial() {
    let (conn, log) = server(|_, seen| {
        if seen.uri.starts_with("/api/v1/namespaces/a/") {
            watch_list(&["x"], 10).then(Part::Hang)
        } else {
            Reply::new(403, "{}")
        }
    });
    let scope = Scope::Namespaces(vec!["a".into(), "b".into(), "c".into()]);
    let mut events = start(&conn, key("pods", scope));
    let mut reader = Reader::default();
    reader.until(&mut events, |r| r.live() && r.complete == 1).await;
    assert_eq!(reader.fresh.last(), Some(&Freshness::Partial { forbidden: 2, of: 3 }));
    assert_eq!(reader.names(), ["x"]);
    assert!(log.uris().iter().all(|u| u.starts_with("/api/v1/namespaces/")));
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_sleeps_gets_the_last_state_and_the_server_never_waits() {
    let changes: String = (0..20_000).map(|i| line("MODIFIED", &pod(&format!("p{}", i % 50), 100 + i))).collect();
    let last = line("ADDED", &pod("last", 99_999));
    let (conn, _) = server(move |_, _| watch_list(&["p0"], 10).and(changes.clone()).and(last.clone()).then(Part::Hang));
    let mut events = start(&conn, key("pods", Scope::All));
    // Nobody reads while everything comes in.
    tokio::time::sleep(Duration::from_secs(30)).await;
    let read = conn.traffic().bytes;
    assert!(read > 2_000_000, "only {read} bytes were taken from the server");
    let mut reader = Reader::default();
    let mut puts = 0;
    while reader.rows.values().all(|(n, _)| n != "last") {
        let event = events.recv().await.unwrap();
        if let StreamEvent::Batch(b) = &event {
            assert!(b.len() <= 4096 * 3, "{} rows in one batch", b.len());
            puts += b.len();
        }
        reader.take(event);
    }
    assert_eq!(reader.rows.len(), 51);
    assert!(puts < 20_000, "{puts} changes were handed over for 51 objects");
}

#[tokio::test(start_paused = true)]
async fn a_stream_ends_when_nobody_reads_it_any_more() {
    let (conn, _) = server(|_, _| watch_list(&["x"], 1).then(Part::Hang));
    let (out, events) = mpsc::channel(1);
    let task = tokio::spawn(crate::cluster::stream::run(conn, key("pods", Scope::All), out, clock));
    drop(events);
    tokio::time::timeout(Duration::from_secs(1), task).await.unwrap().unwrap();
}

/// A kind of an aggregated API, which may know no Tables.
fn gadgets() -> StreamKey {
    let kind = crate::core::kind::Kind {
        group: "example.org".into(),
        plural: "gadgets".into(),
        kind: "Gadget".into(),
        ..key("pods", Scope::All).kind.as_ref().clone()
    };
    StreamKey { kind: Arc::new(kind), ..key("pods", Scope::All) }
}

#[tokio::test(start_paused = true)]
async fn objects_where_a_table_was_asked_for_show_name_and_age() {
    let answers: [fn(&Seen) -> Reply; 2] = [
        // As a watch that begins with the list.
        |_| {
            let changes = line("ADDED", &pod("y", 11)) + &line("DELETED", &pod("x", 12));
            watch_list(&["x"], 10).and(changes).then(Part::Hang)
        },
        // As a list, then a watch.
        |seen| match () {
            () if asked(seen, INITIAL) => Reply::new(400, "{}"),
            () if asked(seen, "watch=true") => {
                Reply::new(200, line("ADDED", &pod("y", 21)) + &line("DELETED", &pod("x", 22))).then(Part::Hang)
            }
            () => page(&["x"], 20, ""),
        },
    ];
    for answer in answers {
        let (conn, log) = server(move |_, seen| answer(seen));
        let mut events = start(&conn, gadgets());
        let (mut reader, mut titles) = (Reader::default(), Vec::new());
        while reader.names() != ["y"] || !reader.live() {
            let event = events.recv().await.unwrap();
            if let StreamEvent::Schema(schema) = &event {
                titles = schema.columns.iter().map(|c| c.title.to_string()).collect();
            }
            reader.take(event);
        }
        assert!(["NAMESPACE", "NAME", "AGE"].iter().all(|t| titles.iter().any(|have| have == t)), "{titles:?}");
        assert!(reader.fresh.iter().all(|f| !matches!(f, Freshness::Reconnecting { .. })), "{:?}", reader.fresh);
        assert!(log.all()[0].header("accept").contains("as=Table"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_list_is_waited_for() {
    let (conn, log) = server(|_, seen| match () {
        () if asked(seen, INITIAL) => Reply::new(400, "{}"),
        () if asked(seen, "watch=true") => quiet(),
        () => {
            let mut reply = page(&["x"], 20, "");
            reply.delay = Duration::from_secs(40);
            reply
        }
    });
    let mut events = start(&conn, key("pods", Scope::All));
    let mut reader = Reader::default();
    reader.until(&mut events, |r| r.live() && r.names() == ["x"]).await;
    assert_eq!(log.all().len(), 3, "one list, not one every few seconds");
}
