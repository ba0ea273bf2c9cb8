//! One theme file: what it says, with the places needed to complain about it.

use super::color::{NAMES, Paint, parse as parse_color};
use super::depth::Depth;
use crate::config::json::{Json, Member, Value, parse};
use crate::config::notice::{Notice, Notices, Place, hint};
use crate::core::role::{Role, Style};
use std::collections::BTreeMap;

/// The names at the top of a theme file.
pub const FIELDS: &[&str] = &["$schema", "inherits", "few", "palette", "roles"];

/// The names within a role that are true or false.
pub const ATTRIBUTES: &[&str] = &["bold", "dim", "italic", "underline", "reverse"];

/// Another theme, named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// Where it is written.
    pub at: Place,
}

/// What one file says.
#[derive(Debug, Clone, Default)]
pub struct ThemeFile {
    /// The theme's name.
    pub name: String,
    /// The file as the user would name it.
    pub file: String,
    /// The theme it is laid over.
    pub inherits: Option<Named>,
    /// The theme that takes its place where there are sixteen colours.
    pub few: Option<Named>,
    /// Colours by name.
    pub palette: BTreeMap<String, Paint>,
    roles: Vec<(Role, Value)>,
}

impl ThemeFile {
    /// Reads a file; mistakes are notices and left out. `None` when nothing of it can be read.
    pub fn read(name: &str, file: &str, text: &str, out: &mut Vec<Notice>) -> Option<Self> {
        let mut notices = Notices::new(file, out);
        let members = match parse(text) {
            Ok(Value { json: Json::Object(members), .. }) => members,
            Ok(value) => {
                notices.at(value.at, format!("an object expected, not {}; a shipped theme holds", value.json.name()));
                return None;
            }
            Err(bad) => {
                notices.at(bad.at, format!("not JSON: {}; a shipped theme holds", bad.what));
                return None;
            }
        };
        let mut theme = Self { name: name.to_owned(), file: file.to_owned(), ..Self::default() };
        for member in members {
            theme.field(member, &mut notices);
        }
        Some(theme)
    }

    /// The styles it gives, with the colours of the whole palette.
    pub fn styles(
        &self,
        palette: &BTreeMap<String, Paint>,
        depth: Depth,
        out: &mut Vec<Notice>,
    ) -> BTreeMap<Role, Style> {
        let mut reader = StyleReader { palette, depth, notices: Notices::new(&self.file, out) };
        self.roles.iter().map(|(role, value)| (*role, reader.style(value))).collect()
    }

    fn field(&mut self, member: Member, notices: &mut Notices) {
        let at = member.value.at;
        match (member.name.as_str(), member.value.json) {
            ("$schema", _) => {}
            ("inherits", Json::String(name)) => self.inherits = Some(Named { name, at }),
            ("few", Json::String(name)) => self.few = Some(Named { name, at }),
            ("palette", Json::Object(colors)) => {
                for color in colors {
                    if let Some(paint) = paint(&color.value, notices) {
                        self.palette.insert(color.name, paint);
                    }
                }
            }
            ("roles", Json::Object(roles)) => {
                for role in roles {
                    self.role(role, notices);
                }
            }
            ("inherits" | "few", other) => {
                notices.at(at, format!("the name of a theme expected, not {}", other.name()));
            }
            ("palette" | "roles", other) => notices.at(at, format!("an object expected, not {}", other.name())),
            (name, _) => {
                let near = hint(name, FIELDS.iter().copied());
                notices.at(member.at, format!("a theme has no `{name}`{near}"));
            }
        }
    }

    fn role(&mut self, member: Member, notices: &mut Notices) {
        let Some(role) = Role::from_name(&member.name) else {
            let near = hint(&member.name, Role::ALL.iter().map(|r| r.name()));
            return notices.at(member.at, format!("no role is called `{}`{near}", member.name));
        };
        if self.roles.iter().any(|(r, _)| *r == role) {
            notices.at(member.at, format!("the role `{role}` is written twice; the last one holds"));
        }
        self.roles.push((role, member.value));
    }
}

/// A palette entry: a colour, or a colour and which of the sixteen stands for it.
fn paint(value: &Value, notices: &mut Notices) -> Option<Paint> {
    match &value.json {
        Json::Array(pair) => {
            let [full, few] = pair.as_slice() else {
                notices.at(value.at, "two colours expected: the colour, and its stand-in among the sixteen");
                return None;
            };
            let full = plain(full, notices)?;
            Some(Paint { full, few: plain(few, notices) })
        }
        _ => plain(value, notices).map(|full| Paint { full, few: None }),
    }
}

fn plain(value: &Value, notices: &mut Notices) -> Option<crate::core::role::Color> {
    let word = match &value.json {
        Json::String(word) => word.clone(),
        Json::Number(number) => number.to_string(),
        other => {
            notices.at(value.at, format!("a colour expected, not {}", other.name()));
            return None;
        }
    };
    let color = parse_color(&word);
    if color.is_none() {
        let near = hint(&word, NAMES);
        notices
            .at(value.at, format!("`{word}` is no colour: `#rrggbb`, `default`, 0 to 255 or `bright-red` are{near}"));
    }
    color
}

struct StyleReader<'a> {
    palette: &'a BTreeMap<String, Paint>,
    depth: Depth,
    notices: Notices<'a>,
}

impl StyleReader<'_> {
    fn style(&mut self, value: &Value) -> Style {
        let mut style = Style::default();
        match &value.json {
            Json::String(_) | Json::Number(_) => style.fg = self.color(value),
            Json::Object(members) => {
                for member in members {
                    self.member(&mut style, member);
                }
            }
            other => {
                self.notices.at(value.at, format!("a colour or an object expected, not {}", other.name()));
            }
        }
        style
    }

    fn member(&mut self, style: &mut Style, member: &Member) {
        let slot = match member.name.as_str() {
            "fg" => return style.fg = self.color(&member.value),
            "bg" => return style.bg = self.color(&member.value),
            "bold" => &mut style.bold,
            "dim" => &mut style.dim,
            "italic" => &mut style.italic,
            "underline" => &mut style.underline,
            "reverse" => &mut style.reverse,
            name => {
                let near = hint(name, ATTRIBUTES.iter().copied().chain(["fg", "bg"]));
                return self.notices.at(member.at, format!("a style has no `{name}`{near}"));
            }
        };
        match member.value.json {
            Json::Bool(on) => *slot = on,
            ref other => {
                let text = format!("`{}` is true or false, not {}", member.name, other.name());
                self.notices.at(member.value.at, text);
            }
        }
    }

    fn color(&mut self, value: &Value) -> Option<crate::core::role::Color> {
        let named = match &value.json {
            Json::String(name) => self.palette.get(name).copied(),
            _ => None,
        };
        let paint = match named {
            Some(paint) => paint,
            None => Paint { full: plain(value, &mut self.notices)?, few: None },
        };
        paint.at(self.depth)
    }
}
