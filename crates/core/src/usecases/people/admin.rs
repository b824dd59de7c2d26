//! Administration of people and teams.

use serde_json::json;

use crate::db::Conn;
use crate::db::conn::is_unique_violation;
use crate::db::locks::{Order, one_at_a_time};
use crate::domain::audit;
use crate::domain::audit::{Act, Entry, Reason};
use crate::domain::invite;
use crate::domain::people::admin::{Details, Shown, cannot_move, last_administrator, store};
use crate::domain::people::model::Person;
use crate::domain::people::near::{folded, is_near};
use crate::domain::people::store::{end_membership, put_membership};
use crate::domain::people::{Name, NewPerson, Place};
use crate::error::{Error, Result};
use crate::text::{self, email::email_key};
use crate::time::LocalTime;
use crate::usecases::invite::actions::end_links;
use crate::usecases::people::actions::{add, require_admin};

/// Adds a person to a team (or none), makes their first link and mails it to them; returns both. `is_other` confirms that they are nobody who
/// has the same name.
///
/// Errors: [`Error::Forbidden`]; [`Error::Invalid`] when the e-mail is taken, or at `is_other` when it has to be confirmed;
/// [`Error::NotFound`] for the team.
pub fn add_to_team(
    c: &mut Conn,
    act: &Act,
    new: &NewPerson,
    team: Option<(i64, Place)>,
    is_other: bool,
) -> Result<(Person, invite::Token)> {
    require_admin(act)?;
    // Before the first audit entry, whose lock is the last to take.
    crate::usecases::people::actions::one_at_a_time(c)?;
    if !is_other {
        refuse_namesake(c, new)?;
    }
    let team = team
        .map(|(id, place)| Ok::<_, Error>((store::lock_team(c, id)?, place)))
        .transpose()?;
    let id = add(c, act, new, false).map_err(|e| match e {
        Error::Conflict(sentence) => Error::field("email", sentence),
        other => other,
    })?;
    if let Some((team, place)) = team {
        let moves = (Place::Outside, place);
        put(c, act, (team.id, &team.name), id, moves, &Reason::default())?;
    }
    let person = crate::domain::people::store::by_id(c, id)?.ok_or(Error::NotFound("person"))?;
    let token = crate::usecases::invite::actions::mail(c, act, &person)?;
    Ok((person, token))
}

/// Audit actions that change a person's details: by an administrator, an import, or the person.
const CHANGES: [&str; 3] = [
    "person.changed",
    "person.renamed",
    "person.time_zone_changed",
];

/// How a change of details ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edited {
    Nothing,
    Saved,
    /// The link that went to the address of before works no longer.
    WithoutLink,
}

/// Changes name, e-mail, time zone and the administrator right. Links that went to another address end.
///
/// Errors: [`Error::Forbidden`]; [`Error::Conflict`] when they were changed since the form was opened;
/// [`Error::Invalid`] when the e-mail is taken, or the last administrator would lose the right.
pub fn edit(
    c: &mut Conn,
    act: &Act,
    handle: &str,
    shown: &Shown,
    details: &Details,
) -> Result<Edited> {
    require_admin(act)?;
    if !details.is_admin {
        only_one_at_a_time(c)?;
    }
    let person = hold(c, act, handle)?;
    if !shown.still_fits(&person) {
        let object = format!("person:{}", person.id);
        let what = format!("the details of {}", person.name);
        return Err(changed_meanwhile(c, act, &CHANGES, &object, &what)?);
    }
    let is_same = details.name.as_str() == person.name
        && details.email.as_str() == person.email
        && details.time_zone.as_str() == person.time_zone
        && details.is_admin == person.is_admin;
    if is_same {
        return Ok(Edited::Nothing);
    }
    if !details.is_admin {
        let others = store::other_administrators(c, person.id)?;
        if let Some(sentence) = last_administrator(&person, others) {
            return Err(Error::field("is_admin", sentence));
        }
    }
    let known = crate::domain::people::store::by_email(c, &details.email.key())?;
    if known.is_some_and(|other| other.id != person.id) {
        return Err(email_is_taken(details));
    }
    store::update(c, person.id, details, act.now).map_err(|e| {
        if is_unique_violation(&e, "people") {
            email_is_taken(details)
        } else {
            e.into()
        }
    })?;
    let from = json!({
        "name": person.name, "email": person.email, "time_zone": person.time_zone, "administrator": person.is_admin,
    });
    let to = json!({
        "name": details.name.as_str(), "email": details.email.as_str(), "time_zone": details.time_zone.as_str(),
        "administrator": details.is_admin,
    });
    let entry = Entry::new("person.changed", format!("person:{}", person.id)).person(person.id);
    let has_moved = email_key(&person.email) != details.email.key();
    let had_link = has_moved && end_links(c, person.id, act.now)? > 0;
    audit::record(c, act, entry.details(json!({ "from": from, "to": to })))?;
    if !had_link {
        return Ok(Edited::Saved);
    }
    let entry = Entry::new("invite.revoked", format!("person:{}", person.id));
    audit::record(c, act, entry.person(person.id))?;
    Ok(Edited::WithoutLink)
}

/// The person with that handle, held together with the actor until the transaction ends.
///
/// Errors: [`Error::NotFound`]; those of [`Act::hold`].
pub fn hold(c: &mut Conn, act: &Act, handle: &str) -> Result<Person> {
    let id = store::by_handle(c, handle)?.person.id;
    act.hold(c, &[id])?;
    crate::domain::people::store::by_id(c, id)?.ok_or(Error::NotFound("person"))
}

/// No one else stops being an administrator until this transaction ends: two could each be the other's last one.
pub fn only_one_at_a_time(c: &mut Conn) -> Result<()> {
    one_at_a_time(c, Order::Administrators, "")
}

fn email_is_taken(details: &Details) -> Error {
    let email = details.email.as_str();
    Error::field(
        "email",
        format!("There is already a person with the e-mail {email}."),
    )
}

/// Reactivates a person who left: they may sign in again, and their clearances that have not ended count again.
///
/// Errors: [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Conflict`] when they have not left.
pub fn reactivate(c: &mut Conn, act: &Act, handle: &str) -> Result<Person> {
    require_admin(act)?;
    let person = hold(c, act, handle)?;
    if !store::reactivate(c, person.id, act.now)? {
        let sentence = format!("{} is here already.", person.name);
        return Err(Error::Conflict(sentence));
    }
    let entry = Entry::new("person.reactivated", format!("person:{}", person.id));
    audit::record(c, act, entry.person(person.id))?;
    Ok(person)
}

/// A second person of one name is asked about, unless it is the one of that e-mail: then adding says so.
fn refuse_namesake(c: &mut Conn, new: &NewPerson) -> Result<()> {
    let (name, key) = (folded(new.name.as_str()), new.email.key());
    let namesakes = crate::domain::people::store::everybody(c)?
        .into_iter()
        .filter(|person| folded(&person.name) == name);
    let all: Vec<Person> = namesakes.collect();
    match all.first() {
        Some(other) if all.iter().all(|person| email_key(&person.email) != key) => {
            Err(Error::field(
                "is_other",
                format!(
                    "There is a {} already: {}. Confirm that this is someone else.",
                    other.name, other.email
                ),
            ))
        }
        _ => Ok(()),
    }
}

/// Ends every session of a person: a lost device, say. They sign in again with their password.
///
/// Errors: [`Error::Forbidden`]; [`Error::NotFound`].
pub fn sign_out(c: &mut Conn, act: &Act, handle: &str) -> Result<Person> {
    require_admin(act)?;
    let person = hold(c, act, handle)?;
    crate::domain::auth::store::end_sessions_of(c, person.id, None)?;
    let entry = Entry::new("session.ended", format!("person:{}", person.id));
    audit::record(c, act, entry.person(person.id))?;
    Ok(person)
}

/// Adds a team. `is_other` confirms that it is none of those with a name like it.
///
/// Errors: [`Error::Forbidden`]; [`Error::Invalid`] when there is one of that name, or at `is_other` when it has to be
/// confirmed.
pub fn add_team(c: &mut Conn, act: &Act, name: &Name, is_other: bool) -> Result<i64> {
    require_admin(act)?;
    let teams = match is_other {
        true => Vec::new(),
        false => crate::domain::people::store::teams(c)?,
    };
    let new = folded(name.as_str());
    let mut near = teams
        .iter()
        .filter(|team| text::key(&team.name) != name.key() && is_near(&folded(&team.name), &new));
    if let Some(team) = near.next() {
        let sentence = format!(
            "Did you mean {}? A team is never deleted. Confirm that it is another one.",
            team.name
        );
        return Err(Error::field("is_other", sentence));
    }
    let id = store::insert_team(c, name, act.now).map_err(|e| name_is_taken(e, name))?;
    let entry = Entry::new("team.added", format!("team:{id}"));
    audit::record(c, act, entry.details(json!({ "name": name.as_str() })))?;
    Ok(id)
}

/// Renames a team from `from`, the name the form showed.
///
/// Errors: [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Conflict`] when it has another name already;
/// [`Error::Invalid`] when another team has the new name.
pub fn rename_team(c: &mut Conn, act: &Act, id: i64, from: &str, to: &Name) -> Result<()> {
    require_admin(act)?;
    let team = store::lock_team(c, id)?;
    let object = format!("team:{id}");
    if team.name != from {
        return Err(changed_meanwhile(
            c,
            act,
            &["team.renamed"],
            &object,
            "the team's name",
        )?);
    }
    if team.name == to.as_str() {
        return Ok(());
    }
    store::rename_team(c, id, to).map_err(|e| name_is_taken(e, to))?;
    let details = json!({ "from": team.name, "to": to.as_str() });
    audit::record(c, act, Entry::new("team.renamed", object).details(details))
}

fn name_is_taken(e: diesel::result::Error, name: &Name) -> Error {
    if is_unique_violation(&e, "teams") {
        let sentence = format!("There is already a team called {}.", name.as_str());
        Error::field("name", sentence)
    } else {
        e.into()
    }
}

/// Adds someone to a team, removes them, or makes them its lead, from the place the form showed. Returns the names of
/// person and team.
///
/// Errors: [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Conflict`] when they have another place already, or have
/// left; [`Error::Invalid`] without a reason where [`Place::needs_reason`].
pub fn set_place(
    c: &mut Conn,
    act: &Act,
    (team_id, handle): (i64, &str),
    (from, to): (Place, Place),
    reason: &Reason,
) -> Result<(String, String)> {
    require_admin(act)?;
    if from.needs_reason(to) {
        audit::require_reason(reason)?;
    }
    let team = store::lock_team(c, team_id)?;
    let person = hold(c, act, handle)?;
    if let Some(sentence) = cannot_move(&person, to) {
        return Err(Error::Conflict(sentence));
    }
    let is = Place::of(store::leads(c, team_id, person.id)?);
    if is != from {
        let object = format!("team:{team_id}");
        let what = format!("the place of {} in {}", person.name, team.name);
        return Err(changed_meanwhile(
            c,
            act,
            &["membership.changed"],
            &object,
            &what,
        )?);
    }
    if from != to {
        put(c, act, (team_id, &team.name), person.id, (from, to), reason)?;
    }
    Ok((person.name, team.name))
}

/// Stores someone's place in a team; the caller has checked permission, `from` and the reason, which may be empty.
pub fn put(
    c: &mut Conn,
    act: &Act,
    (team_id, team): (i64, &str),
    person_id: i64,
    (from, to): (Place, Place),
    reason: &Reason,
) -> Result<()> {
    act.hold(c, &[person_id])?;
    match to {
        Place::Outside => end_membership(c, (team_id, person_id), act.now)?,
        place => put_membership(c, (team_id, person_id), place == Place::Lead, act.now)?,
    }
    let details = json!({ "team": team, "from": from.word(), "to": to.word() });
    let details = audit::with_reason(details, reason);
    let entry = Entry::new("membership.changed", format!("team:{team_id}"));
    audit::record(c, act, entry.person(person_id).details(details))
}

/// Someone else changed it since the form was opened: says who, and when.
pub fn changed_meanwhile(
    c: &mut Conn,
    act: &Act,
    actions: &[&str],
    object: &str,
    what: &str,
) -> Result<Error> {
    let last = audit::store::last(c, actions, object)?;
    let by = last.map_or_else(String::new, |(name, at)| {
        let zone = &act.actor.time_zone;
        let moment = LocalTime::new(zone, act.now).moment(at).text;
        format!(" by {name} on {moment} ({zone})")
    });
    Ok(Error::Conflict(format!(
        "In the meantime {what} changed{by}. Your change was not saved. Compare, then send it again."
    )))
}
