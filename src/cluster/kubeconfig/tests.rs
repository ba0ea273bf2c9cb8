use super::*;
use std::path::Path;

/// A folder of files for one test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("quarterdeck-kubeconfig-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn env(pairs: &[(&str, &str)]) -> Env {
    Env::new(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))
}

fn parse(text: &str) -> Contexts {
    let mut parsed = Parsed::default();
    let mut notices = Vec::new();
    parsed.merge(file::parse(text.as_bytes(), Path::new("/conf")).unwrap(), Path::new("/conf/f"), &mut notices);
    Contexts {
        list: parsed.list(),
        current: parsed.current.clone(),
        files: Vec::new(),
        notices,
        parsed: Arc::new(parsed),
    }
}

const ONE: &str = "
apiVersion: v1
kind: Config
current-context: dev
clusters:
- name: c1
  cluster: {server: 'https://one:6443', certificate-authority: ca.crt, tls-server-name: api, proxy-url: 'http://p:1'}
users:
- name: u1
  user: {client-certificate: certs/u.crt, client-key: /abs/u.key}
contexts:
- name: dev
  context: {cluster: c1, user: u1, namespace: team}
";

#[test]
fn a_context_is_its_cluster_and_user_with_paths_from_its_file() {
    let contexts = parse(ONE);
    assert_eq!(contexts.current.as_deref(), Some("dev"));
    let entry = contexts.get("dev").unwrap();
    assert_eq!((entry.server.as_ref(), entry.user.as_ref()), ("https://one:6443", "u1"));
    assert_eq!(entry.namespace.as_deref(), Some("team"));
    assert_eq!(entry.problem, None);
    let target = contexts.target("dev").unwrap();
    let file = |m: &Option<Material>| match m {
        Some(Material::File(p)) => p.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(file(&target.cluster.ca), Path::new("/conf/ca.crt"));
    assert_eq!(file(&target.user.certificate), Path::new("/conf/certs/u.crt"));
    assert_eq!(file(&target.user.key), Path::new("/abs/u.key"));
    assert_eq!(target.cluster.tls_server_name.as_deref(), Some("api"));
    assert_eq!(target.cluster.proxy_url.as_deref(), Some("http://p:1"));
}

#[test]
fn inline_data_goes_before_files_and_empty_is_absent() {
    let contexts = parse(
        "clusters: [{name: c, cluster: {server: s, certificate-authority: f, certificate-authority-data: YQ==}}]\n\
         users: [{name: u, user: {token: '', tokenFile: t, username: '', as: me, as-groups: [g], as-user-extra: {k: [v]}}}]\n\
         contexts: [{name: x, context: {cluster: c, user: u, namespace: ''}}]",
    );
    let target = contexts.target("x").unwrap();
    assert!(matches!(target.cluster.ca, Some(Material::Inline(_))));
    assert!(target.user.token.is_none() && target.user.username.is_none() && target.namespace.is_none());
    assert_eq!(target.user.token_file.as_deref(), Some(Path::new("/conf/t")));
    assert_eq!(target.user.as_user.as_deref(), Some("me"));
    assert_eq!((target.user.as_groups.len(), target.user.as_extra["k"].len()), (1, 1));
}

#[test]
fn one_broken_entry_leaves_the_others() {
    let contexts = parse(
        "clusters: [{name: c, cluster: {server: 's:1'}}, {name: bad, cluster: {server: [1]}}, {cluster: {}}]\n\
         users: [{name: u, user: {token: 123456}}, {name: ok, user: {}}]\n\
         contexts:\n\
         - {name: good, context: {cluster: c, user: ok}}\n\
         - {name: b1, context: {cluster: bad, user: ok}}\n\
         - {name: b2, context: {cluster: c, user: u}}\n\
         - {name: b3, context: {cluster: none, user: ok}}\n\
         - {name: b4, context: {user: ok}}\n\
         - {name: b5, context: 7}",
    );
    let problem = |name: &str| contexts.get(name).unwrap().problem.as_deref().map(str::to_owned);
    assert_eq!(problem("good"), None);
    assert_eq!(
        problem("b1").unwrap(),
        "kubeconfig cluster \"bad\" is broken: `server` must be a text (put it in quotes)"
    );
    assert_eq!(problem("b2").unwrap(), "kubeconfig user \"u\" is broken: `token` must be a text (put it in quotes)");
    assert_eq!(problem("b3").unwrap(), "kubeconfig has no cluster \"none\"");
    assert_eq!(problem("b4").unwrap(), "kubeconfig context \"b4\" names no cluster");
    assert_eq!(problem("b5").unwrap(), "kubeconfig context \"b5\" is broken: `context` must be a map");
    assert_eq!(contexts.target("b2").unwrap_err().to_string(), problem("b2").unwrap());
    let all = contexts.notices.join("\n");
    assert!(all.contains("entry 3 of `clusters` has no name"), "{all}");
    assert!(!all.contains("123456"), "a secret is never quoted: {all}");
}

#[test]
fn files_are_merged_first_one_first() {
    let folder = Folder::new("merge");
    let a = folder.write("a/config", ONE);
    let b = folder.write(
        "b/config",
        "current-context: other\n\
         clusters: [{name: c1, cluster: {server: 'https://late'}}, {name: c2, cluster: {server: 'https://two', certificate-authority: ca2}}]\n\
         contexts: [{name: dev, context: {cluster: c2, user: u1}}, {name: other, context: {cluster: c2, user: u1}}]",
    );
    let broken = folder.write("c/config", "clusters: [\n  {name: x\n");
    let missing = folder.0.join("none");
    let list = std::env::join_paths([&a, &missing, &b, &broken, &a]).unwrap();
    let contexts = load(None, &env(&[("KUBECONFIG", list.to_str().unwrap()), ("HOME", "/nowhere")]));
    assert_eq!(contexts.current.as_deref(), Some("dev"));
    let names: Vec<_> = contexts.list.iter().map(|c| (c.name.as_ref(), c.server.as_ref())).collect();
    assert_eq!(names, [("dev", "https://one:6443"), ("other", "https://two")]);
    let two = contexts.target("other").unwrap();
    assert!(matches!(two.cluster.ca, Some(Material::File(p)) if p == b.with_file_name("ca2")));
    assert_eq!(contexts.notices.len(), 1, "{:?}", contexts.notices);
    assert!(contexts.notices[0].contains("no valid YAML at line"), "{:?}", contexts.notices);
}

#[test]
fn the_flag_goes_before_the_variable_before_the_home_folder() {
    let folder = Folder::new("order");
    let one = |name: &str| format!("contexts: [{{name: {name}, context: {{}}}}]");
    folder.write(".kube/config", &one("home"));
    let by_variable = folder.write("v", &one("variable"));
    let by_flag = folder.write("f", &one("flag"));
    let home = folder.0.to_str().unwrap();
    let only = |contexts: Contexts| contexts.list[0].name.to_string();
    assert_eq!(only(load(None, &env(&[("HOME", home)]))), "home");
    let both = env(&[("HOME", home), ("KUBECONFIG", by_variable.to_str().unwrap())]);
    assert_eq!(only(load(None, &both)), "variable");
    assert_eq!(only(load(by_flag.to_str(), &both)), "flag");
}

#[test]
fn a_missing_file_counts_only_when_it_was_named() {
    let home = env(&[("HOME", "/no/such/home")]);
    let contexts = load(None, &home);
    assert!(contexts.list.is_empty());
    assert!(contexts.notices[0].contains("no context found (looked at /no/such/home/.kube/config)"));
    let named = load(Some("/no/such/file"), &home);
    assert_eq!(named.notices, ["kubeconfig /no/such/file: there is no such file"]);
}

#[test]
fn what_is_no_kubeconfig_is_said() {
    let said = |bytes: &[u8]| file::parse(bytes, Path::new("/")).map(|_| ()).unwrap_err();
    assert_eq!(said(b"\xff\xfe"), "it is not UTF-8 text");
    assert_eq!(said(b"- a\n- b\n"), "it is no kubeconfig: its top level must be a map");
    assert!(said(b"a: [b").starts_with("no valid YAML"));
    assert!(file::parse(b"\xef\xbb\xbf# nothing\n", Path::new("/")).unwrap().contexts.is_empty());
}

#[test]
fn a_pod_uses_its_own_account() {
    let folder = Folder::new("pod");
    folder.write("token", "t");
    folder.write("namespace", "mine\n");
    let mut env = env(&[("KUBERNETES_SERVICE_HOST", "fd00::1"), ("KUBERNETES_SERVICE_PORT", "443")]);
    env.service_account = folder.0.clone();
    let contexts = load(None, &env);
    assert_eq!(contexts.current.as_deref(), Some("in-cluster"));
    let entry = &contexts.list[0];
    assert_eq!((entry.server.as_ref(), entry.namespace.as_deref()), ("https://[fd00::1]:443", Some("mine")));
    assert!(contexts.target("in-cluster").unwrap().user.token_file.is_some());
    // A kubeconfig that was asked for is not replaced by the pod's account.
    assert!(load(Some("/no/such/file"), &env).list.is_empty());
}

#[test]
fn plugins_are_read_and_checked() {
    let user = |exec: &str| {
        let text = format!(
            "clusters: [{{name: c, cluster: {{server: s}}}}]\n\
             contexts: [{{name: x, context: {{cluster: c, user: u}}}}]\n\
             users: [{{name: u, user: {{exec: {exec}}}}}]"
        );
        parse(&text).target("x").map(|t| t.user.exec.unwrap())
    };
    let full = user(
        "{apiVersion: client.authentication.k8s.io/v1, command: bin/login, args: [a, b], env: [{name: K, value: V}], \
         installHint: h, provideClusterInfo: true, interactiveMode: Never}",
    )
    .unwrap();
    assert_eq!(full.command, Path::new("/conf/bin/login"));
    assert_eq!((full.args.len(), full.env[0].1.as_str(), full.wants_cluster), (2, "V", true));
    assert_eq!(full.interactive, Interactive::Never);
    let bare = user("{apiVersion: client.authentication.k8s.io/v1beta1, command: aws}").unwrap();
    assert_eq!((bare.command.as_path(), bare.interactive), (Path::new("aws"), Interactive::IfAvailable));
    for bad in ["{command: x}", "{apiVersion: client.authentication.k8s.io/v1}", "{apiVersion: v9, command: x}"] {
        assert!(user(bad).unwrap_err().to_string().contains("`exec"), "{bad}");
    }
}
