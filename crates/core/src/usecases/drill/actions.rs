//! Planning, changing and cancelling a drill.

use serde_json::{Value, json};

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::area::model::Area;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::calendar::difference::{News, news};
use crate::domain::drill::lifecycle::{Step, step};
use crate::domain::drill::store;
use crate::domain::drill::store::Stamp;
use crate::domain::drill::{DrillState, NewDrill, NewLine, Note, Role, check_start, lines};
use crate::domain::notification::Kind;
use crate::domain::people;
use crate::domain::people::Actor;
use crate::domain::people::store::name_of;
use crate::domain::standard;
use crate::error::{Error, FieldErrors, Result};
use crate::usecases::drill::detail;
use crate::usecases::drill::detail::DrillDetail;
use crate::usecases::notify;
use crate::usecases::notify::causes;

/// Who plans drills in an area, for someone who may not.
pub fn forbidden(area: &Area) -> Error {
    Error::Forbidden(format!(
        "Drills in {} can be planned only by its mentors, its qualifiers and leads of {}.",
        area.name, area.owner_team
    ))
}

/// The areas in which somebody may plan drills.
///
/// Errors: [`Error::Forbidden`] when there are none.
pub fn plannable(c: &mut Conn, actor: &Actor) -> Result<Vec<Area>> {
    let areas = detail::plannable(c, actor)?;
    if areas.is_empty() {
        return Err(Error::Forbidden(
            "Only mentors and qualifiers of an area, and leads of its owner team, can plan drills."
                .into(),
        ));
    }
    Ok(areas)
}

/// Only those who write on the sheet.
pub fn require_runner(detail: &DrillDetail, actor: &Actor) -> Result<()> {
    if detail.authority(actor).may_run() {
        return Ok(());
    }
    let master = detail.first(crate::domain::drill::Role::GameMaster);
    Err(Error::Forbidden(format!(
        "Only the game master, {}, and the planner can run this drill.",
        master.map_or("someone", |p| p.name.as_str())
    )))
}

/// Only those who may change the plan or cancel.
pub fn require_arranger(detail: &DrillDetail, actor: &Actor) -> Result<()> {
    if detail.authority(actor).may_arrange() {
        return Ok(());
    }
    Err(Error::Forbidden(format!(
        "Only the game master, the planner, and leads of {} who take no part in it can change this drill.",
        detail.area.owner_team
    )))
}

/// The state after a step.
///
/// Errors: [`Error::Conflict`] that says who took another step, and when.
pub fn next_state(
    c: &mut Conn,
    act: &Act,
    detail: &DrillDetail,
    wanted: Step,
) -> Result<DrillState> {
    match step(detail.drill.state, wanted) {
        Some(next) => Ok(next),
        None => Err(overtaken(c, act, detail)?),
    }
}

pub fn overtaken(c: &mut Conn, act: &Act, detail: &DrillDetail) -> Result<Error> {
    let drill = &detail.drill;
    let verb = match drill.state {
        DrillState::Planned => "changed",
        DrillState::Running => "began",
        DrillState::Run => "ended",
        DrillState::Debriefed => "debriefed",
        DrillState::Cancelled => "cancelled",
    };
    let who = name_of(c, Some(drill.changed_by))?;
    let when = act.moment(drill.changed_at);
    Ok(Error::Conflict(format!(
        "{who} {verb} this drill on {when}. Your change was not saved."
    )))
}

pub fn entry(action: &'static str, (id, area_id): (i64, i64), details: Value) -> Entry {
    let entry = Entry::new(action, format!("drill:{id}")).area(area_id);
    entry.details(details)
}

/// Returns the row of the new drill.
///
/// Errors: [`Error::Forbidden`] unless the actor may plan drills there; [`Error::Conflict`] when the area is archived;
/// [`Error::Invalid`].
pub fn plan(c: &mut Conn, act: &Act, slug: &str, new: &NewDrill) -> Result<i64> {
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    crate::domain::area::store::share_by_slug(c, slug)?;
    let (area, roles) = detail::area(c, slug)?;
    if !roles.may_plan(&act.actor) {
        return Err(forbidden(&area));
    }
    if area.archived_at.is_some() {
        let sentence = format!("{} is archived. Drills cannot be planned in it.", area.name);
        return Err(Error::Conflict(sentence));
    }
    let sheet = check(c, act, &area, new, (&[by_id], None))?;
    ask_about_same_time(c, act, new, None)?;
    let id = store::insert(c, area.id, new, &sheet, (by_id, act.now))?;
    let planned = causes::drill(
        Kind::DrillPlanned,
        (id, area.id),
        new.title.as_str(),
        new.starts_at,
    );
    let parts = new.participants.parts().iter().map(|(id, _)| *id);
    notify::tell(c, act, &planned, parts)?;
    let details = plan_details(new, &sheet);
    audit::record(c, act, entry("drill.planned", (id, area.id), details))?;
    Ok(id)
}

/// Changes the plan that the form showed at `revision`.
///
/// Errors: [`Error::Forbidden`] unless the actor is its game master, its planner or a lead; [`Error::Conflict`] when
/// someone changed it or took a step since; [`Error::Invalid`].
pub fn change(c: &mut Conn, act: &Act, id: i64, revision: i32, new: &NewDrill) -> Result<()> {
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    let detail = DrillDetail::lock(c, id)?;
    require_arranger(&detail, &act.actor)?;
    next_state(c, act, &detail, Step::Change)?;
    if detail.drill.revision != revision {
        return Err(overtaken(c, act, &detail)?);
    }
    let authors = [detail.drill.planned_by, by_id];
    let stored_start = Some(detail.drill.starts_at);
    let sheet = check(c, act, &detail.area, new, (&authors, stored_start))?;
    ask_about_same_time(c, act, new, Some(&detail))?;
    if !store::rewrite(c, (id, revision), new, &sheet, (by_id, act.now))? {
        return Err(overtaken(c, act, &detail)?);
    }
    let key = (id, detail.area.id);
    for (person, what) in changed(&detail, new) {
        let (kind, at) = match what {
            News::Joined => (Kind::DrillPlanned, new.starts_at),
            News::Changed => (Kind::DrillChanged, new.starts_at),
            News::Left => (Kind::DrillLeft, detail.drill.starts_at),
        };
        let told = causes::drill(kind, key, new.title.as_str(), at);
        notify::tell_all(c, act, &told, [person])?;
    }
    audit::record(
        c,
        act,
        entry(
            "drill.changed",
            key,
            json!({ "to": plan_details(new, &sheet) }),
        ),
    )
}

/// What a new plan is for each person. What is written on the sheet is told to nobody.
fn changed(detail: &DrillDetail, new: &NewDrill) -> Vec<(i64, News)> {
    let drill = &detail.drill;
    let before = (drill.title.as_str(), drill.starts_at, drill.minutes);
    let now = (new.title.as_str(), new.starts_at, new.minutes.number());
    let parts = detail.parts.iter();
    let was: Vec<_> = parts
        .map(|p| (p.about.person_id, (p.role, before)))
        .collect();
    let parts = new.participants.parts().iter();
    let is: Vec<_> = parts.map(|(id, role)| (*id, (*role, now))).collect();
    news(&was, &is)
}

/// Errors: As [`change`]; [`Error::Invalid`] without a reason.
pub fn cancel(c: &mut Conn, act: &Act, id: i64, reason: &Note) -> Result<()> {
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    let detail = DrillDetail::lock(c, id)?;
    require_arranger(&detail, &act.actor)?;
    let next = next_state(c, act, &detail, Step::Cancel)?;
    if reason.is_empty() {
        return Err(Error::field("cancel_reason", "Say why, in a few words."));
    }
    let stamp = Stamp {
        cancel_reason: Some(reason.as_str()),
        ..Stamp::default()
    };
    let states = (detail.drill.state, next);
    if !store::advance(c, id, states, &stamp, (by_id, act.now))? {
        return Err(overtaken(c, act, &detail)?);
    }
    let drill = &detail.drill;
    let key = (id, detail.area.id);
    let cancelled = causes::drill(Kind::DrillCancelled, key, &drill.title, drill.starts_at);
    notify::tell_all(c, act, &cancelled, causes::in_drill(&detail))?;
    notify::done(c, act, Kind::DrillWaits, &format!("drill:{id}"))?;
    let details = json!({ "reason": reason.as_str() });
    audit::record(
        c,
        act,
        entry("drill.cancelled", (id, detail.area.id), details),
    )
}

/// Nobody plays or leads two drills at once, so that is asked about, once.
fn ask_about_same_time(
    c: &mut Conn,
    act: &Act,
    new: &NewDrill,
    was: Option<&DrillDetail>,
) -> Result<()> {
    let busy = |(_, role): &&(i64, Role)| *role != Role::Observer;
    let parts = new.participants.parts().iter();
    let mut ids: Vec<i64> = parts.filter(busy).map(|(id, _)| *id).collect();
    let same_time = was.filter(|d| {
        let drill = &d.drill;
        (drill.starts_at, drill.minutes) == (new.starts_at, new.minutes.number())
    });
    // Who is in it at that time already was asked about.
    if let Some(detail) = same_time {
        ids.retain(|id| detail.parts.iter().all(|p| p.about.person_id != *id));
    }
    if new.another || ids.is_empty() {
        return Ok(());
    }
    let ends_at = new
        .starts_at
        .plus_seconds(60 * i64::from(new.minutes.number()));
    let time = (new.starts_at, ends_at);
    let Some((other, person)) = store::at_that_time(c, &ids, time, was.map(|d| d.drill.id))? else {
        return Ok(());
    };
    let who = name_of(c, Some(person))?;
    let when = act.moment(other.starts_at);
    Err(Error::field(
        "another",
        format!(
            "{who} has a part in the drill “{}” on {when}. Look at it, or say that this is another one.",
            other.title
        ),
    ))
}

/// Checks that need the database; returns the sheet.
fn check(
    c: &mut Conn,
    act: &Act,
    area: &Area,
    new: &NewDrill,
    (authors, stored_start): (&[i64], Option<UtcTime>),
) -> Result<Vec<NewLine>> {
    let mut errors = FieldErrors::default();
    if let Err(sentence) = check_start(new.starts_at, act.now)
        && stored_start != Some(new.starts_at)
    {
        errors.add("starts_at", sentence);
    }
    let ids: Vec<i64> = new.participants.parts().iter().map(|(id, _)| *id).collect();
    act.hold(c, &ids)?;
    let mut here = people::store::by_ids(c, &ids)?;
    here.retain(|p| p.deactivated_at.is_none());
    for (id, role) in new.participants.parts() {
        match here.iter().find(|p| p.id == *id) {
            None => errors.add(role.word(), "Choose someone who is here."),
            Some(person) if role.plays() && authors.contains(id) => errors.add(
                role.word(),
                format!(
                    "{} wrote the scenario and knows it. Choose someone else, or let someone else plan it.",
                    person.name
                ),
            ),
            Some(_) => {}
        }
    }
    let content = match standard::store::published_id(c, area.id)? {
        Some(id) => standard::store::load_one(c, id)?.content,
        None => Default::default(),
    };
    match lines(new, &content, &area.code) {
        Ok(sheet) => errors.or(sheet),
        Err((field, sentence)) => {
            errors.add(field, sentence);
            Err(Error::Invalid(errors))
        }
    }
}

fn plan_details(new: &NewDrill, sheet: &[NewLine]) -> Value {
    let parts: Vec<Value> = new
        .participants
        .parts()
        .iter()
        .map(|(id, role)| json!({ "person": id, "role": role }))
        .collect();
    let sheet: Vec<Value> = sheet
        .iter()
        .map(|l| json!({ "kind": l.kind, "code": l.code, "body": l.body }))
        .collect();
    json!({
        "kind": new.kind,
        "title": new.title.as_str(),
        "scenario": new.scenario.as_str(),
        "starts_at": new.starts_at.iso(),
        "minutes": new.minutes.number(),
        "people": parts,
        "lines": sheet,
        "postmortem": new.postmortem_id,
    })
}
