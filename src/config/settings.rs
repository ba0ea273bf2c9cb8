//! The settings of `config.json`: a struct with their values, and a table with
//! one line for each that reads it, shows it and tells what it is for.

use super::json::{Json, Value, parse};
use super::notice::{Notices, Place, hint};
use super::theme::Depth;
use crate::core::columns::Pick;
use crate::core::keys::show_keys;
use crate::core::shell::{Allowed, ShellOptions};
use crate::core::state::OnHangup;
use std::collections::BTreeMap;

mod values;

use values::{choice, columns, key, keys, known, name, names, number, switch, words, zone};

/// On, off, or as the terminal suggests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Switch {
    /// As the terminal suggests.
    #[default]
    Auto,
    /// On.
    On,
    /// Off.
    Off,
}

/// What a user has set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// A shipped theme or a user's own.
    pub theme: String,
    /// A shipped keymap or a user's own, over `default`.
    pub keymap: String,
    /// The name of a symbol set; `None` to choose by the locale.
    pub symbols: Option<&'static str>,
    /// How many colours; `None` to choose by the terminal.
    pub colors: Option<Depth>,
    /// Whether changed cells flash once; `Auto` is off over SSH.
    pub flash: Switch,
    /// Whether the mouse is the program's.
    pub mouse: bool,
    /// How long a lone ESC byte waits for the rest of a sequence (ms).
    pub esc_wait_ms: u16,
    /// Contexts that are protected, as globs.
    pub protected: Vec<String>,
    /// Contexts in which nothing is changed, as globs.
    pub read_only: Vec<String>,
    /// What becomes of running jobs when the terminal goes away.
    pub on_hangup: OnHangup,
    /// How the end of a job calls the user: `bell`, `notify`, `title`.
    pub attention: Vec<String>,
    /// Namespaces to look at when neither flags nor context name one; empty for all.
    pub namespaces: Vec<String>,
    /// Columns by kind, in order.
    pub columns: BTreeMap<String, Vec<Pick>>,
    /// Lines of one log pane are kept up to so many MiB.
    pub log_pane_mib: u16,
    /// Lines of all log panes together.
    pub log_total_mib: u16,
    /// A line that comes so much later than one written after it is marked as late (ms).
    pub log_reorder_ms: u16,
    /// The zone of local times in logs, by its IANA name; empty for the machine's own.
    pub log_time_zone: String,
    /// How programs in containers are shown.
    pub shell: ShellOptions,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: "dark".to_owned(),
            keymap: "default".to_owned(),
            symbols: None,
            colors: None,
            flash: Switch::Auto,
            mouse: true,
            esc_wait_ms: 100,
            protected: vec!["*prod*".to_owned()],
            read_only: Vec::new(),
            on_hangup: OnHangup::Stop,
            attention: Vec::new(),
            namespaces: Vec::new(),
            columns: BTreeMap::new(),
            log_pane_mib: 64,
            log_total_mib: 256,
            log_reorder_ms: 250,
            log_time_zone: String::new(),
            shell: ShellOptions::default(),
        }
    }
}

type Set = fn(&mut Settings, &Value) -> Result<(), String>;

/// One setting.
#[derive(Debug)]
pub struct Setting {
    /// Its name in the file.
    pub name: &'static str,
    /// What it does, for help and the schema.
    pub doc: &'static str,
    words: &'static [&'static str],
    set: Set,
    show: fn(&Settings) -> serde_json::Value,
}

impl Setting {
    /// Its value as the file would write it.
    #[must_use]
    pub fn show(&self, settings: &Settings) -> serde_json::Value {
        (self.show)(settings)
    }

    /// The words it may have; empty when it is no choice.
    #[must_use]
    pub fn words(&self) -> &'static [&'static str] {
        self.words
    }
}

/// All settings, in the order they are shown.
pub static SETTINGS: &[Setting] = &[
    Setting {
        name: "theme",
        doc: "The colours: dark, light, high-contrast, 16, mono, or a file of your own in themes/.",
        words: &[],
        set: |s, v| name(v).map(|x| s.theme = x),
        show: |s| s.theme.as_str().into(),
    },
    Setting {
        name: "keymap",
        doc: "The keys: default, vim, or a file of your own in keymaps/. keymap.json is laid over it.",
        words: &[],
        set: |s, v| name(v).map(|x| s.keymap = x),
        show: |s| s.keymap.as_str().into(),
    },
    Setting {
        name: "symbols",
        doc: "Lines and marks: unicode, ascii, or auto to choose by the locale.",
        words: &["auto", "unicode", "ascii"],
        set: |s, v| {
            choice(v, &[("auto", None), ("unicode", Some("unicode")), ("ascii", Some("ascii"))]).map(|x| s.symbols = x)
        },
        show: |s| s.symbols.unwrap_or("auto").into(),
    },
    Setting {
        name: "colors",
        doc: "How many colours: truecolor, 256, 16, mono, or auto to choose by NO_COLOR, COLORTERM and TERM.",
        words: &["auto", "truecolor", "256", "16", "mono"],
        set: |s, v| choice(v, COLORS).map(|x| s.colors = x),
        show: |s| s.colors.map_or("auto", Depth::name).into(),
    },
    Setting {
        name: "flash",
        doc: "Whether a changed cell flashes once: on, off, or auto (off over SSH).",
        words: &["auto", "on", "off"],
        set: |s, v| choice(v, &[("auto", Switch::Auto), ("on", Switch::On), ("off", Switch::Off)]).map(|x| s.flash = x),
        show: |s| match s.flash {
            Switch::Auto => "auto".into(),
            Switch::On => "on".into(),
            Switch::Off => "off".into(),
        },
    },
    Setting {
        name: "mouse",
        doc: "Whether clicks and the wheel are the program's; without it the terminal selects text.",
        words: &[],
        set: |s, v| switch(v).map(|x| s.mouse = x),
        show: |s| s.mouse.into(),
    },
    Setting {
        name: "esc_wait_ms",
        doc: "How long a lone ESC byte waits for the rest of a key, in milliseconds, 0 to 2000. More for slow lines.",
        words: &[],
        set: |s, v| number(v, 2_000).map(|x| s.esc_wait_ms = x),
        show: |s| s.esc_wait_ms.into(),
    },
    Setting {
        name: "protected",
        doc: "Contexts to be careful with, as names with * for any letters. Their name is loud in the header.",
        words: &[],
        set: |s, v| names(v).map(|x| s.protected = x),
        show: |s| s.protected.clone().into(),
    },
    Setting {
        name: "read_only",
        doc: "Contexts in which nothing is changed, as names with * for any letters. --read-only means all.",
        words: &[],
        set: |s, v| names(v).map(|x| s.read_only = x),
        show: |s| s.read_only.clone().into(),
    },
    Setting {
        name: "on_hangup",
        doc: "Running jobs when the terminal goes away: stop after the step under way, or finish without it.",
        words: &["stop", "finish"],
        set: |s, v| choice(v, &[("stop", OnHangup::Stop), ("finish", OnHangup::Finish)]).map(|x| s.on_hangup = x),
        show: |s| match s.on_hangup {
            OnHangup::Stop => "stop".into(),
            OnHangup::Finish => "finish".into(),
        },
    },
    Setting {
        name: "attention",
        doc: "How the end of a job calls you: any of \"bell\", \"notify\" (OSC 9 and 777) and \"title\" (the window's).",
        words: &[],
        set: |s, v| names(v).and_then(|n| known(n, &["bell", "notify", "title"])).map(|x| s.attention = x),
        show: |s| s.attention.clone().into(),
    },
    Setting {
        name: "namespaces",
        doc: "Namespaces to look at when neither -n nor the context names one. Empty for all.",
        words: &[],
        set: |s, v| names(v).map(|x| s.namespaces = x),
        show: |s| s.namespaces.clone().into(),
    },
    Setting {
        name: "columns",
        doc: "The columns of a kind, in order, by its plural (pods, deployments.apps): titles, label:KEY, annotation:KEY. The chooser (:columns) writes them with Ctrl-S.",
        words: &[],
        set: |s, v| columns(v).map(|x| s.columns = x),
        show: |s| {
            let all = s.columns.iter().map(|(kind, all)| {
                let all: Vec<String> = all.iter().map(ToString::to_string).collect();
                (kind.clone(), all.into())
            });
            serde_json::Value::Object(all.collect())
        },
    },
    Setting {
        name: "log_pane_mib",
        doc: "Lines of one log pane are kept up to so many MiB; then the oldest go. At least 4.",
        words: &[],
        set: |s, v| number(v, 16_384).map(|x| s.log_pane_mib = x.max(4)),
        show: |s| s.log_pane_mib.into(),
    },
    Setting {
        name: "log_total_mib",
        doc: "Lines of all log panes together are kept up to so many MiB. At least 4 for each pane.",
        words: &[],
        set: |s, v| number(v, 65_535).map(|x| s.log_total_mib = x.max(4)),
        show: |s| s.log_total_mib.into(),
    },
    Setting {
        name: "log_reorder_ms",
        doc: "A log line that comes so much later than one written after it is marked as late, in milliseconds.",
        words: &[],
        set: |s, v| number(v, 60_000).map(|x| s.log_reorder_ms = x),
        show: |s| s.log_reorder_ms.into(),
    },
    Setting {
        name: "log_time_zone",
        doc: "The zone of local times in logs by its IANA name, as Europe/Paris; local for the machine's own.",
        words: &[],
        set: |s, v| zone(v).map(|x| s.log_time_zone = x),
        show: |s| if s.log_time_zone.is_empty() { "local".into() } else { s.log_time_zone.as_str().into() },
    },
    Setting {
        name: "shell_leader",
        doc: "The key that keeps the next one from the program in a pane: then z zoom, d leave, x end; twice sends it.",
        words: &[],
        set: |s, v| key(v).map(|x| s.shell.leader = x),
        show: |s| s.shell.leader.to_string().into(),
    },
    Setting {
        name: "shell_detach",
        doc: "The keys that leave an attached program alone, which then goes on, as Ctrl-p Ctrl-q. Empty for none.",
        words: &[],
        set: |s, v| keys(v).map(|x| s.shell.detach = x),
        show: |s| show_keys(&s.shell.detach).into(),
    },
    Setting {
        name: "shell_command",
        doc: "The shell of containers with its arguments, as zsh -l. Empty for bash where there is one, else sh.",
        words: &[],
        set: |s, v| words(v).map(|x| s.shell.command = x),
        show: |s| s.shell.command.as_str().into(),
    },
    Setting {
        name: "shell_scrollback",
        doc: "Lines of a program in a pane that are kept once they have left its screen, 0 to 10000.",
        words: &[],
        set: |s, v| number(v, 10_000).map(|x| s.shell.scrollback = x),
        show: |s| s.shell.scrollback.into(),
    },
    Setting {
        name: "shell_allow",
        doc: "What programs in containers may do beyond drawing: \"replies\" (ask the terminal), \"clipboard\" (set it).",
        words: &[],
        set: |s, v| {
            let all = names(v).and_then(|n| known(n, &["replies", "clipboard"]))?;
            let has = |word: &str| all.iter().any(|n| n == word);
            s.shell.allowed = Allowed { replies: has("replies"), clipboard: has("clipboard") };
            Ok(())
        },
        show: |s| {
            let Allowed { replies, clipboard } = s.shell.allowed;
            let all = [(replies, "replies"), (clipboard, "clipboard")];
            all.iter().filter(|(on, _)| *on).map(|(_, word)| *word).collect::<Vec<_>>().into()
        },
    },
    Setting {
        name: "debug_images",
        doc: "Images to run, to debug and to look at nodes with, the usual one first.",
        words: &[],
        set: |s, v| names(v).map(|x| s.shell.images = x),
        show: |s| s.shell.images.clone().into(),
    },
];

const COLORS: &[(&str, Option<Depth>)] = &[
    ("auto", None),
    ("truecolor", Some(Depth::True)),
    ("256", Some(Depth::Ansi256)),
    ("16", Some(Depth::Ansi16)),
    ("mono", Some(Depth::Mono)),
];

/// Where the settings that hold are written in the file, so that what only shows later (a
/// theme that does not exist) can still name its place.
pub type Places = BTreeMap<&'static str, Place>;

/// Reads the file over the defaults; what is wrong in it is a notice and keeps its default.
pub fn read(text: &str, notices: &mut Notices<'_>) -> (Settings, Places) {
    let (mut settings, mut places) = (Settings::default(), Places::new());
    let members = match parse(text) {
        Ok(Value { json: Json::Object(members), .. }) => members,
        Ok(value) => {
            let name = value.json.name();
            notices.at(value.at, format!("an object of settings expected, not {name}; all defaults hold"));
            return (settings, places);
        }
        Err(bad) => {
            notices.at(bad.at, format!("not JSON: {}; all defaults hold", bad.what));
            return (settings, places);
        }
    };
    let mut seen = Vec::new();
    for member in members {
        if member.name == "$schema" {
            continue;
        }
        let Some(setting) = SETTINGS.iter().find(|s| s.name == member.name) else {
            let near = hint(&member.name, SETTINGS.iter().map(|s| s.name));
            notices.at(member.at, format!("there is no setting `{}`{near}", member.name));
            continue;
        };
        if seen.contains(&setting.name) {
            notices.at(member.at, format!("`{}` is written twice; the last one holds", setting.name));
        }
        seen.push(setting.name);
        match (setting.set)(&mut settings, &member.value) {
            Ok(()) => {
                places.insert(setting.name, member.value.at);
            }
            Err(why) => {
                let kept = setting.show(&settings);
                notices.at(member.value.at, format!("`{}`: {why}; it stays {kept}", setting.name));
            }
        }
    }
    (settings, places)
}

#[cfg(test)]
mod tests;
