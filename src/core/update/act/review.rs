//! The plan on the screen, until it is confirmed or left.

use super::{go_on, restart, start};
use crate::core::act::{Action, Class, Plan};
use crate::core::effect::Effect;
use crate::core::input::{Input, Key, KeyCode};
use crate::core::modals::Modal;
use crate::core::modals::confirm::{Answer, Confirm, Demand};
use crate::core::modals::edit::Edits;
use crate::core::modals::flow::{self, Flow, Review, Stage, Then, Trial};
use crate::core::modals::review;
use crate::core::msg::Level;
use crate::core::state::State;
use crate::core::view::Move;

/// A plan that is older than this when it is confirmed is made anew (ms).
const OLD_MS: i64 = 30_000;

/// Makes the plan and shows it.
pub(super) fn open(state: &mut State, flow: &mut Flow, action: &Action, since: i64) {
    let plan = (action.plan)(&flow.asked, &flow.facts);
    flow.stage = Stage::Review(Box::new(new(state, flow, plan, since)));
}

/// Whether a plan begins without a question: it changes nothing, and the context is not protected.
pub(super) fn at_once(flow: &Flow) -> bool {
    match &flow.stage {
        Stage::Review(r) => r.plan.class == Class::Open && r.confirm.is_some() && !flow.asked.place.protected,
        _ => false,
    }
}

/// Whether a line of the palette has said all that a form asks for: the values are then those. Only of what
/// changes nothing; all else is seen before it is done.
pub(super) fn answered(flow: &mut Flow, edits: &Edits, action: &Action) -> bool {
    if !flow.given.contains_key("") || edits.wrong.iter().any(Option::is_some) {
        return false;
    }
    let before = std::mem::replace(&mut flow.asked.values, edits.values());
    let plan = (action.plan)(&flow.asked, &flow.facts);
    let said = plan.class == Class::Open && plan.seed.is_some();
    if !said {
        flow.asked.values = before;
    }
    said
}

fn new(state: &mut State, flow: &Flow, plan: Plan, since: i64) -> Review {
    let can = plan.seed.is_some() && plan.blockers.is_empty();
    let demand = Demand::of(plan.class, flow.asked.place.protected, &plan.name, plan.count);
    let confirm = can.then(|| Confirm::new(state.number(), demand));
    Review { plan, confirm, since, top: 0, trial: Trial::None, changed: false }
}

/// A plan that was confirmed and read anew: `true` if it is still the same and may be carried
/// out, with what was read last. Else it is shown as it is now.
pub(super) fn again(state: &mut State, flow: &mut Flow, action: &Action, old: &Review, since: i64) -> bool {
    let plan = (action.plan)(&flow.asked, &flow.facts);
    let same = same(&old.plan, &plan);
    let mut review = new(state, flow, plan, since);
    review.changed = !same;
    flow.stage = Stage::Review(Box::new(review));
    same && flow.confirm().is_some()
}

/// Whether two plans say the same to their reader.
fn same(a: &Plan, b: &Plan) -> bool {
    let head = |p: &Plan| (p.title.clone(), p.class, p.name.clone(), p.count);
    head(a) == head(b)
        && a.items == b.items
        && a.blockers == b.blockers
        && [&a.warnings, &a.blast, &a.reverts, &a.unknown, &a.kubectl]
            == [&b.warnings, &b.blast, &b.reverts, &b.unknown, &b.kubectl]
}

/// A key while the plan is open.
pub(super) fn input(state: &mut State, mut flow: Flow, input: &Input) {
    let (room, height) = room(state, &flow);
    let Stage::Review(review) = &mut flow.stage else { return };
    let Input::Key(key) = input else {
        state.say(Level::Warn, super::super::NO_PASTE);
        state.modal = Some(Modal::Act(Box::new(flow)));
        return;
    };
    if let Some(to) = scroll(*key) {
        let top = review.top;
        let len = match &flow.stage {
            Stage::Review(r) => review::lines(&flow, r, room).len(),
            _ => 0,
        };
        let last = len.saturating_sub(height);
        if let Stage::Review(r) = &mut flow.stage {
            r.top = to.from(top, len, height).min(last);
        }
    } else if *key == Key::ctrl('t') {
        dry_run(state, &mut flow);
    } else if *key == Key::ctrl('y') {
        copy(state, &review.plan.kubectl);
    } else {
        let answer = match &mut review.confirm {
            Some(confirm) => confirm.take(input),
            // There is nothing to say yes to: Enter has read it.
            None if key.code == KeyCode::Enter => Answer::No,
            None => Answer::Open,
        };
        match answer {
            Answer::Open => {}
            Answer::No => return,
            Answer::Yes(_) => return confirmed(state, flow),
        }
    }
    state.modal = Some(Modal::Act(Box::new(flow)));
}

fn scroll(key: Key) -> Option<Move> {
    Some(match key.code {
        KeyCode::Up => Move::Up(1),
        KeyCode::Down => Move::Down(1),
        KeyCode::PageUp => Move::PageUp,
        KeyCode::PageDown => Move::PageDown,
        KeyCode::Home => Move::Top,
        KeyCode::End => Move::Bottom,
        _ => return None,
    })
}

/// The cells a line of the plan has, and how many lines are visible.
fn room(state: &State, flow: &Flow) -> (u16, usize) {
    let area = flow::area(state.body());
    let room = area.width.saturating_sub(4);
    let below = match &flow.stage {
        Stage::Review(r) => review::question(flow, r, room).len() + 1,
        _ => 0,
    };
    (room, usize::from(area.height.saturating_sub(2)).saturating_sub(below))
}

fn dry_run(state: &mut State, flow: &mut Flow) {
    let Stage::Review(review) = &mut flow.stage else { return };
    if matches!(review.trial, Trial::Asked(_)) {
        return;
    }
    if review.plan.trial.is_empty() {
        return state.say(Level::Info, "there is nothing here the server could try");
    }
    let ask = state.number();
    review.trial = Trial::Asked(ask);
    // Its answers stand above the items.
    review.top = 0;
    state.effects.push(Effect::Try { ask, calls: review.plan.trial.clone() });
}

fn copy(state: &mut State, lines: &[String]) {
    if lines.is_empty() {
        return state.say(Level::Info, "kubectl has no command for this");
    }
    state.effects.push(Effect::Copy(lines.join("\n")));
    state.say(Level::Info, if lines.len() == 1 { "copied the kubectl line" } else { "copied the kubectl lines" });
}

/// The user has said yes. What was read long ago is read again first.
fn confirmed(state: &mut State, mut flow: Flow) {
    let Stage::Review(review) = std::mem::replace(&mut flow.stage, Stage::Form) else { return };
    if state.now - review.since > OLD_MS {
        flow.asked.now = state.server_now(flow.asked.place.cluster);
        restart(state, &mut flow, Then::Again(review));
        return go_on(state, flow);
    }
    flow.stage = Stage::Review(review);
    start::start(state, flow);
}
