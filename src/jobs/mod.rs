//! What is done while nobody asks for it, on threads of their own: messages of the outbox are sent, and people are told
//! what waits for them.

pub mod hook;
pub mod mail;
pub mod rounds;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use rounds::Rounds;
use tokio::runtime::Runtime;

use crate::app::App;
use crate::calendars;
use crate::clock::Clock;
use crate::db::Db;
use crate::domain::outbox::model::Message;
use crate::domain::outbox::{Channel, Outcome, store};
use crate::error::{Error, Result};
use crate::forms::{new_key, random_u32};
use crate::usecases::hook::actions::after_attempt;

/// How often a worker looks for messages.
pub const EVERY: Duration = Duration::from_secs(2);
/// How often calendars are looked at.
const CALENDARS: Duration = Duration::from_secs(15);
/// Messages that one pass sends at most.
pub const BATCH: usize = 10;

/// Sends messages of the outbox until the return value is dropped: one thread a channel, so that one that is slow does
/// not keep the other waiting.
pub fn start(every: Duration, app: &App) -> Result<Vec<Sender<()>>> {
    let start_one = |channel_of: &Channel| {
        let (stop, stopped) = channel();
        let (channel_of, app) = (*channel_of, app.clone());
        let worker = Worker::new(app.db.clone())?;
        thread::Builder::new()
            .name(format!("outbox {}", channel_of.word()))
            .spawn(move || {
                let mut wait = every;
                while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(wait) {
                    let pass = || worker.pass(channel_of, &app.clock, |m| send(&app, m));
                    // What a library does with one message must not end the thread.
                    wait = match catch_unwind(AssertUnwindSafe(pass)) {
                        Ok(Ok(BATCH)) => Duration::ZERO,
                        // The database tells of its own trouble.
                        Ok(Err(Error::Fault(cause))) => {
                            tracing::warn!(cause, "messages could not be sent");
                            every
                        }
                        _ => every,
                    };
                }
            })
            .map_err(Error::fault)?;
        Ok(stop)
    };
    let mut stops: Vec<Sender<()>> = Channel::ALL.iter().map(start_one).collect::<Result<_>>()?;
    stops.push(start_rounds(every, app)?);
    stops.push(start_calendars(app)?);
    Ok(stops)
}

fn start_rounds(every: Duration, app: &App) -> Result<Sender<()>> {
    let (stop, stopped) = channel();
    let (rounds, clock) = (Rounds::new(app.db.clone())?, app.clock.clone());
    thread::Builder::new()
        .name("rounds".into())
        .spawn(move || {
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(every) {
                let pass = AssertUnwindSafe(|| rounds.pass(&clock));
                if let Ok(Err(e)) = catch_unwind(pass) {
                    tracing::warn!(error = %e, "people could not be looked at");
                }
            }
        })
        .map_err(Error::fault)?;
    Ok(stop)
}

/// Calendars that people named are read on a thread of their own: the other side may take its time.
fn start_calendars(app: &App) -> Result<Sender<()>> {
    let (stop, stopped) = channel();
    let app = app.clone();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .map_err(Error::fault)?;
    thread::Builder::new()
        .name("calendars".into())
        .spawn(move || {
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(CALENDARS) {
                let pass = || runtime.block_on(calendars::pass(&app, app.clock.now()));
                // What a library does with the file of somebody must not end the thread.
                if let Ok(Err(e)) = catch_unwind(AssertUnwindSafe(pass)) {
                    tracing::warn!(error = %e, "calendars could not be read");
                }
            }
        })
        .map_err(Error::fault)?;
    Ok(stop)
}

/// Sends one message by its channel.
fn send(app: &App, message: &Message) -> Outcome {
    match message.channel {
        Channel::Mail => mail::send(app, message),
        Channel::Hook => hook::send(app, message),
    }
}

/// One of the hands that send. Its name is nobody else's, in no process.
#[derive(Debug)]
pub struct Worker {
    db: Db,
    name: String,
    runtime: Runtime,
}

impl Worker {
    ///
    /// Errors: A fault when there is no runtime.
    pub fn new(db: Db) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .map_err(Error::fault)?;
        let name = new_key();
        Ok(Self { db, name, runtime })
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
            let now = clock.now();
            let is_due = self.db.read(move |c| store::is_due(c, channel, now));
            if !self.runtime.block_on(is_due)? {
                return Ok(sent);
            }
            let worker = self.name.clone();
            let take = self
                .db
                .write(move |c| store::take(c, channel, &worker, now, 1));
            for message in self.runtime.block_on(take)? {
                let outcome = send(&message);
                self.end(message, outcome, clock)?;
            }
        }
        Ok(BATCH)
    }

    fn end(&self, message: Message, outcome: Outcome, clock: &Clock) -> Result<()> {
        let (id, attempt) = (message.id, message.attempts);
        let channel = message.channel.word();
        match &outcome {
            Outcome::Sent(_) => tracing::info!(id, channel, attempt, "a message was sent"),
            Outcome::Later(why) | Outcome::Never(why) => {
                tracing::warn!(id, channel, attempt, why, "a message was not sent");
            }
        }
        let (worker, now) = (self.name.clone(), clock.now());
        let end = self.db.write(move |c| {
            let is_own = store::end(c, &message, &worker, &outcome, random_u32(), now)?;
            if is_own && message.hook_id.is_some() {
                after_attempt(c, message.id, now)?;
            }
            Ok(is_own)
        });
        if !self.runtime.block_on(end)? {
            tracing::warn!(id, channel, "the attempt took longer than its lease");
        }
        Ok(())
    }
}
