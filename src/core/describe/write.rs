//! Writing a description: titles, `key: value` lines, small tables.

use crate::core::panes::text::{Span, TextLine};
use crate::core::role::Role;
use crate::core::value::human_duration;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

/// Where values begin.
const VALUE_AT: usize = 22;

/// Collects lines.
pub(super) struct Writer {
    lines: Vec<TextLine>,
    now: i64,
}

impl Writer {
    pub fn new(now: i64) -> Self {
        Self { lines: Vec::new(), now }
    }

    pub fn finish(self) -> Vec<TextLine> {
        self.lines
    }

    /// A heading, with a blank line before it.
    pub fn title(&mut self, text: &str) {
        if !self.lines.is_empty() {
            self.lines.push(Vec::new());
        }
        self.lines.push(vec![span(text, Role::Title)]);
    }

    /// `key    value`, at a depth.
    pub fn pair(&mut self, depth: usize, key: &str, value: &str) {
        self.judged(depth, key, value, Role::TextValue);
    }

    /// As [`Writer::pair`], with the value in a role of its own.
    pub fn judged(&mut self, depth: usize, key: &str, value: &str, role: Role) {
        let lead = " ".repeat(depth * 2);
        let pad = VALUE_AT.saturating_sub(lead.len() + key.width()).max(1);
        self.lines.push(vec![span(&format!("{lead}{key}{}", " ".repeat(pad)), Role::TextKey), span(value, role)]);
    }

    /// A line of its own.
    pub fn text(&mut self, depth: usize, text: &str, role: Role) {
        self.lines.push(vec![span(&format!("{}{text}", " ".repeat(depth * 2)), role)]);
    }

    /// A table; the first row holds its titles.
    pub fn table(&mut self, depth: usize, rows: &[Vec<String>]) {
        self.judged_table(depth, rows, usize::MAX, |_| Role::TextValue);
    }

    /// As [`Writer::table`], with numbers from that column on, and a role for each row below the titles.
    pub fn judged_table(&mut self, depth: usize, rows: &[Vec<String>], numbers: usize, role: impl Fn(usize) -> Role) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |c: usize| rows.iter().filter_map(|r| r.get(c)).map(|t| t.width()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for (i, row) in rows.iter().enumerate() {
            let mut line = " ".repeat(depth * 2);
            for (c, cell) in row.iter().enumerate() {
                let blank = " ".repeat(widths[c] - cell.width());
                let (before, after) = if c < numbers { ("", blank.as_str()) } else { (blank.as_str(), "") };
                line.extend([before, cell, after, "  "]);
            }
            let role = i.checked_sub(1).map_or(Role::ColumnTitle, &role);
            self.lines.push(vec![span(line.trim_end(), role)]);
        }
    }

    /// How long ago a moment (Unix milliseconds) was.
    pub fn since(&self, at: i64) -> String {
        human_duration(self.now - at)
    }

    /// How long ago a timestamp was, or what it says if it cannot be read.
    pub fn ago(&self, value: Option<&Value>) -> String {
        let Some(text) = value.and_then(Value::as_str) else { return "-".into() };
        text.parse::<jiff::Timestamp>()
            .map_or_else(|_| text.to_owned(), |t| human_duration(self.now - t.as_millisecond()))
    }

    /// Name, namespace, age, owner, labels and annotations: what every object has.
    pub fn metadata(&mut self, value: &Value) {
        let meta = &value["metadata"];
        self.pair(0, "Name", text(&meta["name"]));
        if let Some(ns) = meta["namespace"].as_str() {
            self.pair(0, "Namespace", ns);
        }
        let age = self.ago(meta.get("creationTimestamp"));
        self.pair(0, "Age", &format!("{age} (since {})", text(&meta["creationTimestamp"])));
        if let Some(at) = meta["deletionTimestamp"].as_str() {
            let left = list(&meta["finalizers"]).iter().map(|f| text(f).to_owned()).collect::<Vec<_>>().join(", ");
            let why = if left.is_empty() { String::new() } else { format!(", held by {left}") };
            self.judged(0, "Terminating", &format!("since {at}{why}"), Role::RowWarn);
        }
        for owner in list(&meta["ownerReferences"]) {
            self.pair(0, "Owned by", &format!("{}/{}", text(&owner["kind"]), text(&owner["name"])));
        }
        self.map("Labels", &meta["labels"]);
        self.map("Annotations", &meta["annotations"]);
    }

    /// A string map, one line an entry.
    pub fn map(&mut self, title: &str, map: &Value) {
        let Some(map) = map.as_object().filter(|m| !m.is_empty()) else { return };
        for (i, (k, v)) in map.iter().enumerate() {
            let v = text(v).lines().next().unwrap_or("");
            self.pair(0, if i == 0 { title } else { "" }, &format!("{k}={v}"));
        }
    }

    /// The conditions of a status, the bad ones lit. `good` says which status a type should have.
    pub fn conditions(&mut self, status: &Value, good: impl Fn(&str) -> &'static str) {
        let all = list(&status["conditions"]);
        if all.is_empty() {
            return;
        }
        self.title("Conditions");
        for c in all {
            let (kind, is) = (text(&c["type"]), text(&c["status"]));
            let role = if is == good(kind) { Role::TextValue } else { Role::RowWarn };
            let since = self.ago(c.get("lastTransitionTime"));
            let reason = [text(&c["reason"]), text(&c["message"])].join(" ");
            self.judged(1, kind, format!("{is:<8} {since:>6}  {reason}").trim_end(), role);
        }
    }
}

fn span(text: &str, role: Role) -> Span {
    let text = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    Span { text, role }
}

/// A text, or `-` where there is none.
pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("-")
}

/// A list, or an empty one.
pub(super) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
