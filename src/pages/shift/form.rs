//! The forms of a shift: how they are read, all errors at once.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::db::types::UtcTime;
use crate::domain::shift::model::Shift;
use crate::domain::shift::{Brief, Hours, NewAlert, NewDebrief, NewShift, ShiftKind, Verdict};
use crate::domain::standard::Level;
use crate::error::{Error, FieldErrors, Result};
use crate::time::{LocalTime, MomentField};
use crate::web::Fields;
use crate::words::{Title, Words};

/// The fields of a brief.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct BriefForm {
    pub may_page: String,
    pub runbooks: String,
    pub learner_job: String,
    pub who_may_touch: String,
}

impl BriefForm {
    pub fn of(shift: &Shift) -> Self {
        Self {
            may_page: shift.may_page.clone(),
            runbooks: shift.runbooks.clone(),
            learner_job: shift.learner_job.clone(),
            who_may_touch: shift.who_may_touch.clone(),
        }
    }
}

/// Reads the form that plans a shift.
pub fn plan(fields: &Fields, local: &LocalTime) -> Result<NewShift> {
    let mut errors = FieldErrors::default();
    let kind = ShiftKind::parse(fields.get("kind"));
    if kind.is_none() {
        errors.add("kind", "Choose who takes the pages.");
    }
    let with_id = fields.id("with");
    if with_id.is_none() {
        errors.add("with", "Choose who is on call.");
    }
    let hours = hours(fields, local, None, &mut errors);
    let brief = brief(fields, &mut errors);
    match (kind, with_id, hours, brief) {
        (Some(kind), Some(with_id), Some(hours), Some(brief)) => errors.or(NewShift {
            kind,
            with_id,
            hours,
            brief,
        }),
        _ => Err(Error::Invalid(errors)),
    }
}

/// Reads from when to when; until when alone, where it `begins` at a moment that stays.
pub fn hours(
    fields: &Fields,
    local: &LocalTime,
    begins: Option<UtcTime>,
    errors: &mut FieldErrors,
) -> Option<Hours> {
    let mut moment = |field: &str, sentence: &str| {
        MomentField::sent(fields, field, local)
            .read(sentence)
            .map_err(|sentence| errors.add(field, sentence))
            .ok()
    };
    let starts_at = begins.or_else(|| moment("starts_at", "Enter the day and time it begins."));
    let ends_at = moment("ends_at", "Enter the day and time it ends.");
    Hours::new(starts_at?, ends_at?)
        .map_err(|sentence| errors.add("ends_at", sentence))
        .ok()
}

pub fn brief(fields: &Fields, errors: &mut FieldErrors) -> Option<Brief> {
    let mut words = |field: &str, missing: &str| {
        Words::required(fields.get(field), missing)
            .map_err(|sentence| errors.add(field, sentence))
            .ok()
    };
    let may_page = words("may_page", "Say what may page.");
    let runbooks = words("runbooks", "Say where the runbooks are.");
    let learner_job = words("learner_job", "Say what the mentee does.");
    let who_may_touch = words("who_may_touch", "Say who may touch what.");
    Some(Brief {
        may_page: may_page?,
        runbooks: runbooks?,
        learner_job: learner_job?,
        who_may_touch: who_may_touch?,
    })
}

/// Reads a line of the ledger.
pub fn alert(fields: &Fields) -> Result<NewAlert> {
    let is_on = |flag: &str| fields.all("flag").any(|on| on == flag);
    let title =
        Title::parse(fields.get("title")).map_err(|sentence| Error::field("title", sentence))?;
    Ok(NewAlert {
        title,
        acknowledged: is_on("acknowledged"),
        actionable: is_on("actionable"),
        understood: is_on("understood"),
        escalated: is_on("escalated"),
    })
}

pub fn debrief(fields: &Fields) -> Result<NewDebrief> {
    let mut errors = FieldErrors::default();
    let mut words = |field: &str, missing: &str| {
        Words::required(fields.get(field), missing)
            .map_err(|sentence| errors.add(field, sentence))
            .ok()
    };
    let went_well = words("went_well", "Say what went well, in a sentence.");
    let went_badly = words("went_badly", "Say what went badly; “nothing” is an answer.");
    let mut observations = BTreeMap::new();
    let helped = fields.with_prefix("help-").filter(|(_, h)| !h.is_empty());
    for (code, help) in helped {
        match help.parse().ok().and_then(Level::new) {
            Some(level) => {
                observations.insert(code.to_owned(), level);
            }
            None => errors.add("practised", "Choose how much help it needed from the list."),
        }
    }
    let mut lines = BTreeMap::new();
    for (id, said) in fields.with_prefix("line-") {
        match id.parse().ok().zip(Verdict::parse(said)) {
            Some((id, verdict)) => {
                lines.insert(id, verdict);
            }
            None => errors.add("lines", "Choose what is to become of each line."),
        }
    }
    match (went_well, went_badly) {
        (Some(went_well), Some(went_badly)) => errors.or(NewDebrief {
            went_well,
            went_badly,
            observations,
            lines,
            corrects: fields.id("corrects"),
        }),
        _ => Err(Error::Invalid(errors)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::local;
    use proptest::prelude::*;

    const PLAN: [(&str, &str); 8] = [
        ("kind", "reverse_shadow"),
        ("with", "7"),
        ("starts_at", "2026-11-19T13:00"),
        ("ends_at", "2026-11-19T17:00"),
        ("may_page", "The gateway"),
        ("runbooks", "On the wiki"),
        ("learner_job", "Take every page first"),
        ("who_may_touch", "Only the person on call"),
    ];

    #[test]
    fn a_shift_is_read_in_the_zone_of_the_planner() {
        let new = plan(&Fields::of(&PLAN), &local()).unwrap();
        assert_eq!(new.hours.starts_at().iso(), "2026-11-19T05:00:00Z");
        assert_eq!(new.hours.ends_at().iso(), "2026-11-19T09:00:00Z");
        assert_eq!((new.kind, new.with_id), (ShiftKind::ReverseShadow, 7));
        assert_eq!(new.brief.who_may_touch.as_str(), "Only the person on call");
    }

    #[test]
    fn every_field_says_what_is_missing_at_once() {
        let wrong = |fields: &[(&str, &str)]| match plan(&Fields::of(fields), &local()) {
            Err(Error::Invalid(errors)) => {
                let fields = errors.iter().map(|(field, _)| field.to_owned());
                fields.collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        };
        let all = PLAN.map(|(field, _)| field);
        assert_eq!(wrong(&[]), all);
        // Two weeks and a minute.
        let mut long = PLAN;
        long[3].1 = "2026-12-03T13:01";
        assert_eq!(wrong(&long), ["ends_at"]);
    }

    #[test]
    fn a_line_of_the_ledger_is_what_is_ticked() {
        let line = alert(&Fields::of(&[
            ("flag", "acknowledged"),
            ("flag", "escalated"),
        ]))
        .unwrap();
        let flags = (
            line.acknowledged,
            line.actionable,
            line.understood,
            line.escalated,
        );
        assert_eq!(flags, (true, false, false, true));
        assert!(alert(&Fields::of(&[("title", &"x".repeat(201))])).is_err());
    }

    #[test]
    fn a_debrief_names_the_lines_that_were_looked_at() {
        let fields = [
            ("went_well", "Calm"),
            ("went_badly", "Nothing"),
            ("line-4", "out"),
            ("line-5", "stands"),
            ("line-6", "not_understood"),
            ("help-PAY-I1", "3"),
            ("help-PAY-I2", ""),
        ];
        let new = debrief(&Fields::of(&fields)).unwrap();
        assert_eq!(
            new.lines,
            BTreeMap::from([
                (4, Verdict::Out),
                (5, Verdict::Stands),
                (6, Verdict::NotUnderstood)
            ])
        );
        assert!(new.has_seen([5, 4, 6].into_iter()));
        assert!(!new.has_seen([4, 5, 6, 7].into_iter()) && !new.has_seen([4].into_iter()));
        assert_eq!(new.observations.len(), 1);
        assert!(debrief(&Fields::of(&[("went_well", "Calm")])).is_err());
        assert!(debrief(&Fields::of(&fields).and("help-PAY-C1", "9")).is_err());
        assert!(debrief(&Fields::of(&fields).and("line-7", "perhaps")).is_err());
    }

    proptest! {
        #[test]
        fn whatever_is_sent_is_read_or_refused(
            pairs in prop::collection::vec(
                ("(kind|with|starts_at|ends_at|may_page|went_well|went_badly|line-[0-9]{0,3}|help-.{0,8}|flag|title)",
                 "(shadow|out|-?[0-9]{1,20}|9999-12-31T23:59|-9999-01-01T00:00|2026-11-12T10:00|.{0,40})"),
                0..14,
            ),
        ) {
            let pairs: Vec<_> = pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            let fields = Fields::of(&pairs);
            if let Ok(new) = plan(&fields, &local()) {
                prop_assert!(new.hours.ends_at() > new.hours.starts_at());
            }
            if let Ok(new) = debrief(&fields) {
                prop_assert!(!new.went_badly.is_empty());
            }
            prop_assert!(alert(&fields).is_ok() || Title::<200>::parse(fields.get("title")).is_err());
        }
    }
}
