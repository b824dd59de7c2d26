//! SQL of the teams of a large organisation: how many of their people are what, counted, never listed.

use diesel::dsl::{count, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date};

use crate::clearance::EXPIRING_DAYS;
use crate::db::Conn;
use crate::db::schema::{areas, clearances, memberships, people, ramps};
use crate::db::types::Day;
use crate::error::Result;

/// What the people of a team are cleared for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Standings {
    /// The team.
    pub team_id: i64,
    /// Its people who have not left.
    pub people: i64,
    /// Clearances that hold, those that end soon included.
    pub cleared: i64,
    /// Those of them that end within 30 days.
    pub expiring: i64,
    /// Clearances that ended.
    pub lapsed: i64,
}

/// What the people of a team are on the way to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Ways {
    /// The team.
    pub team_id: i64,
    /// Ramps under way.
    pub ramping: i64,
    /// Sign-offs that wait for a key.
    pub to_sign_off: i64,
}

/// Clearances of the people of those teams, as [`crate::clearance::standing`] calls them.
pub fn standings(c: &mut Conn, team_ids: &[i64], today: Day) -> Result<Vec<Standings>> {
    let in_use = areas::table
        .filter(areas::archived_at.is_null())
        .select(areas::id);
    let holds = clearances::person_id
        .eq(people::id)
        .and(clearances::replaced_at.is_null())
        .and(clearances::area_id.eq_any(in_use));
    let soon = today.plus_days(EXPIRING_DAYS);
    let valid = "count(CASE WHEN clearances.state = 'valid' AND clearances.ends_on ";
    let counted = |condition: &str| sql::<BigInt>(&format!("{valid}{condition} "));
    Ok(memberships::table
        .inner_join(people::table)
        .left_join(clearances::table.on(holds))
        .filter(
            memberships::team_id
                .eq_any(team_ids.to_vec())
                .and(people::deactivated_at.is_null()),
        )
        .group_by(memberships::team_id)
        .select((
            memberships::team_id,
            count(people::id).aggregate_distinct(),
            counted(">=").bind::<Date, _>(today).sql(" THEN 1 END)"),
            counted("BETWEEN")
                .bind::<Date, _>(today)
                .sql(" AND ")
                .bind::<Date, _>(soon)
                .sql(" THEN 1 END)"),
            counted("<").bind::<Date, _>(today).sql(" THEN 1 END)"),
        ))
        .load(c)?)
}

/// Open ramps of the people of those teams.
pub fn ways(c: &mut Conn, team_ids: &[i64], today: Day) -> Result<Vec<Ways>> {
    Ok(memberships::table
        .inner_join(people::table)
        .inner_join(ramps::table.on(ramps::mentee_id.eq(people::id)))
        .filter(
            memberships::team_id
                .eq_any(team_ids.to_vec())
                .and(people::deactivated_at.is_null())
                .and(ramps::closed_at.is_null()),
        )
        .group_by(memberships::team_id)
        .select((
            memberships::team_id,
            sql::<BigInt>("count(CASE WHEN ramps.state = 'active' AND ramps.starts_on <= ")
                .bind::<Date, _>(today)
                .sql(" THEN 1 END)"),
            sql::<BigInt>("count(CASE WHEN ramps.state = 'in_review' THEN 1 END)"),
        ))
        .load(c)?)
}
