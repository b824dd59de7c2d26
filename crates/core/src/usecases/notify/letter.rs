//! Notifications as mails.

use crate::db::Conn;
use crate::db::types::{Day, UtcTime};
use crate::domain::notification::model::Cause;
use crate::domain::notification::words::{Facts, Told, told};
use crate::domain::notification::{Choice, Kind, store};
use crate::domain::outbox::Letter;
use crate::domain::people::model::Person;
use crate::error::Result;
use crate::time::LocalTime;
use crate::words::clipped;

/// Characters of a subject at most.
const SUBJECT: usize = 150;

/// Who reads it, and the names in it.
pub(super) struct Reader<'a> {
    pub(super) person: &'a Person,
    /// Who did it; empty where it came with time.
    pub(super) actor: &'a str,
    pub(super) subject: &'a str,
    pub(super) area: &'a str,
    pub(super) now: UtcTime,
}

impl Reader<'_> {
    pub(super) fn letter(&self, cause: &Cause) -> Letter {
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

/// The address that ends mails of a kind, where they may be ended.
pub(super) fn unsubscribe(c: &mut Conn, person_id: i64, kind: Kind) -> Result<Option<String>> {
    if !kind.choices().contains(&Choice::Never) {
        return Ok(None);
    }
    let token = store::mail_token(c, person_id)?;
    Ok(Some(format!("/mail/{token}/{}", kind.word())))
}
