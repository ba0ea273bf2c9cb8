//! Credential plugins (`exec` in the kubeconfig): run once for all who wait, kept until what they
//! gave expires, run again when the server refuses it. In the background with their output caught;
//! one that must talk to the user gets the terminal lent, once: if that does not help, it is not
//! asked for again until the user wants it (`:login`), so that no prompt pops up again and again.
//! kube runs them several times, blocking, with their stderr on our terminal.

use super::auth::{Credential, bearer};
use super::lender::Lending;
use super::tls::{self, Identity};
use crate::cluster::kubeconfig::{Cluster, Exec, Interactive};
use crate::cluster::problem::clean;
use crate::core::problem::Problem;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::Instant;

/// How long a plugin may take.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long a user may take to answer one.
const ANSWER: Duration = Duration::from_mins(5);
/// How long a failure is believed, so that ten streams do not run a failing plugin ten times.
const SULK: Duration = Duration::from_secs(10);
/// How long before it expires a credential is renewed.
const MARGIN: Duration = Duration::from_secs(10);

/// A plugin with what it last gave.
pub(super) struct Plugin {
    shared: Arc<Shared>,
}

struct Shared {
    exec: Exec,
    cluster: Cluster,
    context: Arc<str>,
    lending: Lending,
    last: Arc<Mutex<Last>>,
}

#[derive(Default)]
struct Last {
    credential: Option<Arc<Credential>>,
    expires: Option<Instant>,
    failed: Option<(Instant, Problem)>,
    /// The user was asked, and it did not help: not again unasked.
    vain: bool,
    /// When the user was asked with success.
    answered: Option<Instant>,
    serial: u64,
}

/// Whether a run talks to the user.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Run {
    Quiet,
    Prompting,
}

/// Why a run gave nothing: whether the user might help, and what to say.
struct Failed(bool, Problem);

#[derive(Deserialize)]
struct Output {
    #[serde(default)]
    status: Option<Given>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    token: Option<String>,
    client_certificate_data: Option<String>,
    client_key_data: Option<String>,
    expiration_timestamp: Option<jiff::Timestamp>,
}

impl Plugin {
    pub fn new(exec: Exec, cluster: Cluster, context: Arc<str>, lending: Lending) -> Self {
        Self { shared: Arc::new(Shared { exec, cluster, context, lending, last: Arc::default() }) }
    }

    /// What is valid now; runs the plugin if nothing is. Whoever asks meanwhile waits for the same run.
    pub async fn current(&self) -> Result<Arc<Credential>, Problem> {
        let last = self.shared.last.clone().lock_owned().await;
        let valid = last.expires.is_none_or(|at| Instant::now() + MARGIN < at);
        if let Some(c) = last.credential.clone().filter(|_| valid) {
            return Ok(c);
        }
        self.run(last).await
    }

    /// Runs the plugin again unless somebody has since issue `refused`.
    pub async fn renew(&self, refused: u64) -> Result<bool, Problem> {
        let mut last = self.shared.last.clone().lock_owned().await;
        if last.credential.as_ref().is_some_and(|c| c.serial != refused) {
            return Ok(true);
        }
        let before = last.credential.take();
        // What the user has just logged in with is refused: asking at once for the same helps nobody.
        last.vain |= last.answered.is_some_and(|at| at.elapsed() < ANSWER);
        let now = self.run(last).await?;
        Ok(before.is_none_or(|b| b.header != now.header || b.identity != now.identity))
    }

    /// Forgets what is known, so that the next request runs the plugin, and asks the user if need be.
    pub async fn login(&self) {
        let mut last = self.shared.last.lock().await;
        *last = Last { serial: last.serial, ..Last::default() };
    }

    /// Runs it to its end even if the one who wants it gives up: others wait for it, too, and a user
    /// may be in the middle of a password.
    async fn run(&self, last: OwnedMutexGuard<Last>) -> Result<Arc<Credential>, Problem> {
        let run = tokio::spawn(run(self.shared.clone(), last));
        run.await.unwrap_or_else(|_| Err(Problem::Config("running the credential plugin failed".into())))
    }
}

async fn run(shared: Arc<Shared>, mut last: OwnedMutexGuard<Last>) -> Result<Arc<Credential>, Problem> {
    if let Some((at, problem)) = &last.failed
        && at.elapsed() < SULK
    {
        return Err(problem.clone());
    }
    match shared.issue(&mut last).await {
        Ok((credential, expires)) => {
            let credential = Arc::new(credential);
            *last = Last {
                credential: Some(credential.clone()),
                expires,
                answered: last.answered,
                serial: credential.serial,
                ..Last::default()
            };
            Ok(credential)
        }
        Err(problem) => {
            last.failed = Some((Instant::now(), problem.clone()));
            Err(problem)
        }
    }
}

type Issue = (Credential, Option<Instant>);

impl Shared {
    /// As quietly as its mode allows; the user is asked where that fails and nothing forbids it.
    async fn issue(&self, last: &mut Last) -> Result<Issue, Problem> {
        let serial = last.serial + 1;
        let mode = self.exec.interactive;
        let quiet = if mode == Interactive::Always {
            let why =
                format!("credential plugin {} must ask you something; :login lets it", self.exec.command.display());
            Failed(true, Problem::Unauthorized(why.into()))
        } else {
            match self.once(Run::Quiet, serial).await {
                Ok(issue) => return Ok(issue),
                Err(failed) => failed,
            }
        };
        let Failed(promising, problem) = quiet;
        let lender = self.lending.0.as_ref().filter(|_| promising && !last.vain && mode != Interactive::Never);
        let Some(lender) = lender else { return Err(problem) };
        last.vain = true;
        let (plugin, context) = (self.exec.command.display(), clean(&self.context));
        let words = format!("qd: {plugin} logs in to {context}; Ctrl-C cancels");
        let Some(lease) = lender.lend(words).await else { return Err(problem) };
        let prompted = self.once(Run::Prompting, serial).await;
        drop(lease);
        let issue = prompted.map_err(|Failed(_, problem)| problem)?;
        last.answered = Some(Instant::now());
        Ok(issue)
    }

    async fn once(&self, how: Run, serial: u64) -> Result<Issue, Failed> {
        let name = self.exec.command.display();
        let bad = |why: &str| Failed(false, Problem::Unauthorized(format!("credential plugin {name} {why}").into()));
        let mut command = self.command(how).map_err(|problem| Failed(false, problem))?;
        let hint = self.exec.hint.as_deref().map(|h| format!("; {}", clean(h))).unwrap_or_default();
        let child = command.spawn().map_err(|_| bad(&format!("cannot be run{hint}")))?;
        let patience = if how == Run::Quiet { PATIENCE } else { ANSWER };
        let output = match tokio::time::timeout(patience, child.wait_with_output()).await {
            Ok(Ok(output)) => output,
            Ok(Err(_)) => return Err(bad("cannot be waited for")),
            Err(_) => {
                let why = format!("credential plugin {name} did not finish in {} s", patience.as_secs());
                return Err(Failed(true, Problem::Timeout(why.into())));
            }
        };
        if !output.status.success() {
            if how == Run::Prompting {
                let code = output.status.code().map_or("was interrupted".into(), |c| format!("failed with code {c}"));
                return Err(bad(&format!("{code}{hint}; :login asks again")));
            }
            let words = String::from_utf8_lossy(&output.stderr);
            let words = words.lines().rev().find(|l| !l.trim().is_empty()).map(clean).unwrap_or_default();
            let code = output.status.code().map_or("was killed".into(), |c| format!("failed with code {c}"));
            let Failed(_, problem) = bad(&format!("{code}: {words}{hint}"));
            return Err(Failed(true, problem));
        }
        let given: Output = serde_json::from_slice(&output.stdout).map_err(|_| bad("printed no ExecCredential"))?;
        let given = given.status.ok_or_else(|| bad("printed an ExecCredential without a status"))?;
        let issue = given.credential(serial).map_err(|problem| Failed(false, problem))?;
        issue.ok_or_else(|| bad("gave neither a token nor a certificate"))
    }

    fn command(&self, how: Run) -> Result<tokio::process::Command, Problem> {
        let mut command = tokio::process::Command::new(&self.exec.command);
        command
            .args(&self.exec.args)
            .envs(self.exec.env.iter().map(|(k, v)| (k, v)))
            .env("KUBERNETES_EXEC_INFO", self.info(how)?)
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        match how {
            Run::Prompting => command.stdin(Stdio::inherit()).stderr(Stdio::inherit()),
            Run::Quiet => command.stdin(Stdio::null()).stderr(Stdio::piped()),
        };
        // In a group of its own it can neither take our keys nor change our terminal's modes.
        #[cfg(unix)]
        if how == Run::Quiet {
            command.process_group(0);
        }
        Ok(command)
    }

    /// What a plugin is told in `KUBERNETES_EXEC_INFO`.
    fn info(&self, how: Run) -> Result<String, Problem> {
        let mut spec = json!({ "interactive": how == Run::Prompting });
        if self.exec.wants_cluster {
            let c = &self.cluster;
            let mut told = json!({ "server": c.server });
            if c.insecure {
                told["insecure-skip-tls-verify"] = json!(true);
            } else if let Some(ca) = &c.ca {
                let pem = tls::read(ca, "certificate-authority")?;
                told["certificate-authority-data"] = json!(STANDARD.encode(pem));
            }
            for (key, value) in [("tls-server-name", &c.tls_server_name), ("proxy-url", &c.proxy_url)] {
                if let Some(value) = value {
                    told[key] = json!(value);
                }
            }
            if let Some(config) = &c.exec_config {
                told["config"] = config.clone();
            }
            spec["cluster"] = told;
        }
        Ok(json!({ "apiVersion": self.exec.api_version, "kind": "ExecCredential", "spec": spec }).to_string())
    }
}

impl Given {
    fn credential(self, serial: u64) -> Result<Option<(Credential, Option<Instant>)>, Problem> {
        let header = self.token.as_ref().map(|t| bearer(t)).transpose()?;
        let identity = match (self.client_certificate_data, self.client_key_data) {
            (Some(certificate), Some(key)) => Some(Identity { certificate, key: key.into() }),
            _ => None,
        };
        if header.is_none() && identity.is_none() {
            return Ok(None);
        }
        let expires = self.expiration_timestamp.map(|at| {
            let left = at.duration_since(jiff::Timestamp::now());
            Instant::now() + Duration::try_from(left).unwrap_or(Duration::ZERO)
        });
        Ok(Some((Credential { serial, header, identity }, expires)))
    }
}
