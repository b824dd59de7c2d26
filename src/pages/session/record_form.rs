//! The form that records a session: what is filled in beforehand, what was typed, and how it is read.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::db::types::UtcTime;
use crate::domain::auth::context::ReadContext;
use crate::domain::session::difference::Snapshot;
use crate::domain::session::model::Session;
use crate::domain::session::next::NextWords;
use crate::domain::session::{Minutes, NewSession, SessionKind, Summary, check_start, usual_start};
use crate::domain::standard::Level;
use crate::error::{Error, FieldErrors, Result};
use crate::pages::form::Form;
use crate::time::{LocalTime, MomentField};
use crate::usecases::dossier::Dossier;
use crate::web::Fields;

/// Lengths that have a chip.
pub(crate) const CHIPS: [&str; 5] = ["15", "30", "45", "60", "90"];

/// Reads the form, all errors at once.
pub fn parse(fields: &Fields, local: &LocalTime) -> Result<NewSession> {
    let mut errors = FieldErrors::default();
    let mut keep = |field: &str, sentence: String| errors.add(field, sentence);
    let kind = SessionKind::parse(fields.get("kind"));
    if kind.is_none() {
        keep("kind", "Choose how you worked.".into());
    }
    let minutes = Minutes::parse(minutes_typed(fields))
        .map_err(|s| keep("minutes", s))
        .ok();
    let starts_at = match starts_at(fields, local) {
        Some(Ok(at)) => Some(at),
        Some(Err(sentence)) => {
            keep("starts_at", sentence);
            None
        }
        None => None,
    };
    let summary = Summary::parse(fields.get("summary"))
        .map_err(|s| keep("summary", s))
        .ok();
    let next_actions = NextWords::lines(fields.get("next_actions"))
        .map_err(|s| keep("next_actions", s))
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
    match (kind, minutes, starts_at, summary, next_actions) {
        (Some(kind), Some(minutes), Some(starts_at), Some(summary), Some(next_actions)) => errors
            .or(NewSession {
                kind,
                starts_at,
                minutes,
                summary,
                next_actions,
                done: fields
                    .all("done")
                    .filter_map(|id| id.parse().ok())
                    .collect(),
                plan_id: fields.id("plan"),
                postmortem_id: fields.id("postmortem"),
                another: fields.has("another"),
                observations,
            }),
        _ => Err(Error::Invalid(errors)),
    }
}

/// The length: the chip, unless it is "other" or was left alone while another number was typed.
pub(crate) fn minutes_typed(fields: &Fields) -> &str {
    let (chip, other) = (fields.trimmed("minutes"), fields.trimmed("minutes_other"));
    let left_alone = chip == fields.trimmed("offered_minutes") && !other.is_empty();
    if chip == "other" || left_alone {
        other
    } else {
        chip
    }
}

/// When it began. A start left as it was filled in moves with the length, so that the session still ends when the
/// form was opened. A start that was emptied means "just now"; nothing, where the length is wrong too.
pub fn starts_at(
    fields: &Fields,
    local: &LocalTime,
) -> Option<std::result::Result<UtcTime, String>> {
    let typed = MomentField::sent(fields, "starts_at", local);
    let minutes = Minutes::parse(minutes_typed(fields)).ok();
    if typed.text.is_empty() {
        return minutes.map(|m| Ok(usual_start(local.now(), m)));
    }
    let start = typed.read("Enter the day and time it began.");
    Some(
        match (minutes, Minutes::parse(fields.get("offered_minutes"))) {
            (Some(now), Ok(then)) if typed.text == fields.trimmed("offered_at") => {
                start.map(|at| at.plus_seconds(60 * i64::from(then.number() - now.number())))
            }
            _ => start,
        },
    )
}

/// A row as a field holds it; empty for none.
pub(crate) fn row(id: Option<i64>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

/// What the fields hold.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct RecordForm {
    pub summary: String,
    pub next_actions: String,
    /// Rows of those said to be done since last time.
    #[serde(skip)]
    pub done: BTreeSet<String>,
    /// Why a record is corrected.
    pub reason: String,
    pub kind: String,
    pub minutes: String,
    pub minutes_other: String,
    #[serde(skip)]
    pub starts_at: MomentField,
    pub offered_at: String,
    pub offered_minutes: String,
    #[serde(skip)]
    pub help: BTreeMap<String, String>,
    /// Row of the post-mortem that was discussed.
    pub postmortem: String,
    /// It is said to be another session than one of the same time.
    #[serde(skip)]
    pub another: bool,
    /// When it began and its minutes, as far as that was typed.
    #[serde(skip)]
    pub span: Option<(UtcTime, i64)>,
}

impl RecordForm {
    /// Filled in from the plan it was held by, else from the last session of the same two people.
    pub fn fresh(
        dossier: &Dossier,
        mentor_id: i64,
        plan: Option<&Session>,
        context: &ReadContext,
    ) -> Self {
        let held = |s: &&Session| s.counts() && s.mentor_id == mentor_id;
        let like = plan.or_else(|| dossier.sessions.iter().find(held));
        let minutes = like
            .and_then(|s| Minutes::new(s.minutes.into()))
            .unwrap_or(Minutes::USUAL);
        let just_now = usual_start(context.now, minutes);
        let planned = plan.map(|p| p.starts_at).filter(|at| *at <= context.now);
        let starts_at = MomentField::of(planned.unwrap_or(just_now), &context.local);
        Self {
            kind: like.map_or(SessionKind::Pairing, |s| s.kind).word().into(),
            postmortem: row(plan.and_then(|p| p.postmortem_id)),
            // A start that was agreed does not move with the length.
            offered_at: match planned {
                Some(_) => String::new(),
                None => starts_at.text.clone(),
            },
            starts_at,
            ..Self::lasting(minutes.number())
        }
    }

    /// Filled in with what was recorded.
    pub fn of(recorded: &Snapshot, local: &LocalTime) -> Self {
        let help = recorded.observations.iter();
        Self {
            summary: recorded.summary.clone(),
            next_actions: recorded.next_actions.join("\n"),
            kind: recorded.kind.word().into(),
            postmortem: row(recorded.postmortem_id),
            starts_at: MomentField::of(recorded.starts_at, local),
            help: help
                .map(|(code, level)| (code.clone(), level.number().to_string()))
                .collect(),
            ..Self::lasting(recorded.minutes)
        }
    }

    /// A length as a chip, or as "other" with its number.
    pub fn lasting(minutes: i32) -> Self {
        let number = minutes.to_string();
        let has_chip = CHIPS.contains(&number.as_str());
        Self {
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
            offered_minutes: number,
            ..Self::default()
        }
    }

    /// As it was sent, if it was, with every error at once: also the one that only the ramp can tell.
    pub fn typed(
        form: &mut Form,
        dossier: &Dossier,
        context: &ReadContext,
    ) -> Result<Option<Self>> {
        let Some(fields) = form.typed() else {
            return Ok(None);
        };
        let mut values = Self::sent(fields, &context.local)?;
        let start = starts_at(fields, &context.local);
        let start = start.and_then(std::result::Result::ok);
        let minutes = Minutes::parse(minutes_typed(fields)).ok();
        // Only where the form asks about it.
        let is_asked = values.another || form.errors.get("another").is_some();
        values.span = start
            .filter(|_| is_asked)
            .zip(minutes)
            .map(|(at, m)| (at, i64::from(m.number())));
        let fits = start.map(|at| check_start(at, context.now, dossier.ramp.created_at));
        if let (Some(Err(sentence)), None) = (fits, form.errors.get("starts_at")) {
            form.errors.add("starts_at", sentence);
        }
        Ok(Some(values))
    }

    /// As it was sent.
    pub fn sent(fields: &Fields, local: &LocalTime) -> Result<Self> {
        Ok(Self {
            starts_at: MomentField::sent(fields, "starts_at", local),
            done: fields.all("done").map(str::to_owned).collect(),
            another: fields.has("another"),
            help: fields
                .with_prefix("help-")
                .map(|(code, help)| (code.to_owned(), help.to_owned()))
                .collect(),
            ..fields.texts()?
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::local;
    use proptest::prelude::*;

    fn start(pairs: &[(&str, &str)]) -> Option<String> {
        let start = starts_at(&Fields::of(pairs), &local())?;
        start.ok().map(UtcTime::iso)
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
            ("next_actions", &"x".repeat(301)),
            ("help-PAY-I1", "9"),
        ]);
        let Err(Error::Invalid(errors)) = parse(&fields, &local()) else {
            panic!("it was taken")
        };
        let wrong: Vec<_> = errors.iter().map(|(field, _)| field).collect();
        assert_eq!(
            wrong,
            ["kind", "minutes", "summary", "next_actions", "practised"]
        );
    }

    proptest! {
        #[test]
        fn whatever_is_sent_is_read_or_refused(
            pairs in prop::collection::vec(
                ("(kind|minutes|minutes_other|offered_minutes|starts_at|offered_at|summary|next_actions|done|plan|help-.{0,8}|\\PC{0,9})",
                 "(pairing|lab|-?[0-9]{1,20}|other|9999-12-31T23:59|-9999-01-01T00:00|.{0,40})"),
                0..14,
            ),
        ) {
            let pairs: Vec<_> = pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            let fields = Fields::of(&pairs);
            if let Ok(new) = parse(&fields, &local()) {
                prop_assert!(!new.summary.as_str().trim().is_empty());
                prop_assert!((1..=720).contains(&new.minutes.number()));
            }
            prop_assert!(RecordForm::sent(&fields, &local()).is_ok());
        }
    }
}
