use std::sync::Arc;

use super::super::clock::Clock;
use super::super::kinds::{KINDS, PODS};
use super::super::object::text;
use super::super::proto;
use super::*;

fn stamp(index: u32) -> Stamp {
    let mut world = World::new(Clock::new(None, 1.0), 7, 1_000_000_000, 10);
    let apps = Arc::new(Apps::new(&mut world));
    let plan = Plan { seed: 7, nodes: 5_000, teams: 100, apps: apps.count() };
    Stamp::new(&apps, &plan, index, 1_000_000_042, 1_795_000_000)
}

#[tokio::test]
async fn a_stamp_has_no_markers_left_and_its_protobuf_equals_its_json() {
    for index in [0, 5, 17, 99, 12_345, 99_999] {
        let s = stamp(index);
        let value = s.value();
        let json = value.to_string();
        assert!(!json.contains("zq"), "{json}");
        assert!(!json.contains("1999999999") && !json.contains("2033-"), "{json}");
        assert_eq!(&*s.key().1, text(&value, "metadata/name"));
        assert_eq!(&*s.key().0, text(&value, "metadata/namespace"));
        let mut bytes = Vec::new();
        s.write_proto(&mut bytes);
        assert_eq!(bytes, proto::object(&KINDS[PODS], &value));
        assert_eq!(bytes.len(), s.proto_len());
        let now = super::super::table::Moment(1_795_000_100_000);
        assert_eq!((KINDS[PODS].cells)(&s.shown(), now), (KINDS[PODS].cells)(&value, now));
        let mut metadata = Vec::new();
        s.write_metadata(&mut metadata);
        assert_eq!(String::from_utf8(metadata).unwrap(), value["metadata"].to_string());
        assert_eq!(&*s.field(0), text(&value, "spec/nodeName"));
        assert_eq!(&*s.field(5), text(&value, "status/phase"));
        assert_eq!(s.facts().owners[0].to_string(), text(&value, "metadata/ownerReferences/0/uid"));
    }
}
