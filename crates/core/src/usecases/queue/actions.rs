//! Asking to ramp, withdrawing and declining. A request is also closed when the ramp starts.

use std::collections::HashMap;

use serde_json::json;

use crate::db::types::Day;
use crate::db::{Conn, exactly_one};
use crate::domain::area::model::Area;
use crate::domain::audit::{Act, Entry};
use crate::domain::notification::Kind;
use crate::domain::people::Actor;
use crate::domain::queue::model::RampRequest;
use crate::domain::queue::{Outcome, Standing, WORDS, may_ask, store};
use crate::domain::ramp::may_start;
use crate::domain::{area, audit, clearance, people, ramp, standard};
use crate::error::{Error, Result};
use crate::usecases::home::waiting::causes::ramp_asked;
use crate::usecases::notify;
use crate::usecases::notify::causes;
use crate::words::Words;

/// What a person has in an area already.
pub fn standing(c: &mut Conn, person_id: i64, area: &Area, today: Day) -> Result<Standing> {
    let held = clearance::store::latest_of(c, (person_id, area.id))?;
    let ramps = ramp::store::of_mentee(c, person_id)?;
    let waiting = store::waiting(c, area.id)?;
    Ok(Standing {
        is_archived: area.archived_at.is_some(),
        has_standard: standard::store::published_id(c, area.id)?.is_some(),
        is_cleared: clearance::standing(held.as_ref(), today).is_cover(),
        ramps: ramps
            .iter()
            .any(|r| r.area_id == area.id && r.closed_at.is_none()),
        waits: waiting.iter().any(|w| w.person_id == person_id),
    })
}

/// Who waits in an area that the viewer may answer, and the teams of each.
pub fn answerable(c: &mut Conn, actor: &Actor, area: &Area) -> Result<Vec<RampRequest>> {
    let waiting = store::waiting(c, area.id)?;
    let ids: Vec<i64> = waiting.iter().map(|w| w.person_id).collect();
    let mut teams: HashMap<i64, Vec<i64>> = HashMap::new();
    for m in people::store::memberships_among(c, &ids)? {
        teams.entry(m.person_id).or_default().push(m.team_id);
    }
    let of = |id: i64| teams.get(&id).map_or(&[][..], Vec::as_slice);
    Ok(waiting
        .into_iter()
        .filter(|w| may_start(actor, w.person_id, of(w.person_id), area.owner_team_id))
        .collect())
}

/// Asks to ramp in an area.
///
/// Errors: [`Error::Conflict`] when the person has an open ramp, a clearance or an open request there.
pub fn ask(c: &mut Conn, act: &Act, slug: &str, why: Result<Words<WORDS>>) -> Result<()> {
    let me = act.actor.id.ok_or(Error::SignedOut)?;
    let area = area::store::lock_by_slug(c, slug)?;
    act.hold(c, &[])?;
    may_ask(standing(c, me, &area, act.now.day())?).map_err(|why| Error::Conflict(why.into()))?;
    let why = why?;
    let id = store::insert(c, (me, area.id), why.as_str(), act.now)?;
    let memberships = people::store::memberships_of(c, me)?;
    let teams = memberships.iter().map(|m| m.team_id);
    let teams: Vec<i64> = teams.chain([area.owner_team_id]).collect();
    let mut to = people::store::leads_of(c, &teams)?;
    to.retain(|id| *id != me);
    if to.is_empty() {
        // Nobody answers for themselves: without another lead, administrators do.
        let administrators = people::store::administrators(c)?;
        to.extend(administrators.iter().map(|p| p.id));
    }
    notify::tell(c, act, &ramp_asked(id, (me, area.id), slug), to)?;
    let details = json!({ "why": why.as_str() });
    audit::record(
        c,
        act,
        entry("ramp_request.asked", id, (me, area.id)).details(details),
    )
}

/// The person no longer asks.
///
/// Errors: [`Error::NotFound`] for anyone else; [`Error::Conflict`] when it was answered meanwhile.
pub fn withdraw(c: &mut Conn, act: &Act, slug: &str, id: i64) -> Result<()> {
    let (request, me) = (of_area(c, slug, id)?, act.actor.id.ok_or(Error::SignedOut)?);
    if request.person_id != me {
        return Err(Error::NotFound("request"));
    }
    act.hold(c, &[])?;
    close(c, act, &request, (Outcome::Withdrawn, ""))?;
    let about = (request.person_id, request.area_id);
    audit::record(c, act, entry("ramp_request.withdrawn", id, about))
}

/// A lead says why there is no ramp now.
///
/// Errors: [`Error::Forbidden`] for whoever could not start the ramp; [`Error::Conflict`] when it was answered meanwhile.
pub fn decline(
    c: &mut Conn,
    act: &Act,
    slug: &str,
    id: i64,
    why: Result<Words<WORDS>>,
) -> Result<()> {
    let request = of_area(c, slug, id)?;
    let area = area::store::by_id(c, request.area_id)?;
    act.hold(c, &[request.person_id])?;
    let memberships = people::store::memberships_of(c, request.person_id)?;
    let teams: Vec<i64> = memberships.iter().map(|m| m.team_id).collect();
    if !may_start(&act.actor, request.person_id, &teams, area.owner_team_id) {
        return Err(Error::Forbidden(format!(
            "Only a lead of {} or of the person's team, or an administrator, answers this.",
            area.owner_team
        )));
    }
    let why = why?;
    close(c, act, &request, (Outcome::Declined, why.as_str()))?;
    let about = (request.person_id, request.area_id);
    let cause = causes::ramp_declined(id, about, slug);
    notify::tell(c, act, &cause, [request.person_id])?;
    let details = json!({ "why": why.as_str() });
    audit::record(
        c,
        act,
        entry("ramp_request.declined", id, about).details(details),
    )
}

/// What a person asks for in an area is answered by what begins there. Part of the deed that does it, under the lock of the
/// area.
pub fn answered(
    c: &mut Conn,
    act: &Act,
    (person_id, area_id): (i64, i64),
    (outcome, ramp_id): (Outcome, Option<i64>),
) -> Result<()> {
    for request in store::open_of(c, person_id)? {
        if request.area_id == area_id {
            end(c, act, &request, (outcome, "", ramp_id))?;
        }
    }
    Ok(())
}

/// Somebody who leaves no longer asks. Part of the deed that deactivates them, under their lock.
pub fn left(c: &mut Conn, act: &Act, person_id: i64) -> Result<()> {
    for request in store::open_of(c, person_id)? {
        end(c, act, &request, (Outcome::Left, "", None))?;
    }
    Ok(())
}

/// A request of that area, which is locked: a ramp that starts there closes it too.
fn of_area(c: &mut Conn, slug: &str, id: i64) -> Result<RampRequest> {
    let area = area::store::lock_by_slug(c, slug)?;
    let request = store::by_id(c, id)?;
    match request.area_id == area.id {
        true => Ok(request),
        false => Err(Error::NotFound("request")),
    }
}

fn close(c: &mut Conn, act: &Act, request: &RampRequest, how: (Outcome, &str)) -> Result<()> {
    if let Some(outcome) = request.outcome {
        let said = outcome.label().to_lowercase();
        return Err(Error::Conflict(format!(
            "This was closed meanwhile: {said}."
        )));
    }
    end(c, act, request, (how.0, how.1, None))
}

fn end(c: &mut Conn, act: &Act, request: &RampRequest, how: store::Answer<'_>) -> Result<()> {
    let by = (act.actor.id, act.now);
    exactly_one(store::close(c, request.id, how, by)? == 1)?;
    notify::done(c, act, Kind::RampAsked, &object(request.id))
}

fn object(id: i64) -> String {
    format!("ramp_request:{id}")
}

fn entry(action: &'static str, id: i64, (person_id, area_id): (i64, i64)) -> Entry {
    Entry::new(action, object(id))
        .person(person_id)
        .area(area_id)
}
