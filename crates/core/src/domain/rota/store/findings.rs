//! Findings that are open, and those a lead accepted.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use crate::db::schema::{rota_acceptances, rota_findings};
use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, id_in};
use crate::domain::rota::finding::{Identity, Kind, Who};
use crate::domain::rota::model::Acceptance;
use crate::error::Result;

/// What of an area is accepted on a day, with the moment of each finding at that moment or later.
pub fn accepted(c: &mut Conn, area_ids: &[i64], today: Day) -> Result<Vec<(i64, Acceptance)>> {
    Ok(rota_acceptances::table
        .filter(id_in(rota_acceptances::area_id, area_ids))
        .filter(rota_acceptances::until_on.ge(today))
        .order(rota_acceptances::id)
        .select((rota_acceptances::area_id, Acceptance::as_select()))
        .load(c)?)
}

pub fn accept(
    c: &mut Conn,
    area_id: i64,
    of: &Identity,
    (reason, until_on): (&str, Day),
    (by, now): (i64, UtcTime),
) -> Result<()> {
    diesel::insert_into(rota_acceptances::table)
        .values((
            rota_acceptances::area_id.eq(area_id),
            rota_acceptances::who.eq(of.who.word()),
            rota_acceptances::kind.eq(of.kind),
            rota_acceptances::shift_at.eq(of.at),
            rota_acceptances::reason.eq(reason),
            rota_acceptances::until_on.eq(until_on),
            rota_acceptances::by_id.eq(by),
            rota_acceptances::at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

/// Makes the open findings of an area those; returns the new ones. Lock the area first.
pub fn settle(
    c: &mut Conn,
    area_id: i64,
    found: Vec<Identity>,
    now: UtcTime,
) -> Result<Vec<Identity>> {
    let rows: Vec<(i64, String, Kind, UtcTime)> = rota_findings::table
        .filter(rota_findings::area_id.eq(area_id))
        .filter(rota_findings::ended_at.is_null())
        .select((
            rota_findings::id,
            rota_findings::who,
            rota_findings::kind,
            rota_findings::shift_at,
        ))
        .load(c)?;
    let open: HashMap<Identity, i64> = rows
        .into_iter()
        .filter_map(|(id, who, kind, at)| {
            let who = Who::parse(&who)?;
            Some((Identity { at, who, kind }, id))
        })
        .collect();
    let still: HashSet<&Identity> = found.iter().collect();
    for (identity, id) in &open {
        if !still.contains(identity) {
            diesel::update(rota_findings::table.find(id))
                .set(rota_findings::ended_at.eq(now))
                .execute(c)?;
        }
    }
    let mut new = found;
    new.retain(|of| !open.contains_key(of));
    for of in &new {
        diesel::insert_into(rota_findings::table)
            .values((
                rota_findings::area_id.eq(area_id),
                rota_findings::who.eq(of.who.word()),
                rota_findings::kind.eq(of.kind),
                rota_findings::shift_at.eq(of.at),
                rota_findings::found_at.eq(now),
            ))
            .execute(c)?;
    }
    Ok(new)
}
