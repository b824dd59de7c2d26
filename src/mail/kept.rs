//! Mails kept as files: one that a mail program opens, and beside it the letter, which pages show.

use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::db::types::UtcTime;
use crate::domain::outbox::Letter;
use crate::forms::random_hex;

/// Mails kept at most; older ones are deleted.
const MOST: usize = 200;

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

    fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.0.join(format!("{name}.eml")))?;
        fs::remove_file(self.0.join(format!("{name}.json")))
    }

    /// Deletes the mails of which that is so; how many there were.
    ///
    /// Errors: Those of the file system.
    pub fn delete(&self, is_so: impl Fn(&Kept) -> bool) -> io::Result<usize> {
        let mut deleted = 0;
        for (name, kept) in self.named() {
            if is_so(&kept) {
                self.remove(&name)?;
                deleted += 1;
            }
        }
        Ok(deleted)
    }

    /// Deletes the mails whose one-time link works no longer.
    ///
    /// Errors: Those of the file system.
    pub fn sweep(&self, now: UtcTime) -> io::Result<usize> {
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

fn number(name: &str) -> u64 {
    let digits = name.split('-').next().unwrap_or_default();
    digits.parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
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
