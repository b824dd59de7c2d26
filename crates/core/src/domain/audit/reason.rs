//! Why something was done that cannot simply be taken back, kept in the details of its entry.

use serde_json::Value;

use crate::error::{Error, Result};
use crate::words::Words;

/// May be empty where the deed needs none.
pub type Reason = Words<500>;

/// Errors: [`Error::Invalid`] when it is too long.
pub fn read_reason(text: &str) -> Result<Reason> {
    Reason::parse(text).map_err(|sentence| Error::field("reason", sentence))
}

/// Errors: [`Error::Invalid`] when there is none.
pub fn require_reason(reason: &Reason) -> Result<()> {
    match reason.is_empty() {
        true => Err(Error::field(
            "reason",
            "Say why. It stays in the audit log.",
        )),
        false => Ok(()),
    }
}

/// The details, with the reason if one was given.
pub fn with_reason(mut details: Value, reason: &Reason) -> Value {
    if let (Value::Object(map), false) = (&mut details, reason.is_empty()) {
        map.insert("reason".into(), reason.as_str().into());
    }
    details
}
