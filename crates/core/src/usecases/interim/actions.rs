//! Granting an interim clearance, extending it once, changing its supervisor.

use serde_json::json;

use crate::db::Conn;
use crate::db::types::Day;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::clearance::model::{Clearance, NewClearance};
use crate::domain::clearance::store;
use crate::domain::clearance::store::Change;
use crate::domain::clearance::{ClearanceKind, ClearanceState, Standing, standing};
use crate::domain::hook::{Event, Kind as Told};
use crate::domain::interim::{
    Blocker, can_extend, can_go_on, can_grant, check_end, check_extension,
};
use crate::domain::notification::Kind;
use crate::domain::people::model::Person;
use crate::domain::signoff::Note;
use crate::domain::signoff::independent::Exception;
use crate::domain::{people, ramp};
use crate::error::{Error, FieldErrors, Result};
use crate::forms::Fields;
use crate::text;
use crate::usecases::clearance::detail::ClearanceDetail;
use crate::usecases::dossier::Dossier;
use crate::usecases::hook;
use crate::usecases::notify;
use crate::usecases::notify::causes;
use crate::usecases::signoff::actions::{hold_clearances, permit_independent};

/// An interim clearance to grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granting {
    pub supervisor_id: i64,
    pub ends_on: Day,
    pub reason: Note,
}

/// A later last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    pub ends_on: Day,
    pub reason: Note,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supervision {
    /// The supervisor the form showed.
    pub from: i64,
    /// The new supervisor.
    pub supervisor_id: i64,
    pub reason: Note,
}

impl Granting {
    pub fn parse(fields: &Fields) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let (who, day) = (chosen(fields, &mut errors), last_day(fields, &mut errors));
        let why = reason(fields, &mut errors);
        let all = who.zip(day).zip(why);
        let input = all.map(|((supervisor_id, ends_on), reason)| Self {
            supervisor_id,
            ends_on,
            reason,
        });
        input.ok_or(Error::Invalid(errors))
    }
}

impl Extension {
    pub fn parse(fields: &Fields) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let (day, why) = (last_day(fields, &mut errors), reason(fields, &mut errors));
        let input = day.zip(why);
        input
            .map(|(ends_on, reason)| Self { ends_on, reason })
            .ok_or(Error::Invalid(errors))
    }
}

impl Supervision {
    pub fn parse(fields: &Fields) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let from = fields.id("from").unwrap_or_default();
        let (who, why) = (chosen(fields, &mut errors), reason(fields, &mut errors));
        let input = who.zip(why).map(|(supervisor_id, reason)| Self {
            from,
            supervisor_id,
            reason,
        });
        input.ok_or(Error::Invalid(errors))
    }
}

fn chosen(fields: &Fields, errors: &mut FieldErrors) -> Option<i64> {
    let id = fields.id("supervisor");
    if id.is_none() {
        errors.add("supervisor", "Choose a supervisor.");
    }
    id
}

fn last_day(fields: &Fields, errors: &mut FieldErrors) -> Option<Day> {
    let day = Day::parse(fields.get("ends_on"));
    if day.is_none() {
        errors.add("ends_on", "Enter the last day as a date, like 2027-01-31.");
    }
    day
}

fn reason(fields: &Fields, errors: &mut FieldErrors) -> Option<Note> {
    let missing = "Say why. It stays on record with the clearance.";
    Note::required(fields.get("reason"), missing)
        .map_err(|sentence| errors.add("reason", sentence))
        .ok()
}

/// Grants an interim clearance on a ramp; returns its row.
///
/// Errors: [`Error::Forbidden`] unless the actor is independent; [`Error::Conflict`] when it cannot be granted, or
/// someone else was first; [`Error::Invalid`] when the day does not fit or the supervisor is not cleared.
pub fn grant(c: &mut Conn, act: &Act, ramp_id: i64, terms: &Granting) -> Result<i64> {
    let today = act.now.day();
    let dossier = Dossier::lock(c, ramp_id, today)?;
    let (mentee, area) = (dossier.ramp.mentee_id, &dossier.area);
    hold_clearances(c, &act.actor, &[mentee, terms.supervisor_id])?;
    let by_id = permit_independent(c, (&act.actor, today), &dossier, Exception::Interim)?;
    act.hold(c, &[mentee, terms.supervisor_id])?;
    allowed(c, &dossier, today)?.map_err(|h| Error::Conflict(h.sentence()))?;
    check_end(terms.ends_on, today).map_err(|s| Error::field("ends_on", s))?;
    let supervisor = supervisor(c, (area.id, mentee), terms.supervisor_id, today)?;
    let new = NewClearance {
        kind: ClearanceKind::Interim,
        standard_id: Some(dossier.standard.id),
        supervisor_id: Some(supervisor.id),
        ..NewClearance::full((mentee, area.id), act.now, terms.ends_on)
    };
    let id = store::insert(c, &new)?;
    let change = Change {
        ends_on: Some(terms.ends_on),
        supervisor_id: Some(supervisor.id),
        ..change_of(act, by_id, &terms.reason)
    };
    store::insert_change(c, id, &change)?;
    let key = (id, mentee, area.id);
    let how = ("granted", terms.ends_on);
    let told = causes::clearance(Kind::InterimDecided, key, how);
    let mut hear = causes::everyone(&dossier);
    hear.push(supervisor.id);
    notify::tell(c, act, &told, hear)?;
    let event = Event::new(Told::Interim, id, area.id, act.now);
    let held = store::by_id(c, id)?;
    hook::publish(c, &event.of(mentee).until(&held), act.now)?;
    let details = json!({
        "ramp": ramp_id, "ends_on": terms.ends_on.to_string(), "supervisor": supervisor.name,
        "reason": terms.reason.as_str(),
    });
    let entry = Entry::new("clearance.interim_granted", format!("clearance:{id}"));
    let entry = entry.person(mentee).area(area.id);
    audit::record(c, act, entry.details(details))?;
    Ok(id)
}

/// Whether an interim clearance can be granted on that ramp now, by anyone.
pub fn allowed(
    c: &mut Conn,
    dossier: &Dossier,
    today: Day,
) -> Result<std::result::Result<(), Blocker>> {
    let (ramp, area_id) = (&dossier.ramp, dossier.area.id);
    if active_person(c, ramp.mentee_id)?.is_none() {
        return Ok(Err(Blocker::Left));
    }
    let held: Vec<Clearance> = store::of_person(c, ramp.mentee_id)?
        .into_iter()
        .filter(|held| held.area_id == area_id)
        .collect();
    let on_this_ramp = held
        .iter()
        .filter(|held| held.kind == ClearanceKind::Interim && held.granted_at >= ramp.created_at);
    Ok(can_grant(
        (ramp.state, ramp.starts_on),
        today,
        standing(held.first(), today),
        on_this_ramp.map(|held| held.ends_on).max(),
        &dossier.readiness,
    ))
}

/// Extends an interim clearance, once.
///
/// Errors: [`Error::Forbidden`] unless the actor is independent of its ramp; [`Error::Conflict`] when it cannot be
/// extended, or someone else was first; [`Error::Invalid`] when the day does not fit.
pub fn extend(c: &mut Conn, act: &Act, id: i64, terms: &Extension) -> Result<()> {
    let today = act.now.day();
    let held = store::by_id(c, id)?;
    let ramp_id = open_ramp(c, &held)?;
    let dossier = Dossier::lock(c, ramp_id, today)?;
    let supervisor: Vec<i64> = held.supervisor_id.into_iter().collect();
    let both: Vec<i64> = supervisor.iter().copied().chain([held.person_id]).collect();
    hold_clearances(c, &act.actor, &both)?;
    let by_id = permit_independent(c, (&act.actor, today), &dossier, Exception::Interim)?;
    act.hold(c, &supervisor)?;
    let held = store::by_id(c, id)?;
    let latest = extensible(c, &dossier, &held, today)?;
    check_extension(terms.ends_on, &held, latest, today).map_err(|s| Error::field("ends_on", s))?;
    if !store::extend(c, id, terms.ends_on, act.now)? {
        return Err(overtaken(c, act, id)?);
    }
    let change = Change {
        ends_on: Some(terms.ends_on),
        ..change_of(act, by_id, &terms.reason)
    };
    store::insert_change(c, id, &change)?;
    let key = causes::of_clearance(&held);
    let how = ("extended", terms.ends_on);
    let told = causes::clearance(Kind::InterimDecided, key, how);
    let mut hear = causes::everyone(&dossier);
    hear.extend(held.supervisor_id);
    notify::tell(c, act, &told, hear)?;
    let details = json!({
        "from": held.ends_on.to_string(), "ends_on": terms.ends_on.to_string(), "reason": terms.reason.as_str(),
    });
    audit::record(c, act, about(&held, "clearance.extended").details(details))
}

/// The latest possible extension: while the ramp is open, and the supervisor may still supervise.
///
/// Errors: [`Error::Conflict`] when it cannot be extended.
pub fn extensible(c: &mut Conn, dossier: &Dossier, held: &Clearance, today: Day) -> Result<Day> {
    let latest = store::latest_of(c, (held.person_id, held.area_id))?;
    if latest.is_none_or(|latest| latest.id != held.id) {
        return Err(Error::Conflict(
            "A later clearance of the same person and area holds now; this one is history.".into(),
        ));
    }
    let day = can_extend(held, today).map_err(|s| Error::Conflict(s.into()))?;
    can_go_on(dossier.ramp.state, &dossier.readiness).map_err(|h| Error::Conflict(h.sentence()))?;
    let all = supervisors(c, (held.area_id, held.person_id), today)?;
    if all.iter().any(|p| Some(p.id) == held.supervisor_id) {
        return Ok(day);
    }
    let missed = people::store::name_of(c, held.supervisor_id)?;
    Err(Error::Conflict(format!(
        "{missed} supervises it, and is no longer cleared in {} or has left. Name another supervisor first.",
        dossier.area.name
    )))
}

/// The open ramp of an interim clearance.
///
/// Errors: [`Error::Conflict`] when it is closed.
pub fn open_ramp(c: &mut Conn, held: &Clearance) -> Result<i64> {
    let all = ramp::store::of_mentee(c, held.person_id)?;
    let mut open = all
        .iter()
        .filter(|r| r.area_id == held.area_id && r.closed_at.is_none());
    open.next().map(|r| r.id).ok_or_else(|| {
        Error::Conflict("The ramp it was granted on is closed: it ends on its last day.".into())
    })
}

/// Changes the supervisor of an interim clearance from the one the form showed.
///
/// Errors: [`Error::Forbidden`] unless the actor is a cleared qualifier of the area or a lead of its owner team, and
/// not the holder; [`Error::Conflict`] when it is not valid, or someone else was first; [`Error::Invalid`] when the
/// supervisor is not cleared, or the same.
pub fn name_supervisor(c: &mut Conn, act: &Act, id: i64, terms: &Supervision) -> Result<()> {
    let (today, from) = (act.now.day(), terms.from);
    let detail = ClearanceDetail::lock(c, act, id, &[terms.supervisor_id])?;
    let by_id = detail.permit(&act.actor, today)?;
    if detail.standing(today) != Standing::Interim {
        return Err(Error::Conflict(
            "Only a valid interim clearance can get a supervisor. This one is not valid.".into(),
        ));
    }
    if detail.held.supervisor_id != Some(from) {
        return Err(overtaken(c, act, id)?);
    }
    if terms.supervisor_id == from {
        return Err(Error::field(
            "supervisor",
            "Choose someone other than the current supervisor.",
        ));
    }
    act.hold(c, &[terms.supervisor_id])?;
    let held = &detail.held;
    let key = (held.area_id, held.person_id);
    let supervisor = supervisor(c, key, terms.supervisor_id, today)?;
    if !store::set_supervisor(c, id, (from, supervisor.id), act.now)? {
        return Err(overtaken(c, act, id)?);
    }
    let change = Change {
        supervisor_id: Some(supervisor.id),
        ..change_of(act, by_id, &terms.reason)
    };
    store::insert_change(c, id, &change)?;
    let key = causes::of_clearance(held);
    let how = ("changed the supervisor of", held.ends_on);
    let told = causes::clearance(Kind::InterimDecided, key, how);
    notify::tell(c, act, &told, [held.person_id, from, supervisor.id])?;
    notify::done(c, act, Kind::Unsupervised, &format!("clearance:{id}"))?;
    let details = json!({
        "from": detail.name(from), "supervisor": supervisor.name, "reason": terms.reason.as_str(),
    });
    audit::record(
        c,
        act,
        about(held, "clearance.supervisor_named").details(details),
    )
}

/// Everyone who could supervise in an area, by name: cleared now, has not left, and not the mentee.
pub fn supervisors(
    c: &mut Conn,
    (area_id, mentee_id): (i64, i64),
    today: Day,
) -> Result<Vec<Person>> {
    let cleared: Vec<i64> = store::latest_in_area(c, area_id)?
        .iter()
        .filter(|held| held.person_id != mentee_id && standing(Some(held), today).is_cover())
        .map(|held| held.person_id)
        .collect();
    let mut people = people::store::by_ids(c, &cleared)?;
    people.retain(|p| p.deactivated_at.is_none());
    people.sort_by_cached_key(|p| (text::sort_key(&p.name), p.id));
    Ok(people)
}

/// The new supervisor. The caller holds the locks of the person, so that they do not leave, and of their clearance, so
/// that nobody suspends it meanwhile.
fn supervisor(c: &mut Conn, key: (i64, i64), id: i64, today: Day) -> Result<Person> {
    let all = supervisors(c, key, today)?;
    all.into_iter().find(|p| p.id == id).ok_or_else(|| {
        Error::field(
            "supervisor",
            "Choose someone else, who is cleared in the area now.",
        )
    })
}

fn active_person(c: &mut Conn, id: i64) -> Result<Option<Person>> {
    let person = people::store::by_id(c, id)?;
    Ok(person.filter(|p| p.deactivated_at.is_none()))
}

/// A note on a clearance that stays valid.
fn change_of(act: &Act, by_id: i64, reason: &Note) -> Change {
    Change {
        state: ClearanceState::Valid,
        reason: reason.as_str().to_owned(),
        by_id,
        at: act.now,
        ends_on: None,
        supervisor_id: None,
    }
}

/// Someone else was first: says who, what and when.
fn overtaken(c: &mut Conn, act: &Act, id: i64) -> Result<Error> {
    let detail = ClearanceDetail::load(c, id)?;
    Ok(Error::Conflict(match detail.changes.last() {
        Some(last) => format!(
            "{} {} this clearance on {}. Your change was not saved.",
            detail.name(last.by_id),
            last.done(detail.held.kind),
            act.moment(last.at)
        ),
        None => "The clearance has changed. Load the page again.".into(),
    }))
}

fn about(held: &Clearance, action: &'static str) -> Entry {
    Entry::new(action, format!("clearance:{}", held.id))
        .person(held.person_id)
        .area(held.area_id)
}
