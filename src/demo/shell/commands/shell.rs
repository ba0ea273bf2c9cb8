//! Shells and what belongs to them.

use super::super::files::Fault;
use super::super::pipe::open;
use super::super::run;
use super::{Call, Ended, Io, find, names};

pub(super) async fn sh(c: &mut Call<'_>) -> Ended {
    let mut env = c.env.clone();
    let mut words = c.args.iter();
    let mut text = None;
    for word in words.by_ref() {
        match word.as_str() {
            "-c" | "-ec" | "-lc" | "-xc" | "-cx" => {
                text = Some(String::new());
                break;
            }
            w if w.starts_with('-') => {}
            file => {
                let path = c.path(file);
                let read = open(&c.place.disk).read(&path);
                let data = match read {
                    Ok(data) => data,
                    Err(fault) => {
                        c.io.err.line(&format!("sh: can't open '{file}': {}", fault.told())).await?;
                        return Ok(2);
                    }
                };
                env.arguments = vec![file.to_owned()];
                text = Some(String::from_utf8_lossy(&data).into_owned());
                break;
            }
        }
    }
    if text.as_deref() == Some("") {
        match words.next() {
            Some(given) => text = Some(given.clone()),
            None => return c.fail("sh", "-c requires an argument").await.map(|_| 2),
        }
        env.arguments.clear();
    }
    if env.arguments.is_empty() {
        env.arguments = words.cloned().collect();
    } else {
        env.arguments.extend(words.cloned());
    }
    let io = Io { stdin: &mut *c.io.stdin, out: c.io.out.clone(), err: c.io.err.clone() };
    Ok(match text {
        Some(text) => run::script(c.place, &mut env, &text, io).await,
        None => run::lines(c.place, &mut env, io).await,
    })
}

pub(super) async fn cd(c: &mut Call<'_>) -> Ended {
    let home = c.env.variables.get("HOME").cloned().unwrap_or_else(|| "/".to_owned());
    let wanted = c.args.first().cloned().unwrap_or(home);
    let wanted = if wanted == "-" { c.env.variables.get("OLDPWD").cloned().unwrap_or(wanted) } else { wanted };
    let path = c.path(&wanted);
    let found = open(&c.place.disk).get(&path).map(super::super::files::Node::is_directory);
    match found {
        Ok(true) => {
            let old = std::mem::replace(&mut c.env.folder, path);
            c.env.variables.insert("OLDPWD".to_owned(), old);
            Ok(0)
        }
        Ok(false) => c.fail("sh", &format!("cd: can't cd to {wanted}: {}", Fault::NotDirectory.told())).await,
        Err(fault) => c.fail("sh", &format!("cd: can't cd to {wanted}: {}", fault.told())).await,
    }
}

pub(super) async fn export(c: &mut Call<'_>) -> Ended {
    if c.args.is_empty() {
        for (name, value) in &c.env.variables {
            c.io.out.line(&format!("export {name}='{value}'")).await?;
        }
    }
    for word in c.args {
        if let Some((name, value)) = word.split_once('=') {
            c.env.variables.insert(name.to_owned(), value.to_owned());
        }
    }
    Ok(0)
}

pub(super) async fn unset(c: &mut Call<'_>) -> Ended {
    for name in c.args {
        c.env.variables.remove(name);
    }
    Ok(0)
}

pub(super) async fn nothing(_: &mut Call<'_>) -> Ended {
    Ok(0)
}

pub(super) async fn no(_: &mut Call<'_>) -> Ended {
    Ok(1)
}

/// Reads a line into variables; the last one takes the rest.
pub(super) async fn read(c: &mut Call<'_>) -> Ended {
    let Some(line) = c.io.stdin.line().await else { return Ok(1) };
    let line = String::from_utf8_lossy(&line).trim().to_owned();
    let names: Vec<&String> = c.args.iter().filter(|a| !a.starts_with('-')).collect();
    let mut pieces = line.splitn(names.len().max(1), [' ', '\t']);
    for name in names {
        c.env.variables.insert(name.clone(), pieces.next().unwrap_or("").trim().to_owned());
    }
    Ok(0)
}

pub(super) async fn which(c: &mut Call<'_>) -> Ended {
    let mut code = 0;
    for name in c.args.iter().filter(|a| !a.starts_with('-')) {
        if find(c.place.kit, name).is_none() {
            code = 1;
        } else if c.place.kit.programs().contains(&name.as_str()) {
            c.io.out.line(&format!("/bin/{name}")).await?;
        } else {
            c.io.out.line(name).await?;
        }
    }
    Ok(code)
}

pub(super) async fn help(c: &mut Call<'_>) -> Ended {
    let names = names();
    c.io.out.line("A small shell of the simulated cluster. It knows:").await?;
    for line in names.chunks(10) {
        c.io.out.line(&format!("  {}", line.join(" "))).await?;
    }
    Ok(0)
}

/// `test` and `[`: files, texts, numbers.
pub(super) async fn test(c: &mut Call<'_>) -> Ended {
    let words: Vec<&str> = c.args.iter().map(String::as_str).filter(|w| *w != "]").collect();
    let (negated, words) = match words.as_slice() {
        ["!", rest @ ..] => (true, rest),
        all => (false, all),
    };
    let number = |w: &str| w.parse::<i64>().unwrap_or(0);
    let kind = |path: &str| open(&c.place.disk).get(&c.path(path)).ok().map(|n| (n.is_directory(), n.size(), n.mode));
    let holds = match words {
        [] => false,
        [word] => !word.is_empty(),
        ["-n", word] => !word.is_empty(),
        ["-z", word] => word.is_empty(),
        ["-e" | "-r" | "-w", path] => kind(path).is_some(),
        ["-d", path] => kind(path).is_some_and(|(folder, ..)| folder),
        ["-f", path] => kind(path).is_some_and(|(folder, ..)| !folder),
        ["-s", path] => kind(path).is_some_and(|(_, size, _)| size > 0),
        ["-x", path] => kind(path).is_some_and(|(.., mode)| mode & 0o111 != 0),
        ["-t", _] => c.io.out.terminal(),
        [a, "=" | "==", b] => a == b,
        [a, "!=", b] => a != b,
        [a, "-eq", b] => number(a) == number(b),
        [a, "-ne", b] => number(a) != number(b),
        [a, "-lt", b] => number(a) < number(b),
        [a, "-le", b] => number(a) <= number(b),
        [a, "-gt", b] => number(a) > number(b),
        [a, "-ge", b] => number(a) >= number(b),
        _ => {
            c.io.err.line(&format!("sh: {}: unknown operand", words.join(" "))).await?;
            return Ok(2);
        }
    };
    Ok(i32::from(holds == negated))
}
