//! Our own threads that own their connections: work waits in a short queue, never in a long one.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::sync::oneshot;

use super::conn::{Conn, Purpose, Target, begin, finish};
use crate::error::{Error, Result};

/// Told whether its transaction could be begun.
type Job = Box<dyn FnOnce(&mut Conn, Result<()>) + Send>;

/// Jobs that may wait for a thread; one more is answered with [`Error::Busy`].
const QUEUE: usize = 512;

/// Threads that share one queue, each with its own connection.
#[derive(Debug, Clone)]
pub(super) struct Pool {
    queue: SyncSender<Job>,
}

impl Pool {
    /// Opens `threads` connections; fails when the first one cannot be opened.
    pub(super) fn start(target: &Target, purpose: Purpose, threads: usize) -> Result<Self> {
        let (queue, jobs) = sync_channel::<Job>(QUEUE);
        let jobs = Arc::new(Mutex::new(jobs));
        for n in 0..threads {
            let mut conn = Conn::open(target, purpose)?;
            let (jobs, target) = (Arc::clone(&jobs), target.clone());
            thread::Builder::new()
                .name(format!("db-{purpose:?}-{n}").to_lowercase())
                .spawn(move || work(&mut conn, &jobs, &target, purpose))
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
        let job: Job = Box::new(move |c, begun| {
            let outcome = begun.and_then(|()| finish(c, f));
            // The asker may have gone away; what was committed stays committed.
            let _ = answer.send(outcome);
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

fn work(conn: &mut Conn, jobs: &Mutex<Receiver<Job>>, target: &Target, purpose: Purpose) {
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // A connection whose server went away is found out here, before any work was done on it.
        let begun = match begin(conn, purpose) {
            // Somebody else is writing; a new connection would wait as long once more.
            Ok(()) => Ok(()),
            Err(Error::Busy) => Err(Error::Busy),
            Err(_) => Conn::open(target, purpose).and_then(|fresh| {
                *conn = fresh;
                begin(conn, purpose)
            }),
        };
        if catch_unwind(AssertUnwindSafe(|| job(conn, begun))).is_err() {
            match Conn::open(target, purpose) {
                Ok(fresh) => *conn = fresh,
                Err(e) => tracing::error!(error = %e, "could not renew a database connection"),
            }
        }
    }
}
