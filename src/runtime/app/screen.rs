//! What is on the terminal, and the next frame of it.

use super::App;
use crate::core::msg::Msg;
use crate::ui;
use crate::ui::emit::Emitter;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::time::Duration;

/// What was handed over last.
pub(super) struct Screen {
    pub shown: Buffer,
    pub emitter: Emitter,
    /// Nothing on the terminal is known.
    pub full: bool,
    /// Since when (Unix ms) this many bytes went out.
    pub second: (i64, u64),
    /// When the state was last settled (Unix ms).
    pub settled: i64,
    /// Whether there is something to settle since.
    pub unsettled: bool,
    /// CPU time that settling and drawing have taken in this turn.
    pub took: (Duration, Duration),
    /// When a key was last pressed (Unix ms).
    pub typed: i64,
    /// The question that the frame under way shows for the first time.
    pub question: Option<u32>,
}

impl Default for Screen {
    fn default() -> Self {
        Self {
            shown: Buffer::empty(Rect::ZERO),
            emitter: Emitter::default(),
            full: true,
            second: (0, 0),
            settled: 0,
            unsettled: true,
            took: (Duration::ZERO, Duration::ZERO),
            typed: 0,
            question: None,
        }
    }
}

impl App {
    /// Draws the state and hands the frame over.
    pub(super) fn draw(&mut self, screen: &mut Screen, now: i64) {
        let (width, height) = self.state.size;
        let mut next = Buffer::empty(Rect { x: 0, y: 0, width, height });
        let cursor = ui::draw(&self.state, &self.look, &mut next);
        let (next, cursor) =
            if self.state.replay.is_some() { fit(next, cursor, self.terminal.size()) } else { (next, cursor) };
        let frame = screen.emitter.frame(&screen.shown, &next, cursor, screen.full);
        let bytes = frame.len();
        let question = self.state.question();
        // The terminal was ready, so a frame it does not take means that it is going away.
        if bytes == 0 || self.terminal.submit(frame).is_ok() {
            screen.shown = next;
            screen.full = false;
            screen.second.1 += bytes as u64;
            self.pace.drew(now, bytes);
            screen.question = question;
        }
        // A frame that differs in nothing is on the terminal already.
        if bytes == 0
            && let Some(number) = screen.question.take()
        {
            self.apply(Msg::Shown(number));
        }
    }
}

/// A recording is drawn as large as it was; what the terminal has no room for is cut off.
fn fit(frame: Buffer, cursor: Option<Position>, (width, height): (u16, u16)) -> (Buffer, Option<Position>) {
    let area = Rect { x: 0, y: 0, width, height };
    if frame.area == area {
        return (frame, cursor);
    }
    let mut cut = Buffer::empty(area);
    for at in frame.area.intersection(area).positions() {
        cut[at] = frame[at].clone();
    }
    (cut, cursor.filter(|at| area.contains(*at)))
}
