//! A gap or condition of a sign-off, as pages show it.

use crate::domain::signoff::point::model::Point;
use crate::domain::signoff::record;
use crate::domain::signoff::record::Attestation;
use crate::time::{LocalTime, TimeText};

/// Somebody did something, with words.
pub(crate) struct Said {
    pub name: String,
    pub when: TimeText,
    pub note: String,
}

impl Said {
    pub(crate) fn of(attestation: &Attestation, local: &LocalTime) -> Self {
        Self {
            name: attestation.who.name.clone(),
            when: local.moment(attestation.at.0),
            note: attestation.note.clone(),
        }
    }
}

/// A gap or condition, open or closed.
pub(crate) struct PointView {
    pub id: i64,
    pub code: String,
    pub body: String,
    pub by: String,
    pub at: TimeText,
    pub closed: Option<Said>,
}

impl PointView {
    /// A point as it stands now.
    pub(crate) fn of<'a>(point: &Point, name: impl Fn(i64) -> &'a str, local: &LocalTime) -> Self {
        Self {
            id: point.id,
            code: point.code.clone().unwrap_or_default(),
            body: point.body.clone(),
            by: name(point.by_id).to_owned(),
            at: local.day_of(point.at),
            closed: point.closing().map(|closing| Said {
                name: name(closing.by_id).to_owned(),
                when: local.moment(closing.at),
                note: closing.note.to_owned(),
            }),
        }
    }

    pub(crate) fn frozen(gap: &record::Gap, local: &LocalTime) -> Self {
        Self {
            id: 0,
            code: gap.point.code.clone().unwrap_or_default(),
            body: gap.point.body.clone(),
            by: gap.named.who.name.clone(),
            at: local.day_of(gap.named.at.0),
            closed: gap
                .closed
                .as_ref()
                .map(|attestation| Said::of(attestation, local)),
        }
    }
}
