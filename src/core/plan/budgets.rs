//! What disruption budgets say to a whole plan. The server's dry run takes nothing from a
//! budget, so it would let each pod pass alone; here they are added up.

use crate::core::facts::{Budget, Pod, Unhealthy};

/// Budgets, and what is left of each.
#[derive(Debug)]
pub struct Tally {
    left: Vec<(Budget, i64)>,
}

/// What the budgets say to one more pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// None covers it, or none is asked.
    Free,
    /// One lets it go: its words.
    Goes(String),
    /// One refuses for now: its words.
    Waits(String),
    /// Two or more cover it, so the server refuses it for good: their names.
    Never(String),
}

impl Tally {
    /// All of them.
    #[must_use]
    pub fn new(budgets: Vec<Budget>) -> Self {
        Self { left: budgets.into_iter().map(|b| (b.clone(), b.allowed)).collect() }
    }

    /// One more pod goes.
    pub fn next(&mut self, pod: &Pod) -> Word {
        // The server asks no budget for these.
        if pod.finished() || pod.phase == "Pending" || pod.meta.deletion.is_some() {
            return Word::Free;
        }
        let mut covering: Vec<_> = self.left.iter_mut().filter(|(b, _)| b.covers(pod)).collect();
        match covering.as_mut_slice() {
            [] => Word::Free,
            [(b, left)] => one(b, left, pod),
            many => Word::Never(many.iter().map(|(b, _)| b.meta.name.clone()).collect::<Vec<_>>().join(", ")),
        }
    }
}

fn one(b: &Budget, left: &mut i64, pod: &Pod) -> Word {
    if !pod.ready {
        if b.unhealthy == Unhealthy::AlwaysAllow {
            return Word::Goes(format!("{} lets unready pods go", b.meta.name));
        }
        if b.healthy >= b.desired && b.desired > 0 {
            return Word::Goes(format!("{} has enough ready pods without it", b.meta.name));
        }
    }
    if !b.observed {
        return Word::Waits(format!("{} was changed and is not counted yet", b.meta.name));
    }
    if *left > 0 {
        *left -= 1;
        return Word::Goes(b.words());
    }
    let spent = if b.allowed > 0 { "; other pods of this plan take them" } else { "" };
    let never = if b.expected > 0 && b.desired >= b.expected {
        "; it wants all of its pods, so it opens only if more run"
    } else {
        ""
    };
    Word::Waits(format!("{}{spent}{never}", b.words()))
}
