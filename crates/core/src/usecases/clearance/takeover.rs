//! Recording clearances from before Checkride.

use serde_json::json;

use crate::db::Conn;
use crate::db::types::{Day, UtcTime};
use crate::domain::area;
use crate::domain::area::may_change;
use crate::domain::area::model::Area;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::clearance::ClearanceState;
use crate::domain::clearance::model::NewClearance;
use crate::domain::clearance::store;
use crate::domain::clearance::store::Change;
use crate::domain::people::Actor;
use crate::domain::people::model::Person;
use crate::domain::queue::Outcome;
use crate::domain::signoff::Note;
use crate::domain::{people, ramp, standard};
use crate::error::{Error, FieldErrors, Result};
use crate::usecases::area::actions::{lock_area, own_mentors};

/// A clearance from before Checkride.
#[derive(Debug, Clone, Copy)]
pub struct Existing<'a> {
    pub person_id: i64,
    pub area_id: i64,
    pub since: UtcTime,
    pub ends_on: Day,
    /// What it rests on, if somebody says so.
    pub rests_on: Option<&'a Note>,
}

/// A line of the form that adds several.
#[derive(Debug, Clone)]
pub struct Line {
    /// What its fields are called: `since-{key}` and so on.
    pub key: String,
    pub person_id: i64,
    pub since: Day,
    pub ends_on: Day,
}

/// Records what people are cleared for already, all or nothing; returns how many.
///
/// Errors: Those of [`record_existing`], at the fields of each line; [`Error::Forbidden`] unless the actor may change the
/// area; [`Error::Conflict`] when it is archived.
pub fn add_existing(
    c: &mut Conn,
    act: &Act,
    slug: &str,
    lines: &[Line],
    rests_on: &Note,
) -> Result<usize> {
    let area = lock_area(c, act, slug)?;
    let ids: Vec<i64> = lines.iter().map(|line| line.person_id).collect();
    act.hold(c, &ids)?;
    audit::in_one_go(c, act, |c, act| {
        let mut errors = FieldErrors::default();
        for (n, line) in lines.iter().enumerate() {
            let twice = ids.iter().take(n).any(|id| *id == line.person_id);
            match add_line(c, act, &area, line, rests_on, twice) {
                Err(Error::Invalid(wrong)) => {
                    for (field, sentence) in wrong.iter() {
                        errors.add(format!("{field}-{}", line.key), sentence);
                    }
                }
                other => other?,
            }
        }
        errors.or(lines.len())
    })
}

fn add_line(
    c: &mut Conn,
    act: &Act,
    area: &Area,
    line: &Line,
    rests_on: &Note,
    is_twice: bool,
) -> Result<()> {
    if is_twice {
        let sentence = "This person is in the list twice. Keep one line.";
        return Err(Error::field("who", sentence));
    }
    area.validity()
        .check_end(line.ends_on, act.now.day())
        .map_err(|sentence| Error::field("until", sentence))?;
    let existing = Existing {
        person_id: line.person_id,
        area_id: area.id,
        since: line.since.start(),
        ends_on: line.ends_on,
        rests_on: Some(rests_on),
    };
    record_existing(c, act, &existing).map(|_| ())
}

/// Records a clearance from before Checkride. It has no sign-off, and its record says so. The caller holds the area, so
/// that nobody begins a ramp in it meanwhile.
///
/// Errors: [`Error::Forbidden`] unless the actor may change the area; [`Error::Invalid`] when it is the actor's own or that
/// of a mentor of theirs, when the person has left or ever ramped in the area, or when it has ended already or begins later;
/// [`Error::Conflict`] when the person has, or had, a clearance for the area here.
pub fn record_existing(c: &mut Conn, act: &Act, existing: &Existing<'_>) -> Result<i64> {
    let area = area::store::by_id(c, existing.area_id)?;
    if !may_change(&act.actor, area.owner_team_id) {
        return Err(Error::Forbidden(format!(
            "Only leads of {} and administrators add existing clearances.",
            area.owner_team
        )));
    }
    let person = people::store::by_id(c, existing.person_id)?
        .filter(|person| person.deactivated_at.is_none())
        .ok_or_else(|| Error::field("who", "Choose someone who is here."))?;
    require_independent(c, &act.actor, &person, &area)?;
    let (today, ends_on) = (act.now.day(), existing.ends_on);
    if ends_on < today {
        let ended = ends_on.words();
        let sentence = format!("The clearance ended on {ended}; record one that still holds.");
        return Err(Error::field("until", sentence));
    }
    if existing.since > act.now {
        let sentence = "The first day cannot be after today.";
        return Err(Error::field("since", sentence));
    }
    let mut held = store::of_person(c, person.id)?.into_iter();
    if held.any(|held| held.area_id == area.id) {
        return Err(Error::Conflict(format!(
            "{} has a clearance for {} on record already. Look at it first.",
            person.name, area.name
        )));
    }
    // Their mentor, who may end the ramp, would clear them without a gate and without a second key.
    if ramp::store::ever_ramped(c, area.id)?.contains(&person.id) {
        let sentence = format!(
            "{} has, or had, a ramp in {}: a sign-off clears them.",
            person.name, area.name
        );
        return Err(Error::field("who", sentence));
    }
    let new = NewClearance {
        recorded_at: act.now,
        standard_id: standard::store::published_id(c, area.id)?,
        ..NewClearance::full((person.id, area.id), existing.since, ends_on)
    };
    let id = store::insert(c, &new)?;
    let reason = existing.rests_on.map(Note::as_str);
    if let (Some(by_id), Some(reason)) = (act.actor.id, reason) {
        let change = Change {
            state: ClearanceState::Valid,
            reason: reason.to_owned(),
            by_id,
            at: act.now,
            ends_on: Some(ends_on),
            supervisor_id: None,
        };
        store::insert_change(c, id, &change)?;
    }
    let cleared = (Outcome::Cleared, None);
    crate::usecases::queue::actions::answered(c, act, (person.id, area.id), cleared)?;
    let mut details = json!({ "granted_at": existing.since.iso(), "ends_on": ends_on.for_files() });
    if let (Some(map), Some(reason)) = (details.as_object_mut(), reason) {
        map.insert("reason".into(), json!(reason));
    }
    let entry = Entry::new("clearance.taken_over", format!("clearance:{id}"));
    let entry = entry.person(person.id).area(area.id);
    audit::record(c, act, entry.details(details))?;
    Ok(id)
}

/// Nobody clears themselves, or those who then sign for them.
fn require_independent(c: &mut Conn, actor: &Actor, person: &Person, area: &Area) -> Result<()> {
    let who_else = format!("Another lead of {} or an administrator", area.owner_team);
    if actor.is(person.id) {
        let sentence = format!("Nobody adds their own clearance. {who_else} adds it.");
        return Err(Error::field("who", sentence));
    }
    if own_mentors(c, actor, area.id)?.contains(&person.id) {
        let sentence = format!(
            "{} mentors your ramp here. {who_else} adds it.",
            person.name
        );
        return Err(Error::field("who", sentence));
    }
    Ok(())
}
