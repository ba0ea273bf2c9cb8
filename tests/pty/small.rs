//! A small program on the terminal's rooms: shows each input, and does on request what can
//! go wrong.

use quarterdeck::core::input::{Input, KeyCode};
use quarterdeck::runtime::signals::{Signal, Signals};
use quarterdeck::runtime::tty::{Options, Terminal, TtyEvent};
use quarterdeck::ui::emit::Emitter;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use std::process::Command;
use std::time::Duration;

struct Small {
    terminal: Terminal,
    emitter: Emitter,
    shown: Buffer,
    lines: Vec<String>,
    count: usize,
    full: bool,
}

/// Runs until told to leave. Says on standard output why there is no terminal.
pub fn run() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut options = Options::default();
        if std::env::var_os("SLOW_LINE").is_some() {
            options.esc_wait = Duration::from_secs(2);
        }
        let (terminal, mut events) = match Terminal::open(options) {
            Ok(opened) => opened,
            Err(error) => return println!("{error}"),
        };
        let mut signals = Signals::listen().expect("signals");
        let mut small = Small {
            terminal,
            emitter: Emitter::default(),
            shown: Buffer::empty(Rect::ZERO),
            lines: vec![],
            count: 0,
            full: true,
        };
        small.size();
        loop {
            small.draw();
            let go_on = tokio::select! {
                event = events.recv() => match event {
                    Some(TtyEvent::Input(inputs)) => {
                        let mut go_on = true;
                        for input in inputs {
                            go_on &= small.input(&input);
                        }
                        go_on
                    }
                    Some(TtyEvent::FrameDone { .. } | TtyEvent::Typed(_)) => true,
                    Some(TtyEvent::Taken) => { small.taken(); true }
                    Some(TtyEvent::HangUp) | None => false,
                },
                signal = signals.next() => match signal {
                    Signal::Resize => { small.size(); true }
                    Signal::Continue => { small.terminal.take_back().expect("it comes back"); true }
                    Signal::Terminate | Signal::HangUp | Signal::Interrupt => false,
                },
            };
            if !go_on {
                return small.terminal.close();
            }
        }
    });
}

impl Small {
    fn size(&mut self) {
        let (columns, rows) = self.terminal.size();
        self.say(format!("size {columns}x{rows}"));
    }

    fn say(&mut self, line: String) {
        self.lines.push(line);
    }

    fn taken(&mut self) {
        self.full = true;
        self.say("taken back".into());
    }

    fn input(&mut self, input: &Input) -> bool {
        self.count += 1;
        let Input::Key(key) = input else {
            self.say(format!("{input:?}"));
            return true;
        };
        self.say(format!("n {} Key {key}", self.count));
        match key.code {
            KeyCode::Char('q') => return false,
            KeyCode::Char('p') => panic!("the screen's own panic"),
            KeyCode::Char('t') => {
                let _ = std::thread::spawn(|| panic!("somebody else's panic")).join();
                self.say("a thread panicked".into());
            }
            KeyCode::Char('z') => self.terminal.suspend().expect("it comes back"),
            KeyCode::Char('l') => {
                self.terminal.lend();
                Command::new("cat").status().expect("cat runs");
                self.terminal.take_back().expect("it comes back");
            }
            _ => {}
        }
        true
    }

    /// The newest lines, as many as there is room for.
    fn draw(&mut self) {
        if !self.terminal.ready() {
            return;
        }
        let (columns, rows) = self.terminal.size();
        let mut next = Buffer::empty(Rect::new(0, 0, columns, rows));
        let from = self.lines.len().saturating_sub(rows.into());
        for (y, line) in (0..).zip(&self.lines[from..]) {
            next.set_string(0, y, line, Style::new().fg(Color::Green));
        }
        let frame = self.emitter.frame(&self.shown, &next, None, std::mem::take(&mut self.full));
        self.shown = next;
        self.terminal.submit(frame).expect("it is ready");
    }
}
