//! The targets of a person, in one list that costs no statement of its own.

use crate::db::list::{List, Listed, entries, listed, plain};
use crate::db::types::UtcTime;
use crate::domain::kpi::Kpi;
use crate::error::Result;

/// A target that somebody owns, with its last note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owned {
    pub kpi: Kpi,
    pub scope: String,
    pub set_at: UtcTime,
    pub noted_at: Option<UtcTime>,
    /// Name in addresses and name of the area; empty for others.
    pub area: (String, String),
    /// Name of the team; empty for others.
    pub team: String,
}

/// SQL: the targets that the person of the row of `people` owns now. Areas that are archived ask for nothing.
pub fn owned() -> Listed {
    let area = |column: &str| {
        format!(
            "COALESCE((SELECT {column} FROM areas b WHERE 'area:' || CAST(b.id AS TEXT) = t.scope \
             AND b.archived_at IS NULL), '')"
        )
    };
    let team = format!(
        "COALESCE((SELECT {} FROM teams b WHERE 'team:' || CAST(b.id AS TEXT) = t.scope), '')",
        plain("b.name")
    );
    let noted = "COALESCE((SELECT CAST(MAX(o.at) AS TEXT) FROM kpi_notes o WHERE o.scope = t.scope AND o.kpi = t.kpi), '')";
    listed(
        &[
            "t.kpi",
            "t.scope",
            "CAST(t.set_at AS TEXT)",
            noted,
            &area("b.slug"),
            &area(&plain("b.name")),
            &team,
        ],
        "kpi_targets t WHERE t.owner_id = people.id AND NOT EXISTS (SELECT 1 FROM kpi_targets n \
         WHERE n.scope = t.scope AND n.kpi = t.kpi AND n.id > t.id)",
    )
}

/// Reads what [`owned`] found. A figure that this version does not know asks for nothing.
pub fn read_owned(list: List) -> Result<Vec<Owned>> {
    let read = |parts: &[&str]| {
        let [kpi, scope, set_at, noted_at, slug, area, team] = parts else {
            return None;
        };
        let noted_at = match *noted_at {
            "" => None,
            at => Some(UtcTime::stored(at)?),
        };
        let owned = |kpi| {
            Some(Owned {
                kpi,
                scope: (*scope).to_owned(),
                set_at: UtcTime::stored(set_at)?,
                noted_at,
                area: ((*slug).to_owned(), (*area).to_owned()),
                team: (*team).to_owned(),
            })
        };
        match Kpi::parse(kpi) {
            Some(kpi) => owned(kpi).map(Some),
            None => Some(None),
        }
    };
    let mut all: Vec<Owned> = entries(list, read)?.into_iter().flatten().collect();
    all.sort_by(|a, b| (&a.scope, a.kpi).cmp(&(&b.scope, b.kpi)));
    Ok(all)
}
