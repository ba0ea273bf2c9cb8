use super::*;
use crate::core::problem::{Missing, Problem};

fn forbidden() -> Freshness {
    Freshness::Forbidden(Missing { verb: "list".into(), resource: "pods".into(), namespace: Some("a".into()) })
}

fn whole(parts: &[Freshness]) -> Freshness {
    together(parts.iter())
}

#[test]
fn some_forbidden_is_partial_and_all_forbidden_is_forbidden() {
    assert_eq!(whole(&[Freshness::Live, forbidden()]), Freshness::Partial { forbidden: 1, of: 2 });
    assert_eq!(whole(&[forbidden(), forbidden()]), forbidden());
    assert_eq!(whole(&[Freshness::Live, Freshness::Live]), Freshness::Live);
}

#[test]
fn trouble_in_one_part_is_trouble_of_the_whole() {
    let lost = Freshness::Reconnecting { since: Some(1), at: 2, why: Problem::Expired };
    assert_eq!(whole(&[Freshness::Live, lost.clone(), forbidden()]), lost);
}

#[test]
fn the_whole_syncs_until_the_last_part_is_live() {
    let parts = [Freshness::Syncing { rows: 3 }, Freshness::Live, Freshness::Syncing { rows: 4 }];
    assert_eq!(whole(&parts), Freshness::Syncing { rows: 7 });
}
