//! Setting a target, writing a note, and pinning the goals of a team.

use serde_json::{Value, json};

use super::subject::{Subject, Whose, of_all};
use super::waiting::note_waits;
use crate::db::Conn;
use crate::db::locks::{self, Order};
use crate::domain::audit::{self, Act, Entry};
use crate::domain::kpi::note::NewNote;
use crate::domain::kpi::target::{Target, current};
use crate::domain::kpi::{Goal, Kpi, Place, goal, shown, store};
use crate::domain::notification::Kind;
use crate::domain::people::{self, Actor};
use crate::error::{Error, Result};
use crate::text;
use crate::usecases::notify;

/// A target as it was typed. `seen` is the row of the target that the form showed; 0 for none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NewTarget {
    pub goal: Goal,
    pub owner_id: i64,
    pub seen: i64,
}

/// What an address names, for somebody who may set its targets.
///
/// Errors: [`Error::NotFound`] where there are none to set; [`Error::Forbidden`] for everybody else.
pub fn permit_target(c: &mut Conn, actor: &Actor, whose: &Whose) -> Result<(Subject, Place)> {
    let subject = of_all(c, whose)?;
    let place = subject.place().ok_or(Error::NotFound("target"))?;
    if subject.may_set_target(actor) {
        return Ok((subject, place));
    }
    Err(Error::Forbidden(match place {
        Place::Organisation => "Only an administrator sets the targets of the organisation.".into(),
        Place::Team(_) => format!(
            "Only leads of {} and administrators set its targets.",
            subject.name
        ),
        Place::Area(_) => format!(
            "Only leads of the team that owns {} and administrators set its targets.",
            subject.name
        ),
    }))
}

/// Who can own a target there: members of the team, or of the team that owns the area, and administrators; by name.
pub fn owners(c: &mut Conn, subject: &Subject) -> Result<Vec<(i64, String)>> {
    let mut all = match subject.team_id {
        Some(team_id) => people::store::members(c, team_id)?,
        None => Vec::new(),
    };
    all.extend(people::store::administrators(c)?);
    all.sort_by_cached_key(|p| (text::sort_key(&p.name), p.id));
    all.dedup_by_key(|p| p.id);
    Ok(all.into_iter().map(|p| (p.id, p.name)).collect())
}

/// Sets the target of a figure.
///
/// Errors: As [`permit_target`]; [`Error::Invalid`] when the owner is none of [`owners`]; [`Error::Conflict`] when
/// someone set another one meanwhile.
pub fn set_target(
    c: &mut Conn,
    act: &Act,
    (whose, kpi): (&Whose, Kpi),
    new: NewTarget,
) -> Result<String> {
    let (_, place) = permit_target(c, &act.actor, whose)?;
    lock(c, place)?;
    // Another team may own the area by now.
    let (subject, place) = permit_target(c, &act.actor, whose)?;
    act.hold(c, &[new.owner_id])?;
    let owners = owners(c, &subject)?;
    let owner = owners.iter().find(|(id, _)| *id == new.owner_id);
    let (_, owner) = owner.ok_or_else(|| Error::field("owner", "Choose who owns the target."))?;
    let scope = place.word();
    let before = store::targets(c, &scope)?;
    let before = current(&before, kpi);
    if before.map_or(0, |t| t.id) != new.seen {
        return Err(overtaken());
    }
    let is_same = |t: &Target| t.goal == new.goal && t.owner_id == new.owner_id;
    if before.is_some_and(is_same) {
        return Ok(owner.clone());
    }
    store::insert_target(
        c,
        (&scope, kpi),
        (new.goal, new.owner_id),
        act.actor.id,
        act.now,
    )?;
    notify::done(c, act, Kind::KpiNote, &note_waits(place, kpi))?;
    let unit = kpi.unit();
    let details = json!({
        "figure": kpi.label(), "of": subject.name,
        "goal": shown::goal(new.goal, unit),
        "before": before.map(|t| shown::goal(t.goal, unit)),
    });
    let entry = entry("kpi.target_set", place, details).person(new.owner_id);
    audit::record(c, act, entry)?;
    Ok(owner.clone())
}

/// The current target of a figure, for the person who owns it.
///
/// Errors: [`Error::NotFound`] where nobody owns one; [`Error::Forbidden`] for everybody else.
pub fn permit_note(
    c: &mut Conn,
    actor: &Actor,
    (whose, kpi): (&Whose, Kpi),
) -> Result<(Subject, Place, Target)> {
    let subject = of_all(c, whose)?;
    let place = subject.place().ok_or(Error::NotFound("target"))?;
    let all = store::targets(c, &place.word())?;
    let target = current(&all, kpi).copied();
    let target = target.ok_or(Error::NotFound("target"))?;
    match actor.is(target.owner_id) {
        true => Ok((subject, place, target)),
        false => Err(Error::Forbidden(
            "Only the owner of the target writes its notes.".into(),
        )),
    }
}

/// Writes a note of the owner.
///
/// Errors: As [`permit_note`].
pub fn write_note(
    c: &mut Conn,
    act: &Act,
    (whose, kpi): (&Whose, Kpi),
    note: &NewNote,
) -> Result<()> {
    let (_, place, _) = permit_note(c, &act.actor, (whose, kpi))?;
    lock(c, place)?;
    // Someone else may have become its owner meanwhile.
    let (subject, place, target) = permit_note(c, &act.actor, (whose, kpi))?;
    store::insert_note(c, (&place.word(), kpi), note, target.owner_id, act.now)?;
    notify::done(c, act, Kind::KpiNote, &note_waits(place, kpi))?;
    let details = json!({
        "figure": kpi.label(), "of": subject.name,
        "why": note.why.as_str(), "next": note.next.as_str(),
    });
    audit::record(c, act, entry("kpi.note_written", place, details))
}

/// Pins a figure as a goal of a team.
///
/// Errors: [`Error::Forbidden`] unless a lead of the team or an administrator asks; [`Error::Conflict`] when it is one
/// already, or when the team has enough.
pub fn pin(c: &mut Conn, act: &Act, (whose, kpi): (&Whose, Kpi)) -> Result<()> {
    let (team_id, name) = permit_pin(c, &act.actor, whose)?;
    locks::lock(c, Order::Team, &[team_id])?;
    let pinned = store::pins(c, team_id)?;
    goal::check(&pinned, kpi).map_err(Error::Conflict)?;
    store::pin(c, (team_id, kpi), act.actor.id, act.now)?;
    let details = json!({ "figure": kpi.label(), "of": name });
    audit::record(c, act, entry("kpi.pinned", Place::Team(team_id), details))
}

/// Ends a goal of a team.
///
/// Errors: As [`pin`]; [`Error::Conflict`] when it is none.
pub fn unpin(c: &mut Conn, act: &Act, (whose, kpi): (&Whose, Kpi)) -> Result<()> {
    let (team_id, name) = permit_pin(c, &act.actor, whose)?;
    if !store::unpin(c, (team_id, kpi), act.actor.id, act.now)? {
        let sentence = format!("{} is no goal of {name}.", kpi.label());
        return Err(Error::Conflict(sentence));
    }
    let details = json!({ "figure": kpi.label(), "of": name });
    audit::record(c, act, entry("kpi.unpinned", Place::Team(team_id), details))
}

fn permit_pin(c: &mut Conn, actor: &Actor, whose: &Whose) -> Result<(i64, String)> {
    let subject = of_all(c, whose)?;
    let team_id = match subject.place() {
        Some(Place::Team(id)) => id,
        _ => return Err(Error::NotFound("team")),
    };
    match goal::may_pin(actor, team_id) {
        true => Ok((team_id, subject.name)),
        false => Err(Error::Forbidden(format!(
            "Only leads of {} and administrators choose its goals.",
            subject.name
        ))),
    }
}

/// Two people change the targets of a place one after the other.
fn lock(c: &mut Conn, place: Place) -> Result<()> {
    match place {
        Place::Organisation => locks::one_at_a_time(c, Order::KpiTargets, "organisation"),
        Place::Team(id) => locks::lock(c, Order::Team, &[id]),
        Place::Area(id) => locks::lock(c, Order::Area, &[id]),
    }
}

fn entry(action: &'static str, place: Place, details: Value) -> Entry {
    let entry = Entry::new(action, place.word()).details(details);
    match place {
        Place::Area(id) => entry.area(id),
        Place::Organisation | Place::Team(_) => entry,
    }
}

fn overtaken() -> Error {
    Error::Conflict(
        "Someone set this target while you were editing. Compare and save again.".into(),
    )
}
