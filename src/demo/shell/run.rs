//! Runs what was read: lists, pipes, loops, redirections, and a prompt on a terminal.

use bytes::Bytes;
use futures_util::future::{BoxFuture, FutureExt as _, join_all};
use tokio::sync::mpsc;

use super::expand::{one, words as expand};
use super::files::absolute;
use super::parse::{Join, Node, Redirect, Trouble, parse};
use super::pipe::{Input, Output, open};
use super::terminal::{Terminal, Typed};
use super::{BROKEN, Env, INTERRUPTED, Io, Place, commands};

/// How a command ended, and what that means to what is around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Code(i32),
    Exit(i32),
    Break,
    Continue,
}

impl Flow {
    pub(super) fn code(self) -> i32 {
        match self {
            Self::Code(code) | Self::Exit(code) => code,
            Self::Break | Self::Continue => 0,
        }
    }
}

/// Runs a command.
pub(super) fn run<'a>(place: &'a Place, env: &'a mut Env, node: &'a Node, io: Io<'a>) -> BoxFuture<'a, Flow> {
    async move {
        let flow = match node {
            Node::Simple { assigns, words } => simple(place, env, assigns, words, io).await,
            Node::Redirected(inner, redirects) => redirected(place, env, inner, redirects, io).await,
            Node::Pipe(stages) => pipe(place, env, stages, io).await,
            Node::Not(inner) => match run(place, env, inner, io).await {
                Flow::Code(code) => Flow::Code(i32::from(code == 0)),
                other => other,
            },
            Node::List(all) => list(place, env, all, io).await,
            Node::Subshell(inner) => Flow::Code(run(place, &mut env.clone(), inner, io).await.code()),
            Node::If { cases, otherwise } => branches(place, env, cases, otherwise.as_deref(), io).await,
            Node::While { wanted, test, body } => repeat(place, env, *wanted, test, body, io).await,
            Node::For { name, words, body } => each(place, env, name, words, body, io).await,
        };
        if let Flow::Code(code) = flow {
            env.last = code;
        }
        flow
    }
    .boxed()
}

async fn list(place: &Place, env: &mut Env, all: &[(Join, Node)], io: Io<'_>) -> Flow {
    let mut last = Flow::Code(if all.is_empty() { 0 } else { env.last });
    for (join, node) in all {
        let skip = match join {
            Join::Then => false,
            Join::And => last.code() != 0,
            Join::Or => last.code() == 0,
        };
        if skip {
            continue;
        }
        last = run(place, env, node, again(io.stdin, &io.out, &io.err)).await;
        if !matches!(last, Flow::Code(_)) {
            return last;
        }
        // A reader that went away ends the writers, as its signal does.
        if last == Flow::Code(BROKEN) {
            return Flow::Exit(BROKEN);
        }
    }
    last
}

fn again<'a>(stdin: &'a mut Input, out: &Output, err: &Output) -> Io<'a> {
    Io { stdin, out: out.clone(), err: err.clone() }
}

async fn branches(place: &Place, env: &mut Env, cases: &[(Node, Node)], otherwise: Option<&Node>, io: Io<'_>) -> Flow {
    for (test, body) in cases {
        match run(place, env, test, again(io.stdin, &io.out, &io.err)).await {
            Flow::Code(0) => return run(place, env, body, io).await,
            Flow::Code(_) => {}
            other => return other,
        }
    }
    match otherwise {
        Some(body) => run(place, env, body, io).await,
        None => Flow::Code(0),
    }
}

async fn repeat(place: &Place, env: &mut Env, wanted: bool, test: &Node, body: &Node, io: Io<'_>) -> Flow {
    let mut last = Flow::Code(0);
    loop {
        tokio::task::yield_now().await;
        match run(place, env, test, again(io.stdin, &io.out, &io.err)).await {
            Flow::Code(code) if (code == 0) == wanted => {}
            Flow::Code(_) | Flow::Break => return last,
            other => return other,
        }
        match run(place, env, body, again(io.stdin, &io.out, &io.err)).await {
            Flow::Break => return Flow::Code(0),
            Flow::Exit(code) => return Flow::Exit(code),
            Flow::Continue => {}
            code @ Flow::Code(_) => last = code,
        }
    }
}

async fn each(place: &Place, env: &mut Env, name: &str, words: &[super::parse::Word], body: &Node, io: Io<'_>) -> Flow {
    let mut last = Flow::Code(0);
    for value in expand(place, env, words, &io.err).await {
        env.variables.insert(name.to_owned(), value);
        match run(place, env, body, again(io.stdin, &io.out, &io.err)).await {
            Flow::Break => return Flow::Code(0),
            Flow::Exit(code) => return Flow::Exit(code),
            Flow::Continue => {}
            code @ Flow::Code(_) => last = code,
        }
    }
    last
}

/// All stages run at once; the last one's code counts.
async fn pipe(place: &Place, env: &mut Env, stages: &[Node], io: Io<'_>) -> Flow {
    let Io { stdin, out, err } = io;
    let mut input = std::mem::take(stdin);
    let mut running = Vec::new();
    for (i, stage) in stages.iter().enumerate() {
        let (to, next) = if i + 1 == stages.len() {
            (out.clone(), Input::default())
        } else {
            let (sender, receiver) = mpsc::channel::<Bytes>(8);
            (Output::Pipe(sender), Input::of(receiver))
        };
        let mut stage_in = std::mem::replace(&mut input, next);
        let (mut inner, stage_err) = (env.clone(), err.clone());
        running.push(async move {
            let io = Io { stdin: &mut stage_in, out: to, err: stage_err };
            let code = run(place, &mut inner, stage, io).await.code();
            // The reader's end goes with it: who still writes is told.
            (code, if i == 0 { stage_in } else { Input::default() })
        });
    }
    let mut ended = join_all(running).await;
    let code = ended.last().map_or(0, |(code, _)| *code);
    *stdin = ended.swap_remove(0).1;
    Flow::Code(code)
}

async fn redirected(place: &Place, env: &mut Env, inner: &Node, redirects: &[Redirect], io: Io<'_>) -> Flow {
    let Io { stdin, mut out, mut err } = io;
    let mut other = None;
    for r in redirects {
        let target = one(place, env, &r.to, &err).await;
        if r.how == ">&" {
            let (from, to) = if target == "1" { (&out, &mut err) } else { (&err, &mut out) };
            if target == "1" && r.fd == 2 || target == "2" && r.fd == 1 {
                *to = from.clone();
            }
            continue;
        }
        let path = absolute(&env.folder, &target);
        let time = place.now();
        let opened = {
            let mut files = open(&place.disk);
            match r.how {
                _ if path == "/dev/null" => Ok(Output::Null),
                "<" => files.read(&path).map(|data| {
                    other = Some(Input::whole(data));
                    Output::Null
                }),
                how => {
                    let to = Output::File { disk: place.disk.clone(), path: path.clone(), time };
                    files.write(&path, b"", how == ">>", time).map(|()| to)
                }
            }
        };
        match opened {
            Err(fault) => {
                let verb = if r.how == "<" { "open" } else { "create" };
                let _ = err.line(&format!("sh: can't {verb} {target}: {}", fault.told())).await;
                return Flow::Code(1);
            }
            Ok(_) if r.fd == 0 => other = Some(other.take().unwrap_or_default()),
            Ok(to) if r.fd == 2 => err = to,
            Ok(to) => out = to,
        }
    }
    let stdin = match &mut other {
        Some(input) => input,
        None => stdin,
    };
    run(place, env, inner, Io { stdin, out, err }).await
}

async fn simple(
    place: &Place,
    env: &mut Env,
    assigns: &[(String, super::parse::Word)],
    given: &[super::parse::Word],
    io: Io<'_>,
) -> Flow {
    let mut set = Vec::new();
    for (name, word) in assigns {
        set.push((name.clone(), one(place, env, word, &io.err).await));
    }
    let words_ = expand(place, env, given, &io.err).await;
    if words_.is_empty() {
        env.variables.extend(set);
        return Flow::Code(0);
    }
    if set.is_empty() {
        return words(place, env, &words_, io).await;
    }
    let mut inner = env.clone();
    inner.variables.extend(set);
    words(place, &mut inner, &words_, io).await
}

/// Runs a program by its words.
pub(super) async fn words(place: &Place, env: &mut Env, words: &[String], io: Io<'_>) -> Flow {
    let Some(name) = words.first() else { return Flow::Code(0) };
    match name.as_str() {
        "exit" => return Flow::Exit(words.get(1).map_or(env.last, |w| w.parse().unwrap_or(2))),
        "exec" if words.len() > 1 => {
            let shell = words[1].rsplit('/').next().unwrap_or_default();
            if words.len() == 2
                && commands::is_shell(shell)
                && commands::find(place.kit, &words[1]).is_some()
                && io.out.terminal()
            {
                env.becomes = Some(shell.to_owned());
                return Flow::Exit(0);
            }
            let rest = Box::pin(self::words(place, env, &words[1..], io));
            return Flow::Exit(rest.await.code());
        }
        "break" => return Flow::Break,
        "continue" => return Flow::Continue,
        _ => {}
    }
    let Some(command) = commands::find(place.kit, name) else {
        let path = absolute(&env.folder, name);
        let there = name.contains('/') && open(&place.disk).get(&path).is_ok();
        let (told, code) = if there { ("Permission denied", 126) } else { ("not found", 127) };
        let _ = io.err.line(&format!("sh: {name}: {told}")).await;
        return Flow::Code(code);
    };
    let mut call = commands::Call { place, env, args: &words[1..], io };
    Flow::Code(command(&mut call).await.unwrap_or(BROKEN))
}

/// Runs a text as a script: `sh -c`, or lines from a file.
pub(super) async fn script(place: &Place, env: &mut Env, text: &str, io: Io<'_>) -> i32 {
    match parse(text) {
        Ok(node) => run(place, env, &node, io).await.code(),
        Err(trouble) => {
            let told = match trouble {
                Trouble::Unfinished => "syntax error: unexpected end of file".to_owned(),
                Trouble::Bad(why) => why,
            };
            let _ = io.err.line(&format!("sh: {told}")).await;
            2
        }
    }
}

/// Runs lines as they come: a script on standard input.
pub(super) async fn lines(place: &Place, env: &mut Env, io: Io<'_>) -> i32 {
    let mut text = String::new();
    let prompt = if io.out.terminal() { prompt(place, env, "sh") } else { String::new() };
    let _ = io.out.write(&prompt).await;
    while let Some(line) = io.stdin.line().await {
        text.push_str(&String::from_utf8_lossy(&line));
        if parse(&text) == Err(Trouble::Unfinished) {
            continue;
        }
        let whole = std::mem::take(&mut text);
        if let Ok(node) = parse(&whole) {
            if let Flow::Exit(code) = run(place, env, &node, again(io.stdin, &io.out, &io.err)).await {
                return code;
            }
        } else {
            env.last = script(place, env, &whole, again(io.stdin, &io.out, &io.err)).await;
        }
        let _ = io.out.write(&prompt).await;
    }
    if text.is_empty() { env.last } else { script(place, env, &text, io).await }
}

fn prompt(place: &Place, env: &Env, shell: &str) -> String {
    let mark = if place.user == 0 { '#' } else { '$' };
    if shell == "bash" { format!("bash-5.2{mark} ") } else { format!("{} {mark} ", env.folder) }
}

/// A shell with a prompt.
pub(super) async fn interactive(place: &Place, mut env: Env, shell: &str, terminal: &mut Terminal) -> i32 {
    let (out, mut text) = (terminal.output(), String::new());
    loop {
        let shown = if text.is_empty() { prompt(place, &env, shell) } else { "> ".to_owned() };
        let line = match terminal.read(&shown, true).await {
            Typed::Line(line) => line,
            Typed::Interrupt => {
                text.clear();
                env.last = INTERRUPTED;
                continue;
            }
            Typed::End => {
                let _ = out.line("exit").await;
                return env.last;
            }
        };
        text.push_str(&line);
        text.push('\n');
        let node = match parse(&text) {
            Err(Trouble::Unfinished) => continue,
            Err(Trouble::Bad(why)) => {
                let _ = out.line(&format!("{shell}: {why}")).await;
                env.last = 2;
                text.clear();
                continue;
            }
            Ok(node) => node,
        };
        text.clear();
        let ended = terminal.foreground(|stdin| one_line(place, &mut env, &node, stdin, &out)).await;
        match ended {
            None => env.last = INTERRUPTED,
            Some((Flow::Exit(code), _)) => return code,
            Some((_, left)) => terminal.unread(&left),
        }
    }
}

/// Runs a line of a prompt; says what it left unread of its input.
async fn one_line(place: &Place, env: &mut Env, node: &Node, mut stdin: Input, out: &Output) -> (Flow, Vec<u8>) {
    let flow = run(place, env, node, Io { stdin: &mut stdin, out: out.clone(), err: out.clone() }).await;
    (flow, stdin.unread())
}
