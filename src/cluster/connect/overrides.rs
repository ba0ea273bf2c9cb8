//! What the command line says against the kubeconfig.

use super::lender::Lending;
use crate::cluster::guard::Guard;
use crate::cluster::kubeconfig::{Target, User};
use crate::core::problem::Problem;
use http::{HeaderMap, HeaderName, HeaderValue};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

/// Flags that change how a context is reached.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--server`.
    pub server: Option<String>,
    /// `--namespace`.
    pub namespace: Option<Arc<str>>,
    /// `--as`.
    pub as_user: Option<String>,
    /// `--as-group`, repeatable.
    pub as_groups: Vec<String>,
    /// `--request-timeout`: how long an answer may take; watches are not cut by it.
    pub request_timeout: Option<Duration>,
    /// `--insecure-skip-tls-verify`.
    pub insecure: bool,
    /// `--read-only`.
    pub guard: Guard,
    /// Where plugins that prompt get the terminal.
    pub lending: Lending,
}

impl Overrides {
    /// Lays the flags over a target.
    pub(super) fn apply(&self, target: &mut Target) {
        if let Some(server) = &self.server {
            target.cluster.server.clone_from(server);
        }
        if let Some(namespace) = &self.namespace {
            target.namespace = Some(namespace.clone());
        }
        if let Some(user) = &self.as_user {
            // Another person: the groups of the kubeconfig's impersonation are not theirs.
            target.user.as_user = Some(user.clone());
            target.user.as_uid = None;
            target.user.as_extra.clear();
            target.user.as_groups.clear();
        }
        if !self.as_groups.is_empty() {
            target.user.as_groups.clone_from(&self.as_groups);
        }
        target.cluster.insecure |= self.insecure;
    }
}

/// A target's address. Without a scheme it is https if anything about TLS is set, as in kubectl.
pub(super) fn address(target: &Target) -> Result<http::Uri, Problem> {
    let cluster = &target.cluster;
    let server = cluster.server.trim();
    let tls = cluster.ca.is_some() || cluster.insecure || target.user.certificate.is_some();
    let scheme = if tls { "https" } else { "http" };
    let full = if server.contains("://") { server.to_owned() } else { format!("{scheme}://{server}") };
    let bad =
        || Problem::Config(format!("server address \"{server}\" is no http:// or https:// address with a host").into());
    let uri: http::Uri = full.parse().map_err(|_| bad())?;
    let good = matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some_and(|h| !h.is_empty());
    if good { Ok(uri) } else { Err(bad()) }
}

/// Whether gzip is worth its work: not within this machine, and not where the kubeconfig says so.
pub(super) fn worth_packing(target: &Target) -> bool {
    let host = address(target).ok().and_then(|uri| uri.host().map(str::to_owned)).unwrap_or_default();
    let ip = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    let near = host.is_empty() || host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback());
    !near && !target.cluster.plain
}

/// An address as a reader wants it: host and port.
pub(super) fn short(uri: &http::Uri) -> String {
    uri.authority().map(|a| a.as_str().rsplit('@').next().unwrap_or_default().to_owned()).unwrap_or_default()
}

/// The headers of impersonation.
pub(super) fn impersonation(user: &User) -> Result<HeaderMap, Problem> {
    let mut headers = HeaderMap::new();
    let bad = |what: &str| Problem::Config(format!("{what} has characters that cannot be sent").into());
    let mut add = |name: HeaderName, value: &str, what: &str| {
        headers.append(name, HeaderValue::from_str(value).map_err(|_| bad(what))?);
        Ok(())
    };
    let Some(name) = &user.as_user else {
        if user.as_groups.is_empty() && user.as_uid.is_none() && user.as_extra.is_empty() {
            return Ok(HeaderMap::new());
        }
        return Err(Problem::Config("impersonating a group needs a user too (--as)".into()));
    };
    add(HeaderName::from_static("impersonate-user"), name, "--as")?;
    if let Some(uid) = &user.as_uid {
        add(HeaderName::from_static("impersonate-uid"), uid, "as-uid")?;
    }
    for group in &user.as_groups {
        add(HeaderName::from_static("impersonate-group"), group, "--as-group")?;
    }
    for (key, values) in &user.as_extra {
        let name = HeaderName::try_from(format!("impersonate-extra-{}", escape(key)));
        let name = name.map_err(|_| Problem::Config("as-user-extra has a key that cannot be sent".into()))?;
        for value in values {
            add(name.clone(), value, "as-user-extra")?;
        }
    }
    Ok(headers)
}

/// Writes what a header name cannot hold as `%2F`.
fn escape(key: &str) -> String {
    let mut out = String::new();
    for b in key.to_lowercase().bytes() {
        if b.is_ascii_alphanumeric() || b"!#$&'*+-.^_`|~".contains(&b) {
            out.push(b as char);
        } else {
            let _ = write!(out, "%{b:02X}");
        }
    }
    out
}
