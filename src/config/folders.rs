//! Where a user's files are. The platform decides (`XDG_CONFIG_HOME` and
//! `XDG_STATE_HOME` on Linux); nothing is created by reading.

use directories::ProjectDirs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Larger files are not ours: settings of a hundred lines are a few KiB.
const LARGEST: u64 = 1 << 20;

/// The folders of a user.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Folders {
    /// Settings, keymaps, themes; `None` without a home.
    pub config: Option<PathBuf>,
    /// The program's log, its journal and history; `None` without a home.
    pub state: Option<PathBuf>,
}

impl Folders {
    /// The folders of this user.
    #[must_use]
    pub fn of_user() -> Self {
        let Some(dirs) = ProjectDirs::from("", "", "quarterdeck") else { return Self::default() };
        // Only Linux has a state folder; elsewhere local data is the nearest thing.
        let state = dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir());
        Self { config: Some(dirs.config_dir().to_owned()), state: Some(state.to_owned()) }
    }

    /// `config` and `state` under one folder, as tests want them.
    #[must_use]
    pub fn under(root: &Path) -> Self {
        Self { config: Some(root.join("config")), state: Some(root.join("state")) }
    }

    /// The settings file.
    #[must_use]
    pub fn settings(&self) -> Option<PathBuf> {
        self.config.as_ref().map(|c| c.join("config.json"))
    }

    /// The user's own bindings, laid over the chosen map.
    #[must_use]
    pub fn keymap(&self) -> Option<PathBuf> {
        self.config.as_ref().map(|c| c.join("keymap.json"))
    }

    /// The file of a user's map of that name.
    #[must_use]
    pub fn keymap_named(&self, name: &str) -> Option<PathBuf> {
        self.named("keymaps", name)
    }

    /// The file of a user's theme of that name.
    #[must_use]
    pub fn theme_named(&self, name: &str) -> Option<PathBuf> {
        self.named("themes", name)
    }

    /// The program's log.
    #[must_use]
    pub fn log(&self) -> Option<PathBuf> {
        self.state.as_ref().map(|s| s.join("qd.log"))
    }

    /// The names of a user's own files in `themes` or `keymaps`, sorted.
    #[must_use]
    pub fn names_in(&self, folder: &str) -> Vec<String> {
        let Some(config) = &self.config else { return Vec::new() };
        let Ok(entries) = std::fs::read_dir(config.join(folder)) else { return Vec::new() };
        let names = entries.flatten().filter_map(|e| Some(e.file_name().to_str()?.strip_suffix(".json")?.to_owned()));
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    /// A name is a name: nothing outside the folder is read by it.
    fn named(&self, folder: &str, name: &str) -> Option<PathBuf> {
        let plain = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', '\0']);
        let config = self.config.as_ref().filter(|_| plain)?;
        Some(config.join(folder).join(format!("{name}.json")))
    }
}

/// Reads a user's file; `None` when there is none.
///
/// # Errors
/// A sentence for the user when it is there and cannot be read.
pub fn read(path: &Path) -> Result<Option<String>, String> {
    // Asked first: opening a pipe would wait for a writer.
    match std::fs::metadata(path) {
        Ok(meta) if meta.is_file() => {}
        Ok(_) => return Err("this is no regular file; it is left out".to_owned()),
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        Err(e) => return Err(format!("cannot be read ({}); it is left out", e.kind())),
    }
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|f| f.take(LARGEST + 1).read_to_end(&mut bytes));
    match read {
        Err(e) => Err(format!("cannot be read ({}); it is left out", e.kind())),
        Ok(_) if bytes.len() as u64 > LARGEST => Err("larger than 1 MiB; it is left out".to_owned()),
        Ok(_) => String::from_utf8(bytes).map(Some).map_err(|_| "not UTF-8 text; it is left out".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_lead_out_of_the_folder() {
        let folders = Folders::under(Path::new("/x"));
        assert_eq!(folders.theme_named("mine"), Some(PathBuf::from("/x/config/themes/mine.json")));
        for bad in ["", "..", "../a", "a/b", ".a", "a\\b", "a\0b"] {
            assert_eq!(folders.theme_named(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn without_a_home_there_are_no_files() {
        let none = Folders::default();
        assert_eq!((none.settings(), none.keymap(), none.log()), (None, None, None));
        assert!(none.names_in("themes").is_empty());
    }

    #[test]
    fn a_folder_is_no_file() {
        assert!(read(Path::new("/")).is_err());
        assert_eq!(read(Path::new("/no/such/file")), Ok(None));
    }
}
