//! The client's terminal: echo, line editing, history, Ctrl-C and Ctrl-D; what a tty and a line editor do together.

use std::collections::VecDeque;

use bytes::Bytes;
use tokio::sync::mpsc;
use unicode_width::UnicodeWidthChar;

use super::pipe::{Channel, Input, Output};

/// Columns and rows.
pub(crate) type Size = (u16, u16);

/// What was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Typed {
    Line(String),
    /// Ctrl-D at the beginning of a line, or nobody types any more.
    End,
    /// Ctrl-C.
    Interrupt,
}

/// A key, as far as lines are edited with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Char(char),
    Enter,
    Back,
    Delete,
    Left,
    Right,
    Home,
    End,
    Up,
    Down,
    KillLine,
    KillWord,
    Interrupt,
    EndOfInput,
    Clear,
    Other,
}

/// How many lines are remembered.
const REMEMBERED: usize = 100;

/// A terminal and the line that is being typed.
#[derive(Debug)]
pub(crate) struct Terminal {
    keys: mpsc::Receiver<Bytes>,
    waiting: VecDeque<u8>,
    out: Output,
    line: Vec<char>,
    /// The place of the cursor in it.
    at: usize,
    past: Vec<String>,
}

impl Terminal {
    /// A terminal that is typed at by `keys` and written to by `out`.
    pub(crate) fn new(keys: mpsc::Receiver<Bytes>, out: mpsc::Sender<(Channel, Bytes)>) -> Self {
        let out = Output::Wire { channel: Channel::Out, to: out, terminal: true };
        Self { keys, waiting: VecDeque::new(), out, line: Vec::new(), at: 0, past: Vec::new() }
    }

    /// Where programs on this terminal write.
    pub(crate) fn output(&self) -> Output {
        self.out.clone()
    }

    /// Runs a program in the foreground: what is typed is its input. Nothing when Ctrl-C ended it.
    pub(crate) async fn foreground<T, F: Future<Output = T>>(&mut self, run: impl FnOnce(Input) -> F) -> Option<T> {
        let (sender, receiver) = mpsc::channel(256);
        let running = run(Input::of(receiver));
        let typed = async {
            let mut sender = Some(sender);
            loop {
                match self.read("", false).await {
                    Typed::Line(line) => {
                        if let Some(to) = &sender {
                            let _ = to.send(format!("{line}\n").into()).await;
                        }
                    }
                    Typed::End => {
                        sender = None;
                        if self.keys.is_closed() && self.waiting.is_empty() {
                            std::future::pending::<()>().await;
                        }
                    }
                    Typed::Interrupt => return,
                }
            }
        };
        tokio::select! {
            biased;
            done = running => Some(done),
            () = typed => None,
        }
    }

    /// Gives back what a program left unread: it is typed again.
    pub(super) fn unread(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().rev() {
            self.waiting.push_front(*byte);
        }
    }

    /// Reads a line with a prompt before it; `keep` remembers it and lets the arrows find it again.
    pub(super) async fn read(&mut self, prompt: &str, keep: bool) -> Typed {
        let mut seen = self.past.len();
        if !prompt.is_empty() || !self.line.is_empty() {
            self.draw(prompt).await;
        }
        loop {
            let Some(key) = self.key().await else { return Typed::End };
            match key {
                Key::Enter => {
                    let _ = self.out.write("\n").await;
                    return Typed::Line(self.take(keep));
                }
                Key::Interrupt => {
                    let _ = self.out.write("^C\n").await;
                    self.take(false);
                    return Typed::Interrupt;
                }
                Key::EndOfInput if self.line.is_empty() => return Typed::End,
                Key::Char(c) if self.at == self.line.len() => {
                    self.line.push(c);
                    self.at += 1;
                    let _ = self.out.write(c.to_string()).await;
                }
                Key::Up | Key::Down if keep => {
                    let next = if key == Key::Up { seen.checked_sub(1) } else { Some(seen + 1) };
                    if let Some(next) = next.filter(|n| *n <= self.past.len()) {
                        seen = next;
                        self.line = self.past.get(seen).map_or(Vec::new(), |l| l.chars().collect());
                        self.at = self.line.len();
                    }
                    self.draw(prompt).await;
                }
                Key::Clear => {
                    let _ = self.out.write("\x1b[H\x1b[J").await;
                    self.draw(prompt).await;
                }
                other => {
                    if self.edit(other) {
                        self.draw(prompt).await;
                    }
                }
            }
        }
    }

    fn take(&mut self, keep: bool) -> String {
        self.at = 0;
        let line: String = std::mem::take(&mut self.line).into_iter().collect();
        if keep && !line.trim().is_empty() && self.past.last() != Some(&line) {
            self.past.push(line.clone());
            let over = self.past.len().saturating_sub(REMEMBERED);
            self.past.drain(..over);
        }
        line
    }

    /// Changes the line; says whether anything did.
    fn edit(&mut self, key: Key) -> bool {
        let before = (self.line.len(), self.at);
        match key {
            Key::Char(c) => {
                self.line.insert(self.at, c);
                self.at += 1;
            }
            Key::Back if self.at > 0 => {
                self.at -= 1;
                self.line.remove(self.at);
            }
            Key::Delete | Key::EndOfInput if self.at < self.line.len() => _ = self.line.remove(self.at),
            Key::Left => self.at = self.at.saturating_sub(1),
            Key::Right => self.at = (self.at + 1).min(self.line.len()),
            Key::Home => self.at = 0,
            Key::End => self.at = self.line.len(),
            Key::KillLine => _ = self.line.drain(..std::mem::take(&mut self.at)),
            Key::KillWord => {
                let end = self.at;
                while self.at > 0 && self.line[self.at - 1] == ' ' {
                    self.at -= 1;
                }
                while self.at > 0 && self.line[self.at - 1] != ' ' {
                    self.at -= 1;
                }
                self.line.drain(self.at..end);
            }
            _ => {}
        }
        before != (self.line.len(), self.at)
    }

    async fn draw(&self, prompt: &str) {
        let text: String = self.line.iter().collect();
        let behind: usize = self.line[self.at..].iter().map(|c| c.width().unwrap_or(0)).sum();
        let back = if behind > 0 { format!("\x1b[{behind}D") } else { String::new() };
        let _ = self.out.write(format!("\r{prompt}{text}\x1b[J{back}")).await;
    }

    async fn byte(&mut self) -> Option<u8> {
        while self.waiting.is_empty() {
            self.waiting.extend(self.keys.recv().await?);
        }
        self.waiting.pop_front()
    }

    async fn key(&mut self) -> Option<Key> {
        Some(match self.byte().await? {
            b'\r' | b'\n' => Key::Enter,
            0x7f | 0x08 => Key::Back,
            0x01 => Key::Home,
            0x02 => Key::Left,
            0x03 => Key::Interrupt,
            0x04 => Key::EndOfInput,
            0x05 => Key::End,
            0x06 => Key::Right,
            0x0c => Key::Clear,
            0x0e => Key::Down,
            0x10 => Key::Up,
            0x15 => Key::KillLine,
            0x17 => Key::KillWord,
            0x1b => self.escape().await?,
            0x00..=0x1f => Key::Other,
            first => self.character(first).await?,
        })
    }

    async fn character(&mut self, first: u8) -> Option<Key> {
        let more = match first {
            0xc0..=0xdf => 1,
            0xe0..=0xef => 2,
            0xf0..=0xf7 => 3,
            _ => 0,
        };
        let mut bytes = vec![first];
        for _ in 0..more {
            bytes.push(self.byte().await?);
        }
        Some(String::from_utf8_lossy(&bytes).chars().next().map_or(Key::Other, Key::Char))
    }

    /// A key that begins with escape; what a terminal answers to questions is ignored.
    async fn escape(&mut self) -> Option<Key> {
        let second = self.byte().await?;
        if !matches!(second, b'[' | b'O') {
            return Some(Key::Other);
        }
        let mut number = 0_u32;
        loop {
            let byte = self.byte().await?;
            return Some(match byte {
                b'0'..=b'9' => {
                    number = number.saturating_mul(10) + u32::from(byte - b'0');
                    continue;
                }
                b';' | b'?' => continue,
                b'A' => Key::Up,
                b'B' => Key::Down,
                b'C' => Key::Right,
                b'D' => Key::Left,
                b'H' => Key::Home,
                b'F' => Key::End,
                b'~' => match number {
                    1 | 7 => Key::Home,
                    3 => Key::Delete,
                    4 | 8 => Key::End,
                    _ => Key::Other,
                },
                _ => Key::Other,
            });
        }
    }
}
