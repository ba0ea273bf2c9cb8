//! A pane that reads many containers, and what they write.

use super::console::Console;
use quarterdeck::core::kind::{ClusterId, Scope};
use quarterdeck::core::logs::event::{LogEvent, Place, StreamName, StreamState};
use quarterdeck::core::logs::segment::Segment;
use quarterdeck::core::logs::source::{Containers, LogId, Pods, What, Wish};
use quarterdeck::core::msg::Msg;
use quarterdeck::core::panes::Body;
use quarterdeck::core::panes::log::LogPane;
use quarterdeck::core::update::update;
use std::sync::Arc;

const LOG: LogId = LogId(1);

/// Opens a log of so many containers in the focused pane.
pub fn open(console: &mut Console, streams: usize) {
    let pods = Pods::Selected { scope: Scope::All, labels: "app=front".into(), fields: "".into() };
    let wish = Wish::new(LOG, ClusterId(0), What::Pods(pods, Containers::Usual));
    if let Some(pane) = console.state.focused_mut() {
        pane.go(Body::Log(Box::new(LogPane::new(wish, "-l app=front".into()))));
    }
    for i in 0..streams {
        let name = StreamName { namespace: "shop".into(), pod: format!("front-{i}").into(), container: "app".into() };
        update(&mut console.state, Msg::Log(LOG, LogEvent::Join(name)));
        update(&mut console.state, Msg::Log(LOG, LogEvent::State(i as u16, StreamState::Live)));
    }
}

/// What the containers write from one moment (Unix microseconds) on: so many lines of 160 bytes in a
/// tenth of a second, an event a container, as they come out of a reader's slot.
pub fn tenth(from: i64, streams: usize, lines: usize) -> Vec<Msg> {
    let each = lines / streams;
    let of = |stream: usize| {
        let mut segment = Segment::default();
        for i in 0..each {
            let at = from + ((i * streams + stream) * 100_000 / lines) as i64;
            let level = if i % 50 == 0 { "ERROR" } else { "INFO" };
            segment.push(at, format!("{level} front-{stream} request {i} took 12 ms {:x<120}", "").as_bytes());
        }
        Msg::Log(LOG, LogEvent::Lines(stream as u16, Place::Now, Arc::new(segment)))
    };
    (0..streams).map(of).collect()
}
