//! Comparing what was copied, where the container can: by `sha256sum`.

use super::{Copied, said};
use crate::cluster::Connection;
use crate::core::held::copy::Wish;
use crate::core::shell::Ending;

/// The names asked about at once: they travel in a request's address.
const NAMES: usize = 3 * 1024;
/// Files compared at most: each request costs a round trip and a process.
const FILES: usize = 500;

/// Compares all files, or says why that cannot be.
pub(super) async fn compare(connection: &Connection, wish: &Wish, copied: &[Copied]) -> Result<String, String> {
    let some = &copied[..copied.len().min(FILES)];
    let mut compared = 0;
    let mut rest = some;
    while !rest.is_empty() {
        let mut length = 0;
        let fits = |c: &Copied| {
            length += c.path.len() + 16;
            length <= NAMES
        };
        let count = rest.iter().map(fits).take_while(|fits| *fits).count().max(1);
        let (now, later) = rest.split_at(count);
        rest = later;
        let words: Vec<&str> = std::iter::once("sha256sum").chain(now.iter().map(|c| c.path.as_str())).collect();
        let (text, ending) = said(connection, wish, &words).await?;
        if matches!(ending, Ending::Failed(_) | Ending::Exit(126 | 127)) {
            return Ok("not compared: the container has no sha256sum".into());
        }
        for (file, sums) in now.iter().zip(sums(&text, now)) {
            match sums {
                Some(sum) if sum == file.sum => compared += 1,
                Some(_) => {
                    return Err(format!("{} differs: it may have changed while it was copied", file.path));
                }
                // A name that cannot be written in a line, or a file that went meanwhile.
                None => {}
            }
        }
    }
    Ok(match copied.len() {
        0 => "nothing to compare".into(),
        all if all == compared => "checksums equal".into(),
        all => format!("checksums of {compared} of {all} equal, the others not compared"),
    })
}

/// The sum of each file, by the names in the lines.
fn sums(text: &str, files: &[Copied]) -> Vec<Option<String>> {
    let line = |file: &Copied| {
        text.lines().find_map(|line| {
            let (sum, name) = line.split_once(' ')?;
            let name = name.strip_prefix([' ', '*'])?;
            (name == file.path).then(|| sum.to_owned())
        })
    };
    files.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_found_by_their_names() {
        let file = |path: &str| Copied { path: path.into(), size: 1, sum: String::new() };
        let text = "aa  /x/a b\nbb */x/c\n\\cc  /x/d\\n\nsha256sum: /x/e: No such file\n";
        let got = sums(text, &[file("/x/c"), file("/x/a b"), file("/x/e")]);
        assert_eq!(got, [Some("bb".into()), Some("aa".into()), None]);
    }
}
