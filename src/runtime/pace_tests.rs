use super::*;

#[test]
fn a_key_is_answered_at_once_whatever_the_line_owes() {
    let mut p = Pace::new(1_000, 0);
    p.drew(0, 50_000);
    assert!(!p.due(10));
    p.key();
    assert!(p.due(10));
}

#[test]
fn data_frames_keep_their_distance() {
    let mut p = Pace::new(1_000_000, 0);
    p.drew(0, 100);
    p.data();
    assert!(!p.due(99));
    assert!(p.due(100));
}

#[test]
fn a_table_that_is_whole_waits_for_the_line_only() {
    let mut p = Pace::new(1_000, 0);
    p.drew(0, 100);
    p.soon();
    p.data();
    assert!(!p.due(19));
    assert!(p.due(20));
    p.drew(20, 5_000);
    p.soon();
    assert!(!p.due(200), "the line is in debt");
}

#[test]
fn without_news_a_frame_a_second_is_enough() {
    let mut p = Pace::new(1_000_000, 0);
    p.drew(0, 100);
    assert!(!p.due(999));
    assert!(p.due(1_000));
}

#[test]
fn data_frames_stay_within_the_budget() {
    let mut p = Pace::new(2_000, 0);
    let (mut sent, mut now) = (0_usize, 0);
    while now < 60_000 {
        p.data();
        if p.due(now) {
            p.drew(now, 1_500);
            sent += 1_500;
        }
        now += 10;
    }
    assert!(sent <= 2_000 * 62, "{sent} bytes in a minute");
    assert!(sent >= 2_000 * 55, "the line is used: {sent} bytes in a minute");
}
