//! What is inside a container: files, a tiny shell and the few programs people reach for.
//!
//! - `files`, `tree`: the files, laid out from the pod's own spec; `kit`: which programs an image brings;
//! - `lex`, `parse`, `expand`, `run`: the shell; `commands`: the programs, one table;
//! - `pipe`: what programs read and write; `terminal`: line editing, echo and the interrupt key.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::watch;

use super::Shared;
use super::clock::Millis;

mod commands;
mod expand;
pub(crate) mod files;
pub(crate) mod kit;
mod lex;
mod parse;
pub(crate) mod pipe;
mod run;
mod tar;
pub(crate) mod terminal;
pub(crate) mod tree;

#[cfg(test)]
mod tests;

use kit::Kit;
use pipe::{Disk, Input, Output};
use terminal::{Size, Terminal};

/// The exit code of what Ctrl-C ended.
const INTERRUPTED: i32 = 130;
/// The exit code of what wrote to a broken pipe.
const BROKEN: i32 = 141;

/// The container a program runs in.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) shared: Arc<Shared>,
    pub(crate) pod: Value,
    pub(crate) container: String,
    pub(crate) disk: Disk,
    pub(crate) kit: Kit,
    /// The user it runs as.
    pub(crate) user: i64,
    /// The size of the client's terminal, when there is one.
    pub(crate) size: Option<watch::Receiver<Size>>,
}

impl Place {
    fn now(&self) -> Millis {
        self.shared.now()
    }
}

/// What a shell hands on to what it runs.
#[derive(Debug, Clone)]
pub(crate) struct Env {
    pub(crate) folder: String,
    pub(crate) variables: BTreeMap<String, String>,
    /// The exit code of the last command.
    last: i32,
    /// `$1` and on.
    arguments: Vec<String>,
    /// The shell that takes the place of this one, on a terminal.
    becomes: Option<String>,
}

impl Env {
    pub(crate) fn new(folder: &str, variables: BTreeMap<String, String>) -> Self {
        Self { folder: folder.to_owned(), variables, last: 0, arguments: Vec::new(), becomes: None }
    }
}

/// Streams of a program.
struct Io<'a> {
    stdin: &'a mut Input,
    out: Output,
    err: Output,
}

/// Runs a program to its end and gives its exit code.
pub(crate) async fn program(
    place: &Place,
    mut env: Env,
    words: &[String],
    mut stdin: Input,
    (out, err): (Output, Output),
) -> i32 {
    let io = Io { stdin: &mut stdin, out, err };
    run::words(place, &mut env, words, io).await.code()
}

/// Runs a program on a terminal: keys are echoed and edited, Ctrl-C ends it.
pub(crate) async fn on_terminal(place: &Place, env: Env, words: &[String], mut terminal: Terminal) -> i32 {
    let shell = words.first().is_some_and(|w| commands::is_shell(w)) && words.len() == 1;
    if shell {
        return run::interactive(place, env, words[0].rsplit('/').next().unwrap_or("sh"), &mut terminal).await;
    }
    let out = terminal.output();
    // `sh -c 'exec bash'`: what finds out which shell there is, and becomes it.
    if let [shell, option, text] = words
        && option == "-c"
        && commands::is_shell(shell)
        && commands::find(place.kit, shell).is_some()
    {
        let mut inner = env.clone();
        let ended = terminal.foreground(|mut stdin| async move {
            let io = Io { stdin: &mut stdin, out: out.clone(), err: out };
            let code = run::script(place, &mut inner, text, io).await;
            (code, inner)
        });
        return match ended.await {
            Some((code, mut inner)) => match inner.becomes.take() {
                Some(shell) => run::interactive(place, inner, &shell, &mut terminal).await,
                None => code,
            },
            None => INTERRUPTED,
        };
    }
    terminal.foreground(|stdin| program(place, env, words, stdin, (out.clone(), out))).await.unwrap_or(INTERRUPTED)
}
