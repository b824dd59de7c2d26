//! With whom the viewer may record sessions, and who records those of the viewer's own ramps.

use std::collections::BTreeMap;

use crate::db::Conn;
use crate::domain::{area, people, ramp};
use crate::error::Result;

/// A ramp the viewer mentors.
pub(crate) struct Pair {
    pub(crate) ramp_id: i64,
    pub(crate) label: String,
    pub(crate) current: bool,
}

/// The ramps the viewer may record for, the chosen one marked.
pub(crate) fn pairs(c: &mut Conn, ramps: &[ramp::model::Ramp], chosen: i64) -> Result<Vec<Pair>> {
    let mentees: Vec<i64> = ramps.iter().map(|r| r.mentee_id).collect();
    let names: BTreeMap<i64, String> = people::store::by_ids(c, &mentees)?
        .into_iter()
        .map(|p| (p.id, p.name))
        .collect();
    let areas: BTreeMap<i64, String> = area::store::all(c)?
        .into_iter()
        .map(|a| (a.id, a.name))
        .collect();
    let label = |ramp: &ramp::model::Ramp| {
        let words = [names.get(&ramp.mentee_id), areas.get(&ramp.area_id)];
        let words: Vec<&str> = words.into_iter().flatten().map(String::as_str).collect();
        words.join(", ")
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
    let mentor_ids: Vec<i64> = pairings.iter().map(|p| p.mentor_id).collect();
    let people = people::store::by_ids(c, &mentor_ids)?;
    let areas = area::store::all(c)?;
    let line = |ramp: &ramp::model::Ramp| {
        let area = areas.iter().find(|a| a.id == ramp.area_id)?;
        let of_ramp = pairings.iter().filter(|p| p.ramp_id == ramp.id);
        let names: Vec<&str> = of_ramp
            .filter_map(|pairing| {
                people
                    .iter()
                    .find(|p| p.id == pairing.mentor_id)
                    .map(|p| p.name.as_str())
            })
            .collect();
        (!names.is_empty()).then(|| format!("{}: {}", area.name, names.join(" and ")))
    };
    Ok(ramps.iter().filter_map(line).collect())
}
