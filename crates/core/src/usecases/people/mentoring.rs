//! Agreed mentoring capacity.

use serde_json::json;

use crate::db::Conn;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::people::Actor;
use crate::domain::people::admin::store::by_handle;
use crate::domain::people::mentoring::{Agreed, may_agree, store};
use crate::domain::people::model::Person;
use crate::domain::people::store::memberships_of;
use crate::error::{Error, Result};
use crate::usecases::people::admin::changed_meanwhile;
use crate::usecases::people::admin::hold;

/// The person, if the actor may change their agreed capacity.
///
/// Errors: [`Error::NotFound`]; [`Error::Forbidden`].
pub fn of(c: &mut Conn, actor: &Actor, handle: &str) -> Result<(Person, Agreed)> {
    let person = by_handle(c, handle)?.person;
    let teams: Vec<i64> = memberships_of(c, person.id)?
        .iter()
        .map(|m| m.team_id)
        .collect();
    if !may_agree(actor, person.id, &teams) {
        return Err(Error::Forbidden(format!(
            "Only {}, the leads of their teams and administrators can record what they \
             agreed on mentoring.",
            person.name
        )));
    }
    let agreed = store::agreed(c, person.id)?;
    Ok((person, agreed))
}

/// Replaces the agreed capacity `shown`, which the form showed; returns the person.
///
/// Errors: [`Error::NotFound`]; [`Error::Forbidden`]; [`Error::Conflict`] when someone else changed it since.
pub fn agree(
    c: &mut Conn,
    act: &Act,
    handle: &str,
    shown: Agreed,
    agreed: Agreed,
) -> Result<Person> {
    of(c, &act.actor, handle)?;
    let person = hold(c, act, handle)?;
    let was = store::agreed(c, person.id)?;
    let object = format!("person:{}", person.id);
    if was != shown {
        let what = format!("what {} agreed to", person.name);
        return Err(changed_meanwhile(
            c,
            act,
            &["person.mentoring_agreed"],
            &object,
            &what,
        )?);
    }
    if was == agreed {
        return Ok(person);
    }
    store::set(c, person.id, agreed, act.now)?;
    let capacity = |a: Agreed| json!({ "mentees": a.mentees, "hours": a.hours });
    let details = json!({ "from": capacity(was), "to": capacity(agreed) });
    let entry = Entry::new("person.mentoring_agreed", object).person(person.id);
    audit::record(c, act, entry.details(details))?;
    Ok(person)
}
