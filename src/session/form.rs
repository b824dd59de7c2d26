//! The form that records a session: what is filled in beforehand, what was typed, and how it is read.

use std::collections::BTreeMap;

use super::{Minutes, NewSession, SessionKind, Summary, usual_start};
use crate::auth::request::Asking;
use crate::db::types::UtcTime;
use crate::error::{FieldErrors, Result};
use crate::ramp::dossier::Dossier;
use crate::standard::Level;
use crate::web::Fields;
use crate::web::time::Dial;
use crate::words::Words;

/// Lengths that have a chip.
pub(super) const CHIPS: [&str; 5] = ["15", "30", "45", "60", "90"];

/// Reads the form, all errors at once.
///
/// # Errors
/// [`crate::error::Error::Invalid`].
pub fn parse(fields: &Fields, dial: &Dial) -> Result<NewSession> {
    let mut errors = FieldErrors::default();
    let mut keep = |field: &str, sentence: String| errors.add(field, sentence);
    let kind = SessionKind::parse(fields.get("kind"));
    if kind.is_none() {
        keep("kind", "Choose how you worked.".into());
    }
    let minutes = Minutes::parse(minutes_typed(fields))
        .map_err(|s| keep("minutes", s))
        .ok();
    let starts_at = starts_at(fields, dial);
    if starts_at.is_none() && minutes.is_some() {
        keep("starts_at", "Enter the day and time it began.".into());
    }
    let summary = Summary::parse(fields.get("summary"))
        .map_err(|s| keep("summary", s))
        .ok();
    let next_action = Words::parse(fields.get("next_action"))
        .map_err(|s| keep("next_action", s))
        .ok();
    let mut observations = BTreeMap::new();
    for (code, help) in fields
        .with_prefix("help-")
        .filter(|(_, help)| !help.is_empty())
    {
        match help.parse().ok().and_then(Level::new) {
            Some(level) => {
                observations.insert(code.to_owned(), level);
            }
            None => keep(
                "practised",
                "Choose how much help it needed from the list.".into(),
            ),
        }
    }
    match (kind, minutes, starts_at, summary, next_action) {
        (Some(kind), Some(minutes), Some(starts_at), Some(summary), Some(next_action)) => errors
            .or(NewSession {
                kind,
                starts_at,
                minutes,
                summary,
                next_action,
                observations,
            }),
        _ => Err(crate::error::Error::Invalid(errors)),
    }
}

/// The length: the chip, unless it is "other" or was left alone while another number was typed.
fn minutes_typed(fields: &Fields) -> &str {
    let (chip, other) = (fields.trimmed("minutes"), fields.trimmed("minutes_other"));
    let left_alone = chip == fields.trimmed("offered_minutes") && !other.is_empty();
    if chip == "other" || left_alone {
        other
    } else {
        chip
    }
}

/// When it began. A start left as it was filled in moves with the length, so that the session still ends when the
/// form was opened; one that was taken out altogether means "just now".
pub fn starts_at(fields: &Fields, dial: &Dial) -> Option<UtcTime> {
    let typed = fields.trimmed("starts_at");
    let minutes = Minutes::parse(minutes_typed(fields)).ok();
    if typed.is_empty() {
        return minutes.map(|m| usual_start(dial.now(), m));
    }
    let start = dial.parse_input(typed)?;
    match (minutes, Minutes::parse(fields.get("offered_minutes"))) {
        (Some(now), Ok(then)) if typed == fields.trimmed("offered_at") => {
            Some(start.plus_seconds(60 * i64::from(then.number() - now.number())))
        }
        _ => Some(start),
    }
}

/// What the fields hold.
pub struct Form {
    pub summary: String,
    pub next_action: String,
    pub kind: String,
    pub minutes: String,
    pub minutes_other: String,
    pub starts_at: String,
    pub offered_at: String,
    pub offered_minutes: String,
    pub help: BTreeMap<String, String>,
}

impl Form {
    /// Filled in from the last session of the same two people.
    pub fn fresh(dossier: &Dossier, mentor_id: i64, asking: &Asking) -> Self {
        let last = dossier.sessions.iter().find(|s| s.mentor_id == mentor_id);
        let kind = last.map_or(SessionKind::Pairing, |s| s.kind);
        let minutes = last
            .and_then(|s| Minutes::new(s.minutes.into()))
            .unwrap_or(Minutes::USUAL);
        let starts_at = asking.dial.input(usual_start(asking.now, minutes));
        let number = minutes.number().to_string();
        let has_chip = CHIPS.contains(&number.as_str());
        Self {
            summary: String::new(),
            next_action: String::new(),
            kind: kind.word().into(),
            minutes: if has_chip {
                number.clone()
            } else {
                "other".into()
            },
            minutes_other: if has_chip {
                String::new()
            } else {
                number.clone()
            },
            offered_at: starts_at.clone(),
            starts_at,
            offered_minutes: number,
            help: BTreeMap::new(),
        }
    }

    /// As it was sent.
    pub fn typed(fields: &Fields) -> Self {
        let text = |name: &str| fields.get(name).to_owned();
        Self {
            summary: text("summary"),
            next_action: text("next_action"),
            kind: text("kind"),
            minutes: text("minutes"),
            minutes_other: text("minutes_other"),
            starts_at: text("starts_at"),
            offered_at: text("offered_at"),
            offered_minutes: text("offered_minutes"),
            help: fields
                .with_prefix("help-")
                .map(|(code, help)| (code.to_owned(), help.to_owned()))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dial() -> Dial {
        let now = UtcTime::from("2026-11-12T10:02:30Z".parse::<jiff::Timestamp>().unwrap());
        Dial::new("Asia/Singapore", now)
    }

    fn start(pairs: &[(&str, &str)]) -> Option<String> {
        starts_at(&Fields::of(pairs), &dial()).map(UtcTime::iso)
    }

    #[test]
    fn a_start_left_alone_moves_with_the_length() {
        let offered = [
            ("starts_at", "2026-11-12T17:15"),
            ("offered_at", "2026-11-12T17:15"),
            ("offered_minutes", "45"),
        ];
        let with = |more: &[(&str, &str)]| start(&[&offered[..], more].concat());
        assert_eq!(with(&[("minutes", "45")]).unwrap(), "2026-11-12T09:15:00Z");
        assert_eq!(with(&[("minutes", "90")]).unwrap(), "2026-11-12T08:30:00Z");
        assert_eq!(
            with(&[("minutes", "45"), ("minutes_other", "50")]).unwrap(),
            "2026-11-12T09:10:00Z"
        );
        assert_eq!(
            start(&[("starts_at", "2026-11-10T09:00"), ("minutes", "90")]).unwrap(),
            "2026-11-10T01:00:00Z"
        );
        assert_eq!(start(&[("minutes", "15")]).unwrap(), "2026-11-12T09:45:00Z");
        assert_eq!(start(&[("starts_at", "soon"), ("minutes", "15")]), None);
    }

    #[test]
    fn a_chip_wins_over_a_number_that_was_filled_in_before() {
        let fields = Fields::of(&[
            ("minutes", "30"),
            ("minutes_other", "50"),
            ("offered_minutes", "50"),
        ]);
        assert_eq!(minutes_typed(&fields), "30");
    }

    #[test]
    fn every_field_says_what_is_wrong_at_once() {
        let fields = Fields::of(&[
            ("minutes", "other"),
            ("next_action", &"x".repeat(501)),
            ("help-PAY-I1", "9"),
        ]);
        let Err(crate::error::Error::Invalid(errors)) = parse(&fields, &dial()) else {
            panic!("it was taken")
        };
        let wrong: Vec<_> = errors.iter().map(|(field, _)| field).collect();
        assert_eq!(
            wrong,
            ["kind", "minutes", "summary", "next_action", "practised"]
        );
    }

    proptest! {
        #[test]
        fn whatever_is_sent_is_read_or_refused(
            pairs in prop::collection::vec(
                ("(kind|minutes|minutes_other|offered_minutes|starts_at|offered_at|summary|next_action|help-.{0,8}|\\PC{0,9})",
                 "(pairing|lab|-?[0-9]{1,20}|other|9999-12-31T23:59|-9999-01-01T00:00|.{0,40})"),
                0..14,
            ),
        ) {
            let pairs: Vec<_> = pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            let fields = Fields::of(&pairs);
            if let Ok(new) = parse(&fields, &dial()) {
                prop_assert!(!new.summary.as_str().trim().is_empty());
                prop_assert!((1..=720).contains(&new.minutes.number()));
            }
            Form::typed(&fields);
        }
    }
}
