//! Numbers and states in the words of the screen.

use crate::core::freshness::Freshness;
use crate::core::kind::Scope;
use crate::core::problem::Problem;
use crate::core::role::Role;

/// A count with thousands set apart: `3,421`.
pub(super) fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// A span of time in one unit: `14 s`, `3 min`, `2 h`, `4 d`.
pub(super) fn span(millis: i64) -> String {
    let s = millis.max(0) / 1000;
    match s {
        0..120 => format!("{s} s"),
        120..7_200 => format!("{} min", s / 60),
        7_200..172_800 => format!("{} h", s / 3_600),
        _ => format!("{} d", s / 86_400),
    }
}

/// A problem in two or three words, where there is no room for more.
pub(super) fn short(problem: &Problem) -> String {
    match problem {
        Problem::Unreachable(_) => "unreachable".into(),
        Problem::Timeout(_) => "no answer".into(),
        Problem::Unauthorized(_) => "not logged in".into(),
        Problem::Forbidden(m) => format!("forbidden: {m}"),
        Problem::NotFound(_) => "not found".into(),
        Problem::Expired => "listing again".into(),
        Problem::Conflict(_) => "conflict".into(),
        Problem::Invalid(_) => "refused as invalid".into(),
        Problem::Throttled(_) => "throttled".into(),
        Problem::Server(code, _) => format!("server error {code}"),
        Problem::Garbage(_) => "answer makes no sense".into(),
        Problem::Lost(_) => "connection lost".into(),
        Problem::Config(_) => "not set up".into(),
    }
}

/// How true a pane is, in words: the longest form first, for frames with less and less room.
pub(super) fn freshness(f: &Freshness, now: i64) -> (Vec<String>, Role) {
    match f {
        Freshness::Idle => (vec!["connecting".into()], Role::FreshSyncing),
        Freshness::Syncing { rows } => {
            (vec![format!("syncing {}", count(*rows)), "syncing".into()], Role::FreshSyncing)
        }
        Freshness::Live => (vec!["live".into()], Role::FreshLive),
        Freshness::Stale { since, why } => {
            let stale = format!("stale since {}", span(now - since));
            (vec![format!("{stale}: {}", short(why)), stale, "stale".into()], Role::FreshStale)
        }
        Freshness::Reconnecting { since, at, why } => {
            let wait = (at - now + 999) / 1000;
            let next = if wait > 0 { format!("reconnecting in {wait} s") } else { "reconnecting".into() };
            let mut forms = Vec::new();
            if let Some(since) = since {
                let stale = format!("stale since {}", span(now - since));
                forms.push(format!("{stale}: {}, {next}", short(why)));
                forms.push(format!("{stale}, {next}"));
            } else {
                forms.push(format!("{}, {next}", short(why)));
            }
            forms.push(next);
            (forms, Role::FreshStale)
        }
        Freshness::Forbidden(m) => (vec![format!("forbidden: {m}"), "forbidden".into()], Role::FreshError),
        Freshness::Partial { forbidden, of } => (
            vec![
                format!("partial: {forbidden} of {of} namespaces forbidden"),
                format!("partial: {forbidden}/{of} forbidden"),
                "partial".into(),
            ],
            Role::FreshStale,
        ),
        Freshness::NotServed => (vec!["not served".into()], Role::FreshError),
    }
}

/// Whether the rows are all there are, or were at some time: else no count of them is true.
pub(super) fn counted(f: &Freshness) -> bool {
    matches!(f, Freshness::Live | Freshness::Stale { .. } | Freshness::Reconnecting { since: Some(_), .. })
}

/// Where a table looks: `all namespaces`, `shop`, `shop, db`, `5 namespaces`.
pub(super) fn scope(scope: &Scope) -> String {
    match scope {
        Scope::All => "all namespaces".into(),
        Scope::Namespaces(list) if list.len() <= 2 => list.join(", "),
        Scope::Namespaces(list) => format!("{} namespaces", list.len()),
    }
}
