//! How a person wants to be mailed.

use crate::db::Conn;
use crate::domain::audit::Act;
use crate::domain::notification::{Choice, Ends, Kind, store};
use crate::error::{Error, Result};

/// Stores the actor's own choices. What a kind does not offer is left as it was.
pub fn choose(c: &mut Conn, act: &Act, chosen: &[(Kind, Choice)]) -> Result<()> {
    let me = act.actor.id.ok_or(Error::SignedOut)?;
    act.hold(c, &[])?;
    for (kind, choice) in chosen {
        if kind.choices().contains(choice) {
            store::choose(c, me, *kind, *choice)?;
        }
    }
    Ok(())
}

/// Ends mails for whom the address in the mail belongs to; false where it belongs to nobody.
pub fn stop(c: &mut Conn, token: &str, ends: Ends) -> Result<bool> {
    let Some(person_id) = store::by_mail_token(c, token)? else {
        return Ok(false);
    };
    let chosen = store::choices(c, person_id)?;
    for kind in ends.kinds(&chosen) {
        store::choose(c, person_id, kind, Choice::Never)?;
    }
    Ok(true)
}
