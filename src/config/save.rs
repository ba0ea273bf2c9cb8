//! Writing one setting back into `config.json`: the columns a user has picked on the screen.

use super::folders::{Folders, read};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// Writes the columns of a kind into the settings file, or takes them out of it; all else in it
/// stays. Returns the file.
///
/// # Errors
/// A sentence for the user: there is no folder, the file is no JSON object, or it cannot be written.
pub fn save_columns(folders: &Folders, kind: &str, columns: Option<&[String]>) -> Result<PathBuf, String> {
    let path = folders.settings().ok_or("there is no home folder to keep settings in")?;
    let told = |why: String| format!("{}: {why}; nothing was written", path.display());
    let text = read(&path).map_err(told)?;
    let text = edited(text.as_deref(), kind, columns).map_err(told)?;
    write(&path, &text).map_err(|e| told(format!("cannot be written ({})", e.kind())))?;
    Ok(path)
}

fn edited(text: Option<&str>, kind: &str, columns: Option<&[String]>) -> Result<String, String> {
    let mut file = match text.map(serde_json::from_str) {
        None => Map::new(),
        Some(Ok(Value::Object(members))) => members,
        Some(_) => return Err("this is no JSON object of settings; qd config says what is wrong".into()),
    };
    let all = file.entry("columns").or_insert_with(|| Value::Object(Map::new()));
    let Value::Object(kinds) = all else { return Err("`columns` is no object of arrays".into()) };
    match columns {
        Some(columns) => drop(kinds.insert(kind.to_owned(), columns.to_vec().into())),
        None => drop(kinds.shift_remove(kind)),
    }
    if kinds.is_empty() {
        file.shift_remove("columns");
    }
    serde_json::to_string_pretty(&file).map(|t| t + "\n").map_err(|e| e.to_string())
}

// The old file stays whole until the new one is. A link is followed, so that it stays one.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension(format!("json.{}", std::process::id()));
    std::fs::write(&beside, text)?;
    if let Ok(old) = std::fs::metadata(&path) {
        std::fs::set_permissions(&beside, old.permissions())?;
    }
    std::fs::rename(&beside, &path).inspect_err(|_| drop(std::fs::remove_file(&beside)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(all: &[&str]) -> Vec<String> {
        all.iter().map(|s| (*s).to_owned()).collect()
    }

    #[test]
    fn other_settings_stay_in_their_order() {
        let text = r#"{"theme": "light", "columns": {"nodes": ["NAME"]}, "mouse": false}"#;
        let after = edited(Some(text), "pods", Some(&titles(&["NAME", "label:app"]))).unwrap();
        let value: Value = serde_json::from_str(&after).unwrap();
        assert_eq!(value["columns"], serde_json::json!({"nodes": ["NAME"], "pods": ["NAME", "label:app"]}));
        let names: Vec<&String> = value.as_object().unwrap().keys().collect();
        assert_eq!(names, ["theme", "columns", "mouse"]);
        let after = edited(Some(&after), "pods", None).unwrap();
        let after = edited(Some(&after), "nodes", None).unwrap();
        assert_eq!(after, "{\n  \"theme\": \"light\",\n  \"mouse\": false\n}\n");
    }

    #[test]
    fn a_broken_file_is_left_alone() {
        for bad in ["", "{", "[]", "{\"columns\": 7}"] {
            assert!(edited(Some(bad), "pods", None).is_err(), "{bad:?}");
        }
        assert_eq!(edited(None, "pods", None).unwrap(), "{}\n");
    }

    #[test]
    fn the_file_is_made_and_read_back() {
        let root = std::env::temp_dir().join(format!("qd-save-{}", std::process::id()));
        let folders = Folders::under(&root);
        let path = save_columns(&folders, "pods", Some(&titles(&["NAME"]))).unwrap();
        let mut notices = Vec::new();
        let text = std::fs::read_to_string(&path).unwrap();
        let settings =
            crate::config::settings::read(&text, &mut crate::config::notice::Notices::new("f", &mut notices)).0;
        assert_eq!(settings.columns["pods"], [crate::core::columns::Pick::Title("NAME".into())]);
        std::fs::remove_dir_all(&root).unwrap();
        assert!(save_columns(&Folders::default(), "pods", None).unwrap_err().contains("no home folder"));
    }
}
