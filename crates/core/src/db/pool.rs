//! Our own threads, each with its own connection: work waits in a short queue, never in a long one, and never for longer
//! than a person does.

mod worker;

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio::time::timeout;

use super::conn::{Conn, Purpose};
use super::files::Files;
use super::gate::Gate;
use super::health::Health;
use super::target::Target;
use crate::error::{Error, Result};
use worker::Worker;

/// How long a request waits for its job, from its arrival.
pub(super) const PATIENCE: Duration = Duration::from_secs(12);
/// How much longer it waits for a transaction that is being stored.
const TO_STORE: Duration = Duration::from_secs(3);

/// A unit of work, and whether somebody still waits for it.
struct Job {
    arrived: Instant,
    promise: Arc<Promise>,
    work: Work,
}

/// Works on a connection whose transaction has begun, or receives the reason why it could not begin.
type Work = Box<dyn FnOnce(Result<&mut Conn>) -> FinishedJob + Send>;

/// A job that did its work and has not answered yet.
struct FinishedJob {
    /// Whether its changes are stored.
    keep: bool,
    /// Why its connection cannot be used again.
    lost: Option<String>,
    /// Receives whether the transaction ended well.
    reply: Box<dyn FnOnce(Result<()>) + Send>,
}

/// Decides once whether a job's changes are stored or its request was told that they are not.
#[derive(Debug, Default)]
struct Promise(AtomicU8);

impl Promise {
    const STORE: u8 = 1;
    const GIVEN_UP: u8 = 2;

    fn decide(&self, what: u8) -> bool {
        let decided = self
            .0
            .compare_exchange(0, what, Ordering::AcqRel, Ordering::Acquire);
        decided.is_ok()
    }

    fn is_given_up(&self) -> bool {
        self.0.load(Ordering::Acquire) == Self::GIVEN_UP
    }
}

/// Jobs that may wait for a thread; one more is answered with [`Error::Busy`].
const QUEUE: usize = 512;

/// Threads that share one queue, each with its own connection.
#[derive(Debug, Clone)]
pub(super) struct Pool {
    queue: SyncSender<Job>,
    shared: Arc<Shared>,
}

/// What the threads of a pool need.
pub(super) struct Shared {
    jobs: Mutex<Receiver<Job>>,
    seats: Mutex<Vec<Arc<Seat>>>,
    /// Threads whose place was given away, and which still wait for their server.
    adrift: AtomicUsize,
    plan: Plan,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Shared").field(&self.plan.purpose).finish()
    }
}

/// What a pool is for.
#[derive(Clone)]
pub(super) struct Plan {
    pub(super) target: Target,
    pub(super) purpose: Purpose,
    pub(super) threads: usize,
    /// A thread commits up to that many jobs at once, if that many wait: a durable commit costs the same for one as for
    /// many. Each job still succeeds or fails by itself, and answers when it is safe on the disk.
    pub(super) together: usize,
    pub(super) health: Arc<Health>,
    /// The files and the gate of an embedded database.
    pub(super) embedded: Option<Arc<(Files, Gate)>>,
}

/// The place of a thread.
#[derive(Debug, Default)]
struct Seat {
    busy_since: Mutex<Option<Instant>>,
    /// Another thread has taken its place: its connection did not answer any more.
    is_given_away: AtomicBool,
}

impl Pool {
    /// Opens the connections; fails when one cannot be opened.
    pub(super) fn start(plan: Plan) -> Result<Self> {
        let (queue, jobs) = sync_channel::<Job>(QUEUE);
        let shared = Arc::new(Shared {
            jobs: Mutex::new(jobs),
            seats: Mutex::default(),
            adrift: AtomicUsize::new(0),
            plan,
        });
        for _ in 0..shared.plan.threads {
            let conn = shared.open()?;
            shared.seat(Some(conn))?;
        }
        Ok(Self { queue, shared })
    }

    /// Runs `f` in one transaction on a thread of the pool.
    ///
    /// Errors: What `f` returned; [`Error::Busy`] when the queue is full or `patience` ends first; [`Error::Away`]
    /// without a database. After all of these nothing is stored. [`Error::Unknown`] when the answer to a commit was lost.
    pub(super) async fn run<T, F>(&self, patience: Duration, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let (answer, mut result) = oneshot::channel();
        let promise = Arc::new(Promise::default());
        let (mine, health) = (Arc::clone(&promise), Arc::clone(&self.shared.plan.health));
        let work: Work = Box::new(move |c| {
            let outcome = c.and_then(f);
            let lost = match &outcome {
                Err(Error::Away(cause)) => Some(cause.clone()),
                Err(e) => {
                    health.heard(e);
                    None
                }
                Ok(_) => None,
            };
            let keep = outcome.is_ok() && mine.decide(Promise::STORE);
            FinishedJob {
                keep,
                lost,
                reply: Box::new(move |ended| {
                    // Why a job failed is the answer, whatever became of its transaction then.
                    let outcome = outcome.and_then(|value| ended.map(|()| value));
                    // The request may be gone; what was committed stays committed.
                    let _ = answer.send(outcome);
                }),
            }
        });
        let job = Job {
            arrived: Instant::now(),
            promise: Arc::clone(&promise),
            work,
        };
        match self.queue.try_send(job) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Err(Error::Busy),
            Err(TrySendError::Disconnected(_)) => {
                return Err(Error::fault("the database threads are gone"));
            }
        }
        let panicked = |_| Error::fault("a database job panicked; see the log above");
        if let Ok(answered) = timeout(patience, &mut result).await {
            return answered.map_err(panicked)?;
        }
        if promise.decide(Promise::GIVEN_UP) {
            self.shared.replace_silent();
            return Err(Error::Busy);
        }
        match timeout(TO_STORE, result).await {
            Ok(answered) => answered.map_err(panicked)?,
            Err(_) => {
                self.shared.replace_silent();
                let cause = "the database did not say in time that it stored this";
                Err(Error::Unknown(cause.into()))
            }
        }
    }
}

impl Shared {
    fn open(&self) -> Result<Conn> {
        if let Some(embedded) = &self.plan.embedded {
            // To open a file that is gone would make an empty one.
            embedded.0.check()?;
        }
        Conn::open_within(&self.plan.target, self.plan.purpose)
    }

    /// Starts a thread. Without a connection it opens one for its first job.
    fn seat(self: &Arc<Self>, conn: Option<Conn>) -> Result<()> {
        let seat = Arc::new(Seat::default());
        let mut seats = lock(&self.seats);
        seats.push(Arc::clone(&seat));
        let name = format!("db-{:?}-{}", self.plan.purpose, seats.len()).to_lowercase();
        drop(seats);
        let mut worker = Worker {
            conn,
            network: self.plan.health.network(),
            seat,
            next: None,
            shared: Arc::clone(self),
        };
        let thread = thread::Builder::new().name(name);
        thread.spawn(move || worker.work()).map_err(Error::fault)?;
        Ok(())
    }

    /// Gives the places of threads whose connection answers no more to others: nothing ends the wait of libpq. They end
    /// when it does; until then there are never more than three times the threads of the plan.
    fn replace_silent(self: &Arc<Self>) {
        let adrift = self.adrift.load(Ordering::Relaxed);
        if !matches!(self.plan.target, Target::Postgres(_)) || adrift >= 2 * self.plan.threads {
            return;
        }
        let mut seats = lock(&self.seats);
        let before = seats.len();
        seats.retain(|seat| {
            let since = *lock(&seat.busy_since);
            let is_silent = since.is_some_and(|since| since.elapsed() >= PATIENCE);
            seat.is_given_away.store(is_silent, Ordering::Release);
            !is_silent
        });
        let silent = before - seats.len();
        drop(seats);
        self.adrift.fetch_add(silent, Ordering::Relaxed);
        if silent > 0 {
            let cause = format!("{silent} connections did not answer for {PATIENCE:?}");
            self.plan.health.fell_silent(&cause);
        }
        for _ in 0..silent {
            if let Err(e) = self.seat(None) {
                tracing::error!(error = %e, "a database thread could not be replaced");
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::conn::{begin, end};
    use diesel::connection::SimpleConnection;
    use diesel::prelude::*;
    use std::sync::mpsc::channel;

    fn block_on<T>(f: impl Future<Output = T>) -> T {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_time().build().unwrap().block_on(f)
    }

    fn writer() -> (tempfile::TempDir, Target, Pool) {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Sqlite(folder.path().join("checkride.db"));
        let pool = Pool::start(Plan {
            target: target.clone(),
            purpose: Purpose::Write,
            threads: 1,
            together: 4,
            health: Arc::default(),
            embedded: None,
        });
        (folder, target, pool.unwrap())
    }

    fn make(c: &mut Conn, table: &str) -> Result<()> {
        Ok(c.batch_execute(&format!("CREATE TABLE {table} (id INTEGER)"))?)
    }

    fn tables(c: &mut Conn) -> Result<i64> {
        #[derive(QueryableByName)]
        struct Count {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            n: i64,
        }
        let sql = "SELECT COUNT(*) AS n FROM sqlite_master WHERE type = 'table'";
        Ok(diesel::sql_query(sql).get_result::<Count>(c)?.n)
    }

    #[test]
    fn what_was_given_up_is_stored_neither_then_nor_later() {
        let (_folder, _, pool) = writer();
        let short = Duration::from_millis(20);
        let (go_on, held) = channel::<()>();
        let slow = block_on(pool.run(short, move |c| {
            make(c, "slow")?;
            held.recv().map_err(Error::fault)
        }));
        let behind = block_on(pool.run(short, |c| make(c, "behind")));
        for told in [slow, behind] {
            assert!(matches!(told, Err(Error::Busy)), "{told:?}");
        }
        // Nobody receives it when the thread was too busy to begin: then it never does.
        go_on.send(()).unwrap_or_default();
        let there = block_on(pool.run(PATIENCE, tables)).unwrap();
        assert_eq!(there, 0);
        block_on(pool.run(PATIENCE, |c| make(c, "later"))).unwrap();
        assert_eq!(block_on(pool.run(PATIENCE, tables)).unwrap(), 1);
    }

    #[test]
    fn those_who_wait_together_behind_another_program_are_refused_together() {
        let (_folder, target, pool) = writer();
        block_on(pool.run(PATIENCE, |c| {
            Ok(c.batch_execute("PRAGMA busy_timeout = 300")?)
        }))
        .unwrap();
        let mut other = Conn::open(&target, Purpose::Write).unwrap();
        begin(&mut other, Purpose::Write).unwrap();
        let ended = block_on(async {
            let one = || pool.run(PATIENCE, |c| make(c, "t"));
            tokio::join!(one(), one(), one(), one())
        });
        for e in [ended.0, ended.1, ended.2, ended.3] {
            assert!(matches!(e, Err(Error::Busy)), "{e:?}");
        }
        end(&mut other, false).unwrap();
        block_on(pool.run(PATIENCE, |c| make(c, "t"))).unwrap();
    }
}
