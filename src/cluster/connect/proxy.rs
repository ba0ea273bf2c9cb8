//! Which proxy to use: `proxy-url` of the cluster, else the environment as Go programs read it
//! (`HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in capitals or not), against the API server's
//! name. kube looks at `NO_PROXY` against the proxy's.

use super::dial::Proxy;
use crate::cluster::env::Env;
use crate::core::problem::Problem;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::net::IpAddr;

/// The proxy on the way to `server`, if there is one. `own` is the cluster's `proxy-url`, which
/// `NO_PROXY` does not concern.
pub(super) fn choose(own: Option<&str>, server: &http::Uri, env: &Env) -> Result<Option<Proxy>, Problem> {
    if let Some(url) = own {
        return parse(url, "proxy-url").map(Some);
    }
    let https = server.scheme_str() != Some("http");
    let (names, what) = if https {
        (["HTTPS_PROXY", "https_proxy"], "HTTPS_PROXY")
    } else {
        (["HTTP_PROXY", "http_proxy"], "HTTP_PROXY")
    };
    let Some(url) = env.first(&names) else { return Ok(None) };
    let port = server.port_u16().unwrap_or(if https { 443 } else { 80 });
    if direct(server.host().unwrap_or_default(), port, env.first(&["NO_PROXY", "no_proxy"]).unwrap_or_default()) {
        return Ok(None);
    }
    parse(url, what).map(Some)
}

fn parse(url: &str, what: &str) -> Result<Proxy, Problem> {
    // The address itself stays out of the message: it may hold a password.
    let bad = || Problem::Config(format!("{what} is no address of a proxy (http://, https:// or socks5://)").into());
    let url = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
    let (scheme, rest) = url.split_once("://").ok_or_else(bad)?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (user, host) = authority.rsplit_once('@').map_or((None, authority), |(u, h)| (Some(u), h));
    // Through SOCKS the user is told by the protocol, so it stays in the address.
    let bare = if scheme.starts_with("socks") { url.clone() } else { format!("{scheme}://{host}{path}") };
    let uri: http::Uri = bare.parse().map_err(|_| bad())?;
    if host.is_empty() || !matches!(scheme, "http" | "https" | "socks5" | "socks5h") {
        return Err(bad());
    }
    let auth = match user {
        Some(user) if !scheme.starts_with("socks") => {
            let value = format!("Basic {}", STANDARD.encode(unescape(user)));
            Some(value.parse().map_err(|_| bad())?)
        }
        _ => None,
    };
    Ok(Proxy { uri, auth })
}

/// Undoes `%40` and the like.
fn unescape(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = |at: usize| bytes.get(at).and_then(|b| (*b as char).to_digit(16));
        match (bytes[i], hex(i + 1), hex(i + 2)) {
            (b'%', Some(a), Some(b)) => {
                out.push((a * 16 + b) as u8);
                i += 3;
            }
            (b, ..) => {
                out.push(b);
                i += 1;
            }
        }
    }
    out
}

/// Whether `NO_PROXY` (or being local) says to go straight.
fn direct(host: &str, port: u16, no_proxy: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    let ip: Option<IpAddr> = host.parse().ok();
    if host == "localhost" || ip.is_some_and(|ip| ip.is_loopback()) {
        return true;
    }
    no_proxy.split(',').map(|e| e.trim().to_ascii_lowercase()).filter(|e| !e.is_empty()).any(|entry| {
        if entry == "*" {
            return true;
        }
        if let Some((net, bits)) = entry.split_once('/') {
            return matches!((ip, net.parse(), bits.parse()), (Some(ip), Ok(net), Ok(bits)) if within(ip, net, bits));
        }
        if let Ok(other) = entry.parse::<IpAddr>() {
            return ip == Some(other);
        }
        let (name, wanted) = match entry.rsplit_once(':') {
            Some((name, p)) if !name.contains(':') => (name.to_owned(), p.parse::<u16>().ok()),
            _ => (entry.clone(), None),
        };
        if wanted.is_some_and(|p| p != port) {
            return false;
        }
        if let Ok(other) = name.parse::<IpAddr>() {
            return ip == Some(other);
        }
        // `.example.org` and `*.example.org` are names below it; `example.org` is itself, too.
        match name.strip_prefix("*.").or_else(|| name.strip_prefix('.')) {
            Some(below) => host.strip_suffix(below).is_some_and(|h| h.ends_with('.')),
            None => host == name || host.strip_suffix(name.as_str()).is_some_and(|h| h.ends_with('.')),
        }
    })
}

fn within(ip: IpAddr, net: IpAddr, bits: u32) -> bool {
    match (ip, net) {
        (IpAddr::V4(a), IpAddr::V4(b)) if bits <= 32 => {
            let shift = |v: u32| v.checked_shr(32 - bits).unwrap_or(0);
            shift(a.to_bits()) == shift(b.to_bits())
        }
        (IpAddr::V6(a), IpAddr::V6(b)) if bits <= 128 => {
            let shift = |v: u128| v.checked_shr(128 - bits).unwrap_or(0);
            shift(a.to_bits()) == shift(b.to_bits())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
