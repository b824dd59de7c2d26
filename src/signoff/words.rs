//! What people write and decide: read from a form into types that cannot be wrong.

use crate::db::types::Day;
use crate::error::FieldErrors;

/// Most characters of a note.
const NOTE_CHARS: usize = 2000;

/// Words that go with a request, a key or a decision: trimmed, at most 2000 characters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note(String);

impl Note {
    /// Words that may be missing.
    ///
    /// # Errors
    /// A sentence for the field.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim().replace("\r\n", "\n");
        match text.chars().count() {
            n if n > NOTE_CHARS => Err(format!(
                "This has {n} characters; {NOTE_CHARS} is the most."
            )),
            _ if text
                .chars()
                .any(|c| c.is_control() && c != '\n' && c != '\t') =>
            {
                Err("This cannot hold control characters.".into())
            }
            _ => Ok(Self(text)),
        }
    }

    /// Words that must be there; `missing` is the sentence when they are not.
    ///
    /// # Errors
    /// A sentence for the field.
    pub fn required(text: &str, missing: &str) -> Result<Self, String> {
        match Self::parse(text) {
            Ok(note) if note.0.is_empty() => Err(missing.into()),
            other => other,
        }
    }

    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What somebody decides about a sign-off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Turn the second key: cleared until that day.
    Approve {
        /// Last day of the clearance.
        ends_on: Day,
        /// With which words; may be empty.
        note: Note,
    },
    /// Send it back.
    Return {
        /// Why.
        reasons: Note,
    },
}

impl Decision {
    /// Reads the fields `decision`, `note` and `ends_on` of a form.
    ///
    /// # Errors
    /// A sentence for every field that cannot be accepted.
    pub fn parse(decision: &str, note: &str, ends_on: &str) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let parsed = match decision {
            "approve" => {
                let note = Note::parse(note).map_err(|s| errors.add("note", s));
                let ends_on = Day::parse(ends_on).ok_or_else(|| {
                    errors.add(
                        "ends_on",
                        "Enter the last day of the clearance as a date, like 2027-05-10.",
                    );
                });
                note.and_then(|note| {
                    Ok(Self::Approve {
                        ends_on: ends_on?,
                        note,
                    })
                })
            }
            "return" => Note::required(note, "Say why it goes back, and what is needed.")
                .map(|reasons| Self::Return { reasons })
                .map_err(|s| errors.add("note", s)),
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
