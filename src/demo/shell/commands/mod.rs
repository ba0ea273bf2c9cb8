//! The programs, one table.

use futures_util::future::BoxFuture;

use super::files::{Fault, absolute};
use super::kit::Kit;
use super::pipe::{Gone, Input, open};
use super::{Env, Io, Place};

mod files;
mod shell;
mod system;
mod text;
mod transfer;

/// How a program ends: with its code, unless nobody reads what it writes any more.
type Ended = Result<i32, Gone>;

/// A program being run.
pub(super) struct Call<'a> {
    pub(super) place: &'a Place,
    pub(super) env: &'a mut Env,
    pub(super) args: &'a [String],
    pub(super) io: Io<'a>,
}

/// The code of a program.
pub(super) type Command = for<'a, 'b> fn(&'a mut Call<'b>) -> BoxFuture<'a, Ended>;

/// Whether a command is a file in `/bin` or a part of the shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Program,
    Builtin,
}

macro_rules! table {
    ($($sort:ident $name:literal $run:path),* $(,)?) => {
        &[$(($name, Sort::$sort, |call| Box::pin($run(call)))),*]
    };
}

/// All commands.
const COMMANDS: &[(&str, Sort, Command)] = table![
    Program "sh" shell::sh, Program "ash" shell::sh, Program "bash" shell::sh,
    Builtin "cd" shell::cd, Builtin "export" shell::export, Builtin "unset" shell::unset, Builtin "set" shell::nothing,
    Builtin ":" shell::nothing, Builtin "read" shell::read, Builtin "type" shell::which, Builtin "command" shell::which,
    Builtin "help" shell::help,
    Program "true" shell::nothing, Program "false" shell::no, Program "test" shell::test, Program "[" shell::test,
    Program "which" shell::which, Program "echo" text::echo, Program "printf" text::printf,
    Program "cat" text::cat, Program "head" text::head, Program "tail" text::tail, Program "wc" text::wc,
    Program "grep" text::grep, Program "tee" text::tee, Program "seq" text::seq, Program "yes" text::yes,
    Program "sort" text::sort, Program "base64" transfer::base64,
    Program "ls" files::ls, Program "pwd" files::pwd, Program "mkdir" files::mkdir, Program "rm" files::rm,
    Program "rmdir" files::rmdir, Program "touch" files::touch, Program "cp" files::cp, Program "mv" files::mv,
    Program "chmod" files::chmod, Program "find" files::find, Program "du" files::du, Program "df" files::df,
    Program "tar" transfer::tar,
    Program "env" system::env, Program "printenv" system::env, Program "ps" system::ps, Program "id" system::id,
    Program "whoami" system::whoami, Program "hostname" system::hostname, Program "date" system::date,
    Program "sleep" system::sleep, Program "uname" system::uname, Program "stty" system::stty,
    Program "tty" system::tty, Program "clear" system::clear, Program "nproc" system::nproc,
];

/// The names of all programs.
pub(super) fn programs() -> Vec<&'static str> {
    COMMANDS.iter().filter(|(_, sort, _)| *sort == Sort::Program).map(|(name, ..)| *name).collect()
}

/// The names of all commands.
fn names() -> Vec<&'static str> {
    COMMANDS.iter().map(|(name, ..)| *name).collect()
}

/// The command that a word means in a shell.
pub(super) fn find(kit: Kit, word: &str) -> Option<Command> {
    let bare = match word.rsplit_once('/') {
        None => word,
        Some(("/bin" | "/usr/bin" | "/sbin" | "/usr/sbin", name)) => name,
        Some(_) => return None,
    };
    let known = |name: &str, sort: Sort| match sort {
        Sort::Builtin => bare == word,
        // A shell that runs without its file was asked for by nobody.
        Sort::Program => kit.programs().contains(&name),
    };
    COMMANDS.iter().find(|(name, sort, _)| *name == bare && known(name, *sort)).map(|(.., run)| *run)
}

/// Whether a word names a shell.
pub(super) fn is_shell(word: &str) -> bool {
    matches!(word.rsplit('/').next(), Some("sh" | "ash" | "bash"))
}

impl Call<'_> {
    /// Options (letters after a dash) and the rest.
    fn options(&self) -> (String, Vec<String>) {
        let (mut letters, mut rest, mut over) = (String::new(), Vec::new(), false);
        for word in self.args {
            match word.strip_prefix('-').filter(|w| !w.is_empty() && !over) {
                Some("-") => over = true,
                Some(more) => letters.push_str(more.trim_start_matches('-')),
                None => rest.push(word.clone()),
            }
        }
        (letters, rest)
    }

    fn path(&self, word: &str) -> String {
        absolute(&self.env.folder, word)
    }

    /// Says what went wrong and fails.
    async fn fail(&self, name: &str, why: &str) -> Ended {
        self.io.err.line(&format!("{name}: {why}")).await?;
        Ok(1)
    }

    /// Says which file went wrong and how.
    async fn fault(&self, name: &str, file: &str, fault: Fault) -> Ended {
        self.fail(name, &format!("{file}: {}", fault.told())).await
    }

    /// A file as input; `-` is standard input itself.
    fn input(&mut self, word: &str) -> Result<Input, Fault> {
        if word == "-" {
            return Ok(std::mem::take(self.io.stdin));
        }
        let path = self.path(word);
        Ok(Input::whole(open(&self.place.disk).read(&path)?))
    }

    /// Opens each file named, or standard input when none is; says what cannot be read, and goes on.
    async fn open(&mut self, name: &str, files: &[String]) -> Result<(Vec<(String, Input)>, i32), Gone> {
        let own = ["-".to_owned()];
        let (mut inputs, mut code) = (Vec::new(), 0);
        for file in if files.is_empty() { &own } else { files } {
            match self.input(file) {
                Ok(input) => inputs.push((file.clone(), input)),
                Err(fault) => code = self.fault(name, file, fault).await?,
            }
        }
        Ok((inputs, code))
    }

    /// Gives standard input back with what was not read of it.
    fn close(&mut self, inputs: Vec<(String, Input)>) {
        if let Some((_, input)) = inputs.into_iter().find(|(file, _)| file == "-") {
            *self.io.stdin = input;
        }
    }
}
