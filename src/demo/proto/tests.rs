use std::collections::BTreeMap;

use serde_json::Value;

use super::super::kinds::{EVENTS, KINDS, NODES, PODS};
use super::object;

/// A message as a multiset of (path, value): order and empty fields do not matter, maps are unordered.
fn leaves(bytes: &[u8], path: &str, depth: usize, out: &mut BTreeMap<(String, Vec<u8>), usize>) -> bool {
    let (mut at, mut found) = (0, Vec::new());
    while at < bytes.len() {
        let Some((key, next)) = varint(bytes, at) else { return false };
        let (number, wire) = (key >> 3, key & 7);
        if number == 0 || number > 100 {
            return false;
        }
        match wire {
            0 => {
                let Some((value, next)) = varint(bytes, next) else { return false };
                if value != 0 {
                    found.push((format!("{path}.{number}"), value.to_be_bytes().to_vec(), false));
                }
                at = next;
            }
            2 => {
                let Some((length, start)) = varint(bytes, next) else { return false };
                let end = start + usize::try_from(length).unwrap();
                if end > bytes.len() {
                    return false;
                }
                if end > start {
                    found.push((format!("{path}.{number}"), bytes[start..end].to_vec(), true));
                }
                at = end;
            }
            _ => return false,
        }
    }
    for (path, value, nested) in found {
        let mut inner = BTreeMap::new();
        // Text that happens to parse as a message does so on both sides alike.
        if nested && depth < 12 && leaves(&value, &path, depth + 1, &mut inner) {
            inner.into_iter().for_each(|(k, n)| *out.entry(k).or_default() += n);
        } else {
            *out.entry((path, value)).or_default() += 1;
        }
    }
    true
}

fn varint(bytes: &[u8], mut at: usize) -> Option<(u64, usize)> {
    let (mut value, mut shift) = (0_u64, 0);
    loop {
        let byte = *bytes.get(at)?;
        at += 1;
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some((value, at));
        }
        shift += 7;
    }
}

/// The items of a list in its envelope.
fn items(mut bytes: &[u8]) -> Vec<&[u8]> {
    bytes = bytes.strip_prefix(b"k8s\0").unwrap();
    let raw = fields(bytes).into_iter().find(|(n, _)| *n == 2).unwrap().1;
    fields(raw).into_iter().filter(|(n, _)| *n == 2).map(|(_, b)| b).collect()
}

fn fields(bytes: &[u8]) -> Vec<(u64, &[u8])> {
    let (mut at, mut out) = (0, Vec::new());
    while at < bytes.len() {
        let (key, next) = varint(bytes, at).unwrap();
        assert_eq!(key & 7, 2);
        let (length, start) = varint(bytes, next).unwrap();
        let end = start + usize::try_from(length).unwrap();
        out.push((key >> 3, &bytes[start..end]));
        at = end;
    }
    out
}

/// Our encoding of a real server's JSON has the leaves of the same server's protobuf.
fn equal(kind: usize, json: &str, proto: &[u8]) {
    let list: Value = serde_json::from_str(json).unwrap();
    let theirs = items(proto);
    let objects = list["items"].as_array().unwrap();
    assert!(!theirs.is_empty());
    for (value, raw) in objects.iter().zip(theirs) {
        let (mut ours, mut real) = (BTreeMap::new(), BTreeMap::new());
        assert!(leaves(&object(&KINDS[kind], value), "", 0, &mut ours));
        assert!(leaves(raw, "", 0, &mut real));
        let show = |m: &BTreeMap<(String, Vec<u8>), usize>, other: &BTreeMap<(String, Vec<u8>), usize>| {
            m.iter()
                .filter(|(k, n)| other.get(*k) != Some(*n))
                .map(|((p, v), n)| format!("{p} x{n} {}", String::from_utf8_lossy(v)))
                .collect::<Vec<_>>()
        };
        let name = &value["metadata"]["name"];
        // A list's JSON and protobuf were read a moment apart: only what was written at one version can be equal.
        let same = theirs_version(raw) == value["metadata"]["resourceVersion"].as_str().unwrap();
        if same {
            assert_eq!(show(&ours, &real), show(&real, &ours), "{name}");
        }
    }
}

fn theirs_version(raw: &[u8]) -> String {
    let meta = first(raw, 1);
    String::from_utf8_lossy(first(meta, 6)).into_owned()
}

fn first(bytes: &[u8], wanted: u64) -> &[u8] {
    let mut at = 0;
    while at < bytes.len() {
        let (key, next) = varint(bytes, at).unwrap();
        if key & 7 == 0 {
            at = varint(bytes, next).unwrap().1;
            continue;
        }
        let (length, start) = varint(bytes, next).unwrap();
        let end = start + usize::try_from(length).unwrap();
        if key >> 3 == wanted {
            return &bytes[start..end];
        }
        at = end;
    }
    &[]
}

#[test]
fn pods_are_encoded_as_a_real_server_does() {
    equal(PODS, include_str!("../../../tests/fixtures/pods.json"), include_bytes!("../../../tests/fixtures/pods.pb"));
}

#[test]
fn nodes_are_encoded_as_a_real_server_does() {
    equal(
        NODES,
        include_str!("../../../tests/fixtures/nodes.json"),
        include_bytes!("../../../tests/fixtures/nodes.pb"),
    );
}

#[test]
fn events_are_encoded_as_a_real_server_does() {
    equal(
        EVENTS,
        include_str!("../../../tests/fixtures/events.json"),
        include_bytes!("../../../tests/fixtures/events.pb"),
    );
}
