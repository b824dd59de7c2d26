//! One interface to the two databases: [`Db::read`] and [`Db::write`].

pub mod conn;
pub mod fixed;
pub mod list;
pub mod locks;
pub mod migrate;
pub mod past;
pub mod pool;
pub mod schema;
pub mod target;
pub mod types;

pub use conn::{Conn, Each, ForUpdate, Purpose, id_in, is_unique_violation, transaction};
pub use target::Target;

use std::panic::Location;
use std::sync::{Arc, OnceLock};

use crate::error::{Error, Result};
use pool::Pool;

/// Checks what the lock promises: the guarded statement found its row as it was read.
///
/// Errors: A fault that names the statement.
#[track_caller]
pub fn exactly_one(changed: bool) -> Result<()> {
    if changed {
        return Ok(());
    }
    let place = Location::caller();
    Err(Error::fault(format!(
        "a row changed outside its lock: {place}"
    )))
}

/// Threads that read from SQLite; one more writes.
const SQLITE_READERS: usize = 3;
/// Writes that SQLite commits together when that many wait, so that its one writer waits for the disk once for all of
/// them. On PostgreSQL each has its own transaction: two transactions that hold locks for several requests would wait
/// for each other.
const SQLITE_TOGETHER: usize = 16;
/// Threads on PostgreSQL: this many for reading and this many for writing.
const POSTGRES_THREADS: usize = 6;
/// Threads that read past days: few people do so at once.
const PAST_THREADS: usize = 2;

/// The database of a running app.
#[derive(Debug, Clone)]
pub struct Db {
    readers: Pool,
    writers: Pool,
    /// Opened when someone first asks for a past day, because its views block migrations of the tables.
    past: Arc<OnceLock<Pool>>,
    target: Target,
}

impl Db {
    /// Migrates the database and starts its threads.
    ///
    /// Errors: A fault that says why it cannot be opened, or that it is newer than the binary.
    pub fn open(target: &Target) -> Result<Self> {
        migrate::run(target)?;
        let (readers, writers, together) = match target {
            Target::Sqlite(_) => (SQLITE_READERS, 1, SQLITE_TOGETHER),
            Target::Postgres(_) => (POSTGRES_THREADS, POSTGRES_THREADS, 1),
        };
        Ok(Self {
            readers: Pool::start(target, Purpose::Read, readers, 1)?,
            writers: Pool::start(target, Purpose::Write, writers, together)?,
            past: Arc::default(),
            target: target.clone(),
        })
    }

    /// Runs all queries of a page in one snapshot.
    ///
    /// Errors: What `f` returned, [`crate::error::Error::Busy`], or a database fault.
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.readers.run(f).await
    }

    /// The same on a connection that shows the moment that `f` passes to [`past::view_at`].
    ///
    /// Errors: Those of [`Db::read`].
    pub async fn read_past<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let pool = match self.past.get() {
            Some(pool) => pool,
            None => {
                // One thread of the server waits for it, once.
                let opened = Pool::start(&self.target, Purpose::Past, PAST_THREADS, 1)?;
                // When two come first at once, one pool is kept; the other's threads end.
                self.past.get_or_init(|| opened)
            }
        };
        pool.run(f).await
    }

    /// Runs one use case in one transaction.
    ///
    /// Errors: What `f` returned (and nothing was written), [`crate::error::Error::Busy`], or a database fault.
    pub async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.writers.run(f).await
    }

    /// Writes the embedded database's log back and empties it, on its own connection; does nothing on PostgreSQL.
    pub fn checkpoint(&self) -> Result<()> {
        match &self.target {
            Target::Sqlite(_) => conn::checkpoint(&mut Conn::open(&self.target, Purpose::Write)?),
            Target::Postgres(_) => Ok(()),
        }
    }
}
