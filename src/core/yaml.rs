//! An object as YAML lines with roles: for reading, the way kubectl prints it.

use super::panes::text::{Span, TextLine};
use super::role::Role;
use serde_json::Value;

/// The lines of an object. Values of a Secret's `data` are masked: showing them is an act of its own.
#[must_use]
pub fn lines(value: &Value, managed_fields: bool) -> Vec<TextLine> {
    let secret = value.get("kind").and_then(Value::as_str) == Some("Secret");
    let mut out = Out { lines: Vec::new(), managed_fields, secret };
    out.block(value, 0, "");
    out.lines
}

struct Out {
    lines: Vec<TextLine>,
    managed_fields: bool,
    secret: bool,
}

impl Out {
    fn line(&mut self, indent: usize, lead: &str, spans: Vec<Span>) {
        let mut line = Vec::with_capacity(spans.len() + 1);
        if indent > 0 || !lead.is_empty() {
            line.push(span(&format!("{}{lead}", " ".repeat(indent)), Role::Text));
        }
        line.extend(spans);
        self.lines.push(line);
    }

    /// A mapping or sequence at an indent. `lead` (`- `) stands before its first line.
    fn block(&mut self, value: &Value, indent: usize, lead: &str) {
        match value {
            Value::Object(map) => {
                let mut lead = lead;
                let inner = indent + lead.len();
                for (key, v) in map {
                    if indent == 2 && key == "managedFields" && !self.managed_fields {
                        continue;
                    }
                    let masked = self.secret && indent == 0 && matches!(key.as_str(), "data" | "stringData");
                    let at = if lead.is_empty() { inner } else { indent };
                    self.entry(key, v, at, lead, masked);
                    lead = "";
                }
            }
            Value::Array(list) => list.iter().for_each(|v| self.item(v, indent, lead)),
            scalar => self.line(indent, lead, vec![span(&plain(scalar), Role::TextValue)]),
        }
    }

    fn entry(&mut self, key: &str, value: &Value, indent: usize, lead: &str, masked: bool) {
        let name = span(&format!("{}:", quoted(key)), Role::TextKey);
        let below = indent + lead.len();
        match value {
            Value::Object(map) if !map.is_empty() && masked => {
                self.line(indent, lead, vec![name]);
                for (k, v) in map {
                    let len = v.as_str().map_or(0, str::len);
                    let note = span(&format!(" <masked, {len} characters>"), Role::TextComment);
                    self.line(below + 2, "", vec![span(&format!("{}:", quoted(k)), Role::TextKey), note]);
                }
            }
            Value::Object(map) if !map.is_empty() => {
                self.line(indent, lead, vec![name]);
                self.block(value, below + 2, "");
            }
            Value::Array(list) if !list.is_empty() => {
                self.line(indent, lead, vec![name]);
                self.block(value, below, "");
            }
            Value::String(s) if s.contains('\n') => {
                let mark = if s.ends_with('\n') { " |" } else { " |-" };
                self.line(indent, lead, vec![name, span(mark, Role::TextComment)]);
                for l in s.trim_end_matches('\n').split('\n') {
                    self.line(below + 2, "", vec![span(l, Role::TextValue)]);
                }
            }
            scalar => {
                self.line(indent, lead, vec![name, span(&format!(" {}", plain(scalar)), Role::TextValue)]);
            }
        }
    }

    fn item(&mut self, value: &Value, indent: usize, lead: &str) {
        let lead = format!("{lead}- ");
        match value {
            Value::Object(m) if !m.is_empty() => self.block(value, indent, &lead),
            Value::Array(l) if !l.is_empty() => self.block(value, indent, &lead),
            scalar => self.line(indent, &lead, vec![span(&plain(scalar), Role::TextValue)]),
        }
    }
}

fn span(text: &str, role: Role) -> Span {
    let clean = |c: char| if c == '\t' { ' ' } else { char::REPLACEMENT_CHARACTER };
    let text = text.chars().map(|c| if c.is_control() { clean(c) } else { c }).collect();
    Span { text, role }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(b) => b.to_string(),
        Value::Number(n) => n.to_string(),
        Value::String(s) => quoted(s),
        Value::Array(_) => "[]".into(),
        Value::Object(_) => "{}".into(),
    }
}

/// A text as YAML needs it: plain where it reads back as the same text, else in double quotes.
fn quoted(s: &str) -> String {
    let first = s.chars().next();
    let special = match first {
        None => true,
        Some(c) => "!&*-?|>@`\"'%#{}[],: ".contains(c) && !(s.len() > 1 && c == '-' && !s.starts_with("- ")),
    };
    let reads_otherwise = matches!(
        s,
        "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n" | "~" | "True" | "False" | "Yes" | "No"
    ) || s.parse::<f64>().is_ok()
        || looks_like_time(s);
    let inside = s.contains(": ") || s.contains(" #") || s.ends_with(':') || s.ends_with(' ');
    let control = s.chars().any(char::is_control);
    if special || reads_otherwise || inside || control {
        serde_json::to_string(s).unwrap_or_default()
    } else {
        s.to_owned()
    }
}

fn looks_like_time(s: &str) -> bool {
    let b = s.as_bytes();
    b.len() >= 10 && b[..4].iter().all(u8::is_ascii_digit) && b[4] == b'-' && b[7] == b'-'
}
