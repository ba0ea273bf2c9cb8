use super::*;
use crate::cluster::kubeconfig;
use crate::cluster::testing::{self, Part, Reply};
use serde_json::json;

fn ask() -> Asked {
    Asked { verb: "get", resource: "pods".into(), namespace: Some("a".into()) }
}

#[tokio::test(start_paused = true)]
async fn an_answer_tells_the_servers_clock_and_the_round_trip() {
    let (conn, log) =
        testing::server(|_, _| Reply::json(&json!({"z": 1, "a": 2})).with("date", "Sat, 21 Nov 2026 14:35:21 GMT"));
    assert!(log.all().is_empty(), "a connection sends nothing by itself");
    let answer = conn.get_json("/api/v1/x?y=z", &ask()).await.unwrap();
    assert_eq!(answer.body.to_string(), r#"{"z":1,"a":2}"#, "keys keep the server's order");
    assert_eq!(answer.date_ms, Some(1_795_271_721_000));
    let seen = &log.all()[0];
    assert_eq!((seen.method.as_str(), seen.uri.as_str()), ("GET", "/api/v1/x?y=z"));
    assert_eq!(seen.header("accept-encoding"), "identity");
    assert!(seen.header("user-agent").starts_with("quarterdeck/"));
    assert_eq!(conn.traffic(), Traffic { requests: 1, bytes: 13 });
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_told_by_its_status_body() {
    let (conn, _) = testing::server(|_, _| {
        let body = r#"{"kind":"Status","message":"pods \"x\" not found","reason":"NotFound","code":404}"#;
        Reply::new(404, body)
    });
    let problem = conn.get_json("/api/v1/x", &ask()).await.unwrap_err();
    assert_eq!(problem, Problem::NotFound("pods \"x\" not found".into()));
}

#[tokio::test(start_paused = true)]
async fn silence_is_a_timeout_at_each_stage() {
    let (conn, _) = testing::server(|_, seen| match seen.uri.as_str() {
        "/body" => Reply::new(200, "{").then(Part::Hang),
        _ => Reply { parts: vec![Part::Hang], ..Reply::new(200, "") },
    });
    let start = Instant::now();
    let problem = conn.get_json("/body", &ask()).await.unwrap_err();
    assert_eq!(problem, Problem::Timeout("test stopped in the middle of its answer".into()));
    assert_eq!(start.elapsed().as_secs(), 15);
    // A pipe nobody reads never answers at all.
    let (ours, _theirs) = tokio::io::duplex(1024);
    let once = std::sync::Mutex::new(Some(ours));
    let dead = Connection::in_process("dead", &Overrides::default(), move || {
        once.lock().unwrap().take().unwrap_or_else(|| tokio::io::duplex(1).0)
    });
    let problem = dead.get_json("/x", &ask()).await.unwrap_err();
    assert_eq!(problem, Problem::Timeout("dead did not answer within 15 s".into()));
}

#[tokio::test(start_paused = true)]
async fn a_cut_body_is_lost_and_other_bodies_are_garbage() {
    let (conn, _) = testing::server(|_, seen| match seen.uri.as_str() {
        "/cut" => Reply::new(200, "{\"a\":").then(Part::Cut),
        _ => Reply::new(200, "<html>log in</html>").with("content-type", "text/html; charset=utf-8"),
    });
    assert!(matches!(conn.get_json("/cut", &ask()).await, Err(Problem::Lost(_))));
    let problem = conn.get_json("/portal", &ask()).await.unwrap_err();
    assert_eq!(problem, Problem::Garbage("get pods: expected JSON, got text/html".into()));
}

#[tokio::test(start_paused = true)]
async fn text_is_read_up_to_its_limit() {
    let (conn, _) = testing::server(|_, _| Reply::new(200, "abcdef").and("ghijkl").then(Part::Hang));
    assert_eq!(conn.get_text("/log", 8, Class::Quick, &ask()).await.unwrap().body, "abcdefgh");
}

#[tokio::test(start_paused = true)]
async fn a_stream_gives_pieces_as_they_come() {
    let (conn, _) =
        testing::server(|_, _| Reply::new(200, "one").then(Part::Wait(Duration::from_secs(300))).and("two"));
    let mut stream = conn.stream("/watch", "application/json", Class::Watch, &ask()).await.unwrap();
    assert_eq!(stream.content_type, "application/json");
    assert_eq!(stream.chunk().await.unwrap().unwrap(), "one");
    assert_eq!(stream.chunk().await.unwrap().unwrap(), "two");
    assert_eq!(stream.chunk().await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn read_only_mode_sends_nothing_that_writes() {
    let over = Overrides { guard: Guard::ReadOnly, ..Overrides::default() };
    let (conn, log) = testing::connect(&over, |_, _| Reply::json(&json!({})));
    let refused = conn.post_json("/api/v1/namespaces/a/pods/p/eviction", &json!({}), &ask()).await;
    assert!(matches!(refused, Err(Problem::Config(_))));
    assert!(log.all().is_empty());
    conn.get_json("/api/v1/pods", &ask()).await.unwrap();
    assert_eq!(log.all().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn flags_impersonate() {
    let over = Overrides {
        as_user: Some("system:serviceaccount:a:b".into()),
        as_groups: vec!["g1".into(), "g 2".into()],
        ..Overrides::default()
    };
    let (conn, log) = testing::connect(&over, |_, _| Reply::json(&json!({})));
    conn.get_json("/x", &ask()).await.unwrap();
    let headers = &log.all()[0].headers;
    assert_eq!(headers["impersonate-user"], "system:serviceaccount:a:b");
    let groups: Vec<_> = headers.get_all("impersonate-group").iter().collect();
    assert_eq!(groups, ["g1", "g 2"]);
}

#[test]
fn extra_keys_of_impersonation_are_escaped_and_groups_need_a_user() {
    let user = kubeconfig::User {
        as_user: Some("u".into()),
        as_extra: [("Example.org/Scope x".to_owned(), vec!["v".to_owned()])].into(),
        ..Default::default()
    };
    let headers = overrides::impersonation(&user).unwrap();
    assert_eq!(headers["impersonate-extra-example.org%2fscope%20x"], "v");
    let alone = kubeconfig::User { as_groups: vec!["g".into()], ..Default::default() };
    assert!(overrides::impersonation(&alone).unwrap_err().to_string().contains("--as"));
}

#[test]
fn addresses_are_completed_as_kubectl_does() {
    let target = |server: &str, insecure| {
        let cluster = kubeconfig::Cluster { server: server.into(), insecure, ..Default::default() };
        Target { cluster, ..Target::default() }
    };
    let table = [
        ("https://h:6443/base", false, Some("https://h:6443/base")),
        ("h:8080", false, Some("http://h:8080/")),
        ("h:6443", true, Some("https://h:6443/")),
        ("https://[::1]:6443", false, Some("https://[::1]:6443/")),
        ("ftp://h", false, None),
        ("https://", false, None),
        ("not a host", false, None),
    ];
    for (server, insecure, expected) in table {
        let got = overrides::address(&target(server, insecure)).map(|u| u.to_string());
        assert_eq!(got.as_deref().ok(), expected, "{server}");
    }
}

/// A kubeconfig in a folder of its own, for connections to a plain HTTP port.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("quarterdeck-connect-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: &str) -> std::path::PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn open(&self, server: &str, user: &str) -> Connection {
        let text = format!(
            "clusters: [{{name: c, cluster: {{server: '{server}'}}}}]\n\
             contexts: [{{name: x, context: {{cluster: c, user: u}}}}]\n\
             users: [{{name: u, user: {user}}}]\n"
        );
        let config = self.write("config", &text);
        let contexts = kubeconfig::load(config.to_str(), &Env::default());
        assert_eq!(contexts.notices, Vec::<String>::new());
        Connection::open(&contexts, "x", &Overrides::default(), &Env::default()).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A server on a port that answers 200 to one `Authorization` and 401 to others.
async fn port(good: &'static str) -> (String, std::sync::Arc<std::sync::Mutex<Vec<String>>>) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let log = seen.clone();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut buffer = vec![0; 8192];
            let n = socket.read(&mut buffer).await.unwrap();
            let text = String::from_utf8_lossy(&buffer[..n]).into_owned();
            let auth = text.lines().find_map(|l| l.strip_prefix("authorization: ")).unwrap_or("").to_owned();
            let status = if auth == good { "200 OK" } else { "401 Unauthorized" };
            log.lock().unwrap().push(auth);
            let reply = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{{}}");
            socket.write_all(reply.as_bytes()).await.unwrap();
        }
    });
    (address, seen)
}

#[tokio::test]
async fn tokens_and_passwords_are_sent() {
    let folder = Folder::new("tokens");
    let (server, _) = port("Bearer t1").await;
    folder.open(&server, "{token: t1}").get_json("/", &ask()).await.unwrap();
    let (server, _) = port("Basic dTpwOnc=").await;
    folder.open(&server, "{username: u, password: 'p:w'}").get_json("/", &ask()).await.unwrap();
    let wrong = folder.open(&server, "{token: other}").get_json("/", &ask()).await.unwrap_err();
    assert_eq!(wrong, Problem::Unauthorized("the server does not accept this user's credentials".into()));
}

#[tokio::test]
async fn a_token_file_is_read_again_when_its_token_is_refused() {
    let folder = Folder::new("token-file");
    let (server, seen) = port("Bearer new").await;
    folder.write("token", "old\n");
    let conn = folder.open(&server, "{tokenFile: token}");
    assert!(matches!(conn.get_json("/", &ask()).await, Err(Problem::Unauthorized(_))));
    folder.write("token", "new\n");
    conn.get_json("/", &ask()).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), ["Bearer old", "Bearer old", "Bearer new"]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_plugin_runs_once_for_all_and_again_when_refused() {
    let folder = Folder::new("plugin");
    let (server, seen) = port("Bearer t2").await;
    // Counts its runs in a file; the first token is one the server does not take.
    folder.write(
        "plugin.sh",
        "echo run >> \"$1/runs\"; n=$(wc -l < \"$1/runs\"); echo \"$KUBERNETES_EXEC_INFO\" > \"$1/info\"\n\
         echo \"{\\\"kind\\\":\\\"ExecCredential\\\",\\\"status\\\":{\\\"token\\\":\\\"t$((n))\\\"}}\"\n",
    );
    let dir = folder.0.display();
    let user = format!(
        "{{exec: {{apiVersion: client.authentication.k8s.io/v1, command: sh, \
         args: ['{dir}/plugin.sh', '{dir}'], provideClusterInfo: true, interactiveMode: Never}}}}"
    );
    let conn = folder.open(&server, &user);
    let ask = ask();
    let (a, b, c) = tokio::join!(conn.get_json("/1", &ask), conn.get_json("/2", &ask), conn.get_json("/3", &ask));
    assert!(a.is_ok() && b.is_ok() && c.is_ok(), "{a:?} {b:?} {c:?}");
    let runs = std::fs::read_to_string(folder.0.join("runs")).unwrap();
    assert_eq!(runs.lines().count(), 2, "one run for all, one for the refusal");
    assert!(seen.lock().unwrap().iter().filter(|a| *a == "Bearer t2").count() >= 3);
    let info: Value = serde_json::from_str(&std::fs::read_to_string(folder.0.join("info")).unwrap()).unwrap();
    assert_eq!(info["spec"]["interactive"], false);
    assert_eq!(info["spec"]["cluster"]["server"], server);
}

#[cfg(unix)]
#[tokio::test]
async fn a_plugin_that_fails_is_quoted_and_one_that_prompts_is_not_run() {
    let folder = Folder::new("plugin-fails");
    let exec = |rest: &str| format!("{{exec: {{apiVersion: client.authentication.k8s.io/v1, {rest}}}}}");
    let fails = exec("command: sh, args: ['-c', 'echo first >&2; echo session has ended >&2; exit 3']");
    let problem = folder.open("http://127.0.0.1:9", &fails).get_json("/", &ask()).await.unwrap_err();
    assert_eq!(problem.to_string(), "not logged in: credential plugin sh failed with code 3: session has ended");
    let missing = exec("command: quarterdeck-no-such-plugin, installHint: get it somewhere");
    let problem = folder.open("http://127.0.0.1:9", &missing).get_json("/", &ask()).await.unwrap_err();
    assert!(problem.to_string().ends_with("cannot be run; get it somewhere"), "{problem}");
    let prompts = exec("command: sh, args: ['-c', 'exit 1'], interactiveMode: Always");
    let problem = folder.open("http://127.0.0.1:9", &prompts).get_json("/", &ask()).await.unwrap_err();
    assert!(problem.to_string().contains("must ask you something"), "{problem}");
    let nothing = exec("command: sh, args: ['-c', 'echo {}']");
    let problem = folder.open("http://127.0.0.1:9", &nothing).get_json("/", &ask()).await.unwrap_err();
    assert!(problem.to_string().contains("without a status"), "{problem}");
}

#[tokio::test]
async fn a_port_nobody_listens_on_is_unreachable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let folder = Folder::new("refused");
    let problem = folder.open(&format!("http://{address}"), "{}").get_json("/", &ask()).await.unwrap_err();
    let expected = format!("unreachable: {address}: connection refused; is the address right and the server up?");
    assert_eq!(problem.to_string(), expected);
}

#[tokio::test]
async fn tls_to_a_port_that_speaks_http_says_so() {
    let (server, _) = port("x").await;
    let folder = Folder::new("not-tls");
    let server = server.replace("http://", "https://");
    let conn = folder.open(&server, "{}");
    let problem = conn.get_json("/", &ask()).await.unwrap_err();
    assert!(matches!(&problem, Problem::Unreachable(m) if m.contains("TLS")), "{problem:?}");
}

#[test]
fn broken_certificates_name_the_field() {
    let read = |text: &str| tls::read(&kubeconfig::Material::Inline(text.to_owned().into()), "client-key");
    assert_eq!(read("***").unwrap_err().to_string(), "client-key-data is no valid base64");
    assert_eq!(read("YWI=\n").unwrap(), b"ab");
    let file = kubeconfig::Material::File("/no/such/file.pem".into());
    let said = tls::read(&file, "client-key").unwrap_err().to_string();
    assert_eq!(said, "client-key /no/such/file.pem: there is no such file");
}

fn packed(text: &str) -> Vec<u8> {
    use std::io::Write as _;
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(text.as_bytes()).unwrap();
    out.finish().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_packed_answer_is_unpacked_as_it_comes() {
    let text = json!({"a": "b".repeat(5_000)}).to_string();
    let (bytes, whole) = (packed(&text), text.clone());
    let (conn, _) = testing::server(move |_, seen| {
        let half = bytes.len() / 2;
        let reply = Reply::new(200, bytes[..half].to_vec()).with("content-encoding", "gzip");
        if seen.uri == "/cut" { reply } else { reply.and(bytes[half..].to_vec()) }
    });
    assert_eq!(conn.get_json("/x", &ask()).await.unwrap().body.to_string(), whole);
    assert!(conn.traffic().bytes < 200, "what came over the line counts: {}", conn.traffic().bytes);
    let problem = conn.get_json("/cut", &ask()).await.unwrap_err();
    assert_eq!(problem, Problem::Garbage("test sent gzip that cannot be unpacked".into()));
}

#[test]
fn answers_are_asked_for_packed_where_they_have_a_way_to_go() {
    let worth = |server: &str, plain| {
        let cluster = kubeconfig::Cluster { server: server.into(), plain, ..Default::default() };
        overrides::worth_packing(&Target { cluster, ..Target::default() })
    };
    assert!(worth("https://api.example.org:6443", false));
    assert!(!worth("https://api.example.org:6443", true), "disable-compression");
    for near in ["https://127.0.0.1:6443", "https://localhost:6443", "https://[::1]:6443", ""] {
        assert!(!worth(near, false), "{near}");
    }
}

#[tokio::test]
async fn certificate_files_are_read_again_once_they_change() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    const CA: &str = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap());
    let lines = std::sync::Arc::new(AtomicU64::new(0));
    let counted = lines.clone();
    // Keeps its connections open: a new one is a new client's.
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                let mut buffer = vec![0; 8192];
                while socket.read(&mut buffer).await.is_ok_and(|n| n > 0) {
                    let _ = socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await;
                }
            });
        }
    });
    let folder = Folder::new("rotation");
    let text = format!(
        "clusters: [{{name: c, cluster: {{server: '{server}', certificate-authority: ca.pem}}}}]\n\
         contexts: [{{name: x, context: {{cluster: c, user: u}}}}]\nusers: [{{name: u, user: {{}}}}]\n"
    );
    let config = folder.write("config", &text);
    let contexts = kubeconfig::load(config.to_str(), &Env::default());
    let conn = Connection::open(&contexts, "x", &Overrides::default(), &Env::default()).unwrap();
    let missing = conn.get_json("/", &ask()).await.unwrap_err();
    assert!(missing.to_string().ends_with("ca.pem: there is no such file"), "{missing}");
    let steps = [(Some(CA.to_owned()), 1), (None, 1), (Some(format!("{CA}{CA}")), 2), (Some("half a ".into()), 2)];
    for (ca, connections) in steps {
        if let Some(ca) = ca {
            folder.write("ca.pem", &ca);
        }
        conn.get_json("/", &ask()).await.unwrap();
        assert_eq!(lines.load(Ordering::SeqCst), connections);
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(6)).await;
        tokio::time::resume();
    }
}

/// A terminal that is always free, and counts who took it.
struct Free(std::sync::Arc<AtomicU64>);

impl Lender for Free {
    fn lend(&self, words: String) -> std::pin::Pin<Box<dyn Future<Output = Option<Lease>> + Send>> {
        assert!(words.starts_with("qd: sh logs in to x"), "{words}");
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { Some(Box::new(()) as Lease) })
    }
}

/// A connection of a user, with a terminal to lend.
fn lending(folder: &Folder, server: &str, user: &str) -> (Connection, std::sync::Arc<AtomicU64>) {
    let lent = std::sync::Arc::new(AtomicU64::new(0));
    folder.open(server, user);
    let contexts = kubeconfig::load(folder.0.join("config").to_str(), &Env::default());
    let over = Overrides { lending: Lending(Some(Arc::new(Free(lent.clone())))), ..Overrides::default() };
    (Connection::open(&contexts, "x", &over, &Env::default()).unwrap(), lent)
}

#[cfg(unix)]
#[tokio::test]
async fn a_plugin_gets_the_terminal_as_its_mode_says_and_once() {
    // Gives a token only when it may talk to the user, and counts its runs.
    const SCRIPT: &str = "echo run >> \"$1/runs\"\n\
        case \"$KUBERNETES_EXEC_INFO\" in *'\"interactive\":true'*) ;; *) echo no terminal >&2; exit 1;; esac\n\
        echo '{\"kind\":\"ExecCredential\",\"status\":{\"token\":\"t\"}}'\n";
    // Mode, what the server takes, whether it works, how often the terminal was lent, runs.
    let table = [
        ("Never", "Bearer t", false, 0, 1),
        ("IfAvailable", "Bearer t", true, 1, 2),
        ("Always", "Bearer t", true, 1, 1),
        ("Always", "Bearer other", false, 1, 1),
    ];
    for (mode, good, works, times, runs) in table {
        let folder = Folder::new("prompts");
        folder.write("plugin.sh", SCRIPT);
        let (server, _) = port(good).await;
        let dir = folder.0.display();
        let user = format!(
            "{{exec: {{apiVersion: client.authentication.k8s.io/v1, command: sh, \
             args: ['{dir}/plugin.sh', '{dir}'], interactiveMode: {mode}}}}}"
        );
        let (conn, lent) = lending(&folder, &server, &user);
        let ask = ask();
        let (a, b) = tokio::join!(conn.get_json("/1", &ask), conn.get_json("/2", &ask));
        assert_eq!((a.is_ok(), b.is_ok()), (works, works), "{mode}: {a:?} {b:?}");
        assert_eq!(lent.load(Ordering::SeqCst), times, "{mode}");
        let seen = std::fs::read_to_string(folder.0.join("runs")).unwrap().lines().count();
        assert_eq!(seen, runs, "{mode}");
        if good == "Bearer other" {
            // Refused: nobody is asked again until the user wants it.
            assert!(conn.get_json("/3", &ask).await.is_err());
            assert_eq!(lent.load(Ordering::SeqCst), 1);
            conn.login().await;
            assert!(conn.get_json("/4", &ask).await.is_err());
            assert_eq!(lent.load(Ordering::SeqCst), 2);
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_prompt_goes_on_when_the_one_who_asked_gives_up() {
    let folder = Folder::new("patient");
    let (server, _) = port("Bearer t").await;
    // Waits for a file, as for a user.
    folder.write(
        "plugin.sh",
        "echo run >> \"$1/runs\"; while [ ! -e \"$1/answer\" ]; do sleep 0.02; done\n\
         echo '{\"kind\":\"ExecCredential\",\"status\":{\"token\":\"t\"}}'\n",
    );
    let dir = folder.0.display();
    let user = format!(
        "{{exec: {{apiVersion: client.authentication.k8s.io/v1, command: sh, \
         args: ['{dir}/plugin.sh', '{dir}'], interactiveMode: Always}}}}"
    );
    let (conn, lent) = lending(&folder, &server, &user);
    let first = tokio::spawn({
        let conn = conn.clone();
        async move { conn.get_json("/1", &ask()).await }
    });
    while !folder.0.join("runs").exists() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    first.abort();
    let _ = first.await;
    folder.write("answer", "");
    conn.get_json("/2", &ask()).await.unwrap();
    assert_eq!(std::fs::read_to_string(folder.0.join("runs")).unwrap().lines().count(), 1);
    assert_eq!(lent.load(Ordering::SeqCst), 1);
}
