//! How many people cover an area and how many are on their way, counted by the database and never loaded.

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

/// How far people are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// To the last one.
    All,
    /// No further than says something about cover: so that a page costs the same in any organisation.
    Spoken,
}

impl Reach {
    fn limit(self) -> String {
        match self {
            Self::All => String::new(),
            Self::Spoken => {
                format!(" LIMIT (SELECT max(minimum_cover) + {MAX_EXACT_COUNT} FROM areas)")
            }
        }
    }
}

/// How many people an area has as cover: what [`crate::domain::clearance::standing`] calls so, counted in an index alone.
pub(crate) fn cleared(today: Day, reach: Reach) -> Fixed<BigInt> {
    fixed(format!(
        "(SELECT count(*) FROM (SELECT 1 FROM clearances WHERE clearances.area_id = areas.id AND {} \
         AND clearances.person_id NOT IN (SELECT people.id FROM people WHERE people.deactivated_at IS NOT NULL) \
         AND clearances.holds_until >= ",
        covering("clearances")
    ))
    .on(today, format!("{}) AS covers)", reach.limit()))
}

/// How many people are on their way in an area: whose ramp [`super::Register::ramp_word`] calls ramping.
pub(crate) fn ramping(today: Day, reach: Reach) -> Fixed<BigInt> {
    fixed(
        "(SELECT count(*) FROM (SELECT 1 FROM ramps WHERE ramps.area_id = areas.id AND ramps.closed_at IS NULL \
         AND ramps.state = 'active' \
         AND ramps.mentee_id NOT IN (SELECT people.id FROM people WHERE people.deactivated_at IS NOT NULL) \
         AND ramps.starts_on <= ",
    )
    .on(today, format!("{}) AS ways)", reach.limit()))
}

/// The order in which areas are shown; in Rust, because the two databases sort names differently.
pub(crate) fn in_order(area: &Area) -> (i32, String, i64) {
    (area.tier, area.name.to_lowercase(), area.id)
}

/// Every area that is not archived, with who is cleared and who ramps in it.
pub fn covers(c: &mut Conn, today: Day) -> Result<Vec<(Area, Count)>> {
    let mut all: Vec<(Area, Count)> = areas::table
        .inner_join(teams::table)
        .filter(areas::archived_at.is_null())
        .select((
            Area::as_select(),
            (
                areas::id,
                cleared(today, Reach::Spoken),
                ramping(today, Reach::Spoken),
            ),
        ))
        .load(c)?;
    all.sort_by_cached_key(|(area, _)| in_order(area));
    Ok(all)
}
