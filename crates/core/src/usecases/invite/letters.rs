//! The words of mails with a one-time link. Nobody but the receiver reads them.

use crate::db::types::UtcTime;
use crate::domain::invite::{DAYS, RESET_MINUTES, Token};
use crate::domain::outbox::Letter;
use crate::domain::people::model::Person;
use crate::time::LocalTime;

/// The letter of a link that an administrator made.
pub fn invited(
    person: &Person,
    token: &Token,
    by: &str,
    (now, until): (UtcTime, UtcTime),
) -> Letter {
    let local = LocalTime::new(&person.time_zone, now);
    Letter {
        subject: "Your link to Checkride".into(),
        paragraphs: vec![
            format!("Hello {},", person.name),
            format!(
                "{by} sends you a link to Checkride, where your team records who is ready for on-call. With it you choose \
                 a password. Then you sign in with this e-mail address."
            ),
            format!(
                "The link works once, for {DAYS} days: until {} ({}). Do not pass it on: anyone who opens it can sign in \
                 as you.",
                local.moment(until).text,
                person.time_zone
            ),
        ],
        button: Some(("Choose a password".into(), token.path())),
        is_secret: true,
        until: Some(until.iso()),
        ..Letter::default()
    }
}

/// The letter of a link that a person asked for.
pub fn reset(person: &Person, token: &Token, (now, until): (UtcTime, UtcTime)) -> Letter {
    let local = LocalTime::new(&person.time_zone, now);
    Letter {
        subject: "Set a new password for Checkride".into(),
        paragraphs: vec![
            format!("Hello {},", person.name),
            "Someone asked for a new password for your account. If it was you, choose one with this link.".into(),
            format!(
                "It works once, for {RESET_MINUTES} minutes: until {} ({}). A new password signs you out everywhere else.",
                local.moment(until).text, person.time_zone
            ),
            "If it was not you, ignore this mail. Your password stays as it is.".into(),
        ],
        button: Some(("Choose a new password".into(), token.path())),
        is_secret: true,
        until: Some(until.iso()),
        ..Letter::default()
    }
}
