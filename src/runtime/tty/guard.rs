//! The terminal's modes: set on entering, given back exactly, however the program ends.
//!
//! [`Guard::restore`] may be called from anywhere and any number of times: at the end, on a
//! signal, when the terminal is lent, and by the panic hook. It never waits for a
//! terminal that nobody reads.

use super::device::{Tty, TtyError};
use crate::core::input::Mice;
use crate::core::shell::RESET;
use rustix::termios::{OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcgetpgrp, tcsetattr};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::time::Duration;

/// Alternate screen, bracketed paste, focus reports, no cursor.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?2004h\x1b[?1004h\x1b[?25l";
/// First of all out of any sequence a cut frame left open (CAN), out of a synchronised
/// frame, and back to the plain pen; then what was set, undone in turn. The mouse always:
/// the bytes that turned it off may not have left.
const SETTLE: &[u8] = b"\x18\x1b[?2026l\x1b[m";
const LEAVE: &[u8] = b"\x1b[?1006l\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?25h\x1b[?1004l\x1b[?2004l\x1b[?1049l";
/// Buttons, the wheel and drags, in the coordinates of mode 1006; 1000 for terminals that know no drags. What turns
/// one of these modes off turns all off in some terminals, so it comes first.
const BUTTONS: &[u8] = b"\x1b[?1003l\x1b[?1000h\x1b[?1002h\x1b[?1006h";
/// Each move, too.
const MOVES: &[u8] = b"\x1b[?1000h\x1b[?1002h\x1b[?1003h\x1b[?1006h";
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1003l\x1b[?1002l\x1b[?1000l";

/// How long the terminal may take for the last bytes.
const PATIENCE: Duration = Duration::from_millis(300);

/// Holds the terminal's former modes.
#[derive(Debug)]
pub struct Guard {
    tty: Arc<Tty>,
    held: Mutex<Held>,
}

#[derive(Debug)]
struct Held {
    /// The modes before us; `None` while the terminal is not ours.
    before: Option<Termios>,
    /// The modes before us, while the terminal is lent to somebody who may leave it in others.
    lent: Option<Termios>,
    mouse: Mice,
    /// Whether a program draws on the terminal through us.
    through: bool,
}

impl Guard {
    /// Takes the terminal: raw mode, alternate screen, and reports as wanted.
    ///
    /// # Errors
    /// The terminal refuses its modes.
    pub fn enter(tty: Arc<Tty>, mouse: Mice) -> Result<Self, TtyError> {
        let guard = Self { tty, held: Mutex::new(Held { before: None, lent: None, mouse, through: false }) };
        guard.take()?;
        Ok(guard)
    }

    /// Takes the terminal again: after it was lent, or after a stop that we did not see
    /// coming (SIGSTOP), when someone else may have changed the modes under us. Draw all.
    ///
    /// # Errors
    /// The terminal refuses its modes.
    pub fn take(&self) -> Result<(), TtyError> {
        let Some(mut held) = self.held() else {
            return Ok(());
        };
        let now = match held.lent.take() {
            // A program that was killed in the middle of a password leaves no echo behind.
            Some(before) => before,
            None => tcgetattr(self.tty.input()).map_err(TtyError::io("read the modes of"))?,
        };
        let lent = held.before.is_none();
        // If it is still ours, what it was before us stays what it was.
        let mut raw = held.before.get_or_insert(now).clone();
        raw.make_raw();
        tcsetattr(self.tty.input(), OptionalActions::Now, &raw).map_err(TtyError::io("set the modes of"))?;
        if lent {
            // What was typed for someone else is not for us.
            let _ = tcflush(self.tty.input(), QueueSelector::IFlush);
        }
        let mut bytes = if std::mem::take(&mut held.through) { RESET.to_vec() } else { Vec::new() };
        bytes.extend_from_slice(ENTER);
        if held.mouse > Mice::None {
            bytes.extend_from_slice(mouse(held.mouse));
        }
        self.tty.write_until(&bytes, std::time::Instant::now() + PATIENCE);
        self.tty.open_gate();
        Ok(())
    }

    /// Gives the terminal back as it was, to take it again later: then what it was before us is
    /// what it is now, whatever the borrower leaves.
    pub fn lend(&self) {
        let before = self.held().and_then(|held| held.before.clone());
        self.restore();
        if let Some(mut held) = self.held() {
            held.lent = before;
        }
    }

    /// Lets a program draw on the terminal through us: our modes are taken back, those of the line stay. Whatever it
    /// leaves the terminal in is undone when that is taken or given back.
    pub fn through(&self) {
        if let Some(mut held) = self.held()
            && held.before.is_some()
        {
            held.through = true;
            self.tty.close_gate_after(&[SETTLE, LEAVE].concat(), PATIENCE);
            self.tty.open_gate();
        }
    }

    /// Gives the terminal back as it was. Does nothing if it is not ours.
    pub fn restore(&self) {
        let Some(mut held) = self.held() else {
            return;
        };
        let Some(before) = held.before.take() else {
            return;
        };
        let left = if std::mem::take(&mut held.through) { RESET.to_vec() } else { [SETTLE, LEAVE].concat() };
        self.tty.close_gate_after(&left, PATIENCE);
        // In the background the modes are another's, and setting them would stop us.
        if self.in_foreground() {
            // Reports still on their way would be typed into the shell.
            let _ = tcflush(self.tty.input(), QueueSelector::IFlush);
            // `Now`, not `Drain`: a terminal nobody reads never drains.
            let _ = tcsetattr(self.tty.input(), OptionalActions::Now, &before);
        }
    }

    /// Notes which mouse reports are wanted; gives the bytes to send, if the
    /// terminal is ours and they change anything.
    pub fn set_mouse(&self, mice: Mice) -> Option<&'static [u8]> {
        let mut held = self.held()?;
        let changed = std::mem::replace(&mut held.mouse, mice) != mice;
        (changed && held.before.is_some() && !held.through).then(|| mouse(mice))
    }

    /// Whether the terminal listens to our process group; also true if it cannot tell.
    fn in_foreground(&self) -> bool {
        tcgetpgrp(self.tty.input()).is_ok_and(|group| group == rustix::process::getpgrp())
            || tcgetpgrp(self.tty.input()).is_err()
    }

    /// The state; `None` if a panic struck while this thread held it.
    fn held(&self) -> Option<MutexGuard<'_, Held>> {
        let deadline = std::time::Instant::now() + PATIENCE;
        loop {
            match self.held.try_lock() {
                Ok(held) => return Some(held),
                Err(TryLockError::Poisoned(held)) => return Some(held.into_inner()),
                Err(TryLockError::WouldBlock) if std::time::Instant::now() > deadline => return None,
                Err(TryLockError::WouldBlock) => std::thread::yield_now(),
            }
        }
    }
}

/// The bytes that make the terminal tell so much.
fn mouse(mice: Mice) -> &'static [u8] {
    match mice {
        Mice::None => MOUSE_OFF,
        Mice::Buttons => BUTTONS,
        Mice::Moves => MOVES,
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.restore();
    }
}

/// Makes a panic of the calling thread, the one that draws, give the terminal back before
/// its message is printed. A panic of another thread goes to the log: the screen lives on,
/// and text printed on it would only tear it.
pub fn install_panic_hook(guard: &Arc<Guard>) {
    let ui = std::thread::current().id();
    let guard = Arc::downgrade(guard);
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| match guard.upgrade() {
        // What a hostile program has drawn cost the emulator its composure; it begins anew.
        Some(_) if crate::core::shell::contained() => tracing::warn!("the emulator of a pane: {info}"),
        Some(_) if std::thread::current().id() != ui => {
            let thread = std::thread::current();
            tracing::error!(thread = thread.name().unwrap_or("unnamed"), "{info}");
        }
        guard => {
            if let Some(guard) = guard {
                guard.restore();
            }
            before(info);
        }
    }));
}

#[cfg(test)]
mod tests;
