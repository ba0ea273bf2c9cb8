//! Logs: past lines at once, new ones as they are written.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::{Duration, sleep};

use super::super::Shared;
use super::super::clock::{Millis, SECOND, parse};
use super::super::kinds::{KINDS, PODS};
use super::super::logs::{Line, Writer};
use super::super::object::{at, list, text};
use super::super::status::{Outcome, Problem};
use super::answer::{Answer, answer};
use super::body::Body;
use super::route::Target;
use super::server::Ask;

/// How far back a container's log reaches at most.
const KEPT: Millis = 40 * 60 * SECOND;
const PART: usize = 64 * 1024;

/// One request, read.
struct Wish {
    writer: Writer,
    from: Millis,
    until: Millis,
    tail: Option<usize>,
    limit: Option<usize>,
    stamped: bool,
    /// Whether the container still runs, so that there is something to follow.
    running: bool,
}

/// Answers a log request.
pub(super) fn logs(shared: &Arc<Shared>, ask: &Ask, target: &Target) -> Outcome<Answer> {
    let name = target.name.as_deref().unwrap_or("").to_owned();
    let pod = shared.lock().get(PODS, target.space(), &name).ok_or_else(|| Problem::not_found(&KINDS[PODS], &name))?;
    let container = container(&pod, &name, ask.query.get("container"))?;
    let wish = wish(&pod, ask, &container, shared.now())?;
    let follow = ask.query.flag("follow") && wish.running;
    let (sender, parts) = mpsc::channel(4);
    let (shared, space) = (shared.clone(), target.space().to_owned());
    tokio::spawn(async move {
        let Some((mut sent, mut at)) = past(&wish, &sender).await else { return };
        if !follow {
            return;
        }
        loop {
            sleep(Duration::from_millis(200)).await;
            // The world is let go before anything is awaited.
            let alive = shared.lock().get(PODS, &space, &name).is_some_and(|p| runs(&p, &container));
            let now = shared.now();
            let mut out = Vec::new();
            for line in wish.writer.between(at, now) {
                write(&line, wish.stamped, &mut out);
            }
            at = now;
            if wish.limit.is_some_and(|l| sent + out.len() > l) {
                return;
            }
            sent += out.len();
            let lost = if out.is_empty() { sender.is_closed() } else { sender.send(Ok(out.into())).await.is_err() };
            if lost || !alive {
                return;
            }
        }
    });
    Ok(answer(200, "text/plain", Body::Parts(parts)))
}

fn container(pod: &Value, name: &str, asked: &str) -> Outcome<String> {
    let names = |path: &str| list(pod, path).iter().map(|c| text(c, "name").to_owned()).collect::<Vec<_>>();
    let (mains, inits) = (names("spec/containers"), names("spec/initContainers"));
    let all: Vec<String> = mains.iter().chain(&inits).cloned().chain(names("spec/ephemeralContainers")).collect();
    if asked.is_empty() {
        if mains.len() == 1 {
            return Ok(mains[0].clone());
        }
        let told = format!("a container name must be specified for pod {name}, choose one of: [{}]", mains.join(" "));
        return Err(Problem::bad_request(told));
    }
    if all.iter().any(|c| c == asked) {
        return Ok(asked.to_owned());
    }
    Err(Problem::bad_request(format!("container {asked} is not valid for pod {name}")))
}

fn status<'a>(pod: &'a Value, container: &str) -> &'a Value {
    let ephemeral = super::super::object::find(list(pod, "status/ephemeralContainerStatuses"), "name", container);
    ephemeral.unwrap_or_else(|| super::super::life::status::of(pod, container))
}

fn runs(pod: &Value, container: &str) -> bool {
    !status(pod, container)["state"]["running"].is_null()
}

fn wish(pod: &Value, ask: &Ask, container: &str, now: Millis) -> Outcome<Wish> {
    let name = text(pod, "metadata/name");
    let status = status(pod, container);
    let previous = ask.query.flag("previous");
    let (state, what) = if previous { ("lastState", "previous terminated container") } else { ("state", "container") };
    let span = |state: &str| {
        let running = parse(text(at(status, state), "running/startedAt"));
        let ended = at(status, &format!("{state}/terminated"));
        running
            .map(|s| (s, now))
            .or_else(|| Some((parse(text(ended, "startedAt"))?, parse(text(ended, "finishedAt"))?)))
    };
    // A container in back-off still has the log of its last run.
    let found = span(state).or_else(|| if previous { None } else { span("lastState") });
    let Some((start, end)) = found else {
        if previous {
            return Err(Problem::bad_request(format!("{what} \"{container}\" in pod \"{name}\" not found")));
        }
        let why = match text(status, "state/waiting/reason") {
            "" => "ContainerCreating",
            reason => reason,
        };
        let told = match why {
            "ImagePullBackOff" | "ErrImagePull" => "trying and failing to pull image".to_owned(),
            other => other.to_owned(),
        };
        return Err(Problem::bad_request(format!(
            "container \"{container}\" in pod \"{name}\" is waiting to start: {told}"
        )));
    };
    let mut from = start.max(end - KEPT);
    if let Some(seconds) = ask.query.number("sinceSeconds") {
        from = from.max(now - i64::try_from(seconds).unwrap_or(0) * SECOND);
    }
    if let Some(since) = parse(ask.query.get("sinceTime")) {
        from = from.max(since);
    }
    let killed = text(at(status, state), "terminated/reason") == "OOMKilled"
        || text(status, "lastState/terminated/reason") == "OOMKilled";
    let number = |key: &str| ask.query.number(key).and_then(|n| usize::try_from(n).ok());
    Ok(Wish {
        writer: Writer::new(pod, container, start, end, killed),
        from,
        until: end,
        tail: number("tailLines"),
        limit: number("limitBytes"),
        stamped: ask.query.flag("timestamps"),
        running: runs(pod, container) && !previous,
    })
}

async fn past(wish: &Wish, sender: &mpsc::Sender<io::Result<Bytes>>) -> Option<(usize, Millis)> {
    let mut lines: Vec<Line> = wish.writer.between(wish.from - 1, wish.until);
    if let Some(tail) = wish.tail {
        lines.drain(..lines.len().saturating_sub(tail));
    }
    let (mut sent, mut out) = (0, Vec::new());
    for line in lines {
        let begun = out.len();
        write(&line, wish.stamped, &mut out);
        if let Some(limit) = wish.limit
            && sent + out.len() > limit
        {
            out.truncate(begun.max(limit.saturating_sub(sent)));
            break;
        }
        if out.len() >= PART {
            sent += out.len();
            sender.send(Ok(std::mem::take(&mut out).into())).await.ok()?;
        }
    }
    sent += out.len();
    if !out.is_empty() {
        sender.send(Ok(out.into())).await.ok()?;
    }
    wish.limit.is_none_or(|l| sent < l).then_some((sent, wish.until))
}

fn write(line: &Line, stamped: bool, out: &mut Vec<u8>) {
    if stamped {
        out.extend_from_slice(line.stamp().as_bytes());
        out.push(b' ');
    }
    out.extend_from_slice(line.text.as_bytes());
    out.push(b'\n');
}
