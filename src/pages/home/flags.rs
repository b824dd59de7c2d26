//! The person's own stale flags that were closed, on home.

use std::cmp::Reverse;

use crate::pages::home::ClosedFlag;
use crate::pages::home::build::Home;

impl Home {
    /// Flags of the person that were closed lately, the latest first.
    pub(super) fn closed_flags(&self) -> Vec<ClosedFlag> {
        let mut closed: Vec<_> = self
            .flags
            .iter()
            .filter_map(|flag| Some((flag.0.closed_at?, flag)))
            .collect();
        closed.sort_by_key(|(at, (f, ..))| (Reverse(*at), f.id));
        let lines = closed.into_iter().map(|(at, (f, slug, area))| ClosedFlag {
            code: f.item_code.clone(),
            area: area.clone(),
            slug: slug.clone(),
            reason: f.closing_note.clone(),
            closed: self.local.day_of(at),
        });
        lines.collect()
    }
}
