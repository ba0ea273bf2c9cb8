//! The programs behind exec and attach, whatever carries their streams.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::{mpsc, watch};
use tokio::time::{Duration, sleep};

use super::super::Shared;
use super::super::http::logs::{state_of, writer};
use super::super::kinds::PODS;
use super::super::life::{PodRef, stopped};
use super::super::object::{flag, text};
use super::super::rng::Rng;
use super::super::shell::kit::Kit;
use super::super::shell::pipe::{Channel, Input, Output};
use super::super::shell::terminal::{Size, Terminal};
use super::super::shell::{self, Env, Place, tree};
use super::verdict::Verdict;
use super::wish::{Task, Wish};

/// How often a session looks whether its container is still there.
const LOOK: Duration = Duration::from_millis(200);
/// The exit code of a program whose container was stopped.
const KILLED: i32 = 137;

/// The client's ends of a session's streams, for the carrier.
pub(super) struct Ends {
    /// Dropped when the client closes its input.
    pub(super) stdin: Option<mpsc::Sender<Bytes>>,
    pub(super) output: mpsc::Receiver<(Channel, Bytes)>,
    pub(super) size: watch::Sender<Size>,
}

/// The program's ends.
pub(super) struct Streams {
    stdin: mpsc::Receiver<Bytes>,
    output: mpsc::Sender<(Channel, Bytes)>,
    size: watch::Receiver<Size>,
}

/// Fresh streams: the client's ends and the program's.
pub(super) fn streams(wish: &Wish) -> (Ends, Streams) {
    let (typed, stdin) = mpsc::channel(64);
    let (said, output) = mpsc::channel(64);
    let (sized, size) = watch::channel((80, 24));
    (Ends { stdin: wish.stdin.then_some(typed), output, size: sized }, Streams { stdin, output: said, size })
}

/// Runs what was asked for until it ends or its container does.
pub(super) async fn run(shared: &Arc<Shared>, wish: &Wish, streams: Streams) -> Verdict {
    if let Some(no) = wish.refusal(shared) {
        return if no.code == 0 { Verdict::Unreachable(no.why) } else { Verdict::Refused(no.why) };
    }
    let image = text(tree::spec(&wish.pod, &wish.container), "image");
    match &wish.task {
        Task::Exec { words } => {
            if let Some(why) = Kit::of(image).refusal(words) {
                let id = Rng::keyed(11, &format!("{}{}", wish.container, shared.now())).hex(64);
                return Verdict::Unstarted(format!(
                    "failed to exec in container: failed to start exec \"{id}\": OCI runtime exec failed: exec failed: {why}: unknown"
                ));
            }
            Verdict::Code(words.clone(), watched(shared, wish, program(shared, wish, words, wish.tty, streams)).await)
        }
        Task::Attach | Task::Forward { .. } => {
            let spec = tree::spec(&wish.pod, &wish.container);
            let words = tree::command(&wish.pod, &wish.container);
            // A container that reads its input is a shell somebody started by hand; all others only talk.
            if flag(spec, "stdin") && Kit::of(image).refusal(&words).is_none() {
                let tty = flag(spec, "tty");
                let code = watched(shared, wish, program(shared, wish, &words, tty, streams)).await;
                stopped(&mut shared.lock(), &PodRef::of(&wish.pod), &wish.container, code);
                shared.wake();
                return Verdict::Code(words, 0);
            }
            follow(shared, wish, streams).await;
            Verdict::Code(Vec::new(), 0)
        }
    }
}

/// The container's state now, if it is still the same container and its node answers.
fn alive(shared: &Shared, wish: &Wish) -> Option<Value> {
    let world = shared.lock();
    let pod = PodRef::of(&wish.pod).get(&world)?;
    let (before, now) = (state_of(&wish.pod, &wish.container), state_of(&pod, &wish.container));
    let same = before["containerID"] == now["containerID"] && !now["state"]["running"].is_null();
    (same && world.node_ready(text(&pod, "spec/nodeName"))).then(|| now.clone())
}

/// A program's code, or that of being killed when its container stops first.
async fn watched(shared: &Shared, wish: &Wish, program: impl Future<Output = i32>) -> i32 {
    let ended = async {
        while alive(shared, wish).is_some() {
            sleep(LOOK).await;
        }
    };
    tokio::select! {
        biased;
        code = program => code,
        () = ended => KILLED,
    }
}

async fn program(shared: &Arc<Shared>, wish: &Wish, words: &[String], tty: bool, streams: Streams) -> i32 {
    let (pod, container) = (&wish.pod, &wish.container);
    let kit = Kit::of(text(tree::spec(pod, container), "image"));
    let (disk, variables) = {
        let world = shared.lock();
        (shared.disks.of(&world, pod, container, kit), tree::environment(&world, pod, container))
    };
    let mut variables = variables;
    let Streams { stdin, output, size } = streams;
    if tty {
        variables.insert("TERM".to_owned(), "xterm".to_owned());
    }
    let place = Place {
        shared: shared.clone(),
        pod: pod.clone(),
        container: container.clone(),
        disk,
        kit,
        user: tree::user(pod, container),
        size: tty.then_some(size),
    };
    let env = Env::new("/", variables);
    if tty {
        return shell::on_terminal(&place, env, words, Terminal::new(stdin, output)).await;
    }
    let wire = |wanted: bool, channel: Channel| {
        if wanted { Output::Wire { channel, to: output.clone(), terminal: false } } else { Output::Null }
    };
    let outputs = (wire(wish.stdout, Channel::Out), wire(wish.stderr, Channel::Err));
    let input = if wish.stdin { Input::of(stdin) } else { Input::default() };
    shell::program(&place, env, words, input, outputs).await
}

/// What the container says from now on.
async fn follow(shared: &Shared, wish: &Wish, streams: Streams) {
    let mut at = shared.now();
    let Some(writer) = writer(&wish.pod, &wish.container, at) else { return };
    loop {
        sleep(LOOK).await;
        let (there, now) = (alive(shared, wish).is_some(), shared.now());
        for line in writer.between(at, now) {
            let said = (Channel::Out, Bytes::from(format!("{}\n", line.text)));
            if wish.stdout && streams.output.send(said).await.is_err() {
                return;
            }
        }
        at = now;
        if !there || streams.output.is_closed() {
            return;
        }
    }
}

/// Whether the pod is still there as the session began it.
pub(super) fn forwarding(shared: &Shared, wish: &Wish) -> bool {
    let world = shared.lock();
    let (space, name) = (text(&wish.pod, "metadata/namespace"), text(&wish.pod, "metadata/name"));
    let same = |p: &Value| {
        text(p, "metadata/uid") == text(&wish.pod, "metadata/uid")
            && !matches!(text(p, "status/phase"), "Succeeded" | "Failed")
    };
    world.get(PODS, space, name).is_some_and(|p| same(&p) && world.node_ready(text(&p, "spec/nodeName")))
}
