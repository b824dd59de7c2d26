//! With whom the viewer may record sessions, and who records those of the viewer's own ramps.

use std::collections::BTreeMap;

use crate::db::Conn;
use crate::domain::people::Names;
use crate::domain::{area, ramp};
use crate::error::Result;

/// A ramp the viewer mentors.
pub(crate) struct Pair {
    pub(crate) ramp_id: i64,
    pub(crate) label: String,
    pub(crate) current: bool,
}

/// The ramps the viewer may record for, the chosen one marked.
pub(crate) fn pairs(c: &mut Conn, ramps: &[ramp::model::Ramp], chosen: i64) -> Result<Vec<Pair>> {
    let names = Names::load(c, ramps.iter().map(|r| r.mentee_id))?;
    let areas: BTreeMap<i64, String> = area::store::all(c)?
        .into_iter()
        .map(|a| (a.id, a.name))
        .collect();
    let label = |ramp: &ramp::model::Ramp| {
        let area = areas.get(&ramp.area_id).map(String::as_str);
        let words = [Some(names.name(ramp.mentee_id)), area];
        words.into_iter().flatten().collect::<Vec<_>>().join(", ")
    };
    let pair = |ramp: &ramp::model::Ramp| Pair {
        ramp_id: ramp.id,
        label: label(ramp),
        current: ramp.id == chosen,
    };
    Ok(ramps.iter().map(pair).collect())
}

/// `Checkout & payments: Priya Raman`, for every open ramp of a mentee.
pub(crate) fn recorders_of_own(c: &mut Conn, person_id: i64) -> Result<Vec<String>> {
    let mut ramps = ramp::store::of_mentee(c, person_id)?;
    ramps.retain(|r| r.closed_at.is_none());
    let ids: Vec<i64> = ramps.iter().map(|r| r.id).collect();
    let mut pairings = ramp::store::pairings(c, &ids)?;
    pairings.retain(|p| p.until.is_none());
    let mentors = Names::load(c, pairings.iter().map(|p| p.mentor_id))?;
    let areas = area::store::all(c)?;
    let line = |ramp: &ramp::model::Ramp| {
        let area = areas.iter().find(|a| a.id == ramp.area_id)?;
        let of_ramp = pairings.iter().filter(|p| p.ramp_id == ramp.id);
        let names: Vec<&str> = of_ramp.map(|p| mentors.name(p.mentor_id)).collect();
        (!names.is_empty()).then(|| format!("{}: {}", area.name, names.join(" and ")))
    };
    Ok(ramps.iter().filter_map(line).collect())
}
