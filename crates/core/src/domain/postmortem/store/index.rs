//! The search index of a post-mortem: its areas (with since when), its systems and its codes.

use diesel::prelude::*;

use super::Written;
use crate::db::schema::{
    postmortem_area_spells, postmortem_areas, postmortem_codes, postmortem_systems,
};
use crate::db::{Conn, id_in};
use crate::error::Result;

/// Rewrites the index.
pub fn write_index(c: &mut Conn, id: i64, new: Written<'_>) -> Result<()> {
    diesel::delete(postmortem_areas::table.filter(postmortem_areas::postmortem_id.eq(id)))
        .execute(c)?;
    diesel::delete(postmortem_systems::table.filter(postmortem_systems::postmortem_id.eq(id)))
        .execute(c)?;
    diesel::delete(postmortem_codes::table.filter(postmortem_codes::postmortem_id.eq(id)))
        .execute(c)?;
    write_area_spells(c, id, new)?;
    for area in new.areas {
        diesel::insert_into(postmortem_areas::table)
            .values((
                postmortem_areas::postmortem_id.eq(id),
                postmortem_areas::area_id.eq(area),
            ))
            .execute(c)?;
    }
    for name in &new.document.systems {
        diesel::insert_into(postmortem_systems::table)
            .values((
                postmortem_systems::postmortem_id.eq(id),
                postmortem_systems::name.eq(name),
            ))
            .execute(c)?;
    }
    for code in new.document.codes() {
        diesel::insert_into(postmortem_codes::table)
            .values((
                postmortem_codes::postmortem_id.eq(id),
                postmortem_codes::code.eq(code),
            ))
            .execute(c)?;
    }
    Ok(())
}

/// Stores since when it belongs to which area, and until when it did.
fn write_area_spells(c: &mut Conn, id: i64, new: Written<'_>) -> Result<()> {
    use postmortem_area_spells as spells;
    let lasting: Vec<(i64, i64)> = spells::table
        .filter(spells::postmortem_id.eq(id).and(spells::until.is_null()))
        .select((spells::id, spells::area_id))
        .load(c)?;
    let over = lasting.iter().filter(|(_, area)| !new.areas.contains(area));
    let over: Vec<i64> = over.map(|(spell, _)| *spell).collect();
    diesel::update(spells::table.filter(id_in(spells::id, &over)))
        .set(spells::until.eq(new.at))
        .execute(c)?;
    let is_new = |area: &&i64| lasting.iter().all(|(_, known)| known != *area);
    for area in new.areas.iter().filter(is_new) {
        diesel::insert_into(spells::table)
            .values((
                spells::postmortem_id.eq(id),
                spells::area_id.eq(area),
                spells::since.eq(new.at),
            ))
            .execute(c)?;
    }
    Ok(())
}
