//! A command line cut into words and operators.

use super::parse::{Part, Trouble, Word, parse};

/// A piece of a command line.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Word(Word),
    /// `;`, a line feed, `|`, `&&`, `||`, `(`, `)`.
    Operator(&'static str),
    /// The stream that is led elsewhere, and how: `<`, `>`, `>>`, `>&`.
    Redirect(u8, &'static str),
}

const OPERATORS: &[&str] = &["&&", "||", ";", "\n", "|", "(", ")"];
const REDIRECTS: &[&str] = &[">>", ">&", ">", "<"];
/// Characters that end a word.
const BREAKS: &str = " \t\n;|&()<>";

/// Cuts a text.
pub(super) fn lex(text: &str) -> Result<Vec<Token>, Trouble> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r']).trim_start_matches("\\\n");
        let Some(first) = rest.chars().next() else { return Ok(tokens) };
        if first == '#' {
            rest = rest.find('\n').map_or("", |at| &rest[at..]);
            continue;
        }
        if let Some((fd, op, after)) = redirect(rest) {
            tokens.push(Token::Redirect(fd, op));
            rest = after;
        } else if let Some(op) = OPERATORS.iter().find(|op| rest.starts_with(**op)) {
            tokens.push(Token::Operator(op));
            rest = &rest[op.len()..];
        } else if first == '&' {
            return Err(Trouble::Bad("background jobs are not supported here".to_owned()));
        } else {
            let (word, after) = word(rest)?;
            tokens.push(Token::Word(word));
            rest = after;
        }
    }
}

fn redirect(text: &str) -> Option<(u8, &'static str, &str)> {
    let (fd, after) = match text.as_bytes() {
        [fd @ b'0'..=b'2', b'<' | b'>', ..] => (Some(fd - b'0'), &text[1..]),
        _ => (None, text),
    };
    let op = REDIRECTS.iter().find(|op| after.starts_with(**op))?;
    Some((fd.unwrap_or(u8::from(*op != "<")), op, &after[op.len()..]))
}

fn word(text: &str) -> Result<(Word, &str), Trouble> {
    let (mut parts, mut rest, mut plain) = (Word::new(), text, String::new());
    let flush = |plain: &mut String, parts: &mut Word| {
        if !plain.is_empty() {
            parts.push(Part::Text(std::mem::take(plain), false));
        }
    };
    while let Some(c) = rest.chars().next() {
        if BREAKS.contains(c) {
            break;
        }
        let after = &rest[c.len_utf8()..];
        match c {
            '\'' => {
                flush(&mut plain, &mut parts);
                let end = after.find('\'').ok_or(Trouble::Unfinished)?;
                parts.push(Part::Text(after[..end].to_owned(), true));
                rest = &after[end + 1..];
            }
            '"' => {
                flush(&mut plain, &mut parts);
                rest = quoted(after, &mut parts)?;
            }
            '\\' => {
                let Some(next) = after.chars().next() else { return Err(Trouble::Unfinished) };
                flush(&mut plain, &mut parts);
                if next != '\n' {
                    parts.push(Part::Text(next.to_string(), true));
                }
                rest = &after[next.len_utf8()..];
            }
            '$' | '`' => {
                flush(&mut plain, &mut parts);
                rest = dollar(rest, false, &mut parts)?;
            }
            other => {
                plain.push(other);
                rest = after;
            }
        }
    }
    flush(&mut plain, &mut parts);
    Ok((parts, rest))
}

/// The inside of double quotes, up to and with the closing one.
fn quoted<'a>(text: &'a str, parts: &mut Word) -> Result<&'a str, Trouble> {
    let (mut rest, mut plain) = (text, String::new());
    loop {
        let c = rest.chars().next().ok_or(Trouble::Unfinished)?;
        let after = &rest[c.len_utf8()..];
        match c {
            '"' => {
                // Quotes around nothing are a word too.
                parts.push(Part::Text(plain, true));
                return Ok(after);
            }
            '\\' => {
                let next = after.chars().next().ok_or(Trouble::Unfinished)?;
                if !"\"\\$`\n".contains(next) {
                    plain.push('\\');
                }
                if next != '\n' {
                    plain.push(next);
                }
                rest = &after[next.len_utf8()..];
            }
            '$' | '`' => {
                parts.push(Part::Text(std::mem::take(&mut plain), true));
                rest = dollar(rest, true, parts)?;
            }
            other => {
                plain.push(other);
                rest = after;
            }
        }
    }
}

/// A variable or a command in a word: `$name`, `${name}`, `$?`, `$(command)`, `` `command` ``.
fn dollar<'a>(text: &'a str, quoted: bool, parts: &mut Word) -> Result<&'a str, Trouble> {
    if let Some(inner) = text.strip_prefix('`') {
        let end = inner.find('`').ok_or(Trouble::Unfinished)?;
        parts.push(Part::Command(parse(&inner[..end])?, quoted));
        return Ok(&inner[end + 1..]);
    }
    let rest = &text[1..];
    if let Some(inner) = rest.strip_prefix("((") {
        let end = inner.find("))").ok_or(Trouble::Unfinished)?;
        parts.push(Part::Sum(inner[..end].to_owned()));
        return Ok(&inner[end + 2..]);
    }
    if let Some(inner) = rest.strip_prefix('(') {
        let end = closing(inner)?;
        parts.push(Part::Command(parse(&inner[..end])?, quoted));
        return Ok(&inner[end + 1..]);
    }
    if let Some(inner) = rest.strip_prefix('{') {
        let end = inner.find('}').ok_or(Trouble::Unfinished)?;
        let name = &inner[..end];
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || "_:-?#".contains(c)) {
            return Err(Trouble::Bad("bad substitution".to_owned()));
        }
        parts.push(Part::Variable(name.to_owned(), quoted));
        return Ok(&inner[end + 1..]);
    }
    let length = match rest.chars().next() {
        Some('?' | '$' | '#' | '@' | '0'..='9') => 1,
        _ => rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len()),
    };
    if length == 0 {
        parts.push(Part::Text("$".to_owned(), true));
    } else {
        parts.push(Part::Variable(rest[..length].to_owned(), quoted));
    }
    Ok(&rest[length..])
}

/// Where the parenthesis that was opened before `text` is closed.
fn closing(text: &str) -> Result<usize, Trouble> {
    let (mut depth, mut quote) = (0, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(q), c) if q == c => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') if depth == 0 => return Ok(at),
            (None, ')') => depth -= 1,
            (None, _) => {}
        }
    }
    Err(Trouble::Unfinished)
}
