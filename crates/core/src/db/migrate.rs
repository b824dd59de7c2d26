//! Migrations, embedded and run at start.

use diesel::migration::{Migration, MigrationSource};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::conn::{Conn, Purpose, session_lock, session_unlock};
use super::keys;
use super::target::Target;
use crate::error::{Error, Result};

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");
/// Two processes that start at once wait for each other with this advisory lock.
const LOCK: i64 = 0x0043_4845_434b;

/// Brings the database to this binary's schema and keys; returns how many migrations ran.
///
/// Errors: [`Error::Fault`] when the database is newer than the binary, or a migration fails.
pub fn run(target: &Target) -> Result<usize> {
    let mut c = Conn::open(target, Purpose::Write)?;
    session_lock(&mut c, LOCK)?;
    let done = match &mut c {
        // Take the write lock before asking what is pending; each migration is a savepoint in it.
        Conn::Sqlite(s) => s.immediate_transaction(|s| pending(s, SQLITE)),
        Conn::Pg(p) => pending(p, POSTGRES),
    };
    let done = done.and_then(|count| keys::renew(&mut c).map(|()| count));
    session_unlock(&mut c, LOCK)?;
    done
}

/// How a database relates to this binary's schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Fresh,
    /// Migrated, but not by this version.
    Other,
    Current,
}

#[derive(diesel::QueryableByName)]
struct Applied {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    count: i64,
}

/// Reads the state of a database; writes nothing.
///
/// Errors: A fault of the embedded migrations, or of the database.
pub fn state(c: &mut Conn) -> Result<State> {
    let known = match c {
        Conn::Sqlite(_) => MigrationSource::<Sqlite>::migrations(&SQLITE).map(|m| m.len()),
        Conn::Pg(_) => MigrationSource::<Pg>::migrations(&POSTGRES).map(|m| m.len()),
    };
    let known = known.map_err(Error::fault)?;
    let applied =
        match diesel::sql_query("SELECT COUNT(*) AS count FROM __diesel_schema_migrations")
            .get_result::<Applied>(c)
        {
            Ok(applied) => applied.count,
            // Without the table, no migration ever ran.
            Err(diesel::result::Error::DatabaseError(_, info)) if is_missing(info.message()) => 0,
            Err(e) => return Err(e.into()),
        };
    Ok(match usize::try_from(applied) {
        Ok(0) => State::Fresh,
        Ok(n) if n == known => State::Current,
        _ => State::Other,
    })
}

/// Whether the database says that a table is not there.
fn is_missing(message: &str) -> bool {
    message.contains("no such table") || message.contains("does not exist")
}

fn pending<DB, C>(c: &mut C, source: EmbeddedMigrations) -> Result<usize>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
    EmbeddedMigrations: MigrationSource<DB>,
{
    let known: Vec<Box<dyn Migration<DB>>> = source.migrations().map_err(Error::fault)?;
    let names: Vec<_> = known
        .iter()
        .map(|m| m.name().version().to_string())
        .collect();
    let newer = c
        .applied_migrations()
        .map_err(Error::fault)?
        .into_iter()
        .find(|v| !names.contains(&v.to_string()));
    if let Some(version) = newer {
        return Err(Error::Fault(format!(
            "the database is newer than this checkride: it has migration {version}, which this binary does not know. \
             Start the newer checkride, or restore a backup from before the upgrade."
        )));
    }
    Ok(c.run_pending_migrations(source)
        .map_err(Error::fault)?
        .len())
}
