//! A user with few rights gets a working console.

use crate::oracle::{kubeconfig, turn};
use crate::pty::{Program, command};

const QD: &str = env!("CARGO_BIN_EXE_qd");

#[test]
fn what_is_forbidden_is_named() {
    let _turn = turn();
    let args = ["--kubeconfig", &kubeconfig("viewer.conf"), "-A", "-c", ":nodes"];
    let program = Program::start(command(QD, &args), 160, 50);
    program.wait_for("the missing right", |s| s.contents().contains("forbidden: list nodes"));
}

#[test]
fn a_user_of_one_namespace_sees_its_pods() {
    let _turn = turn();
    let args = ["--kubeconfig", &kubeconfig("viewer.conf"), "-n", "shop", "-c", ":pods"];
    let mut program = Program::start(command(QD, &args), 160, 60);
    program.send("\\z");
    program
        .wait_for("the namespace's pods, live", |s| s.contents().contains("web-") && s.contents().contains(" live "));
}
