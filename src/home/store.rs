//! SQL of home: what concerns somebody beside their ramps, in one statement.

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::list::List;
use crate::db::schema::{areas, people, stale_flags};
use crate::db::types::UtcTime;
use crate::drill::waiting::{self as drills, Led};
use crate::error::Result;
use crate::shift::lists::{self as shifts, Part};
use crate::stale::store::Flag;

/// What concerns somebody.
#[derive(Debug, Default)]
pub(super) struct Concerns {
    /// Stale flags with slug and name of their area, because whoever set one may have nothing else to do with it.
    pub(super) flags: Vec<(Flag, String, String)>,
    /// Planned shifts they have a part in, the one that ends first in front.
    pub(super) shifts: Vec<Part>,
    /// Drills they lead and that are not over, the first one in front.
    pub(super) drills: Vec<Led>,
}

/// Open flags of those areas that no draft answers yet, and those this person set that were closed since then; the planned
/// shifts they have a part in, and the drills they lead. What is no flag comes as a list with the person's own row, so
/// that it costs no statement.
///
/// # Errors
/// A database fault.
pub(super) fn concerns(
    c: &mut Conn,
    area_ids: &[i64],
    person_id: i64,
    since: UtcTime,
) -> Result<Concerns> {
    let waits = stale_flags::closed_at
        .is_null()
        .and(stale_flags::answered_in.is_null())
        .and(stale_flags::area_id.eq_any(area_ids.to_vec()));
    let own = stale_flags::by_id
        .eq(person_id)
        .and(stale_flags::closed_at.ge(since).assume_not_null());
    type Row = (Option<Flag>, Option<String>, Option<String>, List, List);
    let rows: Vec<Row> = people::table
        .left_join(stale_flags::table.on(waits.or(own)))
        .left_join(areas::table.on(areas::id.eq(stale_flags::area_id)))
        .filter(people::id.eq(person_id))
        .order(stale_flags::id)
        .select((
            Option::<Flag>::as_select(),
            areas::slug.nullable(),
            areas::name.nullable(),
            shifts::of_person(),
            drills::of_person(),
        ))
        .load(c)?;
    let mut concerns = Concerns::default();
    for (flag, slug, name, taken, led) in rows {
        // The lists come with every flag.
        if concerns.shifts.is_empty() {
            concerns.shifts = shifts::parts(taken)?;
        }
        if concerns.drills.is_empty() {
            concerns.drills = drills::led(led)?;
        }
        if let (Some(flag), Some(slug), Some(name)) = (flag, slug, name) {
            concerns.flags.push((flag, slug, name));
        }
    }
    Ok(concerns)
}
