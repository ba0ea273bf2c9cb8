//! Programs in panes, and the list of forwards and copies.

use super::text;
use super::world::*;
use crate::core::held::{Counts, Held, HeldId, Standing, Work, copy, forward};
use crate::core::input::Key;
use crate::core::journal::Head;
use crate::core::kind::{ClusterId, ObjectRef};
use crate::core::layout::PaneId;
use crate::core::panes::Body;
use crate::core::panes::shell::{Look, Origin, ShellPane, Stage};
use crate::core::panes::table::Prompt;
use crate::core::shell::{Allowed, Detach, Ending, Screen, ShellId, Task, Wish};
use crate::core::state::State;
use std::net::IpAddr;

fn head() -> Head {
    Head { job: "r-1".into(), context: "c".into(), server: "s".into(), user: "u".into() }
}

fn pod() -> ObjectRef {
    let kind = kind("", "pods", "Pod", "po", true);
    ObjectRef { cluster: ClusterId(1), kind, namespace: "shop".into(), name: "cart-7c9f6d-x2lqp".into(), uid: None }
}

fn put(state: &mut State, body: Body) {
    let id = state.focus().unwrap();
    state.tabs[state.tab].zoom = true;
    state.panes.get_mut(&id).unwrap().body = body;
}

fn shell(size: (u16, u16), stage: Stage) -> ShellPane {
    let mut screen = Screen::new((size.0 - 2, size.1 - 4), 100, Allowed::default());
    for n in 0..40 {
        screen.feed(format!("line {n} of what was said\r\n").as_bytes());
    }
    screen.feed("\x1b]0;owned\x07\x1b[31mred\x1b[0m 日本語 \x1b[1mbold\x1b[0m $ ".as_bytes());
    let wish = Wish { id: ShellId(1), pod: pod(), container: "web".into(), task: Task::Attach, stdin: true, tty: true };
    ShellPane {
        wish,
        word: "shell",
        kubectl: "kubectl exec -it".into(),
        screen,
        stage,
        led: false,
        pressed: None,
        raw: None,
        detach: Detach::default(),
        look: None,
        find: Prompt::default(),
        goes: true,
        from: Origin { pane: PaneId(1), zoom: false },
        head: head(),
        began: 0,
        job: None,
    }
}

#[test]
fn a_program_has_its_screen_in_a_frame_of_ours() {
    for size in [(80, 24), (200, 60), (40, 12)] {
        let mut state = world(size.0, size.1);
        put(&mut state, Body::Shell(Box::new(shell(size, Stage::Running("v5.channel.k8s.io")))));
        insta::assert_snapshot!(format!("shell_{}x{}", size.0, size.1), text(&state));
    }
}

#[test]
fn lines_are_read_and_an_end_is_said() {
    let size = (80, 24);
    let mut state = world(size.0, size.1);
    let mut pane = shell(size, Stage::Running("SPDY/3.1"));
    let history = pane.screen.history();
    pane.screen.show(history - 5);
    pane.look = Some(Look { at: history - 2, top: history - 5, mark: Some(history - 4), held: vec![1] });
    pane.find.text = "line 2".into();
    put(&mut state, Body::Shell(Box::new(pane)));
    insta::assert_snapshot!("shell_lines", text(&state));
    let mut state = world(size.0, size.1);
    let ending = Stage::Ended(Ending::Exit(137), Some("container web has ended: OOMKilled, exit code 137".into()));
    put(&mut state, Body::Shell(Box::new(shell(size, ending))));
    insta::assert_snapshot!("shell_ended", text(&state));
}

#[test]
fn keys_that_leave_a_program_are_told_before_and_what_came_of_them_after() {
    let of = |stage| {
        let mut pane = shell((80, 24), stage);
        pane.detach = Detach::new(vec![Key::ctrl('p'), Key::ctrl('q')]);
        let mut state = world(80, 24);
        put(&mut state, Body::Shell(Box::new(pane)));
        let drawn = text(&state);
        let edges: Vec<&str> = drawn.lines().filter(|l| l.contains('╭') || l.contains('╰')).collect();
        edges.join("\n")
    };
    let before = of(Stage::Running("v5.channel.k8s.io"));
    assert!(before.contains("Ctrl-p Ctrl-q detaches"), "{before}");
    let after = of(Stage::Ended(Ending::Detached, None));
    assert!(after.contains("detached; the container goes on running") && after.contains("Enter closes"), "{after}");
}

fn held(id: u32, work: Work, about: &str, at: &str, standing: Standing, words: &str, counts: Counts) -> Held {
    Held {
        id: HeldId(id),
        work,
        about: about.into(),
        at: at.into(),
        standing,
        words: words.into(),
        counts,
        notes: if standing == Standing::Failed { vec!["connection refused".into()] } else { Vec::new() },
        kubectl: "kubectl port-forward".into(),
        head: head(),
        began: NOW - 75_000,
        ended: (!matches!(standing, Standing::Live | Standing::Opening)).then_some(NOW - 5_000),
    }
}

#[test]
fn forwards_and_copies_are_listed() {
    let pods = forward::Pods { kind: pod().kind, namespace: "shop".into(), name: None, labels: "app=web".into() };
    let address = IpAddr::from([127, 0, 0, 1]);
    let wish = forward::Wish { cluster: ClusterId(1), pods, address, local: 0, port: forward::Port::Number(80) };
    let files = copy::Wish {
        pod: pod(),
        container: "web".into(),
        out: true,
        remote: "/var/log".into(),
        local: ".".into(),
        replace: false,
    };
    let forward = || Work::Forward(wish.clone());
    let live = Counts { into: 12_345, out: 9_876_543, open: 3, all: 204, whole: None };
    let half = Counts { into: 0, out: 30 << 20, open: 2, all: 0, whole: Some(50 << 20) };
    for size in [(80, 24), (200, 60)] {
        let mut state = world(size.0, size.1);
        let at = "127.0.0.1:41234";
        state.held.add(held(1, forward(), "service shop/web:80", at, Standing::Live, "to pod web-1:8080", live));
        let words = "no pod of it is ready; waiting for one";
        state.held.add(held(
            2,
            forward(),
            "pod shop/cart:80",
            "127.0.0.1:80",
            Standing::Opening,
            words,
            Counts::default(),
        ));
        let about = "shop/cart-7c9f6d-x2lqp:/var/log to .";
        state.held.add(held(3, Work::Copy(files.clone()), about, "./log", Standing::Live, "copying", half));
        let taken = "127.0.0.1:8080 is taken by another program";
        state.held.add(held(4, forward(), "service shop/web:80", "", Standing::Failed, taken, Counts::default()));
        put(&mut state, Body::Held(Box::default()));
        insta::assert_snapshot!(format!("held_{}x{}", size.0, size.1), text(&state));
    }
}
