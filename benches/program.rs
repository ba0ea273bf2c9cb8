//! The program as a whole: the release `qd` in a terminal, alone or before a `qd demo-server` in
//! another process. What it costs is read from /proc, what it says from the terminal.
//!
//! Names of parts may be given: `cargo bench --bench program -- start idle`.

#![cfg(target_os = "linux")]
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a bench prints what it found, and stops where it cannot go on"
)]

#[path = "../tests/pty/mod.rs"]
mod pty;
mod support;

use pty::{Program, command, served};
use std::fmt::Write as _;
use std::io::Write as _;
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use support::server::{self, Server, cpu_of, forget_peak, peak_of, resident_of};
use support::{figure, mib, middle, ms, number};

fn main() {
    support::parts(&[
        ("start", start),
        ("idle", idle),
        ("line", line),
        ("big", big),
        ("churn", churn),
        ("demo", demo),
        ("streams", streams),
    ]);
}

fn pods() -> u32 {
    number("QD_BENCH_PODS", 100_000)
}

fn pid(program: &Program) -> u32 {
    program.pid().as_raw_nonzero().get().unsigned_abs()
}

fn qd(args: &[&str], columns: u16, rows: u16) -> Program {
    let mut command = command(&server::qd(), args);
    // What other runs have left behind would be asked about.
    command.env("XDG_STATE_HOME", std::env::temp_dir().join(format!("qd-bench-start-{}", std::process::id())));
    Program::start(command, columns, rows)
}

fn on(server: &Server, more: &[&str], columns: u16, rows: u16) -> Program {
    let kubeconfig = server.kubeconfig().to_str().expect("a path").to_owned();
    let args: Vec<&str> = ["--kubeconfig", &kubeconfig, "-A"].into_iter().chain(more.iter().copied()).collect();
    qd(&args, columns, rows)
}

fn is_live(screen: &vt100::Screen) -> bool {
    let text = screen.contents();
    text.contains(" live") && !text.contains("syncing") && !text.contains("connecting")
}

/// Starts a program some times: how long until it shows what is waited for, and its CPU time then.
fn until(runs: usize, args: &[&str], right: fn(&vt100::Screen) -> bool) -> (Duration, Duration) {
    let run = |_| {
        let begin = Instant::now();
        let program = qd(args, 200, 60);
        program.wait_for("the screen", right);
        (begin.elapsed(), cpu_of(pid(&program)))
    };
    let (times, cpu): (Vec<_>, Vec<_>) = (0..runs).map(run).unzip();
    (middle(times), middle(cpu))
}

/// From exec to a screen: the first one, and the first whole one of the simulated shop.
fn start() {
    println!("start, 200x60");
    let nothing = (0..11).map(|_| {
        let begin = Instant::now();
        qd(&["--version"], 200, 60).wait_for_end();
        begin.elapsed()
    });
    println!("  qd --version, for comparison: {}", ms(middle(nothing.collect())));
    let (time, cpu) = until(11, &["--server", "http://127.0.0.1:9"], |s| s.contents().contains("pods"));
    figure("  exec to the first frame, no server answering", &ms(time), "50 ms");
    println!("    of it CPU: {}", ms(cpu));
    let all = |s: &vt100::Screen| is_live(s) && s.contents().matches(" live").count() >= 4;
    let (time, cpu) = until(11, &["--demo"], all);
    figure("  qd --demo, exec to all panes live", &ms(time), "150 ms");
    println!("    of it CPU, the simulated cluster's included: {}", ms(cpu));
}

/// A small cluster and nobody at the keys.
fn idle() {
    let server = Server::start(&[]);
    let program = on(&server, &[], 200, 60);
    program.wait_for("all panes", is_live);
    std::thread::sleep(Duration::from_secs(3));
    let share = busy(&program, Duration::from_secs(30));
    let bytes = program.bytes();
    std::thread::sleep(Duration::from_secs(10));
    figure("idle on the simulated shop, share of a core", &percent(share), "0.5 %");
    println!("  bytes to the terminal: {} a second", (program.bytes() - bytes) / 10);
    println!("  resident: {}", mib(resident_of(pid(&program))));
}

/// CPU time over wall time.
fn busy(program: &Program, wait: Duration) -> f64 {
    let (begin, cpu) = (Instant::now(), cpu_of(pid(program)));
    std::thread::sleep(wait);
    cpu_of(pid(program)).saturating_sub(cpu).as_secs_f64() / begin.elapsed().as_secs_f64()
}

fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

/// 1,000 changes a second on a line like SSH, and a key in between.
fn line() {
    let server = Server::start(&["--size", "100x2000", "--churn", "1000"]);
    let kubeconfig = server.kubeconfig().to_str().expect("a path").to_owned();
    let mut command = command(&server::qd(), &["--kubeconfig", &kubeconfig, "-A"]);
    command.env("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22");
    let mut program = Program::start(command, 80, 24);
    program.wait_for("pods", is_live);
    std::thread::sleep(Duration::from_secs(5));
    let bytes = program.bytes();
    std::thread::sleep(Duration::from_secs(30));
    let each = (program.bytes() - bytes) / 30;
    figure("1,000 changes/s at 80x24 on a slow line, bytes a second", &each.to_string(), "2,000");
    let answers = (0..11).map(|i| {
        let before = program.bytes();
        let begin = Instant::now();
        program.send(if i % 2 == 0 { "?" } else { "\x1b" });
        let open = i % 2 == 0;
        program.wait_for("the help", |s| s.contents().contains("search") == open || program.bytes() > before + 200);
        begin.elapsed()
    });
    println!("  a key's frame, at the same time: {}", ms(middle(answers.collect())));
}

/// What a big cluster weighs, and what reading it all again adds.
fn big() {
    let pods = pods();
    let server = Server::start(&["--size", &format!("{}x{pods}", pods / 20)]);
    let begin = Instant::now();
    let mut program = on(&server, &[], 200, 60);
    program.wait_for("the first rows", |s| s.contents().contains("team-"));
    println!("{pods} pods on {} nodes: first rows after {}", pods / 20, ms(begin.elapsed()));
    program.wait_for("all pods", is_live);
    println!("  all after {}, {} of CPU", ms(begin.elapsed()), ms(cpu_of(pid(&program))));
    println!("  resident: {}, most so far {}", mib(resident_of(pid(&program))), mib(peak_of(pid(&program))));
    // Two rounds of measurements: the second finds the history of the first.
    std::thread::sleep(Duration::from_secs(35));
    let steady = resident_of(pid(&program));
    figure("  resident with all pods, measured", &mib(steady), "100 MiB");
    println!("  most since the start: {}", mib(peak_of(pid(&program))));
    forget_peak(pid(&program));
    for _ in 0..3 {
        program.send("\x12");
        program.wait_for("the list begins again", |s| !is_live(s));
        program.wait_for("all pods again", is_live);
    }
    let peak = peak_of(pid(&program));
    let ratio = peak as f64 / steady.max(1) as f64;
    figure("  peak of three relists, of the steady size", &format!("{} = {ratio:.2}x", mib(peak)), "1.5x");
    let quiet = busy(&program, Duration::from_secs(30));
    println!("  CPU with nothing changing but the measurements: {}", percent(quiet));
}

/// 5,000 changes a second in a big cluster, by CPU.
fn churn() {
    let pods = pods();
    let state = std::env::temp_dir().join(format!("qd-bench-state-{}", std::process::id()));
    let server = Server::start(&["--size", &format!("{}x{pods}", pods / 20), "--churn", "5000"]);
    let kubeconfig = server.kubeconfig().to_str().expect("a path").to_owned();
    let mut command = command(&server::qd(), &["--kubeconfig", &kubeconfig, "-A"]);
    command.env("XDG_STATE_HOME", &state);
    command.env("QD_LOG", "quarterdeck=debug");
    let mut program = Program::start(command, 200, 60);
    program.wait_for("all pods", is_live);
    program.send("C");
    program.wait_for_text("sort CPU");
    std::thread::sleep(Duration::from_secs(20));
    let (log, server_cpu) = (Log::of(&state), cpu_of(server.pid()));
    let share = busy(&program, Duration::from_secs(40));
    let turns = log.turns();
    println!("5,000 changes/s at {pods} pods, sorted by CPU; the server takes {} of a core", {
        percent(cpu_of(server.pid()).saturating_sub(server_cpu).as_secs_f64() / 40.0)
    });
    figure("  share of a core", &percent(share), "40 %");
    let longest = turns.iter().max().copied().unwrap_or_default();
    figure("  longest turn, thread CPU", &ms(longest), "8 ms");
    println!("  turns above 4 ms: {}", turns.iter().filter(|t| **t > Duration::from_millis(4)).count());
    println!("  resident: {}", mib(resident_of(pid(&program))));
    let answers = (0..21).map(|i| {
        let before = program.screen().contents();
        let begin = Instant::now();
        program.send(if i % 2 == 0 { "?" } else { "\x1b" });
        program.wait_for("an answer", |s| s.contents().contains("Esc") != before.contains("Esc"));
        let took = begin.elapsed();
        std::thread::sleep(Duration::from_millis(200));
        (i % 2 == 0).then_some(took)
    });
    println!("  a key's answer on the screen: {}", ms(middle(answers.flatten().collect())));
    drop(program);
    let _ = std::fs::remove_dir_all(&state);
}

/// The program's own log from a place on: it tells of every turn that was not short.
struct Log {
    file: PathBuf,
    from: usize,
}

impl Log {
    fn of(state: &std::path::Path) -> Self {
        let file = state.join("quarterdeck").join("qd.log");
        let from = std::fs::read(&file).map_or(0, |b| b.len());
        Self { file, from }
    }

    fn turns(&self) -> Vec<Duration> {
        let text = std::fs::read(&self.file).unwrap_or_default();
        let text = String::from_utf8_lossy(text.get(self.from..).unwrap_or_default()).into_owned();
        let turn = |line: &str| line.split("turn_us=").nth(1)?.split_whitespace().next()?.parse().ok();
        text.lines().filter_map(turn).map(Duration::from_micros).collect()
    }
}

/// What the simulated cluster itself can do.
fn demo() {
    let pods = pods();
    let server = Server::start(&["--size", &format!("{}x{pods}", pods / 20)]);
    println!("the simulated cluster with {pods} pods: {} resident", mib(resident_of(server.pid())));
    for (name, accept) in [("JSON", "application/json"), ("protobuf", "application/vnd.kubernetes.protobuf")] {
        let cpu = cpu_of(server.pid());
        let times: Vec<_> = (0..5).filter_map(|_| server.curl("/api/v1/pods?resourceVersion=0", accept)).collect();
        let cpu = cpu_of(server.pid()).saturating_sub(cpu) / 5;
        let Some((_, bytes)) = times.first() else { continue };
        let time = middle(times.iter().map(|t| t.0).collect());
        let rate = *bytes as f64 / time.as_secs_f64() / 1e6;
        println!("  {name} list to curl: {} for {}, {rate:.0} MB/s, {} of CPU", ms(time), mib(*bytes), ms(cpu));
    }
    drop(server);
    fan_out(pods);
}

/// Ten watchers of 5,000 changes a second, for ten seconds.
fn fan_out(pods: u32) {
    const WATCHERS: usize = 10;
    let server = Server::start(&["--size", &format!("{}x{pods}", pods / 20), "--churn", "5000"]);
    let path = format!("{}/api/v1/pods?watch=true&timeoutSeconds=10&resourceVersion=", server.url);
    let now = version(&server.url);
    let watch = || {
        let args = ["-sS", "-o", "/dev/null", "-w", "%{size_download}", &format!("{path}{now}")];
        std::process::Command::new("curl").args(args).stdout(std::process::Stdio::piped()).spawn()
    };
    let cpu = cpu_of(server.pid());
    let all: Vec<_> = (0..WATCHERS).filter_map(|_| watch().ok()).collect();
    let said = all.into_iter().filter_map(|c| c.wait_with_output().ok());
    let bytes: u64 = said.filter_map(|o| String::from_utf8_lossy(&o.stdout).trim().parse::<u64>().ok()).sum();
    let cpu = cpu_of(server.pid()).saturating_sub(cpu);
    println!(
        "  5,000 changes/s to {WATCHERS} watchers for 10 s: {:.0} MB/s in all, {} of a core",
        bytes as f64 / 10e6,
        percent(cpu.as_secs_f64() / 10.0)
    );
}

fn version(url: &str) -> String {
    let args = ["-sS", &format!("{url}/api/v1/pods?limit=1")];
    let said = std::process::Command::new("curl").args(args).output().map(|o| o.stdout).unwrap_or_default();
    let said = String::from_utf8_lossy(&said).into_owned();
    let after = said.split("\"resourceVersion\":\"").nth(1).unwrap_or("0");
    after.split('"').next().unwrap_or("0").to_owned()
}

/// Many logs in one pane, all of them from a server on loopback.
fn streams() {
    const STREAMS: usize = 100;
    let (singing, written) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicU64::new(0)));
    let (go, count) = (singing.clone(), written.clone());
    let pods: Vec<String> = (0..STREAMS).map(|n| served::pod(&format!("voice-{n}"), &format!("u{n}"))).collect();
    let port = served::listen(&pods, move |stream| drop(sing(stream, 500, &go, &count)));
    let folder = tempfile::tempdir().expect("a folder");
    let kubeconfig = served::kubeconfig(folder.path(), port).display().to_string();
    let program = qd(&["--kubeconfig", &kubeconfig, "-c", ":logs -n shop -l app=loud"], 200, 60);
    program.wait_for("all streams", |s| s.contents().contains(&format!("· {STREAMS} pods")));
    std::thread::sleep(Duration::from_secs(5));
    let (lines, begin) = (written.load(Ordering::Relaxed), Instant::now());
    let share = busy(&program, Duration::from_secs(20));
    let rate = (written.load(Ordering::Relaxed) - lines) as f64 / begin.elapsed().as_secs_f64();
    figure(&format!("{STREAMS} logs, {rate:.0} lines/s in all, share of a core"), &percent(share), "30 %");
    singing.store(false, Ordering::Relaxed);
    // A write that had begun is still counted, and shown.
    std::thread::sleep(Duration::from_secs(2));
    let border = program.screen().rows(0, 200).find(|r| r.contains(" oldest let go") || r.contains(" lines "));
    println!("  written {}; on the screen: {}", written.load(Ordering::Relaxed), border.unwrap_or_default());
    println!("  resident: {}", mib(resident_of(pid(&program))));
}

/// Writes so many lines of 160 bytes a second, each with the time it is written at, more than four KiB at once.
fn sing(stream: &mut TcpStream, rate: u64, go: &AtomicBool, written: &AtomicU64) -> std::io::Result<()> {
    const AT_ONCE: u64 = 26;
    let begin = Instant::now();
    for piece in 1.. {
        let due = Duration::from_micros(piece * AT_ONCE * 1_000_000 / rate);
        std::thread::sleep(due.saturating_sub(begin.elapsed()));
        if !go.load(Ordering::Relaxed) {
            break;
        }
        let mut text = String::new();
        for n in 0..AT_ONCE {
            let (now, words) = (jiff::Timestamp::now(), format!("INFO line {n} of piece {piece} "));
            let _ = writeln!(text, "{now:.9} {words:x<160}");
        }
        stream.write_all(text.as_bytes())?;
        written.fetch_add(AT_ONCE, Ordering::Relaxed);
    }
    Ok(())
}
