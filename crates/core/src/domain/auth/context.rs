//! Who reads a page, and at which moment.

use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, past};
use crate::domain::people::Actor;
use crate::domain::people::next::Part;
use crate::error::Result;
use crate::time::LocalTime;

#[derive(Debug, Clone)]
pub struct ReadContext {
    pub actor: Actor,
    pub now: UtcTime,
    /// Shows times in this person's zone.
    pub local: LocalTime,
    /// Notifications they have not read; at most a hundred are counted.
    pub unread: i64,
    /// Their part in ramps, today.
    pub part: Part,
    /// The past day the page shows; then `now` is its last moment.
    pub past: Option<Day>,
}

impl ReadContext {
    /// The same person at the last moment of a past day.
    pub fn at_end_of(self, day: Day) -> Self {
        let now = day.plus_days(1).start().just_before();
        Self {
            local: LocalTime::new(&self.actor.time_zone, now),
            now,
            past: Some(day),
            ..self
        }
    }

    /// The same person at the last moment of a day to come, with what is known now.
    pub fn ahead_at(self, day: Day) -> Self {
        Self {
            past: None,
            ..self.at_end_of(day)
        }
    }

    /// Pages of a past day do not know what happened at this moment or later.
    pub fn known_before(&self) -> UtcTime {
        self.past
            .map_or(UtcTime::MAX, |day| day.plus_days(1).start())
    }

    /// Reads the data of today, also on a page of a past day: rights are those of today.
    pub fn today<T>(&self, c: &mut Conn, f: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        if self.past.is_none() {
            return f(c);
        }
        past::view_at(c, UtcTime::MAX)?;
        let found = f(c)?;
        past::view_at(c, self.known_before())?;
        Ok(found)
    }
}
