//! Pods and containers that are brought in to look at something: what they are made of, as `kubectl debug` and
//! `kubectl run` of 1.35 make them, and what Pod Security says of them.

mod left;
mod profile;
mod security;
mod shape;

#[cfg(test)]
mod tests;

pub use left::{Left, left};
pub use profile::{Profile, Style};
pub use security::{Level, advice, enforced, violation};
pub use shape::{Copied, Program, copy, ephemeral, node, run};

/// The label that tells whose a pod is.
pub const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
/// Its value on pods that are ours to remove.
pub const OURS: &str = "quarterdeck";
/// Its value on the pods of `kubectl debug node/...`, which nobody removes.
pub const KUBECTL: &str = "kubectl-debug";
/// The label that tells what one of ours is for: [`Style::component`].
pub const COMPONENT: &str = "app.kubernetes.io/component";
/// The beginning of the names that debugging containers get where none is chosen: kubectl's.
pub const DEBUGGER: &str = "debugger";

/// Letters that make no words, as kubectl has them.
const LETTERS: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";

/// Five letters that are free in all likelihood, made of a moment (Unix ms) and a name.
#[must_use]
pub fn suffix(now: i64, name: &str) -> String {
    // FNV-1a, then mixed, since moments differ in their last bits only.
    let hash = |h: u64, byte: &u8| (h ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let mut n = name.as_bytes().iter().chain(&now.to_le_bytes()).fold(0xcbf2_9ce4_8422_2325, hash);
    n = (n ^ (n >> 31)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^= n >> 29;
    let mut letters = String::new();
    for _ in 0..5 {
        letters.push(char::from(LETTERS[(n % 27) as usize]));
        n /= 27;
    }
    letters
}
