//! Credential plugins (`exec` in the kubeconfig): run in the background with their output
//! caught, once for all who wait, kept until they expire, run again when the server refuses what
//! they gave. kube runs them several times, blocking, with their stderr on our terminal.

use super::auth::{Credential, bearer};
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
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How long a plugin may take.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long a failure is believed, so that ten streams do not run a failing plugin ten times.
const SULK: Duration = Duration::from_secs(10);
/// How long before it expires a credential is renewed.
const MARGIN: Duration = Duration::from_secs(10);

/// A plugin with what it last gave.
pub(super) struct Plugin {
    exec: Exec,
    cluster: Cluster,
    last: Mutex<Last>,
}

#[derive(Default)]
struct Last {
    credential: Option<Arc<Credential>>,
    expires: Option<Instant>,
    failed: Option<(Instant, Problem)>,
    serial: u64,
}

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
    pub fn new(exec: Exec, cluster: Cluster) -> Self {
        Self { exec, cluster, last: Mutex::default() }
    }

    /// What is valid now; runs the plugin if nothing is. Whoever asks meanwhile waits for the same run.
    pub async fn current(&self) -> Result<Arc<Credential>, Problem> {
        let mut last = self.last.lock().await;
        let valid = last.expires.is_none_or(|at| Instant::now() + MARGIN < at);
        if let Some(c) = last.credential.clone().filter(|_| valid) {
            return Ok(c);
        }
        self.run(&mut last).await
    }

    /// Runs the plugin again unless somebody has since issue `refused`.
    pub async fn renew(&self, refused: u64) -> Result<bool, Problem> {
        let mut last = self.last.lock().await;
        if last.credential.as_ref().is_some_and(|c| c.serial != refused) {
            return Ok(true);
        }
        let before = last.credential.take();
        let now = self.run(&mut last).await?;
        Ok(before.is_none_or(|b| b.header != now.header || b.identity != now.identity))
    }

    async fn run(&self, last: &mut Last) -> Result<Arc<Credential>, Problem> {
        if let Some((at, problem)) = &last.failed
            && at.elapsed() < SULK
        {
            return Err(problem.clone());
        }
        match self.issue(last.serial + 1).await {
            Ok((credential, expires)) => {
                let credential = Arc::new(credential);
                last.serial += 1;
                last.failed = None;
                last.expires = expires;
                last.credential = Some(credential.clone());
                Ok(credential)
            }
            Err(problem) => {
                last.failed = Some((Instant::now(), problem.clone()));
                Err(problem)
            }
        }
    }

    async fn issue(&self, serial: u64) -> Result<(Credential, Option<Instant>), Problem> {
        let name = self.exec.command.display();
        if self.exec.interactive == Interactive::Always {
            let why = format!("credential plugin {name} wants the terminal; run any kubectl command to log in first");
            return Err(Problem::Unauthorized(why.into()));
        }
        let mut command = tokio::process::Command::new(&self.exec.command);
        command
            .args(&self.exec.args)
            .envs(self.exec.env.iter().map(|(k, v)| (k, v)))
            .env("KUBERNETES_EXEC_INFO", self.info()?)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let hint = self.exec.hint.as_deref().map(|h| format!("; {}", clean(h))).unwrap_or_default();
        let output = match tokio::time::timeout(PATIENCE, command.output()).await {
            Ok(Ok(output)) => output,
            Ok(Err(_)) => {
                return Err(Problem::Unauthorized(format!("credential plugin {name} cannot be run{hint}").into()));
            }
            Err(_) => {
                let why = format!("credential plugin {name} did not finish in {} s", PATIENCE.as_secs());
                return Err(Problem::Timeout(why.into()));
            }
        };
        if !output.status.success() {
            let words = String::from_utf8_lossy(&output.stderr);
            let words = words.lines().rev().find(|l| !l.trim().is_empty()).map(clean).unwrap_or_default();
            let code = output.status.code().map_or("was killed".into(), |c| format!("failed with code {c}"));
            return Err(Problem::Unauthorized(format!("credential plugin {name} {code}: {words}{hint}").into()));
        }
        let bad = |why: &str| Problem::Unauthorized(format!("credential plugin {name} {why}").into());
        let given: Output = serde_json::from_slice(&output.stdout).map_err(|_| bad("printed no ExecCredential"))?;
        let given = given.status.ok_or_else(|| bad("printed an ExecCredential without a status"))?;
        given.credential(serial).and_then(|c| c.ok_or_else(|| bad("gave neither a token nor a certificate")))
    }

    /// What a plugin is told in `KUBERNETES_EXEC_INFO`.
    fn info(&self) -> Result<String, Problem> {
        let mut spec = json!({ "interactive": false });
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
