//! The rounds: everyone is looked at now and then, by one process at a time.

use tokio::runtime::Runtime;

use crate::clock::Clock;
use crate::db::Db;
use crate::db::conn::one_snapshot;
use crate::domain::notification::store;
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
}

impl Rounds {
    ///
    /// Errors: A fault when there is no runtime.
    pub fn new(db: Db) -> Result<Self> {
        Ok(Self {
            db,
            name: new_key(),
            runtime: runtime()?,
        })
    }

    /// Looks at those who waited longest, each in a transaction of their own; returns how many. None while another
    /// process does it.
    ///
    /// Errors: A database fault; those who were not reached are looked at in the next pass.
    pub fn pass(&self, clock: &Clock) -> Result<usize> {
        let now = clock.now();
        let due = self
            .runtime
            .block_on(self.db.read(move |c| rounds::due(c, now)))?;
        if due.is_empty() {
            return Ok(0);
        }
        let name = self.name.clone();
        let until = now.plus_seconds(LEASE_SECONDS);
        let lease = move |c: &mut _| store::lease(c, ("rounds", &name), until, now);
        if !self.runtime.block_on(self.db.write(lease))? {
            return Ok(0);
        }
        let count = due.len();
        for round in due {
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
        }
        Ok(count)
    }
}
