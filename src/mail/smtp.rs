//! One conversation with the relay, and what its answer means.

use lettre::transport::smtp::Error;
use lettre::{Message, SmtpTransport, Transport};
use std::error::Error as _;

use crate::domain::outbox::Outcome;

/// Refusals that say something about our account, not about this mail.
const ABOUT_THE_ACCOUNT: [u16; 4] = [530, 534, 535, 538];

pub(super) fn send(transport: &SmtpTransport, mail: &Message) -> Outcome {
    match transport.send(mail) {
        Ok(answer) => {
            let line = answer.first_line().unwrap_or_default();
            Outcome::Sent(format!("{} {line}", answer.code()))
        }
        Err(e) => failed(&e),
    }
}

fn failed(e: &Error) -> Outcome {
    let Some(code) = e.status() else {
        return Outcome::Later(e.to_string());
    };
    let line = e.source().map(ToString::to_string).unwrap_or_default();
    let answer = format!("{code} {line}");
    if e.is_permanent() && !ABOUT_THE_ACCOUNT.contains(&code.into()) {
        Outcome::Never(answer)
    } else {
        Outcome::Later(answer)
    }
}
