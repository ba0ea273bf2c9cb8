//! Whether pods fit elsewhere: requests, taints and node selectors. What is finer than
//! that (affinity, spread, volumes that cannot follow) is said to be unknown.

use crate::core::facts::{Node, Pod, Room, tolerated};

/// A node others may go to.
#[derive(Debug, Clone)]
pub struct Place {
    /// The node.
    pub node: Node,
    /// What its pods take.
    pub used: Room,
}

impl Place {
    /// A node with the pods that run on it.
    #[must_use]
    pub fn new(node: Node, pods: &[Pod]) -> Self {
        let mut used = Room::default();
        pods.iter().filter(|p| !p.finished()).for_each(|p| used.add(&p.asks));
        Self { node, used }
    }

    /// Why a pod cannot go there; `None` if it can.
    fn refuses(&self, pod: &Pod) -> Option<String> {
        let hard = self.node.taints.iter().filter(|t| t.effect != "PreferNoSchedule");
        if let Some(taint) = hard.clone().find(|t| tolerated(&pod.tolerations, t).is_none()) {
            return Some(format!("taint {}", taint.key));
        }
        if let Some((k, _)) = pod.node_selector.iter().find(|(k, v)| !self.node.has(k, v)) {
            return Some(format!("selector {k}"));
        }
        self.node.gives.lacks(&self.used, &pod.asks)
    }
}

/// Where a pod fits: the answer in words, and whether it is nowhere. A place is taken for
/// it, so that the next pod sees less room.
pub fn fits(pod: &Pod, places: &mut [Place]) -> (String, bool) {
    if places.is_empty() {
        return ("does not fit: no other node takes pods".into(), true);
    }
    let mut reasons = std::collections::BTreeMap::<String, usize>::new();
    let mut names = Vec::new();
    let mut first = None;
    for (i, place) in places.iter().enumerate() {
        if let Some(why) = place.refuses(pod) {
            *reasons.entry(why).or_default() += 1;
        } else {
            first.get_or_insert(i);
            names.push(place.node.meta.name.clone());
        }
    }
    let Some(first) = first else {
        let why: Vec<_> = reasons.iter().map(|(why, n)| format!("{why} on {n}")).collect();
        return (format!("does not fit: {}", why.join(", ")), true);
    };
    places[first].used.add(&pod.asks);
    let more = names.len().saturating_sub(3);
    names.truncate(3);
    let more = if more > 0 { format!(" and {more} others") } else { String::new() };
    let names = format!("{}{more}", names.join(", "));
    let unsure = match (pod.picky, pod.claims.is_empty()) {
        (true, _) => "affinity",
        (false, false) => "volumes",
        (false, true) => return (format!("fits {names}"), false),
    };
    (format!("unknown: {unsure}; room on {names}"), false)
}
