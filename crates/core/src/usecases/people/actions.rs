//! Adding people, changing one's own settings, leaving.

use serde_json::json;

use crate::db::locks::Order;
use crate::db::{Conn, locks};
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::auth;
use crate::domain::availability;
use crate::domain::calendar;
use crate::domain::invite;
use crate::domain::outbox;
use crate::domain::people::model::Person;
use crate::domain::people::{NewPerson, Reason, ZoneName, admin, store};
use crate::domain::screen;
use crate::error::{Error, Result};

/// Adds a person. The first one is always an administrator, whatever `is_admin` says.
///
/// Errors: [`Error::Forbidden`] unless the actor is an administrator; [`Error::Conflict`] when the e-mail is taken.
pub fn add(c: &mut Conn, act: &Act, new: &NewPerson, is_admin: bool) -> Result<i64> {
    require_admin(act)?;
    // Two at once would both find the e-mail, the handle and the place of the first administrator free.
    one_at_a_time(c)?;
    let is_first = store::is_empty(c)?;
    let is_admin = is_admin || is_first;
    if store::by_email(c, &new.email.key())?.is_some() {
        return Err(Error::Conflict(format!(
            "There is already a person with the e-mail {}.",
            new.email.as_str()
        )));
    }
    let id = store::insert_person(c, new, is_admin, act.now)?;
    if is_first {
        // The link for the first administrator is no longer needed.
        invite::store::revoke(c, None, act.now)?;
    }
    audit::record(
        c,
        act,
        Entry::new("person.added", format!("person:{id}"))
            .person(id)
            .details(json!({ "name": new.name.as_str(), "email": new.email.as_str(), "administrator": is_admin })),
    )?;
    Ok(id)
}

/// No one else adds a person until this transaction ends. An import takes this lock before its first audit entry.
pub fn one_at_a_time(c: &mut Conn) -> Result<()> {
    locks::one_at_a_time(c, Order::NewPeople, "")
}

/// Marks a person as left: their sessions and their link end, their history stays.
///
/// Errors: [`Error::Forbidden`] unless the actor is an administrator; [`Error::NotFound`]; [`Error::Conflict`] when
/// they had left, or are the last administrator.
pub fn deactivate(c: &mut Conn, act: &Act, handle: &str, reason: &Reason) -> Result<Person> {
    require_admin(act)?;
    crate::usecases::people::admin::only_one_at_a_time(c)?;
    let person = crate::usecases::people::admin::hold(c, act, handle)?;
    let others = admin::store::other_administrators(c, person.id)?;
    if let Some(sentence) = admin::last_administrator(&person, others) {
        return Err(Error::Conflict(sentence));
    }
    if !store::deactivate(c, person.id, act.now)? {
        return Err(Error::Conflict(format!(
            "{} was deactivated before.",
            person.name
        )));
    }
    auth::store::end_sessions_of(c, person.id, None)?;
    outbox::store::cancel_for(c, person.id, "The person has left", act.now)?;
    invite::store::revoke(c, Some(person.id), act.now)?;
    calendar::store::end(c, person.id, act.now)?;
    screen::store::end_of(c, person.id, act.now)?;
    calendar::named::remove(c, person.id)?;
    availability::store::set_busy(c, person.id, &[])?;
    crate::usecases::queue::actions::left(c, act, person.id)?;
    let entry = Entry::new("person.deactivated", format!("person:{}", person.id));
    let details = json!({ "reason": reason.as_str() });
    audit::record(c, act, entry.person(person.id).details(details))?;
    Ok(person)
}

/// Changes the actor's own time zone.
///
/// Errors: [`Error::SignedOut`] for the operator, who has no account.
pub fn set_time_zone(c: &mut Conn, act: &Act, zone: &ZoneName) -> Result<()> {
    let id = act.actor.id.ok_or(Error::SignedOut)?;
    act.hold(c, &[])?;
    store::set_time_zone(c, id, zone.as_str())?;
    audit::record(
        c,
        act,
        Entry::new("person.time_zone_changed", format!("person:{id}"))
            .person(id)
            .details(json!({ "from": act.actor.time_zone, "to": zone.as_str() })),
    )
}

pub fn require_admin(act: &Act) -> Result<()> {
    if act.actor.is_admin {
        Ok(())
    } else {
        Err(Error::Forbidden(
            "Only an administrator may do that.".into(),
        ))
    }
}
