//! Our own threads, each with its own connection: work waits in a short queue, never in a long one.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::sync::oneshot;

use super::conn::{Conn, Purpose, begin, end, savepoint};
use super::target::Target;
use crate::error::{Error, Result};

/// Works on a connection whose transaction has begun, or receives the reason why it could not begin.
type Job = Box<dyn FnOnce(Result<&mut Conn>) -> FinishedJob + Send>;

/// A job that did its work and has not answered yet.
struct FinishedJob {
    /// Whether its changes are stored.
    keep: bool,
    /// Receives whether the transaction ended well.
    reply: Box<dyn FnOnce(Result<()>) + Send>,
}

/// Jobs that may wait for a thread; one more is answered with [`Error::Busy`].
const QUEUE: usize = 512;

/// Threads that share one queue, each with its own connection.
#[derive(Debug, Clone)]
pub(super) struct Pool {
    queue: SyncSender<Job>,
}

impl Pool {
    /// Opens `threads` connections; fails when the first one cannot be opened.
    ///
    /// A thread commits up to `together` jobs at once, if that many wait: a durable commit costs the same for one as
    /// for many. Each job still succeeds or fails by itself, and answers when it is safe on the disk.
    pub(super) fn start(
        target: &Target,
        purpose: Purpose,
        threads: usize,
        together: usize,
    ) -> Result<Self> {
        let (queue, jobs) = sync_channel::<Job>(QUEUE);
        let jobs = Arc::new(Mutex::new(jobs));
        for n in 0..threads {
            let mut worker = Worker {
                conn: Conn::open(target, purpose)?,
                jobs: Arc::clone(&jobs),
                target: target.clone(),
                purpose,
                together,
            };
            thread::Builder::new()
                .name(format!("db-{purpose:?}-{n}").to_lowercase())
                .spawn(move || worker.work())
                .map_err(Error::fault)?;
        }
        Ok(Self { queue })
    }

    /// Runs `f` in one transaction on a thread of the pool.
    pub(super) async fn run<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let (answer, result) = oneshot::channel();
        let job: Job = Box::new(move |c| {
            let outcome = c.and_then(f);
            FinishedJob {
                keep: outcome.is_ok(),
                reply: Box::new(move |ended| {
                    // The request may be gone; what was committed stays committed.
                    let _ = answer.send(ended.and(outcome));
                }),
            }
        });
        match self.queue.try_send(job) {
            Ok(()) => result
                .await
                .map_err(|_| Error::fault("a database job panicked; see the log above"))?,
            Err(TrySendError::Full(_)) => Err(Error::Busy),
            Err(TrySendError::Disconnected(_)) => {
                Err(Error::fault("the database threads are gone"))
            }
        }
    }
}

/// A thread of the pool.
struct Worker {
    conn: Conn,
    jobs: Arc<Mutex<Receiver<Job>>>,
    target: Target,
    purpose: Purpose,
    together: usize,
}

impl Worker {
    fn work(&mut self) {
        loop {
            let next = self.jobs().recv();
            let Ok(first) = next else { return };
            match self.begin() {
                Ok(()) => self.transaction(first),
                Err(e) => (first(Err(e)).reply)(Ok(())),
            }
        }
    }

    fn jobs(&self) -> std::sync::MutexGuard<'_, Receiver<Job>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Detects a connection whose server went away, before any work was done on it.
    fn begin(&mut self) -> Result<()> {
        match begin(&mut self.conn, self.purpose) {
            Ok(()) => Ok(()),
            // Another process is writing; a new connection would only wait as long again.
            Err(Error::Busy) => Err(Error::Busy),
            Err(_) => {
                self.conn = Conn::open(&self.target, self.purpose)?;
                begin(&mut self.conn, self.purpose)
            }
        }
    }

    fn transaction(&mut self, first: Job) {
        let mut ran = Vec::with_capacity(1);
        let ended = catch_unwind(AssertUnwindSafe(|| self.share(first, &mut ran)));
        let ended = ended.unwrap_or_else(|_| {
            // The caller of the job that panicked gets no answer and so learns of it; the changes of the others are
            // undone with it.
            match Conn::open(&self.target, self.purpose) {
                Ok(fresh) => self.conn = fresh,
                Err(e) => tracing::error!(error = %e, "could not renew a database connection"),
            }
            Err(Error::Busy)
        });
        for job in ran {
            (job.reply)(match &ended {
                Ok(()) => Ok(()),
                Err(Error::Busy) => Err(Error::Busy),
                Err(e) => Err(Error::fault(e)),
            });
        }
    }

    /// Runs the first job and those that wait, each in its own savepoint, then ends the transaction they share.
    fn share(&mut self, first: Job, ran: &mut Vec<FinishedJob>) -> Result<()> {
        let first = first(Ok(&mut self.conn));
        let keep = first.keep;
        ran.push(first);
        while keep && ran.len() < self.together {
            let next = self.jobs().try_recv();
            let Ok(next) = next else { break };
            let saved = savepoint(&mut self.conn, |c| {
                let job = next(Ok(c));
                let keep = job.keep;
                ran.push(job);
                keep
            });
            if let Err(e) = saved {
                end(&mut self.conn, false)?;
                return Err(e);
            }
        }
        end(&mut self.conn, keep)
    }
}
