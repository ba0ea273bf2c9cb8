//! Running jobs on disk: `jobs/ID.json` in the state folder says what the next start must know,
//! `jobs/ID.lock` is locked as long as the process that runs the job lives. A lock that can be
//! had belongs to nobody: its job was left behind.

use crate::core::job::{JobId, Kept, Leftover};
use rustix::fs::{FlockOperation, flock};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// What this process keeps.
#[derive(Debug)]
pub struct Keeper {
    folder: Option<PathBuf>,
    held: HashMap<JobId, (String, File)>,
}

impl Keeper {
    /// Keeps in that state folder; without one nothing is kept, and nothing is found.
    #[must_use]
    pub fn new(state: Option<&Path>) -> Self {
        Self { folder: state.map(|s| s.join("jobs")), held: HashMap::new() }
    }

    /// Writes what is said of a job, and locks it at its first time.
    ///
    /// # Errors
    /// Whatever the disk says; the job is then not kept.
    pub fn keep(&mut self, id: JobId, kept: &Kept) -> io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        if let Entry::Vacant(place) = self.held.entry(id) {
            DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
            let mut lock = private(&folder.join(format!("{}.lock", kept.job)))?;
            flock(&lock, FlockOperation::NonBlockingLockExclusive)?;
            write!(lock, "{}\n{}\n", host(), std::process::id())?;
            place.insert((kept.job.clone(), lock));
        }
        // The whole file or the one before, never a half: a crash comes when it likes.
        let (new, file) = (folder.join(format!("{}.new", kept.job)), folder.join(format!("{}.json", kept.job)));
        let mut out = private(&new)?;
        out.write_all(&serde_json::to_vec_pretty(kept)?)?;
        out.sync_data()?;
        std::fs::rename(new, file)
    }

    /// Forgets a job that has ended.
    pub fn forget(&mut self, id: JobId) {
        if let Some((job, _lock)) = self.held.remove(&id) {
            self.remove(&job);
        }
    }

    /// Forgets a job that another run left behind; one that is somebody's stays.
    pub fn forget_left(&self, job: &str) {
        if self.owner(job).is_none() {
            self.remove(job);
        }
    }

    fn remove(&self, job: &str) {
        let Some(folder) = &self.folder else { return };
        // The lock last: without its file the job would look left behind.
        for end in ["json", "lock"] {
            drop(std::fs::remove_file(folder.join(format!("{job}.{end}"))));
        }
    }

    /// Jobs of other runs, oldest first: left behind, or theirs as long as they live.
    #[must_use]
    pub fn others(&self) -> Vec<Leftover> {
        let entries = self.folder.as_ref().and_then(|f| std::fs::read_dir(f).ok());
        let files = entries.into_iter().flatten().flatten().map(|e| e.path());
        let mut found: Vec<Leftover> = files
            .filter(|p| p.extension().is_some_and(|e| e == "json"))
            .filter_map(|p| serde_json::from_slice::<Kept>(&std::fs::read(p).ok()?).ok())
            .filter(|kept| self.held.values().all(|(job, _)| *job != kept.job))
            .map(|kept| Leftover { owner: self.owner(&kept.job), kept })
            .collect();
        found.sort_by(|a, b| a.kept.began.cmp(&b.kept.began));
        found
    }

    /// Host and process that hold a job's lock, if anybody does.
    fn owner(&self, job: &str) -> Option<(String, u32)> {
        let mut lock = File::open(self.folder.as_ref()?.join(format!("{job}.lock"))).ok()?;
        if flock(&lock, FlockOperation::NonBlockingLockShared).is_ok() {
            return None;
        }
        let mut text = String::new();
        lock.read_to_string(&mut text).ok()?;
        let mut lines = text.lines();
        let host = lines.next().unwrap_or_default().to_owned();
        Some((host, lines.next().and_then(|p| p.parse().ok()).unwrap_or_default()))
    }
}

fn private(file: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file)
}

/// This machine's name.
#[must_use]
pub fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(job: &str) -> Kept {
        Kept {
            job: job.into(),
            action: "drain".into(),
            context: "c".into(),
            server: "s".into(),
            targets: Vec::new(),
            values: std::collections::BTreeMap::default(),
            began: format!("2026-11-21T10:00:00Z {job}"),
            totals: "1 of 2 gone".into(),
            left: vec!["node n cordoned".into()],
            made: Vec::new(),
            cordoned: vec!["n".into()],
        }
    }

    #[test]
    fn a_job_is_its_owners_while_it_lives_and_left_behind_after() {
        let folder = tempfile::tempdir().unwrap();
        let mut ours = Keeper::new(Some(folder.path()));
        let theirs = Keeper::new(Some(folder.path()));
        ours.keep(JobId(1), &kept("a")).unwrap();
        ours.keep(JobId(2), &kept("b")).unwrap();
        ours.keep(JobId(1), &Kept { totals: "2 of 2 gone".into(), ..kept("a") }).unwrap();
        assert!(ours.others().is_empty());

        let seen = theirs.others();
        let owner = Some((host(), std::process::id()));
        assert_eq!(seen.iter().map(|l| l.kept.job.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!((seen[0].kept.totals.as_str(), &seen[0].owner), ("2 of 2 gone", &owner));
        theirs.forget_left("a");
        assert_eq!(theirs.others().len(), 2, "nobody forgets what is somebody's");

        ours.forget(JobId(1));
        assert_eq!(theirs.others().len(), 1);
        drop(ours);
        assert_eq!(theirs.others()[0].owner, None);
        theirs.forget_left("b");
        assert!(theirs.others().is_empty());
        assert_eq!(folder.path().join("jobs").read_dir().unwrap().count(), 0);
    }

    #[test]
    fn broken_files_and_no_folder_are_nothing() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("jobs")).unwrap();
        std::fs::write(folder.path().join("jobs/x.json"), "{").unwrap();
        assert!(Keeper::new(Some(folder.path())).others().is_empty());
        let mut none = Keeper::new(None);
        assert!(none.keep(JobId(1), &kept("a")).is_ok() && none.others().is_empty());
    }
}
