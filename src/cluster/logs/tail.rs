//! The log of one container, run after run, for as long as somebody reads it.

use super::answer::{End, Lines, Trust};
use super::request::{self, From, Request};
use super::run::Shared;
use super::status::{Now, Status};
use crate::core::logs::event::{LogEvent, StreamName, StreamState};
use crate::core::logs::segment::Mark;
use crate::core::problem::Problem;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// The first wait after a failure, doubled up to the longest.
const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(8);
/// How long the end of a container may take to be told.
const TOLD: Duration = Duration::from_secs(2);
/// How often what is refused is asked for again.
const SELDOM: Duration = Duration::from_secs(30);
/// A cut that is shorter is not worth a line, since nothing is missing.
const WORTH: Duration = Duration::from_secs(1);

/// Where reading begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    pub from: From,
    /// No more than so many lines of it.
    pub tail: Option<u32>,
    /// Bytes after which reading ends.
    pub limit: Option<u64>,
    /// Whether the run before comes first.
    pub previous: bool,
    /// Nanoseconds after which nothing is wanted.
    pub until: Option<i64>,
}

pub(super) struct Tail {
    pub(super) shared: Arc<Shared>,
    /// The pod's: another of the same name is not this one.
    pub(super) uid: Arc<str>,
    pub(super) name: StreamName,
    pub(super) status: watch::Receiver<Status>,
    pub(super) orders: watch::Receiver<(u64, u32)>,
    start: Start,
    pub(super) lines: Lines,
    /// The run that is being read, and whether it is the first.
    pub(super) run: Option<Arc<str>>,
    pub(super) first_run: bool,
    /// Whether all of the run was read.
    finished: bool,
    failures: u32,
    pub(super) cut: Option<Instant>,
    /// What was looked up, while the watch is behind it.
    pub(super) ahead: Option<Status>,
    /// Since when lines come that do not join what was read, and nobody knows of another run.
    pub(super) doubt: Option<Instant>,
}

/// Nobody listens any more, or there is nothing more to come.
pub(super) struct Done;

impl Tail {
    pub fn new(
        shared: Arc<Shared>,
        number: u16,
        uid: Arc<str>,
        name: StreamName,
        status: watch::Receiver<Status>,
        start: Start,
    ) -> Self {
        let orders = shared.orders.clone();
        let lines = Lines::new(number, start.until);
        Self {
            shared,
            uid,
            name,
            status,
            orders,
            start,
            lines,
            run: None,
            first_run: true,
            finished: false,
            failures: 0,
            cut: None,
            ahead: None,
            doubt: None,
        }
    }

    pub async fn run(mut self) {
        while self.step().await.is_ok() {}
    }

    pub(super) async fn say(&self, state: StreamState) -> Result<(), Done> {
        self.shared.out.send(LogEvent::State(self.lines.number, state)).await.map_err(|_| Done)
    }

    async fn step(&mut self) -> Result<(), Done> {
        let status = self.present();
        if status.gone {
            self.lines.finish();
            self.lines.flush(&self.shared.out).await;
            self.say(StreamState::Gone).await?;
            return Err(Done);
        }
        let Some(run) = status.run.clone() else {
            let why = if let Now::Waiting(why) = &status.now { why.clone() } else { "waiting".into() };
            self.say(StreamState::Waiting(why)).await?;
            return self.wait(SELDOM).await;
        };
        match &self.run {
            None => self.begin(&status).await?,
            Some(old) if *old != run => {
                let old = old.clone();
                if let Err(problem) = self.restart(&old, &status).await? {
                    self.cut.get_or_insert_with(Instant::now);
                    return self.broken(problem, false).await;
                }
            }
            Some(_) => {}
        }
        if self.run.as_ref() != Some(&run) {
            self.doubt = None;
            self.run = Some(run);
            self.finished = false;
        }
        if self.finished {
            self.say(resting(&status)).await?;
            return self.wait(Duration::from_secs(3_600)).await;
        }
        self.follow(&status).await
    }

    /// The first run: with the one before it, if that was asked for.
    async fn begin(&mut self, status: &Status) -> Result<(), Done> {
        if !self.start.previous {
            return Ok(());
        }
        let Some((_, how)) = &status.before else {
            self.lines.note("there is no run before this one".to_owned(), Mark::Note);
            return Ok(());
        };
        let request = Request { tail: self.start.tail, previous: true, ..Request::of(self.start.from) };
        match self.read(request).await? {
            End::Over => self.lines.finish(),
            End::Broken(problem) => {
                self.lines.note(format!("the run before cannot be read: {problem}"), Mark::Gap);
            }
            End::Enough | End::Ordered | End::Closed | End::Doubt | End::Leap => {}
        }
        self.lines.note(format!("container restarted: {how}"), Mark::Note);
        self.flush().await?;
        self.lines.next_run();
        Ok(())
    }

    /// The container runs anew: what is left of the old run first. The inner error is why that cannot
    /// be known now: it is asked again.
    async fn restart(&mut self, old: &Arc<str>, status: &Status) -> Result<Result<(), Problem>, Done> {
        let seen = status.before.as_ref().filter(|(id, _)| id == old);
        let how = seen.map_or_else(|| "its end was not seen".into(), |(_, end)| end.clone());
        self.first_run = false;
        match self.joined(status, &how).await? {
            Ok(false) => {}
            told => return Ok(told.map(drop)),
        }
        self.lines.trust = Trust::Sure;
        if seen.is_none() {
            let text = "possible gap: the container ran more than once meanwhile".to_owned();
            self.lines.note(text, Mark::Gap);
        } else if !self.finished {
            let from = self.lines.resume.last().map_or(From::Start, From::Time);
            self.lines.resume.reopen();
            match self.read(Request { previous: true, ..Request::of(from) }).await? {
                End::Over => self.lines.finish(),
                End::Broken(problem) => {
                    let text = format!("possible gap: the end of the run cannot be read: {problem}");
                    self.lines.note(text, Mark::Gap);
                }
                End::Enough | End::Ordered | End::Closed | End::Doubt | End::Leap => {}
            }
            // What is served as the run before may be a later one already.
            match self.joined(status, &how).await? {
                Ok(false) => {}
                told => return Ok(told.map(drop)),
            }
        }
        self.lines.note(format!("container restarted: {how}"), Mark::Note);
        self.flush().await?;
        self.lines.next_run();
        Ok(Ok(()))
    }

    pub(super) async fn flush(&mut self) -> Result<(), Done> {
        if self.lines.flush(&self.shared.out).await { Ok(()) } else { Err(Done) }
    }

    /// Reads the present run from where we are, and decides what its end means.
    async fn follow(&mut self, status: &Status) -> Result<(), Done> {
        let fresh = self.lines.resume.last().is_none();
        let (from, tail) = match self.lines.resume.last() {
            Some(last) => (From::Time(last), None),
            // A run that began under our eyes is read from its first line.
            None if self.first_run => (self.start.from, self.start.tail),
            None => (From::Start, None),
        };
        let limit = self.start.limit.map(|most| most.saturating_sub(self.lines.read));
        if limit == Some(0) {
            return self.limited().await;
        }
        self.lines.resume.reopen();
        let ended = status.now != Now::Running;
        let end = self.read(Request { tail, limit, follow: true, ..Request::of(from) }).await?;
        match end {
            End::Doubt => self.doubted().await,
            // Asked again from the last line on: if that is not there any more, it is told.
            End::Leap => Ok(()),
            End::Enough => {
                self.say(StreamState::Ended("the end of the range".into())).await?;
                Err(Done)
            }
            End::Closed => Err(Done),
            End::Ordered => self.older().await,
            End::Over if self.start.limit.is_some_and(|most| self.lines.read >= most) => self.limited().await,
            End::Over if ended => {
                // The end was known before we asked: there is nothing more.
                self.lines.finish();
                self.flush().await?;
                self.finished = true;
                Ok(())
            }
            End::Over => {
                self.lines.leftover();
                self.flush().await?;
                let before = Instant::now();
                self.wait(TOLD).await?;
                if before.elapsed() < TOLD {
                    return Ok(());
                }
                // Still said to run: the server ended the answer. Asked again, ever more slowly.
                self.cut.get_or_insert(before);
                self.back_off(None, fresh).await
            }
            End::Broken(problem) => {
                self.cut.get_or_insert_with(Instant::now);
                self.broken(problem, fresh).await
            }
        }
    }

    /// As many bytes were read as were wanted. The server cuts the last line where they end.
    async fn limited(&mut self) -> Result<(), Done> {
        self.lines.finish();
        self.flush().await?;
        let bytes = self.start.limit.unwrap_or_default();
        self.say(StreamState::Ended(format!("the limit of {bytes} B is reached").into())).await?;
        Err(Done)
    }

    pub(super) async fn broken(&mut self, problem: Problem, fresh: bool) -> Result<(), Done> {
        match problem {
            Problem::Forbidden(_) => {
                self.say(StreamState::Failed(problem)).await?;
                self.wait(SELDOM).await
            }
            // The pod is gone, which the watch will tell, or its node has forgotten the container.
            Problem::NotFound(_) | Problem::Invalid(_) => {
                self.say(StreamState::Failed(problem)).await?;
                self.wait(TOLD).await
            }
            other => self.back_off(Some(other), fresh).await,
        }
    }

    async fn back_off(&mut self, why: Option<Problem>, fresh: bool) -> Result<(), Done> {
        if !fresh && self.failures == 0 && why.is_none() {
            self.failures = 1;
            return Ok(());
        }
        let wait = FIRST.saturating_mul(1 << self.failures.min(8)).min(LONGEST);
        self.failures += 1;
        let why = why.unwrap_or_else(|| Problem::Lost("the server ended the stream".into()));
        let at = (self.shared.clock)() + i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
        self.say(StreamState::Cut { why, at }).await?;
        self.wait(wait).await
    }

    /// Waits until the container changes, older lines are wanted, or the time is over.
    pub(super) async fn wait(&mut self, time: Duration) -> Result<(), Done> {
        tokio::select! {
            changed = self.status.changed() => changed.map_err(|_| Done),
            ordered = self.orders.changed() => {
                ordered.map_err(|_| Done)?;
                self.older().await
            }
            () = self.shared.out.closed() => Err(Done),
            () = tokio::time::sleep(time) => Ok(()),
        }
    }

    async fn read(&mut self, request: Request) -> Result<End, Done> {
        let path = match request::path(&self.name, request) {
            Ok(path) => path,
            Err(problem) => return Ok(End::Broken(problem)),
        };
        let shared = self.shared.clone();
        let opened = {
            let _permit = shared.gate.pass().await;
            shared.connection.stream(&path, "*/*", super::CLASS, &request::asked(&self.name)).await
        };
        let body = match opened {
            Ok(body) => body,
            Err(problem) => return Ok(End::Broken(problem)),
        };
        if let Some(cut) = self.cut.take().filter(|c| c.elapsed() >= WORTH) {
            let seconds = cut.elapsed().as_secs_f64();
            self.lines.note(format!("connection lost for {seconds:.1} s, read on from here"), Mark::Note);
        }
        self.failures = 0;
        if request.follow {
            self.say(StreamState::Live).await?;
        }
        self.lines.pace.answer(request.follow);
        Ok(self.lines.read(body, &shared.out, &mut self.orders).await)
    }
}

/// A stream all of which was read.
fn resting(status: &Status) -> StreamState {
    match &status.now {
        Now::Ended(how) => StreamState::Ended(how.clone()),
        Now::Waiting(why) => StreamState::Waiting(why.clone()),
        Now::Running => StreamState::Live,
    }
}
