//! What a change of one clearance does to the cover of its area; shown before the decision.

use super::model::Clearance;
use super::{EXPIRING_DAYS, standing};
use crate::db::types::Day;
use crate::domain::area::Cover;
use crate::domain::area::model::Area;
use crate::time::LocalTime;

/// Those who end soon that are named; more of them are counted.
const ENDING_SHOWN: usize = 5;
/// One more than are named: the change may take one of them away.
pub const ENDING_READ: i64 = 6;

/// Who covers an area: of the people who have not left, those whose clearance there covers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    pub cleared: i64,
    /// How many of them have a clearance that ends within 30 days.
    pub ending: i64,
    /// The first [`ENDING_READ`] of those; the soonest first.
    pub first: Vec<Ending>,
}

impl Coverage {
    /// Who ends soon and when, the first few by name.
    fn ending_words(&self, local: &LocalTime) -> String {
        let named = self.first.iter().take(ENDING_SHOWN);
        let mut all: Vec<String> = named
            .map(|e| format!("{} on {}", e.name, local.day(e.on).text))
            .collect();
        let named = i64::try_from(all.len()).unwrap_or(i64::MAX);
        if self.ending > named {
            all.push(format!("{} more", self.ending - named));
        }
        all.join(", ")
    }
}

/// Whose clearance ends, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    pub person_id: i64,
    pub name: String,
    pub on: Day,
}

/// Cover before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    pub now: Coverage,
    /// As it would be.
    pub after: Coverage,
}

impl Effect {
    /// What changes no cover: whoever left counts no more.
    pub fn none(now: Coverage) -> Self {
        let after = now.clone();
        Self { now, after }
    }
}

/// The change of an area's cover when `changed` replaces what its holder, of that name, holds there now: `was`. The
/// holder has not left.
pub fn effect(
    now: Coverage,
    was: Option<&Clearance>,
    (changed, name): (&Clearance, &str),
    today: Day,
) -> Effect {
    let counts = |held: &Clearance| standing(Some(held), today).is_cover();
    let ends = |held: &Clearance| held.holds_until.days_since(today) <= EXPIRING_DAYS;
    let mut after = now.clone();
    if let Some(was) = was.filter(|was| counts(was)) {
        after.cleared -= 1;
        after.ending -= i64::from(ends(was));
        after.first.retain(|e| e.person_id != was.person_id);
    }
    if counts(changed) {
        after.cleared += 1;
        if ends(changed) {
            after.ending += 1;
            after.first.push(Ending {
                person_id: changed.person_id,
                name: name.to_owned(),
                on: changed.holds_until,
            });
            after.first.sort_by_key(|e| (e.on, e.person_id));
        }
    }
    Effect { now, after }
}

/// An effect in words.
pub struct EffectView {
    pub area: String,
    /// How many count now.
    pub now: i64,
    pub after: i64,
    pub minimum: i64,
    /// `Short by 1`.
    pub words_now: String,
    /// `At minimum`.
    pub words_after: String,
    /// `Priya Raman on 4 Dec, Jonas Weber on 9 Dec`; empty when none ends within 30 days.
    pub ending_now: String,
    pub ending_after: String,
}

impl EffectView {
    pub fn of(effect: &Effect, area: &Area, local: &LocalTime) -> Self {
        let minimum = i64::from(area.minimum_cover);
        Self {
            area: area.name.clone(),
            now: effect.now.cleared,
            after: effect.after.cleared,
            minimum,
            words_now: Cover::of(effect.now.cleared, minimum).label(),
            words_after: Cover::of(effect.after.cleared, minimum).label(),
            ending_now: effect.now.ending_words(local),
            ending_after: effect.after.ending_words(local),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clearance::ClearanceState;
    use crate::sample::clearance;
    use proptest::prelude::*;

    fn today() -> Day {
        Day::parse("2026-11-23").unwrap()
    }

    fn held(person_id: i64, ends_in: i64, state: ClearanceState) -> Clearance {
        Clearance {
            state,
            ..clearance(person_id, 1, today().plus_days(ends_in))
        }
    }

    /// As the database counts them.
    fn coverage(held: &[Clearance]) -> Coverage {
        let counts = held
            .iter()
            .filter(|held| standing(Some(held), today()).is_cover());
        let mut first: Vec<Ending> = counts
            .clone()
            .filter(|held| held.holds_until.days_since(today()) <= EXPIRING_DAYS)
            .map(|held| Ending {
                person_id: held.person_id,
                name: format!("P{}", held.person_id),
                on: held.holds_until,
            })
            .collect();
        first.sort_by_key(|e| (e.on, e.person_id));
        let ending = i64::try_from(first.len()).unwrap();
        first.truncate(usize::try_from(ENDING_READ).unwrap());
        Coverage {
            cleared: i64::try_from(counts.count()).unwrap(),
            ending,
            first,
        }
    }

    fn changed(all: &[Clearance], changed: &Clearance) -> Effect {
        let was = all.iter().find(|held| held.person_id == changed.person_id);
        let name = format!("P{}", changed.person_id);
        effect(coverage(all), was, (changed, &name), today())
    }

    fn names(coverage: &Coverage) -> Vec<&str> {
        coverage.first.iter().map(|e| e.name.as_str()).collect()
    }

    #[test]
    fn a_change_moves_who_covers_and_who_ends_soon() {
        use ClearanceState::{Revoked, Suspended, Valid};
        let all = [
            held(1, 200, Valid),
            held(2, 30, Valid),
            held(3, 0, Valid),
            held(4, -1, Valid),
            held(5, 200, Suspended),
            held(6, 200, Revoked),
        ];
        let renewed = changed(&all, &held(3, 365, Valid));
        assert_eq!((renewed.now.cleared, renewed.after.cleared), (3, 3));
        assert_eq!(names(&renewed.now), ["P3", "P2"], "soonest first");
        assert_eq!(
            (names(&renewed.after), renewed.after.ending),
            (vec!["P2"], 1)
        );
        assert_eq!(changed(&all, &held(1, 200, Suspended)).after.cleared, 2);
        assert_eq!(changed(&all, &held(5, 200, Valid)).after.cleared, 4);
        assert_eq!(changed(&all, &held(7, 200, Valid)).after.cleared, 4);
        let soon = changed(&all, &held(7, 1, Valid)).after;
        assert_eq!(names(&soon), ["P3", "P7", "P2"]);
    }

    #[test]
    fn who_ends_soon_is_named_as_far_as_there_is_room() {
        let all: Vec<_> = (1..=9).map(|n| held(n, n, ClearanceState::Valid)).collect();
        let suspended = changed(&all, &held(1, 1, ClearanceState::Suspended));
        let local = LocalTime::new("UTC", today().start());
        let now = suspended.now.ending_words(&local);
        assert!(now.starts_with("P1 on ") && now.ends_with(", 4 more"));
        let after = suspended.after.ending_words(&local);
        assert!(after.starts_with("P2 on ") && after.ends_with(", 3 more"));
    }

    proptest! {
        #[test]
        fn what_a_change_makes_of_cover_is_what_is_counted_after_it(
            all in prop::collection::vec((-40..400_i64, 0..3_usize), 0..8),
            person in 0..9_i64,
            ends_in in -40..400_i64,
            state in 0..3_usize,
        ) {
            let state_of = |n: usize| ClearanceState::ALL[n];
            let all: Vec<_> = (0..)
                .zip(&all)
                .map(|(id, (ends_in, state))| held(id, *ends_in, state_of(*state)))
                .collect();
            let new = held(person, ends_in, state_of(state));
            let mut then: Vec<_> = all.iter().filter(|c| c.person_id != person).cloned().collect();
            then.push(new.clone());
            let (after, counted) = (changed(&all, &new).after, coverage(&then));
            prop_assert_eq!((after.cleared, after.ending), (counted.cleared, counted.ending));
            let shown = |c: &Coverage| c.first.iter().take(ENDING_SHOWN).cloned().collect::<Vec<_>>();
            prop_assert_eq!(shown(&after), shown(&counted));
        }
    }
}
