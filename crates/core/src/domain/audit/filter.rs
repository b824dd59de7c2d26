//! Which entries of the audit log someone asks for.

use super::sentences::Kind;
use crate::db::types::{Day, UtcTime};
use crate::domain::area::model::Area;
use crate::domain::people::Actor;
use crate::domain::people::model::Person;
use crate::error::FieldErrors;
use crate::forms::Fields;
use crate::text;
use crate::time::LocalTime;

/// Whose entries: those about them, and those of what they did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Person(i64),
    /// The operator at the command line.
    Operator,
}

/// The entries asked for; the default is all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// By or about someone.
    pub who: Option<Who>,
    pub area: Option<i64>,
    pub kind: Option<Kind>,
    pub from: Option<UtcTime>,
    pub until: Option<UtcTime>,
}

/// The form's fields, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilterForm {
    /// A name, handle or e-mail, whole or in part.
    pub who: String,
    /// An area's name in URLs.
    pub area: String,
    /// A [`Kind`]'s word.
    pub kind: String,
    /// The first day, in the viewer's zone.
    pub from: String,
    /// The last day, inclusive.
    pub to: String,
}

impl FilterForm {
    pub fn of(fields: &Fields) -> Self {
        let field = |name| fields.trimmed(name).to_owned();
        Self {
            who: text::wanted(fields.get("who")).to_owned(),
            area: field("area"),
            kind: field("kind"),
            from: field("from"),
            to: field("to"),
        }
    }

    /// True when the filter is empty, so that everything is shown.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The same filter for another person.
    pub fn about(&self, handle: &str) -> Self {
        Self {
            who: handle.to_owned(),
            ..self.clone()
        }
    }

    /// As the query of a URL, without the question mark; `before` is where an older page begins.
    pub fn query(&self, before: Option<i64>) -> String {
        let before = before.map(|seq| seq.to_string()).unwrap_or_default();
        let all = [
            ("who", &self.who),
            ("area", &self.area),
            ("kind", &self.kind),
            ("from", &self.from),
            ("to", &self.to),
            ("before", &before),
        ];
        let said: Vec<_> = all.iter().filter(|(_, value)| !value.is_empty()).collect();
        // Pairs of text can always be encoded.
        serde_html_form::to_string(said).unwrap_or_default()
    }

    /// Parses everything but the person, which needs the database. A value that cannot be understood is refused,
    /// because an export with more than was asked for would mislead.
    pub fn parse(&self, areas: &[Area], local: &LocalTime) -> (Filter, FieldErrors) {
        let mut errors = FieldErrors::default();
        let area = areas.iter().find(|a| a.slug == self.area);
        if area.is_none() && !self.area.is_empty() {
            errors.add("area", "There is no such area.");
        }
        let kind = Kind::parse(&self.kind);
        if kind.is_none() && !self.kind.is_empty() {
            errors.add("kind", "There is no such kind of entry.");
        }
        let mut day = |field: &str, text: &str| {
            let day = Day::parse(text);
            if day.is_none() && !text.is_empty() {
                errors.add(
                    field,
                    format!("“{text}” is not a day. Write it as 2026-11-23."),
                );
            }
            day
        };
        let (from, to) = (day("from", &self.from), day("to", &self.to));
        if from.is_some_and(|from| to.is_some_and(|to| to < from)) {
            errors.add("to", "The last day is before the first.");
        }
        let filter = Filter {
            who: None,
            area: area.map(|a| a.id),
            kind,
            from: from.map(|day| local.start_of(day)),
            until: to.map(|day| local.start_of(day.plus_days(1))),
        };
        (filter, errors)
    }

    /// True when the words mean the operator at the command line.
    pub fn includes_operator(&self) -> bool {
        self.who.eq_ignore_ascii_case(&Actor::operator().name)
    }
}

/// The people whose name, handle or e-mail contains these words, without regard to case and marks of a name; by name.
pub fn matching(words: &str, people: Vec<Person>) -> Vec<Person> {
    let words = text::wanted(words);
    let (name, other) = (text::search_key(words), text::key(words));
    let is_named = |p: &Person| !name.is_empty() && text::search_key(&p.name).contains(&name);
    let has = |key: &str| !other.is_empty() && key.contains(&other);
    let mut found = people;
    found.retain(|p| is_named(p) || has(&p.handle) || has(&text::email::email_key(&p.email)));
    found.sort_by_cached_key(|p| (text::sort_key(&p.name), p.id));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn local(zone: &str) -> LocalTime {
        let now = "2026-11-23T09:00:00Z".parse::<jiff::Timestamp>().unwrap();
        LocalTime::new(zone, now.into())
    }

    fn asked(from: &str, to: &str) -> FilterForm {
        FilterForm {
            from: from.into(),
            to: to.into(),
            ..FilterForm::default()
        }
    }

    #[test]
    fn days_are_in_the_viewers_zone_and_inclusive() {
        let (filter, errors) =
            asked("2026-11-22", "2026-11-22").parse(&[], &local("Asia/Singapore"));
        assert!(errors.is_empty());
        let iso = |at: Option<UtcTime>| at.unwrap().iso();
        assert_eq!(iso(filter.from), "2026-11-21T16:00:00Z");
        assert_eq!(iso(filter.until), "2026-11-22T16:00:00Z");
        // The day the clock goes back has 25 hours.
        let (filter, _) = asked("2026-10-25", "2026-10-25").parse(&[], &local("Europe/Lisbon"));
        assert_eq!(iso(filter.from), "2026-10-24T23:00:00Z");
        assert_eq!(iso(filter.until), "2026-10-26T00:00:00Z");
    }

    #[test]
    fn a_value_that_cannot_be_understood_is_reported_at_its_field() {
        let wrong = FilterForm {
            area: "nowhere".into(),
            kind: "kettle".into(),
            ..asked("2026-11-31", "tomorrow")
        };
        let (_, errors) = wrong.parse(&[], &local("UTC"));
        let fields: Vec<_> = errors.iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["area", "kind", "from", "to"]);
        let (_, errors) = asked("2026-11-23", "2026-11-22").parse(&[], &local("UTC"));
        assert_eq!(errors.get("to"), Some("The last day is before the first."));
    }

    proptest! {
        #[test]
        fn a_url_holds_the_whole_form(who in "\\PC{0,12}", kind in "[a-z-]{0,6}", before in 1_i64..) {
            let asked = FilterForm { who: who.trim().to_owned(), kind, ..asked("2026-11-22", "") };
            let query = asked.query(Some(before));
            let fields = Fields::parse(query.as_bytes()).unwrap();
            prop_assert_eq!(FilterForm::of(&fields), asked);
            prop_assert_eq!(fields.id("before"), Some(before));
        }
    }
}
