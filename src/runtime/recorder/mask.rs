//! What a recording must not hold, taken out of messages on their way into it.

use crate::core::cluster::ContextInfo;
use crate::core::input::{Input, Key, KeyCode};
use crate::core::msg::Msg;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// In the place of what is not told.
const HIDDEN: &str = "(not recorded)";

/// The annotation in which `kubectl apply` keeps a whole object.
const APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// A message as a recording may hold it; `sensitive` when what is typed is nobody's business.
/// `None` for one that is left out.
pub(super) fn masked(msg: &Msg, sensitive: bool) -> Option<Cow<'_, Msg>> {
    Some(match msg {
        // Not something that happened to the console that is recorded.
        Msg::Replay(_) => return None,
        Msg::Input(Input::Key(Key { code: KeyCode::Char(_), mods })) if sensitive && !mods.ctrl => {
            Cow::Owned(Msg::Input(Input::Key(Key { code: KeyCode::Char('*'), mods: *mods })))
        }
        Msg::Input(Input::Paste(text)) if sensitive => {
            Cow::Owned(Msg::Input(Input::Paste("*".repeat(text.chars().count()))))
        }
        // What holds whole objects. One that cannot be taken apart is left out, never let through.
        Msg::Object(..) | Msg::Facts(..) | Msg::Tried(..) | Msg::Job(..) => {
            let mut value = serde_json::to_value(msg).ok()?;
            if hide(&mut value) { Cow::Owned(serde_json::from_value(value).ok()?) } else { Cow::Borrowed(msg) }
        }
        Msg::Contexts(list) => {
            let mut list = list.clone();
            list.iter_mut().for_each(context);
            Cow::Owned(Msg::Contexts(list))
        }
        other => Cow::Borrowed(other),
    })
}

/// An address may carry a user and a password.
pub(super) fn context(context: &mut ContextInfo) {
    let Some((scheme, rest)) = context.server.split_once("://") else { return };
    let end = rest.find('/').unwrap_or(rest.len());
    if let Some(at) = rest[..end].rfind('@') {
        context.server = format!("{scheme}://{}", &rest[at + 1..]).into();
    }
}

/// Leaves Secrets anywhere in a value with their keys, and without what these hold, and variables of containers with
/// their names: the values typed into a form come back in the server's answers. Returns whether there were any.
fn hide(value: &mut Value) -> bool {
    match value {
        Value::Array(items) => items.iter_mut().fold(false, |found, item| hide(item) | found),
        Value::Object(members) => {
            match members.get("kind").and_then(Value::as_str) {
                Some("Secret") if members.contains_key("metadata") => {
                    without_values(members);
                    return true;
                }
                // The items of a list do not say what they are.
                Some("SecretList") => {
                    let items = members.get_mut("items").and_then(Value::as_array_mut);
                    items.into_iter().flatten().filter_map(Value::as_object_mut).for_each(without_values);
                    return true;
                }
                _ => {}
            }
            let found = members.get_mut("env").is_some_and(variables);
            members.values_mut().fold(found, |found, member| hide(member) | found)
        }
        _ => false,
    }
}

fn variables(env: &mut Value) -> bool {
    let all = env.as_array_mut().into_iter().flatten().filter_map(|v| v.get_mut("value"));
    all.fold(false, |_, value| {
        *value = HIDDEN.into();
        true
    })
}

fn without_values(secret: &mut Map<String, Value>) {
    for field in ["data", "stringData"] {
        if let Some(values) = secret.get_mut(field).and_then(Value::as_object_mut) {
            values.values_mut().for_each(|v| *v = HIDDEN.into());
        }
    }
    let annotations = secret.get_mut("metadata").and_then(|m| m.get_mut("annotations"));
    if let Some(applied) = annotations.and_then(|a| a.get_mut(APPLIED)) {
        *applied = HIDDEN.into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::input::Mods;
    use crate::core::kind::{ClusterId, Kind, ObjectRef};
    use serde_json::json;
    use std::sync::Arc;

    fn object() -> ObjectRef {
        let kind = Kind {
            group: "".into(),
            version: "v1".into(),
            plural: "secrets".into(),
            kind: "Secret".into(),
            singular: "secret".into(),
            short: vec![],
            namespaced: true,
            verbs: vec![],
            scale: false,
        };
        ObjectRef { cluster: ClusterId(1), kind: kind.into(), namespace: "a".into(), name: "s".into(), uid: None }
    }

    #[test]
    fn secrets_keep_their_keys_alone() {
        let value = json!({"kind": "Secret", "metadata": {"name": "s", "annotations": {
            APPLIED: "{\"data\":{\"password\":\"aHVudGVyMg==\"}}", "note": "kept"}},
            "data": {"password": "aHVudGVyMg=="}, "stringData": {"pin": "1234"}});
        let msg = Msg::Object(object(), Ok(Some(Arc::new(value))));
        let text = serde_json::to_string(&*masked(&msg, false).unwrap()).unwrap();
        assert!(text.contains("password") && text.contains("kept") && text.contains("pin"), "{text}");
        assert!(!text.contains("aHVudGVyMg") && !text.contains("1234"), "{text}");
        let mut nested =
            json!([{"a": {"kind": "SecretList", "items": [{"metadata": {}, "data": {"k": "aHVudGVyMg=="}}]}}]);
        assert!(hide(&mut nested) && nested.to_string().contains("\"k\"") && !nested.to_string().contains("aHVu"));
        let mut pod = json!({"spec": {"containers": [{"name": "c", "env": [{"name": "TOKEN", "value": "hunter2"}]}]}});
        assert!(hide(&mut pod) && pod.to_string().contains("TOKEN") && !pod.to_string().contains("hunter2"), "{pod}");
        let map = Msg::Object(object(), Ok(Some(Arc::new(json!({"kind": "ConfigMap", "data": {"a": "b"}})))));
        assert_eq!(*masked(&map, false).unwrap(), map);
    }

    #[test]
    fn what_is_typed_in_confidence_is_stars() {
        let key = |c| Msg::Input(Input::Key(Key::char(c)));
        assert_eq!(*masked(&key('x'), true).unwrap(), key('*'));
        assert_eq!(*masked(&key('x'), false).unwrap(), key('x'));
        let leave =
            Msg::Input(Input::Key(Key { code: KeyCode::Char('c'), mods: Mods { ctrl: true, ..Mods::default() } }));
        assert_eq!(*masked(&leave, true).unwrap(), leave);
        let paste = Msg::Input(Input::Paste("über".into()));
        assert_eq!(*masked(&paste, true).unwrap(), Msg::Input(Input::Paste("****".into())));
    }

    #[test]
    fn addresses_lose_their_passwords() {
        let of = |server: &str| {
            let mut info = ContextInfo {
                name: "c".into(),
                server: server.into(),
                user: "".into(),
                namespace: None,
                problem: None,
            };
            context(&mut info);
            info.server.to_string()
        };
        assert_eq!(of("https://me:pw@host:6443/a@b"), "https://host:6443/a@b");
        assert_eq!(of("https://host:6443"), "https://host:6443");
    }
}
