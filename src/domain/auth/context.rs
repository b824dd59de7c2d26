//! Who asks, and when, while a page is read.

use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, past};
use crate::domain::people::Actor;
use crate::error::Result;
use crate::web::time::LocalTime;

/// Who asks, and when, while a page is read.
#[derive(Debug, Clone)]
pub struct ReadContext {
    pub actor: Actor,
    pub now: UtcTime,
    /// Shows times as this person reads them.
    pub local: LocalTime,
    /// The past day that is looked at; `now` is its last moment then.
    pub past: Option<Day>,
}

impl ReadContext {
    /// The same person, looking from the last moment of a past day.
    pub(crate) fn at_end_of(self, day: Day) -> Self {
        let now = day.plus_days(1).start().just_before();
        Self {
            local: LocalTime::new(&self.actor.time_zone, now),
            now,
            past: Some(day),
            ..self
        }
    }

    /// What happened at this moment or after it is not known to the pages of a past day.
    pub(crate) fn known_before(&self) -> UtcTime {
        self.past
            .map_or(UtcTime::MAX, |day| day.plus_days(1).start())
    }

    /// Reads how things are today, also while a past day is looked at: whoever may see something may so today.
    pub fn today<T>(&self, c: &mut Conn, f: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        if self.past.is_none() {
            return f(c);
        }
        past::look(c, UtcTime::MAX)?;
        let found = f(c)?;
        past::look(c, self.known_before())?;
        Ok(found)
    }
}
