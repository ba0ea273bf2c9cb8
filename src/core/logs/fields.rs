//! Fields of structured lines, JSON or logfmt, read without taking the whole line apart where one
//! field is asked for. A line that is not quite either yields what can be read of it.

use std::borrow::Cow;

/// A name and its value: text without its quotes, anything else as written.
pub type Field<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Whether a line is structured.
#[must_use]
pub fn structured(line: &str) -> bool {
    json(line) || logfmt(line)
}

fn json(line: &str) -> bool {
    line.starts_with('{') && line.trim_end().ends_with('}')
}

/// Whether a line begins with `name=`.
fn logfmt(line: &str) -> bool {
    let name = line.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-' | b'@')).count();
    name > 0 && line.as_bytes().get(name) == Some(&b'=')
}

/// The fields of a line in their order; none of one that is not structured. Fields of objects
/// within objects have names with dots.
#[must_use]
pub fn all(line: &str) -> Vec<Field<'_>> {
    let mut out = Vec::new();
    each(line, &mut |name, value| {
        out.push((name, value));
        true
    });
    out
}

/// The value of a field.
#[must_use]
pub fn get<'a>(line: &'a str, name: &str) -> Option<Cow<'a, str>> {
    first(line, &[name])
}

/// The value of the first field that has one of these names.
#[must_use]
pub fn first<'a>(line: &'a str, names: &[&str]) -> Option<Cow<'a, str>> {
    let mut found = None;
    each(line, &mut |name, value| {
        let hit = names.iter().any(|n| n.eq_ignore_ascii_case(&name));
        if hit {
            found = Some(value);
        }
        !hit
    });
    found
}

/// Gives out each field until told to stop.
fn each<'a>(line: &'a str, out: &mut impl FnMut(Cow<'a, str>, Cow<'a, str>) -> bool) {
    if json(line) {
        let mut reader = Reader { text: line, at: 0 };
        reader.object("", 0, out);
    } else if logfmt(line) {
        pairs(line, out);
    }
}

fn pairs<'a>(line: &'a str, out: &mut impl FnMut(Cow<'a, str>, Cow<'a, str>) -> bool) {
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let end = rest.find([' ', '=']).unwrap_or(rest.len());
        let name = &rest[..end];
        let Some(after) = rest[end..].strip_prefix('=') else {
            rest = rest[end..].trim_start();
            continue;
        };
        let (value, left) = if after.starts_with('"') {
            let mut reader = Reader { text: after, at: 0 };
            match reader.string() {
                Some(text) => (text, &after[reader.at..]),
                None => (Cow::Borrowed(after), ""),
            }
        } else {
            let end = after.find(' ').unwrap_or(after.len());
            (Cow::Borrowed(&after[..end]), &after[end..])
        };
        if !out(Cow::Borrowed(name), value) {
            return;
        }
        rest = left.trim_start();
    }
}

/// A reader of JSON that stops at what it does not understand.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

/// Objects within objects that are gone into.
const DEPTH: usize = 4;

impl<'a> Reader<'a> {
    fn blank(&mut self) {
        self.at += self.text.as_bytes()[self.at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
    }

    fn eat(&mut self, byte: u8) -> bool {
        self.blank();
        let there = self.text.as_bytes().get(self.at) == Some(&byte);
        self.at += usize::from(there);
        there
    }

    /// The fields of an object; `false` when told to stop or when it makes no sense.
    fn object(&mut self, prefix: &str, depth: usize, out: &mut impl FnMut(Cow<'a, str>, Cow<'a, str>) -> bool) -> bool {
        if !self.eat(b'{') {
            return false;
        }
        if self.eat(b'}') {
            return true;
        }
        loop {
            self.blank();
            let Some(name) = self.string() else { return false };
            if !self.eat(b':') {
                return false;
            }
            self.blank();
            let name = if prefix.is_empty() { name } else { Cow::Owned(format!("{prefix}.{name}")) };
            if self.text[self.at..].starts_with('{') && depth < DEPTH {
                if !self.object(&name, depth + 1, out) {
                    return false;
                }
            } else {
                let Some(value) = self.value() else { return false };
                if !out(name, value) {
                    return false;
                }
            }
            if !self.eat(b',') {
                return self.eat(b'}');
            }
        }
    }

    fn value(&mut self) -> Option<Cow<'a, str>> {
        if self.text[self.at..].starts_with('"') {
            return self.string();
        }
        let start = self.at;
        let (mut depth, mut quoted, mut escaped) = (0_u32, false, false);
        for (i, b) in self.text[start..].bytes().enumerate() {
            match b {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                _ if quoted => {}
                b'{' | b'[' => depth += 1,
                b'}' | b']' | b',' if depth == 0 => {
                    self.at = start + i;
                    return Some(Cow::Borrowed(self.text[start..self.at].trim_end()));
                }
                b'}' | b']' => depth -= 1,
                _ => {}
            }
        }
        None
    }

    /// A text in quotes, without them and without escapes.
    fn string(&mut self) -> Option<Cow<'a, str>> {
        let rest = self.text.get(self.at..)?.strip_prefix('"')?;
        let mut escaped = false;
        let mut any = false;
        for (i, b) in rest.bytes().enumerate() {
            match b {
                _ if escaped => escaped = false,
                b'\\' => (escaped, any) = (true, true),
                b'"' => {
                    self.at += i + 2;
                    let inner = &rest[..i];
                    if !any {
                        return Some(Cow::Borrowed(inner));
                    }
                    // What JSON does not allow is left as it was written.
                    let plain = serde_json::from_str::<String>(&format!("\"{inner}\""));
                    let plain = plain.unwrap_or_else(|_| inner.to_owned());
                    return Some(Cow::Owned(plain.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()));
                }
                _ => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn show(line: &str) -> String {
        all(line).iter().map(|(n, v)| format!("{n}={v}")).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn of_both_forms() {
        assert_eq!(
            show(
                r#"{"level":"warn","n":3.5, "tags":["a",{"b":1}],"http":{"status":502,"ok":false},"m":"a \"b\"\n\tc"}"#
            ),
            r#"level=warn|n=3.5|tags=["a",{"b":1}]|http.status=502|http.ok=false|m=a "b"  c"#
        );
        assert_eq!(
            show(r#"level=info msg="two words" empty= flag took=3ms"#),
            "level=info|msg=two words|empty=|took=3ms"
        );
        assert_eq!(show("plain text a=b"), "");
        assert_eq!(show(r#"{"cut":1,"of"#), "");
        assert_eq!(show(r#"{"a":1,"b":}"#), "a=1|b=");
        assert_eq!(get(r#"{"a":{"b":{"c":"x"}}}"#, "A.b.c").as_deref(), Some("x"));
    }

    proptest! {
        #[test]
        fn json_fields_are_those_of_a_parser(names in proptest::collection::vec("[a-z]{1,4}", 1..6), text in "[^\\x00-\\x1f\\x7f-\\x9f]{0,9}", n in any::<i32>()) {
            let mut map = serde_json::Map::new();
            for (i, name) in names.iter().enumerate() {
                map.insert(name.clone(), if i % 2 == 0 { text.clone().into() } else { n.into() });
            }
            let line = serde_json::to_string(&map).expect("JSON");
            for (name, value) in &map {
                let want = value.as_str().map_or_else(|| value.to_string(), |s| s.chars().map(|c| if c.is_control() { ' ' } else { c }).collect());
                let got = get(&line, name);
                prop_assert_eq!(got.as_deref(), Some(want.as_str()));
            }
        }

        #[test]
        fn nothing_panics(line in "[{}\\[\\]\":,=a \\\\é]{0,30}") {
            let _ = all(&line);
        }
    }
}
