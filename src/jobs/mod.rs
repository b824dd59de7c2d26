//! What is done while nobody asks for it, on threads of their own: messages of the outbox are sent, people are told what
//! waits for them, and the audit log is sealed.

pub mod hook;
pub mod mail;
pub mod rounds;
pub mod sealer;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use rounds::Rounds;
use tokio::runtime::Runtime;

use crate::app::App;
use crate::clock::Clock;
use crate::db::Db;
use crate::domain::outbox::model::Message;
use crate::domain::outbox::{Channel, LEASE_SECONDS, Outcome, store};
use crate::error::{Error, Result};
use crate::forms::{new_key, random_u32};
use crate::rotas;
use crate::usecases::hook::actions::after_attempt;
use crate::{calendars, kpis};

/// How often a worker looks for messages.
pub const EVERY: Duration = Duration::from_secs(2);
/// How often calendars are looked at.
const CALENDARS: Duration = Duration::from_secs(15);
/// How often it is asked whether yesterday's key figures are computed.
const KPIS: Duration = Duration::from_secs(20);
/// How often entries of the audit log are sealed. They wait for their seal twice as long at most, unless there are very many.
const SEALING: Duration = Duration::from_millis(250);
/// After a fault a pass waits that long at least: the log is not filled with what the next pass would say again.
const AFTER_FAULT: Duration = Duration::from_secs(10);
/// Messages that one pass sends at most.
pub const BATCH: usize = 10;

/// A message is a worker's for that long, on the clock that waits.
const LEASE: Duration = Duration::from_secs(LEASE_SECONDS.unsigned_abs());
/// The end of an attempt is stored after that long where others are in the way.
const AGAIN: Duration = Duration::from_millis(500);

/// How long the end of the process waits for what is being done. A mail that the relay took is noted as sent then, and is
/// not sent again by the next process.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// What is done, on its threads.
#[derive(Debug)]
pub struct Jobs {
    stops: Vec<Sender<()>>,
    stopping: Arc<AtomicBool>,
    names: Vec<String>,
    /// Each thread says its name there when it ends.
    ends: Sender<String>,
    ended: Receiver<String>,
}

impl Jobs {
    fn none() -> Self {
        let (ends, ended) = channel();
        Self {
            stops: Vec::new(),
            stopping: Arc::default(),
            names: Vec::new(),
            ends,
            ended,
        }
    }

    /// Repeats a pass on a thread of that name, at once when it says that there is more. What a library does with what came
    /// from outside must not end the thread.
    fn repeat(
        &mut self,
        name: String,
        every: Duration,
        mut pass: impl FnMut() -> Result<bool> + Send + 'static,
    ) -> Result<()> {
        let (stop, stopped) = channel();
        let (ends, stopping, own) = (self.ends.clone(), self.stopping(), name.clone());
        thread::Builder::new()
            .name(name.clone())
            .spawn(move || {
                let mut wait = every;
                while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(wait) {
                    if stopping.load(Ordering::Relaxed) {
                        break;
                    }
                    wait = match catch_unwind(AssertUnwindSafe(&mut pass)) {
                        Ok(Ok(true)) => Duration::ZERO,
                        // The database tells of its own trouble.
                        Ok(Err(Error::Fault(cause))) => {
                            tracing::warn!(name = own, cause, "a pass failed");
                            every.max(AFTER_FAULT)
                        }
                        _ => every,
                    };
                }
                drop(ends.send(own));
            })
            .map_err(Error::fault)?;
        self.names.push(name);
        self.stops.push(stop);
        Ok(())
    }

    /// Set when the process is told to stop: nothing more is begun from then on, while others still finish.
    pub fn stopping(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stopping)
    }

    /// Begins nothing more, and waits for what is being done; the names of the threads that took longer than that.
    pub fn stop(mut self, patience: Duration) -> Vec<String> {
        self.stopping.store(true, Ordering::Relaxed);
        drop(self.stops);
        let end = Instant::now() + patience;
        while !self.names.is_empty() {
            let left = end.saturating_duration_since(Instant::now());
            let Ok(ended) = self.ended.recv_timeout(left) else {
                break;
            };
            self.names.retain(|name| *name != ended);
        }
        self.names
    }
}

/// Does all of it until it is stopped: one thread a channel, so that one that is slow does not keep the other waiting, one
/// for the rounds, one for key figures, and one for calendars, whose other side may take its time.
pub fn start(every: Duration, app: &App) -> Result<Jobs> {
    let mut jobs = Jobs::none();
    for channel in Channel::ALL.iter().copied() {
        let worker = Worker::new(app.db.clone())?.until(jobs.stopping());
        let app = app.clone();
        let name = format!("outbox {}", channel.word());
        jobs.repeat(name, every, move || {
            let send = |m: &Message| send(&app, &worker.runtime, m);
            Ok(worker.pass(channel, &app.clock, send)? == BATCH)
        })?;
    }
    let (own, db) = (runtime()?, app.db.clone());
    jobs.repeat("sealer".into(), SEALING, move || {
        own.block_on(sealer::pass(&db))
    })?;
    let rounds = Rounds::new(app.db.clone())?.until(jobs.stopping());
    let clock = app.clock.clone();
    jobs.repeat("rounds".into(), every, move || {
        rounds.pass(&clock).map(|_| false)
    })?;
    let (own, of, stopping) = (runtime()?, app.clone(), jobs.stopping());
    let mut failed = kpis::Failed::default();
    jobs.repeat("kpis".into(), KPIS, move || {
        own.block_on(kpis::pass(&of, &mut failed, &stopping))
    })?;
    let rota_app = app.clone();
    let (runtime, app, stopping) = (runtime()?, app.clone(), jobs.stopping());
    jobs.repeat("calendars".into(), CALENDARS, move || {
        let pass = calendars::pass(&app, app.clock.now(), &stopping);
        runtime.block_on(pass).map(|_| false)
    })?;
    let (runtime, app, stopping) = (self::runtime()?, rota_app, jobs.stopping());
    jobs.repeat("rotas".into(), CALENDARS, move || {
        let pass = rotas::pass(&app, app.clock.now(), &stopping);
        runtime.block_on(pass).map(|_| false)
    })?;
    Ok(jobs)
}

/// Waits for the database, on a thread of a job.
pub fn runtime() -> Result<Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .map_err(Error::fault)
}

/// Sends one message by its channel.
pub fn send(app: &App, runtime: &Runtime, message: &Message) -> Outcome {
    match message.channel {
        Channel::Mail => mail::send(app, runtime, message),
        Channel::Hook => hook::send(app, runtime, message),
    }
}

/// One of the hands that send. Its name is nobody else's, in no process.
#[derive(Debug)]
pub struct Worker {
    db: Db,
    name: String,
    runtime: Runtime,
    stopping: Arc<AtomicBool>,
}

impl Worker {
    ///
    /// Errors: A fault when there is no runtime.
    pub fn new(db: Db) -> Result<Self> {
        Ok(Self {
            db,
            name: new_key(),
            runtime: runtime()?,
            stopping: Arc::default(),
        })
    }

    /// The same, taking nothing more once that says so.
    pub fn until(self, stopping: Arc<AtomicBool>) -> Self {
        Self { stopping, ..self }
    }

    /// Takes and sends what is due, one message after the other, [`BATCH`] at most; returns how many. Each is taken right
    /// before it is sent, so that a slow one uses up nobody else's lease.
    ///
    /// Errors: A database fault; then what was taken is sent again when its lease is over.
    pub fn pass(
        &self,
        channel: Channel,
        clock: &Clock,
        mut send: impl FnMut(&Message) -> Outcome,
    ) -> Result<usize> {
        for sent in 0..BATCH {
            if self.stopping.load(Ordering::Relaxed) {
                return Ok(sent);
            }
            let now = clock.now();
            let until = Instant::now() + LEASE;
            let is_due = self.db.read(move |c| store::is_due(c, channel, now));
            if !self.runtime.block_on(is_due)? {
                return Ok(sent);
            }
            let worker = self.name.clone();
            let take = self.db.write(move |c| {
                let taken = store::take(c, channel, &worker, now, 1)?;
                for id in taken.given_up {
                    after_attempt(c, id, now)?;
                }
                Ok(taken.messages)
            });
            for message in self.runtime.block_on(take)? {
                let outcome = send(&message);
                self.end(message, outcome, (clock, until))?;
            }
        }
        Ok(BATCH)
    }

    fn end(
        &self,
        message: Message,
        outcome: Outcome,
        (clock, until): (&Clock, Instant),
    ) -> Result<()> {
        let (id, attempt) = (message.id, message.attempts);
        let channel = message.channel.word();
        match &outcome {
            Outcome::Sent(_) => tracing::info!(id, channel, attempt, "a message was sent"),
            Outcome::Later(why) | Outcome::Never(why) | Outcome::Cancelled(why) => {
                tracing::warn!(id, channel, attempt, why, "a message was not sent");
            }
        }
        let noted = (Arc::new(message), Arc::new(outcome));
        let is_own = until_stored(until, AGAIN, id, || {
            let ((message, outcome), worker) = (noted.clone(), self.name.clone());
            let now = clock.now();
            let end = self.db.write(move |c| {
                let is_own = store::end(c, &message, &worker, &outcome, random_u32(), now)?;
                if is_own && message.hook_id.is_some() {
                    after_attempt(c, message.id, now)?;
                }
                Ok(is_own)
            });
            self.runtime.block_on(end)
        })?;
        if !is_own {
            let why = "the attempt took longer than its lease, or the message was cancelled";
            tracing::warn!(id, channel, why);
        }
        Ok(())
    }
}

/// Tries again while others are in the way and the lease lasts: what the other side took would be sent twice otherwise.
fn until_stored(
    until: Instant,
    pause: Duration,
    id: i64,
    mut store: impl FnMut() -> Result<bool>,
) -> Result<bool> {
    loop {
        match store() {
            Err(Error::Busy | Error::Away(_) | Error::Unknown(_))
                if Instant::now() + pause < until =>
            {
                tracing::warn!(id, "the end of an attempt could not be stored yet");
                thread::sleep(pause);
            }
            done => return done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(1);

    #[test]
    fn a_thread_that_is_late_is_named_and_none_begins_anything_once_told_to_stop() {
        let mut jobs = Jobs::none();
        let (begun, begins) = channel();
        let (finish, finished) = channel::<()>();
        jobs.repeat("slow".into(), SHORT, move || {
            begun.send(()).unwrap();
            Ok(finished.recv().is_ok())
        })
        .unwrap();
        jobs.repeat("quick".into(), SHORT, || Ok(false)).unwrap();
        begins.recv().unwrap();
        // The process is told to stop while the server still answers.
        jobs.stopping().store(true, Ordering::Relaxed);
        let late = jobs.stop(Duration::from_millis(200));
        assert_eq!(late, ["slow"]);
        finish.send(()).unwrap();
        // It ends, and does not begin again though it said that there is more.
        assert!(begins.recv().is_err());
    }

    #[test]
    fn the_end_of_an_attempt_is_stored_again_while_others_are_in_the_way_and_the_lease_lasts() {
        let answers = |until: Instant| {
            let mut coming = vec![Ok(true), Err(Error::Away("gone".into())), Err(Error::Busy)];
            let stored = until_stored(until, Duration::ZERO, 7, || coming.pop().unwrap());
            (stored, coming.len())
        };
        let now = Instant::now();
        assert!(matches!(answers(now + LEASE), (Ok(true), 0)));
        // Somebody else has it then.
        assert!(matches!(answers(now), (Err(Error::Busy), 2)));
        let broken = until_stored(now + LEASE, Duration::ZERO, 7, || {
            Err(Error::fault("broken"))
        });
        assert!(matches!(broken, Err(Error::Fault(_))));
    }
}
