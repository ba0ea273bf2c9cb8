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
use super::super::life::kubelet::host_ip;
use super::super::logs::{Line, Writer};
use super::super::object::{at, list, text};
use super::super::status::{Outcome, Problem};
use super::answer::{Answer, answer};
use super::body::Body;
use super::query::Query;
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
    valid(&name, &ask.query)?;
    let container = container(&pod, &name, ask.query.get("container"))?;
    if text(&pod, "spec/nodeName").is_empty() {
        // Nobody to ask: no answer, and no error either.
        return Ok(answer(204, "text/plain", Vec::new()));
    }
    reachable(shared, &pod, &name, &container)?;
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

/// Refuses options that make no sense, as the server validates `PodLogOptions`.
fn valid(pod: &str, query: &Query) -> Outcome<()> {
    let mut causes: Vec<(&str, &str, String)> = Vec::new();
    for (key, least) in [("tailLines", 0), ("sinceSeconds", 1), ("limitBytes", 1)] {
        let given = query.get(key);
        if given.is_empty() {
            continue;
        }
        let number: i64 = given
            .parse()
            .map_err(|_| Problem::bad_request(format!("strconv.ParseInt: parsing \"{given}\": invalid syntax")))?;
        if number < least {
            let bound = if least == 0 { "greater than or equal to 0" } else { "greater than 0" };
            causes.push((key, "FieldValueInvalid", format!("Invalid value: {number}: must be {bound}")));
        }
    }
    let since = query.get("sinceTime");
    if !since.is_empty() && parse(since).is_none() {
        let start: String = since.chars().take(4).collect();
        let told =
            format!("parsing time \"{since}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{start}\" as \"2006\"");
        return Err(Problem::bad_request(told));
    }
    if !since.is_empty() && !query.get("sinceSeconds").is_empty() {
        let told = "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified";
        causes.push(("[]", "FieldValueForbidden", told.to_owned()));
    }
    if !matches!(query.get("stream"), "" | "All") {
        causes.push(("stream", "FieldValueForbidden", "Forbidden: may not be specified".to_owned()));
    }
    let causes: Vec<(&str, &str, &str)> = causes.iter().map(|(f, r, m)| (*f, *r, m.as_str())).collect();
    if causes.is_empty() { Ok(()) } else { Err(Problem::bad_log_options(pod, &causes)) }
}

/// The node has to answer: logs are its kubelet's.
fn reachable(shared: &Shared, pod: &Value, name: &str, container: &str) -> Outcome<()> {
    let world = shared.lock();
    let node = text(pod, "spec/nodeName");
    if world.node_ready(node) {
        return Ok(());
    }
    let (host, space) = (host_ip(&world, node), text(pod, "metadata/namespace"));
    Err(Problem::internal(&format!(
        "Get \"https://{host}:10250/containerLogs/{space}/{name}/{container}\": dial tcp {host}:10250: connect: no route to host"
    )))
}

/// The container that a request means.
pub(crate) fn container(pod: &Value, name: &str, asked: &str) -> Outcome<String> {
    let names = |path: &str| list(pod, path).iter().map(|c| text(c, "name").to_owned()).collect::<Vec<_>>();
    let mains = names("spec/containers");
    let all = [names("spec/initContainers"), mains.clone(), names("spec/ephemeralContainers")].concat();
    if asked.is_empty() {
        if mains.len() == 1 {
            return Ok(mains[0].clone());
        }
        let told = format!("a container name must be specified for pod {name}, choose one of: [{}]", all.join(" "));
        return Err(Problem::bad_request(told));
    }
    if all.iter().any(|c| c == asked) {
        return Ok(asked.to_owned());
    }
    Err(Problem::bad_request(format!("container {asked} is not valid for pod {name}")))
}

/// The status of a container of any sort.
pub(crate) fn state_of<'a>(pod: &'a Value, container: &str) -> &'a Value {
    let ephemeral = super::super::object::find(list(pod, "status/ephemeralContainerStatuses"), "name", container);
    ephemeral.unwrap_or_else(|| super::super::life::status::of(pod, container))
}

fn runs(pod: &Value, container: &str) -> bool {
    !state_of(pod, container)["state"]["running"].is_null()
}

/// What a running container says.
pub(crate) fn writer(pod: &Value, container: &str, now: Millis) -> Option<Writer> {
    let start = parse(text(state_of(pod, container), "state/running/startedAt"))?;
    Some(Writer::new(pod, container, start, now, false))
}

fn wish(pod: &Value, ask: &Ask, container: &str, now: Millis) -> Outcome<Wish> {
    let name = text(pod, "metadata/name");
    let status = state_of(pod, container);
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
