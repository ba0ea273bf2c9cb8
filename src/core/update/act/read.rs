//! Asking for whole objects, and taking what comes.

use super::go_on;
use crate::core::act::{Action, Facts, Outcome, Read};
use crate::core::effect::Effect;
use crate::core::kind::ObjectRef;
use crate::core::modals::Modal;
use crate::core::modals::flow::{Flow, Stage, Trial};
use crate::core::state::State;

/// An action that keeps asking for more is taken at what it has.
const MOST_ROUNDS: u32 = 12;

/// Asks for what must still be read; `false` when all was.
pub(super) fn ask(state: &mut State, flow: &mut Flow, action: &Action) -> bool {
    let Some(cluster) = state.clusters.get(&flow.asked.place.cluster) else { return false };
    let wanted = (action.reads)(&flow.asked, &flow.facts, cluster);
    let mut missing: Vec<Read> = Vec::new();
    for read in wanted {
        if flow.facts.answer(&read).is_none() && !missing.contains(&read) {
            missing.push(read);
        }
    }
    let Stage::Reading(reading) = &mut flow.stage else { return false };
    if missing.is_empty() || reading.rounds >= MOST_ROUNDS {
        return false;
    }
    reading.ask = state.number();
    reading.rounds += 1;
    reading.wanted.clone_from(&missing);
    state.effects.push(Effect::Read { ask: reading.ask, cluster: flow.asked.place.cluster, reads: missing });
    true
}

/// Takes an answer; one that nobody waits for any more is dropped.
pub(in crate::core::update) fn facts(state: &mut State, ask: u32, new: Facts) {
    let waits = |m: &Modal| matches!(m, Modal::Act(f) if matches!(&f.stage, Stage::Reading(r) if r.ask == ask));
    if !state.modal.as_ref().is_some_and(waits) {
        return;
    }
    if let Some(Modal::Act(mut flow)) = state.modal.take() {
        flow.facts.at = new.at;
        flow.facts.answers.extend(new.answers);
        go_on(state, *flow);
    }
}

/// Takes what the server would do.
pub(in crate::core::update) fn tried(state: &mut State, ask: u32, answers: Vec<(ObjectRef, Outcome)>) {
    if let Some(Modal::Act(flow)) = &mut state.modal
        && let Stage::Review(review) = &mut flow.stage
        && review.trial == Trial::Asked(ask)
    {
        review.trial = Trial::Told(answers);
        review.top = 0;
    }
}
