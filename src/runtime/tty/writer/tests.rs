//! The thread on a pipe in the terminal's place: a pipe takes 64 KiB, then no more.

use super::Writer;
use crate::runtime::tty::{Tty, TtyEvent};
use rustix::fs::{OFlags, fcntl_setfl};
use rustix::pipe::pipe;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

const LONG: Duration = Duration::from_hours(1);
/// More than the pipe takes.
const BIG: usize = 1 << 20;

struct Line {
    writer: Writer,
    tty: Arc<Tty>,
    events: UnboundedReceiver<TtyEvent>,
    screen: OwnedFd,
}

fn line() -> Line {
    let (input, _) = pipe().unwrap();
    let (screen, output) = pipe().unwrap();
    fcntl_setfl(&output, OFlags::NONBLOCK).unwrap();
    let (out, events) = unbounded_channel();
    let tty = Arc::new(Tty::on(input, output));
    let writer = Writer::start(Arc::clone(&tty), out).unwrap();
    Line { writer, tty, events, screen }
}

impl Line {
    /// Reads so many bytes off the screen's side.
    fn read(&self, count: usize) -> Vec<u8> {
        let mut all = Vec::new();
        while all.len() < count {
            let mut buffer = vec![0; (count - all.len()).min(65536)];
            let n = rustix::io::read(&self.screen, &mut buffer[..]).unwrap();
            assert!(n > 0);
            all.extend_from_slice(&buffer[..n]);
        }
        all
    }

    fn done(&mut self) -> usize {
        match self.events.blocking_recv() {
            Some(TtyEvent::FrameDone { bytes, .. }) => bytes,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_frame_goes_out_and_is_reported() {
    let mut line = line();
    line.writer.submit(b"frame".to_vec()).unwrap();
    assert_eq!(line.done(), 5);
    assert!(line.writer.ready());
    assert_eq!(line.read(5), b"frame");
}

#[test]
fn an_empty_frame_writes_nothing() {
    let mut line = line();
    line.writer.submit(vec![]).unwrap();
    assert!(line.writer.ready());
    assert!(line.writer.drain(LONG));
    assert!(line.events.try_recv().is_err());
}

#[test]
fn one_frame_at_a_time() {
    let mut line = line();
    line.writer.submit(vec![b'a'; BIG]).unwrap();
    assert!(line.writer.busy());
    assert_eq!(line.writer.submit(b"next".to_vec()), Err(b"next".to_vec()));
    assert_eq!(line.read(BIG), vec![b'a'; BIG]);
    assert_eq!(line.done(), BIG);
    line.writer.submit(b"next".to_vec()).unwrap();
    assert_eq!(line.read(4), b"next");
}

#[test]
fn other_bytes_go_between_frames() {
    let line = line();
    line.writer.submit(vec![b'a'; BIG]).unwrap();
    line.writer.send(b"copy".to_vec());
    let all = line.read(BIG + 4);
    assert_eq!(&all[BIG..], b"copy");
}

#[test]
fn a_terminal_nobody_reads_holds_up_only_the_thread() {
    let line = line();
    line.writer.submit(vec![b'a'; BIG]).unwrap();
    assert!(!line.writer.drain(Duration::from_millis(1)));
    line.writer.shutdown(Duration::from_millis(1));
    // The thread gives up: with it goes the last of the terminal's descriptors but ours.
    let Line { tty, events, .. } = line;
    let mut events = events;
    assert_eq!(events.blocking_recv(), None, "the thread has ended without an answer");
    drop(tty);
}

#[test]
fn no_byte_of_a_frame_follows_the_restored_screen() {
    let mut line = line();
    line.writer.submit(vec![b'a'; BIG]).unwrap();
    line.read(1);
    line.tty.close_gate_after(b"", LONG);
    line.tty.open_gate();
    // The old frame does not go on, although the gate is open again and all is read.
    fcntl_setfl(&line.screen, OFlags::NONBLOCK).unwrap();
    let mut buffer = vec![0; 65536];
    let written = loop {
        match line.events.try_recv() {
            Ok(TtyEvent::FrameDone { bytes, .. }) => break bytes,
            Ok(other) => panic!("{other:?}"),
            Err(_) => std::thread::yield_now(),
        }
        // Nothing to read right now is no error here.
        let _ = rustix::io::read(&line.screen, &mut buffer[..]);
    };
    assert!(written < BIG, "{written}");
}

#[test]
fn a_terminal_that_is_gone_stays_busy() {
    let Line { writer, screen, mut events, .. } = line();
    drop(screen);
    writer.submit(b"frame".to_vec()).unwrap();
    assert_eq!(events.blocking_recv(), None);
    assert!(writer.busy());
    assert!(!writer.drain(Duration::from_millis(1)));
}
