//! The text of a post-mortem: one document, saved as a whole, and stored as a whole in every version.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::db::types::UtcTime;
use crate::text;
use crate::text_enum;

text_enum! {
    /// How bad it was, by the organisation's own scale; 1 is worst.
    pub enum Severity {
        /// Customers could not do what they came for.
        One = "sev1" / "SEV 1",
        /// Many customers could not, or something important was at risk.
        Two = "sev2" / "SEV 2",
        Three = "sev3" / "SEV 3",
        Four = "sev4" / "SEV 4",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub title: String,
    pub severity: Severity,
    #[serde(with = "moment")]
    pub occurred_at: UtcTime,
    /// How long it lasted.
    pub minutes: i32,
    /// Areas it belongs to, by their names in URLs, which never change.
    pub areas: Vec<String>,
    /// Names of the systems that failed or were affected.
    pub systems: Vec<String>,
    /// Its address in another tool.
    pub link: Option<String>,
    /// What was seen at the start, before anyone knew the cause.
    pub symptoms: String,
    /// What it cost, in numbers.
    pub impact: String,
    /// The view of the incident commander, in the order it happened.
    pub points: Vec<Point>,
    /// Why it surprised everyone.
    pub surprised: String,
    /// What is done about it.
    pub actions: Vec<Action>,
    /// Everything else, in Markdown.
    pub body: String,
}

/// A moment of decision, as the incident commander saw it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// What could be seen.
    pub saw: String,
    /// The question to a reader before they read on; empty for none.
    pub question: String,
    pub believed: String,
    pub decided: String,
    /// What would be done now.
    pub now: String,
    /// Codes of the competencies it teaches.
    pub teaches: Vec<String>,
}

/// A follow-up action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    pub what: String,
    /// Who does it; may be empty.
    pub owner: String,
    /// Where it is tracked.
    pub link: Option<String>,
}

/// How a text begins in which values stand that its file did not give.
pub const PLACEHOLDERS: &str = "> Not in the file: ";

impl Document {
    /// Every code that a point teaches, each once.
    pub fn codes(&self) -> BTreeSet<&str> {
        let all = self.points.iter().flat_map(|p| &p.teaches);
        all.map(String::as_str).collect()
    }

    /// All its words, as the search folds them.
    pub fn search_key(&self) -> String {
        let points = self
            .points
            .iter()
            .flat_map(|p| [&p.saw, &p.question, &p.believed, &p.decided, &p.now]);
        let words = [&self.title, &self.symptoms, &self.impact, &self.surprised]
            .into_iter()
            .chain(points)
            .chain(&self.systems)
            .chain(self.actions.iter().map(|a| &a.what))
            .chain([&self.body])
            .map(String::as_str)
            .chain(self.codes());
        text::search_key(&words.collect::<Vec<_>>().join("\n"))
    }

    /// What is missing before it can be teachable; empty when nothing is.
    pub fn missing(&self) -> Vec<&'static str> {
        let asks = self.points.iter().any(|p| !p.question.is_empty());
        let all = [
            (self.areas.is_empty(), "the area it belongs to"),
            (
                self.symptoms.is_empty(),
                "the symptoms a reader starts from",
            ),
            (!asks, "a point with a question"),
            (
                self.body.starts_with(PLACEHOLDERS),
                "what its file did not say; correct it, then delete the first line",
            ),
        ];
        let lacking = all.into_iter().filter(|(lacks, _)| *lacks);
        lacking.map(|(_, what)| what).collect()
    }

    /// A normal form for comparison: areas sorted, systems in lower case, the moment to the second, as it is stored.
    pub fn plain(&self) -> Self {
        let mut areas = self.areas.clone();
        areas.sort();
        let second = self.occurred_at.timestamp().as_second();
        Self {
            areas,
            systems: self.systems.iter().map(|s| text::key(s)).collect(),
            occurred_at: jiff::Timestamp::from_second(second)
                .map_or(self.occurred_at, UtcTime::from),
            ..self.clone()
        }
    }

    /// Whether both say the same. Spelling of systems and order of areas do not count.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.plain() == other.plain()
    }

    /// The name in URLs for the title. Never only a number, because a number is a row.
    pub fn slug(&self) -> String {
        const LONGEST: usize = 60;
        let whole = text::dashed(&self.title);
        let slug = whole.get(..LONGEST).unwrap_or(&whole);
        let slug = slug.trim_end_matches('-');
        let is_word = slug.bytes().any(|b| b.is_ascii_lowercase());
        match slug {
            // Names of pages.
            "new" | "import" => format!("post-mortem-{slug}"),
            _ if is_word => slug.to_owned(),
            _ => format!("post-mortem-{slug}")
                .trim_end_matches('-')
                .to_owned(),
        }
    }
}

/// Most characters of a name in URLs.
const SLUG_CHARS: usize = 75;

/// Whether a word can be a post-mortem's name in URLs.
pub fn is_slug(word: &str) -> bool {
    let is_sign = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=SLUG_CHARS).contains(&word.len())
        && word.bytes().all(is_sign)
        && word.bytes().any(|b| b.is_ascii_lowercase())
        && !word.starts_with('-')
        && !word.ends_with('-')
        // Names of pages.
        && !matches!(word, "new" | "import")
}

/// Serde for a moment, in UTC to the second.
mod moment {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::db::types::UtcTime;

    pub fn serialize<S: Serializer>(at: &UtcTime, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&at.iso())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<UtcTime, D::Error> {
        let text = String::deserialize(d)?;
        let at: jiff::Timestamp = text.parse().map_err(serde::de::Error::custom)?;
        Ok(at.into())
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use proptest::prelude::*;

    pub fn document() -> Document {
        Document {
            title: "Purge-all melted the origin".into(),
            severity: Severity::Two,
            occurred_at: "2026-06-18T19:42:00Z"
                .parse::<jiff::Timestamp>()
                .unwrap()
                .into(),
            minutes: 47,
            areas: vec!["edge".into()],
            systems: vec!["CDN".into()],
            link: None,
            symptoms: "Origin at 100% CPU.".into(),
            impact: "9,000 baskets.".into(),
            points: vec![Point {
                saw: "Hit ratio at 3%".into(),
                question: "What do you do first?".into(),
                believed: "A bot".into(),
                decided: "Blocked a country".into(),
                now: "Look at the purge log".into(),
                teaches: vec!["EDGE-I1".into(), "EDGE-C1".into()],
            }],
            surprised: String::new(),
            actions: Vec::new(),
            body: String::new(),
        }
    }

    #[test]
    fn missing_parts_are_named() {
        assert_eq!(document().missing(), Vec::<&str>::new());
        let bare = Document {
            areas: Vec::new(),
            symptoms: String::new(),
            points: vec![Point {
                saw: "Something".into(),
                ..Point::default()
            }],
            body: format!("{PLACEHOLDERS}severity."),
            ..document()
        };
        assert_eq!(bare.missing().len(), 4);
    }

    #[test]
    fn a_search_finds_it_by_any_word_and_by_what_it_teaches() {
        let key = document().search_key();
        for word in ["melted", "CDN", "edge-c1", "Pürge log", "9,000"] {
            assert!(key.contains(&text::search_key(word)), "{word}");
        }
    }

    #[test]
    fn order_of_areas_and_spelling_of_systems_say_nothing() {
        let one = Document {
            areas: vec!["payments".into(), "edge".into()],
            systems: vec!["CDN".into(), "Shield".into()],
            ..document()
        };
        let same = Document {
            areas: vec!["edge".into(), "payments".into()],
            systems: vec!["cdn".into(), "SHIELD".into()],
            occurred_at: one.occurred_at.plus_seconds(0),
            ..one.clone()
        };
        assert!(one.says_the_same(&same));
        let later = Document {
            minutes: one.minutes + 1,
            ..one.clone()
        };
        assert!(!one.says_the_same(&later));
        for word in ["new", "import", "2026", "-a", "a-", "A", "", "a b", "ä"] {
            assert!(!is_slug(word), "{word}");
        }
    }

    #[test]
    fn titles_become_addresses() {
        let of = |title: &str| {
            Document {
                title: title.into(),
                ..document()
            }
            .slug()
        };
        assert_eq!(
            of("INC-2418: Duplicate captures!"),
            "inc-2418-duplicate-captures"
        );
        assert_eq!(of("2026"), "post-mortem-2026");
        assert_eq!(of("new"), "post-mortem-new");
        assert_eq!(of("停電"), "post-mortem");
        assert_eq!(
            of("Überlastung der Datenbank – café naïve"),
            "uberlastung-der-datenbank-cafe-naive"
        );
    }

    proptest! {
        #[test]
        fn any_title_has_an_address_that_is_no_number(title in any::<String>()) {
            let slug = Document { title, ..document() }.slug();
            prop_assert!(slug.parse::<i64>().is_err());
            prop_assert!(is_slug(&slug), "{}", slug);
        }

        #[test]
        fn a_document_is_read_as_it_was_written(title in any::<String>(), body in any::<String>(), seconds in 0_i64..4_000_000_000) {
            let at = UtcTime::from(jiff::Timestamp::from_second(seconds).unwrap());
            let document = Document { title, body, occurred_at: at, ..document() };
            let text = serde_json::to_string(&document).unwrap();
            prop_assert_eq!(serde_json::from_str::<Document>(&text).unwrap(), document);
        }
    }
}
