//! Decisions: read from a form into types that cannot be wrong.

use crate::db::types::Day;
use crate::domain::signoff::point;
use crate::domain::signoff::point::{Line, MAX_CONDITIONS, MAX_GAPS};
use crate::error::FieldErrors;
use crate::forms::Fields;
use crate::words::Words;

/// The note of a request, a key, a question or a decision.
pub type Note = Words<2000>;

/// A decision on a sign-off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Turn the second key: cleared until `ends_on`.
    Approve {
        /// Last day of the clearance; [`Day::NEVER`] without an end date.
        ends_on: Day,
        /// May be empty.
        note: Note,
        /// What is still required; each shows until it is ticked off.
        conditions: Vec<Line>,
    },
    Return {
        reasons: Note,
        /// What is missing, one by one; they become open items of the ramp.
        gaps: Vec<Line>,
    },
}

impl Decision {
    /// Reads the fields `decision`, `note`, `ends_on`, `conditions` and `gaps` of a form; the lists hold one a line.
    pub fn parse(fields: &Fields) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let note = fields.get("note");
        let parsed = match fields.get("decision") {
            "approve" => {
                let note = Note::parse(note).map_err(|s| errors.add("note", s));
                let ends_on = match fields.trimmed("ends_on") {
                    "" => Some(Day::NEVER),
                    typed => Day::parse(typed),
                };
                let ends_on = ends_on.ok_or_else(|| {
                    errors.add(
                        "ends_on",
                        "Enter the last day of the clearance as a date, like 2027-05-10.",
                    );
                });
                let conditions = point::lines(fields.get("conditions"), MAX_CONDITIONS)
                    .map_err(|s| errors.add("conditions", s));
                both(note, both(ends_on, conditions)).map(|(note, (ends_on, conditions))| {
                    Self::Approve {
                        ends_on,
                        note,
                        conditions,
                    }
                })
            }
            "return" => {
                let reasons = Note::required(note, "Say why it goes back, and what is needed.")
                    .map_err(|s| errors.add("note", s));
                let gaps =
                    point::lines(fields.get("gaps"), MAX_GAPS).map_err(|s| errors.add("gaps", s));
                both(reasons, gaps).map(|(reasons, gaps)| Self::Return { reasons, gaps })
            }
            _ => {
                errors.add("decision", "Choose what you decide.");
                if let Err(s) = Note::parse(note) {
                    errors.add("note", s);
                }
                Err(())
            }
        };
        parsed.map_err(|()| errors)
    }
}

fn both<A, B>(a: Result<A, ()>, b: Result<B, ()>) -> Result<(A, B), ()> {
    Ok((a?, b?))
}
