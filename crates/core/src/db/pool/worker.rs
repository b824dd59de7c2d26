//! A thread of a pool: it takes jobs from the queue, and runs each in a transaction.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use super::{FinishedJob, Job, Seat, Shared, lock};
use crate::db::conn::{Conn, Purpose, begin, end, savepoint};
use crate::error::{Error, Result};

pub(super) struct Worker {
    pub(super) conn: Option<Conn>,
    /// When it was opened, as [`Health::network`] counts.
    pub(super) network: u64,
    pub(super) seat: Arc<Seat>,
    /// Taken from the queue already.
    pub(super) next: Option<Job>,
    pub(super) shared: Arc<Shared>,
}

impl Worker {
    pub(super) fn work(&mut self) {
        let shared = Arc::clone(&self.shared);
        while !self.seat.is_given_away.load(Ordering::Acquire) {
            let next = self.next.take().or_else(|| lock(&shared.jobs).recv().ok());
            let Some(job) = next else { return };
            if job.promise.is_given_up() {
                continue;
            }
            let embedded = shared.plan.embedded.as_deref();
            let _inside = embedded.map(|(_, gate)| gate.enter());
            let began = Instant::now();
            *lock(&self.seat.busy_since) = Some(began);
            match self.begin() {
                Ok(()) => self.transaction(job),
                Err(Error::Busy) => self.refuse_all_before(began, job),
                Err(e) => ((job.work)(Err(e)).reply)(Ok(())),
            }
            *lock(&self.seat.busy_since) = None;
        }
        shared.adrift.fetch_sub(1, Ordering::Relaxed);
    }

    /// Another process is writing. Those who waited as long as this job have waited long enough.
    fn refuse_all_before(&mut self, began: Instant, job: Job) {
        let mut job = Some(job);
        while let Some(refused) = job.take() {
            ((refused.work)(Err(Error::Busy)).reply)(Ok(()));
            let next = lock(&self.shared.jobs).try_recv().ok();
            match next {
                Some(next) if next.arrived <= began => job = Some(next),
                later => self.next = later,
            }
        }
    }

    /// Begins a transaction. A connection whose server went away, before any work was done on it, is opened anew.
    fn begin(&mut self) -> Result<()> {
        let plan = &self.shared.plan;
        if let Some((files, _)) = plan.embedded.as_deref()
            && plan.purpose == Purpose::Write
            && let Err(e) = files.check()
        {
            plan.health.storage.found(&e.to_string());
            return Err(e);
        }
        let network = plan.health.network();
        if network != self.network {
            self.conn = None;
        }
        if let Some(conn) = &mut self.conn {
            match begin(conn, plan.purpose) {
                Ok(()) => return Ok(()),
                // A new connection would only wait as long again.
                Err(Error::Busy) => return Err(Error::Busy),
                Err(_) => self.conn = None,
            }
        }
        let opened = self.shared.open().and_then(|mut conn| {
            begin(&mut conn, plan.purpose)?;
            Ok(conn)
        });
        match opened {
            Ok(conn) => {
                plan.health.connection.over();
                self.conn = Some(conn);
                self.network = network;
                Ok(())
            }
            Err(Error::Busy) => Err(Error::Busy),
            Err(e) => {
                let cause = e.to_string();
                plan.health.connection.found(&cause);
                Err(Error::Away(cause))
            }
        }
    }

    fn transaction(&mut self, first: Job) {
        let Some(mut conn) = self.conn.take() else {
            return ((first.work)(Err(Error::Busy)).reply)(Ok(()));
        };
        let mut ran = Vec::with_capacity(1);
        let ended = catch_unwind(AssertUnwindSafe(|| self.share(&mut conn, first, &mut ran)));
        let lost = ran.iter().find_map(|job| job.lost.clone());
        if let Some(cause) = &lost {
            self.shared.plan.health.connection.found(cause);
        }
        if let Ok(Err(e)) = &ended {
            self.shared.plan.health.heard(e);
        }
        // After a panic, the caller of the job that panicked gets no answer and so learns of it; the changes of the
        // others are undone with it.
        let is_sound = matches!(&ended, Ok(Ok(()))) && lost.is_none();
        let ended = ended.unwrap_or(Err(Error::Busy));
        if is_sound {
            self.conn = Some(conn);
        } else {
            // Undone at the latest when it is closed, so before anybody is told.
            drop(conn);
        }
        for job in ran {
            (job.reply)(match &ended {
                Ok(()) if job.keep => Ok(()),
                // It was given up: whoever asked was told so.
                Ok(()) | Err(Error::Busy) => Err(Error::Busy),
                Err(Error::Unknown(cause)) if self.shared.plan.purpose == Purpose::Write => {
                    Err(Error::Unknown(cause.clone()))
                }
                Err(Error::Away(cause) | Error::Unknown(cause)) => Err(Error::Away(cause.clone())),
                Err(e) => Err(Error::fault(e)),
            });
        }
    }

    /// Runs the first job and those that wait, each in its own savepoint, then ends the transaction they share.
    fn share(&self, conn: &mut Conn, first: Job, ran: &mut Vec<FinishedJob>) -> Result<()> {
        let first = (first.work)(Ok(conn));
        let keep = first.keep;
        ran.push(first);
        while keep && ran.len() < self.shared.plan.together {
            let Ok(jobs) = self.shared.jobs.try_lock() else {
                break;
            };
            let next = jobs.try_recv();
            drop(jobs);
            let Ok(next) = next else { break };
            if next.promise.is_given_up() {
                continue;
            }
            let saved = savepoint(conn, |c| {
                let job = (next.work)(Ok(c));
                let keep = job.keep;
                ran.push(job);
                keep
            });
            if let Err(e) = saved {
                end(conn, false)?;
                return Err(e);
            }
        }
        end(conn, keep)
    }
}
