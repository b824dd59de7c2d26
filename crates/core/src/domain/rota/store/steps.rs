//! What rotas did on ramps.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::schema::{rota_steps, rotas};
use crate::db::types::UtcTime;
use crate::domain::rota::shadow::StepKind;
use crate::error::Result;

/// What rotas did with a shift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// That did something last.
    pub rota_id: i64,
    /// How the tool called the shift of the rota last.
    pub uid: String,
    /// The hours that the rota said last, from and to.
    pub said: (UtcTime, UtcTime),
    pub last: StepKind,
    pub steps: i64,
}

/// What the rotas of an area did since a moment, by the row of the shift. What a removed one did is left to the people.
pub fn steps_since(c: &mut Conn, area_id: i64, since: UtcTime) -> Result<HashMap<i64, Done>> {
    type Row = (i64, i64, String, (UtcTime, UtcTime), StepKind);
    let rows: Vec<Row> = rota_steps::table
        .inner_join(rotas::table)
        .filter(rotas::area_id.eq(area_id))
        .filter(rotas::removed_at.is_null())
        .filter(rota_steps::at.gt(since))
        .order(rota_steps::id)
        .select((
            rota_steps::shift_id,
            rota_steps::rota_id,
            rota_steps::uid,
            (rota_steps::starts_at, rota_steps::ends_at),
            rota_steps::kind,
        ))
        .load(c)?;
    let mut all: HashMap<i64, Done> = HashMap::new();
    for (id, rota_id, uid, said, last) in rows {
        let steps = all.get(&id).map_or(0, |done| done.steps) + 1;
        let done = Done {
            rota_id,
            uid,
            said,
            last,
            steps,
        };
        all.insert(id, done);
    }
    Ok(all)
}

pub fn note_step(
    c: &mut Conn,
    (rota_id, shift_id, kind): (i64, i64, StepKind),
    (uid, (from, to)): (&str, (UtcTime, UtcTime)),
    now: UtcTime,
) -> Result<()> {
    diesel::insert_into(rota_steps::table)
        .values((
            rota_steps::rota_id.eq(rota_id),
            rota_steps::shift_id.eq(shift_id),
            rota_steps::uid.eq(uid),
            rota_steps::starts_at.eq(from),
            rota_steps::ends_at.eq(to),
            rota_steps::kind.eq(kind),
            rota_steps::at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}
