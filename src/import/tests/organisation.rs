//! A database to import into.

use super::*;
use crate::db::{Conn, Purpose, Target, migrate, transaction};
use crate::domain::audit::{self, Act, store};
use crate::domain::standard::StandardState;
use crate::domain::{area, standard};
use crate::error::{Error, Result};
use crate::import::actions::import;
use crate::import::{Options, as_error, existing};

pub(super) const DRAFTS: Options = Options { publish: false };
pub(super) const PUBLISH: Options = Options { publish: true };

/// An empty SQLite database, and the person who imports into it.
pub(super) struct TestOrganisation {
    c: Conn,
    pub(super) act: Act,
    _folder: tempfile::TempDir,
}

impl TestOrganisation {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Sqlite(folder.path().join("checkride.db"));
        migrate::run(&target).unwrap();
        let c = Conn::open(&target, Purpose::Write).unwrap();
        Self {
            c,
            act: Act::operator(today().start()),
            _folder: folder,
        }
    }

    /// One import in one transaction; what it changed, in words.
    pub(super) fn import(&mut self, files: &Folder, options: Options) -> Result<Vec<String>> {
        let act = self.act.clone();
        self.within(|c| {
            let organisation =
                read(files, &existing::load(c)?, act.now.day()).map_err(|p| as_error(&p))?;
            Ok(import(c, &act, &organisation, options)?
                .changes
                .iter()
                .map(ToString::to_string)
                .collect())
        })
    }

    /// The example of the guide with the area's file changed.
    pub(super) fn example(
        &mut self,
        change: impl Fn(String) -> String,
        options: Options,
    ) -> Vec<String> {
        self.import(&guide(&people(), &change(payments())), options)
            .unwrap()
    }

    pub(super) fn within<T>(&mut self, f: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        transaction(&mut self.c, Purpose::Write, f)
    }

    pub(super) fn actions(&mut self) -> Vec<String> {
        let sealed = |c: &mut Conn| {
            audit::seal_all(c)?;
            store::after(c, 0)
        };
        let rows = self.within(sealed).unwrap();
        rows.into_iter().map(|row| row.action).collect()
    }

    pub(super) fn versions(&mut self) -> Vec<(i32, StandardState, standard::Content)> {
        let all = self.within(|c| {
            let area = area::store::by_slug(c, "payments")?.ok_or(Error::NotFound("area"))?;
            standard::store::of_area(c, area.id)
        });
        all.unwrap()
            .into_iter()
            .map(|s| (s.version, s.state, (*s.content).clone()))
            .collect()
    }

    pub(super) fn states(&mut self) -> Vec<(i32, StandardState)> {
        self.versions()
            .into_iter()
            .map(|(version, state, _)| (version, state))
            .collect()
    }
}
