use super::*;

#[test]
fn no_proxy_as_go_reads_it() {
    let table: &[(&str, u16, &str, bool)] = &[
        ("localhost", 6443, "", true),
        ("127.0.0.1", 6443, "", true),
        ("[::1]", 6443, "", true),
        ("api.example.org", 443, "", false),
        ("api.example.org", 443, "*", true),
        ("api.example.org", 443, "example.org", true),
        ("api.example.org", 443, ".example.org", true),
        ("api.example.org", 443, "*.example.org", true),
        ("example.org", 443, ".example.org", false),
        ("example.org", 443, "Example.org", true),
        ("badexample.org", 443, "example.org", false),
        ("api.example.org", 443, "example.org:443", true),
        ("api.example.org", 6443, "example.org:443", false),
        ("10.1.2.3", 443, "10.0.0.0/8", true),
        ("11.1.2.3", 443, "10.0.0.0/8", false),
        ("11.1.2.3", 443, "0.0.0.0/0", true),
        ("10.1.2.3", 443, "10.1.2.3", true),
        ("10.1.2.3", 443, "10.1.2.3:443", true),
        ("10.1.2.3", 443, "10.1.2.3:80", false),
        ("[fd00::5]", 443, "fd00::/8", true),
        ("[fd00::5]", 443, "fd00::5", true),
        ("api.example.org", 443, " a.b , example.org ", true),
        ("api.example.org", 443, "10.0.0.0/99,/", false),
    ];
    for (host, port, list, expected) in table {
        assert_eq!(direct(host, *port, list), *expected, "{host}:{port} with NO_PROXY={list}");
    }
}

#[test]
fn the_clusters_own_proxy_comes_first_and_ignores_no_proxy() {
    let env = |pairs: &[(&str, &str)]| Env::new(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
    let server: http::Uri = "https://api.example.org:6443".parse().unwrap();
    let both = env(&[("HTTPS_PROXY", "http://env:1"), ("NO_PROXY", "*")]);
    let own = choose(Some("http://us%40er:p%3Aw@own:3128"), &server, &both).unwrap().unwrap();
    assert_eq!(own.uri, "http://own:3128/");
    let expected = format!("Basic {}", STANDARD.encode("us@er:p:w"));
    assert_eq!(own.auth.unwrap().to_str().unwrap(), expected);
    assert!(choose(None, &server, &both).unwrap().is_none());
    let lower = env(&[("https_proxy", "env:8080")]);
    assert_eq!(choose(None, &server, &lower).unwrap().unwrap().uri, "http://env:8080/");
    let http: http::Uri = "http://api.example.org".parse().unwrap();
    assert!(choose(None, &http, &lower).unwrap().is_none());
}

#[test]
fn a_bad_proxy_is_told_without_its_password() {
    let server: http::Uri = "https://a".parse().unwrap();
    for url in ["ftp://u:secret@h", "http://u:secret@", "http://u:secret@h h"] {
        let said = choose(Some(url), &server, &Env::default()).unwrap_err().to_string();
        assert!(said.starts_with("proxy-url is no address") && !said.contains("secret"), "{said}");
    }
}
