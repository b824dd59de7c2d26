//! The people of an area in pages: who is cleared first, then who ramps or was cleared, by name.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer};

use crate::db::Conn;
use crate::db::fixed::fixed;
use crate::db::schema::{clearances, people};
use crate::db::types::Day;
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::store::covering;
use crate::domain::people::store::is_here;
use crate::error::Result;

/// People of one page.
const PAGE: i64 = 50;

/// Rows of people.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    /// Which page it is; the first is 0.
    pub page: i64,
    /// Those of the page, in its order.
    pub people: Vec<i64>,
    pub has_more: bool,
    /// Who is named beside the roster: the qualifiers, and who is on call under a supervisor.
    pub beside: Vec<i64>,
}

impl Roster {
    /// A page of it; the first one where that page is empty now.
    pub fn load(c: &mut Conn, area_id: i64, page: i64, today: Day) -> Result<Self> {
        let (mut page, mut people) = (page, people_of(c, area_id, page, today)?);
        if people.is_empty() && page > 0 {
            (page, people) = (0, people_of(c, area_id, 0, today)?);
        }
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
            page,
            people,
            has_more,
            beside,
        })
    }

    /// Whether everybody is on this page.
    pub fn is_whole(&self) -> bool {
        self.page == 0 && !self.has_more
    }
}

/// The people of a page, and one more where there is one.
fn people_of(c: &mut Conn, area_id: i64, page: i64, today: Day) -> Result<Vec<i64>> {
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
    Ok(people::table
        .left_join(clearances::table.on(here))
        .filter(is_here("people.id"))
        .filter(fixed::<Bool>(of_area))
        .order((
            fixed::<Integer>(covers).on(today, " THEN 0 ELSE 1 END"),
            people::sort_key,
            people::id,
        ))
        .limit(PAGE + 1)
        .offset(page.saturating_mul(PAGE))
        .select(people::id)
        .load(c)?)
}

/// Clearances that cover the area on a day, with the names of who holds them: the first `most` to end, of all; or of those
/// that no longer cover on another day.
pub fn ending(
    c: &mut Conn,
    area_id: i64,
    (today, before): (Day, Option<Day>),
    most: i64,
) -> Result<Vec<(Clearance, String)>> {
    let ends = clearances::table
        .inner_join(people::table.on(people::id.eq(clearances::person_id)))
        .filter(is_here("people.id"))
        .filter(clearances::area_id.eq(area_id))
        .filter(fixed::<Bool>(covering("clearances")))
        .filter(clearances::holds_until.ge(today))
        .order((clearances::holds_until, people::sort_key, people::id))
        .select((Clearance::as_select(), people::name))
        .limit(most)
        .into_boxed();
    Ok(match before {
        Some(day) => ends.filter(clearances::holds_until.lt(day)).load(c)?,
        None => ends.load(c)?,
    })
}
