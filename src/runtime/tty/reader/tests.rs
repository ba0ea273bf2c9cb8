//! The thread on a pipe in the terminal's place.

use super::Reader;
use crate::core::input::{Input, Key, KeyCode};
use crate::runtime::tty::{Tty, TtyEvent};
use rustix::pipe::pipe;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// A wait that never ends within a test.
const LONG: Duration = Duration::from_hours(1);

struct Line {
    reader: Reader,
    events: UnboundedReceiver<TtyEvent>,
    keyboard: OwnedFd,
}

fn line(esc_wait: Duration) -> Line {
    let (input, keyboard) = pipe().unwrap();
    let (_, output) = pipe().unwrap();
    let (out, events) = unbounded_channel();
    let reader = Reader::start(Arc::new(Tty::on(input, output)), esc_wait, out).unwrap();
    Line { reader, events, keyboard }
}

impl Line {
    fn send(&self, bytes: &[u8]) {
        assert_eq!(rustix::io::write(&self.keyboard, bytes), Ok(bytes.len()));
    }

    fn keys(&mut self) -> Vec<String> {
        match self.events.blocking_recv() {
            Some(TtyEvent::Input(inputs)) => inputs
                .iter()
                .map(|input| match input {
                    Input::Key(key) => key.to_string(),
                    other => format!("{other:?}"),
                })
                .collect(),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn keys_come_in_order() {
    let mut line = line(LONG);
    line.send(b"gj\x1b[B");
    assert_eq!(line.keys(), ["g", "j", "Down"]);
}

#[test]
fn a_lone_escape_is_the_key_after_the_wait() {
    let mut line = line(Duration::from_millis(1));
    line.send(b"\x1b");
    assert_eq!(line.events.blocking_recv(), Some(TtyEvent::Input(vec![Input::Key(Key::plain(KeyCode::Esc))])));
}

#[test]
fn a_sequence_in_single_bytes_is_one_key() {
    let mut line = line(LONG);
    for byte in b"\x1b[A" {
        line.send(&[*byte]);
    }
    assert_eq!(line.keys(), ["Up"]);
}

#[test]
fn the_end_is_told_once() {
    let mut line = line(LONG);
    line.send(b"q\x1b");
    drop(line.keyboard);
    let mut told = Vec::new();
    while let Some(event) = line.events.blocking_recv() {
        told.push(event);
    }
    assert_eq!(told.pop(), Some(TtyEvent::HangUp));
    let keys = told.into_iter().flat_map(|event| match event {
        TtyEvent::Input(inputs) => inputs,
        other => panic!("{other:?}"),
    });
    assert_eq!(keys.collect::<Vec<_>>(), [Input::Key(Key::char('q')), Input::Key(Key::plain(KeyCode::Esc))]);
    // Orders to a thread that has ended are harmless.
    line.reader.park();
    line.reader.resume();
}

#[test]
fn a_parked_reader_leaves_the_bytes_alone() {
    let mut line = line(LONG);
    line.send(b"a");
    assert_eq!(line.keys(), ["a"]);
    line.reader.park();
    line.send(b"for the editor");
    // Once for the order to be carried out, once to see that it stays so.
    line.reader.park();
    assert!(line.events.try_recv().is_err());
    line.reader.resume();
    assert_eq!(line.keys().len(), "for the editor".len());
}

#[test]
fn parking_forgets_half_a_sequence() {
    let mut line = line(LONG);
    line.send(b"x\x1b[1;");
    assert_eq!(line.keys(), ["x"]);
    line.reader.park();
    line.reader.resume();
    line.send(b"j");
    assert_eq!(line.keys(), ["j"]);
}

#[test]
fn stopping_does_not_wait_for_a_key() {
    let mut line = line(LONG);
    line.reader.stop();
    assert_eq!(line.events.blocking_recv(), None);
}

#[test]
fn bytes_come_as_they_are_until_they_are_read_as_keys_again() {
    let mut line = line(LONG);
    line.reader.bytes();
    line.send(b"\x1b[");
    assert_eq!(line.events.blocking_recv(), Some(TtyEvent::Typed(b"\x1b[".to_vec())));
    line.reader.park();
    line.reader.resume();
    line.send(b"j");
    assert_eq!(line.keys(), ["j"]);
}
