use super::*;
use crate::core::act::{Seed, Where};
use crate::core::commands::Command;
use crate::core::input::{Button, Input, Key, KeyCode, Mice, Mouse, MouseKind};
use crate::core::keys::{Keymap, Layer, parse_keys};
use crate::core::modals::Modal;
use crate::core::msg::Msg;
use crate::core::shell::{Allowed, Lent, LentEvent};
use crate::core::subs::subscriptions;
use crate::core::update::act::tests::{at_pods, read_all};
use crate::core::update::{command, settle, update};
use serde_json::{Value, json};

fn keymap() -> Keymap {
    let mut map = Keymap::default();
    let bind =
        |map: &mut Keymap, layer, keys: &str, command| drop(map.bind(layer, &parse_keys(keys).unwrap(), command));
    for (keys, command) in
        [("z", Command::PaneZoom), ("d", Command::ShellLeave), ("x", Command::ShellClose), ("[", Command::ShellLook)]
    {
        bind(&mut map, Layer::Shell, keys, command);
    }
    for (keys, command) in [("c", Command::ShellCopy), ("Space", Command::Mark), ("Enter", Command::Enter)] {
        bind(&mut map, Layer::Lines, keys, command);
    }
    for (keys, command) in [("Esc", Command::Escape), ("k", Command::MoveUp), ("q", Command::Back)] {
        bind(&mut map, Layer::Global, keys, command);
    }
    map
}

fn running(containers: &[&str]) -> Value {
    let uid = crate::core::uid::Uid::of_name("shop", "a").to_string();
    let all: Vec<Value> = containers.iter().map(|c| json!({"name": c, "image": "i"})).collect();
    let told: Vec<Value> = containers.iter().map(|c| json!({"name": c, "state": {"running": {}}})).collect();
    json!({"metadata": {"name": "a", "namespace": "shop", "uid": uid}, "spec": {"nodeName": "n1", "containers": all},
        "status": {"phase": "Running", "containerStatuses": told}})
}

fn id_of(name: &str) -> crate::core::act::ActionId {
    actions::find(name).unwrap()
}

/// A shell in the one container of pod `a`; what was wanted meanwhile.
fn opened() -> (State, Vec<Effect>) {
    let (mut state, _) = at_pods();
    state.keymap = keymap();
    command::run(&mut state, Command::Act(id_of("shell")));
    let effects = std::mem::take(&mut state.effects);
    let effects = read_all(&mut state, effects, &running(&["web"]));
    settle(&mut state);
    (state, effects)
}

fn shell(state: &State) -> &ShellPane {
    match state.focused().map(|p| &p.body) {
        Some(Body::Shell(s)) => s,
        other => panic!("no shell: {other:?}"),
    }
}

fn heard(state: &mut State, event: ShellEvent) -> Vec<Effect> {
    let id = state.panes.values().find_map(|p| if let Body::Shell(s) = &p.body { Some(s.wish.id) } else { None });
    let effects = update(state, Msg::Shell(id.unwrap(), event));
    settle(state);
    effects
}

fn says(state: &mut State, text: &str) -> Vec<Effect> {
    heard(state, ShellEvent::Said(text.as_bytes().to_vec()))
}

fn key(state: &mut State, key: Key) -> Vec<Effect> {
    update(state, Msg::Input(Input::Key(key)))
}

fn typed(effects: &[Effect]) -> Vec<u8> {
    let of = |e: &Effect| if let Effect::Shell(_, ShellOrder::Type(b)) = e { Some(b.clone()) } else { None };
    effects.iter().filter_map(of).flatten().collect()
}

/// Attached to the one container of pod `a`.
fn attached(object: &Value) -> (State, Vec<Effect>) {
    let (mut state, _) = at_pods();
    state.keymap = keymap();
    command::run(&mut state, Command::Act(id_of("attach")));
    let effects = std::mem::take(&mut state.effects);
    let effects = read_all(&mut state, effects, object);
    settle(&mut state);
    (state, effects)
}

fn lines(effects: &[Effect]) -> Vec<(Phase, String, String)> {
    let of = |e: &Effect| {
        if let Effect::Journal(l) = e { Some((l.phase, l.result.clone(), l.kubectl.clone())) } else { None }
    };
    effects.iter().filter_map(of).collect()
}

const LEADER: Key =
    Key { code: KeyCode::Char(']'), mods: crate::core::input::Mods { ctrl: true, alt: false, shift: false } };

#[test]
fn a_shell_opens_at_once_in_a_pane_of_its_own_with_the_whole_screen() {
    let (state, effects) = opened();
    assert!(state.modal.is_none());
    let s = shell(&state);
    assert_eq!((s.about().as_str(), &s.stage), ("shop/a web", &Stage::Opening));
    assert!(s.wish.pod.uid.is_some(), "the pod is pinned");
    let told = lines(&effects);
    let [(Phase::Begin, _, kubectl)] = told.as_slice() else { panic!("{told:?}") };
    assert!(kubectl.contains("exec -it a -c web -- sh -c"), "{kubectl}");
    assert!(state.tabs[0].zoom && state.tabs[0].root.leaves().len() == 5);
    let subs = subscriptions(&state);
    assert!(subs.iter().any(|s| matches!(s, Sub::Shell(w) if w.id == ShellId(1))), "{subs:?}");
    // The inside of the frame, without header and hints.
    assert_eq!(s.screen.size(), (198, 56));
}

#[test]
fn a_protected_context_asks_and_read_only_refuses() {
    for read_only in [false, true] {
        let (mut state, id) = at_pods();
        let c = state.clusters.get_mut(&id).unwrap();
        (c.protected, c.read_only) = (true, read_only);
        command::run(&mut state, Command::Act(id_of("shell")));
        let effects = std::mem::take(&mut state.effects);
        read_all(&mut state, effects, &running(&["web"]));
        let asks = matches!(&state.modal, Some(Modal::Act(f)) if f.confirm().is_some());
        assert_eq!(asks, !read_only);
        assert!(state.panes.values().all(|p| !matches!(p.body, Body::Shell(_))));
    }
}

#[test]
fn of_several_containers_one_is_asked_for_and_what_does_not_run_is_told() {
    let (mut state, _) = at_pods();
    command::run(&mut state, Command::Act(id_of("shell")));
    let effects = std::mem::take(&mut state.effects);
    read_all(&mut state, effects, &running(&["web", "proxy"]));
    let Some(Modal::Act(flow)) = &state.modal else { panic!("a form") };
    assert_eq!(flow.edits.as_ref().unwrap().values().text("container"), "web");
    let mut pod = running(&["web"]);
    pod["status"]["phase"] = "Succeeded".into();
    let (mut state, _) = at_pods();
    command::run(&mut state, Command::Act(id_of("shell")));
    let effects = std::mem::take(&mut state.effects);
    read_all(&mut state, effects, &pod);
    let Some(Modal::Act(flow)) = &state.modal else { panic!("a plan") };
    let crate::core::modals::flow::Stage::Review(review) = &flow.stage else { panic!("a plan") };
    assert!(review.plan.seed.is_none() && review.plan.blockers[0].reason.contains("has ended"));
}

#[test]
fn a_command_of_the_palette_runs_as_it_is() {
    let (mut state, _) = at_pods();
    crate::core::update::run_line(&mut state, "exec ls -l '/a b'");
    let effects = std::mem::take(&mut state.effects);
    read_all(&mut state, effects, &running(&["web"]));
    let s = shell(&state);
    let crate::core::shell::Task::Exec(words) = &s.wish.task else { panic!("exec") };
    assert_eq!(words.iter().map(AsRef::as_ref).collect::<Vec<&str>>(), ["ls", "-l", "/a b"]);
    assert!(!s.goes, "what it says is read in peace");
}

#[test]
fn all_keys_are_the_programs_but_the_one_after_the_leader() {
    let (mut state, _) = opened();
    heard(&mut state, ShellEvent::Opened("v5"));
    for (k, bytes) in [
        (Key::ctrl('c'), &b"\x03"[..]),
        (Key::plain(KeyCode::Esc), b"\x1b"),
        (Key::char(':'), b":"),
        (Key::char('q'), b"q"),
        (Key::plain(KeyCode::F(5)), b"\x1b[15~"),
    ] {
        assert_eq!(typed(&key(&mut state, k)), bytes, "{k}");
    }
    assert!(typed(&key(&mut state, LEADER)).is_empty());
    assert!(shell(&state).led);
    assert_eq!(typed(&key(&mut state, LEADER)), b"\x1d", "twice sends it");
    key(&mut state, LEADER);
    assert!(typed(&key(&mut state, Key::char('z'))).is_empty());
    assert!(!state.tabs[0].zoom && !shell(&state).led);
    key(&mut state, LEADER);
    assert!(typed(&key(&mut state, Key::char('g'))).is_empty(), "what means nothing is not sent");
    assert_eq!(typed(&key(&mut state, Key::char('g'))), b"g");
    says(&mut state, "\x1b[?1h\x1b[?2004h");
    assert_eq!(typed(&key(&mut state, Key::plain(KeyCode::Up))), b"\x1bOA");
    let pasted = update(&mut state, Msg::Input(Input::Paste("a\nb".into())));
    assert_eq!(typed(&pasted), b"\x1b[200~a\rb\x1b[201~");
}

#[test]
fn what_is_typed_is_nobodys_business_but_the_consoles_keys_are() {
    let (mut state, _) = opened();
    assert!(state.sensitive());
    key(&mut state, LEADER);
    assert!(!state.sensitive());
}

#[test]
fn leaving_lets_it_run_and_closing_ends_it() {
    let (mut state, _) = opened();
    key(&mut state, LEADER);
    key(&mut state, Key::char('d'));
    assert!(state.focused().unwrap().table().is_some() && !state.tabs[0].zoom);
    assert!(subscriptions(&state).iter().any(|s| matches!(s, Sub::Shell(_))));
    let (mut state, _) = opened();
    key(&mut state, LEADER);
    let effects = key(&mut state, Key::char('x'));
    assert_eq!(lines(&effects), [(Phase::End, "ended by the user".into(), String::new())]);
    assert!(!subscriptions(&state).iter().any(|s| matches!(s, Sub::Shell(_))));
    assert!(state.focused().unwrap().table().is_some(), "back where it was asked for");
}

#[test]
fn a_shell_that_ends_by_itself_goes_and_one_that_is_killed_stays_and_says_why() {
    let (mut state, _) = opened();
    heard(&mut state, ShellEvent::Opened("v5"));
    update(&mut state, Msg::Now(1_010_000));
    let effects = heard(&mut state, ShellEvent::Ended(Ending::Exit(3), None));
    assert_eq!(lines(&effects), [(Phase::End, "exit 3".into(), String::new())]);
    assert!(state.focused().unwrap().table().is_some());
    assert!(state.notice.as_ref().unwrap().text.contains("exit 3"));
    // What was still being typed into it is no command.
    assert!(key(&mut state, Key::ctrl('c')).is_empty() && state.quit_asked.is_none());

    let (mut state, _) = opened();
    heard(&mut state, ShellEvent::Opened("v5"));
    update(&mut state, Msg::Now(1_010_000));
    heard(&mut state, ShellEvent::Ended(Ending::Exit(137), Some("the pod is being deleted".into())));
    assert!(!shell(&state).runs());
    update(&mut state, Msg::Now(1_020_000));
    key(&mut state, Key::plain(KeyCode::Enter));
    assert!(state.focused().unwrap().table().is_some(), "Enter closes it");
}

#[test]
fn lines_stand_still_while_they_are_read_and_can_be_found_and_copied() {
    let (mut state, _) = opened();
    heard(&mut state, ShellEvent::Opened("v5"));
    for n in 0..100 {
        says(&mut state, &format!("line {n}\r\n"));
    }
    key(&mut state, LEADER);
    key(&mut state, Key::char('['));
    for _ in 0..3 {
        key(&mut state, Key::char('k'));
    }
    let at = shell(&state).look.as_ref().unwrap().at;
    says(&mut state, "more\r\n");
    assert_eq!(shell(&state).look.as_ref().unwrap().at, at);
    key(&mut state, Key::char(' '));
    key(&mut state, Key::char('k'));
    let effects = key(&mut state, Key::char('c'));
    assert!(effects.contains(&Effect::Copy("line 96\nline 97".into())), "{effects:?}");
    if let Some(Body::Shell(s)) = state.focused_mut().map(|p| &mut p.body) {
        s.find.text = "line 5".into();
    }
    assert!(look::find(&mut state, false));
    let at = shell(&state).look.as_ref().unwrap().at;
    let Some(Body::Shell(s)) = state.focused_mut().map(|p| &mut p.body) else { panic!() };
    assert_eq!(s.screen.line(at).0, "line 59");
    s.find.text.clear();
    key(&mut state, Key::plain(KeyCode::Esc));
    let Some(Body::Shell(s)) = state.focused_mut().map(|p| &mut p.body) else { panic!() };
    assert!(s.look.is_none());
    let all = s.screen.lines();
    assert!((0..all).any(|at| s.screen.line(at).0 == "more"), "what was said meanwhile is there");
}

#[test]
fn the_wheel_is_the_programs_where_it_wants_it_and_looks_back_where_not() {
    let (mut state, _) = opened();
    heard(&mut state, ShellEvent::Opened("v5"));
    state.options.mouse = true;
    for n in 0..100 {
        says(&mut state, &format!("line {n}\r\n"));
    }
    let wheel = Msg::Input(Input::Mouse(Mouse { kind: MouseKind::WheelUp, button: Button::Left, x: 10, y: 10 }));
    says(&mut state, "\x1b[?1000h\x1b[?1006h");
    assert_eq!(typed(&update(&mut state, wheel.clone())), b"\x1b[<64;10;9M");
    says(&mut state, "\x1b[?1000l\x1b[?1049h");
    assert_eq!(typed(&update(&mut state, wheel.clone())), b"\x1b[A\x1b[A\x1b[A");
    says(&mut state, "\x1b[?1049l");
    assert!(typed(&update(&mut state, wheel)).is_empty());
    assert!(shell(&state).look.is_some());
}

fn mouse_at(kind: MouseKind, x: u16, y: u16) -> Msg {
    Msg::Input(Input::Mouse(Mouse { kind, button: Button::Left, x, y }))
}

#[test]
fn drags_are_the_programs_where_it_wants_them_within_its_frame() {
    let (mut state, _) = opened();
    heard(&mut state, ShellEvent::Opened("v5"));
    state.options.mouse = true;
    says(&mut state, "\x1b[?1002h\x1b[?1006h");
    assert_eq!(crate::core::update::mice(&state), Mice::Buttons);
    // The pane has its frame in column 0 and row 1, below the header.
    let mut at = |kind, x, y| typed(&update(&mut state, mouse_at(kind, x, y)));
    assert_eq!(at(MouseKind::Click, 0, 5), b"", "on the frame");
    assert_eq!(at(MouseKind::Drag, 4, 5), b"", "no button went down inside");
    assert_eq!(at(MouseKind::Click, 1, 2), b"\x1b[<0;1;1M");
    assert_eq!(at(MouseKind::Drag, 4, 5), b"\x1b[<32;4;4M");
    assert_eq!(at(MouseKind::Drag, 300, 0), b"\x1b[<32;198;1M", "as far as the frame");
    assert_eq!(at(MouseKind::Release, 0, 59), b"\x1b[<0;1;56m", "it hears that the button came up wherever that is");
    assert_eq!(at(MouseKind::Release, 4, 5), b"");
    assert_eq!(at(MouseKind::Move, 4, 5), b"");
    says(&mut state, "\x1b[?1003h");
    assert_eq!(crate::core::update::mice(&state), Mice::Moves);
    assert_eq!(typed(&update(&mut state, mouse_at(MouseKind::Move, 4, 5))), b"\x1b[<35;4;4M");
    // Neither while a question is open, nor for the panes beside it.
    command::run(&mut state, Command::Palette);
    assert_eq!(crate::core::update::mice(&state), Mice::Buttons);
    state.modal = None;
    state.options.mouse = false;
    assert_eq!(crate::core::update::mice(&state), Mice::None);
}

#[test]
fn a_drag_stays_with_the_pane_it_began_in_and_a_move_gives_no_focus() {
    let (mut state, _) = opened();
    heard(&mut state, ShellEvent::Opened("v5"));
    state.options.mouse = true;
    state.tabs[0].zoom = false;
    settle(&mut state);
    says(&mut state, "\x1b[?1003h\x1b[?1006h");
    let focus = state.focus();
    let rect = state.visible().into_iter().find(|(id, _)| Some(*id) == focus).unwrap().1;
    let (other, beside) = state.visible().into_iter().find(|(id, _)| Some(*id) != focus).unwrap();
    let middle = |r: Rect| (r.x + r.width / 2, r.y + r.height / 2);
    let ((x, y), (far, off)) = (middle(rect), middle(beside));
    let mut at = |kind, x, y| typed(&update(&mut state, mouse_at(kind, x, y)));
    assert!(at(MouseKind::Move, far, off).is_empty());
    assert!(!at(MouseKind::Click, x, y).is_empty() && !at(MouseKind::Drag, far, off).is_empty());
    assert!(at(MouseKind::Release, far, off).ends_with(b"m"));
    assert_eq!(state.focus(), focus);
    update(&mut state, mouse_at(MouseKind::Click, far, off));
    assert_eq!(state.focus(), Some(other), "a press does");
}

#[test]
fn lines_that_are_dragged_over_are_marked_for_copying() {
    let (mut state, _) = opened();
    heard(&mut state, ShellEvent::Opened("v5"));
    state.options.mouse = true;
    for n in 0..100 {
        says(&mut state, &format!("line {n}\r\n"));
    }
    let first = shell(&state).screen.term().contents().lines().next().unwrap().to_owned();
    for (kind, y) in [(MouseKind::Click, 4), (MouseKind::Drag, 3), (MouseKind::Drag, 2), (MouseKind::Release, 2)] {
        assert!(typed(&update(&mut state, mouse_at(kind, 10, y))).is_empty());
    }
    let effects = key(&mut state, Key::char('c'));
    let Some(Effect::Copy(text)) = effects.iter().find(|e| matches!(e, Effect::Copy(_))) else { panic!("{effects:?}") };
    assert_eq!((text.lines().count(), text.lines().next()), (3, Some(first.as_str())));
    // A press puts the cursor there, and a new drag marks anew.
    for (kind, y) in [(MouseKind::Click, 6), (MouseKind::Drag, 7), (MouseKind::Release, 7)] {
        update(&mut state, mouse_at(kind, 10, y));
    }
    let look = shell(&state).look.as_ref().unwrap();
    assert_eq!((look.mark, look.at), (Some(look.top + 4), look.top + 5));
    // A press alone marks nothing and leaves the program its keys.
    key(&mut state, Key::plain(KeyCode::Esc));
    key(&mut state, Key::plain(KeyCode::Esc));
    for kind in [MouseKind::Click, MouseKind::Release] {
        update(&mut state, mouse_at(kind, 10, 5));
    }
    assert!(shell(&state).look.is_none());
}

#[test]
fn a_context_switch_leaves_programs_where_they_are() {
    let (mut state, _) = opened();
    let cluster = state.active;
    crate::core::update::run_line(&mut state, "ctx two");
    assert!(state.active != cluster && state.clusters.contains_key(&cluster));
    assert!(state.panes.values().any(|p| p.cluster == cluster && matches!(p.body, Body::Shell(_))));
    let id = state.panes.values().find(|p| matches!(p.body, Body::Shell(_))).unwrap().id;
    place::close_pane(&mut state, id);
    assert!(!state.clusters.contains_key(&cluster), "nothing holds it any more");
}

#[test]
fn leaving_the_program_names_what_runs_in_panes() {
    let (mut state, _) = opened();
    crate::core::update::run_line(&mut state, "q");
    let Some(Modal::Ask(ask)) = &state.modal else { panic!("a question") };
    assert!(ask.lines[0].contains("shell shop/a web"), "{:?}", ask.lines);
}

#[test]
fn twenty_stand_side_by_side_in_tabs() {
    let (mut state, _) = at_pods();
    for n in 0..20 {
        let place = Where { cluster: state.active, context: "one".into(), server: "x".into(), protected: false };
        let asked = Asked {
            action: id_of("shell"),
            targets: vec![],
            values: crate::core::act::Values::default(),
            known: crate::core::act::Known::default(),
            cordoned: vec![],
            place,
            now: 0,
        };
        let pod = crate::core::kind::ObjectRef {
            cluster: state.active,
            kind: state.clusters[&state.active].kind("pods").unwrap(),
            namespace: "shop".into(),
            name: format!("p{n}").into(),
            uid: None,
        };
        let task = crate::core::shell::Task::Attach;
        let session = Session { word: "shell", pod, container: "c".into(), task, stdin: true, tty: true, goes: true };
        let Seed::Session(session) = Seed::Session(Box::new(session)) else { panic!() };
        let opened = open(&mut state, &asked, *session, &[], None, Place::Here);
        assert!(opened.is_ok());
        settle(&mut state);
    }
    assert_eq!(open_ones(&state).len(), 20);
    assert_eq!(state.tabs.iter().map(|t| t.root.leaves().len()).sum::<usize>(), 24);
}

#[test]
fn what_a_program_asks_of_the_terminal_is_answered_only_if_it_is_let() {
    let (mut state, _) = opened();
    let effects = says(&mut state, "\x1b[c\x1b]52;c;aGk=\x07");
    assert!(typed(&effects).is_empty() && !effects.iter().any(|e| matches!(e, Effect::Copy(_))));
    let (mut state, _) = at_pods();
    state.options.shell.allowed = Allowed { replies: true, clipboard: true };
    command::run(&mut state, Command::Act(id_of("shell")));
    let effects = std::mem::take(&mut state.effects);
    read_all(&mut state, effects, &running(&["web"]));
    let effects = says(&mut state, "\x1b[c\x1b]52;c;aGk=\x07");
    assert_eq!(typed(&effects), b"\x1b[?6c");
    assert!(effects.contains(&Effect::Copy("hi".into())));
}

#[test]
fn the_keys_that_leave_an_attached_program_end_the_session_alone() {
    let mut pod = running(&["web"]);
    pod["spec"]["containers"][0]["stdin"] = true.into();
    pod["spec"]["containers"][0]["tty"] = true.into();
    let (mut state, _) = attached(&pod);
    heard(&mut state, ShellEvent::Opened("v5"));
    assert!(typed(&key(&mut state, Key::ctrl('p'))).is_empty());
    assert_eq!(typed(&key(&mut state, Key::char('x'))), b"\x10x", "another key after it: both are the program's");
    key(&mut state, Key::ctrl('p'));
    assert_eq!(typed(&update(&mut state, Msg::Input(Input::Paste("y".into())))), b"\x10y");
    key(&mut state, Key::ctrl('p'));
    assert_eq!(typed(&key(&mut state, LEADER)), b"\x10", "before the leader, too");
    key(&mut state, Key::plain(KeyCode::Esc));
    key(&mut state, Key::ctrl('p'));
    let effects = key(&mut state, Key::ctrl('q'));
    assert!(typed(&effects).is_empty());
    let told = lines(&effects);
    assert!(matches!(told.as_slice(), [(Phase::End, words, _)] if words.contains("goes on running")), "{told:?}");
    assert!(!subscriptions(&state).iter().any(|s| matches!(s, Sub::Shell(_))), "the session is over");
    assert_eq!(shell(&state).stage, Stage::Ended(Ending::Detached, None));
    assert!(state.notice.as_ref().unwrap().text.contains("goes on running"));
    key(&mut state, Key::plain(KeyCode::Enter));
    assert!(state.focused().unwrap().table().is_some(), "Enter closes the pane at once");
}

#[test]
fn no_keys_leave_a_shell_or_where_the_settings_have_none() {
    let (mut state, _) = opened();
    heard(&mut state, ShellEvent::Opened("v5"));
    assert_eq!(typed(&key(&mut state, Key::ctrl('p'))), b"\x10");
    assert_eq!(typed(&key(&mut state, Key::ctrl('q'))), b"\x11");
    assert!(shell(&state).runs());
}

fn lent(effects: &[Effect]) -> Vec<&Lent> {
    effects.iter().filter_map(|e| if let Effect::Terminal(l) = e { Some(l) } else { None }).collect()
}

fn types(state: &mut State, bytes: &[u8]) -> Vec<Effect> {
    let effects = update(state, Msg::Lent(LentEvent::Typed(bytes.to_vec())));
    settle(state);
    effects
}

/// A shell that has the terminal, and how that began.
fn lent_out() -> (State, Vec<u8>) {
    let (mut state, _) = opened();
    heard(&mut state, ShellEvent::Opened("v5"));
    says(&mut state, "one\r\n\x1b[1mtwo\x1b[0m $ \x1b[?2004h");
    command::run(&mut state, Command::ShellRaw);
    let effects = std::mem::take(&mut state.effects);
    let [Lent::Begin(first)] = lent(&effects)[..] else { panic!("{effects:?}") };
    let first = first.clone();
    (state, first)
}

#[test]
fn the_terminal_is_lent_with_what_was_drawn_and_led_back_by_the_leader() {
    let (mut state, first) = lent_out();
    let mut seen = vt100::Parser::new(60, 200, 0);
    seen.process(b"above\r\n");
    seen.process(&first);
    let text = seen.screen().contents();
    assert!(text.starts_with("above\nqd: ") && text.contains("Ctrl-] leads back\none\ntwo $"), "{text}");
    assert_eq!(seen.screen().cursor_position(), (3, 6));
    assert!(seen.screen().bracketed_paste());
    // It is as large as the terminal.
    settle(&mut state);
    assert_eq!(shell(&state).screen.size(), state.size);
    let effects = says(&mut state, "a\x1b]0;t\x07\x1b[6nb");
    assert_eq!(lent(&effects), [&Lent::Write(b"ab".to_vec())]);
    assert!(shell(&state).screen.term().contents().contains("$ ab"), "the pane is fed as well");
    assert_eq!(typed(&types(&mut state, b"ls\x1b[A\x03")), b"ls\x1b[A\x03");
    update(&mut state, Msg::Input(Input::Resize(100, 30)));
    settle(&mut state);
    assert_eq!(shell(&state).screen.size(), (100, 30));
    let effects = types(&mut state, b"x\x1dz");
    assert_eq!((typed(&effects), lent(&effects)), (b"x".to_vec(), vec![&Lent::End]));
    assert_eq!(shell(&state).screen.size(), (98, 26));
    assert!(lent(&says(&mut state, "c")).is_empty() && types(&mut state, b"late").is_empty());
}

#[test]
fn the_terminal_comes_back_when_the_program_ends_or_somebody_else_needs_it() {
    let (mut state, _) = lent_out();
    let effects = heard(&mut state, ShellEvent::Ended(Ending::Exit(0), None));
    assert_eq!(lent(&effects), [&Lent::End]);
    let (mut state, _) = lent_out();
    let effects = update(&mut state, Msg::Lent(LentEvent::Wanted));
    assert_eq!(lent(&effects), [&Lent::End]);
    assert!(update(&mut state, Msg::Lent(LentEvent::Wanted)).is_empty());
    // A program that has drawn on the other screen goes on there.
    says(&mut state, "\x1b[?1049hfull");
    command::run(&mut state, Command::ShellRaw);
    let effects = std::mem::take(&mut state.effects);
    let [Lent::Begin(first)] = lent(&effects)[..] else { panic!("{effects:?}") };
    let mut seen = vt100::Parser::new(60, 200, 0);
    seen.process(first);
    assert!(seen.screen().alternate_screen() && seen.screen().contents().contains("full"));
}

#[test]
fn only_a_program_with_a_terminal_may_have_it() {
    let (mut state, _) = at_pods();
    command::run(&mut state, Command::ShellRaw);
    assert!(state.effects.is_empty() && state.notice.as_ref().unwrap().text.contains("only a program"));
    let (mut state, _) = attached(&running(&["web"]));
    heard(&mut state, ShellEvent::Opened("v5"));
    command::run(&mut state, Command::ShellRaw);
    assert!(state.effects.is_empty() && state.notice.as_ref().unwrap().text.contains("no program with a terminal"));
}
