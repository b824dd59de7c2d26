//! The people of an area in pages: who is cleared first, then who ramps or was cleared, each by name.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer};

use crate::db::Conn;
use crate::db::fixed::fixed;
use crate::db::schema::{clearances, people, qualifiers, ramps};
use crate::db::types::Day;
use crate::domain::area;
use crate::domain::clearance::ClearanceKind;
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::store::covering;
use crate::error::Result;

/// People of one page.
const PAGE: i64 = 50;
/// Ends that are named at most.
const ENDS: i64 = 50;

/// Rows of people.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    /// Those of the page.
    pub people: Vec<i64>,
    pub has_more: bool,
    /// Who is named beside the roster: the qualifiers, and who is on call under a supervisor.
    pub beside: Vec<i64>,
}

impl Roster {
    /// A page of it, the first is 0.
    pub fn load(c: &mut Conn, area_id: i64, page: i64, today: Day) -> Result<Self> {
        let here = clearances::person_id
            .eq(people::id)
            .and(clearances::replaced_at.is_null())
            .and(clearances::area_id.eq(area_id));
        let known = diesel::alias!(clearances as known);
        let holds = known
            .filter(known.field(clearances::area_id).eq(area_id))
            .filter(known.field(clearances::replaced_at).is_null())
            .select(known.field(clearances::person_id));
        let ramping = ramps::table
            .filter(ramps::area_id.eq(area_id).and(ramps::closed_at.is_null()))
            .select(ramps::mentee_id);
        let covers = format!(
            "CASE WHEN {} AND clearances.holds_until >= ",
            covering("clearances")
        );
        let mut people: Vec<i64> = people::table
            .left_join(clearances::table.on(here))
            .filter(people::deactivated_at.is_null())
            .filter(people::id.eq_any(holds).or(people::id.eq_any(ramping)))
            .order((
                fixed::<Integer>(covers).on(today, " THEN 0 ELSE 1 END"),
                people::sort_key,
                people::id,
            ))
            .limit(PAGE + 1)
            .offset(page.saturating_mul(PAGE))
            .select(people::id)
            .load(c)?;
        let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
        let has_more = people.len() > most;
        people.truncate(most);
        let designated = qualifiers::table
            .filter(
                qualifiers::area_id
                    .eq(area_id)
                    .and(area::store::is_designated()),
            )
            .select(qualifiers::person_id);
        let interim = known
            .filter(known.field(clearances::area_id).eq(area_id))
            .filter(known.field(clearances::replaced_at).is_null())
            .filter(known.field(clearances::kind).eq(ClearanceKind::Interim))
            .select(known.field(clearances::person_id));
        let beside = people::table
            .filter(people::id.eq_any(designated).or(people::id.eq_any(interim)))
            .select(people::id)
            .load(c)?;
        Ok(Self {
            people,
            has_more,
            beside,
        })
    }
}

/// Clearances that cover the area on a day, with the names of who holds them: those that end next, of all; or of those that
/// no longer cover on another day.
pub fn ending(
    c: &mut Conn,
    area_id: i64,
    today: Day,
    before: Option<Day>,
) -> Result<Vec<(Clearance, String)>> {
    let ends = clearances::table
        .inner_join(people::table.on(people::id.eq(clearances::person_id)))
        .filter(people::deactivated_at.is_null())
        .filter(clearances::area_id.eq(area_id))
        .filter(fixed::<Bool>(covering("clearances")))
        .filter(clearances::holds_until.ge(today))
        .order((clearances::holds_until, people::sort_key, people::id))
        .select((Clearance::as_select(), people::name))
        .limit(ENDS)
        .into_boxed();
    Ok(match before {
        Some(day) => ends.filter(clearances::holds_until.lt(day)).load(c)?,
        None => ends.load(c)?,
    })
}
