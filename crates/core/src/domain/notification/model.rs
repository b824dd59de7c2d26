//! Rows as stored, and what is to be stored.

use super::Kind;
use crate::db::schema::notifications;
use crate::db::types::{Day, UtcTime};
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = notifications)]
pub struct Notification {
    pub id: i64,
    pub person_id: i64,
    pub kind: Kind,
    /// `kind:id` of what it hangs under: the ramp, where there is one.
    pub thread: String,
    /// `kind:id` of what it is about.
    pub object: String,
    pub cause: String,
    /// The address of the page where it is read or done, without the installation's own.
    pub path: String,
    /// Who did it; none where it came with time.
    pub actor_id: Option<i64>,
    /// Whom it is about.
    pub subject_id: Option<i64>,
    pub area_id: Option<i64>,
    /// Of a drill or post-mortem, or what was done in a word.
    pub title: String,
    /// The moment it names.
    pub at: Option<UtcTime>,
    /// The day it names, a UTC day.
    pub due_on: Option<Day>,
    pub created_at: UtcTime,
    pub read_at: Option<UtcTime>,
    pub done_at: Option<UtcTime>,
}

/// What is told, before it is known to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    pub kind: Kind,
    pub object: String,
    /// The ramp it belongs to, where that is known.
    pub ramp_id: Option<i64>,
    /// What tells this cause from another of its kind and object: told again only when it differs.
    pub tells_apart: String,
    pub path: String,
    pub subject_id: Option<i64>,
    pub area_id: Option<i64>,
    pub title: String,
    pub at: Option<UtcTime>,
    pub due_on: Option<Day>,
}

impl Cause {
    pub fn new(kind: Kind, object: String, path: String) -> Self {
        Self {
            kind,
            object,
            ramp_id: None,
            tells_apart: String::new(),
            path,
            subject_id: None,
            area_id: None,
            title: String::new(),
            at: None,
            due_on: None,
        }
    }

    /// About something of a ramp.
    pub fn of_ramp(self, ramp_id: i64, mentee_id: i64, area_id: i64) -> Self {
        Self {
            ramp_id: Some(ramp_id),
            subject_id: Some(mentee_id),
            area_id: Some(area_id),
            ..self
        }
    }

    pub fn about(self, person_id: i64) -> Self {
        Self {
            subject_id: Some(person_id),
            ..self
        }
    }

    pub fn area(self, area_id: i64) -> Self {
        Self {
            area_id: Some(area_id),
            ..self
        }
    }

    pub fn titled(self, title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            ..self
        }
    }

    pub fn at(self, at: UtcTime) -> Self {
        Self {
            at: Some(at),
            ..self
        }
    }

    pub fn due_on(self, day: Day) -> Self {
        Self {
            due_on: Some(day),
            ..self
        }
    }

    /// Told again when `what` is another than before.
    pub fn apart_by(self, what: impl ToString) -> Self {
        Self {
            tells_apart: what.to_string(),
            ..self
        }
    }

    /// What mail programs show it under: the ramp, or what it is about where that belongs to none.
    pub fn thread(&self) -> String {
        match self.ramp_id {
            Some(id) => format!("ramp:{id}"),
            None => self.object.clone(),
        }
    }

    /// The same for the same cause, and for no other.
    pub fn key(&self) -> String {
        format!("{} {} {}", self.kind.word(), self.object, self.tells_apart)
            .trim_end()
            .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ramp_is_one_thread_and_what_belongs_to_none_is_its_own() {
        for object in [
            "ramp:3",
            "session:5",
            "shift:7",
            "signoff:9",
            "clearance:2",
            "asked:4",
        ] {
            let cause = Cause::new(Kind::Mentioned, object.into(), "/".into());
            assert_eq!(cause.thread(), object);
            assert_eq!(cause.of_ramp(3, 1, 2).thread(), "ramp:3");
        }
    }
}
