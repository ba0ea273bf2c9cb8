//! Programs that carry files in and out: what `kubectl cp` runs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::files::{Fault, Node, split};
use super::super::pipe::open;
use super::super::tar::{self, Item};
use super::{Call, Ended};

/// What tar is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Create,
    Extract,
    List,
}

/// What a call of tar asks.
#[derive(Debug, Default)]
struct Wish {
    mode: Option<Mode>,
    verbose: bool,
    /// The archive; standard input or output when `-` or absent.
    archive: String,
    folder: String,
    names: Vec<String>,
}

fn wish(args: &[String]) -> Result<Wish, String> {
    let (mut wish, mut words) = (Wish::default(), args.iter());
    let mut first = true;
    while let Some(word) = words.next() {
        let letters = match word.strip_prefix('-') {
            Some(long) if long.starts_with('-') => {
                first = false;
                continue;
            }
            Some("") => "",
            Some(letters) => letters,
            None if first => word,
            None => {
                wish.names.push(word.clone());
                continue;
            }
        };
        first = false;
        for letter in letters.chars() {
            match letter {
                'c' => wish.mode = Some(Mode::Create),
                'x' => wish.mode = Some(Mode::Extract),
                't' => wish.mode = Some(Mode::List),
                'v' => wish.verbose = true,
                'f' => words.next().cloned().unwrap_or_default().clone_into(&mut wish.archive),
                'C' => words.next().cloned().unwrap_or_default().clone_into(&mut wish.folder),
                'm' | 'o' | 'p' | 'h' | 'k' => {}
                other => return Err(format!("unknown option -- '{other}'")),
            }
        }
    }
    if wish.archive.is_empty() {
        wish.archive.push('-');
    }
    Ok(wish)
}

pub(super) async fn tar(c: &mut Call<'_>) -> Ended {
    let wish = match wish(c.args) {
        Ok(wish) => wish,
        Err(why) => return c.fail("tar", &why).await,
    };
    let folder = c.path(&wish.folder);
    match wish.mode {
        Some(Mode::Create) => create(c, &wish, &folder).await,
        Some(Mode::Extract) => extract(c, &wish, &folder, false).await,
        Some(Mode::List) => extract(c, &wish, &folder, true).await,
        None => c.fail("tar", "one of -c, -x, -t must be given").await,
    }
}

async fn create(c: &mut Call<'_>, wish: &Wish, folder: &str) -> Ended {
    let (mut code, mut out) = (0, Vec::new());
    for name in &wish.names {
        let path = super::super::files::absolute(folder, name);
        let found = open(&c.place.disk).get(&path).cloned();
        match found {
            Err(fault) => {
                code = c.fault("tar", name, fault).await?;
            }
            Ok(node) => {
                if name.starts_with('/') {
                    c.io.err.line("tar: removing leading '/' from member names").await?;
                }
                tar::pack(name.trim_start_matches('/'), &node, &mut out);
            }
        }
    }
    tar::end(&mut out);
    if wish.archive == "-" {
        c.io.out.write(out).await?;
        return Ok(code);
    }
    let (path, time) = (c.path(&wish.archive), c.place.now());
    let done = open(&c.place.disk).write(&path, &out, false, time);
    match done {
        Ok(()) => Ok(code),
        Err(fault) => c.fault("tar", &wish.archive, fault).await,
    }
}

async fn extract(c: &mut Call<'_>, wish: &Wish, folder: &str, list: bool) -> Ended {
    let mut input = match c.input(&wish.archive) {
        Ok(input) => input,
        Err(fault) => return c.fault("tar", &wish.archive, fault).await,
    };
    let mut code = 0;
    loop {
        let item = match tar::next(&mut input).await {
            Ok(Some(item)) => item,
            Ok(None) => break,
            Err(why) => {
                code = c.fail("tar", why).await?;
                break;
            }
        };
        if list || wish.verbose {
            c.io.out.line(&item.name).await?;
        }
        if list || !wish.names.is_empty() && !wish.names.contains(&item.name) {
            continue;
        }
        let path = super::super::files::absolute(folder, item.name.trim_start_matches('/'));
        let done = unpack(c, &path, item);
        if let Err(fault) = done {
            code = c.fail("tar", &format!("can't open '{}': {}", path, fault.told())).await?;
        }
    }
    // What follows the end mark is read too: who writes it must not find the reader gone.
    while input.read().await.is_some() {}
    Ok(code)
}

fn unpack(c: &Call<'_>, path: &str, item: Item) -> Result<(), Fault> {
    let (mut files, time) = (open(&c.place.disk), c.place.now());
    if item.folder {
        return files.make_all(path, time);
    }
    files.make_all(split(path).0, time)?;
    if files.get(path).is_ok_and(|n: &Node| !n.is_directory()) {
        files.remove(path, false)?;
    }
    files.put(path, Node::file(item.data, item.mode, time))
}

pub(super) async fn base64(c: &mut Call<'_>) -> Ended {
    let (letters, files) = c.options();
    let (mut inputs, code) = c.open("base64", &files).await?;
    for (_, input) in &mut inputs {
        let mut all = Vec::new();
        while let Some(data) = input.read().await {
            all.extend_from_slice(&data);
        }
        if letters.contains('d') {
            let packed: Vec<u8> = all.into_iter().filter(|b| !b.is_ascii_whitespace()).collect();
            c.io.out.write(STANDARD.decode(packed).unwrap_or_default()).await?;
            continue;
        }
        for line in STANDARD.encode(all).as_bytes().chunks(76) {
            c.io.out.line(&String::from_utf8_lossy(line)).await?;
        }
    }
    c.close(inputs);
    Ok(code)
}
