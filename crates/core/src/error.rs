//! Everything that can go wrong, in one place: the person sees a safe sentence, the log gets the cause.

use std::fmt;

use diesel::result::DatabaseErrorKind;

/// Sentences for fields of a form, in the order they were found.
///
/// The field `""` means the whole form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(String, String)>);

impl FieldErrors {
    pub fn add(&mut self, field: impl Into<String>, sentence: impl Into<String>) {
        self.0.push((field.into(), sentence.into()));
    }

    /// Says this of a field, in place of what was said of it.
    pub fn set(&mut self, field: &str, sentence: impl Into<String>) {
        self.0.retain(|(f, _)| f != field);
        self.0.insert(0, (field.to_owned(), sentence.into()));
    }

    pub fn one(field: &str, sentence: impl Into<String>) -> Self {
        Self(vec![(field.to_owned(), sentence.into())])
    }

    /// The first sentence of a field.
    pub fn get(&self, field: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(f, _)| f == field)
            .map(|(_, s)| s.as_str())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(f, s)| (f.as_str(), s.as_str()))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `value` when no error was found, else the sentences.
    ///
    /// Errors: [`Error::Invalid`] with every sentence added so far.
    pub fn or<T>(self, value: T) -> Result<T> {
        if self.is_empty() {
            Ok(value)
        } else {
            Err(Error::Invalid(self))
        }
    }
}

/// Why a request, job or command failed.
#[derive(Debug)]
pub enum Error {
    /// Nobody is signed in.
    SignedOut,
    /// Signed in, but not allowed; the sentence says who is.
    Forbidden(String),
    /// The word names the kind of thing.
    NotFound(&'static str),
    /// The input is not acceptable.
    Invalid(FieldErrors),
    /// Someone else changed the state first; the sentence says how.
    Conflict(String),
    /// The request names a host that is not known to be ours.
    Misdirected(String),
    /// What was sent did not arrive in time.
    TooSlow,
    /// More was sent than a request may hold.
    TooLarge,
    /// Too many tries; seconds until the next one is allowed.
    TooMany(u64),
    /// Every worker is busy, or others hold a lock; try again in a moment.
    Busy,
    /// The database cannot be used; nothing was stored. The text is only for the log.
    Away(String),
    /// The answer to a commit was lost, so nobody knows whether it was stored. The text is only for the log.
    Unknown(String),
    /// A fault in Checkride or the machine; the text is only for the log.
    Fault(String),
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn fault(cause: impl fmt::Display) -> Self {
        Self::Fault(cause.to_string())
    }

    /// A form without one of the fields that its page sends unseen.
    pub fn incomplete() -> Self {
        Self::field(
            "",
            "The form was incomplete. Load the page again, then send it.",
        )
    }

    /// The same about something with a running number: who may not see it does not learn that it is there, or whose it is.
    pub fn hidden(self, what: &'static str) -> Self {
        match self {
            Self::Forbidden(_) => Self::NotFound(what),
            other => other,
        }
    }

    pub fn field(field: &str, sentence: impl Into<String>) -> Self {
        Self::Invalid(FieldErrors::one(field, sentence))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignedOut => f.write_str("Sign in first."),
            Self::Forbidden(s) | Self::Conflict(s) | Self::Fault(s) | Self::Away(s) => {
                f.write_str(s)
            }
            Self::Unknown(s) => write!(f, "it is not known whether this was stored: {s}"),
            Self::NotFound(what) => write!(f, "There is no such {what}, or it is not open to you."),
            Self::Invalid(errors) => {
                let all: Vec<_> = errors.iter().map(|(_, s)| s).collect();
                f.write_str(&all.join(" "))
            }
            Self::Misdirected(host) => write!(
                f,
                "Checkride does not know that it is called {host}. The person who runs it sets public_url to the address that people use."
            ),
            Self::TooLarge => f.write_str(
                "What you sent is too large: a form holds at most 1 MiB. Your text is still on the page before. Go back and shorten it.",
            ),
            Self::TooMany(s) => write!(
                f,
                "Too many tries. Try again in {} minutes.",
                s.div_ceil(60)
            ),
            Self::TooSlow => f.write_str(
                "What you sent took too long to arrive. Nothing was stored. Send it again.",
            ),
            Self::Busy => f.write_str("Checkride is busy. Try again in a moment."),
        }
    }
}

impl std::error::Error for Error {}

impl From<diesel::result::Error> for Error {
    fn from(e: diesel::result::Error) -> Self {
        match e {
            diesel::result::Error::NotFound => Self::NotFound("record"),
            // Nothing is broken and nothing was written: the same request will succeed a moment later.
            diesel::result::Error::DatabaseError(kind, info)
                if is_in_the_way(&kind, info.message()) =>
            {
                tracing::warn!(cause = info.message(), "others were in the way");
                Self::Busy
            }
            diesel::result::Error::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
                info,
            ) => Self::Away(format!("database: {}", info.message())),
            other => Self::Fault(format!("database: {other}")),
        }
    }
}

/// Whether another's lock or change was in the way. Diesel has its own kind for only one of these.
pub(crate) fn is_in_the_way(kind: &DatabaseErrorKind, message: &str) -> bool {
    matches!(kind, DatabaseErrorKind::SerializationFailure)
        || (matches!(kind, DatabaseErrorKind::Unknown)
            && [
                // SQLite: SQLITE_BUSY and SQLITE_LOCKED.
                "database is locked",
                "database table is locked",
                // PostgreSQL: 55P03 and 40P01.
                "canceling statement due to lock timeout",
                "canceling statement due to statement timeout",
                "could not obtain lock",
                "deadlock detected",
            ]
            .iter()
            .any(|words| message.starts_with(words)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::result::Error::DatabaseError;

    #[test]
    fn a_lock_conflict_may_be_tried_again_and_anything_else_is_a_fault() {
        let kinds = [
            (DatabaseErrorKind::Unknown, "database is locked", true),
            (
                DatabaseErrorKind::Unknown,
                "database table is locked: people",
                true,
            ),
            (
                DatabaseErrorKind::Unknown,
                "canceling statement due to lock timeout",
                true,
            ),
            (DatabaseErrorKind::Unknown, "deadlock detected", true),
            (
                DatabaseErrorKind::SerializationFailure,
                "could not serialize access",
                true,
            ),
            (
                DatabaseErrorKind::Unknown,
                "canceling statement due to user request",
                false,
            ),
            (
                DatabaseErrorKind::CheckViolation,
                "deadlock detected",
                false,
            ),
        ];
        for (kind, message, busy) in kinds {
            let error = Error::from(DatabaseError(kind, Box::new(message.to_owned())));
            assert_eq!(matches!(error, Error::Busy), busy, "{message}");
            assert_eq!(matches!(error, Error::Fault(_)), !busy, "{message}");
        }
    }
}
