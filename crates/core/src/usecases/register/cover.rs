//! How many people cover an area and how many ramp in it, counted by the database and never loaded.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::Count;
use crate::db::fixed::{Fixed, fixed};
use crate::db::schema::{areas, teams};
use crate::db::types::Day;
use crate::db::{Conn, id_in};
use crate::domain::area::MAX_EXACT_COUNT;
use crate::domain::area::model::Area;
use crate::domain::clearance::store::covering;
use crate::domain::people::store::here;
use crate::error::Result;
use crate::text;

/// How far to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Nobody: the page shows no cover.
    Nobody,
    /// Without a limit.
    All,
    /// Only as far as cover needs, so that the cost of a page does not grow with the organisation.
    Limited,
}

impl Reach {
    /// SQL: how many of the rows that `rows` selects, up to a day that is bound after them.
    fn count(self, rows: String, until: Day) -> Fixed<BigInt> {
        let limit = match self {
            Self::Nobody => return fixed("CAST(0 AS BIGINT)"),
            Self::All => String::new(),
            Self::Limited => {
                format!(" LIMIT (SELECT max(minimum_cover) + {MAX_EXACT_COUNT} FROM areas)")
            }
        };
        fixed(format!("(SELECT count(*) FROM (SELECT 1 FROM {rows}"))
            .on(until, format!("{limit}) AS counted)"))
    }
}

/// SQL: how many people cover an area, by the rule of [`crate::domain::clearance::standing`]. Counts in an index alone.
pub fn cleared(today: Day, reach: Reach) -> Fixed<BigInt> {
    let (covers, here) = (covering("clearances"), here("clearances.person_id"));
    let rows = format!(
        "clearances WHERE clearances.area_id = areas.id AND {covers} AND {here} AND clearances.holds_until >= "
    );
    reach.count(rows, today)
}

/// SQL: how many qualifiers may sign for the area with the row `area`, by the same rule.
pub fn signers(today: Day, area: &str) -> String {
    format!(
        "(SELECT count(*) FROM qualifiers q JOIN clearances k ON k.area_id = q.area_id AND k.person_id = q.person_id \
         JOIN people w ON w.id = q.person_id WHERE q.area_id = {area} AND q.until IS NULL \
         AND w.deactivated_at IS NULL AND {} AND k.holds_until >= '{today}')",
        covering("k")
    )
}

/// SQL: how many people ramp in an area, by the rule of [`super::Register::ramp_status`].
pub fn ramping(today: Day, reach: Reach) -> Fixed<BigInt> {
    let here = here("ramps.mentee_id");
    let rows = format!(
        "ramps WHERE ramps.area_id = areas.id AND ramps.closed_at IS NULL AND ramps.state = 'active' AND {here} \
         AND ramps.starts_on <= "
    );
    reach.count(rows, today)
}

/// How many people cover each of these areas and ramp in it.
pub fn counts(c: &mut Conn, area_ids: &[i64], today: Day) -> Result<HashMap<i64, Count>> {
    let all: Vec<Count> = areas::table
        .filter(id_in(areas::id, area_ids))
        .select((
            areas::id,
            cleared(today, Reach::All),
            ramping(today, Reach::All),
        ))
        .load(c)?;
    Ok(all
        .into_iter()
        .map(|count| (count.area_id, count))
        .collect())
}

/// Display order of areas. In Rust, because the two databases sort names differently.
pub fn in_order(area: &Area) -> (i32, String, i64) {
    (area.tier, text::sort_key(&area.name), area.id)
}

/// Every area that is not archived, with the number of cleared and ramping people.
pub fn covers(c: &mut Conn, today: Day) -> Result<Vec<(Area, Count)>> {
    let mut all: Vec<(Area, Count)> = areas::table
        .inner_join(teams::table)
        .filter(areas::archived_at.is_null())
        .select((
            Area::as_select(),
            (
                areas::id,
                cleared(today, Reach::Limited),
                ramping(today, Reach::Limited),
            ),
        ))
        .load(c)?;
    all.sort_by_cached_key(|(area, _)| in_order(area));
    Ok(all)
}
