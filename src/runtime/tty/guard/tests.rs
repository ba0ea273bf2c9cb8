//! Modes on a real pseudo-terminal, seen from both of its ends.

use super::Guard;
use crate::core::input::Mice;
use crate::runtime::tty::Tty;
use portable_pty::{MasterPty, PtySize, native_pty_system};
use rustix::fs::{Mode, OFlags, open};
use rustix::termios::tcgetattr;
use std::io::Read as _;
use std::os::fd::OwnedFd;
use std::sync::Arc;

struct Line {
    master: Box<dyn MasterPty + Send>,
    slave: OwnedFd,
    tty: Arc<Tty>,
    screen: vt100::Parser,
    from: Box<dyn std::io::Read + Send>,
}

fn line() -> Line {
    let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
    let master = native_pty_system().openpty(size).unwrap().master;
    let name = master.tty_name().unwrap();
    let end = || open(&name, OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK, Mode::empty()).unwrap();
    let tty = Arc::new(Tty::on(end(), end()));
    let from = master.try_clone_reader().unwrap();
    Line { master, slave: end(), tty, screen: vt100::Parser::new(24, 80, 0), from }
}

impl Line {
    fn modes(&self) -> String {
        format!("{:?}", tcgetattr(&self.slave).unwrap())
    }

    /// Shows what has been written, which ends with this.
    fn show_up_to(&mut self, end: &[u8]) {
        let mut seen = Vec::new();
        while !seen.ends_with(end) {
            let mut buffer = [0; 256];
            let n = self.from.read(&mut buffer).unwrap();
            seen.extend_from_slice(&buffer[..n]);
        }
        self.screen.process(&seen);
    }
}

#[test]
fn what_is_taken_is_given_back() {
    let mut line = line();
    line.screen.process(b"before");
    let (before, shown) = (line.modes(), line.screen.screen().clone());
    let guard = Guard::enter(Arc::clone(&line.tty), Mice::Buttons).unwrap();
    assert_ne!(line.modes(), before);
    line.show_up_to(super::BUTTONS);
    let screen = line.screen.screen();
    assert!(screen.alternate_screen() && screen.bracketed_paste() && screen.hide_cursor());
    assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::ButtonMotion);
    assert_eq!(screen.mouse_protocol_encoding(), vt100::MouseProtocolEncoding::Sgr);

    guard.restore();
    assert_eq!(line.modes(), before);
    line.show_up_to(super::LEAVE);
    assert_eq!(line.screen.screen().state_formatted(), shown.state_formatted());
    guard.restore();
    drop(guard);
    assert_eq!(line.modes(), before);
}

#[test]
fn dropping_gives_back() {
    let line = line();
    let before = line.modes();
    drop(Guard::enter(Arc::clone(&line.tty), Mice::None).unwrap());
    assert_eq!(line.modes(), before);
}

#[test]
fn taking_twice_keeps_the_first_modes() {
    let line = line();
    let before = line.modes();
    let guard = Guard::enter(Arc::clone(&line.tty), Mice::None).unwrap();
    guard.take().unwrap();
    guard.restore();
    assert_eq!(line.modes(), before);
    guard.take().unwrap();
    assert_ne!(line.modes(), before);
    guard.restore();
    assert_eq!(line.modes(), before);
}

#[test]
fn modes_are_given_back_though_nobody_reads() {
    let line = line();
    let before = line.modes();
    let guard = Guard::enter(Arc::clone(&line.tty), Mice::None).unwrap();
    while matches!(line.tty.write(&[b'x'; 4096], line.tty.epoch()), Ok(super::super::device::Wrote::Some(_))) {}
    guard.restore();
    assert_eq!(line.modes(), before);
}

#[test]
fn the_mouse_is_turned_only_if_that_changes_anything() {
    let line = line();
    let guard = Guard::enter(Arc::clone(&line.tty), Mice::None).unwrap();
    assert_eq!(guard.set_mouse(Mice::None), None);
    assert_eq!(guard.set_mouse(Mice::Buttons), Some(super::BUTTONS));
    assert_eq!(guard.set_mouse(Mice::Buttons), None);
    assert_eq!(guard.set_mouse(Mice::Moves), Some(super::MOVES));
    guard.restore();
    assert_eq!(guard.set_mouse(Mice::None), None, "the terminal is not ours");
}

#[test]
fn the_size_is_the_terminals() {
    let line = line();
    assert_eq!(line.tty.size(), (80, 24));
    line.master.resize(PtySize { rows: 60, cols: 200, pixel_width: 0, pixel_height: 0 }).unwrap();
    assert_eq!(line.tty.size(), (200, 60));
    line.master.resize(PtySize { rows: 0, cols: 0, pixel_width: 0, pixel_height: 0 }).unwrap();
    assert_eq!(line.tty.size(), (80, 24), "a terminal that does not know");
}

#[test]
fn only_a_panic_of_the_thread_that_draws_gives_back() {
    let line = line();
    let before = line.modes();
    let guard = Arc::new(Guard::enter(Arc::clone(&line.tty), Mice::None).unwrap());
    super::install_panic_hook(&guard);
    let elsewhere = std::thread::spawn(|| panic!("a task's own affair")).join();
    assert!(elsewhere.is_err());
    assert_ne!(line.modes(), before);
    let here = std::panic::catch_unwind(|| panic!("the screen's"));
    let after = line.modes();
    drop(std::panic::take_hook());
    assert!(here.is_err());
    assert_eq!(after, before);
}

#[test]
fn a_borrower_that_leaves_other_modes_changes_nothing_for_the_shell() {
    use rustix::termios::{LocalModes, OptionalActions, tcsetattr};
    let line = line();
    let before = line.modes();
    let guard = Guard::enter(Arc::clone(&line.tty), Mice::None).unwrap();
    guard.lend();
    assert_eq!(line.modes(), before);
    let mut silent = tcgetattr(&line.slave).unwrap();
    silent.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&line.slave, OptionalActions::Now, &silent).unwrap();
    guard.take().unwrap();
    guard.restore();
    assert_eq!(line.modes(), before);
}

#[test]
fn whatever_a_program_leaves_on_is_undone() {
    for back in [true, false] {
        let mut line = line();
        let before = line.modes();
        let guard = Guard::enter(Arc::clone(&line.tty), Mice::None).unwrap();
        let raw = line.modes();
        guard.through();
        assert_eq!(line.modes(), raw, "keys go on to come one by one");
        assert_eq!(guard.set_mouse(Mice::Buttons), None, "what the mouse tells is the program's affair");
        line.show_up_to(super::LEAVE);
        let own = b"\x1b[?1049;2004;1003;1006;1;25h\x1b[?25l\x1b=\x1b[31;7m\x1b[4h\x1b[5;9r\x1b[?6h";
        line.screen.process(own);
        if back {
            guard.take().unwrap();
            line.show_up_to(super::BUTTONS);
        } else {
            guard.restore();
            line.show_up_to(super::RESET);
        }
        let screen = line.screen.screen();
        assert_eq!(screen.alternate_screen(), back);
        assert_eq!((screen.bracketed_paste(), screen.hide_cursor()), (back, back));
        assert!(!screen.application_cursor() && !screen.application_keypad() && !screen.inverse());
        let mouse = vt100::MouseProtocolMode::ButtonMotion;
        assert_eq!(screen.mouse_protocol_mode(), if back { mouse } else { vt100::MouseProtocolMode::None });
        if !back {
            assert_eq!(line.modes(), before);
        }
    }
}
