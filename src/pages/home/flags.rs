//! Stale flags on home: those that wait for a qualifier, and one's own that were closed.

use std::cmp::Reverse;

use crate::pages::home::build::Home;
use crate::pages::home::{ClosedFlag, Waiting};

impl Home {
    /// A line an area whose flags nobody has answered yet, for its qualifiers.
    pub(super) fn flagged(&self) -> Vec<Waiting> {
        let open = |area_id: i64| {
            let of_area = self.flags.iter().filter(|(f, ..)| f.area_id == area_id);
            of_area.filter(|(f, ..)| f.closed_at.is_none()).count()
        };
        let areas = self.register.areas().iter().map(|a| (a, open(a.id)));
        areas
            .filter(|(_, count)| *count > 0)
            .map(|(area, count)| Waiting {
                css: "soon",
                icon: "warn",
                href: format!("/areas/{}/standard/flags", area.slug),
                title: format!("{}, standard", area.name),
                note: format!(
                    "{count} checklist {} flagged as stale",
                    if count == 1 { "line" } else { "lines" }
                ),
                button: "Look",
            })
            .collect()
    }

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
            closed: self.context.local.day_of(at),
        });
        lines.collect()
    }
}
