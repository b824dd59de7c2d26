//! Mails kept as files: one that a mail program opens, and beside it the letter, which pages show.

use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::db::types::UtcTime;
use crate::domain::outbox::Letter;
use crate::forms::random_hex;

/// Mails kept at most; older ones are deleted.
const MOST: usize = 200;
/// A mail is written in much less time than that.
const WRITING: Duration = Duration::from_secs(60);

/// A mail that was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// RFC 3339.
    pub at: String,
    pub to: String,
    pub letter: Letter,
}

/// The folder of kept mails; made with private permissions when the first one comes.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn keep(&self, kept: &Kept, mail: &[u8]) -> io::Result<()> {
        if !self.0.exists() {
            let mut builder = fs::DirBuilder::new();
            builder.recursive(true).mode(0o700).create(&self.0)?;
        }
        // Somebody may have made it for us.
        if self.0.metadata()?.permissions().mode() & 0o077 != 0 {
            fs::set_permissions(&self.0, Permissions::from_mode(0o700))?;
        }
        // In the order in which they came, also within a second.
        let count = self.names()?.last().map_or(0, |last| number(last)) + 1;
        let name = format!("{count:08}-{}", random_hex::<4>());
        self.write(&format!("{name}.eml"), mail)?;
        self.write(&format!("{name}.json"), &serde_json::to_vec_pretty(kept)?)?;
        let names = self.names()?;
        for old in names.iter().take(names.len().saturating_sub(MOST)) {
            self.remove(old)?;
        }
        Ok(())
    }

    /// What is found goes last, so that a mail that is half removed is removed again.
    fn remove(&self, name: &str) -> io::Result<()> {
        self.remove_file(&format!("{name}.eml"))?;
        self.remove_file(&format!("{name}.json"))
    }

    /// One that another process removed is gone all the same.
    fn remove_file(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.0.join(name)) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    /// Files that a process left which was killed while it kept a mail, or removed one.
    fn pieces(&self) -> io::Result<Vec<String>> {
        let files = match fs::read_dir(&self.0) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            files => files?,
        };
        let mut pieces = Vec::new();
        for file in files {
            let name = file?.file_name().to_string_lossy().into_owned();
            let is_piece = match name.strip_suffix(".eml") {
                Some(stem) => is_ours(stem) && !self.0.join(format!("{stem}.json")).exists(),
                None => name.ends_with(".part") && name.split('.').next().is_some_and(is_ours),
            };
            if is_piece {
                pieces.push(name);
            }
        }
        Ok(pieces)
    }

    /// Deletes the mails of which that is so, and pieces of mails, of which nobody knows; how many mails there were.
    ///
    /// Errors: Those of the file system.
    pub fn erase(&self, is_so: impl Fn(&Kept) -> bool) -> io::Result<usize> {
        for piece in self.pieces()? {
            self.remove_file(&piece)?;
        }
        self.delete(is_so)
    }

    fn delete(&self, is_so: impl Fn(&Kept) -> bool) -> io::Result<usize> {
        let mut deleted = 0;
        for (name, kept) in self.named() {
            if is_so(&kept) {
                self.remove(&name)?;
                deleted += 1;
            }
        }
        Ok(deleted)
    }

    /// Deletes the mails whose one-time link works no longer, and pieces of mails that nobody is writing.
    ///
    /// Errors: Those of the file system.
    pub fn sweep(&self, now: UtcTime) -> io::Result<usize> {
        for piece in self.pieces()? {
            // By the clock that the file system has, whatever time it is in a demo.
            let written = self.0.join(&piece).metadata().and_then(|m| m.modified());
            let age = written.ok().and_then(|at| at.elapsed().ok());
            if age.is_some_and(|age| age >= WRITING) {
                self.remove_file(&piece)?;
            }
        }
        self.delete(|kept| kept.letter.is_over(now))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let unfinished = self.0.join(format!("{name}.part"));
        let mut options = fs::OpenOptions::new();
        let mut file = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(unfinished, self.0.join(name))
    }

    /// Names without their endings, the oldest first.
    fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.0)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            names.extend(name.strip_suffix(".json").map(str::to_owned));
        }
        names.sort();
        Ok(names)
    }

    /// The mails that are kept, the newest first. One that cannot be read is left out.
    pub fn list(&self) -> Vec<Kept> {
        self.named().into_iter().map(|(_, kept)| kept).collect()
    }

    fn named(&self) -> Vec<(String, Kept)> {
        let names = self.names().unwrap_or_default();
        let read = |name: String| {
            let text = fs::read(self.0.join(format!("{name}.json"))).ok()?;
            Some((name, serde_json::from_slice(&text).ok()?))
        };
        names.into_iter().rev().filter_map(read).collect()
    }
}

/// Whether a name without its ending is one that we gave.
fn is_ours(stem: &str) -> bool {
    stem.split_once('-').is_some_and(|(count, random)| {
        let hex = |text: &str| text.len() == 8 && text.chars().all(|c| c.is_ascii_hexdigit());
        count.len() >= 8 && count.chars().all(|c| c.is_ascii_digit()) && hex(random)
    })
}

fn number(name: &str) -> u64 {
    let digits = name.split('-').next().unwrap_or_default();
    digits.parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::sample::at;

    #[test]
    fn the_newest_mails_are_kept_and_are_their_owners_alone() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::new(&parent.path().join("data/mail"));
        assert_eq!(folder.list(), []);
        let kept = |n: usize| Kept {
            at: "2026-11-23T09:00:00Z".into(),
            to: "ada@example.com".into(),
            letter: Letter {
                subject: n.to_string(),
                ..Letter::default()
            },
        };
        for n in 0..MOST + 5 {
            folder.keep(&kept(n), b"Subject: x\r\n\r\n").unwrap();
        }
        let all = folder.list();
        assert_eq!(all.len(), MOST);
        assert_eq!(all[0], kept(MOST + 4));
        assert_eq!(all[MOST - 1], kept(5));
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(folder.path()), 0o700);
        let mut files = 0;
        for entry in fs::read_dir(folder.path()).unwrap() {
            assert_eq!(mode(&entry.unwrap().path()), 0o600);
            files += 1;
        }
        assert_eq!(files, 2 * MOST);
    }

    #[test]
    fn a_folder_that_others_may_read_is_closed_to_them() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("mail");
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        let kept = Kept {
            at: "2026-11-23T09:00:00Z".into(),
            to: "ada@example.com".into(),
            letter: Letter::default(),
        };
        Folder::new(&path)
            .keep(&kept, b"Subject: x\r\n\r\n")
            .unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn what_a_killed_process_left_of_a_mail_is_deleted_and_nothing_else_is() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::new(parent.path());
        let kept = Kept {
            at: "2026-11-23T09:00:00Z".into(),
            to: "ada@example.com".into(),
            letter: Letter::default(),
        };
        let (now, long_ago) = (at("2026-11-23T09:00:00Z"), SystemTime::UNIX_EPOCH);
        let left_behind = |written: Option<SystemTime>| {
            for name in [
                "00000007-0a1b2c3d.eml",
                "00000008-0a1b2c3d.eml.part",
                "00000009-0a1b2c3d.json.part",
            ] {
                let file = fs::File::create(parent.path().join(name)).unwrap();
                if let Some(at) = written {
                    file.set_modified(at).unwrap();
                }
            }
        };
        let files = || fs::read_dir(parent.path()).unwrap().count();
        folder.keep(&kept, b"Subject: x\r\n\r\n").unwrap();
        let notes = fs::File::create(parent.path().join("notes.eml")).unwrap();
        notes.set_modified(long_ago).unwrap();
        left_behind(None);
        assert_eq!(folder.sweep(now).unwrap(), 0);
        assert_eq!(files(), 6, "somebody may be writing them");
        left_behind(Some(long_ago));
        assert_eq!(folder.sweep(now).unwrap(), 0);
        assert_eq!(files(), 3);
        left_behind(None);
        assert_eq!(folder.erase(|_| false).unwrap(), 0);
        assert_eq!(files(), 3);

        // Half removed, it is removed again; and then there is nothing to do.
        let name = folder.names().unwrap().remove(0);
        fs::remove_file(parent.path().join(format!("{name}.eml"))).unwrap();
        assert_eq!(folder.erase(|_| true).unwrap(), 1);
        assert_eq!(folder.erase(|_| true).unwrap(), 0);
        assert_eq!(files(), 1);
        let nowhere = Folder::new(&parent.path().join("nowhere"));
        assert_eq!(nowhere.erase(|_| true).unwrap(), 0);
    }

    #[test]
    fn a_secret_link_is_kept_no_longer_than_it_works() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::new(parent.path());
        for until in [
            None,
            Some("2026-11-23T09:30:00Z"),
            Some("2026-11-30T09:00:00Z"),
        ] {
            let kept = Kept {
                at: "2026-11-23T09:00:00Z".into(),
                to: "ada@example.com".into(),
                letter: Letter {
                    is_secret: until.is_some(),
                    until: until.map(str::to_owned),
                    ..Letter::default()
                },
            };
            folder.keep(&kept, b"Subject: x\r\n\r\n").unwrap();
        }
        let left = |now| {
            folder.sweep(at(now)).unwrap();
            let files = fs::read_dir(parent.path()).unwrap().count();
            (folder.list().len(), files)
        };
        assert_eq!(left("2026-11-23T09:29:59Z"), (3, 6));
        assert_eq!(left("2026-11-23T09:30:00Z"), (2, 4));
        assert_eq!(left("2026-12-23T09:00:00Z"), (1, 2));
    }
}
