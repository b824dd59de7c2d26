//! Planning a reading club, recording who came, cancelling.

use std::collections::BTreeSet;

use serde_json::json;

use crate::db::{Conn, exactly_one};
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::notification::Kind;
use crate::domain::people;
use crate::domain::people::Actor;
pub use crate::domain::postmortem::club::form::{NewPlan, People};
use crate::domain::postmortem::club::store;
use crate::domain::postmortem::club::store::{Club, NewClub};
use crate::domain::postmortem::club::{
    ClubState, Leadership, MAX_PEOPLE, Reason, check_start, counts_for, with_reason,
};
use crate::domain::postmortem::{Postmortem, State, store as postmortems};
use crate::error::{Error, FieldErrors, Result};
use crate::usecases::notify;
use crate::usecases::notify::causes;
use crate::usecases::people::find;
use crate::usecases::postmortem::actions::not_open;

/// Only people who may lead a club, and only on a teachable post-mortem.
///
/// Errors: [`Error::Forbidden`], [`Error::Conflict`] when it is not teachable.
pub fn may_plan(postmortem: &Postmortem, actor: &Actor, part: Leadership) -> Result<()> {
    if !postmortem.access().may_read(actor) {
        return Err(Error::Forbidden(not_open().into()));
    }
    if !part.is_enough() {
        return Err(Error::Forbidden(
            "To lead a reading club, you must be cleared for an area of the post-mortem, \
             mentor a ramp in one, or lead its team."
                .into(),
        ));
    }
    match postmortem.state {
        State::Teachable => Ok(()),
        state => Err(Error::Conflict(format!(
            "Only a teachable post-mortem can have a reading club. This one is {}.",
            state.label().to_lowercase()
        ))),
    }
}

/// Plans a club that the actor leads; returns its row.
///
/// Errors: As [`may_plan`]; [`Error::Invalid`] when the time is not possible, or someone has left.
pub fn plan(c: &mut Conn, act: &Act, slug: &str, new: &NewPlan) -> Result<i64> {
    // Locked, so that nobody retires it at the same moment.
    let found = postmortems::lock(c, slug)?;
    let (part, _) = store::part_of(c, &found, &act.actor, act.now.day())?;
    may_plan(&found, &act.actor, part)?;
    let me = act.actor.id.ok_or(Error::SignedOut)?;
    let mut errors = FieldErrors::default();
    if let Err(sentence) = check_start(new.starts_at, act.now) {
        errors.add("starts_at", sentence);
    }
    let mut all = invited(c, &new.people, &mut errors)?;
    all.insert(me);
    if all.len() < 2 && errors.is_empty() {
        errors.add("others", "Name at least one other person.");
    }
    errors.or(())?;
    let club = NewClub {
        postmortem_id: found.id,
        starts_at: new.starts_at,
        minutes: new.minutes.number(),
        led_by: me,
        note: new.note.as_str(),
        at: act.now,
    };
    let id = store::insert(c, club, all.iter().copied())?;
    let planned = causes::club(Kind::ClubPlanned, id, &found, new.starts_at);
    notify::tell(c, act, &planned, all.iter().copied())?;
    let details = json!({
        "title": found.document.title, "postmortem": found.id, "starts_at": new.starts_at.iso(),
        "minutes": new.minutes.number(), "people": all,
    });
    audit::record(c, act, entry("club.planned", id).details(details))?;
    Ok(id)
}

fn invited(c: &mut Conn, people: &People, errors: &mut FieldErrors) -> Result<BTreeSet<i64>> {
    let chosen: Vec<i64> = people.chosen.iter().copied().collect();
    let here = people::store::by_ids(c, &chosen)?;
    let here = here.iter().filter(|p| p.deactivated_at.is_none());
    let mut all: BTreeSet<i64> = here.map(|p| p.id).collect();
    if all.len() < chosen.len() {
        errors.add("person", "Someone you chose has left. Load the page again.");
    }
    for name in &people.named {
        match find::called(c, name)? {
            Ok(person) => {
                all.insert(person.id);
            }
            Err(sentence) => errors.add("others", sentence),
        }
    }
    if all.len() > MAX_PEOPLE {
        errors.add("others", format!("The limit is {MAX_PEOPLE} people."));
    }
    Ok(all)
}

/// Only the leader of the club, and the leads of its areas.
pub fn may_close(club: &Club, postmortem: &Postmortem, actor: &Actor) -> Result<()> {
    if actor.is(club.led_by) || postmortem.access().is_lead(actor) {
        return Ok(());
    }
    Err(Error::Forbidden(
        "Only its leader, or a lead of an area of its post-mortem, can close a reading club."
            .into(),
    ))
}

/// The locked open club, if the actor may close it.
fn closing(c: &mut Conn, act: &Act, id: i64) -> Result<(Club, Postmortem)> {
    let club = store::lock(c, id)?;
    let found = postmortems::named(c, &club.postmortem_id.to_string())?;
    may_close(&club, &found, &act.actor)?;
    if club.state == ClubState::Planned {
        return Ok((club, found));
    }
    let who = people::store::name_of(c, club.closed_by)?;
    let when = club.closed_at.map(|at| act.moment(at)).unwrap_or_default();
    let word = match club.state {
        ClubState::Cancelled => "cancelled this reading club",
        ClubState::Planned | ClubState::Held => "recorded who was there",
    };
    Err(Error::Conflict(format!("{who} {word} on {when}.")))
}

/// Records who came. The club counts for them by [`counts_for`]. `came` may name people who were not planned.
///
/// Errors: As [`may_close`]; [`Error::Conflict`] when it was closed before or has not begun, [`Error::Invalid`] when
/// only the leader came.
pub fn held(c: &mut Conn, act: &Act, id: i64, came: &People) -> Result<()> {
    let (club, found) = closing(c, act, id)?;
    let by = act.actor.id.ok_or(Error::SignedOut)?;
    if club.starts_at > act.now {
        return Err(Error::Conflict(format!(
            "This reading club begins on {}. Say afterwards who was there.",
            act.moment(club.starts_at)
        )));
    }
    let mut errors = FieldErrors::default();
    let there = invited(c, came, &mut errors)?;
    if !there.iter().any(|person| *person != club.led_by) && errors.is_empty() {
        errors.add(
            "person",
            "A club needs at least two people. Cancel it if nobody else came.",
        );
    }
    errors.or(())?;
    let planned = store::members(c, id)?;
    for member in &planned {
        store::tick(c, id, member.person_id, there.contains(&member.person_id))?;
    }
    let is_planned = |person: &&i64| planned.iter().any(|m| m.person_id == **person);
    for person in there.iter().filter(|p| !is_planned(p)) {
        store::join(c, id, *person, Some(true))?;
    }
    let end = (ClubState::Held, club.note.as_str());
    exactly_one(store::close(c, id, end, by, act.now)?)?;
    notify::done(c, act, Kind::ClubToClose, &format!("club:{id}"))?;
    let details = json!({
        "title": found.document.title, "postmortem": found.id, "there": there,
        "counts_for": counts_for(club.led_by, by, &there),
    });
    audit::record(c, act, entry("club.held", id).details(details))
}

/// Errors: As [`may_close`]; [`Error::Conflict`] when it was closed before, [`Error::Invalid`] without a reason.
pub fn cancel(c: &mut Conn, act: &Act, id: i64, reason: &Reason) -> Result<()> {
    let (club, found) = closing(c, act, id)?;
    let by = act.actor.id.ok_or(Error::SignedOut)?;
    if reason.is_empty() {
        return Err(Error::field("reason", "Say why, in a few words."));
    }
    let note = with_reason(&club.note, reason);
    let end = (ClubState::Cancelled, note.as_str());
    exactly_one(store::close(c, id, end, by, act.now)?)?;
    let cancelled = causes::club(Kind::ClubCancelled, id, &found, club.starts_at);
    let members = store::members(c, id)?;
    notify::tell_all(c, act, &cancelled, members.iter().map(|m| m.person_id))?;
    notify::done(c, act, Kind::ClubToClose, &format!("club:{id}"))?;
    let details = json!({
        "title": found.document.title, "postmortem": found.id, "reason": reason.as_str(),
    });
    audit::record(c, act, entry("club.cancelled", id).details(details))
}

fn entry(action: &'static str, id: i64) -> Entry {
    Entry::new(action, format!("club:{id}"))
}
