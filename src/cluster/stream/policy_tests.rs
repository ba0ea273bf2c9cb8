use super::*;

const SHORT: Duration = Duration::from_secs(1);

fn lost() -> End {
    End::Failed(Problem::Lost("cut".into()))
}

fn missing() -> Missing {
    Missing { verb: "list".into(), resource: "pods".into(), namespace: None }
}

#[test]
fn waits_double_up_to_eight_seconds_and_start_over_once_it_lived() {
    let mut p = Policy::new(true);
    let waits: Vec<u64> = (0..7).map(|_| p.after(lost(), SHORT, 0).wait.as_millis() as u64).collect();
    assert_eq!(waits, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
    assert_eq!(p.after(lost(), Duration::from_secs(60), 0).wait, FIRST);
}

#[test]
fn a_wait_is_shortened_by_at_most_a_half() {
    let waits = (0..1000).map(|j| Policy::new(true).after(lost(), SHORT, j).wait);
    for wait in waits {
        assert!(wait > FIRST / 2 && wait <= FIRST, "{wait:?}");
    }
}

#[test]
fn a_cut_goes_on_from_where_it_was() {
    let next = Policy::new(true).after(lost(), SHORT, 0);
    assert!(!next.relist);
    assert!(matches!(next.say, Say::Reconnecting(Problem::Lost(_))));
}

#[test]
fn an_expired_version_lists_at_once_but_not_in_a_storm() {
    let mut p = Policy::new(true);
    let first = p.after(End::Failed(Problem::Expired), SHORT, 0);
    assert!(first.relist && first.wait.is_zero());
    let second = p.after(End::Failed(Problem::Expired), SHORT, 0);
    assert!(second.relist && !second.wait.is_zero());
}

#[test]
fn a_refused_watch_list_falls_back_to_pages_for_good() {
    let mut p = Policy::new(true);
    assert_eq!(p.step(false), Step::WatchList);
    let next = p.after(End::Failed(Problem::Invalid("sendInitialEvents".into())), SHORT, 0);
    assert!(next.relist && next.wait.is_zero() && next.say == Say::Nothing);
    assert_eq!(p.step(false), Step::Page(String::new()));
}

#[test]
fn a_kind_that_is_not_there_either_way_is_not_served() {
    let mut p = Policy::new(true);
    p.after(End::Failed(Problem::NotFound("pods".into())), SHORT, 0);
    let next = p.after(End::Failed(Problem::NotFound("pods".into())), SHORT, 0);
    assert_eq!((next.say, next.wait), (Say::NotServed, SELDOM));
}

#[test]
fn pages_follow_each_other_and_end_in_a_watch() {
    let mut p = Policy::new(false);
    assert_eq!(p.step(false), Step::Page(String::new()));
    p.after(End::Page("t1".into()), SHORT, 0);
    assert_eq!(p.step(false), Step::Page("t1".into()));
    p.after(End::Listed { version: "5".into() }, SHORT, 0);
    assert_eq!(p.step(true), Step::Watch);
}

#[test]
fn forbidden_is_said_and_asked_for_again_seldom() {
    let next = Policy::new(true).after(End::Failed(Problem::Forbidden(missing())), SHORT, 0);
    assert_eq!(next.wait, SELDOM);
    assert_eq!(next.say, Say::Forbidden(missing()));
}

#[test]
fn silence_is_stale_where_bookmarks_are_due_and_nothing_where_none_come() {
    let silent = Policy::new(true).after(End::Silent, Duration::from_secs(75), 0);
    assert!(matches!(silent.say, Say::Stale(_)) && silent.wait.is_zero() && !silent.relist);
    assert_eq!(Policy::new(false).after(End::Silent, Duration::from_secs(75), 0).say, Say::Nothing);
}

#[test]
fn throttling_waits_as_long_as_the_server_says() {
    let next = Policy::new(true).after(End::Failed(Problem::Throttled(Some(7))), SHORT, 0);
    assert_eq!(next.wait, Duration::from_secs(7));
}

#[test]
fn garbage_gives_up_protobuf_once_and_lists_anew() {
    let mut p = Policy::new(true);
    let first = p.after(End::Garbled("x".into()), SHORT, 0);
    assert!(first.plain_json && first.relist);
    assert!(!p.after(End::Garbled("x".into()), SHORT, 0).plain_json);
}
