//! Out of a container: its tar packs, we unpack.

use super::pipe::From;
use super::place::Place;
use super::{COMPLAINTS, Copied, Out, Passed, exec, explained, verdict};
use crate::cluster::Connection;
use crate::cluster::problem::clean;
use crate::core::held::copy::{Wish, parts};
use crate::core::held::{HeldEvent, Standing};
use crate::core::shell::Ending;
use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tar::EntryType;
use tokio::sync::mpsc;

/// Notes about what was left out.
const NOTES: usize = 10;

pub(super) async fn copy(
    connection: &Connection,
    wish: &Wish,
    passed: &Arc<Passed>,
    tell: &(impl Fn(HeldEvent) -> bool + Send + Sync),
) -> Result<Vec<Copied>, String> {
    let (folder, name) = parts(&wish.remote).ok_or("the path names nothing")?;
    let (root, top) = target(&wish.local, name)?;
    tell(HeldEvent::At(root.join(&top).to_string_lossy().into_owned().into()));
    let place = Place::open(&root, wish.replace).map_err(|e| format!("{}: {}", root.display(), words(&e)))?;
    if !wish.replace && place.has(&top) {
        return Err(format!("{} is there already; replace it, or choose another name", root.join(&top).display()));
    }
    let mut streams = exec(connection, wish, &["tar", "cf", "-", "-C", folder, &format!("./{name}")], false).await?;
    tell(HeldEvent::Stands(Standing::Live, "copying".into()));
    let (to, from) = mpsc::channel(16);
    let work = Unpack { place, folder: folder.to_owned(), name: name.to_owned(), top, passed: passed.clone() };
    let unpacking = tokio::task::spawn_blocking(move || work.run(From::new(from)));
    let (mut complaints, mut to) = (Vec::new(), Some(to));
    let ending = loop {
        match streams.output.recv().await {
            Some(Out::Said(data)) => {
                // One that has failed says so in the end.
                if let Some(open) = &to
                    && open.send(data).await.is_err()
                {
                    to = None;
                    break None;
                }
            }
            Some(Out::Error(data)) if complaints.len() < COMPLAINTS => complaints.extend_from_slice(&data),
            Some(Out::Error(_)) => {}
            Some(Out::Ended(ending)) => break Some(ending),
            None => break Some(Ending::Lost("the session broke off".into())),
        }
    };
    drop(to);
    let done = unpacking.await.map_err(|_| "a fault in qd; its log says more".to_owned())?;
    // What tar says matters more than what became of its half stream.
    if let Some(ending) = &ending
        && let Err(why) = verdict(ending, &complaints, &wish.container)
    {
        return Err(explained(connection, wish, ending, why).await);
    }
    let (copied, notes) = done?;
    for note in notes {
        tell(HeldEvent::Note(note.into()));
    }
    Ok(copied)
}

/// The folder to write into and the name there: into a folder that is there, else under a new name.
fn target(local: &str, name: &str) -> Result<(PathBuf, OsString), String> {
    let path = Path::new(local);
    if local.ends_with('/') || path.is_dir() {
        return Ok((path.to_path_buf(), name.into()));
    }
    let top = path.file_name().ok_or_else(|| format!("{local} names nothing"))?;
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok((parent.to_path_buf(), top.to_owned()))
}

/// An error of this machine in words.
pub(super) fn words(e: &std::io::Error) -> String {
    match e.kind() {
        std::io::ErrorKind::NotFound => "is not there".into(),
        std::io::ErrorKind::PermissionDenied => "permission denied".into(),
        std::io::ErrorKind::StorageFull => "no space is left".into(),
        std::io::ErrorKind::NotADirectory => "is no folder".into(),
        _ => clean(&e.to_string()),
    }
}

/// The work of the thread.
struct Unpack {
    place: Place,
    /// Where the files are in the container.
    folder: String,
    name: String,
    /// What that is called here.
    top: OsString,
    passed: Arc<Passed>,
}

type Unpacked = Result<(Vec<Copied>, Vec<String>), String>;

impl Unpack {
    fn run(mut self, from: impl Read) -> Unpacked {
        let mut archive = tar::Archive::new(from);
        let (mut copied, mut notes, mut folders) = (Vec::new(), Vec::new(), Vec::new());
        let mut left = 0;
        let broken = |e: &std::io::Error| format!("what tar sent cannot be read: {}", words(e));
        for entry in archive.entries().map_err(|e| broken(&e))? {
            let mut entry = entry.map_err(|e| broken(&e))?;
            let raw = entry.path_bytes().into_owned();
            let shown = clean(&String::from_utf8_lossy(&raw));
            let mut skip = |why: &str| {
                left += 1;
                if left <= NOTES {
                    notes.push(format!("left out {shown}: {why}"));
                }
            };
            let Some(name) = self.name(&raw) else {
                skip("its name leads elsewhere");
                continue;
            };
            let name: Vec<&OsStr> = name.iter().map(OsString::as_os_str).collect();
            let (mode, mtime) = (entry.header().mode().unwrap_or(0o644), entry.header().mtime().unwrap_or(0));
            let size = entry.size();
            let done = match entry.header().entry_type() {
                EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
                    let passed = self.passed.clone();
                    let add = |n| {
                        passed.bytes.fetch_add(n, Ordering::Relaxed);
                    };
                    if self.passed.files.load(Ordering::Relaxed) == 0 && name.len() == 1 {
                        self.passed.whole.store(size, Ordering::Relaxed);
                    }
                    self.place.file(&name, &mut entry, size, (mode, mtime), add).map(|sum| {
                        self.passed.files.fetch_add(1, Ordering::Relaxed);
                        copied.push(Copied { path: self.remote(&raw), size, sum });
                    })
                }
                EntryType::Directory => self.place.folder(&name).map(|()| {
                    folders.push((name.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>(), mode, mtime));
                }),
                EntryType::Symlink => {
                    let Some(to) = entry.link_name_bytes().filter(|to| inside(&name, to)) else {
                        skip("it is a link that leads out of what is copied");
                        continue;
                    };
                    self.place.symlink(&name, OsStr::from_bytes(&to), mtime)
                }
                EntryType::Link => {
                    let Some(to) = entry.link_name_bytes().and_then(|to| self.name(&to)) else {
                        skip("it is a link that leads out of what is copied");
                        continue;
                    };
                    let to: Vec<&OsStr> = to.iter().map(OsString::as_os_str).collect();
                    self.place.hard(&name, &to)
                }
                _ => {
                    skip("it is neither file nor folder");
                    continue;
                }
            };
            done.map_err(|e| format!("{shown}: {}", words(&e)))?;
        }
        for (name, mode, mtime) in folders.iter().rev() {
            let name: Vec<&OsStr> = name.iter().map(OsString::as_os_str).collect();
            // A folder that cannot be given its time is there all the same.
            let _ = self.place.finish(&name, *mode, *mtime);
        }
        if left > NOTES {
            notes.push(format!("left out {} more", left - NOTES));
        }
        Ok((copied, notes))
    }

    /// A name of the archive as one below our folder; `None` for one that leads anywhere else.
    fn name(&self, raw: &[u8]) -> Option<Vec<OsString>> {
        if raw.starts_with(b"/") {
            return None;
        }
        let mut parts = raw.split(|b| *b == b'/').filter(|p| !p.is_empty() && *p != b".");
        if parts.next()? != self.name.as_bytes() {
            return None;
        }
        let mut name = vec![self.top.clone()];
        for part in parts {
            if part == b".." || part.contains(&0) {
                return None;
            }
            name.push(OsStr::from_bytes(part).to_owned());
        }
        Some(name)
    }

    fn remote(&self, raw: &[u8]) -> String {
        let rest = String::from_utf8_lossy(raw);
        let rest = rest.trim_start_matches("./");
        let folder = self.folder.trim_end_matches('/');
        format!("{folder}/{rest}")
    }
}

/// Whether a link stays within what is copied.
fn inside(name: &[&OsStr], to: &[u8]) -> bool {
    if to.starts_with(b"/") || to.contains(&0) {
        return false;
    }
    // How deep the link's own folder is below the copied one.
    let Some(mut depth) = name.len().checked_sub(2) else { return false };
    for part in to.split(|b| *b == b'/').filter(|p| !p.is_empty() && *p != b".") {
        if part == b".." {
            let Some(up) = depth.checked_sub(1) else { return false };
            depth = up;
        } else {
            depth += 1;
        }
    }
    true
}

#[cfg(test)]
pub(super) fn unpack_for_tests(archive: &[u8], root: &Path, name: &str, replace: bool) -> Unpacked {
    let place = Place::open(root, replace).map_err(|e| words(&e))?;
    let passed = Arc::new(Passed::default());
    Unpack { place, folder: "/srv".into(), name: name.into(), top: name.into(), passed }.run(archive)
}
