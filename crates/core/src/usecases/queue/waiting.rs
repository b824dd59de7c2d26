//! Requests that wait for a lead, read with the row of that person.

use crate::db::list::{List, Listed, entries, listed, plain};
use crate::db::types::UtcTime;
use crate::error::Result;

/// Someone who waits for a ramp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applicant {
    pub id: i64,
    pub person_id: i64,
    pub name: String,
    pub area_id: i64,
    pub area: String,
    pub slug: String,
    pub asked_at: UtcTime,
}

/// Requests for each row of `people` to answer: as lead of the team that owns the area, or of the person's team. Where the
/// person is the only one, administrators answer. A cross join is made in its order: from the lead to what waits.
pub fn of_lead() -> Listed {
    listed(
        &[
            "CAST(q.id AS TEXT)",
            "CAST(q.person_id AS TEXT)",
            &plain("w.name"),
            "CAST(q.area_id AS TEXT)",
            &plain("a.name"),
            "a.slug",
            "CAST(q.asked_at AS TEXT)",
        ],
        "ramp_requests q JOIN people w ON w.id = q.person_id JOIN areas a ON a.id = q.area_id \
         WHERE q.id IN (SELECT g.id FROM memberships l CROSS JOIN areas b CROSS JOIN ramp_requests g \
         WHERE l.person_id = people.id AND l.is_lead AND b.owner_team_id = l.team_id AND g.area_id = b.id \
         AND g.closed_at IS NULL \
         UNION SELECT g.id FROM memberships l CROSS JOIN memberships m CROSS JOIN ramp_requests g \
         WHERE l.person_id = people.id AND l.is_lead AND m.team_id = l.team_id AND g.person_id = m.person_id \
         AND g.closed_at IS NULL \
         UNION SELECT g.id FROM ramp_requests g JOIN areas b ON b.id = g.area_id \
         WHERE people.is_admin AND g.closed_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM memberships l JOIN people o ON o.id = l.person_id \
         WHERE l.person_id <> g.person_id AND o.deactivated_at IS NULL AND l.is_lead AND (l.team_id = b.owner_team_id \
         OR l.team_id IN (SELECT m.team_id FROM memberships m WHERE m.person_id = g.person_id)))) \
         AND a.archived_at IS NULL AND w.deactivated_at IS NULL AND q.person_id <> people.id",
    )
}

/// Who waits longest first.
pub fn applicants(list: List) -> Result<Vec<Applicant>> {
    let mut all = entries(list, |parts| {
        let [id, person_id, name, area_id, area, slug, asked_at] = parts else {
            return None;
        };
        Some(Applicant {
            id: id.parse().ok()?,
            person_id: person_id.parse().ok()?,
            name: (*name).to_owned(),
            area_id: area_id.parse().ok()?,
            area: (*area).to_owned(),
            slug: (*slug).to_owned(),
            asked_at: UtcTime::stored(asked_at)?,
        })
    })?;
    all.sort_by_key(|a| (a.asked_at, a.id));
    Ok(all)
}
