//! A confirmed plan becomes a job.

use crate::core::act::Seed;
use crate::core::effect::Effect;
use crate::core::modals::flow::{Flow, Stage};
use crate::core::msg::Level;
use crate::core::panes::Body;
use crate::core::state::State;
use crate::core::update::shell::Place;
use crate::core::update::{held, jobs, shell};

/// Starts the job of a plan that was confirmed.
pub(super) fn start(state: &mut State, flow: Flow) {
    let Stage::Review(review) = flow.stage else { return };
    let Some(seed) = review.plan.seed else { return };
    // The guard below would refuse each call; a job that cannot do anything is not begun.
    if state.read_only(flow.asked.place.cluster) {
        return state.say(Level::Warn, "this is read-only; nothing that changes anything is sent");
    }
    forget(state, flow.resumes);
    clear_marks(state);
    match seed {
        Seed::Job(machine) => jobs::begin(state, flow.asked, *machine, &review.plan.kubectl),
        Seed::Holding(holding) => held::begin(state, &flow.asked, *holding, &review.plan.kubectl),
        Seed::Session(session) => {
            // Where there is no room the user is told.
            let _ = shell::open(state, &flow.asked, *session, &review.plan.kubectl, None, Place::Here);
        }
    }
}

/// What an earlier run left is not asked about again, once a plan has found nothing of it.
pub(super) fn nothing_left(state: &mut State, flow: &Flow) {
    let Stage::Review(review) = &flow.stage else { return };
    let plan = &review.plan;
    if plan.seed.is_none() && plan.blockers.is_empty() && plan.unknown.is_empty() {
        forget(state, flow.resumes.clone());
    }
}

/// Forgets a job of an earlier run, if that is what was gone on with.
fn forget(state: &mut State, resumed: Option<String>) {
    if let Some(old) = resumed {
        state.jobs.leftovers.retain(|l| l.kept.job != old);
        state.effects.push(Effect::Forget(old));
    }
}

/// What was marked was meant for this: the next key acts on what it stands on.
fn clear_marks(state: &mut State) {
    if let Some(Body::Table(t)) = state.focused_mut().map(|p| &mut p.body) {
        t.marks.clear();
    }
}
