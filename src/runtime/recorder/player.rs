//! Reading a recording, line by line, and when each line is due.

use super::{Head, Line, VERSION};
use serde::Deserialize;
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::Duration;

/// How fast a recording is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speed {
    /// This many times as fast as it happened.
    Times(f64),
    /// Without a wait.
    AtOnce,
}

/// What is wrong with a recording, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bad {
    /// The line, from 1.
    pub line: u64,
    /// In our words.
    pub why: String,
}

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

/// A recording being read.
#[derive(Debug)]
pub struct Player {
    file: BufReader<File>,
    text: Vec<u8>,
    line: u64,
    read: u64,
    size: u64,
    /// The clock of the line that comes next.
    now: i64,
    ahead: Option<Line>,
}

impl Player {
    /// Opens a recording and reads its head.
    ///
    /// # Errors
    /// It cannot be read, or is none, or of another format.
    pub fn open(path: &Path) -> Result<(Self, Head), String> {
        let name = path.display();
        let open = || -> std::io::Result<(File, u64)> {
            let file = File::open(path)?;
            let size = file.metadata()?.len();
            Ok((file, size))
        };
        let (file, size) = open().map_err(|e| format!("cannot read {name}: {e}"))?;
        let file = BufReader::new(file);
        let mut player = Self { file, text: Vec::new(), line: 0, read: 0, size, now: 0, ahead: None };
        let head = player.head().map_err(|bad| format!("{name}: {bad}"))?;
        player.now = head.begin.now;
        Ok((player, head))
    }

    fn head(&mut self) -> Result<Head, Bad> {
        #[derive(Deserialize)]
        struct Format {
            quarterdeck_recording: u32,
        }
        if !self.take_line()? {
            return Err(self.bad("the file is empty; a recording is made with --record"));
        }
        let Ok(format) = serde_json::from_slice::<Format>(&self.text) else {
            return Err(self.bad("this is no recording; one is made with --record"));
        };
        if format.quarterdeck_recording != VERSION {
            let theirs = format.quarterdeck_recording;
            return Err(self.bad(&format!("a recording of format {theirs}; this qd reads format {VERSION}")));
        }
        serde_json::from_slice(&self.text).map_err(|e| self.bad(&words(&e)))
    }

    /// The moment of the line that comes next (Unix ms, the clock of the recording).
    #[must_use]
    pub fn now(&self) -> i64 {
        self.now
    }

    /// How much was read, in percent.
    #[must_use]
    pub fn percent(&self) -> u8 {
        (self.read * 100).checked_div(self.size).map_or(100, |p| p.min(100) as u8)
    }

    /// The moment of the next message or frame, after reading up to it; `None` at the end.
    ///
    /// # Errors
    /// The recording is cut or broken there.
    pub fn due(&mut self) -> Result<Option<i64>, Bad> {
        while self.ahead.is_none() {
            match self.read_line()? {
                Some(Line::Now(now)) => self.now = now,
                Some(line) => self.ahead = Some(line),
                None => return Ok(None),
            }
        }
        Ok(Some(self.now))
    }

    /// The line that [`Self::due`] has found.
    pub fn take(&mut self) -> Option<Line> {
        self.ahead.take()
    }

    fn read_line(&mut self) -> Result<Option<Line>, Bad> {
        if !self.take_line()? {
            return Ok(None);
        }
        let whole = self.text.strip_suffix(b"\n");
        serde_json::from_slice(whole.unwrap_or(&self.text)).map(Some).map_err(|e| {
            let why = if whole.is_none() { "the recording is cut here".to_owned() } else { words(&e) };
            self.bad(&why)
        })
    }

    /// Reads the next line; `false` at the end of the file.
    fn take_line(&mut self) -> Result<bool, Bad> {
        self.text.clear();
        self.line += 1;
        match self.file.read_until(b'\n', &mut self.text) {
            Ok(n) => {
                self.read += n as u64;
                Ok(n > 0)
            }
            Err(e) => Err(self.bad(&format!("it cannot be read: {e}"))),
        }
    }

    fn bad(&self, why: &str) -> Bad {
        Bad { line: self.line, why: why.to_owned() }
    }
}

/// Where in the line it is, and whether it is JSON at all.
fn words(e: &serde_json::Error) -> String {
    match e.classify() {
        serde_json::error::Category::Data => {
            format!("column {}: nothing this version of qd knows", e.column())
        }
        _ => format!("column {}: this is not JSON", e.column()),
    }
}

/// How long after the beginning of a replay a moment of the recording is shown.
pub(in crate::runtime) fn wait(speed: Speed, began: i64, moment: i64) -> Duration {
    match speed {
        Speed::AtOnce => Duration::ZERO,
        Speed::Times(times) => {
            let real = (moment - began).max(0) as f64 / 1000.0 / times.max(0.01);
            // A clock that was set while recording must not make the replay wait for days.
            Duration::from_secs_f64(real.min(31_536_000.0))
        }
    }
}
