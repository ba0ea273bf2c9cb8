//! Errors below HTTP's statuses: names, sockets, TLS, HTTP itself.

use crate::core::problem::Problem;
use std::error::Error as StdError;
use std::io::ErrorKind;

/// Walks an error and its sources.
fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let now = next?;
        // An io::Error's source skips the error it wraps; look into it first.
        next = match now.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => now.source(),
        };
        Some(now)
    })
}

/// The problem of an error of kube's client; `server` is the address that was asked.
#[must_use]
pub fn from_kube(error: &kube::Error, server: &str) -> Problem {
    match error {
        kube::Error::Auth(_) => Problem::Unauthorized(
            "the kubeconfig's auth-provider gave no token; log in again with the tool that wrote it".into(),
        ),
        kube::Error::RustlsTls(e) => Problem::Config(tls_setup(e).into()),
        kube::Error::ProxyProtocolUnsupported { .. } => {
            Problem::Config("proxy-url must begin with http://, https:// or socks5://".into())
        }
        other => from_error(other, server),
    }
}

/// The problem of any error on the way to `server` or back.
#[must_use]
pub fn from_error(error: &(dyn StdError + 'static), server: &str) -> Problem {
    // What was told in our own words already goes through as it is.
    if let Some(told) = chain(error).find_map(|e| e.downcast_ref::<Told>()) {
        return told.0.clone();
    }
    for e in chain(error) {
        let text = e.to_string();
        if let Some(words) = proxy_words(&text).or_else(|| tls_words(&text)) {
            return Problem::Unreachable(format!("{server}: {words}").into());
        }
    }
    let connecting = chain(error).any(|e| {
        e.downcast_ref::<hyper_util::client::legacy::Error>().is_some_and(hyper_util::client::legacy::Error::is_connect)
    });
    if connecting && chain(error).any(|e| e.to_string().starts_with("dns error")) {
        return Problem::Unreachable(format!("{server}: the name is not known").into());
    }
    for e in chain(error) {
        if let Some(io) = e.downcast_ref::<std::io::Error>()
            && let Some(problem) = socket(io.kind(), server, connecting)
        {
            return problem;
        }
        if let Some(http) = e.downcast_ref::<hyper::Error>() {
            if http.is_parse() {
                return Problem::Garbage(format!("{server} does not speak HTTP as an API server does").into());
            }
            if http.is_incomplete_message() || http.is_closed() || http.is_canceled() {
                return Problem::Lost(format!("{server} closed the connection").into());
            }
        }
    }
    if connecting {
        Problem::Unreachable(format!("{server}: no connection").into())
    } else {
        Problem::Lost(format!("the connection to {server} broke").into())
    }
}

/// A problem that travels as an error through foreign code.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Told(pub Problem);

/// Failures of an HTTP or SOCKS proxy by hyper-util's words for them: their types are private.
fn proxy_words(text: &str) -> Option<&'static str> {
    let tunnel = text.strip_prefix("tunnel error: ")?;
    Some(match tunnel {
        "proxy authorization required" => "the proxy wants a user and password (put them in the proxy address)",
        "unsuccessful" => "the proxy refuses to connect there",
        "unexpected end of file" => "the proxy hung up",
        "failed to create underlying connection" | "io error establishing tunnel" => return None,
        _ => "the proxy's answer makes no sense",
    })
}

fn socket(kind: ErrorKind, server: &str, connecting: bool) -> Option<Problem> {
    let why = match kind {
        ErrorKind::ConnectionRefused => "connection refused; is the address right and the server up?",
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => "no way to get there from here",
        ErrorKind::NetworkDown => "the network is down",
        ErrorKind::TimedOut if connecting => "no answer to the connection attempt",
        ErrorKind::TimedOut => return Some(Problem::Timeout(format!("{server} went silent").into())),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe if !connecting => {
            return Some(Problem::Lost(format!("{server} dropped the connection").into()));
        }
        ErrorKind::UnexpectedEof if !connecting => {
            return Some(Problem::Lost(format!("{server} closed the connection").into()));
        }
        ErrorKind::ConnectionReset | ErrorKind::UnexpectedEof => "the connection was dropped during the handshake",
        _ => return None,
    };
    Some(Problem::Unreachable(format!("{server}: {why}").into()))
}

/// TLS failures by rustls' names for them.
fn tls_words(text: &str) -> Option<&'static str> {
    let bad = text.contains("invalid peer certificate");
    Some(match text {
        t if bad && t.contains("UnknownIssuer") => {
            "its certificate is signed by an authority we do not know; set certificate-authority"
        }
        t if bad && t.contains("xpired") => "its certificate has expired",
        t if bad && (t.contains("NotValidForName") || t.contains("not valid for")) => {
            "its certificate is for another name; set tls-server-name"
        }
        t if bad && t.contains("NotValidYet") => "its certificate is not valid yet; is the clock right?",
        _ if bad => "its certificate is not valid",
        t if t.contains("received corrupt message") => "it does not speak TLS; is it http instead of https?",
        t if t.contains("CertificateRequired") || t.contains("certificate required") => "it wants a client certificate",
        t if t.contains("received fatal alert") && t.contains("ertificate") => "it refuses our client certificate",
        t if t.contains("received fatal alert") => "it refuses our TLS handshake",
        _ => return None,
    })
}

fn tls_setup(error: &kube::client::RustlsTlsError) -> &'static str {
    use kube::client::RustlsTlsError as E;
    match error {
        E::MissingPrivateKey | E::UnknownPrivateKeyFormat => "client-key holds no private key in PEM form",
        E::MissingCertificate => "client-certificate holds no certificate in PEM form",
        E::InvalidIdentityPem(_) => "client-certificate or client-key is no valid PEM",
        E::InvalidPrivateKey(_) => "client-key does not fit client-certificate, or is of a kind not supported",
        E::AddRootCertificate(_) => "certificate-authority holds no valid certificate",
        _ => "TLS cannot be set up from this kubeconfig",
    }
}
