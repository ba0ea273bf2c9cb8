//! Programs about the container itself: who, where, when.

use std::time::Duration;

use super::super::super::clock::rfc3339;
use super::super::super::object::text;
use super::super::run;
use super::super::tree;
use super::{Call, Ended, Io};

pub(super) async fn env(c: &mut Call<'_>) -> Ended {
    let mut inner = c.env.clone();
    let mut words = c.args;
    while let [first, rest @ ..] = words {
        let Some((name, value)) = first.split_once('=') else { break };
        inner.variables.insert(name.to_owned(), value.to_owned());
        words = rest;
    }
    if let [name] = words
        && let Some(value) = inner.variables.get(name)
    {
        c.io.out.line(value).await?;
        return Ok(0);
    }
    if words.is_empty() {
        for (name, value) in &inner.variables {
            c.io.out.line(&format!("{name}={value}")).await?;
        }
        return Ok(0);
    }
    let io = Io { stdin: &mut *c.io.stdin, out: c.io.out.clone(), err: c.io.err.clone() };
    let words = words.to_vec();
    Ok(Box::pin(run::words(c.place, &mut inner, &words, io)).await.code())
}

pub(super) async fn ps(c: &mut Call<'_>) -> Ended {
    let user = if c.place.user == 0 { "root" } else { "app" };
    let main = tree::command(&c.place.pod, &c.place.container).join(" ");
    c.io.out.line("PID   USER     TIME  COMMAND").await?;
    for (id, time, command) in [(1, "1:07", main.as_str()), (37, "0:00", "sh"), (44, "0:00", "ps")] {
        c.io.out.line(&format!("{id:>5} {user:<8} {time:>5} {command}")).await?;
    }
    Ok(0)
}

pub(super) async fn id(c: &mut Call<'_>) -> Ended {
    let told = match c.place.user {
        0 => "uid=0(root) gid=0(root) groups=0(root)".to_owned(),
        user => format!("uid={user}(app) gid=0(root) groups=0(root),{user}(app)"),
    };
    let told = if c.args.iter().any(|a| a == "-u") { c.place.user.to_string() } else { told };
    c.io.out.line(&told).await?;
    Ok(0)
}

pub(super) async fn whoami(c: &mut Call<'_>) -> Ended {
    c.io.out.line(if c.place.user == 0 { "root" } else { "app" }).await?;
    Ok(0)
}

pub(super) async fn hostname(c: &mut Call<'_>) -> Ended {
    let path = if c.args.iter().any(|a| a == "-i") { "status/podIP" } else { "metadata/name" };
    c.io.out.line(text(&c.place.pod, path)).await?;
    Ok(0)
}

/// The demo's own time, in UTC; `+FORMAT` as `strftime` has it.
pub(super) async fn date(c: &mut Call<'_>) -> Ended {
    let format = c.args.iter().find_map(|a| a.strip_prefix('+')).unwrap_or("%a %b %e %H:%M:%S UTC %Y");
    let now: jiff::Timestamp = rfc3339(c.place.now()).parse().unwrap_or_default();
    match jiff::fmt::strtime::format(format, &now.to_zoned(jiff::tz::TimeZone::UTC)) {
        Ok(told) => c.io.out.line(&told).await.map(|()| 0),
        Err(_) => c.fail("date", &format!("invalid format '+{format}'")).await,
    }
}

pub(super) async fn sleep(c: &mut Call<'_>) -> Ended {
    let mut whole = Duration::ZERO;
    for word in c.args {
        let (number, unit) = word.split_at(word.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len());
        let factor = match unit {
            "m" => 60.0,
            "h" => 3_600.0,
            _ => 1.0,
        };
        let seconds = number.parse::<f64>().ok().and_then(|n| Duration::try_from_secs_f64(n * factor).ok());
        match seconds {
            Some(seconds) => whole += seconds,
            None => return c.fail("sleep", &format!("invalid number '{word}'")).await,
        }
    }
    tokio::time::sleep(whole).await;
    Ok(0)
}

pub(super) async fn uname(c: &mut Call<'_>) -> Ended {
    let name = text(&c.place.pod, "metadata/name");
    let all = c.args.iter().any(|a| a == "-a");
    let told = match c.args.first().map(String::as_str) {
        _ if all => format!("Linux {name} 6.12.41 #1 SMP x86_64 Linux"),
        Some("-r") => "6.12.41".to_owned(),
        Some("-m") => "x86_64".to_owned(),
        Some("-n") => name.to_owned(),
        _ => "Linux".to_owned(),
    };
    c.io.out.line(&told).await?;
    Ok(0)
}

pub(super) async fn stty(c: &mut Call<'_>) -> Ended {
    let Some(size) = &c.place.size else { return c.fail("stty", "standard input: Not a tty").await };
    let (columns, rows) = *size.borrow();
    match c.args.first().map(String::as_str) {
        Some("size") => c.io.out.line(&format!("{rows} {columns}")).await?,
        Some("-a") | None => c.io.out.line(&format!("speed 38400 baud; rows {rows}; columns {columns};")).await?,
        Some(_) => {}
    }
    Ok(0)
}

pub(super) async fn tty(c: &mut Call<'_>) -> Ended {
    let there = c.place.size.is_some();
    c.io.out.line(if there { "/dev/pts/0" } else { "not a tty" }).await?;
    Ok(i32::from(!there))
}

pub(super) async fn clear(c: &mut Call<'_>) -> Ended {
    c.io.out.write("\x1b[H\x1b[2J").await?;
    Ok(0)
}

pub(super) async fn nproc(c: &mut Call<'_>) -> Ended {
    c.io.out.line("8").await?;
    Ok(0)
}
