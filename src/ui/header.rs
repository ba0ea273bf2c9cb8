//! The header line: where one is, and how it goes there. What matters least goes first
//! when there is no room; a sum that cannot be known is `·`, never a number.

use super::ink::{Ink, Piece, pieces_width};
use super::words::{count, short, span};
use crate::core::cluster::{Cluster, Link};
use crate::core::role::Role;
use crate::core::state::State;
use ratatui::layout::Rect;

mod sums;

/// One part: its forms, the longest first. The last step drops it.
struct Part {
    forms: Vec<Vec<Piece>>,
    at: usize,
}

impl Part {
    fn new(forms: Vec<Vec<Piece>>) -> Self {
        Self { forms, at: 0 }
    }

    fn pieces(&self) -> &[Piece] {
        self.forms.get(self.at).map_or(&[], Vec::as_slice)
    }
}

/// Blanks between two parts.
const GAP: u16 = 2;

/// Which part gives way next, as indices into [`parts`]; one step each.
const GIVE_WAY: &[usize] = &[12, 8, 3, 0, 7, 3, 9, 0, 4, 2, 6, 7, 10, 5, 1, 6, 11];

/// Names of contexts longer than this (a cloud's resource names) are told by their end where there is little room.
const LONG: usize = 24;

pub(super) fn draw(ink: &mut Ink<'_>, area: Rect, state: &State) {
    ink.fill(area, Role::Header);
    let Some(cluster) = state.cluster() else {
        let text = "no context chosen: :ctx lists those of your kubeconfig";
        ink.put(area.x + 1, area.y, area.right(), text, Role::Header);
        return;
    };
    let mut parts = parts(ink, state, cluster);
    let room = area.width.saturating_sub(2);
    for &step in GIVE_WAY {
        if total(&parts) <= room {
            break;
        }
        parts[step].at += 1;
    }
    let mut x = area.x + 1;
    for part in parts.iter().filter(|p| !p.pieces().is_empty()) {
        if x > area.x + 1 {
            x += GAP;
        }
        x = ink.pieces_on(Role::Header, x, area.y, area.right(), part.pieces());
    }
}

fn total(parts: &[Part]) -> u16 {
    let widths: Vec<u16> = parts.iter().map(|p| pieces_width(p.pieces())).filter(|w| *w > 0).collect();
    widths.iter().sum::<u16>() + GAP * widths.len().saturating_sub(1) as u16
}

fn one(text: String) -> Part {
    Part::new(if text.is_empty() { Vec::new() } else { vec![vec![(text, Role::Header)]] })
}

fn parts(ink: &Ink<'_>, state: &State, cluster: &Cluster) -> Vec<Part> {
    vec![
        context(state, cluster),
        link(cluster),
        one(cluster
            .version
            .as_ref()
            .map_or_else(String::new, |v| if v.starts_with('v') { v.to_string() } else { format!("v{v}") })),
        user(cluster),
        namespaces(cluster),
        sums::nodes(ink, state, cluster),
        sums::pods(ink, state, cluster),
        sums::usage(ink, state, cluster),
        rtt(cluster),
        skew(cluster),
        tabs(state),
        one(match state.jobs.running().count() {
            0 => String::new(),
            1 => "1 job".into(),
            n => format!("{n} jobs"),
        }),
        one(if state.line_speed > 0 { format!("{:.1} KB/s", state.line_speed as f64 / 1000.0) } else { String::new() }),
    ]
}

fn context(state: &State, cluster: &Cluster) -> Part {
    let name = &cluster.context.name;
    let lock = if state.read_only(cluster.id) { " read-only" } else { "" };
    // Where one is must be seen on the smallest screen: the name may get shorter, and never goes.
    let brief = brief(name);
    if !cluster.protected {
        let plain = |name: &str| vec![(format!("{name}{lock}"), Role::Header)];
        return Part::new(vec![plain(name), plain(name), plain(&brief)]);
    }
    let loud = |name: &str, sign: &str| vec![(format!("{name} {sign}{lock}"), Role::HeaderProtected)];
    Part::new(vec![loud(name, "! protected"), loud(name, "!"), loud(&brief, "!")])
}

fn brief(name: &str) -> String {
    if name.chars().count() <= LONG {
        return name.to_owned();
    }
    let end = name.rsplit(['/', ':', '@']).next().unwrap_or(name);
    let skip = end.chars().count().saturating_sub(LONG);
    end.chars().skip(skip).collect()
}

/// The connection, where there is something to say about it.
fn link(cluster: &Cluster) -> Part {
    match &cluster.link {
        Link::Up => Part::new(Vec::new()),
        Link::Connecting => Part::new(vec![vec![("connecting".into(), Role::FreshSyncing)]]),
        Link::Down(why) => {
            let say = |text: String| vec![(text, Role::FreshError)];
            Part::new(vec![say(why.to_string()), say(short(why))])
        }
    }
}

fn user(cluster: &Cluster) -> Part {
    let Some(user) = &cluster.user else { return Part::new(Vec::new()) };
    // Certificates and service accounts have long names: the end tells them apart.
    let brief = user.rsplit([':', '@']).next().unwrap_or(user).to_owned();
    Part::new(vec![vec![(user.to_string(), Role::Header)], vec![(brief, Role::Header)]])
}

fn namespaces(cluster: &Cluster) -> Part {
    one(match cluster.namespaces.as_slice() {
        [] => "all ns".into(),
        [a] => format!("ns {a}"),
        [a, b] => format!("ns {a}, {b}"),
        more => format!("{} ns", count(more.len() as u64)),
    })
}

fn rtt(cluster: &Cluster) -> Part {
    one(match cluster.rtt {
        Some(us) if us < 1000 => "<1 ms".into(),
        Some(us) => format!("{} ms", us / 1000),
        None => String::new(),
    })
}

/// How far the server's clock is from ours: worth a word above two seconds.
fn skew(cluster: &Cluster) -> Part {
    let ahead = if cluster.skew > 0 { "ahead" } else { "behind" };
    match cluster.skew.abs() {
        0..=2000 => Part::new(Vec::new()),
        off => Part::new(vec![vec![(format!("server clock {} {ahead}", span(off)), Role::RowWarn)]]),
    }
}

fn tabs(state: &State) -> Part {
    one(if state.tabs.len() > 1 { format!("tab {}/{}", state.tab + 1, state.tabs.len()) } else { String::new() })
}
