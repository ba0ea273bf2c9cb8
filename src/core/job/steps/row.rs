//! One step under way: what each answer makes of it.

use super::step::{Proof, Step, Verdict, Wait};
use crate::core::act::{Call, Outcome, Refusal};
use crate::core::facts::{contains, list, text};
use crate::core::job::again::{self, Answer};
use crate::core::job::{CallId, Said, State, Tone};
use serde_json::Value;

/// Milliseconds between two looks at what is waited for.
const LOOK_MS: i64 = 2_000;

/// Where a step is.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::core::job) enum Phase {
    /// Not begun.
    Waiting,
    /// Its call is on its way.
    Sending(CallId),
    /// Not carried out; sent again at that time.
    Later(i64, String),
    /// It may have taken effect; looked at from that time on.
    Unsure(i64, String),
    /// That look is on its way.
    Proving(CallId, String),
    /// Carried out, and waited for; looked at from that time on.
    Watching(i64, String),
    /// That look is on its way.
    Looking(CallId, String),
    /// Over.
    Ended(State, Tone, Said),
}

/// A step under way.
#[derive(Debug, Clone)]
pub(in crate::core::job) struct Row {
    pub step: Step,
    pub phase: Phase,
    /// How often its call was sent since it was last asked for.
    pub sent: u32,
    /// How many reads in a row had no answer.
    pub blind: u32,
    /// Whether a call of it may have taken effect unseen.
    pub unsure: bool,
}

impl Row {
    pub fn new(step: Step) -> Self {
        Self { step, phase: Phase::Waiting, sent: 0, blind: 0, unsure: false }
    }

    /// Begun and not ended.
    pub fn active(&self) -> bool {
        !matches!(self.phase, Phase::Waiting | Phase::Ended(..))
    }

    /// How it ended, once it has.
    pub fn over(&self) -> Option<(State, &Said)> {
        match &self.phase {
            Phase::Ended(state, _, said) => Some((*state, said)),
            _ => None,
        }
    }

    /// Whether it ended so.
    pub fn is(&self, state: State) -> bool {
        self.over().is_some_and(|(s, _)| s == state)
    }

    /// Whether its call is known to have taken effect.
    pub fn took(&self) -> bool {
        matches!(self.phase, Phase::Watching(..) | Phase::Looking(..)) || self.is(State::Done)
    }

    /// Where it is, how that looks, and what is said of it.
    pub fn told(&self, now: i64) -> (State, Tone, Said) {
        let (tone, said) = match &self.phase {
            Phase::Waiting => return (State::Waiting, Tone::Dim, "waiting".into()),
            Phase::Ended(state, tone, said) => return (*state, *tone, said.clone()),
            Phase::Sending(_) => (Tone::Busy, "sent, no answer yet".into()),
            Phase::Later(at, why) => {
                (Tone::Warn, Said::because(format!("not done, next try in {} s", again::seconds(now, *at)), why))
            }
            Phase::Unsure(at, why) => {
                (Tone::Warn, Said::because(format!("answer lost, looking in {} s", again::seconds(now, *at)), why))
            }
            Phase::Proving(_, why) => (Tone::Warn, Said::because("answer lost, looking", why)),
            Phase::Watching(_, words) | Phase::Looking(_, words) => (Tone::Busy, words.as_str().into()),
        };
        (State::Running, tone, said)
    }

    /// The call it waits for.
    pub fn awaits(&self, id: CallId) -> bool {
        matches!(self.phase, Phase::Sending(c) | Phase::Proving(c, _) | Phase::Looking(c, _) if c == id)
    }

    pub fn end(&mut self, state: State, tone: Tone, said: impl Into<Said>) {
        self.phase = Phase::Ended(state, tone, said.into());
    }

    /// What to send now, if anything is due. No mutation once `stopping`.
    pub fn due(&mut self, now: i64, stopping: bool, id: CallId) -> Option<Call> {
        match &self.phase {
            Phase::Waiting | Phase::Later(..) if stopping => None,
            Phase::Later(at, _) if *at > now => None,
            Phase::Waiting | Phase::Later(..) => {
                self.phase = Phase::Sending(id);
                self.sent += 1;
                Some(self.step.call.clone())
            }
            Phase::Unsure(at, why) if *at <= now => {
                self.phase = Phase::Proving(id, why.clone());
                Some(self.step.read.clone())
            }
            Phase::Watching(at, words) if *at <= now => {
                let words = words.clone();
                let (_, read) = self.step.wait.as_ref()?;
                self.phase = Phase::Looking(id, words);
                Some(read.clone())
            }
            _ => None,
        }
    }

    /// Takes the answer to what it waits for.
    pub fn answer(&mut self, now: i64, stopping: bool, outcome: &Outcome) {
        match self.phase.clone() {
            Phase::Sending(_) => self.sent(now, stopping, outcome),
            Phase::Proving(_, why) => self.proved(now, stopping, &why, outcome),
            Phase::Looking(_, words) => self.looked(now, &words, outcome),
            _ => {}
        }
    }

    fn sent(&mut self, now: i64, stopping: bool, outcome: &Outcome) {
        let words = outcome.as_ref().err().map(Refusal::why).unwrap_or_default();
        match again::mutation(outcome, self.sent) {
            Answer::Done => self.done(now, stopping),
            Answer::Later(_) if stopping => self.end(State::Cancelled, Tone::Warn, Said::because("not done", words)),
            Answer::Later(ms) => self.phase = Phase::Later(now + ms, words),
            Answer::Unsure(ms) => {
                self.unsure = true;
                self.phase = Phase::Unsure(if stopping { now } else { now + ms }, words);
            }
            Answer::Gone if self.step.proof == Proof::Gone => self.end(State::Done, Tone::Good, "was gone already"),
            Answer::Gone => self.end(State::Failed, Tone::Bad, "not done: it is gone"),
            // An object of that name came of an earlier try of ours, perhaps.
            Answer::Refused if self.unsure => self.phase = Phase::Unsure(now, words),
            Answer::Refused => {
                let changed = outcome.as_ref().is_err_and(Refusal::changed);
                let lead = if changed { "not done, it has changed since it was read" } else { "not done" };
                let blank = outcome.as_ref().is_err_and(Refusal::blank);
                self.end(State::Failed, Tone::Bad, Said::because(lead, if blank { String::new() } else { words }));
            }
        }
    }

    fn done(&mut self, now: i64, stopping: bool) {
        self.unsure = false;
        self.blind = 0;
        let words = self.step.done.clone();
        if self.step.wait.is_none() {
            self.end(State::Done, Tone::Good, words);
        } else if stopping {
            self.end(State::Done, Tone::Warn, format!("{words}; not waited for"));
        } else {
            self.phase = Phase::Watching(now + LOOK_MS / 2, words);
        }
    }

    /// Takes the look after an answer was lost.
    fn proved(&mut self, now: i64, stopping: bool, why: &str, outcome: &Outcome) {
        let gone = self.step.proof == Proof::Gone;
        match again::read(outcome, self.blind + 1) {
            Answer::Done => {
                let object = outcome.as_ref().map_or(&Value::Null, |r| r.body.as_ref());
                self.blind = 0;
                match &self.step.proof {
                    Proof::Gone if self.step.another(object) || !object["metadata"]["deletionTimestamp"].is_null() => {
                        self.done(now, stopping);
                    }
                    _ if self.step.another(object) => {
                        self.end(
                            State::Failed,
                            Tone::Bad,
                            Said::because("not done", "it was made anew, and that one is left alone"),
                        );
                    }
                    Proof::Has(patch) if contains(object, patch) => self.done(now, stopping),
                    _ => self.undone(now, stopping, why),
                }
            }
            Answer::Gone if gone => self.done(now, stopping),
            Answer::Gone if self.step.record.target.uid.is_some() => {
                self.end(State::Failed, Tone::Bad, Said::because("it is gone", why));
            }
            Answer::Gone => self.undone(now, stopping, why),
            Answer::Later(ms) if self.blind + 1 < if stopping { 2 } else { again::MOST_TRIES } => {
                self.blind += 1;
                self.phase = Phase::Unsure(now + if stopping { 1000 } else { ms }, why.to_owned());
            }
            _ => {
                let blind = outcome.as_ref().err().map(Refusal::why).unwrap_or_default();
                let why = format!("{why}; and it cannot be read: {blind}");
                self.end(State::Failed, Tone::Bad, Said::because("unknown whether it took effect", why));
            }
        }
    }

    /// It was read, and the call had not taken effect.
    fn undone(&mut self, now: i64, stopping: bool, why: &str) {
        self.unsure = false;
        if stopping {
            self.end(State::Cancelled, Tone::Warn, Said::because("not done", why));
        } else if self.sent < 3 {
            self.phase = Phase::Later(now, why.to_owned());
        } else {
            self.end(State::Failed, Tone::Bad, Said::because("not done", why));
        }
    }

    /// Takes a look at what is waited for.
    fn looked(&mut self, now: i64, words: &str, outcome: &Outcome) {
        let Some((wait, _)) = &self.step.wait else { return };
        let meaning = again::read(outcome, self.blind + 1);
        let object = outcome.as_ref().map_or(&Value::Null, |r| r.body.as_ref());
        let gone = matches!(wait, Wait::Gone);
        let verdict = match meaning {
            Answer::Gone if gone => Verdict::Reached("gone".into()),
            Answer::Gone => Verdict::Stuck("it is gone".into()),
            Answer::Later(ms) => {
                self.blind += 1;
                let why = outcome.as_ref().err().map(Refusal::why).unwrap_or_default();
                self.phase = Phase::Watching(now + ms, format!("cannot be read now: {why}"));
                return;
            }
            Answer::Done if self.step.another(object) => match wait {
                Wait::Gone => Verdict::Reached("gone; another of its name has come".into()),
                Wait::Until(_) | Wait::Runs(_) => Verdict::Stuck("it was made anew meanwhile".into()),
            },
            Answer::Done => match wait {
                Wait::Gone => Verdict::Going(held(object)),
                Wait::Until(judge) => judge(object),
                Wait::Runs(container) => runs(object, container),
            },
            Answer::Unsure(_) | Answer::Refused => {
                let why = outcome.as_ref().err().map(Refusal::why).unwrap_or_default();
                let words = format!("{}; what follows cannot be seen", self.step.done);
                self.end(State::Done, Tone::Warn, Said::because(words, why));
                return;
            }
        };
        self.blind = 0;
        match verdict {
            Verdict::Going(words) => {
                let often = matches!(wait, Wait::Runs(_));
                self.phase = Phase::Watching(now + if often { LOOK_MS / 2 } else { LOOK_MS }, words);
            }
            Verdict::Reached(words) => self.end(State::Done, Tone::Good, words),
            Verdict::Stuck(why) => {
                let why = if why.is_empty() { words.to_owned() } else { why };
                self.end(State::Failed, Tone::Bad, Said::because(format!("{}, but", self.step.done), why));
            }
        }
    }

    /// No new steps.
    pub fn cancel(&mut self, now: i64) {
        match &self.phase {
            Phase::Waiting => self.end(State::Cancelled, Tone::Dim, "not begun"),
            Phase::Later(_, why) => self.end(State::Cancelled, Tone::Warn, Said::because("not done", why)),
            Phase::Unsure(_, why) => self.phase = Phase::Unsure(now, why.clone()),
            Phase::Watching(_, words) | Phase::Looking(_, words) => {
                let said = Said::because(format!("{}; not waited for", self.step.done), words);
                self.end(State::Done, Tone::Warn, said);
            }
            Phase::Sending(_) | Phase::Proving(..) | Phase::Ended(..) => {}
        }
    }

    /// Asked for again after it failed.
    pub fn retry(&mut self, now: i64) {
        self.sent = 0;
        self.blind = 0;
        self.phase = if self.unsure { Phase::Unsure(now, "asked for again".into()) } else { Phase::Waiting };
    }
}

/// How far a container of a pod is on its way, in the kubelet's and the scheduler's words.
fn runs(pod: &Value, container: &str) -> Verdict {
    if !pod["metadata"]["deletionTimestamp"].is_null() {
        return Verdict::Stuck("the pod is being deleted".into());
    }
    let status = &pod["status"];
    let lists = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"];
    let all = lists.iter().flat_map(|l| list(&status[*l]));
    let state = all.filter(|s| text(&s["name"]) == container).map(|s| &s["state"]).next().unwrap_or(&Value::Null);
    if state["running"].is_object() {
        return Verdict::Reached("runs".into());
    }
    if state["terminated"].is_object() {
        let code = state["terminated"]["exitCode"].as_i64().unwrap_or(0);
        return Verdict::Reached(format!("has ended already: exit {code}"));
    }
    let said = |reason: &Value, message: &Value| match (text(reason), text(message)) {
        ("", told) | (told, "") => told.to_owned(),
        (reason, message) => format!("{reason}: {message}"),
    };
    if text(&status["phase"]) == "Failed" {
        return Verdict::Stuck(format!("the pod has failed: {}", said(&status["reason"], &status["message"])));
    }
    let waiting = said(&state["waiting"]["reason"], &state["waiting"]["message"]);
    let unscheduled = list(&status["conditions"])
        .iter()
        .find(|c| text(&c["type"]) == "PodScheduled" && text(&c["status"]) == "False");
    Verdict::Going(match unscheduled {
        _ if !waiting.is_empty() => waiting,
        Some(c) => said(&c["reason"], &c["message"]),
        None => "not started yet".into(),
    })
}

/// What keeps an object that was deleted.
fn held(object: &Value) -> String {
    let names: Vec<_> = list(&object["metadata"]["finalizers"]).iter().map(text).collect();
    if names.is_empty() { "terminating".into() } else { format!("terminating, held by {}", names.join(", ")) }
}
