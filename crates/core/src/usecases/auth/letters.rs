//! The words of mails about signing in.

use crate::db::types::UtcTime;
use crate::domain::outbox::Letter;
use crate::domain::people::model::Person;
use crate::time::LocalTime;

/// The letter about a sign-in from a browser that was not known.
pub fn new_place(person: &Person, address: &str, now: UtcTime) -> Letter {
    let at = LocalTime::new(&person.time_zone, now).moment(now).text;
    Letter {
        subject: "New sign-in to Checkride".into(),
        paragraphs: vec![
            format!("Hello {},", person.name),
            format!(
                "Your account was used to sign in from a new browser: {at} ({}), from the network address {address}.",
                person.time_zone
            ),
            "If it was you, there is nothing to do. If not, set a new password now: it signs everyone else out. Then tell \
             a Checkride administrator of your team."
                .into(),
        ],
        button: Some(("Open your account".into(), "/account".into())),
        ..Letter::default()
    }
}
