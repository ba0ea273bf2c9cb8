//! Writing below one folder of this machine and nowhere else: names are walked one by one from an open folder, and no
//! link is followed on the way, whatever the other side sends.

use super::sum::Sum;
use rustix::fs::{AtFlags, Mode, OFlags, Timespec, Timestamps};
use rustix::fs::{futimens, linkat, mkdirat, openat, renameat, statat, symlinkat, unlinkat, utimensat};
use rustix::io::Errno;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd as _, OwnedFd};
use std::path::Path;

const FOLDER: OFlags = OFlags::DIRECTORY.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC).union(OFlags::RDONLY);

/// A folder, and what may be done below it.
pub(super) struct Place {
    root: OwnedFd,
    /// Whether files that are there may be replaced.
    replace: bool,
    temporary: u32,
}

/// A name below it, in its parts; none is `.`, `..`, or holds a `/`.
pub(super) type Name<'a> = &'a [&'a OsStr];

impl Place {
    /// The folder must be there.
    pub(super) fn open(root: &Path, replace: bool) -> io::Result<Self> {
        let root = rustix::fs::open(root, OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::RDONLY, Mode::empty())?;
        Ok(Self { root, replace, temporary: 0 })
    }

    /// Whether something of that name is there, a link without an end too.
    pub(super) fn has(&self, name: &OsStr) -> bool {
        statat(&self.root, name, AtFlags::SYMLINK_NOFOLLOW).is_ok()
    }

    /// The folder that a name stands in, made if it is not there, and its last part.
    fn parent<'a>(&self, name: Name<'a>) -> io::Result<(OwnedFd, &'a OsStr)> {
        let (last, folders) = name.split_last().ok_or(Errno::INVAL)?;
        let mut at = self.root.try_clone()?;
        for folder in folders {
            at = Self::enter(&at, folder)?;
        }
        Ok((at, last))
    }

    fn enter(at: &OwnedFd, folder: &OsStr) -> io::Result<OwnedFd> {
        match openat(at, folder, FOLDER, Mode::empty()) {
            Err(Errno::NOENT) => {
                mkdirat(at, folder, Mode::RWXU)?;
                Ok(openat(at, folder, FOLDER, Mode::empty())?)
            }
            other => Ok(other?),
        }
    }

    /// Makes a folder, if it is not there.
    pub(super) fn folder(&self, name: Name<'_>) -> io::Result<()> {
        let (parent, last) = self.parent(name)?;
        Self::enter(&parent, last).map(drop)
    }

    /// Gives a folder its mode and time; after all that stands in it.
    pub(super) fn finish(&self, name: Name<'_>, mode: u32, mtime: u64) -> io::Result<()> {
        let (parent, last) = self.parent(name)?;
        let folder = openat(&parent, last, FOLDER, Mode::empty())?;
        rustix::fs::fchmod(&folder, plain(mode))?;
        futimens(&folder, &times(mtime))?;
        Ok(())
    }

    /// Writes a file under another name first: what was there is whole until the new one is.
    pub(super) fn file(
        &mut self,
        name: Name<'_>,
        from: &mut impl Read,
        size: u64,
        (mode, mtime): (u32, u64),
        passed: impl Fn(u64),
    ) -> io::Result<String> {
        let (parent, last) = self.parent(name)?;
        self.free(&parent, last)?;
        self.temporary += 1;
        let temporary = format!(".qd-{}-{}", std::process::id(), self.temporary);
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut file = File::from(openat(&parent, temporary.as_str(), flags, Mode::RUSR | Mode::WUSR)?);
        let mut write = || {
            let mut sum = Sum::default();
            let mut part = vec![0; 64 * 1024];
            loop {
                let n = from.read(&mut part)?;
                if n == 0 {
                    break;
                }
                sum.add(&part[..n]);
                file.write_all(&part[..n])?;
                passed(n as u64);
            }
            if sum.size != size {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the stream ended in the middle of it"));
            }
            rustix::fs::fchmod(&file, plain(mode))?;
            futimens(file.as_fd(), &times(mtime))?;
            Ok(sum.done())
        };
        let sum = write().and_then(|sum| {
            renameat(&parent, temporary.as_str(), &parent, last)?;
            Ok(sum)
        });
        if sum.is_err() {
            let _ = unlinkat(&parent, temporary.as_str(), AtFlags::empty());
        }
        sum
    }

    /// Makes a link that leads to a name below the same folder; the caller has seen to that.
    pub(super) fn symlink(&self, name: Name<'_>, to: &OsStr, mtime: u64) -> io::Result<()> {
        let (parent, last) = self.parent(name)?;
        self.free(&parent, last)?;
        Self::clear(&parent, last)?;
        symlinkat(to, &parent, last)?;
        utimensat(&parent, last, &times(mtime), AtFlags::SYMLINK_NOFOLLOW)?;
        Ok(())
    }

    /// Makes a second name of a file that was written before.
    pub(super) fn hard(&self, name: Name<'_>, to: Name<'_>) -> io::Result<()> {
        let (from, source) = self.parent(to)?;
        let (parent, last) = self.parent(name)?;
        self.free(&parent, last)?;
        Self::clear(&parent, last)?;
        Ok(linkat(&from, source, &parent, last, AtFlags::empty())?)
    }

    fn clear(parent: &OwnedFd, last: &OsStr) -> io::Result<()> {
        match unlinkat(parent, last, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(e) => Err(e.into()),
        }
    }

    fn free(&self, parent: &OwnedFd, last: &OsStr) -> io::Result<()> {
        if self.replace || statat(parent, last, AtFlags::SYMLINK_NOFOLLOW).is_err() {
            return Ok(());
        }
        Err(io::Error::new(io::ErrorKind::AlreadyExists, "it is there already; replace it, or choose another name"))
    }
}

/// The mode without what would give rights away.
fn plain(mode: u32) -> Mode {
    Mode::from_raw_mode((mode & 0o777) as rustix::fs::RawMode)
}

fn times(mtime: u64) -> Timestamps {
    let time = Timespec { tv_sec: i64::try_from(mtime).unwrap_or(0), tv_nsec: 0 };
    Timestamps { last_access: time, last_modification: time }
}
