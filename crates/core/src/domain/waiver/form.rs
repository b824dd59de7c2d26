//! The forms of waivers.

use crate::db::types::Day;
use crate::domain::readiness::Excused;
use crate::domain::signoff::Note;
use crate::error::{Error, FieldErrors, Result};
use crate::forms::Fields;

use super::{check_end, parse_excused};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaiverRequest {
    pub excused: Excused,
    pub reason: Note,
    pub ends_on: Day,
}

impl WaiverRequest {
    pub fn parse(fields: &Fields, today: Day) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let excused = parse_excused(fields.get("subject"));
        if excused.is_none() {
            errors.add("subject", "Choose what is to be waived.");
        }
        let reason = Note::required(
            fields.get("reason"),
            "Say why it cannot be done in time. It stays on record.",
        )
        .map_err(|sentence| errors.add("reason", sentence));
        let ends_on = day(fields, today, &mut errors);
        match (excused, reason, ends_on) {
            (Some(excused), Ok(reason), Some(ends_on)) => Ok(Self {
                excused,
                reason,
                ends_on,
            }),
            _ => Err(Error::Invalid(errors)),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Excuse until `ends_on`.
    Grant {
        ends_on: Day,
        /// Never empty.
        note: Note,
    },
    /// Do not excuse; the note is never empty.
    Refuse(Note),
}

impl Decision {
    pub fn parse(fields: &Fields, today: Day) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let note = Note::required(
            fields.get("note"),
            "Say why. The person who asked reads it, and it stays on record.",
        )
        .map_err(|sentence| errors.add("note", sentence));
        let decision = match fields.get("decision") {
            "grant" => {
                let ends_on = day(fields, today, &mut errors);
                ends_on
                    .zip(note.ok())
                    .map(|(ends_on, note)| Self::Grant { ends_on, note })
            }
            "refuse" => note.ok().map(Self::Refuse),
            _ => {
                errors.add("decision", "Choose what you decide.");
                None
            }
        };
        decision.ok_or(Error::Invalid(errors))
    }
}

fn day(fields: &Fields, today: Day, errors: &mut FieldErrors) -> Option<Day> {
    let Some(day) = Day::parse(fields.get("ends_on")) else {
        errors.add("ends_on", "Enter the last day as a date, like 2027-01-31.");
        return None;
    };
    match check_end(day, today) {
        Ok(()) => Some(day),
        Err(sentence) => {
            errors.add("ends_on", sentence);
            None
        }
    }
}
