//! SQL of qualifying activity.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};

use super::{ActivityKind, is_logged_in_time, why_not};
use crate::db::Conn;
use crate::db::fixed::fixed;
use crate::db::schema::{activities, areas, clearance_versions, clearances, ramps, teams};
use crate::db::types::{Day, UtcTime};
use crate::domain::area::model::Area;
use crate::domain::area::practice::{Need, Practised, Rule};
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::store::{keep, lock_latest_of, lock_unending};
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
    let (rule, from) = (held.rule(), held.practice_from);
    let granted = asked(c, held.id)?.first().map_or(from, |(_, day)| *day);
    let log = in_time(c, &held, from.min(granted))?;
    let kept = rule.kept(from, &log);
    let holds_until = holds_until(held.kind, held.ends_on, kept.until);
    diesel::update(clearances::table.find(held.id))
        .set((
            clearances::practised_on.eq(rule.last((granted, from), &log, &kept)),
            clearances::practice_left.eq(kept.left),
            clearances::holds_until.eq(holds_until),
        ))
        .execute(c)?;
    keep(c, held.id, now)
}

/// The rules that a clearance had, the first one first, each with the day from which it asked for practice: at first that of
/// the grant.
fn asked(c: &mut Conn, id: i64) -> Result<Vec<(Rule, Day)>> {
    use clearance_versions as v;
    let all: Vec<(i32, Need, Day)> = v::table
        .filter(v::clearance_id.eq(id))
        .order(v::id)
        .select((v::recency_days, v::practice, v::practice_from))
        .load(c)?;
    let all = all.into_iter();
    Ok(all
        .map(|(days, need, from)| (Rule { need, days }, from))
        .collect())
}

/// Practice of the holder after that day, logged in time.
fn in_time(c: &mut Conn, held: &Clearance, since: Day) -> Result<Vec<Practised>> {
    let logged: Vec<(Day, UtcTime, ActivityKind, Option<i32>)> = activities::table
        .filter(
            activities::person_id
                .eq(held.person_id)
                .and(activities::area_id.eq(held.area_id))
                .and(activities::day.gt(since))
                .and(activities::undone_at.is_null()),
        )
        .select((
            activities::day,
            activities::recorded_at,
            activities::kind,
            activities::minutes,
        ))
        .load(c)?;
    let logged = logged.into_iter();
    Ok(logged
        .filter(|(day, at, ..)| is_logged_in_time(*day, at.day()))
        .map(|(day, _, kind, minutes)| Practised { day, kind, minutes })
        .collect())
}

/// The rule of an area reaches the clearances there that have no end date and still hold, because no sign-off renews them.
/// See [`Rule::taken_on`] and [`Rule::taken_again_on`]. Returns which it changed.
pub fn adopt(c: &mut Conn, area_id: i64, rule: &Rule, now: UtcTime) -> Result<Vec<i64>> {
    let today = now.day();
    let mut all = lock_unending(c, &[area_id])?;
    all.retain(|held| held.holds_until >= today && held.rule() != *rule);
    for held in &all {
        let own = held.rule();
        let asked = asked(c, held.id)?;
        let granted = asked.first().map_or(held.practice_from, |(_, day)| *day);
        let before = asked.iter().rev().find(|(had, _)| *had != own);
        let again = before.filter(|(had, _)| had == rule).map(|(_, day)| *day);
        let since = today.plus_days(-i64::from(rule.days));
        let since = since.min(held.practice_from).min(granted);
        let log = in_time(c, held, again.map_or(since, |day| day.min(since)))?;
        let until = held.holds_until;
        let from = again
            .and_then(|day| rule.taken_again_on((day, until), &log, today))
            .unwrap_or_else(|| rule.taken_on((held.practice_from, until), &log, today));
        let kept = rule.kept(from, &log);
        diesel::update(clearances::table.find(held.id))
            .set((
                clearances::recency_days.eq(rule.days),
                clearances::practice.eq(&rule.need),
                clearances::practice_from.eq(from),
                clearances::practised_on.eq(rule.last((granted, from), &log, &kept)),
                clearances::practice_left.eq(kept.left),
                clearances::holds_until.eq(kept.until),
            ))
            .execute(c)?;
        keep(c, held.id, now)?;
    }
    Ok(all.iter().map(|held| held.id).collect())
}

/// What keeps a clearance of a person alive in each of those areas: what their own one needs, else what the area asks for.
pub fn needs(c: &mut Conn, person_id: i64, areas: &[Area]) -> Result<Vec<Need>> {
    let held: Vec<Clearance> = clearances::table
        .filter(clearances::person_id.eq(person_id))
        .filter(clearances::replaced_at.is_null())
        .filter(clearances::kind.eq(ClearanceKind::Full))
        .select(Clearance::as_select())
        .load(c)?;
    let need = |area: &Area| {
        let own = held.iter().find(|held| held.area_id == area.id);
        own.map_or(&area.practice, |held| &held.practice).clone()
    };
    Ok(areas.iter().map(need).collect())
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

impl Activity {
    /// Why it keeps no clearance with that need alive, if so.
    pub fn why_not(&self, need: &Need) -> Option<String> {
        let practised = Practised {
            day: self.day,
            kind: self.kind,
            minutes: self.minutes,
        };
        why_not(need, &practised, self.recorded_at.day())
    }
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
