//! Programs about lines of text.

use regex::RegexBuilder;

use super::super::pipe::Output;
use super::{Call, Ended};

pub(super) async fn echo(c: &mut Call<'_>) -> Ended {
    let (mut words, mut end, mut escapes) = (c.args, "\n", false);
    while let [first, rest @ ..] = words {
        match first.as_str() {
            "-n" => end = "",
            "-e" => escapes = true,
            "-ne" | "-en" => (end, escapes) = ("", true),
            _ => break,
        }
        words = rest;
    }
    let text = words.join(" ");
    c.io.out.write(format!("{}{end}", if escapes { unescape(&text) } else { text })).await?;
    Ok(0)
}

fn unescape(text: &str) -> String {
    let (mut out, mut chars) = (String::new(), text.chars());
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('a') => out.push('\x07'),
            Some('e') => out.push('\x1b'),
            Some('0') => {
                let digits: String = chars.as_str().chars().take(3).take_while(|c| ('0'..'8').contains(c)).collect();
                out.push(u8::from_str_radix(&digits, 8).map_or('\0', char::from));
                chars = chars.as_str()[digits.len()..].chars();
            }
            Some('\\') => out.push('\\'),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

/// `printf` with `%s`, `%d` and `%%`; the format is used again while words are left.
pub(super) async fn printf(c: &mut Call<'_>) -> Ended {
    let [format, words @ ..] = c.args else { return c.fail("printf", "a format is needed").await };
    let mut words = words.iter();
    loop {
        let (mut out, mut used) = (String::new(), false);
        let format = unescape(format);
        let mut chars = format.chars();
        while let Some(ch) = chars.next() {
            if ch != '%' {
                out.push(ch);
                continue;
            }
            match chars.next() {
                Some('%') | None => out.push('%'),
                Some(_) => {
                    used = true;
                    out.push_str(words.next().map_or("", String::as_str));
                }
            }
        }
        c.io.out.write(out).await?;
        if !used || words.len() == 0 {
            return Ok(0);
        }
    }
}

pub(super) async fn cat(c: &mut Call<'_>) -> Ended {
    let (letters, files) = c.options();
    let (mut inputs, code) = c.open("cat", &files).await?;
    let mut number = 0;
    for (_, input) in &mut inputs {
        if !letters.contains('n') {
            while let Some(data) = input.read().await {
                c.io.out.write(data).await?;
            }
            continue;
        }
        while let Some(line) = input.line().await {
            number += 1;
            c.io.out.write(format!("{number:>6}\t{}", String::from_utf8_lossy(&line))).await?;
        }
    }
    c.close(inputs);
    Ok(code)
}

/// What `head` and `tail` are asked for: how many, whether bytes, whether counted from the start, and the files.
fn amount(args: &[String]) -> (usize, bool, bool, Vec<String>) {
    let (mut count, mut bytes, mut files) = ("10".to_owned(), false, Vec::new());
    let mut words = args.iter();
    while let Some(word) = words.next() {
        match word.strip_prefix('-').filter(|w| !w.is_empty()) {
            Some(option @ ("n" | "c")) => {
                bytes = option == "c";
                words.next().cloned().unwrap_or_default().clone_into(&mut count);
            }
            Some("f" | "F" | "q") => {}
            Some(option) => {
                bytes = option.starts_with('c');
                option.trim_start_matches(['n', 'c']).clone_into(&mut count);
            }
            None => files.push(word.clone()),
        }
    }
    let (from, digits) = count.strip_prefix('+').map_or((false, count.as_str()), |rest| (true, rest));
    (digits.parse().unwrap_or(10), bytes, from, files)
}

pub(super) async fn head(c: &mut Call<'_>) -> Ended {
    let (count, bytes, _, files) = amount(c.args);
    let (mut inputs, code) = c.open("head", &files).await?;
    for (_, input) in &mut inputs {
        if bytes {
            let data = input.exactly(count).await;
            c.io.out.write(data).await?;
            continue;
        }
        for _ in 0..count {
            let Some(line) = input.line().await else { break };
            c.io.out.write(line).await?;
        }
    }
    c.close(inputs);
    Ok(code)
}

pub(super) async fn tail(c: &mut Call<'_>) -> Ended {
    let (count, bytes, from, files) = amount(c.args);
    let (mut inputs, code) = c.open("tail", &files).await?;
    for (_, input) in &mut inputs {
        if bytes && from {
            // `tail -c+1` is all of it: how a copy is taken up where it broke off.
            let _ = input.exactly(count.saturating_sub(1)).await;
            while let Some(data) = input.read().await {
                c.io.out.write(data).await?;
            }
            continue;
        }
        if bytes {
            let mut all = Vec::new();
            while let Some(data) = input.read().await {
                all.extend_from_slice(&data);
            }
            c.io.out.write(&all[all.len().saturating_sub(count)..]).await?;
            continue;
        }
        let (mut kept, mut seen) = (std::collections::VecDeque::new(), 0);
        while let Some(line) = input.line().await {
            seen += 1;
            if from && seen >= count {
                c.io.out.write(line).await?;
            } else if !from {
                kept.push_back(line);
                if kept.len() > count {
                    kept.pop_front();
                }
            }
        }
        for line in kept {
            c.io.out.write(line).await?;
        }
    }
    c.close(inputs);
    Ok(code)
}

pub(super) async fn wc(c: &mut Call<'_>) -> Ended {
    let (letters, files) = c.options();
    let (mut inputs, code) = c.open("wc", &files).await?;
    for (file, input) in &mut inputs {
        let (mut lines, mut words, mut bytes) = (0, 0, 0);
        while let Some(line) = input.line().await {
            lines += usize::from(line.ends_with(b"\n"));
            words += String::from_utf8_lossy(&line).split_whitespace().count();
            bytes += line.len();
        }
        let shown = [('l', lines), ('w', words), ('c', bytes)];
        let chosen: Vec<usize> =
            shown.iter().filter(|(l, _)| letters.is_empty() || letters.contains(*l)).map(|(_, n)| *n).collect();
        let numbers = match chosen.as_slice() {
            [one] => one.to_string(),
            all => all.iter().map(|n| format!("{n:>9}")).collect::<Vec<_>>().concat(),
        };
        c.io.out.line(&if file == "-" { numbers } else { format!("{numbers} {file}") }).await?;
    }
    c.close(inputs);
    Ok(code)
}

pub(super) async fn grep(c: &mut Call<'_>) -> Ended {
    let (letters, mut words) = c.options();
    if words.is_empty() {
        return c.fail("grep", "a pattern is needed").await.map(|_| 2);
    }
    let pattern = words.remove(0);
    let pattern = if letters.contains('F') { regex::escape(&pattern) } else { pattern };
    let built = RegexBuilder::new(&pattern).case_insensitive(letters.contains('i')).build();
    let Ok(pattern) = built else { return c.fail("grep", "bad regex").await.map(|_| 2) };
    let many = words.len() > 1;
    let mut found = 0;
    let (mut inputs, code) = c.open("grep", &words).await?;
    for (file, input) in &mut inputs {
        let (mut here, mut at) = (0, 0);
        while let Some(line) = input.line().await {
            at += 1;
            let text = String::from_utf8_lossy(&line);
            if pattern.is_match(text.trim_end_matches('\n')) == letters.contains('v') {
                continue;
            }
            here += 1;
            if letters.contains(['c', 'q']) {
                continue;
            }
            let name = if many { format!("{file}:") } else { String::new() };
            let number = if letters.contains('n') { format!("{at}:") } else { String::new() };
            c.io.out.line(&format!("{name}{number}{}", text.trim_end_matches('\n'))).await?;
        }
        found += here;
        if letters.contains('c') {
            c.io.out.line(&here.to_string()).await?;
        }
    }
    c.close(inputs);
    Ok(if code == 0 { i32::from(found == 0) } else { 2 })
}

pub(super) async fn tee(c: &mut Call<'_>) -> Ended {
    let (letters, files) = c.options();
    let mut outputs = Vec::new();
    let mut code = 0;
    for file in &files {
        let (path, time) = (c.path(file), c.place.now());
        let opened = super::super::pipe::open(&c.place.disk).write(&path, b"", letters.contains('a'), time);
        match opened {
            Ok(()) => outputs.push(Output::File { disk: c.place.disk.clone(), path, time }),
            Err(fault) => code = c.fault("tee", file, fault).await?,
        }
    }
    while let Some(data) = c.io.stdin.read().await {
        c.io.out.write(&data).await?;
        for output in &outputs {
            output.write(&data).await?;
        }
    }
    Ok(code)
}

pub(super) async fn seq(c: &mut Call<'_>) -> Ended {
    let numbers: Vec<i64> = c.args.iter().filter_map(|a| a.parse().ok()).collect();
    let (first, step, last) = match numbers.as_slice() {
        [last] => (1, 1, *last),
        [first, last] => (*first, 1, *last),
        [first, step, last] => (*first, *step, *last),
        _ => return c.fail("seq", "numbers are needed: [FIRST [STEP]] LAST").await,
    };
    let (mut at, mut out) = (first, String::new());
    while step != 0 && (step > 0 && at <= last || step < 0 && at >= last) {
        out.push_str(&at.to_string());
        out.push('\n');
        if out.len() > 8_000 {
            c.io.out.write(std::mem::take(&mut out)).await?;
        }
        at = at.saturating_add(step);
    }
    c.io.out.write(out).await?;
    Ok(0)
}

/// Says the same for ever.
pub(super) async fn yes(c: &mut Call<'_>) -> Ended {
    let word = if c.args.is_empty() { "y".to_owned() } else { c.args.join(" ") };
    let some = format!("{word}\n").repeat(8_000 / (word.len() + 1) + 1);
    loop {
        c.io.out.write(&some).await?;
    }
}

pub(super) async fn sort(c: &mut Call<'_>) -> Ended {
    let (letters, files) = c.options();
    let mut all = Vec::new();
    let (mut inputs, code) = c.open("sort", &files).await?;
    for (_, input) in &mut inputs {
        while let Some(line) = input.line().await {
            all.push(String::from_utf8_lossy(&line).trim_end_matches('\n').to_owned());
        }
    }
    c.close(inputs);
    if letters.contains('n') {
        let number = |l: &String| l.split_whitespace().next().and_then(|w| w.parse::<i64>().ok()).unwrap_or(0);
        all.sort_by_key(number);
    } else {
        all.sort();
    }
    if letters.contains('u') {
        all.dedup();
    }
    if letters.contains('r') {
        all.reverse();
    }
    for line in all {
        c.io.out.line(&line).await?;
    }
    Ok(code)
}
