//! A target turned into kube's configuration: certificates read, names and flags set. Runs on a
//! thread where files may be read.

use crate::cluster::kubeconfig::{Cluster, Material, Target, User, io_words};
use crate::core::problem::Problem;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kube::config::{AuthInfo, AuthProviderConfig};
use secrecy::ExposeSecret as _;

/// A client certificate and its key, PEM.
#[derive(Clone)]
pub(super) struct Identity {
    pub certificate: String,
    pub key: secrecy::SecretString,
}

impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        self.certificate == other.certificate && self.key.expose_secret() == other.key.expose_secret()
    }
}

/// The bytes of PEM material.
pub(super) fn read(material: &Material, what: &str) -> Result<Vec<u8>, Problem> {
    match material {
        Material::File(path) => std::fs::read(path)
            .map_err(|e| Problem::Config(format!("{what} {}: {}", path.display(), io_words(&e)).into())),
        Material::Inline(data) => {
            let text: String = data.expose_secret().split_whitespace().collect();
            STANDARD.decode(text).map_err(|_| Problem::Config(format!("{what}-data is no valid base64").into()))
        }
    }
}

/// The DER bytes of each certificate in PEM text.
fn certificates(pem: &[u8]) -> Result<Vec<Vec<u8>>, Problem> {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";
    let bad = || Problem::Config("certificate-authority holds no valid certificate in PEM form".into());
    let text = std::str::from_utf8(pem).map_err(|_| bad())?;
    let mut out = Vec::new();
    for block in text.split(BEGIN).skip(1) {
        let (body, _) = block.split_once(END).ok_or_else(bad)?;
        let body: String = body.split_whitespace().collect();
        out.push(STANDARD.decode(body).map_err(|_| bad())?);
    }
    if out.is_empty() { Err(bad()) } else { Ok(out) }
}

/// kube's configuration for a target. `issued` is an identity of a credential plugin; it goes
/// before the kubeconfig's own.
pub(super) fn config(target: &Target, base: &http::Uri, issued: Option<&Identity>) -> Result<kube::Config, Problem> {
    let Target { cluster, user, .. } = target;
    let mut config = kube::Config::new(base.clone());
    // Ours to do: a retry below us would hide refusals and repeat what must not be repeated.
    config.default_retry = false;
    config.accept_invalid_certs = cluster.insecure;
    config.tls_server_name.clone_from(&cluster.tls_server_name);
    config.root_cert = authority(cluster)?;
    config.auth_info = AuthInfo { auth_provider: provider(user), ..AuthInfo::default() };
    let (certificate, key) = match issued {
        Some(id) => (id.certificate.clone().into_bytes(), id.key.expose_secret().as_bytes().to_vec()),
        None => match (&user.certificate, &user.key) {
            (None, None) => return Ok(config),
            (Some(c), Some(k)) => (read(c, "client-certificate")?, read(k, "client-key")?),
            (Some(_), None) => return Err(Problem::Config("client-certificate needs a client-key beside it".into())),
            (None, Some(_)) => return Err(Problem::Config("client-key needs a client-certificate beside it".into())),
        },
    };
    config.auth_info.client_certificate_data = Some(STANDARD.encode(certificate));
    config.auth_info.client_key_data = Some(STANDARD.encode(key).into());
    Ok(config)
}

fn authority(cluster: &Cluster) -> Result<Option<Vec<Vec<u8>>>, Problem> {
    match &cluster.ca {
        Some(ca) if !cluster.insecure => certificates(&read(ca, "certificate-authority")?).map(Some),
        _ => Ok(None),
    }
}

fn provider(user: &User) -> Option<AuthProviderConfig> {
    let (name, config) = user.provider.clone()?;
    Some(AuthProviderConfig { name, config: config.into_iter().collect(), ..AuthProviderConfig::default() })
}
