//! How many people cover an area and how many ramp in it, counted by the database and never loaded.

use crate::domain::clearance::store::covering;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::Count;
use crate::db::Conn;
use crate::db::fixed::{Fixed, fixed};
use crate::db::schema::{areas, teams};
use crate::db::types::Day;
use crate::domain::area::MAX_EXACT_COUNT;
use crate::domain::area::model::Area;
use crate::error::Result;
use crate::text;

/// How far to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Without a limit.
    All,
    /// Only as far as cover needs, so that the cost of a page does not grow with the organisation.
    Limited,
}

impl Reach {
    fn limit(self) -> String {
        match self {
            Self::All => String::new(),
            Self::Limited => {
                format!(" LIMIT (SELECT max(minimum_cover) + {MAX_EXACT_COUNT} FROM areas)")
            }
        }
    }
}

/// SQL: how many people cover an area, by the rule of [`crate::domain::clearance::standing`]. Counts in an index alone.
pub fn cleared(today: Day, reach: Reach) -> Fixed<BigInt> {
    fixed(format!(
        "(SELECT count(*) FROM (SELECT 1 FROM clearances WHERE clearances.area_id = areas.id AND {} \
         AND clearances.person_id NOT IN (SELECT people.id FROM people WHERE people.deactivated_at IS NOT NULL) \
         AND clearances.holds_until >= ",
        covering("clearances")
    ))
    .on(today, format!("{}) AS covers)", reach.limit()))
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
    fixed(
        "(SELECT count(*) FROM (SELECT 1 FROM ramps WHERE ramps.area_id = areas.id AND ramps.closed_at IS NULL \
         AND ramps.state = 'active' \
         AND ramps.mentee_id NOT IN (SELECT people.id FROM people WHERE people.deactivated_at IS NOT NULL) \
         AND ramps.starts_on <= ",
    )
    .on(today, format!("{}) AS ways)", reach.limit()))
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
