//! Aggregated discovery: everything in one document.

use super::Discovery;
use serde_json::Value;

/// Reads an `APIGroupDiscoveryList`. Versions come in the server's order of preference.
pub(super) fn read(list: &Value) -> Discovery {
    let mut found = Discovery::default();
    for group in array(list, "items") {
        let name = group.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
        for version in array(group, "versions") {
            let v = text(version, "version");
            if text(version, "freshness") == "Stale" {
                found.broken.push(if name.is_empty() { v.to_owned() } else { format!("{name}/{v}") });
            }
            for resource in array(version, "resources") {
                let plural = text(resource, "resource");
                let kind = resource.pointer("/responseKind/kind").and_then(Value::as_str).unwrap_or_default();
                let known = found.kinds.iter().any(|k| k.group.as_ref() == name && k.plural.as_ref() == plural);
                // Entries without verbs stand only for their subresources.
                if known || plural.is_empty() || kind.is_empty() || array(resource, "verbs").is_empty() {
                    continue;
                }
                let namespaced = text(resource, "scope") == "Namespaced";
                let scale = array(resource, "subresources").iter().any(|s| text(s, "subresource") == "scale");
                found.kinds.push(super::kind(name, v, resource, (plural, kind), namespaced, scale));
            }
        }
    }
    found
}

pub(super) fn array<'a>(v: &'a Value, key: &str) -> &'a [Value] {
    v.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

pub(super) fn text<'a>(v: &'a Value, key: &str) -> &'a str {
    v.get(key).and_then(Value::as_str).unwrap_or_default()
}
