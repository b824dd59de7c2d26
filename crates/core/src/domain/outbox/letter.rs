//! A mail before it has a form: its words, in the receiver's language and zone. The worker makes text and HTML of it.

use serde::{Deserialize, Serialize};

use crate::db::types::UtcTime;
use crate::error::{Error, Result};

/// The words of a mail. Paths begin with a slash; the worker puts the public address before them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    pub subject: String,
    pub paragraphs: Vec<String>,
    /// The lines of a digest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
    /// The label and path of the one thing to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub button: Option<(String, String)>,
    /// What it is about, as `ramp:12`: mail programs show all letters of one thread together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<String>,
    /// What one click ends, in the word of [`crate::domain::notification::Ends`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<String>,
    /// The path of that click. It holds a secret of the receiver, so it is written when the letter leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsubscribe: Option<String>,
    /// What the calendar entry is of, as `session:5`. The worker reads it when the letter leaves, so that a letter that
    /// waited says what holds now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invites_to: Option<String>,
    /// Holds a one-time link: no administrator sees it, and it is deleted as soon as it is sent.
    #[serde(default)]
    pub is_secret: bool,
    /// When its one-time link ends, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub title: String,
    #[serde(default)]
    pub note: String,
    pub path: String,
}

impl Letter {
    /// Its one-time link works no longer.
    pub fn is_over(&self, now: UtcTime) -> bool {
        let until = self.until.as_deref();
        let until = until.and_then(|text| text.parse::<jiff::Timestamp>().ok());
        until.is_some_and(|until| until <= now.timestamp())
    }

    /// The form in which it is stored.
    ///
    /// Errors: A fault, which never happens: texts are always JSON.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(Error::fault)
    }

    /// Errors: A fault when the text is no letter.
    pub fn from_json(json: &str) -> Result<Self> {
        serde_json::from_str(json).map_err(|e| Error::fault(format!("not a letter: {e}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_letter_is_read_as_it_was_written(subject: String, paragraphs: Vec<String>, title: String, thread: Option<String>, is_secret: bool) {
            let letter = Letter {
                rows: vec![Row { title: title.clone(), note: String::new(), path: "/".into() }],
                button: Some((title, "/ramps/1".into())),
                subject,
                paragraphs,
                thread,
                is_secret,
                ..Letter::default()
            };
            prop_assert_eq!(Letter::from_json(&letter.to_json().unwrap()).unwrap(), letter);
        }
    }

    #[test]
    fn a_letter_of_an_older_version_is_read() {
        let letter = Letter::from_json(r#"{"subject":"Hello","paragraphs":["One."]}"#).unwrap();
        assert_eq!(letter.subject, "Hello");
        assert!(!letter.is_secret && !letter.is_over(UtcTime::MAX));
        assert!(Letter::from_json("{}").is_err());
    }
}
