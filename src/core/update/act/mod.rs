//! From a key to a job: pin the targets, read what must be known, fill in the form, show the
//! plan, take the confirmation. Each step is a file; the data are `modals::flow`.

mod debugging;
mod known;
mod pin;
mod read;
mod review;
mod start;
mod typed;

#[cfg(test)]
pub(in crate::core::update) mod tests;

pub use pin::{belongs, missing};
pub(super) use pin::{kind_of, namespace};
pub(super) use read::{facts, tried};
pub(super) use typed::typed;

use crate::core::act::{Action, ActionId, Asked, Facts, Given, Reach, Values, Where};
use crate::core::actions;
use crate::core::input::{Input, Key, KeyCode};
use crate::core::kind::{ClusterId, ObjectRef};
use crate::core::modals::Modal;
use crate::core::modals::edit::{Edits, Typed};
use crate::core::modals::flow::{Flow, Reading, Stage, Then};
use crate::core::msg::Level;
use crate::core::state::State;
use std::collections::BTreeMap;

/// Begins an action on what is marked or under the cursor. `first` fills in the first field.
pub(super) fn open(state: &mut State, id: ActionId, first: &str) {
    let Some(action) = actions::action(id) else { return };
    let pinned = match pin::targets(state, action) {
        Ok(pinned) => pinned,
        Err(why) => return state.say(Level::Warn, format!("{}: {why}", action.spec.title)),
    };
    let chosen = if first.is_empty() { super::rollout::first(state, id) } else { None };
    let first = chosen.as_deref().unwrap_or(first);
    let mut given = BTreeMap::new();
    if !first.is_empty() {
        given.insert(String::new(), first.to_owned());
    }
    given.extend(pinned.container.map(|c| ("container".to_owned(), c)));
    begin(state, id, pinned.cluster, pinned.targets, With { notes: pinned.notes, values: given, ..With::default() });
}

/// What a flow begins with beside its targets.
#[derive(Debug, Default)]
pub(super) struct With {
    /// See [`Flow::notes`].
    pub notes: Vec<String>,
    /// See [`Flow::given`].
    pub values: BTreeMap<String, String>,
    /// See [`Flow::resumes`].
    pub resumes: Option<String>,
    /// See [`Asked::cordoned`].
    pub cordoned: Vec<String>,
}

/// Begins an action on these objects.
pub(super) fn begin(state: &mut State, id: ActionId, cluster: ClusterId, targets: Vec<ObjectRef>, with: With) {
    let Some(action) = actions::action(id) else { return };
    if let Some(why) = pin::refused(state, action, cluster, &targets) {
        return state.say(Level::Warn, format!("{}: {why}", action.spec.title));
    }
    let Some(c) = state.clusters.get(&cluster) else { return };
    let place =
        Where { cluster, context: c.context.name.clone(), server: c.context.server.clone(), protected: c.protected };
    // What is said beforehand holds until a form says otherwise.
    let said = with.values.iter().filter(|(id, _)| !id.is_empty());
    let values = Values(said.map(|(id, v)| (id.clone(), Given::Text(v.clone()))).collect());
    let now = state.server_now(cluster);
    let asked = Asked { action: id, targets, values, known: known::of(state), cordoned: with.cordoned, place, now };
    let mut flow = Flow {
        asked,
        notes: with.notes,
        given: with.values,
        resumes: with.resumes,
        facts: Facts::default(),
        edits: None,
        stage: Stage::Form,
    };
    restart(state, &mut flow, Then::Form);
    go_on(state, flow);
}

/// Forgets what was read and begins to read anew.
fn restart(state: &State, flow: &mut Flow, then: Then) {
    flow.facts = Facts { at: state.server_now(flow.asked.place.cluster), answers: Vec::new() };
    flow.stage = Stage::Reading(Reading { ask: 0, wanted: Vec::new(), rounds: 0, since: state.now, then });
}

/// Goes on as far as it can: asks for what must still be read, else opens what comes next.
fn go_on(state: &mut State, mut flow: Flow) {
    let Some(action) = flow.action() else { return };
    if read::ask(state, &mut flow, action) {
        state.modal = Some(Modal::Act(Box::new(flow)));
        return;
    }
    let Stage::Reading(reading) = std::mem::replace(&mut flow.stage, Stage::Form) else { return };
    match reading.then {
        Then::Form => match form(&flow, action) {
            Some(edits) if review::answered(&mut flow, &edits, action) => {
                review::open(state, &mut flow, action, reading.since);
            }
            Some(edits) => flow.edits = Some(edits),
            None => review::open(state, &mut flow, action, reading.since),
        },
        Then::Plan => review::open(state, &mut flow, action, reading.since),
        Then::Again(old) => {
            if review::again(state, &mut flow, action, &old, reading.since) {
                return start::start(state, flow);
            }
        }
    }
    if review::at_once(&flow) {
        return start::start(state, flow);
    }
    start::nothing_left(state, &flow);
    state.modal = Some(Modal::Act(Box::new(flow)));
}

/// The form with what was given beforehand; `None` for an action without fields.
fn form(flow: &Flow, action: &Action) -> Option<Edits> {
    let form = (action.form)(&flow.asked, &flow.facts);
    let mut values = form.first();
    for (at, field) in form.fields.iter().enumerate() {
        let by_name = flow.given.get(field.id).map(|text| field.entry.read(text));
        let first = flow.given.get("").filter(|_| at == 0).map(|text| match field.entry.read(text) {
            // In the palette blanks separate what are lines in a form.
            Given::Lines(_) => Given::Lines(text.split_whitespace().map(str::to_owned).collect()),
            other => other,
        });
        if let Some(given) = by_name.or(first) {
            values = values.with(field.id, given);
        }
    }
    Edits::new(form, &values)
}

/// A key or a paste while a flow is open. Esc was taken before.
pub(super) fn input(state: &mut State, mut flow: Flow, input: &Input) {
    match &mut flow.stage {
        Stage::Reading(_) => {
            if matches!(input, Input::Paste(_)) {
                state.say(Level::Warn, super::NO_PASTE);
            }
        }
        Stage::Form => {
            let typed = flow.edits.as_mut().map_or(Typed::Taken, |e| e.take(input));
            match typed {
                Typed::Taken => {}
                Typed::NoPaste => state.say(Level::Warn, super::NO_PASTE),
                Typed::Filled => {
                    flow.asked.values = flow.edits.as_ref().map(Edits::values).unwrap_or_default();
                    flow.asked.now = state.server_now(flow.asked.place.cluster);
                    restart(state, &mut flow, Then::Plan);
                    return go_on(state, flow);
                }
            }
        }
        Stage::Review(_) => {
            let back = matches!(input, Input::Key(Key { code: KeyCode::BackTab, .. }));
            if !back {
                return review::input(state, flow, input);
            }
            if flow.edits.is_some() {
                flow.stage = Stage::Form;
            }
        }
    }
    state.modal = Some(Modal::Act(Box::new(flow)));
}

/// Whether an action takes that many objects.
fn takes(reach: Reach, count: usize) -> Result<(), String> {
    match (reach, count) {
        (Reach::One, 2..) => Err(format!("takes one object, and {count} are marked")),
        _ => Ok(()),
    }
}
