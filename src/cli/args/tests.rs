use super::*;
use clap::CommandFactory;
use std::time::Duration;

fn parse(line: &str) -> Result<Args, String> {
    Args::try_parse_from(std::iter::once("qd").chain(line.split_whitespace())).map_err(|e| e.to_string())
}

fn good(line: &str) -> Args {
    parse(line).unwrap_or_else(|e| panic!("{line}: {e}"))
}

#[test]
fn the_definition_is_sound() {
    Args::command().debug_assert();
}

#[test]
fn nothing_is_a_command_line() {
    let args = good("");
    assert_eq!((args.sub, args.connection, args.view), (None, Connection::default(), View::default()));
}

#[test]
fn flags_are_read_as_kubectl_reads_them() {
    let args = good(
        "--kubeconfig k --context c --server https://s -n a --namespace b --as u --as-group g --as-group h \
         --request-timeout 1m --read-only --theme light --keymap vim -c :po",
    );
    let c = args.connection;
    assert_eq!(
        (c.kubeconfig, c.context.as_deref(), c.server.as_deref()),
        (Some("k".into()), Some("c"), Some("https://s"))
    );
    assert_eq!(
        (c.as_user.as_deref(), c.as_group, c.read_only),
        (Some("u"), vec!["g".to_owned(), "h".to_owned()], true)
    );
    assert_eq!(c.request_timeout, Some(Timeout(Some(Duration::from_mins(1)))));
    assert_eq!(
        (args.view.namespaces.clone(), args.view.command.as_deref()),
        (vec!["a".to_owned(), "b".to_owned()], Some(":po"))
    );
    assert_eq!(args.view.overrides(), Overrides { theme: Some("light".into()), keymap: Some("vim".into()) });
    assert!(good("-A").view.all_namespaces);
}

#[test]
fn what_contradicts_itself_is_refused() {
    for bad in
        ["-A -n x", "--as-group g", "--request-timeout soon", "-n", "--frobnicate", "nonsense", "completions tcl"]
    {
        assert!(parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn subcommands_take_theme_and_keymap() {
    let args = good("keys --keymap vim");
    assert_eq!((args.sub, args.view.keymap.as_deref()), (Some(Sub::Keys), Some("vim")));
    assert_eq!(good("themes --theme light").view.theme.as_deref(), Some("light"));
    assert_eq!(good("config").sub, Some(Sub::Config { part: None }));
    assert_eq!(good("completions zsh").sub, Some(Sub::Completions { shell: clap_complete::Shell::Zsh }));
}

#[cfg(feature = "demo")]
#[test]
fn the_demo_has_a_size_or_none() {
    let demo = |line: &str| good(line).demo;
    assert_eq!(demo("--demo").demo, Some(None));
    assert_eq!(demo("--demo=5000x100000 --demo-seed 7").demo, Some(Some(Size { nodes: 5_000, pods: 100_000 })));
    assert_eq!(demo("").demo, None);
    for bad in ["--demo-seed 7", "--demo=big", "--demo --context x", "--demo --kubeconfig x"] {
        assert!(parse(bad).is_err(), "{bad}");
    }
    assert_eq!(good("--demo keys").sub, Some(Sub::Keys), "a word after --demo is not its size");
}

#[cfg(feature = "demo")]
#[test]
fn the_demo_server_serves_loopback() {
    let line =
        "demo-server --listen 127.0.0.1:0 --size 2x5 --churn 100 --kubeconfig-out k --fault stall --fault cut=5s";
    let Some(Sub::DemoServer(server)) = good(line).sub else { panic!("a demo server") };
    assert_eq!((server.size, server.seed, server.fault.len()), (Some(Size { nodes: 2, pods: 5 }), 1, 2));
    assert!((server.churn - 100.0).abs() < f64::EPSILON);
    let Some(Sub::DemoServer(server)) = good("demo-server --listen 127.0.0.1:0 --churn 5 --speed 60").sub else {
        panic!("a demo server")
    };
    assert!((server.churn - 5.0).abs() < f64::EPSILON && (server.speed - 60.0).abs() < f64::EPSILON);
    for bad in ["demo-server", "demo-server --listen 0.0.0.0:80", "demo-server --listen 127.0.0.1:0 --churn -5"] {
        assert!(parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn help_names_every_flag_and_fits_a_terminal() {
    let help = Args::command().term_width(80).render_long_help().to_string();
    for flag in ["--kubeconfig", "--as-group", "--request-timeout", "-A, --all-namespaces", "EXAMPLES", "KUBECONFIG"] {
        assert!(help.contains(flag), "{flag}");
    }
    for line in help.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn completions_know_the_subcommands() {
    for shell in [clap_complete::Shell::Bash, clap_complete::Shell::Zsh, clap_complete::Shell::Fish] {
        let script = crate::cli::print::completions(shell);
        assert!(script.contains("completions") && script.contains("request-timeout"), "{shell}");
    }
}
