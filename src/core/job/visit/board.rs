//! A visit as its board shows it.

use super::{Stage, Visit};
use crate::core::debug::Style;
use crate::core::job::{Board, BoardRow, Override, Said, State, Tone};

impl Visit {
    /// See [`crate::core::job::Machine::board`].
    #[must_use]
    pub fn board(&self, now: i64) -> Board {
        let pod = &self.guest.session.pod;
        let mut rows = vec![row(&self.bring.step.subject, self.bring.told(now)), row("session", self.session())];
        if self.guest.remove.is_some() {
            let told =
                self.leave.as_ref().map_or((State::Waiting, Tone::Dim, "once it has ended".into()), |l| l.told(now));
            rows.push(row("removal", told));
        }
        // What a container waits for is told as it is; what does not pass by itself is told louder.
        let calm = ["not started yet", "ContainerCreating", "PodInitializing", self.bring.step.done.as_str()];
        if rows[0].state == State::Running
            && self.bring.took()
            && !calm.iter().any(|c| rows[0].said.words.starts_with(c))
        {
            rows[0].tone = Tone::Warn;
            if let Some((words, why)) = rows[0].said.words.split_once(": ") {
                rows[0].said = Said::because(words, why);
            }
        }
        if self.bring.is(State::Done) && matches!(self.stage, Stage::After(..)) {
            let stays = self.guest.style == Style::Ephemeral;
            rows[0].said = if stays { "stays in the pod's list" } else { "ran" }.into();
        }
        for (at, row) in rows.iter_mut().enumerate() {
            row.object = (at != 1 && pod.uid.is_some()).then(|| pod.clone());
            row.may = if at == 2 && row.state == State::Failed { vec![Override::Retry] } else { Vec::new() };
        }
        let failed = rows.iter().filter(|r| r.state == State::Failed).map(BoardRow::line);
        let left = self.made().into_iter().filter(|_| self.ended.is_some());
        let left = left.map(|p| format!("pod {}/{} may be there still; :sweep removes it", p.namespace, p.name));
        Board {
            title: self.guest.title.clone(),
            state: self.state(),
            totals: self.totals(),
            began: self.began,
            ended: self.ended,
            left: failed.chain(left).collect(),
            rows,
            cordoned: Vec::new(),
            warnings: self.warnings.clone(),
            kubectl: self.guest.kubectl.clone(),
            offers: Vec::new(),
        }
    }

    fn session(&self) -> (State, Tone, Said) {
        match &self.stage {
            Stage::Before if self.bring.over().is_some() => (State::Cancelled, Tone::Dim, "not opened".into()),
            Stage::Before => (State::Waiting, Tone::Dim, "once it runs".into()),
            Stage::Open => (State::Running, Tone::Good, "open in a pane; its end ends this".into()),
            Stage::After(said, tone) => (State::Done, *tone, said.clone()),
        }
    }

    fn totals(&self) -> String {
        let words = match (&self.stage, &self.leave) {
            (_, Some(leave)) if leave.is(State::Done) => "removed",
            (_, Some(leave)) if leave.over().is_some() => "not removed",
            (_, Some(_)) => "being removed",
            (Stage::Open, _) => "open",
            (Stage::After(..), None) => "ended",
            (Stage::Before, None) if self.bring.over().is_some() => "not opened",
            (Stage::Before, None) => "on its way",
        };
        words.to_owned()
    }

    fn state(&self) -> State {
        let failed = self.bring.is(State::Failed) || self.leave.as_ref().is_some_and(|l| l.is(State::Failed));
        match (self.began, self.ended) {
            (None, _) => State::Waiting,
            (_, None) if self.stopping => State::Stopping,
            (_, None) => State::Running,
            _ if failed => State::Failed,
            _ if self.stopping && self.stage == Stage::Before => State::Cancelled,
            _ => State::Done,
        }
    }
}

fn row(subject: &str, (state, tone, said): (State, Tone, Said)) -> BoardRow {
    let subject = subject.to_owned();
    BoardRow { subject, state, said, detail: String::new(), tone, may: Vec::new(), object: None }
}
