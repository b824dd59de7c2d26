//! Sends one mail, with the calendar entry that it invites to as it is now.

use tokio::runtime::Runtime;

use crate::app::App;
use crate::domain::calendar::engagement::Kind;
use crate::domain::calendar::{Invitation, Party};
use crate::domain::outbox::model::Message;
use crate::domain::outbox::{Letter, Outcome};
use crate::error::{Error, Result};
use crate::usecases::calendar::invitations::{installation, of};

pub fn send(app: &App, runtime: &Runtime, message: &Message) -> Outcome {
    match invitation(app, runtime, message) {
        Ok(invitation) => app.mail.send(message, invitation.as_ref(), app.clock.now()),
        Err(e) => {
            tracing::warn!(id = message.id, error = %e, "what a mail invites to could not be read");
            Outcome::Later("Checkride could not read what the mail invites to.".into())
        }
    }
}

fn invitation(app: &App, runtime: &Runtime, message: &Message) -> Result<Option<Invitation>> {
    let letter = Letter::from_json(&message.body);
    let invites_to = letter.ok().and_then(|letter| letter.invites_to);
    let Some((kind, id)) = invites_to.as_deref().and_then(Kind::of) else {
        return Ok(None);
    };
    let (organiser, base) = (app.mail.organiser(), app.mail.base().to_owned());
    let person_id = message.person_id.unwrap_or_default();
    let to = Party {
        name: message.address.clone(),
        email: message.address.clone(),
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
