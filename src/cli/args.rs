//! What may be written on the command line. The texts here are the manual
//! page: `-h` shows the first sentences, `--help` all.

#[cfg(feature = "demo")]
use super::value::{Size, loopback, rate};
use super::value::{Tempo, Timeout, tempo, timeout};
use crate::config::Overrides;
use clap::{Parser, Subcommand};
#[cfg(feature = "demo")]
use std::net::SocketAddr;
use std::path::PathBuf;

const LONG: &str = "\
Quarterdeck (qd) shows a Kubernetes cluster in a terminal: nodes, pods, events \
and what they use, side by side and live, fed by watches and not by polling. It \
reads the kubeconfig as kubectl does and never writes it.

Inside, ? shows what each key does here and now, : opens the palette, / filters, \
Esc goes back and :q leaves.";

const AFTER: &str = "\
EXAMPLES
  qd                            the current context
  qd --context staging -n shop  one namespace of another cluster
  qd -c ':deploy kube-system'   start with the Deployments of kube-system
  qd --demo                     a simulated cluster; needs nothing, opens no port
  qd --record night.jsonl       write down what happens, to look at it again
  qd --replay night.jsonl       with qd --replay; --speed 10 is ten times as fast
  qd config check               is anything wrong in my files?

ENVIRONMENT
  KUBECONFIG     kubeconfig files, joined as kubectl joins them
  HTTPS_PROXY, HTTP_PROXY, NO_PROXY
                 the way to the API server
  NO_COLOR, COLORTERM, TERM
                 how many colours the terminal shows
  LC_ALL, LC_CTYPE, LANG
                 without a UTF-8 locale lines and marks are ASCII
  SSH_CONNECTION, SSH_TTY
                 on a line over SSH less is sent to the terminal
  QD_LOG         what goes to the log: error, warn (the default), info, debug

FILES
  `qd config` tells where they are, what they say and what is wrong in them.
  config.json    settings
  keymap.json    bindings of your own, laid over the chosen keymap
  keymaps/, themes/
                 keymaps and themes of your own, chosen by name
  qd.log         the log

EXIT STATUS
  0 when left by a key or a signal, 1 when something failed, 2 for a wrong command line.";

/// A terminal console for Kubernetes.
#[derive(Debug, Clone, PartialEq, Parser)]
#[command(name = "qd", version, about, long_about = LONG, after_long_help = AFTER, max_term_width = 100)]
pub struct Args {
    /// What to do instead of opening the console.
    #[command(subcommand)]
    pub sub: Option<Sub>,
    /// Which cluster, and as whom.
    #[command(flatten)]
    pub connection: Connection,
    /// What to show, and how.
    #[command(flatten)]
    pub view: View,
    /// Recordings.
    #[command(flatten)]
    pub recording: Recording,
    /// The simulated cluster.
    #[cfg(feature = "demo")]
    #[command(flatten)]
    pub demo: Demo,
}

/// Which cluster, and as whom.
#[derive(Debug, Clone, PartialEq, Eq, Default, clap::Args)]
#[command(next_help_heading = "Connection")]
pub struct Connection {
    /// Read this kubeconfig instead of $KUBECONFIG and ~/.kube/config.
    #[arg(long, value_name = "FILE")]
    pub kubeconfig: Option<PathBuf>,
    /// The context to use instead of the current one.
    #[arg(long, value_name = "NAME")]
    pub context: Option<String>,
    /// The address of the API server, in place of the kubeconfig's.
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
    /// Act as this user, as far as you may impersonate.
    #[arg(long = "as", value_name = "USER")]
    pub as_user: Option<String>,
    /// Act as a member of this group too; may be repeated.
    #[arg(long, value_name = "GROUP", requires = "as_user")]
    pub as_group: Vec<String>,
    /// Give a request up after this time (30s, 1m30s; 0 for no limit). Watches are not requests in this sense.
    #[arg(long, value_name = "TIME", value_parser = timeout)]
    pub request_timeout: Option<Timeout>,
    /// Send nothing that could change the cluster, whatever key is pressed.
    #[arg(long)]
    pub read_only: bool,
}

/// What to show, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default, clap::Args)]
#[command(next_help_heading = "View")]
pub struct View {
    /// Look at this namespace; may be repeated. Also the way to work where listing namespaces is forbidden.
    #[arg(short, long = "namespace", value_name = "NAMESPACE", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub namespaces: Vec<String>,
    /// Look at all namespaces, whatever the context says.
    #[arg(short = 'A', long, conflicts_with = "namespaces")]
    pub all_namespaces: bool,
    /// Run this line of the palette at the start, as in ':po kube-system'.
    #[arg(short, long, value_name = "LINE")]
    pub command: Option<String>,
    /// The colours: see `qd themes`.
    #[arg(long, value_name = "NAME", global = true)]
    pub theme: Option<String>,
    /// The keys: default, vim, or a map of your own; see `qd keys`.
    #[arg(long, value_name = "NAME", global = true)]
    pub keymap: Option<String>,
}

impl View {
    /// What the flags say over the settings.
    #[must_use]
    pub fn overrides(&self) -> Overrides {
        Overrides { theme: self.theme.clone(), keymap: self.keymap.clone() }
    }
}

/// Recordings: what was on the screen, to be shown again without a cluster.
#[derive(Debug, Clone, PartialEq, Default, clap::Args)]
#[command(next_help_heading = "Recordings")]
pub struct Recording {
    /// Record what is seen and typed into a new file. Left out are logs, shells, passwords and the values of Secrets;
    /// the rest of what you look at is in it.
    #[arg(long, value_name = "FILE", conflicts_with = "replay")]
    pub record: Option<PathBuf>,
    /// Show a recording in place of a cluster. Space rests, Right goes 10 s ahead, End goes to the end, q leaves.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["kubeconfig", "context", "server", "as_user", "namespaces",
        "all_namespaces", "command"])]
    pub replay: Option<PathBuf>,
    /// How fast to show it: 2 is twice as fast as it happened, `max` goes straight to the end.
    #[arg(long, value_name = "TIMES", value_parser = tempo, requires = "replay")]
    pub speed: Option<Tempo>,
}

/// The simulated cluster.
#[cfg(feature = "demo")]
#[derive(Debug, Clone, PartialEq, Eq, Default, clap::Args)]
#[command(next_help_heading = "Demo")]
pub struct Demo {
    /// Open a simulated cluster in place of a real one: a small shop with its troubles, or generated nodes and pods of
    /// that number.
    #[arg(long, value_name = "NODESxPODS", num_args = 0..=1, require_equals = true,
        conflicts_with_all = ["kubeconfig", "context", "server", "as_user", "replay"])]
    pub demo: Option<Option<Size>>,
    /// Equal numbers make equal simulated clusters.
    #[arg(long, value_name = "N", requires = "demo")]
    pub demo_seed: Option<u64>,
}

/// How to serve the simulated cluster.
#[cfg(feature = "demo")]
#[derive(Debug, Clone, PartialEq, clap::Args)]
pub struct DemoServer {
    /// The address to serve at; on loopback, as the cluster guards nothing. Port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = loopback)]
    pub listen: SocketAddr,
    /// Generate nodes and pods of that number; without it the small shop is served.
    #[arg(long, value_name = "NODESxPODS")]
    pub size: Option<Size>,
    /// Equal numbers make equal clusters.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Changes of pods a second.
    #[arg(long, value_name = "N", default_value_t = 0.0, value_parser = rate)]
    pub churn: f64,
    /// How many times faster the cluster's time goes.
    #[arg(long, value_name = "N", default_value_t = 1.0, value_parser = rate)]
    pub speed: f64,
    /// Write a kubeconfig for the cluster to this file once it serves.
    #[arg(long, value_name = "FILE")]
    pub kubeconfig_out: Option<PathBuf>,
    /// Go wrong on purpose; may be repeated: latency=200ms, stall, cut=5s, status=503, garbage, silent,
    /// throttle=20000, gone, expired.
    #[arg(long, value_name = "SPEC")]
    pub fault: Vec<String>,
}

/// A part of what `qd config` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Where the files are.
    Paths,
    /// Which settings hold, and where they come from.
    Values,
    /// What is wrong in the files.
    Check,
}

/// What to do instead of opening the console.
#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum Sub {
    /// Serve the simulated cluster to other programs, over plain HTTP on loopback.
    #[cfg(feature = "demo")]
    DemoServer(DemoServer),
    /// Print the active keys, layer by layer, with the commands they run.
    Keys,
    /// Print the themes there are, and the active one's roles in its own colours.
    Themes,
    /// Print where the files are, which settings hold, and what is wrong in them (then the exit status is 1).
    Config {
        /// Only this part.
        part: Option<Part>,
    },
    /// Print a script that completes this command line in a shell.
    ///
    /// For bash: qd completions bash > ~/.local/share/bash-completion/completions/qd
    ///
    /// For zsh: qd completions zsh > a file called _qd in a folder of $fpath
    ///
    /// For fish: qd completions fish > ~/.config/fish/completions/qd.fish
    #[command(verbatim_doc_comment)]
    Completions {
        /// For which shell.
        shell: clap_complete::Shell,
    },
}

#[cfg(test)]
mod tests;
