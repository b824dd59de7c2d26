//! The people of an area in pages: who is cleared first, then who ramps or was cleared, by name.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer};

use crate::db::Conn;
use crate::db::fixed::fixed;
use crate::db::schema::{clearances, people};
use crate::db::types::Day;
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::store::covering;
use crate::error::Result;

/// People of one page.
const PAGE: i64 = 50;
/// Ends that are named at most; one more is read.
pub const ENDS: usize = 50;

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
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// A page of it, the first is 0.
    pub fn load(c: &mut Conn, area_id: i64, page: i64, today: Day) -> Result<Self> {
        let here = clearances::person_id
            .eq(people::id)
            .and(clearances::replaced_at.is_null())
            .and(clearances::area_id.eq(area_id));
        // One list: of two, joined by OR, PostgreSQL would read every person.
        let of_area = format!(
            "people.id IN (SELECT k.person_id FROM clearances k WHERE k.area_id = {area_id} AND k.replaced_at IS NULL \
             UNION SELECT r.mentee_id FROM ramps r WHERE r.area_id = {area_id} AND r.closed_at IS NULL)"
        );
        let covers = format!(
            "CASE WHEN {} AND clearances.holds_until >= ",
            covering("clearances")
        );
        let mut people: Vec<i64> = people::table
            .left_join(clearances::table.on(here))
            .filter(people::deactivated_at.is_null())
            .filter(fixed::<Bool>(of_area))
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
        let named = format!(
            "people.id IN (SELECT q.person_id FROM qualifiers q WHERE q.area_id = {area_id} AND q.until IS NULL \
             UNION SELECT k.person_id FROM clearances k WHERE k.area_id = {area_id} AND k.replaced_at IS NULL \
             AND k.kind = 'interim')"
        );
        let beside = people::table
            .filter(fixed::<Bool>(named))
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
        .limit(i64::try_from(ENDS).unwrap_or(i64::MAX).saturating_add(1))
        .into_boxed();
    Ok(match before {
        Some(day) => ends.filter(clearances::holds_until.lt(day)).load(c)?,
        None => ends.load(c)?,
    })
}
