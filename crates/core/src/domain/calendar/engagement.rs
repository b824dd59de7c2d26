//! What people planned with each other at hours of a day, and its events.

use super::{Event, Installation, Invitation, Party, When, write};
use crate::db::types::{Day, UtcTime};
use crate::error::Result;
use crate::time::LocalTime;

/// A kind of thing that people plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Session,
    Shift,
    Drill,
    Club,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Session, Self::Shift, Self::Drill, Self::Club];

    pub fn word(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Shift => "shift",
            Self::Drill => "drill",
            Self::Club => "club",
        }
    }

    /// Reads `session:5`.
    pub fn of(object: &str) -> Option<(Self, i64)> {
        let (word, id) = object.split_once(':')?;
        let kind = Self::ALL.into_iter().find(|kind| kind.word() == word)?;
        Some((kind, id.parse().ok()?))
    }

    fn page(self, id: i64) -> String {
        format!("/{}s/{id}", self.word())
    }
}

/// Someone who takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    pub id: i64,
    pub name: String,
    /// IANA name of their time zone.
    pub zone: String,
}

/// Something planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Engagement {
    pub kind: Kind,
    pub id: i64,
    pub starts_at: UtcTime,
    pub ends_at: UtcTime,
    pub title: String,
    /// What everyone who takes part may read; may be empty.
    pub notes: String,
    /// Those who take part now, by name.
    pub people: Vec<Participant>,
    /// How often it changed: its time, or who takes part.
    pub changes: u32,
    pub is_cancelled: bool,
    /// When it was planned, or changed last.
    pub changed_at: UtcTime,
}

impl Engagement {
    pub fn event(&self, here: &Installation) -> Event {
        Event {
            uid: here.uid(&format!("{}-{}", self.kind.word(), self.id)),
            // The end is one change more: it wins over every other.
            sequence: self.changes.saturating_add(self.is_cancelled.into()),
            revised_at: self.changed_at,
            when: When::Hours(self.starts_at, self.ends_at),
            summary: self.title.clone(),
            description: self.description(),
            link: here.link(&self.kind.page(self.id)),
            organiser: None,
            attendee: None,
            is_cancelled: self.is_cancelled,
        }
    }

    pub fn is_with(&self, person_id: i64) -> bool {
        self.people.iter().any(|p| p.id == person_id)
    }

    /// The invitation for that person: a request, or a cancellation where it is cancelled or they take no part any longer.
    /// Nobody learns another's address by it.
    ///
    /// Errors: As [`write::feed`].
    pub fn invitation(
        &self,
        here: &Installation,
        organiser: &Party,
        (person_id, to): (i64, &Party),
    ) -> Result<Invitation> {
        write::invitation(&Event {
            organiser: Some(organiser.clone()),
            attendee: Some(to.clone()),
            is_cancelled: self.is_cancelled || !self.is_with(person_id),
            ..self.event(here)
        })
    }

    /// The notes, and what the clocks show where the people are in several zones.
    fn description(&self) -> String {
        let mut zones: Vec<&String> = self.people.iter().map(|p| &p.zone).collect();
        zones.sort_unstable();
        zones.dedup();
        let clock = |zone: &String| {
            let local = LocalTime::new(zone, self.starts_at);
            format!("{} in {zone}", local.moment(self.starts_at).text)
        };
        let clocks: Vec<String> = match zones.len() {
            0 | 1 => Vec::new(),
            _ => zones.into_iter().map(clock).collect(),
        };
        let notes = (!self.notes.is_empty()).then(|| self.notes.clone());
        let parts: Vec<String> = notes
            .into_iter()
            .chain((!clocks.is_empty()).then(|| clocks.join("\n")))
            .collect();
        parts.join("\n\n")
    }
}

/// A day on which somebody's clearance ends, or on which they must have practised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastDay {
    /// The row of the clearance.
    pub clearance_id: i64,
    pub day: Day,
    pub title: String,
    pub changed_at: UtcTime,
}

impl LastDay {
    pub fn event(&self, here: &Installation) -> Event {
        Event {
            // Practice moves the day on and taking practice back moves it back, so another day is another event: a number
            // that only grows could not say it.
            uid: here.uid(&format!("clearance-{}-{}", self.clearance_id, self.day)),
            sequence: 0,
            revised_at: self.changed_at,
            when: When::Day(self.day),
            summary: self.title.clone(),
            description: String::new(),
            link: here.link(&format!("/clearances/{}", self.clearance_id)),
            organiser: None,
            attendee: None,
            is_cancelled: false,
        }
    }
}
