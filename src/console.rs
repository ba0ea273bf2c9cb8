//! Putting the console together: what the flags, the settings and the kubeconfig
//! say becomes a state, a hub and a loop.

use anyhow::Context as _;
use quarterdeck::cli::{Args, Tempo};
use quarterdeck::cluster::discover::builtin_kinds;
use quarterdeck::cluster::guard::Guard;
use quarterdeck::cluster::kubeconfig::{self, ContextEntry, Contexts};
use quarterdeck::cluster::{Connection, Env, Lending, Overrides};
use quarterdeck::config::settings::Settings;
use quarterdeck::config::{self, Config, Folders};
use quarterdeck::core::cluster::ContextInfo;
use quarterdeck::core::input::Mice;
use quarterdeck::core::logs::LogOptions;
use quarterdeck::core::msg::{Level, Msg};
use quarterdeck::core::problem::Problem;
use quarterdeck::core::start::{self, Beginning};
use quarterdeck::core::state::{Options, State};
use quarterdeck::core::status::About;
use quarterdeck::runtime::app::{App, Extra, Ours, ReadContexts, SaveColumns, Through};
use quarterdeck::runtime::attention::Ways;
use quarterdeck::runtime::hub::{Connect, Hub};
use quarterdeck::runtime::lend::{Counter, Loan};
use quarterdeck::runtime::pace::Pace;
use quarterdeck::runtime::recorder::{Head, Player, Speed, Tape};
use quarterdeck::runtime::search::Searches;
use quarterdeck::runtime::signals::Signals;
use quarterdeck::runtime::tty::clipboard::Between;
use quarterdeck::runtime::tty::{self, Terminal};
use quarterdeck::runtime::work::Work;
use quarterdeck::runtime::{clock, journal, log};
use quarterdeck::ui::Look;
use std::io::ErrorKind;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::{Builder, Handle};
use tokio::sync::mpsc::{Sender, UnboundedReceiver};

/// Bytes a second that data frames may use on a line of unknown speed, and on this machine.
const SSH_RATE: u32 = 2_000;
const LOCAL_RATE: u32 = 500_000;
/// Threads that talk to clusters.
const IO_THREADS: usize = 2;
/// Control messages that may wait.
const CONTROL: usize = 1_024;

/// Where clusters come from: a kubeconfig, or the simulated one.
pub struct Source {
    /// The contexts there are.
    pub contexts: Vec<ContextInfo>,
    /// Which one to begin with.
    pub first: Option<ContextInfo>,
    /// Makes their connections.
    pub connect: Connect,
    /// Reads the contexts anew.
    pub read: ReadContexts,
    /// Runs commands of rooms above the core.
    pub extra: Extra,
    /// Their names, with what they do.
    pub extras: Vec<(Arc<str>, Arc<str>)>,
    /// What was wrong.
    pub notices: Vec<String>,
    /// The kubeconfig files that were read.
    pub files: Vec<Arc<str>>,
}

/// Runs the console until the user leaves.
///
/// # Errors
/// There is no terminal, or the process may not have threads or signals, or a recording cannot be
/// written or read.
pub fn run(args: &Args, folders: &Folders, var: &dyn Fn(&str) -> Option<String>) -> anyhow::Result<ExitCode> {
    let config = config::load(folders, &args.view.overrides(), var);
    let _log = folders.log().and_then(|file| log::start(&file, var("QD_LOG").as_deref()));
    let show = args.recording.replay.as_deref().map(Player::open).transpose().map_err(anyhow::Error::msg)?;
    let io = Builder::new_multi_thread()
        .worker_threads(IO_THREADS)
        .thread_name("qd-io")
        .enable_all()
        .build()
        .context("no threads for the network")?;
    let ui = Builder::new_current_thread().enable_all().build().context("no event loop")?;
    let left = ui.block_on(async {
        let (counter, loans) = Counter::new();
        let mut app = if let Some((player, head)) = show {
            let part = replayed(&head, (player, speed(args)));
            open(&config, io.handle(), var, loans, |_, _| Ok(part))?
        } else {
            let source = source(args, &config.settings.read_only, io.handle(), Lending(Some(Arc::new(counter))));
            open(&config, io.handle(), var, loans, |size, now| live(args, &config, source, size, now))?
        };
        anyhow::Ok(app.run().await)
    });
    // Whatever a task still waits for is not worth waiting for.
    io.shutdown_background();
    left.map(|_| ExitCode::SUCCESS)
}

fn speed(args: &Args) -> Speed {
    match args.recording.speed {
        None => Speed::Times(1.0),
        Some(Tempo::Times(times)) => Speed::Times(times),
        Some(Tempo::AtOnce) => Speed::AtOnce,
    }
}

/// What differs between a cluster and a recording of one.
struct Part {
    state: State,
    connect: Connect,
    extra: Extra,
    read: ReadContexts,
    tape: Option<Tape>,
    replay: Option<(Player, Speed)>,
}

fn live(args: &Args, config: &Config, source: Source, size: (u16, u16), now: i64) -> anyhow::Result<Part> {
    let beginning = beginning(args, config, &source, size, now);
    let tape = args.recording.record.as_ref().map(|file| {
        let head = Head::new(&beginning, &config.keymap);
        Tape::start(file, &head).map_err(|e| match e.kind() {
            ErrorKind::AlreadyExists => anyhow::anyhow!("{} is there already; record into a new file", file.display()),
            _ => anyhow::anyhow!("cannot record into {}: {e}", file.display()),
        })
    });
    Ok(Part {
        state: start::begin(config.keymap.clone(), &beginning),
        connect: source.connect,
        extra: source.extra,
        read: source.read,
        tape: tape.transpose()?,
        replay: None,
    })
}

fn replayed(head: &Head, show: (Player, Speed)) -> Part {
    let mut state = start::begin(head.keys(), &head.begin);
    // What the first state wanted was done when it was recorded.
    state.effects.clear();
    let contexts = head.begin.contexts.clone();
    Part {
        state,
        connect: Box::new(|_| Err(Problem::Config("a recording is shown: no cluster is asked".into()))),
        extra: none(),
        read: Box::new(move || contexts.clone()),
        tape: None,
        replay: Some(show),
    }
}

fn source(args: &Args, read_only: &[String], io: &Handle, lending: Lending) -> Source {
    #[cfg(feature = "demo")]
    if let Some(size) = args.demo.demo {
        return crate::simulated::source(args, size, read_only, io);
    }
    #[cfg(not(feature = "demo"))]
    let _ = io;
    real(args, read_only, lending)
}

fn real(args: &Args, read_only: &[String], lending: Lending) -> Source {
    let env = Env::new(std::env::vars());
    let explicit = args.connection.kubeconfig.as_ref().map(|p| p.to_string_lossy().into_owned());
    let contexts = kubeconfig::load(explicit.as_deref(), &env);
    let over = Overrides { lending, ..overrides(args) };
    let wanted = args.connection.context.as_deref().or(contexts.current.as_deref());
    let list: Vec<ContextInfo> = contexts.list.iter().map(info).collect();
    let first = match wanted {
        Some(name) => Some(list.iter().find(|c| c.name.as_ref() == name).cloned().unwrap_or_else(|| unknown(name))),
        None if over.server.is_some() => Some(ContextInfo {
            name: "--server".into(),
            server: over.server.clone().unwrap_or_default().into(),
            user: "".into(),
            namespace: None,
            problem: None,
        }),
        None => list.first().cloned(),
    };
    let notices = contexts.notices.clone();
    let files = contexts.files.iter().map(|f| f.to_string_lossy().into()).collect();
    let read_env = Env::new(std::env::vars());
    let read: ReadContexts =
        Box::new(move || kubeconfig::load(explicit.as_deref(), &read_env).list.iter().map(info).collect());
    Source {
        contexts: list,
        first,
        connect: connector(contexts, over, env, read_only.to_vec()),
        read,
        extra: none(),
        extras: Vec::new(),
        notices,
        files,
    }
}

fn connector(contexts: Contexts, over: Overrides, env: Env, read_only: Vec<String>) -> Connect {
    Box::new(move |context| {
        Connection::open(&contexts, &context.name, &guarded(&over, &context.name, &read_only), &env)
    })
}

/// The overrides of one context: nothing is changed in those the settings name.
pub fn guarded(over: &Overrides, context: &str, read_only: &[String]) -> Overrides {
    let held = read_only.iter().any(|glob| start::matches_glob(glob, context));
    Overrides { guard: if held { Guard::ReadOnly } else { over.guard }, ..over.clone() }
}

fn none() -> Extra {
    Box::new(|line| (Level::Warn, format!("no command is called {line}")))
}

fn info(entry: &ContextEntry) -> ContextInfo {
    ContextInfo {
        name: entry.name.clone(),
        server: entry.server.clone(),
        user: entry.user.clone(),
        namespace: entry.namespace.clone(),
        problem: entry.problem.clone(),
    }
}

fn unknown(name: &str) -> ContextInfo {
    let problem = format!("the kubeconfig has no context {name}");
    ContextInfo {
        name: name.into(),
        server: "".into(),
        user: "".into(),
        namespace: None,
        problem: Some(problem.into()),
    }
}

/// What the flags say of every connection.
pub fn overrides(args: &Args) -> Overrides {
    let c = &args.connection;
    Overrides {
        server: c.server.clone(),
        namespace: args.view.namespaces.first().map(|n| n.as_str().into()),
        as_user: c.as_user.clone(),
        as_groups: c.as_group.clone(),
        // No limit is a limit nobody lives to see.
        request_timeout: c.request_timeout.map(|t| t.0.unwrap_or(Duration::MAX)),
        guard: if c.read_only { Guard::ReadOnly } else { Guard::Open },
        ..Overrides::default()
    }
}

fn open(
    config: &Config,
    io: &Handle,
    var: &dyn Fn(&str) -> Option<String>,
    loans: UnboundedReceiver<Loan>,
    part: impl FnOnce((u16, u16), i64) -> anyhow::Result<Part>,
) -> anyhow::Result<App> {
    let signals = Signals::listen().context("cannot listen for signals")?;
    let options = tty::Options {
        esc_wait: Duration::from_millis(u64::from(config.settings.esc_wait_ms)),
        mouse: if config.settings.mouse { Mice::Buttons } else { Mice::None },
    };
    let (terminal, events) = Terminal::open(options)?;
    let now = clock::now();
    let folders = &config.folders;
    let ways = Ways::of(&config.settings.attention);
    let (tell, control) = tokio::sync::mpsc::channel(CONTROL);
    let ssh = ["SSH_CONNECTION", "SSH_TTY"].iter().any(|v| var(v).is_some_and(|v| !v.is_empty()));
    let part = part(terminal.size(), now)?;
    let mut app = App {
        state: part.state,
        look: Look::new(&config.theme, config.symbols),
        save_columns: save_columns(config.folders.clone(), io.clone(), tell.clone()),
        searches: Searches::start(tell.clone()).context("no thread for searches")?,
        hub: Hub::new(io.clone(), part.connect, tell.clone(), clock::now),
        work: Work::new(io.clone(), tell.clone(), folders.state.as_deref(), ways),
        control,
        tell,
        io: io.clone(),
        terminal: Box::new(terminal),
        tty: events,
        signals,
        pace: Pace::new(if ssh { SSH_RATE } else { LOCAL_RATE }, now),
        extra: part.extra,
        contexts: part.read,
        clipboard: Between::of(var("TMUX").as_deref(), var("STY").as_deref(), var("TERM").as_deref()),
        clock: Box::new(clock::now),
        loans,
        ours: Ours::Since(0),
        through: Through::default(),
        tape: part.tape,
        replay: part.replay,
    };
    app.begin();
    Ok(app)
}

/// Writes on a thread of its own: a slow home folder must not make a key wait.
fn save_columns(folders: Folders, io: Handle, tell: Sender<Msg>) -> SaveColumns {
    Box::new(move |kind, columns| {
        let (folders, tell) = (folders.clone(), tell.clone());
        io.spawn_blocking(move || {
            let notice = match config::save_columns(&folders, &kind, columns.as_deref()) {
                Ok(path) => {
                    Msg::Notice(Level::Info, format!("columns of {kind} are kept in {}", path.display()).into())
                }
                Err(why) => Msg::Notice(Level::Error, why.into()),
            };
            drop(tell.blocking_send(notice));
        });
    })
}

fn logs(settings: &Settings) -> LogOptions {
    let zone = match settings.log_time_zone.as_str() {
        "" => jiff::tz::TimeZone::system(),
        // The settings hold no name that is not known.
        name => jiff::tz::TimeZone::get(name).unwrap_or(jiff::tz::TimeZone::UTC),
    };
    LogOptions {
        pane_bytes: usize::from(settings.log_pane_mib) << 20,
        total_bytes: usize::from(settings.log_total_mib) << 20,
        reorder_ms: i64::from(settings.log_reorder_ms),
        zone,
    }
}

fn beginning(args: &Args, config: &Config, source: &Source, size: (u16, u16), now: i64) -> Beginning {
    let options = Options {
        protected: config.settings.protected.clone(),
        read_only: args.connection.read_only,
        read_only_contexts: config.settings.read_only.clone(),
        on_hangup: config.settings.on_hangup,
        run: format!("{now}-{}", std::process::id()).into(),
        journal: config.folders.state.as_ref().map(|s| s.join(journal::FILE).display().to_string().into()),
        flash: config.flash,
        mouse: config.settings.mouse,
        logs: logs(&config.settings),
        shell: config.settings.shell.clone(),
    };
    let mut first = source.first.clone();
    let flags: Vec<Arc<str>> = args.view.namespaces.iter().map(|n| n.as_str().into()).collect();
    let set: Vec<Arc<str>> = config.settings.namespaces.iter().map(|n| n.as_str().into()).collect();
    let own = first.as_mut().and_then(|context| context.namespace.take());
    let namespaces = match (args.view.all_namespaces, flags.is_empty(), own) {
        (true, _, _) => Vec::new(),
        (_, false, _) => flags,
        (_, _, Some(own)) => vec![own],
        _ => set,
    };
    let columns = config.settings.columns.iter();
    let mut wrong = config.notices.iter().map(ToString::to_string).chain(source.notices.iter().cloned());
    Beginning {
        size,
        now,
        options,
        contexts: source.contexts.clone(),
        first,
        namespaces,
        kinds: builtin_kinds(),
        extras: source.extras.clone(),
        columns: columns.map(|(kind, all)| (kind.as_str().into(), all.as_slice().into())).collect(),
        notice: wrong.next().map(|first| (Level::Warn, format!("{first} (qd config says more)").into())),
        about: About {
            version: env!("CARGO_PKG_VERSION").into(),
            log: config.folders.log().map(|f| f.to_string_lossy().into()),
            kubeconfig: source.files.clone(),
            recording: args.recording.record.as_ref().map(|f| f.to_string_lossy().into()),
            started: now,
        },
        command: args.view.command.clone(),
    }
}
