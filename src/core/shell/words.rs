//! A command line in words, as a POSIX shell splits one; nothing in it is expanded.

use std::sync::Arc;

/// Splits a line: blanks separate, quotes and backslashes keep together.
///
/// # Errors
/// A quote that does not end, or nothing at all.
pub fn split(line: &str) -> Result<Vec<Arc<str>>, String> {
    let mut words: Vec<Arc<str>> = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' | '\n' => words.extend(word.take().map(Into::into)),
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        None => return Err(format!("a {c} without its end")),
                        Some(next) if next == c => break,
                        Some('\\') if c == '"' => match chars.next() {
                            Some(next @ ('"' | '\\' | '$' | '`')) => word.push(next),
                            Some(next) => word.extend(['\\', next]),
                            None => return Err(format!("a {c} without its end")),
                        },
                        Some(next) => word.push(next),
                    }
                }
            }
            '\\' => match chars.next() {
                Some(next) => word.get_or_insert_default().push(next),
                None => return Err("a \\ at the end".into()),
            },
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word.map(Into::into));
    if words.is_empty() { Err("a command, such as ls -l /tmp".into()) } else { Ok(words) }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn words_are_split_as_a_shell_does() {
        let table: [(&str, Result<&[&str], ()>); 8] = [
            ("ls -l  /tmp", Ok(&["ls", "-l", "/tmp"])),
            ("sh -c 'echo $HOME | wc'", Ok(&["sh", "-c", "echo $HOME | wc"])),
            (r#"echo "a \"b\" \n" c\ d"#, Ok(&["echo", r#"a "b" \n"#, "c d"])),
            ("a''b ''", Ok(&["ab", ""])),
            ("echo 'open", Err(())),
            ("echo \"open\\", Err(())),
            ("end\\", Err(())),
            ("   ", Err(())),
        ];
        for (line, words) in table {
            let got = split(line).map_err(|_| ());
            let got = got.as_ref().map(|w| w.iter().map(AsRef::as_ref).collect::<Vec<&str>>());
            assert_eq!(got, words.as_ref().map(|w| w.to_vec()), "{line}");
        }
    }
}
