//! The rounds: everyone is looked at now and then, by one process at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::runtime::Runtime;

use crate::clock::Clock;
use crate::db::Db;
use crate::db::conn::one_snapshot;
use crate::db::types::UtcTime;
use crate::domain::notification::store;
use crate::domain::notification::store::Round;
use crate::error::Result;
use crate::forms::new_key;
use crate::jobs::runtime;
use crate::usecases::notify::rounds;

/// While one process makes the rounds, no other does for that long after its last pass.
const LEASE_SECONDS: i64 = 120;

/// Who makes them. Its name is nobody else's, in no process.
#[derive(Debug)]
pub struct Rounds {
    db: Db,
    name: String,
    runtime: Runtime,
    stopping: Arc<AtomicBool>,
}

impl Rounds {
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

    /// The same, looking at nobody more once that says so.
    pub fn until(self, stopping: Arc<AtomicBool>) -> Self {
        Self { stopping, ..self }
    }

    /// Looks at those who waited longest; returns at how many. None while another process does it.
    ///
    /// Errors: A database fault; those who were not reached are looked at in the next pass.
    pub fn pass(&self, clock: &Clock) -> Result<usize> {
        let now = clock.now();
        let due = self
            .runtime
            .block_on(self.db.read(move |c| rounds::due(c, now)))?;
        if due.is_empty() || self.is_stopping() {
            return Ok(0);
        }
        let name = self.name.clone();
        let until = now.plus_seconds(LEASE_SECONDS);
        let lease = move |c: &mut _| store::lease(c, ("rounds", &name), until, now);
        if !self.runtime.block_on(self.db.write(lease))? {
            return Ok(0);
        }
        let mut count = 0;
        let mut same = Vec::new();
        for round in due {
            if self.is_stopping() {
                break;
            }
            let differs = self.db.read(move |c| rounds::differs(c, round, now));
            match self.runtime.block_on(differs) {
                Ok(false) => same.push(round),
                // What cannot be read is told of below.
                Ok(true) | Err(_) => self.look(round, now)?,
            }
            count += 1;
        }
        if !same.is_empty() {
            let noted = move |c: &mut _| store::looked_for_nothing(c, &same, now);
            self.runtime.block_on(self.db.write(noted))?;
        }
        Ok(count)
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Looks at one in a transaction of their own.
    fn look(&self, round: Round, now: UtcTime) -> Result<()> {
        // What waits and what was told are read as of one moment: a deed between the two would be told once more.
        let look = move |c: &mut _| {
            one_snapshot(c)?;
            rounds::look(c, round, now)
        };
        let looked = self.runtime.block_on(self.db.write(look));
        // Somebody changed the same rows meanwhile; the second time they have.
        let looked = looked.or_else(|_| self.runtime.block_on(self.db.write(look)));
        if let Err(e) = looked {
            // The others do not wait for one whose rows cannot be read.
            tracing::warn!(person = round.person_id, error = %e, "a person could not be looked at");
            let skip = move |c: &mut _| store::looked(c, round, now);
            self.runtime.block_on(self.db.write(skip))?;
        }
        Ok(())
    }
}
