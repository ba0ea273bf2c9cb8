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
