//! The subcommands that only say something: from arguments to a text.

use super::args::{Args, Part, Sub};
use super::{print, report};
use crate::config::{Folders, load};

/// What a subcommand says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// For standard output.
    pub text: String,
    /// The exit status.
    pub status: u8,
}

/// What the subcommand of `args` says; `None` when there is none, or it is one
/// that does something. `var` looks a variable of the environment up; `styled`
/// tells whether standard output is a terminal.
pub fn answer(args: &Args, folders: &Folders, var: &dyn Fn(&str) -> Option<String>, styled: bool) -> Option<Answer> {
    let sub = args.sub.as_ref()?;
    let config = || load(folders, &args.view.overrides(), var);
    let text = match sub {
        #[cfg(feature = "demo")]
        Sub::DemoServer(_) => return None,
        Sub::Keys => report::keys(&config().keymap),
        Sub::Themes => report::themes(&config(), styled),
        Sub::Config { part } => {
            let config = config();
            let status = u8::from(!config.notices.is_empty());
            let text = match part {
                None => report::config(&config),
                Some(Part::Paths) => report::paths(&config),
                Some(Part::Values) => report::values(&config),
                Some(Part::Check) => report::check(&config),
            };
            return Some(Answer { text, status });
        }
        Sub::Completions { shell } => print::completions(*shell),
    };
    Some(Answer { text, status: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;
    use std::path::Path;

    fn said(line: &str) -> Option<Answer> {
        let args = Args::try_parse_from(line.split(' ')).expect("a command line");
        answer(&args, &Folders::under(Path::new("/no/such")), &|_| None, false)
    }

    #[test]
    fn subcommands_answer_and_the_console_does_not() {
        assert_eq!(said("qd"), None);
        assert_eq!(said("qd config").map(|a| a.status), Some(0));
        assert_eq!(said("qd config --theme nope").map(|a| a.status), Some(1));
        let check = said("qd config check --theme nope").expect("an answer");
        assert_eq!(check.status, 1);
        assert_eq!(check.text, "--theme: no theme is called `nope`, so dark holds\n");
        assert_eq!(said("qd config check").map(|a| a.text), Some("nothing wrong\n".to_owned()));
        assert!(said("qd config paths").is_some_and(|a| a.text.contains("keymap.json") && !a.text.contains("flash")));
        assert!(
            said("qd config values").is_some_and(|a| a.text.contains("flash") && !a.text.contains("keymap.json is at"))
        );
        assert!(said("qd keys --keymap vim").is_some_and(|a| a.text.contains("Ctrl-w v")));
        assert!(said("qd themes").is_some_and(|a| a.text.contains("* dark") && !a.text.contains('\u{1b}')));
        assert!(said("qd completions bash").is_some_and(|a| a.text.contains("demo")));
    }
}
