//! What tells the streams of a reading apart, in as few cells as do.

use super::event::StreamName;
use super::store::Stream;
use std::collections::BTreeMap;
use std::sync::Arc;

/// `namespace/pod/container`.
#[must_use]
pub fn full(name: &StreamName) -> String {
    let parts: [&str; 3] = [&name.namespace, &name.pod, &name.container];
    parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join("/")
}

/// A short name for each stream: the end of the pod's name where that is enough, the container
/// where pods have several. Nothing where there is one stream.
#[must_use]
pub fn short(streams: &[Stream], one_pod: bool) -> Vec<Arc<str>> {
    if streams.iter().filter(|s| !s.name.is_events()).count() < 2 {
        return streams.iter().map(|_| "".into()).collect();
    }
    let ends = distinct(streams, |n| n.pod.rsplit('-').next().unwrap_or(&n.pod).to_owned());
    let mut containers = streams.iter().filter(|s| !s.name.is_events()).map(|s| &s.name.container);
    let first = containers.next();
    let several = containers.any(|c| Some(c) != first);
    let label = |s: &Stream| -> Arc<str> {
        if s.name.is_events() {
            return s.name.pod.clone();
        }
        let pod = if ends { s.name.pod.rsplit('-').next().unwrap_or(&s.name.pod) } else { &s.name.pod };
        match (one_pod, several) {
            (true, _) => s.name.container.clone(),
            (false, true) => format!("{pod}/{}", s.name.container).into(),
            (false, false) => pod.into(),
        }
    };
    streams.iter().map(label).collect()
}

/// Whether a part of the name is another one for each pod.
fn distinct(streams: &[Stream], part: impl Fn(&StreamName) -> String) -> bool {
    let mut seen: BTreeMap<String, (&str, &str)> = BTreeMap::new();
    streams.iter().all(|s| {
        let pod = (s.name.namespace.as_ref(), s.name.pod.as_ref());
        *seen.entry(part(&s.name)).or_insert(pod) == pod
    })
}

#[cfg(test)]
mod tests {
    use super::super::event::LogEvent;
    use super::super::store::Store;
    use super::*;

    fn of(names: &[(&str, &str)], one: bool) -> Vec<String> {
        let mut store = Store::default();
        for (pod, container) in names {
            let name = StreamName { namespace: "shop".into(), pod: (*pod).into(), container: (*container).into() };
            store.apply(LogEvent::Join(name), 0, 0);
        }
        short(store.streams(), one).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn as_short_as_tells_them_apart() {
        assert_eq!(of(&[("front-5d8-7hhvd", "app")], true), [""]);
        assert_eq!(of(&[("front-5d8-7hhvd", "app"), ("front-5d8-kq2xv", "app")], false), ["7hhvd", "kq2xv"]);
        assert_eq!(of(&[("pg-0", "db"), ("search-0", "db")], false), ["pg-0", "search-0"]);
        assert_eq!(of(&[("pg-0", "db"), ("pg-0", "exporter")], true), ["db", "exporter"]);
        assert_eq!(of(&[("pg-0", "db"), ("pg-1", "log")], false), ["0/db", "1/log"]);
    }
}
