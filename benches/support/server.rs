//! The simulated cluster in a process of its own, and what /proc says of processes.

use super::memory;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The program to measure: this build's, or another one that `QD_BENCH_PROGRAM` names.
pub fn qd() -> String {
    std::env::var("QD_BENCH_PROGRAM").unwrap_or_else(|_| env!("CARGO_BIN_EXE_qd").to_owned())
}

/// A running `qd demo-server`; it ends with this value.
pub struct Server {
    child: Child,
    pub url: String,
    kubeconfig: PathBuf,
}

impl Server {
    pub fn start(args: &[&str]) -> Self {
        let kubeconfig = std::env::temp_dir().join(format!("qd-bench-{}-{}", std::process::id(), args.join("-")));
        let mut command = Command::new(qd());
        command.args(["demo-server", "--listen", "127.0.0.1:0", "--kubeconfig-out"]).arg(&kubeconfig).args(args);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the server starts");
        let mut line = String::new();
        let said = child.stdout.take().expect("its output");
        BufReader::new(said).read_line(&mut line).expect("it says where it serves");
        let url = line.split_whitespace().last().expect("an address").to_owned();
        Self { child, url, kubeconfig }
    }

    pub fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The time `curl` needs to read a path and throw it away, with the number of bytes.
    pub fn curl(&self, path: &str, accept: &str) -> Option<(Duration, u64)> {
        let url = format!("{}{path}", self.url);
        let accept = format!("Accept: {accept}");
        let args = ["-sS", "-o", "/dev/null", "-w", "%{time_total} %{size_download}", "-H", &accept, &url];
        let said = Command::new("curl").args(args).output().ok()?;
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let (time, size) = said.split_once(' ')?;
        Some((Duration::from_secs_f64(time.parse().ok()?), size.parse().ok()?))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_file(&self.kubeconfig);
    }
}

/// CPU time a process has used so far: to the nanosecond of the threads it has, or to a hundredth
/// of a second where ended ones have done more.
pub fn cpu_of(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name may hold blanks and brackets; what counts comes after the last bracket.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: u64 = [11, 12].iter().filter_map(|&i| fields.get(i)?.parse::<u64>().ok()).sum();
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let used = |text: String| text.split_whitespace().next()?.parse::<u64>().ok();
    let nanos: u64 = threads.filter_map(|t| used(std::fs::read_to_string(t.path().join("schedstat")).ok()?)).sum();
    Duration::from_millis(ticks * 10).max(Duration::from_nanos(nanos))
}

/// Resident memory of a process now, in bytes.
pub fn resident_of(pid: u32) -> u64 {
    memory(&pid.to_string(), "VmRSS")
}

/// The most that was resident since the start, or since [`forget_peak`].
pub fn peak_of(pid: u32) -> u64 {
    memory(&pid.to_string(), "VmHWM")
}

/// Lets the peak begin anew at what is resident now.
pub fn forget_peak(pid: u32) {
    let _ = std::fs::write(format!("/proc/{pid}/clear_refs"), "5");
}
