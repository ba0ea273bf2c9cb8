//! Who we are to the server: the `Authorization` header of each request, and where it comes
//! from. Certificates are the TLS layer's matter, except those a plugin issues.

use super::lender::Lending;
use super::plugin::Plugin;
use super::tls::Identity;
use crate::cluster::kubeconfig::{Target, io_words};
use crate::core::problem::Problem;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use secrecy::ExposeSecret as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// Credentials at one moment.
#[derive(Clone, Default)]
pub(super) struct Credential {
    /// Which issue this is; a refusal names the one it was for.
    pub serial: u64,
    /// The header to send.
    pub header: Option<HeaderValue>,
    /// A certificate a plugin issued.
    pub identity: Option<Identity>,
}

/// How credentials are had.
pub(super) enum Auth {
    /// They never change.
    Fixed(Arc<Credential>),
    /// A token in a file that is rotated by somebody else.
    File(TokenFile),
    /// A credential plugin issues them.
    Plugin(Box<Plugin>),
}

impl Auth {
    /// The way a target's user names.
    pub fn new(target: &Target, lending: &Lending) -> Result<Self, Problem> {
        let user = &target.user;
        if let Some(exec) = &user.exec {
            return Ok(Self::Plugin(Box::new(Plugin::new(
                exec.clone(),
                target.cluster.clone(),
                target.context.clone(),
                lending.clone(),
            ))));
        }
        // A token file wins over a token, as in client-go.
        if let Some(path) = &user.token_file {
            return Ok(Self::File(TokenFile::new(path.clone())));
        }
        let header = if let Some(token) = &user.token {
            Some(bearer(token.expose_secret())?)
        } else if let Some(name) = &user.username {
            let password = user.password.as_ref().map_or("", |p| p.expose_secret());
            Some(sensitive(&format!("Basic {}", STANDARD.encode(format!("{name}:{password}"))), "username")?)
        } else {
            None
        };
        Ok(Self::Fixed(Arc::new(Credential { header, ..Credential::default() })))
    }

    /// The credentials to use now.
    pub async fn current(&self) -> Result<Arc<Credential>, Problem> {
        match self {
            Self::Fixed(c) => Ok(c.clone()),
            Self::File(f) => f.current(None).await,
            Self::Plugin(p) => p.current().await,
        }
    }

    /// After a 401 with issue `refused`: whether there are others now, worth one more try.
    pub async fn renew(&self, refused: u64) -> Result<bool, Problem> {
        match self {
            Self::Fixed(_) => Ok(false),
            Self::File(f) => Ok(f.current(Some(refused)).await?.serial != refused),
            Self::Plugin(p) => p.renew(refused).await,
        }
    }
}

/// `Bearer ...`, kept out of every log.
pub(super) fn bearer(token: &str) -> Result<HeaderValue, Problem> {
    sensitive(&format!("Bearer {}", token.trim()), "token")
}

fn sensitive(value: &str, what: &str) -> Result<HeaderValue, Problem> {
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| Problem::Config(format!("the {what} has characters that cannot be sent").into()))?;
    value.set_sensitive(true);
    Ok(value)
}

/// A token file, read again each minute and when the server refuses what it held.
pub(super) struct TokenFile {
    path: PathBuf,
    last: Mutex<Option<(Instant, Arc<Credential>)>>,
}

impl TokenFile {
    const FRESH: Duration = Duration::from_mins(1);

    fn new(path: PathBuf) -> Self {
        Self { path, last: Mutex::new(None) }
    }

    async fn current(&self, refused: Option<u64>) -> Result<Arc<Credential>, Problem> {
        let mut last = self.last.lock().await;
        let old = match &*last {
            Some((at, c)) if refused != Some(c.serial) && at.elapsed() < Self::FRESH => return Ok(c.clone()),
            Some((_, c)) => Some(c.clone()),
            None => None,
        };
        let header = match (tokio::fs::read_to_string(&self.path).await, &old) {
            (Ok(token), _) => bearer(&token)?,
            // While the file is being replaced the old token is as good as any.
            (Err(_), Some(old)) => return Ok(old.clone()),
            (Err(e), None) => {
                let why = format!("token file {}: {}", self.path.display(), io_words(&e));
                return Err(Problem::Unauthorized(why.into()));
            }
        };
        let credential = match old {
            Some(old) if old.header.as_ref() == Some(&header) => old,
            old => {
                Arc::new(Credential { serial: old.map_or(0, |o| o.serial) + 1, header: Some(header), identity: None })
            }
        };
        *last = Some((Instant::now(), credential.clone()));
        Ok(credential)
    }
}
