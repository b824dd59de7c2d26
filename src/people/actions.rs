//! Use cases of people: adding, changing one's own settings, leaving.

use serde_json::json;

use super::{NewPerson, ZoneName, store};
use crate::audit::{self, Act, Entry};
use crate::auth;
use crate::db::Conn;
use crate::error::{Error, Result};

/// Adds a person. The first one ever added is an administrator, whatever `is_admin` says.
///
/// # Errors
/// [`Error::Forbidden`] unless an administrator asks; [`Error::Conflict`] when the e-mail is taken.
pub fn add(c: &mut Conn, act: &Act, new: &NewPerson, is_admin: bool) -> Result<i64> {
    require_admin(act)?;
    let is_admin = is_admin || store::is_empty(c)?;
    if store::by_email(c, &new.email.key())?.is_some() {
        return Err(Error::Conflict(format!(
            "There is already a person with the e-mail {}.",
            new.email.as_str()
        )));
    }
    let id = store::insert_person(c, new, is_admin, act.now)?;
    audit::record(
        c,
        act,
        Entry::new("person.added", format!("person:{id}"))
            .person(id)
            .details(json!({ "name": new.name.as_str(), "email": new.email.as_str(), "administrator": is_admin })),
    )?;
    Ok(id)
}

/// Marks a person as having left: they are signed out everywhere and keep their history.
///
/// # Errors
/// [`Error::Forbidden`] unless an administrator asks; [`Error::NotFound`]; [`Error::Conflict`] when they had left.
pub fn deactivate(c: &mut Conn, act: &Act, email_key: &str) -> Result<()> {
    require_admin(act)?;
    let person =
        store::by_email(c, email_key)?.ok_or(Error::NotFound("person with that e-mail"))?;
    if !store::deactivate(c, person.id, act.now)? {
        return Err(Error::Conflict(format!(
            "{} was deactivated before.",
            person.name
        )));
    }
    auth::store::end_sessions_of(c, person.id, None)?;
    audit::record(
        c,
        act,
        Entry::new("person.deactivated", format!("person:{}", person.id)).person(person.id),
    )
}

/// Changes one's own time zone.
///
/// # Errors
/// [`Error::SignedOut`] for the operator, who has no account.
pub fn set_time_zone(c: &mut Conn, act: &Act, zone: &ZoneName) -> Result<()> {
    let id = act.actor.id.ok_or(Error::SignedOut)?;
    store::set_time_zone(c, id, zone.as_str())?;
    audit::record(
        c,
        act,
        Entry::new("person.time_zone_changed", format!("person:{id}"))
            .person(id)
            .details(json!({ "from": act.actor.time_zone, "to": zone.as_str() })),
    )
}

fn require_admin(act: &Act) -> Result<()> {
    if act.actor.is_admin {
        Ok(())
    } else {
        Err(Error::Forbidden(
            "Only an administrator may do that.".into(),
        ))
    }
}
