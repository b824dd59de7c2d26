//! One interface to the two databases: [`Db::read`] and [`Db::write`].

pub mod conn;
mod files;
pub mod fixed;
pub mod fulltext;
mod gate;
mod health;
pub mod keys;
pub mod list;
pub mod locks;
pub mod migrate;
pub mod past;
pub mod pool;
pub mod schema;
pub mod statement;
pub mod target;
pub mod types;

pub use conn::{Conn, Purpose, is_unique_violation, transaction};
pub use statement::{Each, ForUpdate, ForUpdateAndShare, Unlocked, found_by, id_in, ids};
pub use target::Target;

use std::panic::Location;
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::error::{Error, Result};
use crate::forms::random_hex;
use files::Files;
use gate::Gate;
use health::Health;
use pool::{PATIENCE, Plan, Pool};

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

/// How long the question whether the app is ready waits for the database.
const READY: Duration = Duration::from_secs(2);
/// How long the question whether anything was committed waits for the database: what it spares takes hardly longer.
const VERSION: Duration = Duration::from_millis(250);
/// How long transactions are kept from beginning, so that the log can be emptied.
const PAUSE: Duration = Duration::from_millis(250);

/// The database of a running app.
#[derive(Debug, Clone)]
pub struct Db {
    readers: Pool,
    writers: Pool,
    /// Opened when someone first asks for a past day, because its views block migrations of the tables.
    past: Arc<OnceLock<Pool>>,
    target: Target,
    health: Arc<Health>,
    embedded: Option<Arc<(Files, Gate)>>,
    /// Random: what one connection says of its commits means nothing to another.
    opened: Arc<str>,
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
        let embedded = match target {
            Target::Sqlite(file) => Some(Arc::new((Files::of(file)?, Gate::default()))),
            Target::Postgres(_) => None,
        };
        let health = Arc::<Health>::default();
        let plan = |purpose, threads, together| Plan {
            target: target.clone(),
            purpose,
            threads,
            together,
            health: Arc::clone(&health),
            embedded: embedded.clone(),
        };
        Ok(Self {
            readers: Pool::start(plan(Purpose::Read, readers, 1))?,
            writers: Pool::start(plan(Purpose::Write, writers, together))?,
            past: Arc::default(),
            target: target.clone(),
            health: Arc::clone(&health),
            embedded: embedded.clone(),
            opened: random_hex::<16>().into(),
        })
    }

    /// Runs all queries of a page in one snapshot.
    ///
    /// Errors: What `f` returned, [`Error::Busy`], [`Error::Away`], or a database fault.
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.readers.run(PATIENCE, f).await
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
                let opened = Pool::start(Plan {
                    target: self.target.clone(),
                    purpose: Purpose::Past,
                    threads: PAST_THREADS,
                    together: 1,
                    health: Arc::clone(&self.health),
                    embedded: self.embedded.clone(),
                });
                let opened = opened.map_err(|e| Error::Away(e.to_string()))?;
                // When two come first at once, one pool is kept; the other's threads end.
                self.past.get_or_init(|| opened)
            }
        };
        pool.run(PATIENCE, f).await
    }

    /// Reads for long: in one snapshot, on a thread and a connection of its own, so that the others stay free for pages.
    ///
    /// Errors: What `f` returned, or a database fault.
    pub async fn read_apart<T, F>(&self, purpose: Purpose, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let (target, embedded) = (self.target.clone(), self.embedded.clone());
        let work = move || {
            let read = || {
                if let Some((files, _)) = embedded.as_deref() {
                    files.check()?;
                }
                let mut c = Conn::open(&target, purpose)?;
                transaction(&mut c, purpose, f)
            };
            // Who asked may be gone.
            drop(answer.send(read()));
        };
        let thread = thread::Builder::new().name("db-apart".into());
        thread.spawn(work).map_err(Error::fault)?;
        answered.await.map_err(Error::fault)?
    }

    /// Runs one use case in one transaction.
    ///
    /// Errors: What `f` returned, [`Error::Busy`], [`Error::Away`] or a database fault, and nothing was written; or
    /// [`Error::Unknown`], when nobody knows whether it was.
    pub async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.writers.run(PATIENCE, f).await
    }

    /// Whether the app can do its work: it reads, its schema is that of this binary, the file that is open is the file
    /// that is named, and now and then it tries to write. The log hears of it when that changes.
    ///
    /// Errors: [`Error::Away`] with the reason.
    pub async fn ready(&self) -> Result<()> {
        let checked = self.check().await;
        // Nothing is broken, but whoever asks is better served elsewhere.
        let is_busy = matches!(checked, Err(Error::Busy));
        self.health.checked(checked)?;
        if is_busy {
            let cause = format!("the database did not answer for {READY:?}");
            return Err(Error::Away(cause));
        }
        match self.health.connection.cause() {
            Some(cause) => Err(Error::Away(cause)),
            None => Ok(()),
        }
    }

    async fn check(&self) -> Result<()> {
        if let Some(embedded) = &self.embedded {
            embedded.0.check()?;
        }
        let state = self.readers.run(READY, migrate::state).await?;
        if state != migrate::State::Current {
            let cause = "the database was migrated by another version of Checkride: stop this one";
            return Err(Error::Away(cause.into()));
        }
        if self.health.is_write_due() {
            match self.writers.run(READY, conn::try_write).await {
                Ok(()) => self.health.wrote(),
                // Somebody else writes just now.
                Err(Error::Busy) => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    /// A text that stays the same as long as nobody commits anything, in this process or another; it never comes again,
    /// also not in another process. What is read after it was asked, and shown while it is the same, is what the database holds.
    ///
    /// Errors: [`Error::Busy`] where to ask would be to wait, or a database fault.
    pub async fn version(&self) -> Result<String> {
        let seen = match self.embedded.as_deref() {
            // A few microseconds, for which nobody else is waited for: a job for a thread would cost more.
            Some((files, gate)) => {
                let _inside = gate.try_enter().ok_or(Error::Busy)?;
                files.commits_seen()?
            }
            None => self.readers.run(VERSION, conn::commits_seen).await?,
        };
        Ok(format!("{} {seen}", self.opened))
    }

    /// Bytes that wait in the embedded database's log to be written back.
    pub fn log_size(&self) -> u64 {
        self.embedded.as_ref().map_or(0, |e| e.0.log_size())
    }

    /// Writes the embedded database's log back and empties it, on its own connection; does nothing on PostgreSQL. Only
    /// the last step keeps our own transactions waiting, for a moment; it is left out when another program reads.
    pub fn checkpoint(&self) -> Result<()> {
        let Some(embedded) = &self.embedded else {
            return Ok(());
        };
        embedded.0.check()?;
        let mut c = Conn::open(&self.target, Purpose::Write)?;
        conn::write_log_back(&mut c)?;
        match embedded.1.close(PAUSE) {
            Some(_closed) => conn::checkpoint(&mut c),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::connection::SimpleConnection;
    use std::sync::atomic::{AtomicBool, Ordering};

    fn block_on<T>(f: impl Future<Output = T>) -> T {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_time().build().unwrap().block_on(f)
    }

    #[test]
    fn the_log_is_emptied_while_pages_are_read_without_a_pause() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&Target::Sqlite(folder.path().join("checkride.db"))).unwrap();
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..SQLITE_READERS * 2 {
                scope.spawn(|| {
                    while !over.load(Ordering::Relaxed) {
                        block_on(db.read(migrate::state)).unwrap();
                    }
                });
            }
            for n in 0..20 {
                let sql =
                    format!("CREATE TABLE t{n} AS SELECT randomblob(100000) AS b; DROP TABLE t{n}");
                block_on(db.write(move |c| Ok(c.batch_execute(&sql)?))).unwrap();
            }
            assert_ne!(db.log_size(), 0);
            // The machine may be too busy for one pause.
            let emptied = (0..40).any(|_| db.checkpoint().is_ok() && db.log_size() == 0);
            over.store(true, Ordering::Relaxed);
            assert!(emptied, "{} bytes are left", db.log_size());
        });
    }
}
