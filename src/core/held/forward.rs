//! Forwarded ports: which local one leads where.

use crate::core::facts::Pod;
use crate::core::kind::{ClusterId, Kind};
use serde_json::Value;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

/// A port of a pod.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Port {
    /// By number.
    Number(u16),
    /// By the name a container gives it.
    Named(Arc<str>),
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(n) => n.fmt(f),
            Self::Named(name) => f.write_str(name),
        }
    }
}

/// Which pods.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pods {
    /// The kind of pods.
    pub kind: Arc<Kind>,
    /// Where.
    pub namespace: Arc<str>,
    /// This one, as long as one of that name is there.
    pub name: Option<Arc<str>>,
    /// Else any ready one with these labels; empty for none.
    pub labels: Arc<str>,
}

/// One forward.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Wish {
    /// On which cluster.
    pub cluster: ClusterId,
    /// To which pods.
    pub pods: Pods,
    /// Where it listens.
    pub address: IpAddr,
    /// At which port; 0 for any.
    pub local: u16,
    /// Where it leads.
    pub port: Port,
}

/// Whether a pod may be led to: it runs, is not leaving, and is not the one with the uid `not`, which has just failed.
#[must_use]
pub fn good(pod: &Value, not: &str) -> bool {
    let of = Pod::of(pod);
    of.phase == "Running" && of.meta.deletion.is_none() && of.meta.uid != not
}

/// The pod that is led to among these: of those that are ready the one that has been there longest.
#[must_use]
pub fn chosen<'a>(pods: &'a [Value], not: &str) -> Option<&'a Value> {
    let fit = pods.iter().filter(|p| good(p, not) && Pod::of(p).ready);
    fit.min_by_key(|p| p["metadata"]["creationTimestamp"].as_str().unwrap_or_default())
}

/// `8080:80`, `:80` for any local port, `80` for the same: kubectl's way to say it.
///
/// # Errors
/// What is wrong with it.
pub fn ports(text: &str) -> Result<(u16, Port), String> {
    let (local, remote) = text.trim().split_once(':').unwrap_or((text.trim(), text.trim()));
    let port = match remote.parse::<u16>() {
        Ok(0) => return Err("0 is no port of a container".into()),
        Ok(n) => Port::Number(n),
        Err(_) if remote.is_empty() => return Err("a port, as 8080:80, :80 for any local one, or 80".into()),
        Err(_) if remote.bytes().all(|b| b.is_ascii_digit()) => {
            return Err(format!("{remote} is no port: up to 65535"));
        }
        Err(_) if remote.len() <= 15 && remote.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') => {
            Port::Named(remote.into())
        }
        Err(_) => return Err(format!("{remote} is neither a port nor the name of one")),
    };
    let local = match (local, &port) {
        ("", _) => 0,
        (same, Port::Named(name)) if same == name.as_ref() => 0,
        (number, _) => number.parse().map_err(|_| format!("{number} is no local port: 0 to 65535"))?,
    };
    Ok((local, port))
}

/// An address to listen at.
///
/// # Errors
/// If it is none.
pub fn address(text: &str) -> Result<IpAddr, String> {
    match text.trim() {
        "" | "localhost" => Ok(IpAddr::from([127, 0, 0, 1])),
        other => other.parse().map_err(|_| format!("{other} is no address; 127.0.0.1, ::1, or 0.0.0.0 for all")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_said_as_kubectl_takes_them() {
        let table: [(&str, Result<(u16, Port), ()>); 10] = [
            ("8080:80", Ok((8080, Port::Number(80)))),
            (":80", Ok((0, Port::Number(80)))),
            ("80", Ok((80, Port::Number(80)))),
            ("0:80", Ok((0, Port::Number(80)))),
            ("8080:http", Ok((8080, Port::Named("http".into())))),
            ("http", Ok((0, Port::Named("http".into())))),
            ("", Err(())),
            ("70000", Err(())),
            ("x:80", Err(())),
            ("80:0", Err(())),
        ];
        for (text, expected) in table {
            assert_eq!(ports(text).map_err(|_| ()), expected, "{text}");
        }
        assert!(address("localhost").unwrap().is_loopback() && address("host").is_err());
        assert!(!address("0.0.0.0").unwrap().is_loopback());
    }
}
