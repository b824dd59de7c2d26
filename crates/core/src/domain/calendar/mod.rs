//! Calendars: what people planned as events of iCalendar, their feeds, and invitations.

pub mod difference;
pub mod engagement;
pub mod named;
pub mod read;
pub mod store;
pub mod write;

use serde::{Deserialize, Serialize};

use crate::db::types::{Day, UtcTime};

/// Someone in an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    pub name: String,
    pub email: String,
}

/// When an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    Hours(UtcTime, UtcTime),
    /// A whole day, in every zone.
    Day(Day),
}

/// An event as data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Stays the same whatever is changed.
    pub uid: String,
    /// Grows with every change of time and with the end.
    pub sequence: u32,
    /// When it changed last.
    pub revised_at: UtcTime,
    pub when: When,
    pub summary: String,
    /// May be empty.
    pub description: String,
    /// Where to read on.
    pub link: String,
    /// Needed, with an attendee, in an invitation.
    pub organiser: Option<Party>,
    pub attendee: Option<Party>,
    pub is_cancelled: bool,
}

impl Event {
    /// A day is a note; only hours keep somebody busy.
    pub fn is_busy(&self) -> bool {
        matches!(self.when, When::Hours(..)) && !self.is_cancelled
    }
}

/// What an invitation asks of a calendar (iTIP, RFC 5546).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    /// Add it, or change what is there under its UID.
    #[serde(rename = "REQUEST")]
    Request,
    #[serde(rename = "CANCEL")]
    Cancel,
}

impl Method {
    pub fn word(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }
}

/// An invitation for one person, as a mail carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    pub method: Method,
    /// iCalendar text.
    pub ics: String,
}

/// This installation, as calendars know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// Random, made once with the database: two installations never share a UID.
    pub name: String,
    /// Its address, without a slash at the end.
    pub base: String,
}

impl Installation {
    /// The UID of a thing.
    pub fn uid(&self, thing: &str) -> String {
        format!("{thing}@{}.checkride", self.name)
    }

    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

#[cfg(test)]
mod tests;
