//! SQL of the teams of a large organisation: counts of their people, never lists.

use diesel::dsl::{count, max, min, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date};

use crate::db::fixed::fixed;
use crate::db::schema::{areas, clearances, memberships, people, ramps, teams};
use crate::db::types::Day;
use crate::db::{Conn, id_in};
use crate::domain::clearance::EXPIRING_DAYS;
use crate::domain::people::Actor;
use crate::domain::people::model::Team;
use crate::domain::people::store::by_name;
use crate::error::Result;
use crate::text;
use crate::usecases::register::store::BOARD_LIMIT;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct ClearanceCounts {
    pub team_id: i64,
    /// People who have not left.
    pub people: i64,
    /// Valid clearances, the expiring ones included.
    pub cleared: i64,
    /// Those that end within 30 days.
    pub expiring: i64,
    pub lapsed: i64,
}

/// Open ramps of the people of a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct RampCounts {
    pub team_id: i64,
    pub ramping: i64,
    /// Sign-offs that wait for a key.
    pub to_sign_off: i64,
}

/// Clearances of the people of those teams, as [`crate::domain::clearance::standing`] decides.
pub fn clearance_counts(
    c: &mut Conn,
    team_ids: &[i64],
    today: Day,
) -> Result<Vec<ClearanceCounts>> {
    let in_use = areas::table
        .filter(areas::archived_at.is_null())
        .select(areas::id);
    let holds = clearances::person_id
        .eq(people::id)
        .and(clearances::replaced_at.is_null())
        .and(clearances::area_id.eq_any(in_use));
    let soon = today.plus_days(EXPIRING_DAYS);
    let valid = "count(CASE WHEN clearances.state = 'valid' AND clearances.kind = 'full' AND clearances.holds_until ";
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

pub fn ramp_counts(c: &mut Conn, team_ids: &[i64], today: Day) -> Result<Vec<RampCounts>> {
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

/// The teams of a board, by name, and whether there are more people than one board shows. In that case only three: the
/// requested team (see [`crate::domain::people::team_word`]), the viewer's own, and the first.
pub fn teams_of_board(c: &mut Conn, word: &str, actor: &Actor) -> Result<(Vec<Team>, bool)> {
    // Counts only as far as needed, so that the cost does not grow with the organisation.
    let counted_people = || {
        fixed::<BigInt>(format!(
            "(SELECT count(*) FROM (SELECT id FROM people WHERE deactivated_at IS NULL LIMIT {}) AS some_people)",
            BOARD_LIMIT + 1
        ))
    };
    let first = fixed::<Bool>("teams.name_key = (SELECT min(name_key) FROM teams)");
    let rows: Vec<(Team, i64)> = teams::table
        .filter(
            teams::name_key
                .eq(text::key(word))
                .or(teams::id.eq(word.parse::<i64>().unwrap_or_default()))
                .or(counted_people().le(BOARD_LIMIT))
                .or(id_in(teams::id, &actor.teams))
                .or(first),
        )
        .select((Team::as_select(), counted_people()))
        .load(c)?;
    let is_large = rows
        .first()
        .is_some_and(|(_, people)| *people > BOARD_LIMIT);
    Ok((
        by_name(rows.into_iter().map(|(team, _)| team).collect()),
        is_large,
    ))
}

/// The previous and next team, by name.
pub fn neighbours(c: &mut Conn, team: &Team) -> Result<(Option<Team>, Option<Team>)> {
    let key = text::key(&team.name);
    let beside = diesel::alias!(teams as beside);
    let name_key = beside.field(teams::name_key);
    let before = beside.filter(name_key.lt(&key)).select(max(name_key));
    let after = beside.filter(name_key.gt(&key)).select(min(name_key));
    // The database decides the order: it may sort names differently from Rust.
    let found: Vec<(Team, bool)> = teams::table
        .filter(
            teams::name_key
                .nullable()
                .eq(before.single_value())
                .or(teams::name_key.nullable().eq(after.single_value()))
                .assume_not_null(),
        )
        .select((Team::as_select(), teams::name_key.lt(&key)))
        .load(c)?;
    let (mut before, mut after) = (None, None);
    for (team, is_before) in found {
        if is_before {
            before = Some(team)
        } else {
            after = Some(team)
        }
    }
    Ok((before, after))
}
