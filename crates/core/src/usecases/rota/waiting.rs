//! Areas whose rotas have open findings, for the leads of their owner teams.

use crate::db::list::{List, Listed, entries, listed, plain};
use crate::error::Result;

/// An area with open findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRota {
    pub area_id: i64,
    pub slug: String,
    pub area: String,
    pub count: usize,
    /// The row of the newest finding.
    pub newest: i64,
}

/// The areas that each row of `people` leads and that have open findings.
pub fn of_person() -> Listed {
    listed(
        &[
            "CAST(o.area_id AS TEXT)",
            "o.slug",
            &plain("o.name"),
            "CAST(o.count AS TEXT)",
            "CAST(o.newest AS TEXT)",
        ],
        "(SELECT a.id AS area_id, a.slug AS slug, a.name AS name, count(*) AS count, max(f.id) AS newest \
         FROM memberships m JOIN areas a ON a.owner_team_id = m.team_id AND a.archived_at IS NULL \
         JOIN rota_findings f ON f.area_id = a.id AND f.ended_at IS NULL \
         WHERE m.person_id = people.id AND m.is_lead GROUP BY a.id, a.slug, a.name) o",
    )
}

/// By name of the area.
pub fn open(list: List) -> Result<Vec<OpenRota>> {
    let mut all = entries(list, |parts| {
        let [area_id, slug, area, count, newest] = parts else {
            return None;
        };
        Some(OpenRota {
            area_id: area_id.parse().ok()?,
            slug: (*slug).to_owned(),
            area: (*area).to_owned(),
            count: count.parse().ok()?,
            newest: newest.parse().ok()?,
        })
    })?;
    all.sort_by_cached_key(|open| (crate::text::sort_key(&open.area), open.area_id));
    Ok(all)
}
