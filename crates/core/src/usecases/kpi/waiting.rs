//! The notes that wait for the person who owns a target.

use crate::db::types::Day;
use crate::domain::kpi::note::due_on;
use crate::domain::kpi::store::Owned;
use crate::domain::kpi::{Kpi, Place};
use crate::domain::notification::Kind;
use crate::domain::notification::model::Cause;
use crate::usecases::kpi::subject::Whose;

/// A note that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueNote {
    pub cause: Cause,
    /// `Coverage, Payments`
    pub title: String,
    /// When the last one was written; none for the first.
    pub last: Option<Day>,
}

/// What a note is about, the same for the list and for the deed that ends it.
pub fn note_waits(place: Place, kpi: Kpi) -> String {
    format!("kpi:{}:{}", kpi.word(), place.word())
}

/// The notes that are due on that day, of the targets that somebody owns.
pub fn due(owned: &[Owned], today: Day) -> Vec<DueNote> {
    owned.iter().filter_map(|o| due_note(o, today)).collect()
}

fn due_note(owned: &Owned, today: Day) -> Option<DueNote> {
    let last = owned.noted_at.map(|at| at.day());
    let due = due_on(owned.set_at.day(), last);
    if due > today {
        return None;
    }
    let place = Place::parse(&owned.scope)?;
    let (whose, name) = match place {
        Place::Organisation => (Whose::Organisation, "Organisation"),
        Place::Team(id) => (Whose::Team(id.to_string()), owned.team.as_str()),
        Place::Area(_) => (Whose::Area(owned.area.0.clone()), owned.area.1.as_str()),
    };
    if name.is_empty() {
        return None;
    }
    let title = format!("{}, {name}", owned.kpi.label());
    let path = format!("{}/note", whose.figure(owned.kpi));
    let cause = Cause::new(Kind::KpiNote, note_waits(place, owned.kpi), path)
        .titled(&title)
        .apart_by(due);
    Some(DueNote { cause, title, last })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{at, day};

    fn owned(noted_at: Option<&str>) -> Owned {
        Owned {
            kpi: Kpi::Coverage,
            scope: "area:5".into(),
            set_at: at("2026-10-01T09:00:00Z"),
            noted_at: noted_at.map(at),
            area: ("payments".into(), "Payments".into()),
            team: String::new(),
        }
    }

    #[test]
    fn a_note_waits_from_its_day_on_and_is_told_apart_from_the_one_before() {
        assert!(due(&[owned(None)], day("2026-10-30")).is_empty());
        let first = &due(&[owned(None)], day("2026-10-31"))[0];
        assert_eq!(first.title, "Coverage, Payments");
        assert_eq!(first.cause.path, "/kpis/areas/payments/coverage/note");
        let noted = owned(Some("2026-11-02T09:00:00Z"));
        assert!(due(std::slice::from_ref(&noted), day("2026-12-01")).is_empty());
        let second = &due(&[noted], day("2026-12-02"))[0];
        assert_ne!(first.cause.key(), second.cause.key());
    }

    #[test]
    fn an_archived_area_asks_for_no_note() {
        let gone = Owned {
            area: (String::new(), String::new()),
            ..owned(None)
        };
        assert!(due(&[gone], day("2027-10-31")).is_empty());
    }
}
