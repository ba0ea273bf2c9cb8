use super::*;

fn name(pod: &str) -> StreamName {
    StreamName { namespace: "shop".into(), pod: pod.into(), container: "app".into() }
}

fn lines(all: &[(i64, &str)]) -> Arc<Segment> {
    let mut segment = Segment::default();
    all.iter().for_each(|(time, text)| segment.push(*time, text.as_bytes()));
    Arc::new(segment)
}

fn store(streams: usize) -> Store {
    let mut store = Store::default();
    (0..streams).for_each(|i| store.apply(LogEvent::Join(name(&format!("p{i}"))), 0, 250));
    store
}

fn texts(store: &Store) -> Vec<String> {
    let text = |id: LineId| store.held(id).map(|h| h.lines.text(id.line as usize).to_owned());
    let mut store = store.clone();
    store.place();
    store.order().from(0).filter_map(text).collect()
}

#[test]
fn streams_merge_by_time() {
    let mut s = store(2);
    s.apply(LogEvent::Lines(0, Place::Past, lines(&[(10, "a"), (30, "c")])), 0, 250);
    s.apply(LogEvent::Lines(1, Place::Past, lines(&[(20, "b"), (40, "d")])), 0, 250);
    s.apply(LogEvent::Lines(0, Place::Now, lines(&[(50, "e")])), 0, 250);
    s.apply(LogEvent::Lines(0, Place::Older, lines(&[(1, "0"), (10, "1")])), 0, 250);
    assert_eq!(texts(&s), ["0", "1", "a", "b", "c", "d", "e"]);
    assert_eq!((s.arrived(), s.late()), (5, 0), "older ones are no news");
}

#[test]
fn a_line_later_than_the_window_is_in_its_place_and_marked() {
    let mut s = store(2);
    s.apply(LogEvent::Lines(0, Place::Now, lines(&[(1_000, "first"), (2_000, "third")])), 100, 250);
    s.apply(LogEvent::Lines(1, Place::Now, lines(&[(1_500, "within")])), 200, 250);
    s.apply(LogEvent::Lines(1, Place::Now, lines(&[(1_600, "late"), (2_500, "not")])), 400, 250);
    assert_eq!(texts(&s), ["first", "within", "late", "third", "not"]);
    s.place();
    let late: Vec<bool> = s.order().from(0).map(|id| s.is_late(id)).collect();
    assert_eq!(late, [false, false, true, false, false]);
}

#[test]
fn small_pieces_share_a_segment_and_the_oldest_goes() {
    let mut s = store(1);
    for i in 0..4_000_i64 {
        s.apply(LogEvent::Lines(0, Place::Now, lines(&[(i, "x".repeat(1_000).as_str())])), i, 250);
    }
    assert!(s.segments().newest_first().count() <= 5);
    let mut gone = 0;
    while let Some(number) = s.overflow(2 << 20) {
        s.evict(number);
        gone += 1;
    }
    assert!(gone >= 2 && s.bytes() <= 2 << 20);
    s.place();
    assert_eq!(s.dropped() + s.order().len() as u64, 4_000);
    let first = s.order().get(0).expect("lines are left");
    assert_eq!(s.time(first), s.dropped() as i64, "the first lines are gone");
}

#[test]
fn a_held_segment_does_not_change() {
    let mut s = store(1);
    s.apply(LogEvent::Lines(0, Place::Now, lines(&[(1, "a")])), 0, 250);
    let held = s.segments().get(0).expect("there").lines.clone();
    s.apply(LogEvent::Lines(0, Place::Now, lines(&[(2, "b")])), 0, 250);
    assert_eq!((held.len(), texts(&s)), (1, vec!["a".to_owned(), "b".to_owned()]));
}
