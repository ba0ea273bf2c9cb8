//! The simulated cluster as a source of clusters, and as a server of its own.

use crate::console::{Source, guarded, overrides};
use anyhow::Context as _;
use quarterdeck::cli::{Args, DemoServer, Size, print};
use quarterdeck::cluster::Connection;
use quarterdeck::core::cluster::ContextInfo;
use quarterdeck::core::msg::Level;
use quarterdeck::demo::{self, Cluster, Faults, Options};
use std::process::ExitCode;
use tokio::runtime::Handle;

fn context() -> ContextInfo {
    ContextInfo {
        name: "demo".into(),
        server: "in this process".into(),
        user: "demo-admin".into(),
        namespace: None,
        problem: None,
    }
}

fn options(size: Option<Size>, seed: u64) -> Options {
    Options { nodes: size.map(|s| s.nodes), pods: size.map(|s| s.pods), seed, ..Options::default() }
}

/// The simulated cluster in this process, with its `demo` command.
pub fn source(args: &Args, size: Option<Size>, read_only: &[String], io: &Handle) -> Source {
    let cluster = {
        let _inside = io.enter();
        Cluster::begin(options(size, args.demo.demo_seed.unwrap_or(1)))
    };
    let over = guarded(&overrides(args), &context().name, read_only);
    let (served, commanded) = (cluster.clone(), cluster);
    let runtime = io.clone();
    Source {
        contexts: vec![context()],
        first: Some(context()),
        connect: Box::new(move |context| {
            let (cluster, io) = (served.clone(), runtime.clone());
            Ok(Connection::in_process(&context.name, &over, move || {
                let _inside = io.enter();
                cluster.connect()
            }))
        }),
        read: Box::new(|| vec![context()]),
        extra: Box::new(move |line| command(&commanded, line)),
        extras: vec![(
            "demo".into(),
            "Faults of the simulated cluster: demo fault latency=200ms, demo fault none.".into(),
        )],
        notices: Vec::new(),
        files: Vec::new(),
    }
}

/// `demo fault SPEC`: what is to go wrong from now on.
fn command(cluster: &Cluster, line: &str) -> (Level, String) {
    let Some(spec) = line.strip_prefix("demo").map(str::trim).and_then(|l| l.strip_prefix("fault")) else {
        return (Level::Warn, "demo knows one command: demo fault SPEC, as in demo fault latency=200ms".into());
    };
    let spec = spec.trim();
    let parsed = if matches!(spec, "" | "none" | "off") { Ok(Faults::default()) } else { spec.parse() };
    match parsed {
        Ok(faults) => {
            cluster.set_faults(faults);
            let what = if matches!(spec, "" | "none" | "off") { "none" } else { spec };
            (Level::Info, format!("faults of the simulated cluster: {what}"))
        }
        Err(e) => (Level::Warn, e),
    }
}

/// Serves the simulated cluster on loopback until the process is ended.
///
/// # Errors
/// The address cannot be had, or the kubeconfig cannot be written.
pub fn serve(server: &DemoServer) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no threads")?;
    runtime.block_on(async {
        let faults = server.fault.join(" ").parse().map_err(|e| anyhow::anyhow!("--fault: {e}"))?;
        let (churn, speed) = (server.churn, server.speed);
        let cluster = Cluster::start(&Options { churn, speed, faults, ..options(server.size, server.seed) });
        let listener = tokio::net::TcpListener::bind(server.listen)
            .await
            .with_context(|| format!("cannot listen at {}", server.listen))?;
        let url = format!("http://{}", listener.local_addr()?);
        if let Some(file) = &server.kubeconfig_out {
            std::fs::write(file, demo::kubeconfig(&url)).with_context(|| format!("cannot write {}", file.display()))?;
        }
        print::print(&format!("serving the simulated cluster at {url}\n"))?;
        demo::serve(cluster, listener).await?;
        Ok(ExitCode::SUCCESS)
    })
}
