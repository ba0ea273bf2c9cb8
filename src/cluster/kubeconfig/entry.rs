//! What a cluster and a user entry of a kubeconfig mean.

use super::fields::{flag, maps, object, path, text, text_map, texts};
use secrecy::SecretString;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// PEM material: inline (base64 as in the kubeconfig) or in a file. Inline wins, as in kubectl.
#[derive(Debug, Clone)]
pub enum Material {
    /// Base64 of the PEM text.
    Inline(SecretString),
    /// A file of PEM text, read when connecting.
    File(PathBuf),
}

/// A cluster entry.
#[derive(Debug, Clone, Default)]
pub struct Cluster {
    /// `server`.
    pub server: String,
    /// `tls-server-name`: the name the certificate must carry.
    pub tls_server_name: Option<String>,
    /// `insecure-skip-tls-verify`.
    pub insecure: bool,
    /// `certificate-authority` or `certificate-authority-data`.
    pub ca: Option<Material>,
    /// `proxy-url`.
    pub proxy_url: Option<String>,
    /// `disable-compression`.
    pub plain: bool,
    /// The configuration a credential plugin may ask for (the extension
    /// `client.authentication.k8s.io/exec`).
    pub exec_config: Option<Value>,
}

/// A user entry.
#[derive(Debug, Clone, Default)]
pub struct User {
    /// `token`.
    pub token: Option<SecretString>,
    /// `tokenFile`, read again as it rotates.
    pub token_file: Option<PathBuf>,
    /// `username`.
    pub username: Option<String>,
    /// `password`.
    pub password: Option<SecretString>,
    /// `client-certificate` or `client-certificate-data`.
    pub certificate: Option<Material>,
    /// `client-key` or `client-key-data`.
    pub key: Option<Material>,
    /// `exec`.
    pub exec: Option<Exec>,
    /// `auth-provider`: its name and configuration.
    pub provider: Option<(String, BTreeMap<String, String>)>,
    /// `as`.
    pub as_user: Option<String>,
    /// `as-uid`.
    pub as_uid: Option<String>,
    /// `as-groups`.
    pub as_groups: Vec<String>,
    /// `as-user-extra`.
    pub as_extra: BTreeMap<String, Vec<String>>,
}

/// When a credential plugin talks to the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Interactive {
    /// Never.
    Never,
    /// If there is a terminal to use.
    #[default]
    IfAvailable,
    /// Always: it fails without.
    Always,
}

/// A credential plugin.
#[derive(Debug, Clone, Default)]
pub struct Exec {
    /// `apiVersion`, `client.authentication.k8s.io/v1` or `v1beta1`.
    pub api_version: String,
    /// `command`; one with a slash is relative to its kubeconfig.
    pub command: PathBuf,
    /// `args`.
    pub args: Vec<String>,
    /// `env`, added to ours.
    pub env: Vec<(String, String)>,
    /// `installHint`.
    pub hint: Option<String>,
    /// `provideClusterInfo`.
    pub wants_cluster: bool,
    /// `interactiveMode`.
    pub interactive: Interactive,
}

fn material(m: &Map<String, Value>, key: &str, dir: &Path) -> Result<Option<Material>, String> {
    if let Some(data) = text(m, &format!("{key}-data"))? {
        return Ok(Some(Material::Inline(data.into())));
    }
    Ok(path(m, key, dir)?.map(Material::File))
}

impl Cluster {
    pub(super) fn read(m: &Map<String, Value>, dir: &Path) -> Result<Self, String> {
        let exec_config = maps(m, "extensions")?
            .into_iter()
            .find(|e| e.get("name").and_then(Value::as_str) == Some("client.authentication.k8s.io/exec"))
            .and_then(|e| e.get("extension").cloned());
        Ok(Self {
            server: text(m, "server")?.unwrap_or_default(),
            tls_server_name: text(m, "tls-server-name")?,
            insecure: flag(m, "insecure-skip-tls-verify")?,
            ca: material(m, "certificate-authority", dir)?,
            proxy_url: text(m, "proxy-url")?,
            plain: flag(m, "disable-compression")?,
            exec_config,
        })
    }
}

impl User {
    pub(super) fn read(m: &Map<String, Value>, dir: &Path) -> Result<Self, String> {
        let whole = Value::Object(m.clone());
        let provider = match object(&whole, "auth-provider")? {
            None => None,
            Some(p) => {
                let name = text(p, "name")?.ok_or("`auth-provider` has no `name`")?;
                Some((name, text_map(p, "config")?))
            }
        };
        let as_extra = match object(&whole, "as-user-extra")? {
            None => BTreeMap::new(),
            Some(x) => x.keys().map(|k| Ok((k.clone(), texts(x, k)?))).collect::<Result<_, String>>()?,
        };
        Ok(Self {
            token: text(m, "token")?.map(Into::into),
            token_file: path(m, "tokenFile", dir)?,
            username: text(m, "username")?,
            password: text(m, "password")?.map(Into::into),
            certificate: material(m, "client-certificate", dir)?,
            key: material(m, "client-key", dir)?,
            exec: object(&whole, "exec")?.map(|e| Exec::read(e, dir)).transpose()?,
            provider,
            as_user: text(m, "as")?,
            as_uid: text(m, "as-uid")?,
            as_groups: texts(m, "as-groups")?,
            as_extra,
        })
    }
}

impl Exec {
    fn read(m: &Map<String, Value>, dir: &Path) -> Result<Self, String> {
        let command = text(m, "command")?.ok_or("`exec` has no `command`")?;
        // A bare word is looked up in PATH; one with a slash belongs to its kubeconfig.
        let command =
            if command.contains(std::path::MAIN_SEPARATOR) { dir.join(command) } else { PathBuf::from(command) };
        let env = maps(m, "env")?
            .into_iter()
            .map(|e| Ok((text(e, "name")?.ok_or("`exec.env` has an entry without `name`")?, text(e, "value")?)))
            .map(|r: Result<_, String>| r.map(|(k, v)| (k, v.unwrap_or_default())))
            .collect::<Result<_, _>>()?;
        let interactive = match text(m, "interactiveMode")?.as_deref() {
            None | Some("IfAvailable") => Interactive::IfAvailable,
            Some("Never") => Interactive::Never,
            Some("Always") => Interactive::Always,
            Some(_) => return Err("`exec.interactiveMode` must be Never, IfAvailable or Always".into()),
        };
        let api_version = text(m, "apiVersion")?.ok_or("`exec` has no `apiVersion`")?;
        if !api_version.starts_with("client.authentication.k8s.io/") {
            return Err("`exec.apiVersion` must be client.authentication.k8s.io/v1 or v1beta1".into());
        }
        Ok(Self {
            api_version,
            command,
            args: texts(m, "args")?,
            env,
            hint: text(m, "installHint")?,
            wants_cluster: flag(m, "provideClusterInfo")?,
            interactive,
        })
    }
}
