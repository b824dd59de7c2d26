//! The ramp page's part about gaps: what returned sign-offs named as missing.

use crate::time::{LocalTime, TimeText};
use crate::usecases::dossier::Dossier;

/// A gap, open or closed.
pub(crate) struct GapView {
    pub id: i64,
    pub code: String,
    pub body: String,
    pub by: String,
    pub at: TimeText,
    /// Who closed it, when, with which words.
    pub closed: Option<(String, TimeText, String)>,
}

/// Open gaps first, each kind in the order it was named.
pub(crate) fn views(d: &Dossier, local: &LocalTime) -> Vec<GapView> {
    let mut gaps: Vec<_> = d.gaps.iter().collect();
    gaps.sort_by_key(|gap| !gap.is_open());
    gaps.into_iter()
        .map(|gap| GapView {
            id: gap.id,
            code: gap.code.clone().unwrap_or_default(),
            body: gap.body.clone(),
            by: d.person(gap.by_id).name.to_owned(),
            at: local.day_of(gap.at),
            closed: gap.closing().map(|closing| {
                (
                    d.person(closing.by_id).name.to_owned(),
                    local.day_of(closing.at),
                    closing.note.to_owned(),
                )
            }),
        })
        .collect()
}
