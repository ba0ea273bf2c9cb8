//! The pods of the shop, on the screen and changed meanwhile.

use crate::agree::agree;
use crate::console::{open, until_live};
use crate::judged::{apply, kubectl, try_kubectl};
use crate::pty::Program;
use std::time::Duration;

/// kubectl's word on them.
pub const SHOP: &[&str] = &["get", "pods", "-n", "shop"];

/// The pods of the shop, live and right.
pub fn shop(conf: &str) -> Program {
    let program = open(conf, &["-n", "shop"], ":pods", (160, 60));
    until_live(&program, Duration::from_mins(1));
    agree(&program, SHOP, &[]);
    program
}

/// A pod that needs no node.
fn pod(name: &str) -> String {
    format!(
        "apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: shop}}
spec:
  schedulingGates: [{{name: qd.test/tide}}]
  containers: [{{name: c, image: 'qd.test/bare:1'}}]
"
    )
}

/// Pods of a case's own, one there before the fault and one made during it.
pub struct Tide {
    before: String,
    pub during: String,
}

impl Tide {
    /// Makes the first of them.
    pub fn new(name: &str) -> Self {
        let tide = Self { before: format!("tide-{name}-before"), during: format!("tide-{name}-during") };
        apply(&pod(&tide.before));
        tide
    }

    /// What the console cannot hear of.
    pub fn turn(&self) {
        apply(&pod(&self.during));
        kubectl(&["delete", "pod", "-n", "shop", &self.before, "--grace-period=0", "--force"]);
    }
}

impl Drop for Tide {
    fn drop(&mut self) {
        let names = [self.before.as_str(), self.during.as_str()];
        let args = ["delete", "pod", "-n", "shop", "--ignore-not-found", "--grace-period=0", "--force"];
        let _ = try_kubectl(&[&args[..], &names].concat());
    }
}
