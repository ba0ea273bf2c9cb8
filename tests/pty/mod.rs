//! A program in a pseudo-terminal, as a user sits before it: keys go in, a screen comes
//! out, the window changes its size, the line breaks.
//!
//! Nothing here waits for luck: every wait is for something seen (a screen, an end, a
//! mode), wakes when output comes, and gives up after [`PATIENCE`], telling what it saw.

// Each test program that includes this module uses a part of it.
#![allow(dead_code, reason = "each test program uses a part of the harness")]

pub mod orders;
mod screen;
pub mod served;

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process};
use screen::Seen;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long anything may take, on the slowest machine.
pub const PATIENCE: Duration = Duration::from_mins(3);

/// A program, its terminal and its user.
pub struct Program {
    master: Option<Box<dyn MasterPty + Send>>,
    keyboard: Option<Box<dyn Write + Send>>,
    /// The program's side, held open so that its modes can be read after its end.
    line: OwnedFd,
    pid: Pid,
    shared: Arc<Shared>,
    watching: Option<JoinHandle<()>>,
    waiting: Option<JoinHandle<()>>,
    before: String,
}

/// What the threads and the test share.
struct Shared {
    now: Mutex<Now>,
    changed: Condvar,
}

struct Now {
    seen: Seen,
    /// Nobody reads the terminal.
    held: bool,
    /// The line was cut.
    cut: bool,
    ended: Option<ExitStatus>,
}

impl Shared {
    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Now)) {
        change(&mut self.now());
        self.changed.notify_all();
    }

    /// Waits until `pick` finds what it looks for.
    fn wait<T>(&self, what: &str, patience: Duration, pick: impl FnMut(&Now) -> Option<T>) -> T {
        self.look(patience, pick).unwrap_or_else(|| {
            // The text is copied so that no lock is held while panicking.
            let (text, ended) = {
                let now = self.now();
                (now.seen.describe(), now.ended.clone())
            };
            panic!("{what} did not come within {patience:?}; ended: {ended:?}; on the screen:\n{text}");
        })
    }

    /// The same; `None` if it did not come in time.
    fn look<T>(&self, patience: Duration, mut pick: impl FnMut(&Now) -> Option<T>) -> Option<T> {
        let deadline = Instant::now() + patience;
        let mut now = self.now();
        loop {
            if let Some(found) = pick(&now) {
                return Some(found);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            now = self.changed.wait_timeout(now, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// A home that nobody has lived in: what one run has kept must not meet another.
fn home() -> String {
    static HOMES: AtomicUsize = AtomicUsize::new(0);
    let number = HOMES.fetch_add(1, Ordering::Relaxed);
    let home = format!("{}/homes/{}-{number}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
    match std::fs::remove_dir_all(&home) {
        Err(why) if why.kind() != std::io::ErrorKind::NotFound => panic!("{home}: {why}"),
        _ => home,
    }
}

/// A command in a bare environment: what a test sees must not depend on who runs it.
pub fn command(program: &str, args: &[&str]) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.args(args);
    command.cwd("/");
    command.env_clear();
    let path = std::env::var("PATH").unwrap_or_default();
    for (name, value) in [
        ("PATH", path.as_str()),
        ("TERM", "xterm-256color"),
        ("COLORTERM", "truecolor"),
        ("LANG", "C.UTF-8"),
        ("HOME", home().as_str()),
    ] {
        command.env(name, value);
    }
    command
}

impl Program {
    /// Starts a command in a terminal of this size.
    pub fn start(command: CommandBuilder, columns: u16, rows: u16) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).expect("a pseudo-terminal");
        let name = pair.master.tty_name().expect("its name");
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let line = rustix::fs::open(name, flags, Mode::empty()).expect("its other side");
        let before = modes(&line);
        let now = Now { seen: Seen::new(columns, rows), held: false, cut: false, ended: None };
        let shared = Arc::new(Shared { now: Mutex::new(now), changed: Condvar::new() });
        let from = pair.master.try_clone_reader().expect("a reader");
        let keyboard = pair.master.take_writer().expect("a writer");
        let watching = std::thread::spawn({
            let shared = Arc::clone(&shared);
            move || watch(from, &shared)
        });
        let child = pair.slave.spawn_command(command).expect("the program starts");
        let pid = child.process_id().and_then(|pid| Pid::from_raw(pid.cast_signed())).expect("its id");
        let waiting = std::thread::spawn({
            let shared = Arc::clone(&shared);
            move || await_end(child, &shared)
        });
        Self {
            master: Some(pair.master),
            keyboard: Some(keyboard),
            line,
            pid,
            shared,
            watching: Some(watching),
            waiting: Some(waiting),
            before,
        }
    }

    /// Types bytes, all at once.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let keyboard = self.keyboard.as_mut().expect("the line stands");
        keyboard.write_all(bytes.as_ref()).and_then(|()| keyboard.flush()).expect("the terminal takes keys");
    }

    /// Types bytes one at a time with a pause after each, as a slow line brings them. The
    /// pause is what is tested here, not a wait for something to happen.
    pub fn send_slowly(&mut self, bytes: &[u8], pause: Duration) {
        for byte in bytes {
            self.send([*byte]);
            std::thread::sleep(pause);
        }
    }

    /// Waits for a screen.
    pub fn wait_for(&self, what: &str, right: impl FnMut(&vt100::Screen) -> bool) {
        self.wait_within(PATIENCE, what, right);
    }

    /// Waits for a screen that takes its time.
    pub fn wait_within(&self, patience: Duration, what: &str, mut right: impl FnMut(&vt100::Screen) -> bool) {
        self.shared.wait(what, patience, |now| right(now.seen.screen()).then_some(()));
    }

    /// Looks at each screen for so long; whether one was right.
    pub fn look_for(&self, patience: Duration, mut right: impl FnMut(&vt100::Screen) -> bool) -> bool {
        self.shared.look(patience, |now| right(now.seen.screen()).then_some(())).is_some()
    }

    /// Waits for a text anywhere on the screen.
    pub fn wait_for_text(&self, text: &str) {
        self.wait_for(&format!("{text:?}"), |screen| screen.contents().contains(text));
    }

    /// Answers a question of the program with a key, again if need be: one that comes before the program knows that
    /// the question was seen means nothing to it, and it says so.
    pub fn confirm(&mut self, question: &str, key: &str) {
        const EARLY: &str = "Read it first";
        loop {
            self.wait_for_text(question);
            self.send(key);
            let mut early = false;
            self.wait_for("what follows", |s| {
                early = s.contents().contains(EARLY);
                early || !s.contents().contains(question)
            });
            if !early {
                return;
            }
            // Any key takes the words away.
            self.send("\x1b[D");
            self.wait_for("the question again", |s| !s.contents().contains(EARLY));
        }
    }

    /// Waits for a text in what came, also if it has left the screen since.
    pub fn wait_until_said(&self, text: &str) {
        self.shared.wait(&format!("{text:?}"), PATIENCE, |now| now.seen.said(text).then_some(()));
    }

    /// Whether a text came, also if it has left the screen since.
    pub fn said(&self, text: &str) -> bool {
        self.shared.now().seen.said(text)
    }

    /// The screen as it is.
    pub fn screen(&self) -> vt100::Screen {
        self.shared.now().seen.screen().clone()
    }

    /// All that came, or the newest part of much.
    pub fn all(&self) -> Vec<u8> {
        self.shared.now().seen.all().to_vec()
    }

    /// How many bytes have come so far.
    pub fn bytes(&self) -> usize {
        self.shared.now().seen.bytes()
    }

    /// Changes the window's size.
    pub fn resize(&self, columns: u16, rows: u16) {
        self.shared.change(|now| now.seen.resize(columns, rows));
        let master = self.master.as_ref().expect("the line stands");
        master.resize(size(columns, rows)).expect("the terminal takes a size");
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).expect("the program takes a signal");
    }

    /// Its process id.
    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// Stops reading the terminal, as a frozen window does; `false` reads on.
    pub fn hold(&self, held: bool) {
        self.shared.change(|now| now.held = held);
    }

    /// The terminal's modes, to compare.
    pub fn modes(&self) -> String {
        modes(&self.line)
    }

    /// The modes before the program started.
    pub fn modes_before(&self) -> &str {
        &self.before
    }

    /// Waits until the modes are as wanted. Modes change without output, so this asks
    /// again and again.
    pub fn wait_for_modes(&self, what: &str, right: impl Fn(&str) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !right(&self.modes()) {
            assert!(Instant::now() < deadline, "modes: {what} did not come; they are\n{}", self.modes());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Waits for the program's end.
    pub fn wait_for_end(&self) -> ExitStatus {
        self.shared.wait("the end", PATIENCE, |now| now.ended.clone())
    }

    /// Cuts the line: the window is closed, the connection lost.
    pub fn cut(&mut self) {
        self.shared.change(|now| now.cut = true);
        // The thread waits in a read: a byte from the program's side wakes it.
        let _ = rustix::io::write(&self.line, b"\0");
        if let Some(watching) = self.watching.take() {
            watching.join().expect("the watching thread ends well");
        }
        self.keyboard = None;
        self.master = None;
    }

    /// Asserts what must hold whenever the program has ended or stopped: the modes are as
    /// before, and so is the screen's state.
    pub fn assert_restored(&self) {
        self.wait_for("the main screen", |screen| {
            !screen.alternate_screen()
                && !screen.hide_cursor()
                && !screen.bracketed_paste()
                && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
        });
        assert_eq!(self.modes(), self.before, "the terminal's modes");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if self.shared.now().ended.is_none() {
            // It may end at this very moment.
            let _ = kill_process(self.pid, Signal::KILL);
        }
        if self.master.is_some() {
            self.hold(false);
            self.cut();
        }
        if let Some(waiting) = self.waiting.take() {
            let _ = waiting.join();
        }
    }
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

fn modes(line: &OwnedFd) -> String {
    format!("{:#?}", rustix::termios::tcgetattr(line).expect("a terminal has modes"))
}

/// Shows what comes until the line is cut.
fn watch(mut from: Box<dyn Read + Send>, shared: &Shared) {
    let mut buffer = [0; 4096];
    loop {
        let idle = {
            let mut now = shared.now();
            while now.held && !now.cut {
                now = shared.changed.wait(now).unwrap_or_else(PoisonError::into_inner);
            }
            now.cut
        };
        if idle {
            return;
        }
        match from.read(&mut buffer) {
            Ok(n @ 1..) => shared.change(|now| now.seen.take(&buffer[..n])),
            Ok(0) | Err(_) => return,
        }
    }
}

fn await_end(mut child: Box<dyn Child + Send + Sync>, shared: &Shared) {
    let status = child.wait().unwrap_or_else(|_| ExitStatus::with_exit_code(u32::MAX));
    shared.change(|now| now.ended = Some(status));
}
