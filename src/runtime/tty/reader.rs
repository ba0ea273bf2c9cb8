//! The input thread: waits on the terminal and on a pipe that carries its orders.

use super::device::timespec;
use super::parse::Parser;
use super::{Tty, TtyEvent};
use crate::core::input::Input;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::pipe::{PipeFlags, pipe_with};
use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;

/// Orders, one byte each. A closed pipe means stop.
const PARK: u8 = b'p';
const RESUME: u8 = b'r';
const BYTES: u8 = b'b';

/// The thread's handle. Dropping it stops the thread and waits for its end, which is at once.
#[derive(Debug)]
pub struct Reader {
    orders: Option<OwnedFd>,
    parked: mpsc::Receiver<()>,
    thread: Option<JoinHandle<()>>,
}

impl Reader {
    /// Starts reading. `esc_wait` is how long a lone ESC waits for the rest of a sequence.
    ///
    /// # Errors
    /// The system gives no pipe or no thread.
    pub fn start(tty: Arc<Tty>, esc_wait: Duration, out: UnboundedSender<TtyEvent>) -> io::Result<Self> {
        let (orders_in, orders) = pipe_with(PipeFlags::CLOEXEC)?;
        let (ack, parked) = mpsc::channel();
        let work = Work { tty, orders: orders_in, ack, esc_wait, out: out.clone() };
        let run = move || super::or_hang_up(&out, || work.run());
        let thread = std::thread::Builder::new().name("qd-in".into()).spawn(run)?;
        Ok(Self { orders: Some(orders), parked, thread: Some(thread) })
    }

    /// Stops reading, so that another program can; returns once no read is under way.
    /// Half a sequence that came before is forgotten.
    pub fn park(&self) {
        if self.order(PARK) {
            // An error means that the thread has ended: then nothing reads either.
            let _ = self.parked.recv();
        }
    }

    /// Reads on.
    pub fn resume(&self) {
        self.order(RESUME);
    }

    /// Gives on what comes byte by byte from now on, until [`Reader::park`].
    pub fn bytes(&self) {
        self.order(BYTES);
    }

    /// Stops the thread and waits for its end.
    pub fn stop(self) {
        drop(self);
    }

    fn order(&self, order: u8) -> bool {
        self.orders.as_ref().is_some_and(|pipe| rustix::io::write(pipe, &[order]).is_ok())
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has nothing left to clean up.
            let _ = thread.join();
        }
    }
}

/// What the thread works with.
struct Work {
    tty: Arc<Tty>,
    orders: OwnedFd,
    ack: mpsc::Sender<()>,
    esc_wait: Duration,
    out: UnboundedSender<TtyEvent>,
}

/// What woke the thread.
enum Woken {
    Order(u8),
    Stop,
    Readable,
    Nothing,
}

impl Work {
    fn run(self) {
        let mut parser = Parser::default();
        let (mut parked, mut through) = (false, false);
        let mut buffer = [0; 4096];
        loop {
            let mut inputs = Vec::new();
            match self.wait(parked, parser.pending()) {
                Woken::Stop => return,
                Woken::Order(PARK) => {
                    (parked, through) = (true, false);
                    parser = Parser::default();
                    if self.ack.send(()).is_err() {
                        return;
                    }
                }
                Woken::Order(BYTES) => {
                    through = true;
                    parser = Parser::default();
                }
                Woken::Order(_) => parked = false,
                Woken::Nothing => parser.timeout(&mut inputs),
                Woken::Readable => match rustix::io::read(self.tty.input(), &mut buffer) {
                    Ok(n @ 1..) if through => {
                        if self.out.send(TtyEvent::Typed(buffer[..n].to_vec())).is_err() {
                            return;
                        }
                    }
                    Ok(n @ 1..) => parser.feed(&buffer[..n], &mut inputs),
                    Err(Errno::AGAIN | Errno::INTR) => {}
                    Ok(0) | Err(_) => {
                        // What came before the end still counts.
                        parser.timeout(&mut inputs);
                        self.tell(inputs);
                        let _ = self.out.send(TtyEvent::HangUp);
                        return;
                    }
                },
            }
            if !self.tell(inputs) {
                return;
            }
        }
    }

    /// Sends inputs; whether anyone listens.
    fn tell(&self, inputs: Vec<Input>) -> bool {
        inputs.is_empty() || self.out.send(TtyEvent::Input(inputs)).is_ok()
    }

    /// Waits for an order, for bytes unless parked, and for the end of the wait behind an ESC.
    fn wait(&self, parked: bool, pending: bool) -> Woken {
        let wait = pending.then(|| timespec(self.esc_wait));
        let mut fds =
            [PollFd::new(&self.orders, PollFlags::IN), PollFd::from_borrowed_fd(self.tty.input(), PollFlags::IN)];
        let watched = if parked { 1 } else { 2 };
        loop {
            match poll(&mut fds[..watched], wait.as_ref()) {
                Ok(0) => return Woken::Nothing,
                Ok(_) if fds[0].revents().is_empty() => return Woken::Readable,
                Ok(_) => {
                    let mut order = [0];
                    return match rustix::io::read(&self.orders, &mut order) {
                        Ok(1) => Woken::Order(order[0]),
                        _ => Woken::Stop,
                    };
                }
                Err(Errno::INTR) => {}
                // No other error leaves anything to wait for.
                Err(_) => return Woken::Stop,
            }
        }
    }
}

#[cfg(test)]
mod tests;
