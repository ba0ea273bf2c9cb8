//! Logs of a node's own services: `nodes/N/proxy/logs/?query=kubelet`, as a kubelet with `enableSystemLogQuery` has it.

use regex::Regex;
use serde_json::Value;

use super::super::clock::{Millis, SECOND, parse, rfc3339_micro};
use super::super::kinds::PODS;
use super::super::object::{Tree, list, text};
use super::super::rng::{Rng, hash};
use super::super::world::World;
use super::answer::{Answer, answer, text as words};
use super::query::Query;

/// How far back a service's log reaches.
const KEPT: Millis = 20 * 60 * SECOND;
/// The most lines that may be asked for.
const MOST: u64 = 100_000;
/// The services that write a log, with the process that does.
const SERVICES: &[(&str, u32)] = &[("kubelet", 812), ("containerd", 640), ("kube-proxy", 1_204)];

/// Answers for a path below `logs/`.
pub(super) fn logs(world: &World, node: &str, path: &str, query: &Query) -> Answer {
    let services: Vec<&str> = query.all("query").filter(|q| !q.trim().is_empty()).collect();
    if services.is_empty() && query.all("query").next().is_none() {
        return if path.is_empty() { folder() } else { words(404, "404 page not found\n") };
    }
    if !path.is_empty() {
        return words(406, "path not allowed in query mode\n");
    }
    match read(world, node, &services, query) {
        Ok(out) => answer(200, "text/plain;charset=UTF-8", out.into_bytes()),
        Err(why) => words(400, &format!("{why}\n")),
    }
}

fn folder() -> Answer {
    let links: Vec<String> = SERVICES.iter().map(|(s, _)| format!("<a href=\"{s}.log\">{s}.log</a>\n")).collect();
    let links = links.concat();
    let page = format!(
        "<!doctype html>\n<meta name=\"viewport\" content=\"width=device-width\">\n<pre>\n<a href=\"containers/\">containers/</a>\n{links}<a href=\"pods/\">pods/</a>\n</pre>\n"
    );
    answer(200, "text/html; charset=utf-8", page.into_bytes())
}

fn read(world: &World, node: &str, services: &[&str], query: &Query) -> Result<String, String> {
    if services.is_empty() {
        return Err("query: Invalid value: [\"\"]: may not be empty".to_owned());
    }
    let now = world.now();
    let time = |key: &str, default: Millis| match query.get(key) {
        "" => Ok(default),
        given => parse(given).ok_or_else(|| format!("{key}: Invalid value: \"{given}\": invalid time format")),
    };
    let (since, until) = (time("sinceTime", now - KEPT)?, time("untilTime", now)?);
    if since > until {
        return Err(format!("untilTime: Invalid value: \"{}\": must be after `sinceTime`", query.get("untilTime")));
    }
    let tail =
        match query.get("tailLines") {
            "" => None,
            given => Some(given.parse::<u64>().ok().filter(|n| *n <= MOST).ok_or_else(|| {
                format!("tailLines: Invalid value: {given}: must be between 0 and {MOST}, inclusive")
            })?),
        };
    let pattern = Regex::new(query.get("pattern"))
        .map_err(|_| format!("pattern: Invalid value: \"{}\": error parsing regexp", query.get("pattern")))?;
    let mut out = String::new();
    for service in services {
        let bare = service.trim_end_matches(".service").trim_end_matches(".log");
        let Some((service, process)) = SERVICES.iter().find(|(name, _)| *name == bare) else {
            out.push_str("-- No entries --\n");
            continue;
        };
        let lines = between(world, node, service, *process, since.max(now - KEPT), until.min(now));
        let found: Vec<String> = lines.into_iter().filter(|l| pattern.is_match(l)).collect();
        let skip = tail.map_or(0, |n| found.len().saturating_sub(usize::try_from(n).unwrap_or(usize::MAX)));
        found.iter().skip(skip).for_each(|line| {
            out.push_str(line);
            out.push('\n');
        });
    }
    Ok(out)
}

/// The lines of a service in a stretch of time, made from the node and the time alone.
fn between(world: &World, node: &str, service: &str, process: u32, since: Millis, until: Millis) -> Vec<String> {
    let pods: Vec<Tree> =
        world.store.iter(PODS).filter(|(_, e)| e.field(0) == node).take(40).map(|(_, e)| e.value()).collect();
    let key = hash(&format!("{node}/{service}"));
    let mut all = Vec::new();
    for second in since / SECOND..=until / SECOND {
        let mut dice = Rng::new(key ^ second.cast_unsigned().wrapping_mul(0x9e37_79b9));
        if dice.below(4) > 0 {
            continue;
        }
        let at = second * SECOND + i64::try_from(dice.below(1_000)).unwrap_or(0);
        if at < since || at > until {
            continue;
        }
        let pod = usize::try_from(dice.below(pods.len().max(1) as u64)).ok().and_then(|i| pods.get(i)).map(|p| &**p);
        let (level, said) = said(service, pod, &mut dice);
        // `2026-11-21T12:02:20.681406Z` as klog shortens it: `1121 12:02:20.681406`.
        let stamp = rfc3339_micro(at);
        let (day, clock) = (stamp[5..10].replace('-', ""), &stamp[11..26]);
        all.push(format!("{level}{day} {clock} {process:>7} {said}"));
    }
    all
}

/// What a service says, about one of the node's pods where it is about one.
fn said(service: &str, pod: Option<&Value>, dice: &mut Rng) -> (char, String) {
    let none = Value::Null;
    let pod = pod.unwrap_or(&none);
    let name = format!("{}/{}", text(pod, "metadata/namespace"), text(pod, "metadata/name"));
    let uid = text(pod, "metadata/uid");
    let waiting = list(pod, "status/containerStatuses").iter().find(|c| !c["state"]["waiting"].is_null());
    match (service, waiting, dice.below(5)) {
        ("kubelet", Some(c), 0..3) => (
            'E',
            format!(
                "pod_workers.go:1324] \"Error syncing pod, skipping\" err=\"failed to \\\"StartContainer\\\" for \\\"{}\\\" with {}: \\\"{}\\\"\" pod=\"{name}\" podUID=\"{uid}\"",
                text(c, "name"),
                text(c, "state/waiting/reason"),
                text(c, "state/waiting/message")
            ),
        ),
        ("kubelet", _, 3) => {
            ('I', format!("kubelet.go:2451] \"SyncLoop (probe)\" probe=\"readiness\" status=\"ready\" pod=\"{name}\""))
        }
        ("kubelet", _, 4) => (
            'I',
            format!(
                "reconciler_common.go:251] \"operationExecutor.VerifyControllerAttachedVolume started for volume\" pod=\"{name}\" podUID=\"{uid}\""
            ),
        ),
        ("kubelet", ..) => {
            let free = 30 + dice.below(40);
            (
                'I',
                format!(
                    "image_gc_manager.go:404] \"Disk usage on image filesystem is under the threshold\" usage={free}"
                ),
            )
        }
        ("containerd", ..) => (
            'I',
            format!("log.go:31] level=info msg=\"StopContainer for \\\"{:016x}\\\" returns successfully\"", hash(uid)),
        ),
        _ => ('I', format!("proxier.go:828] \"SyncProxyRules complete\" elapsed=\"{}ms\"", 3 + dice.below(40))),
    }
}
