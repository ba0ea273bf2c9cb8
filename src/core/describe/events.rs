//! The events of an object in the words of `kubectl describe`, the latest first.

use super::write::Writer;
use crate::core::freshness::Freshness;
use crate::core::health::Health;
use crate::core::role::Role;
use crate::core::store::{RowRef, Store};
use crate::core::value::as_int;

/// More are in the events pane.
const MOST: usize = 50;

pub(super) fn describe(out: &mut Writer, events: Option<&Store>) {
    let Some(store) = events else { return };
    out.title("Events");
    let find = |title: &str| store.schema().find(title);
    let (Some(last), Some(reason), Some(message)) = (find("LAST SEEN"), find("REASON"), find("MESSAGE")) else {
        return unread(out, store);
    };
    let mut rows: Vec<RowRef<'_>> = store.rows().collect();
    if rows.is_empty() {
        return unread(out, store);
    }
    rows.sort_by_key(|r| (std::cmp::Reverse(as_int(r.cell(last))), r.uid()));
    let text = |r: &RowRef<'_>, column: Option<usize>| column.map_or("", |c| r.text(c)).to_owned();
    let mut lines = vec![["TYPE", "REASON", "AGE", "MESSAGE", "FROM"].map(str::to_owned).to_vec()];
    for r in rows.iter().take(MOST) {
        let since = |column: Option<usize>| column.and_then(|c| r.number(c)).map(|at| out.since(at));
        let mut age = since(Some(last)).unwrap_or_else(|| "·".into());
        let count = find("COUNT").and_then(|c| r.number(c)).unwrap_or(1);
        if count > 1 {
            let over = since(find("FIRST SEEN")).map(|t| format!(" over {t}")).unwrap_or_default();
            age = format!("{age} (x{count}{over})");
        }
        lines.push(vec![
            text(r, find("TYPE")),
            r.text(reason).to_owned(),
            age,
            r.text(message).to_owned(),
            text(r, find("SOURCE")),
        ]);
    }
    let role = |i: usize| match rows.get(i).map(RowRef::health) {
        Some(Health::Warn | Health::Bad) => Role::RowWarn,
        _ => Role::TextValue,
    };
    out.judged_table(1, &lines, usize::MAX, role);
    if rows.len() > MOST {
        out.text(1, &format!("and {} earlier ones", rows.len() - MOST), Role::Dim);
    }
}

fn unread(out: &mut Writer, store: &Store) {
    match store.freshness() {
        Freshness::Live | Freshness::Partial { .. } => out.text(1, "none that are still kept", Role::Dim),
        Freshness::Forbidden(missing) => out.text(1, &format!("you may not {missing}"), Role::FreshError),
        Freshness::Stale { why, .. } | Freshness::Reconnecting { why, .. } => {
            out.text(1, &format!("cannot be read: {why}"), Role::FreshStale);
        }
        Freshness::Idle | Freshness::Syncing { .. } => out.text(1, "reading", Role::FreshSyncing),
        Freshness::NotServed => out.text(1, "this server does not serve events", Role::FreshError),
    }
}
