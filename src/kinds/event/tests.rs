use super::*;
use crate::kinds::fixtures::{TAKEN, agree, fixture, list};
use crate::kinds::wire::Encoding;

#[test]
fn rows_agree_with_kubectl() {
    let batch = list("", "events", Encoding::Json, fixture!("events.json"));
    agree(&(SPEC.schema)(), &batch, fixture!("events.wide.txt"), TAKEN);
}

#[test]
fn protobuf_rows_are_the_json_rows() {
    let json = list("", "events", Encoding::Json, fixture!("events.json"));
    assert_eq!(json.len(), 160);
    assert_eq!(json, list("", "events", Encoding::Protobuf, fixture!("events.pb")));
}
