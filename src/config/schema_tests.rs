//! The schemas in `assets/schema` say what the code reads. They are written by
//! these tests when `QD_WRITE_SCHEMA` is set, and compared otherwise.

use super::notice::Notices;
use super::settings::{SETTINGS, Settings, read};
use super::theme::{ATTRIBUTES, FIELDS};
use super::{keymap, theme};
use crate::core::commands::Command;
use crate::core::keys::Layer;
use crate::core::role::Role;
use serde_json::{Map, Value, json};
use std::path::PathBuf;

fn agrees(name: &str, code: &Value) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets/schema").join(name);
    if std::env::var_os("QD_WRITE_SCHEMA").is_some() {
        std::fs::write(&path, serde_json::to_string_pretty(code).expect("JSON") + "\n").expect("written");
    }
    let file = std::fs::read_to_string(&path).expect("the schema is there");
    let file: Value = serde_json::from_str(&file).expect("the schema is JSON");
    assert_eq!(&file, code, "run the tests with QD_WRITE_SCHEMA=1 and look at the difference");
}

fn schema(title: &str, properties: &Map<String, Value>) -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

fn text() -> Value {
    json!({ "type": "string" })
}

/// Whether an empty text is a value of it: reading says.
fn may_be_empty(name: &str) -> bool {
    let mut list = Vec::new();
    read(&json!({ name: "" }).to_string(), &mut Notices::new("config.json", &mut list));
    list.is_empty()
}

#[test]
fn of_the_settings() {
    let defaults = Settings::default();
    let mut properties = Map::from_iter([("$schema".to_owned(), text())]);
    for setting in SETTINGS {
        let default = setting.show(&defaults);
        let mut property = match &default {
            Value::Bool(_) => json!({ "type": "boolean" }),
            Value::Number(_) => json!({ "type": "integer", "minimum": 0 }),
            Value::Object(_) => json!({
                "type": "object",
                "additionalProperties": { "type": "array", "items": { "type": "string", "minLength": 1 } },
            }),
            Value::Array(_) => json!({ "type": "array", "items": { "type": "string", "minLength": 1 } }),
            _ => match setting.words() {
                [] if may_be_empty(setting.name) => json!({ "type": "string" }),
                [] => json!({ "type": "string", "minLength": 1 }),
                words => json!({ "enum": words }),
            },
        };
        property["description"] = setting.doc.into();
        property["default"] = default;
        properties.insert(setting.name.to_owned(), property);
    }
    agrees("config.json", &schema("Settings of qd", &properties));
}

#[test]
fn of_keymaps() {
    let mut values = vec![json!({ "type": "null", "description": "Take the binding away." })];
    values.extend(Command::all().map(Command::spec).map(|c| json!({ "const": c.id, "description": c.doc })));
    let mut value = schema("A keymap of qd", &Map::from_iter([("$schema".to_owned(), text())]));
    for layer in Layer::ALL {
        value["properties"][layer.name()] = json!({ "$ref": "#/$defs/keys" });
    }
    value["$defs"] = json!({
        "keys": {
            "type": "object",
            "description": "Keys as in g, Ctrl-d, Shift-Left, Space, F5; sequences with spaces between.",
            "additionalProperties": { "anyOf": values },
        }
    });
    agrees("keymap.json", &value);
}

#[test]
fn of_themes() {
    let color = json!({
        "type": ["string", "integer"],
        "description": "A name of the palette, #rrggbb, default, 0 to 255, or a name of the sixteen as bright-red.",
    });
    let reference = json!({ "$ref": "#/$defs/color" });
    let mut style = Map::from_iter([("fg".to_owned(), reference.clone()), ("bg".to_owned(), reference.clone())]);
    style.extend(ATTRIBUTES.iter().map(|a| ((*a).to_owned(), json!({ "type": "boolean" }))));
    let role = |r: &Role| {
        let one = json!([{ "$ref": "#/$defs/color" }, { "$ref": "#/$defs/style" }]);
        (r.name().to_owned(), json!({ "description": r.doc(), "anyOf": one }))
    };
    let pair = json!({ "type": "array", "prefixItems": [reference, reference], "minItems": 2, "maxItems": 2 });
    let mut properties = Map::new();
    for field in FIELDS {
        let property = match *field {
            "palette" => json!({
                "type": "object",
                "description": "Colours by name; a pair is a colour and its stand-in among the sixteen.",
                "additionalProperties": { "anyOf": [reference, pair] },
            }),
            "roles" => json!({
                "type": "object",
                "properties": Role::ALL.iter().map(role).collect::<Map<_, _>>(),
                "additionalProperties": false,
            }),
            _ => text(),
        };
        properties.insert((*field).to_owned(), property);
    }
    let mut value = schema("A theme of qd", &properties);
    value["$defs"] = json!({
        "color": color,
        "style": { "type": "object", "properties": style, "additionalProperties": false },
    });
    agrees("theme.json", &value);
}

#[test]
fn shipped_files_name_their_schema() {
    for (files, schema) in [(keymap::SHIPPED, "keymap"), (theme::SHIPPED, "theme")] {
        for (name, text) in files {
            let value: Value = serde_json::from_str(text).expect("JSON");
            assert_eq!(value["$schema"], format!("../assets/schema/{schema}.json"), "{name}");
        }
    }
}
