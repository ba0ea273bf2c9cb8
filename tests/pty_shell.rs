//! Shells of the simulated cluster in panes of the real program, in a terminal.

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

const QD: &str = env!("CARGO_BIN_EXE_qd");
const LEADER: &str = "\x1d";

/// The console with a shell in the first container of a database.
fn shell() -> Program {
    let args = ["--demo", "--demo-seed", "7", "-c", "po data /postgres-0"];
    let mut program = Program::start(command(QD, &args), 100, 30);
    program.wait_for("its row", |screen| {
        screen.contents().contains("▌postgres-0") || screen.contents().contains("▌ postgres-0")
    });
    program.send("s");
    program.wait_for_text("bash-5.2");
    program
}

#[test]
fn a_shell_runs_in_a_pane_and_knows_its_size() {
    let mut program = shell();
    program.send("stty size\r");
    // The inside of the frame: without header, hints and borders.
    program.wait_for_text("26 98");
    program.resize(90, 24);
    // Once the frame has its new size the far side was told of it.
    program.wait_for("the frame at its new size", |screen| {
        screen.cell(1, 89).is_some_and(|c| c.contents() == "╮") && screen.contents().contains("Ctrl-]")
    });
    program.send("stty size\r");
    program.wait_for_text("20 88");
    program.send("exit 3\r");
    // One that ends as soon as it has begun stays to be read; else the table is back with a notice.
    program.wait_for("how it ended", |screen| {
        let text = screen.contents();
        text.contains("exit 3 ╮") || text.contains("postgres: exit 3")
    });
}

#[test]
fn keys_are_the_programs_and_ctrl_c_ends_what_runs() {
    let mut program = shell();
    program.send("sleep 600\r");
    program.wait_for_text("sleep 600");
    // Twice would leave the console, were it not the program's.
    program.send("\x03\x03");
    program.wait_for_text("^C");
    program.send("echo one:q; echo two\r");
    program.wait_for_text("one:q");
    program.send(LEADER);
    program.send("z");
    program.wait_for("other panes beside it", |screen| screen.contents().contains("nodes"));
    program.send(LEADER);
    program.send("x");
    program.wait_for("no shell", |screen| !screen.contents().contains("shell ·"));
}

#[test]
fn what_a_container_says_does_not_drive_the_terminal() {
    let mut program = shell();
    let title = "printf '\\033]0;owned\\007\\033]52;c;b3duZWQ=\\007\\033[?1049h\\033[2Jhostile\\n'\r";
    program.send(title);
    program.wait_for_text("hostile");
    program.send("echo st''ill here\r");
    program.wait_for_text("still here");
    let screen = program.screen();
    let text = screen.contents();
    assert!(text.contains("shell ·") && text.contains("Ctrl-]"), "the frame and the hints are ours:\n{text}");
    assert!(screen.alternate_screen());
}

/// Lends the terminal to the program of the focused pane.
fn lend(program: &mut Program) {
    program.send(LEADER);
    program.send(":shell-raw\r");
    program.wait_for("the terminal lent", |screen| {
        !screen.alternate_screen() && screen.contents().contains("leads back") && screen.contents().contains("bash-5.2")
    });
}

#[test]
fn a_program_has_the_whole_terminal_until_the_leader_comes() {
    let mut program = shell();
    program.send("echo be''fore\r");
    program.wait_for_text("before");
    lend(&mut program);
    program.wait_for_text("before");
    // All of it is the program's, and resizing goes through.
    program.send("stty size\r");
    program.wait_for_text("30 100");
    program.resize(90, 24);
    program.send("while [ \"$(stty size)\" != '24 90' ]; do sleep 0.1; done; stty size\r");
    program.wait_for_text("24 90");
    // What draws gets through and what is for the terminal does not; modes are left on.
    let from = program.all().len();
    program.send(
        "printf '\\033]0;owned\\007\\033Pq\\033\\\\\\033[6n\\033[c\\033[?1049;2004;1003;1006h\\033[?25l\\033=drawn\\n'\r",
    );
    program.wait_for("the other screen", |screen| screen.alternate_screen() && screen.contents().contains("drawn"));
    let said = program.all()[from..].to_vec();
    for never in [&b"\x1b]"[..], b"\x1bP", b"\x1b[6n", b"\x1b[c"] {
        assert!(!said.windows(never.len()).any(|w| w == never), "{}", said.escape_ascii());
    }
    program.send(LEADER);
    program.wait_for("the panes", |screen| {
        let text = screen.contents();
        screen.alternate_screen() && text.contains("shell ·") && text.contains("Ctrl-]") && text.contains("drawn")
    });
    // Again, and the end of the console in the middle of it leaves nothing on.
    program.send("printf '\\033[?1049;2004;1003l\\033[?25h'\r");
    program.wait_for("the prompt", |screen| screen.contents().matches("bash-5.2").count() > 1);
    lend(&mut program);
    program.send("printf '\\033[?1049;2004;1003;1006h\\033[?25l\\033=drawn\\n'\r");
    program.wait_for("the other screen", |screen| screen.alternate_screen() && screen.contents().contains("drawn"));
    program.signal(rustix::process::Signal::TERM);
    program.wait_for_end();
    program.assert_restored();
}
