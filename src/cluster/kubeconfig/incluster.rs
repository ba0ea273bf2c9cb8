//! The account of the pod we run in, when there is no kubeconfig.

use super::file::Context;
use super::merge::Parsed;
use super::{Cluster, Material, User};
use crate::cluster::env::Env;
use std::sync::Arc;

const NAME: &str = "in-cluster";

/// Adds a context for the pod's service account, if this is a pod.
pub(super) fn add(parsed: &mut Parsed, env: &Env) {
    let (Some(host), Some(port)) = (env.var("KUBERNETES_SERVICE_HOST"), env.var("KUBERNETES_SERVICE_PORT")) else {
        return;
    };
    let token = env.service_account.join("token");
    if !token.is_file() {
        return;
    }
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    let namespace = std::fs::read_to_string(env.service_account.join("namespace")).ok();
    let namespace = namespace.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty());
    let name: Arc<str> = NAME.into();
    let ca = env.service_account.join("ca.crt");
    let cluster = Cluster {
        server: format!("https://{host}:{port}"),
        ca: ca.is_file().then_some(Material::File(ca)),
        ..Cluster::default()
    };
    let user = User { token_file: Some(token), ..User::default() };
    let context = Context { cluster: name.clone(), user: name.clone(), namespace: namespace.map(Into::into) };
    parsed.clusters.push((name.clone(), Ok(cluster)));
    parsed.users.push((name.clone(), Ok(user)));
    parsed.contexts.push((name.clone(), Ok(context)));
    parsed.current = Some(name);
}
