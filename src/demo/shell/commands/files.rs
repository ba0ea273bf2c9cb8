//! Programs about files and directories.

use super::super::super::clock::{Millis, rfc3339};
use super::super::files::{Fault, Node, split};
use super::super::pipe::open;
use super::{Call, Ended};

pub(super) async fn pwd(c: &mut Call<'_>) -> Ended {
    c.io.out.line(&c.env.folder).await?;
    Ok(0)
}

pub(super) async fn ls(c: &mut Call<'_>) -> Ended {
    let (letters, mut words) = c.options();
    if words.is_empty() {
        words.push(".".to_owned());
    }
    let (mut code, many) = (0, words.len() > 1);
    for word in &words {
        let path = c.path(word);
        let found = open(&c.place.disk).get(&path).map(|node| {
            let whole = letters.contains('d') || !node.is_directory();
            let mut all: Vec<(String, Node)> = Vec::new();
            if whole {
                all.push((word.clone(), node.clone()));
            } else {
                if letters.contains('a') {
                    all.extend([".", ".."].map(|n| (n.to_owned(), Node::directory(node.time))));
                }
                let shown = |name: &str| letters.contains(['a', 'A']) || !name.starts_with('.');
                all.extend(node.children().filter(|(n, _)| shown(n)).map(|(n, node)| (n.clone(), node.clone())));
            }
            (all, whole)
        });
        match found {
            Ok((all, whole)) => {
                if many && !whole {
                    c.io.out.line(&format!("{word}:")).await?;
                }
                c.io.out.write(listing(c, &all, letters.contains('l'))).await?;
            }
            Err(fault) => code = c.fault("ls", word, fault).await?,
        }
    }
    Ok(code)
}

fn listing(c: &Call<'_>, all: &[(String, Node)], long: bool) -> String {
    if long {
        let owner = if c.place.user == 0 { "root" } else { "app" };
        let line = |(name, node): &(String, Node)| {
            let (kind, links) = if node.is_directory() { ('d', 2) } else { ('-', 1) };
            let (size, mode, date) = (node.size(), letters(node.mode), day(node.time));
            format!("{kind}{mode} {links:>4} {owner:<8} {owner:<8} {size:>9} {date} {name}\n")
        };
        return all.iter().map(line).collect::<Vec<_>>().concat();
    }
    let names = all.iter().map(|(name, _)| name.as_str());
    if c.io.out.terminal() && !all.is_empty() {
        let width = c.place.size.as_ref().map_or(80, |s| usize::from(s.borrow().0)).max(20);
        let widest = all.iter().map(|(n, _)| n.len()).max().unwrap_or(1) + 2;
        let rows: Vec<String> = names
            .collect::<Vec<_>>()
            .chunks((width / widest).max(1))
            .map(|row| {
                let cells: Vec<String> = row.iter().map(|n| format!("{n:<widest$}")).collect();
                format!("{}\n", cells.concat().trim_end())
            })
            .collect();
        return rows.concat();
    }
    names.map(|n| format!("{n}\n")).collect::<Vec<_>>().concat()
}

/// `rwxr-xr-x`.
fn letters(mode: u32) -> String {
    let bit = |i: u32, c: char| if mode >> i & 1 == 1 { c } else { '-' };
    (0..9).rev().map(|i| bit(i, ['x', 'w', 'r'][i as usize % 3])).collect()
}

/// `Nov 21 12:02`.
fn day(at: Millis) -> String {
    let text = rfc3339(at);
    let month = text.get(5..7).and_then(|m| m.parse::<usize>().ok()).unwrap_or(1);
    let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    format!("{} {:>2} {}", names[(month - 1) % 12], text[8..10].trim_start_matches('0'), &text[11..16])
}

pub(super) async fn mkdir(c: &mut Call<'_>) -> Ended {
    let (letters, words) = c.options();
    let mut code = 0;
    for word in &words {
        let (path, time) = (c.path(word), c.place.now());
        let made = {
            let mut files = open(&c.place.disk);
            if letters.contains('p') { files.make_all(&path, time) } else { files.put(&path, Node::directory(time)) }
        };
        if let Err(fault) = made {
            code = c.fail("mkdir", &format!("can't create directory '{word}': {}", fault.told())).await?;
        }
    }
    Ok(code)
}

async fn take(c: &mut Call<'_>, name: &str, deep: bool, quiet: bool, words: &[String]) -> Ended {
    let mut code = 0;
    for word in words {
        let path = c.path(word);
        let done = {
            let mut files = open(&c.place.disk);
            match files.get(&path).map(Node::is_directory) {
                Ok(true) if name == "rm" && !deep => Err(Fault::Directory),
                Ok(false) if name == "rmdir" => Err(Fault::NotDirectory),
                Ok(_) => files.remove(&path, deep).map(|_| ()),
                Err(fault) => Err(fault),
            }
        };
        match done {
            Err(Fault::Missing) if quiet => {}
            Err(fault) => code = c.fail(name, &format!("can't remove '{word}': {}", fault.told())).await?,
            Ok(()) => {}
        }
    }
    Ok(code)
}

pub(super) async fn rm(c: &mut Call<'_>) -> Ended {
    let (letters, words) = c.options();
    take(c, "rm", letters.contains(['r', 'R']), letters.contains('f'), &words).await
}

pub(super) async fn rmdir(c: &mut Call<'_>) -> Ended {
    let (_, words) = c.options();
    take(c, "rmdir", false, false, &words).await
}

pub(super) async fn touch(c: &mut Call<'_>) -> Ended {
    let (_, words) = c.options();
    let mut code = 0;
    for word in &words {
        let (path, time) = (c.path(word), c.place.now());
        let done = open(&c.place.disk).write(&path, b"", true, time);
        if let Err(fault) = done {
            code = c.fault("touch", word, fault).await?;
        }
    }
    Ok(code)
}

/// Where a copy of `from` goes: into `to` when that is a directory.
fn target(c: &Call<'_>, from: &str, to: &str) -> String {
    let (from, to) = (c.path(from), c.path(to));
    let inside = open(&c.place.disk).get(&to).is_ok_and(Node::is_directory);
    if inside { format!("{}/{}", to.trim_end_matches('/'), split(&from).1) } else { to }
}

async fn carry(c: &mut Call<'_>, name: &str, deep: bool, take: bool) -> Ended {
    let (_, words) = c.options();
    let Some((to, sources)) = words.split_last().filter(|(_, s)| !s.is_empty()) else {
        return c.fail(name, "a source and a target are needed").await;
    };
    let mut code = 0;
    for from in sources {
        let (source, place) = (c.path(from), target(c, from, to));
        let done = {
            let mut files = open(&c.place.disk);
            match files.get(&source).cloned() {
                Err(fault) => Err(fault),
                Ok(node) if node.is_directory() && !deep => Err(Fault::Directory),
                Ok(node) => {
                    let _ = files.remove(&place, true);
                    let put = files.put(&place, node);
                    if take { put.and_then(|()| files.remove(&source, true).map(|_| ())) } else { put }
                }
            }
        };
        if let Err(fault) = done {
            code = c.fault(name, from, fault).await?;
        }
    }
    Ok(code)
}

pub(super) async fn cp(c: &mut Call<'_>) -> Ended {
    let deep = c.options().0.contains(['r', 'R', 'a']);
    carry(c, "cp", deep, false).await
}

pub(super) async fn mv(c: &mut Call<'_>) -> Ended {
    carry(c, "mv", true, true).await
}

pub(super) async fn chmod(c: &mut Call<'_>) -> Ended {
    let (_, words) = c.options();
    let mut code = 0;
    for word in words.iter().skip(1) {
        let path = c.path(word);
        let mode = u32::from_str_radix(&words[0], 8).unwrap_or(0o755);
        let done = open(&c.place.disk).allow(&path, mode);
        if let Err(fault) = done {
            code = c.fault("chmod", word, fault).await?;
        }
    }
    Ok(code)
}

/// All paths below a node, itself first.
fn below(path: &str, node: &Node, out: &mut Vec<(String, bool, usize)>) {
    out.push((path.to_owned(), node.is_directory(), node.size()));
    for (name, child) in node.children() {
        below(&format!("{}/{name}", path.trim_end_matches('/')), child, out);
    }
}

pub(super) async fn find(c: &mut Call<'_>) -> Ended {
    let value = |key: &str| c.args.iter().position(|a| a == key).and_then(|i| c.args.get(i + 1)).cloned();
    let (name, kind) = (value("-name"), value("-type"));
    let start = c.args.first().filter(|a| !a.starts_with('-')).cloned().unwrap_or_else(|| ".".to_owned());
    let path = c.path(&start);
    let mut all = Vec::new();
    let found = open(&c.place.disk).get(&path).map(|node| below(&start, node, &mut all));
    if let Err(fault) = found {
        return c.fault("find", &start, fault).await;
    }
    for (path, folder, _) in all {
        let named = name.as_ref().is_none_or(|n| super::super::expand::fit(n, split(&path).1));
        if named && kind.as_ref().is_none_or(|k| (k == "d") == folder) {
            c.io.out.line(&path).await?;
        }
    }
    Ok(0)
}

pub(super) async fn du(c: &mut Call<'_>) -> Ended {
    let (letters, mut words) = c.options();
    if words.is_empty() {
        words.push(".".to_owned());
    }
    for word in &words {
        let path = c.path(word);
        let mut all = Vec::new();
        let found = open(&c.place.disk).get(&path).map(|node| below(word, node, &mut all));
        if let Err(fault) = found {
            return c.fault("du", word, fault).await;
        }
        for (folder, ..) in all.iter().filter(|(p, folder, _)| *folder && (p == word || !letters.contains('s'))) {
            let inside = format!("{}/", folder.trim_end_matches('/'));
            let bytes: usize =
                all.iter().filter(|(p, ..)| p == folder || p.starts_with(&inside)).map(|(.., s)| s).sum();
            c.io.out.line(&format!("{}\t{folder}", bytes.div_ceil(1_024))).await?;
        }
    }
    Ok(0)
}

pub(super) async fn df(c: &mut Call<'_>) -> Ended {
    c.io.out.line("Filesystem           1K-blocks      Used Available Use% Mounted on").await?;
    let mounts = open(&c.place.disk).mounts().to_vec();
    for (path, _) in mounts {
        let device = if path == "/" { "overlay" } else { "tmpfs" };
        c.io.out.line(&format!("{device:<20} 264212064  81905736 182306328  31% {path}")).await?;
    }
    Ok(0)
}
