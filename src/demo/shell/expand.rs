//! Words into arguments: variables, commands in words, sums, file patterns.

use bytes::Bytes;
use tokio::sync::mpsc;

use super::files::absolute;
use super::parse::{Part, Word};
use super::pipe::{Input, Output, open};
use super::{Env, Io, Place, run};

/// Characters at which unquoted values are split.
const BLANKS: &[char] = &[' ', '\t', '\n'];

/// The arguments that words make.
pub(super) async fn words(place: &Place, env: &mut Env, all: &[Word], err: &Output) -> Vec<String> {
    let mut out = Vec::new();
    for word in all {
        let (mut current, mut begun, mut pattern) = (String::new(), false, false);
        for part in word {
            let (text, quoted) = value(place, env, part, err).await;
            if quoted || matches!(part, Part::Text(..)) {
                pattern |= !quoted && text.contains(['*', '?']);
                begun |= quoted || !text.is_empty();
                current.push_str(&text);
                continue;
            }
            for (i, piece) in text.split(BLANKS).filter(|p| !p.is_empty()).enumerate() {
                if i > 0 || text.starts_with(BLANKS) && begun {
                    out.push(std::mem::take(&mut current));
                }
                begun = true;
                current.push_str(piece);
            }
        }
        if pattern {
            let found = matching(place, env, &current);
            if !found.is_empty() {
                out.extend(found);
                continue;
            }
        }
        if begun {
            out.push(current);
        }
    }
    out
}

/// A word that is one argument whatever is in it.
pub(super) async fn one(place: &Place, env: &mut Env, word: &Word, err: &Output) -> String {
    let mut whole = String::new();
    for part in word {
        whole.push_str(&value(place, env, part, err).await.0);
    }
    whole
}

async fn value(place: &Place, env: &mut Env, part: &Part, err: &Output) -> (String, bool) {
    match part {
        Part::Text(text, quoted) => (text.clone(), *quoted),
        Part::Variable(name, quoted) => (variable(env, name), *quoted),
        Part::Sum(text) => (sum(env, text).to_string(), false),
        Part::Command(node, quoted) => {
            let (sender, mut receiver) = mpsc::channel::<Bytes>(8);
            let (mut inner, mut nothing) = (env.clone(), Input::default());
            let io = Io { stdin: &mut nothing, out: Output::Pipe(sender), err: err.clone() };
            let gather = async {
                let mut all = Vec::new();
                while let Some(part) = receiver.recv().await {
                    all.extend_from_slice(&part);
                }
                all
            };
            let (flow, said) = tokio::join!(run::run(place, &mut inner, node, io), gather);
            env.last = flow.code();
            (String::from_utf8_lossy(&said).trim_end_matches('\n').to_owned(), *quoted)
        }
    }
}

fn variable(env: &Env, name: &str) -> String {
    if let Some((name, default)) = name.split_once(":-") {
        let value = variable(env, name);
        return if value.is_empty() { default.to_owned() } else { value };
    }
    match name {
        "?" => env.last.to_string(),
        "$" => "37".to_owned(),
        "0" => env.arguments.first().cloned().unwrap_or_else(|| "sh".to_owned()),
        "#" => env.arguments.len().saturating_sub(1).to_string(),
        "@" => env.arguments.get(1..).unwrap_or(&[]).join(" "),
        "PWD" => env.folder.clone(),
        digits if digits.bytes().all(|b| b.is_ascii_digit()) && !digits.is_empty() => {
            digits.parse().ok().and_then(|i: usize| env.arguments.get(i)).cloned().unwrap_or_default()
        }
        other => env.variables.get(other).cloned().unwrap_or_default(),
    }
}

/// A sum of whole numbers and variables from left to right, `*`, `/` and `%` before `+` and `-`.
fn sum(env: &Env, text: &str) -> i64 {
    let number = |word: &str| {
        let word = word.trim().trim_start_matches('$');
        word.parse::<i64>().unwrap_or_else(|_| variable(env, word).parse().unwrap_or(0))
    };
    let (mut total, mut term, mut word) = (0_i64, 0_i64, String::new());
    let (mut sign, mut pending) = (1_i64, '+');
    for c in text.chars().chain(['+']) {
        if !matches!(c, '+' | '-' | '*' | '/' | '%') {
            word.push(c);
            continue;
        }
        let value = number(&std::mem::take(&mut word));
        term = match pending {
            '*' => term.wrapping_mul(value),
            '/' => term.checked_div(value).unwrap_or(0),
            '%' => term.checked_rem(value).unwrap_or(0),
            _ => value,
        };
        pending = c;
        if matches!(c, '+' | '-') {
            total = total.wrapping_add(sign.wrapping_mul(term));
            sign = if c == '-' { -1 } else { 1 };
        }
    }
    total
}

/// The files that a pattern fits; patterns are known in the last part of a path.
fn matching(place: &Place, env: &Env, pattern: &str) -> Vec<String> {
    let (folder, last) = pattern.rsplit_once('/').map_or(("", pattern), |(f, l)| (f, l));
    let at = absolute(&env.folder, if folder.is_empty() && pattern.starts_with('/') { "/" } else { folder });
    let files = open(&place.disk);
    let Ok(node) = files.get(&at) else { return Vec::new() };
    let lead = if pattern.contains('/') { format!("{folder}/") } else { String::new() };
    let fits = |name: &str| (last.starts_with('.') || !name.starts_with('.')) && fit(last, name);
    node.children().filter(|(name, _)| fits(name)).map(|(name, _)| format!("{lead}{name}")).collect()
}

/// Whether a name fits a pattern of `*` and `?`.
pub(super) fn fit(pattern: &str, name: &str) -> bool {
    let mut rest = pattern.chars();
    match rest.next() {
        None => name.is_empty(),
        Some('*') => (0..=name.len()).filter(|i| name.is_char_boundary(*i)).any(|i| fit(rest.as_str(), &name[i..])),
        Some(c) => {
            name.chars().next().is_some_and(|n| (c == '?' || c == n) && fit(rest.as_str(), &name[n.len_utf8()..]))
        }
    }
}
