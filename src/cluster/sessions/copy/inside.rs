//! Into a container: we pack, its tar unpacks.

use super::out::words;
use super::pipe::To;
use super::sum::Sum;
use super::{COMPLAINTS, Copied, In, Out, Passed, exec, explained, said, verdict};
use crate::cluster::Connection;
use crate::core::held::copy::{Wish, parts};
use crate::core::held::{HeldEvent, Standing};
use crate::core::shell::Ending;
use std::fs::{File, Metadata};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tar::{Builder, Header, HeaderMode};
use tokio::sync::mpsc;

pub(super) async fn copy(
    connection: &Connection,
    wish: &Wish,
    passed: &Arc<Passed>,
    tell: &(impl Fn(HeldEvent) -> bool + Send + Sync),
) -> Result<Vec<Copied>, String> {
    let local = PathBuf::from(wish.local.as_ref());
    let name = local.file_name().and_then(|n| n.to_str()).ok_or("the path on this machine names nothing")?.to_owned();
    let walked = tokio::task::spawn_blocking({
        let local = local.clone();
        move || walk(&local)
    });
    let files = walked.await.map_err(|_| "a fault in qd; its log says more".to_owned())??;
    passed.whole.store(files.iter().map(Found::size).sum(), Ordering::Relaxed);
    let (folder, top) = target(connection, wish, &name).await?;
    let place = format!("{}/{top}", folder.trim_end_matches('/'));
    tell(HeldEvent::At(place.as_str().into()));
    if !wish.replace {
        match said(connection, wish, &["test", "-e", &place]).await? {
            (_, Ending::Exit(0)) => {
                return Err(format!("{place} is there already; replace it, or choose another name"));
            }
            (_, Ending::Exit(1)) => {}
            _ => drop(tell(HeldEvent::Note("whether something was there could not be found out".into()))),
        }
    }
    let mut streams = exec(connection, wish, &["tar", "xpf", "-", "-C", &folder], true).await?;
    tell(HeldEvent::Stands(Standing::Live, "copying".into()));
    let (to, mut packed) = mpsc::channel(16);
    let work = Pack { files, top, folder: folder.clone(), passed: passed.clone() };
    let packing = tokio::task::spawn_blocking(move || work.run(To::new(to)));
    let input = streams.input.clone();
    let sending = async move {
        while let Some(data) = packed.recv().await {
            if input.send(In::Data(data)).await.is_err() {
                return;
            }
        }
        let _ = input.send(In::End).await;
        // The end of the session is the other one's matter.
        std::future::pending::<()>().await;
    };
    let mut complaints = Vec::new();
    let listening = async {
        loop {
            match streams.output.recv().await {
                Some(Out::Ended(ending)) => return Some(ending),
                Some(Out::Error(data)) if complaints.len() < COMPLAINTS => complaints.extend_from_slice(&data),
                Some(_) => {}
                None => return None,
            }
        }
    };
    let ending = tokio::select! {
        ending = listening => ending.unwrap_or_else(|| Ending::Lost("the session broke off".into())),
        () = sending => Ending::Lost("the session takes no more".into()),
    };
    let done = packing.await.map_err(|_| "a fault in qd; its log says more".to_owned())?;
    if let Err(why) = verdict(&ending, &complaints, &wish.container) {
        // Its tar has written what came until then.
        let part =
            if matches!(ending, Ending::Lost(_)) { format!("; {place} may be there in part") } else { String::new() };
        return Err(format!("{}{part}", explained(connection, wish, &ending, why).await));
    }
    let (copied, notes) = done?;
    for note in notes {
        tell(HeldEvent::Note(note.into()));
    }
    Ok(copied)
}

/// The folder to unpack in and the name there: into a folder that is there, else under a new name.
async fn target(connection: &Connection, wish: &Wish, name: &str) -> Result<(String, String), String> {
    let remote = wish.remote.as_ref();
    let folder =
        remote.ends_with('/') || matches!(said(connection, wish, &["test", "-d", remote]).await?, (_, Ending::Exit(0)));
    if folder {
        let folder = if remote.trim_end_matches('/').is_empty() { "/" } else { remote.trim_end_matches('/') };
        return Ok((folder.to_owned(), name.to_owned()));
    }
    let (folder, top) = parts(remote).ok_or("the path in the container names nothing")?;
    Ok((folder.to_owned(), top.to_owned()))
}

/// Something to pack.
struct Found {
    path: PathBuf,
    /// Below the top; empty for the top itself.
    below: PathBuf,
    meta: Metadata,
}

impl Found {
    fn size(&self) -> u64 {
        if self.meta.is_file() { self.meta.len() } else { 0 }
    }
}

/// All that is there, folders before what is in them. Links are not followed.
fn walk(top: &Path) -> Result<Vec<Found>, String> {
    let told = |path: &Path, e: &io::Error| format!("{}: {}", path.display(), words(e));
    // What the user names is followed: a link to a folder means the folder.
    let meta = std::fs::metadata(top).map_err(|e| told(top, &e))?;
    let mut all = vec![Found { path: top.to_path_buf(), below: PathBuf::new(), meta }];
    let mut at = 0;
    while at < all.len() {
        if all[at].meta.is_dir() {
            let (path, below) = (all[at].path.clone(), all[at].below.clone());
            for entry in std::fs::read_dir(&path).map_err(|e| told(&path, &e))? {
                let entry = entry.map_err(|e| told(&path, &e))?;
                let path = entry.path();
                let meta = std::fs::symlink_metadata(&path).map_err(|e| told(&path, &e))?;
                all.push(Found { below: below.join(entry.file_name()), path, meta });
            }
        }
        at += 1;
    }
    Ok(all)
}

/// The work of the thread.
struct Pack {
    files: Vec<Found>,
    top: String,
    folder: String,
    passed: Arc<Passed>,
}

impl Pack {
    fn run(self, to: To) -> Result<(Vec<Copied>, Vec<String>), String> {
        let mut builder = Builder::new(to);
        let (mut copied, mut notes) = (Vec::new(), Vec::new());
        for found in &self.files {
            let name = if found.below.as_os_str().is_empty() {
                PathBuf::from(&self.top)
            } else {
                Path::new(&self.top).join(&found.below)
            };
            let mut header = Header::new_gnu();
            header.set_metadata_in_mode(&found.meta, HeaderMode::Complete);
            // Whoever we are here is nobody there.
            header.set_uid(0);
            header.set_gid(0);
            let told = |e: io::Error| format!("{}: {}", found.path.display(), words(&e));
            if found.meta.is_dir() {
                header.set_size(0);
                builder.append_data(&mut header, &name, io::empty()).map_err(told)?;
            } else if found.meta.is_symlink() {
                let to = std::fs::read_link(&found.path).map_err(told)?;
                header.set_size(0);
                builder.append_link(&mut header, &name, to).map_err(told)?;
            } else if found.meta.is_file() {
                let file = File::open(&found.path).map_err(told)?;
                let size = found.meta.len();
                header.set_size(size);
                let passed = self.passed.clone();
                let mut exact = Exact { file, left: size, sum: Sum::default(), short: false, passed };
                builder.append_data(&mut header, &name, &mut exact).map_err(told)?;
                if exact.short {
                    return Err(format!("{} became shorter while it was copied", found.path.display()));
                }
                self.passed.files.fetch_add(1, Ordering::Relaxed);
                let path = format!("{}/{}", self.folder.trim_end_matches('/'), name.display());
                copied.push(Copied { path, size, sum: std::mem::take(&mut exact.sum).done() });
            } else {
                notes.push(format!("left out {}: it is neither file nor folder", found.path.display()));
            }
        }
        let mut to = builder.into_inner().map_err(|e| words(&e))?;
        to.flush().map_err(|e| words(&e))?;
        Ok((copied, notes))
    }
}

/// A file at the size it had: what is added meanwhile is left out, what is missing is zeros and told.
struct Exact {
    file: File,
    left: u64,
    sum: Sum,
    short: bool,
    passed: Arc<Passed>,
}

impl Read for Exact {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = into.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if most == 0 {
            return Ok(0);
        }
        let mut n = if self.short { 0 } else { self.file.read(&mut into[..most])? };
        if n == 0 {
            self.short = true;
            into[..most].fill(0);
            n = most;
        }
        self.sum.add(&into[..n]);
        self.left -= n as u64;
        self.passed.bytes.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}
