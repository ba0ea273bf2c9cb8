//! What a plan or a machine must know of whole objects, taken out of their JSON
//! once, in small structs. One file for each kind of object.

mod autoscaler;
mod budget;
mod containers;
mod history;
mod json;
mod meta;
mod node;
mod owners;
mod pod;
mod rollout;
mod room;
mod selector;
mod taint;
mod workload;

#[cfg(test)]
mod tests;

pub use autoscaler::{Autoscaler, over_quota};
pub use budget::{Budget, Unhealthy};
pub use containers::{Condition, Container, Sort, windows};
pub use history::{Revision, bare, history};
pub use json::{contains, list, text};
pub use meta::{Meta, Owner, labels, moment};
pub use node::Node;
pub use owners::reverts;
pub use pod::Pod;
pub use rollout::{rollout, scaled};
pub use room::Room;
pub use selector::{matching, of_pods, typed};
pub use taint::{Taint, Toleration, tolerated};
pub use workload::{Workload, count};
