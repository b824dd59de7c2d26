//! Sends one mail: to the address of now, with the calendar entry that it invites to as it is now.

use tokio::runtime::Runtime;

use crate::app::App;
use crate::domain::calendar::engagement::Kind;
use crate::domain::calendar::{Invitation, Party};
use crate::domain::outbox::model::Message;
use crate::domain::outbox::{Letter, Outcome};
use crate::error::{Error, Result};
use crate::mail::Address;
use crate::usecases::calendar::invitations::{installation, of};
use crate::usecases::outbox::leaving::{Leaving, prepare};

pub fn send(app: &App, runtime: &Runtime, message: &Message) -> Outcome {
    match leave(app, runtime, message) {
        Ok(outcome) => outcome,
        Err(e) => {
            tracing::warn!(id = message.id, error = %e, "a mail could not be read");
            Outcome::Later("Checkride could not read the mail.".into())
        }
    }
}

fn leave(app: &App, runtime: &Runtime, message: &Message) -> Result<Outcome> {
    let now = app.clock.now();
    let own = message.clone();
    let read = app.db.read(move |c| prepare(c, &own, now, true));
    let mut leaving = runtime.block_on(read)?;
    if leaving == Leaving::Write {
        let own = message.clone();
        let write = app.db.write(move |c| prepare(c, &own, now, false));
        leaving = runtime.block_on(write)?;
    }
    let (letter, to) = match leaving {
        Leaving::Send(letter, to) => (letter, to),
        Leaving::Cancel(why) => return Ok(Outcome::Cancelled(why.into())),
        Leaving::Write => return Err(Error::fault("a mail was not prepared")),
    };
    let invitation = invitation(app, runtime, &letter, (message.person_id, &to))?;
    let address = Address {
        to: &to,
        id: &message.mail_id(),
    };
    Ok(app
        .mail
        .deliver(&letter, &address, invitation.as_ref(), now))
}

fn invitation(
    app: &App,
    runtime: &Runtime,
    letter: &Letter,
    (person_id, to): (Option<i64>, &str),
) -> Result<Option<Invitation>> {
    let Some((kind, id)) = letter.invites_to.as_deref().and_then(Kind::of) else {
        return Ok(None);
    };
    let (organiser, base) = (app.mail.organiser(), app.mail.base().to_owned());
    let person_id = person_id.unwrap_or_default();
    let to = Party {
        name: to.to_owned(),
        email: to.to_owned(),
    };
    let read = app.db.read(move |c| {
        let here = installation(c, &base)?;
        match of(c, kind, id) {
            Ok(engagement) => engagement
                .invitation(&here, &organiser, (person_id, &to))
                .map(Some),
            Err(Error::NotFound(_)) => Ok(None),
            Err(e) => Err(e),
        }
    });
    runtime.block_on(read)
}
