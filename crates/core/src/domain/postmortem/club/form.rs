//! The form of a reading club, and how it is read.

use std::collections::BTreeSet;

use crate::db::types::UtcTime;
use crate::domain::session::Minutes;
use crate::error::{Error, FieldErrors, Result};
use crate::forms::Fields;
use crate::time::{LocalTime, MomentField};
use crate::words::Words;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPlan {
    pub starts_at: UtcTime,
    /// Planned length.
    pub minutes: Minutes,
    /// What to bring; may be empty.
    pub note: Words<500>,
    /// Who is invited.
    pub people: People,
}

/// People chosen from a list, and others by handle or e-mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    pub chosen: BTreeSet<i64>,
    pub named: Vec<String>,
}

impl People {
    /// Reads `person` and `others`.
    pub fn parse(fields: &Fields) -> std::result::Result<Self, String> {
        let lines = Words::<254>::lines(fields.get("others"), super::MAX_PEOPLE)?;
        Ok(Self {
            chosen: fields
                .all("person")
                .filter_map(|id| id.parse().ok())
                .collect(),
            named: lines.iter().map(|l| l.as_str().to_owned()).collect(),
        })
    }
}

/// Reads the form; finds all errors at once.
pub fn parse(fields: &Fields, local: &LocalTime) -> Result<NewPlan> {
    let mut errors = FieldErrors::default();
    let starts_at = MomentField::sent(fields, "starts_at", local)
        .read("Enter the day and time it begins.")
        .map_err(|s| errors.add("starts_at", s));
    let minutes = Minutes::parse(fields.get("minutes")).map_err(|s| errors.add("minutes", s));
    let note = Words::parse(fields.get("note")).map_err(|s| errors.add("note", s));
    let people = People::parse(fields).map_err(|s| errors.add("others", s));
    match (starts_at, minutes, note, people) {
        (Ok(starts_at), Ok(minutes), Ok(note), Ok(people)) => Ok(NewPlan {
            starts_at,
            minutes,
            note,
            people,
        }),
        _ => Err(Error::Invalid(errors)),
    }
}
