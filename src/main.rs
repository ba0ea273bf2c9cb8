//! `qd`: arguments, configuration, terminal, run, restore, exit code.

mod console;
#[cfg(feature = "demo")]
mod simulated;

use clap::Parser;
use quarterdeck::cli::{self, Args};
use quarterdeck::config::Folders;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = Args::parse();
    let folders = Folders::of_user();
    let var = |name: &str| std::env::var(name).ok();
    let styled = std::io::stdout().is_terminal();
    if let Some(answer) = cli::answer(&args, &folders, &var, styled) {
        return match cli::print::print(&answer.text) {
            Ok(()) => ExitCode::from(answer.status),
            Err(_) => ExitCode::FAILURE,
        };
    }
    let done = match &args.sub {
        #[cfg(feature = "demo")]
        Some(cli::Sub::DemoServer(server)) => simulated::serve(server),
        _ => console::run(&args, &folders, &var),
    };
    match done {
        Ok(code) => code,
        Err(e) => {
            // The terminal has been given back: this is an ordinary line on standard error.
            let _ = writeln!(std::io::stderr(), "qd: {e:#}");
            ExitCode::FAILURE
        }
    }
}
