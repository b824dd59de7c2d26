//! Notifications as mails.

use crate::db::types::{Day, UtcTime};
use crate::domain::notification::model::Cause;
use crate::domain::notification::words::{Facts, Told, told};
use crate::domain::notification::{Ends, Kind};
use crate::domain::outbox::Letter;
use crate::domain::people::model::Person;
use crate::time::LocalTime;
use crate::words::clipped;

/// Characters of a subject at most.
const SUBJECT: usize = 150;

/// Who reads it, and the names in it.
pub struct Reader<'a> {
    pub person: &'a Person,
    /// Who did it; empty where it came with time.
    pub actor: &'a str,
    pub subject: &'a str,
    pub area: &'a str,
    pub now: UtcTime,
}

impl Reader<'_> {
    pub fn letter(&self, cause: &Cause) -> Letter {
        let local = LocalTime::new(&self.person.time_zone, self.now);
        let told = words(
            cause.kind,
            &local,
            (cause.at, cause.due_on),
            &Facts {
                actor: self.actor,
                subject: self.subject,
                is_own: cause.subject_id == Some(self.person.id),
                area: self.area,
                title: &cause.title,
                ..Facts::default()
            },
        );
        let Told {
            title,
            note,
            button,
        } = told;
        Letter {
            subject: clipped(&format!("{title}: {note}"), SUBJECT),
            paragraphs: vec![format!("{title}."), format!("{note}.")],
            button: Some((button.into(), cause.path.clone())),
            thread: Some(cause.thread()),
            ends: Ends::parse(cause.kind.word()).map(|ends| ends.word().to_owned()),
            ..Letter::default()
        }
    }
}

/// The words of a kind with moments and days in the zone of their reader.
pub fn words(
    kind: Kind,
    local: &LocalTime,
    (at, due_on): (Option<UtcTime>, Option<Day>),
    facts: &Facts<'_>,
) -> Told {
    let at = at.map(|at| local.moment(at).text).unwrap_or_default();
    let due = due_on.map(|day| local.day(day).text).unwrap_or_default();
    told(
        kind,
        &Facts {
            at: &at,
            due: &due,
            ..*facts
        },
    )
}
