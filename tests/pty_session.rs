//! The real `qd` in a terminal: recordings, and credential plugins that ask for a password.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::print_stdout,
    dead_code,
    reason = "a test tells by failing, and a shared harness is not used whole"
)]

mod pty;

use pty::{Program, command};
use std::io::BufRead as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const QD: &str = env!("CARGO_BIN_EXE_qd");

/// A folder that is gone after the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("quarterdeck-session-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("a readable path").to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn start(args: &[&str]) -> Program {
    Program::start(command(QD, args), 100, 30)
}

fn chosen(screen: &vt100::Screen) -> Option<String> {
    let (_, columns) = screen.size();
    let row = screen.rows(0, columns).find(|row| row.contains('▌'))?;
    let (_, chosen) = row.split_once('▌')?;
    Some(chosen.split('│').next()?.split_whitespace().take(2).collect::<Vec<_>>().join(" "))
}

fn leave(mut program: Program) {
    program.send(":q\r");
    assert!(program.wait_for_end().success());
    program.assert_restored();
}

#[test]
fn a_recording_is_shown_again() {
    let folder = Folder::new("recording");
    let file = folder.file("run.jsonl");
    let mut program = start(&["--demo", "--demo-seed", "7", "--record", &file]);
    program.wait_for("pods", |s| s.contents().contains(" live ") && chosen(s).is_some());
    program.send(":deploy\r");
    program.wait_for("deployments", |s| s.contents().contains("UP-TO-DATE") && s.contents().contains(" live "));
    let first = chosen(&program.screen()).expect("a row");
    program.send("jjj");
    let mut last = String::new();
    program.wait_for("another row", |s| match chosen(s) {
        Some(row) if row != first => {
            last = row;
            true
        }
        _ => false,
    });
    program.send("/web");
    program.wait_for("the filter", |s| s.contents().contains("/web") && chosen(s).is_some_and(|r| r.contains("web")));
    program.send("\r");
    leave(program);

    let show = start(&["--replay", &file, "--speed", "max"]);
    show.wait_for("its end", |s| s.contents().contains("RECORDING, its end"));
    let text = show.screen().contents();
    assert!(text.contains("UP-TO-DATE") && text.contains("/web"), "{text}");
    assert!(chosen(&show.screen()).is_some_and(|row| row.contains("web")), "{text}");
    // It lives: keys do here what they do there.
    let mut show = show;
    show.send("\x1b");
    show.wait_for("no filter", |s| !s.contents().contains("/web"));
    leave(show);

    // Cut, as after a crash: what can be read is shown, and where it ends.
    let whole = std::fs::read(&file).expect("the recording");
    std::fs::write(&file, &whole[..whole.len() - 20]).expect("a cut recording");
    let mut show = start(&["--replay", &file, "--speed", "max"]);
    show.wait_for("its end", |s| s.contents().contains("the recording is cut here; this is all there is"));
    // The cut came while the palette stood open.
    show.send("\x03");
    show.wait_for("no palette", |s| !s.contents().contains("╭ command"));
    leave(show);
}

#[test]
fn a_recording_plays_rests_and_can_be_left() {
    let folder = Folder::new("plays");
    let file = folder.file("run.jsonl");
    let program = start(&["--demo", "--demo-seed", "7", "--record", &file]);
    program.wait_for("pods", |s| s.contents().contains(" live ") && chosen(s).is_some());
    leave(program);
    let mut show = start(&["--replay", &file, "--speed", "0.1"]);
    show.wait_for("the recording", |s| s.contents().contains("RECORDING"));
    show.send(" ");
    show.wait_for("its rest", |s| s.contents().contains("% rests"));
    show.send("q");
    assert!(show.wait_for_end().success());
    show.assert_restored();
}

#[test]
fn what_is_no_recording_is_told_in_a_line() {
    let folder = Folder::new("none");
    let file = folder.file("x.jsonl");
    std::fs::write(&file, "hello\n").expect("a file");
    let program = start(&["--replay", &file]);
    assert!(!program.wait_for_end().success());
    program.wait_until_said("this is no recording");
    let program = start(&["--demo", "--record", &file]);
    assert!(!program.wait_for_end().success());
    program.wait_until_said("is there already");
    program.assert_restored();
}

/// The simulated cluster in a process of its own.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start() -> Self {
        let mut child = Command::new(QD)
            .args(["demo-server", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("a server");
        let mut said = String::new();
        let out = child.stdout.take().expect("its output");
        std::io::BufReader::new(out).read_line(&mut said).expect("its address");
        let url = said.trim().rsplit(' ').next().expect("a word").to_owned();
        assert!(url.starts_with("http://"), "{said}");
        Self { child, url }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks for a password as a login program does: without echo, and giving it back at the end.
const PLUGIN: &str = r#"echo run >> "$1/runs"
stty -echo
printf 'Password: ' >&2
read answer
stty echo
printf '\n' >&2
[ "$answer" = sesame ] || { echo "wrong password" >&2; exit 1; }
echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"demo-admin"}}'
"#;

fn kubeconfig(folder: &Path, server: &str, mode: &str) -> String {
    let dir = folder.display();
    std::fs::write(folder.join("plugin.sh"), PLUGIN).expect("a plugin");
    let text = format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: demo\n\
         clusters: [{{name: demo, cluster: {{server: '{server}'}}}}]\n\
         contexts: [{{name: demo, context: {{cluster: demo, user: u}}}}]\n\
         users: [{{name: u, user: {{exec: {{apiVersion: client.authentication.k8s.io/v1, command: sh, \
         args: ['{dir}/plugin.sh', '{dir}'], interactiveMode: {mode}}}}}}}]\n"
    );
    let file = folder.join("config");
    std::fs::write(&file, text).expect("a kubeconfig");
    file.to_str().expect("a readable path").to_owned()
}

fn asked(screen: &vt100::Screen) -> bool {
    !screen.alternate_screen()
        && screen.contents().contains("Password: ")
        && screen.contents().contains("Ctrl-C cancels")
}

fn shows_pods(screen: &vt100::Screen) -> bool {
    screen.alternate_screen() && screen.contents().contains(" live ") && chosen(screen).is_some()
}

#[test]
fn a_plugin_gets_the_terminal_asks_and_gives_it_back() {
    let (folder, server) = (Folder::new("asks"), Server::start());
    let config = kubeconfig(&folder.0, &server.url, "IfAvailable");
    let mut program = start(&["--kubeconfig", &config]);
    program.wait_for("the question", asked);
    program.send("sesame\r");
    program.wait_for("pods", shows_pods);
    assert!(!program.screen().contents().contains("sesame"));
    // What was typed for the plugin is no key here, and the keys are ours again.
    let row = chosen(&program.screen());
    program.send("j");
    program.wait_for("another row", |s| chosen(s) != row);
    // In the background first, then once with the terminal, for all who waited.
    let runs = std::fs::read_to_string(folder.0.join("runs")).expect("its runs");
    assert_eq!(runs.lines().count(), 2);
    leave(program);
}

#[test]
fn a_cancelled_plugin_is_not_the_end_and_is_asked_again_on_demand() {
    let (folder, server) = (Folder::new("cancel"), Server::start());
    let config = kubeconfig(&folder.0, &server.url, "Always");
    let mut program = start(&["--kubeconfig", &config]);
    program.wait_for("the question", asked);
    // To all in the foreground of the terminal: the plugin, and us.
    program.send("\x03");
    program.wait_for("the console", |s| s.alternate_screen() && s.contents().contains("not logged in"));
    program.send(":login\r");
    // What stands above is the question of before.
    program.wait_for("the question again", |s| asked(s) && s.contents().matches("Password: ").count() == 2);
    program.send("sesame\r");
    program.wait_for("pods", shows_pods);
    assert_eq!(std::fs::read_to_string(folder.0.join("runs")).expect("its runs").lines().count(), 2);
    // The plugin that was interrupted had turned the echo off; it is on again.
    leave(program);
}

#[test]
fn a_plugin_that_may_not_ask_does_not() {
    let (folder, server) = (Folder::new("never"), Server::start());
    let config = kubeconfig(&folder.0, &server.url, "Never");
    let program = start(&["--kubeconfig", &config]);
    program.wait_for("the reason", |s| s.alternate_screen() && s.contents().contains("not logged in"));
    leave(program);
}
