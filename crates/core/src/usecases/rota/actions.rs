//! Adding, replacing and removing a rota, saying who a name is, and accepting a finding.

use serde_json::json;

use super::reading::settle;
use super::{Judged, checked};
use crate::db::Conn;
use crate::db::locks::{self, Order};
use crate::db::types::{Day, UtcTime};
use crate::domain::area::model::Area;
use crate::domain::audit::{self, Act, Entry as Audited, Reason};
use crate::domain::people::Actor;
use crate::domain::rota::finding::Identity;
use crate::domain::rota::form::{From, NewRota, Reason as Why};
use crate::domain::rota::model::Rota;
use crate::domain::rota::source::Source;
use crate::domain::rota::{Entry, MOST, Window, store};
use crate::domain::{area, people};
use crate::error::{Error, Result};
use crate::usecases::area::actions::{area_to_change, forbidden, lock_area};

/// What an upload says, read before anything is locked.
///
/// Errors: As [`area_to_change`]; [`Error::Invalid`] with what is wrong with it.
pub fn read(
    c: &mut Conn,
    (actor, now): (&Actor, UtcTime),
    slug: &str,
    (source, raw): (Source, &[u8]),
) -> Result<Vec<Entry>> {
    area_to_change(c, actor, slug)?;
    let window = Window::of_upload(now, &actor.time_zone);
    let entries = source.read(raw, &window);
    let entries = entries.map_err(|sentence| Error::field("text", sentence))?;
    match entries.is_empty() {
        true => Err(Error::field(
            "text",
            "This rota has no shift in the months ahead.",
        )),
        false => Ok(entries),
    }
}

/// Adds a rota to an area; `entries` is what an upload says. Returns its row.
///
/// Errors: As [`lock_area`]; [`Error::Invalid`] when there are enough of them, or one of that name.
pub fn add(c: &mut Conn, act: &Act, slug: &str, new: &NewRota, entries: &[Entry]) -> Result<i64> {
    let area = lock_area(c, act, slug)?;
    let others = store::of_areas(c, &[area.id])?;
    if others.len() >= MOST {
        let sentence = format!("{} has {MOST} rotas. Remove one first.", area.name);
        return Err(Error::field("name", sentence));
    }
    if others.iter().any(|rota| rota.name == new.name) {
        let sentence = format!("{} has a rota of this name.", area.name);
        return Err(Error::field("name", sentence));
    }
    let by = act.actor.id;
    let id = store::insert(c, area.id, new, (by, &act.actor.time_zone, act.now))?;
    let from = match &new.from {
        From::Text(_) => "upload".to_owned(),
        From::Address { address, .. } => address.shown(),
    };
    if matches!(new.from, From::Text(_)) {
        store::keep(c, id, entries, (by, act.now))?;
        settle(c, area.id, id, act.now)?;
    }
    let details =
        json!({ "name": new.name, "area": area.name, "source": new.source, "from": from });
    let entry = Audited::new("rota.added", format!("rota:{id}")).area(area.id);
    audit::record(c, act, entry.details(details))?;
    Ok(id)
}

/// Puts what was uploaded in the place of what a rota said. Returns whether that is something new.
///
/// Errors: As [`of`]; [`Error::Conflict`] when it was removed, or has an address.
pub fn replace(
    c: &mut Conn,
    act: &Act,
    id: i64,
    (source, entries): (Source, &[Entry]),
) -> Result<bool> {
    let (rota, area) = open(c, act, id)?;
    if rota.is_fetched() {
        let sentence = "This rota is read from its address. Remove it to upload one instead.";
        return Err(Error::Conflict(sentence.into()));
    }
    store::set_source(c, id, source, &act.actor.time_zone)?;
    if !store::keep(c, id, entries, (act.actor.id, act.now))? {
        return Ok(false);
    }
    store::hurry(c, area.id, act.now)?;
    settle(c, area.id, id, act.now)?;
    audit::record(c, act, entry("rota.replaced", &rota, &area))?;
    Ok(true)
}

/// Removes a rota for good: its address and token are deleted. Returns its name and the area.
///
/// Errors: As [`of`]; [`Error::Invalid`] without a reason; [`Error::Conflict`] when it was removed.
pub fn remove(c: &mut Conn, act: &Act, id: i64, reason: &Reason) -> Result<(String, Area)> {
    let (rota, area) = open(c, act, id)?;
    audit::require_reason(reason)?;
    if !store::remove(c, id, (act.actor.id, act.now))? {
        return Err(removed());
    }
    settle(c, area.id, id, act.now)?;
    let details = json!({ "name": rota.name, "area": area.name });
    let entry = Audited::new("rota.removed", format!("rota:{id}")).area(area.id);
    audit::record(c, act, entry.details(audit::with_reason(details, reason)))?;
    Ok((rota.name, area))
}

/// Says who a name of the rotas of an area is; `None` takes that back. Returns the name of the person.
///
/// Errors: As [`lock_area`]; [`Error::Invalid`] when the person has left.
pub fn say(c: &mut Conn, act: &Act, slug: &str, (key, person_id): (&str, i64)) -> Result<String> {
    let area = lock_area(c, act, slug)?;
    let by = act.actor.id.ok_or(Error::SignedOut)?;
    let person = people::store::by_id(c, person_id)?.filter(|p| p.deactivated_at.is_none());
    let person = person.ok_or_else(|| Error::field("who", "Choose someone who is here."))?;
    let rotas = store::of_areas(c, &[area.id])?;
    let rota = rotas.first().ok_or(Error::NotFound("rota"))?;
    store::say(c, (area.id, key), Some(person.id), (by, act.now))?;
    store::hurry(c, area.id, act.now)?;
    settle(c, area.id, rota.id, act.now)?;
    let details = json!({ "called": key, "person": person.name, "area": area.name });
    let entry = Audited::new("rota.name_said", format!("rota:{}", rota.id));
    audit::record(
        c,
        act,
        entry.person(person.id).area(area.id).details(details),
    )?;
    Ok(person.name)
}

/// A finding of an area as it stands now, with its acceptance.
///
/// Errors: As [`area_to_change`]; [`Error::NotFound`] when the rota no longer has it.
pub fn finding(
    c: &mut Conn,
    (actor, now): (&Actor, UtcTime),
    slug: &str,
    of: &Identity,
) -> Result<(Area, Judged)> {
    let area = area_to_change(c, actor, slug)?;
    let all = checked(c, area.id, now)?.findings;
    let found = all.into_iter().find(|(finding, _)| finding.identity == *of);
    Ok((area, found.ok_or(Error::NotFound("finding"))?))
}

/// Accepts a finding until a day; it stays on the page. Returns the name it is about.
///
/// Errors: As [`lock_area`]; [`Error::Conflict`] when it is accepted, or the rota no longer has it.
pub fn accept(
    c: &mut Conn,
    act: &Act,
    slug: &str,
    of: &Identity,
    (reason, until_on): (&Why, Day),
) -> Result<String> {
    let area = lock_area(c, act, slug)?;
    let by = act.actor.id.ok_or(Error::SignedOut)?;
    if of.who.person() == Some(by) {
        return Err(Error::Forbidden(
            "Only someone else accepts a finding about you.".into(),
        ));
    }
    let all = checked(c, area.id, act.now)?.findings;
    let found = all.into_iter().find(|(finding, _)| finding.identity == *of);
    let Some((finding, accepted)) = found else {
        let sentence = "The rota no longer has this finding. Nothing was stored.";
        return Err(Error::Conflict(sentence.into()));
    };
    if let Some(accepted) = accepted {
        return Err(Error::Conflict(format!(
            "{} accepted this finding on {}. Your change was not saved.",
            people::store::name_of(c, Some(accepted.by_id))?,
            act.moment(accepted.at)
        )));
    }
    let rotas = store::of_areas(c, &[area.id])?;
    let rota = rotas.first().ok_or(Error::NotFound("rota"))?;
    store::accept(c, area.id, of, (reason.as_str(), until_on), (by, act.now))?;
    settle(c, area.id, rota.id, act.now)?;
    let details = json!({
        "about": finding.name, "finding": finding.sentence(), "area": area.name, "shift": of.at.iso(),
        "reason": reason.as_str(), "until": until_on.to_string(),
    });
    let entry = Audited::new("rota.accepted", format!("rota:{}", rota.id)).area(area.id);
    let entry = match of.who.person() {
        Some(id) => entry.person(id),
        None => entry,
    };
    audit::record(c, act, entry.details(details))?;
    Ok(finding.name)
}

/// A rota with its area, for somebody who may change it.
///
/// Errors: [`Error::NotFound`]; [`Error::Forbidden`] for everybody else.
pub fn of(c: &mut Conn, actor: &Actor, id: i64) -> Result<(Rota, Area)> {
    let rota = store::by_id(c, id)?.ok_or(Error::NotFound("rota"))?;
    let area = area::store::by_id(c, rota.area_id)?;
    match area::may_change(actor, area.owner_team_id) {
        true => Ok((rota, area)),
        false => Err(forbidden(&area)),
    }
}

fn open(c: &mut Conn, act: &Act, id: i64) -> Result<(Rota, Area)> {
    let (rota, _) = of(c, &act.actor, id)?;
    locks::lock(c, Order::Area, &[rota.area_id])?;
    let (rota, area) = of(c, &act.actor, id)?;
    match rota.removed_at {
        None => Ok((rota, area)),
        Some(_) => Err(removed()),
    }
}

fn removed() -> Error {
    Error::Conflict("This rota was removed.".into())
}

fn entry(action: &'static str, rota: &Rota, area: &Area) -> Audited {
    let details = json!({ "name": rota.name, "area": area.name });
    Audited::new(action, format!("rota:{}", rota.id))
        .area(area.id)
        .details(details)
}
