//! SQL of qualifying activity.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};

use super::{ActivityKind, is_logged_in_time};
use crate::db::Conn;
use crate::db::fixed::fixed;
use crate::db::schema::{activities, areas, clearances, ramps, teams};
use crate::db::types::{Day, UtcTime};
use crate::domain::area::model::Area;
use crate::domain::area::practice::Practised;
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::store::{keep, lock_latest_of};
use crate::domain::clearance::{ClearanceKind, ClearanceState, holds_until};
use crate::domain::ramp::RampState;
use crate::error::{Error, Result};

/// New practice.
#[derive(Debug, Clone, PartialEq, Eq, Insertable)]
#[diesel(table_name = activities)]
pub struct NewActivity {
    pub person_id: i64,
    pub area_id: i64,
    pub kind: ActivityKind,
    /// The day (UTC) it happened.
    pub day: Day,
    /// What happened, in words; may be empty.
    pub note: String,
    /// A link to its record.
    pub link: Option<String>,
    pub shift_id: Option<i64>,
    pub drill_id: Option<i64>,
    pub by_id: i64,
    /// When it was recorded.
    pub recorded_at: UtcTime,
    /// How long it took; None where that is not known.
    pub minutes: Option<i32>,
}

/// Stores practice of any person, and updates their current clearance.
pub fn record(c: &mut Conn, new: &NewActivity) -> Result<i64> {
    let held = lock_latest_of(c, (new.person_id, new.area_id))?;
    let id = diesel::insert_into(activities::table)
        .values(new)
        .returning(activities::id)
        .get_result(c)?;
    renew(c, held, new.recorded_at)?;
    Ok(id)
}

/// Takes back logged practice; false when it was taken back before.
pub fn take_back(c: &mut Conn, activity: &Activity, by_id: i64, now: UtcTime) -> Result<bool> {
    let held = lock_latest_of(c, (activity.person_id, activity.area_id))?;
    let counts = activities::id
        .eq(activity.id)
        .and(activities::undone_at.is_null());
    let taken = diesel::update(activities::table.filter(counts))
        .set((
            activities::undone_at.eq(Some(now)),
            activities::undone_by.eq(Some(by_id)),
        ))
        .execute(c)?;
    renew(c, held, now)?;
    Ok(taken == 1)
}

/// Computes again how long a clearance holds.
fn renew(c: &mut Conn, held: Option<Clearance>, now: UtcTime) -> Result<()> {
    let Some(held) = held.filter(|held| held.kind == ClearanceKind::Full) else {
        return Ok(());
    };
    let logged: Vec<(Day, UtcTime, ActivityKind, Option<i32>)> = activities::table
        .filter(
            activities::person_id
                .eq(held.person_id)
                .and(activities::area_id.eq(held.area_id))
                .and(activities::day.gt(held.practice_from))
                .and(activities::undone_at.is_null()),
        )
        .select((
            activities::day,
            activities::recorded_at,
            activities::kind,
            activities::minutes,
        ))
        .load(c)?;
    let in_time: Vec<Practised> = logged
        .into_iter()
        .filter(|(day, at, ..)| is_logged_in_time(*day, at.day()))
        .map(|(day, _, kind, minutes)| Practised { day, kind, minutes })
        .collect();
    let kept = held.rule().kept(held.practice_from, &in_time);
    let holds_until = holds_until(held.kind, held.ends_on, kept.until);
    diesel::update(clearances::table.find(held.id))
        .set((
            clearances::practised_on.eq(kept.practised_on),
            clearances::practice_left.eq(kept.left),
            clearances::holds_until.eq(holds_until),
        ))
        .execute(c)?;
    keep(c, held.id, now)
}

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = activities)]
pub struct Activity {
    pub id: i64,
    pub person_id: i64,
    pub area_id: i64,
    pub kind: ActivityKind,
    /// The day (UTC) it happened.
    pub day: Day,
    /// What happened, in words; may be empty.
    pub note: String,
    /// A link to its record.
    pub link: Option<String>,
    pub shift_id: Option<i64>,
    pub drill_id: Option<i64>,
    pub by_id: i64,
    /// When it was recorded.
    pub recorded_at: UtcTime,
    /// When it was taken back.
    pub undone_at: Option<UtcTime>,
    /// How long it took; None where that is not known.
    pub minutes: Option<i32>,
}

pub fn by_id(c: &mut Conn, id: i64) -> Result<Activity> {
    activities::table
        .find(id)
        .select(Activity::as_select())
        .first(c)
        .optional()?
        .ok_or(Error::NotFound("activity"))
}

/// Incidents that a person logged in an area and did not take back: day and link, the latest first.
pub fn incidents(c: &mut Conn, person_id: i64, area_id: i64) -> Result<Vec<(Day, String)>> {
    let rows: Vec<(Day, Option<String>)> = activities::table
        .filter(
            activities::person_id
                .eq(person_id)
                .and(activities::area_id.eq(area_id))
                .and(activities::kind.eq(ActivityKind::Incident))
                .and(activities::undone_at.is_null()),
        )
        .order((activities::day.desc(), activities::id.desc()))
        .select((activities::day, activities::link))
        .load(c)?;
    let linked = rows.into_iter();
    Ok(linked
        .filter_map(|(day, link)| Some((day, link?)))
        .collect())
}

/// Where something was practised.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Place {
    /// Name of the area.
    pub area: String,
    /// The team that owns it.
    pub owner_team_id: i64,
    /// Whose ramp the shift belongs to, if it was a shift.
    pub mentee_id: Option<i64>,
}

/// A person's latest practice, at most `most` entries, each with its place.
pub fn of_person(c: &mut Conn, person_id: i64, most: i64) -> Result<Vec<(Activity, Place)>> {
    let mentee = fixed::<Nullable<BigInt>>(
        "(SELECT f.mentee_id FROM shifts f WHERE f.id = activities.shift_id)",
    );
    Ok(activities::table
        .inner_join(areas::table)
        .filter(activities::person_id.eq(person_id))
        .order((activities::day.desc(), activities::id.desc()))
        .limit(most)
        .select((
            Activity::as_select(),
            (areas::name, areas::owner_team_id, mentee),
        ))
        .load(c)?)
}

/// Areas in use where someone has a clearance or a ramp: there they may log practice.
pub fn areas_of(c: &mut Conn, person_id: i64) -> Result<Vec<Area>> {
    let holds = clearances::table
        .filter(
            clearances::person_id
                .eq(person_id)
                .and(clearances::replaced_at.is_null())
                .and(clearances::state.ne(ClearanceState::Revoked)),
        )
        .select(clearances::area_id);
    let ramps = ramps::table
        .filter(
            ramps::mentee_id
                .eq(person_id)
                .and(ramps::closed_at.is_null())
                .and(ramps::state.ne(RampState::Proposed)),
        )
        .select(ramps::area_id);
    Ok(areas::table
        .inner_join(teams::table)
        .filter(
            areas::archived_at
                .is_null()
                .and(areas::id.eq_any(holds).or(areas::id.eq_any(ramps))),
        )
        .order(areas::id)
        .select(Area::as_select())
        .load(c)?)
}
