//! Whether enough people are cleared, know their area and may sign for it.

use std::collections::BTreeMap;

use super::{least, number, ratio};
use crate::db::types::Day;
use crate::domain::clearance::cover;
use crate::domain::kpi::Measure;

/// An area and who is cleared in it now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Covered {
    pub area_id: i64,
    pub tier: i32,
    /// The minimum cover; at least one.
    pub minimum: usize,
    /// People who are cleared now; neither interim nor suspended ones.
    pub cleared: usize,
    /// Those of them who are designated to sign.
    pub qualifiers: usize,
}

/// Cleared people for each place of the minimum cover. Three cleared of a minimum of two: 1.50. Of several areas, the
/// least; n is the number of areas.
pub fn coverage(areas: &[Covered]) -> Measure {
    let each: Vec<f64> = areas.iter().filter_map(covered).collect();
    Measure::of(least(&each), areas.len())
}

fn covered(area: &Covered) -> Option<f64> {
    ratio(number(area.cleared), number(area.minimum))
}

/// Areas with fewer cleared people than the minimum cover.
pub fn below_minimum(areas: &[Covered]) -> Measure {
    let short = areas.iter().filter(|a| a.cleared < a.minimum);
    Measure::count(short.count(), areas.len())
}

/// The areas that the bus factor and the drills of several areas count: those of tier 1, or all where there is none.
pub fn first_tier<A: Copy>(areas: &[A], tier: impl Fn(&A) -> i32) -> Vec<A> {
    let first: Vec<A> = areas.iter().filter(|a| tier(a) == 1).copied().collect();
    match first.is_empty() {
        true => areas.to_vec(),
        false => first,
    }
}

/// What is asked of areas: as much as given, and half of it where none of them is of tier 1.
pub fn asked_of(is_first_tier: bool, of_first: f64) -> f64 {
    if is_first_tier {
        of_first
    } else {
        of_first / 2.0
    }
}

/// The least bus factor. Tier 1 areas with 2 and 1, and one of tier 2 with 0: 1, n = 2.
pub fn bus_factor(areas: &[Covered]) -> Measure {
    let counting = first_tier(areas, |a| a.tier);
    let each = counting.iter();
    let each: Vec<f64> = each
        .map(|a| number(cover::bus_factor(a.cleared, a.minimum)))
        .collect();
    Measure::of(least(&each), each.len())
}

/// The least number of cleared qualifiers of an area. Areas with 3 and 1: 1, n = 2.
pub fn qualifier_depth(areas: &[Covered]) -> Measure {
    let each: Vec<f64> = areas.iter().map(|a| number(a.qualifiers)).collect();
    Measure::of(least(&each), areas.len())
}

/// A competency of a current standard, and how many people hold it at level 4 or 5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub area_id: i64,
    pub code: String,
    pub is_critical: bool,
    pub holders: usize,
}

impl Known {
    /// Exactly one person holds it. What nobody holds is missing, not a single point.
    pub fn is_single_point(&self) -> bool {
        self.holders == 1
    }
}

/// Competencies that one person holds, among the critical ones or among all. Of three critical ones with 0, 1 and 2
/// holders: 1, n = 3.
pub fn single_points(known: &[Known], critical_only: bool) -> Measure {
    let among = || known.iter().filter(|k| k.is_critical || !critical_only);
    let single = among().filter(|k| k.is_single_point());
    Measure::count(single.count(), among().count())
}

/// A clearance that covers now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub area_id: i64,
    pub person_id: i64,
    /// The last day it holds without more practice.
    pub holds_until: Day,
    /// What that day is, in words: `practise by 27 Feb 2027`.
    pub end: String,
    /// The person is designated to sign for the area.
    pub is_qualifier: bool,
    /// Something that counts was practised within the window.
    pub is_practised: bool,
}

/// Clearances with practice in the window. Of four, three were practised: 75 %, n = 4.
pub fn currency(held: &[Held]) -> Measure {
    let practised = held.iter().filter(|h| h.is_practised);
    Measure::share(practised.count(), held.len())
}

/// Clearances that end within so many days if nothing happens.
pub fn lapsing(held: &[Held], within: i64, today: Day) -> Measure {
    let ending = |h: &&Held| h.holds_until.days_since(today) < within;
    Measure::count(held.iter().filter(ending).count(), held.len())
}

/// Areas with the clearances that cover them.
pub fn covered_areas(areas: &[(i64, i32, usize)], held: &[Held]) -> Vec<Covered> {
    let mut counts: BTreeMap<i64, (usize, usize)> = BTreeMap::new();
    for one in held {
        let (cleared, qualifiers) = counts.entry(one.area_id).or_default();
        *cleared += 1;
        *qualifiers += usize::from(one.is_qualifier);
    }
    let each = areas.iter().map(|(area_id, tier, minimum)| {
        let (cleared, qualifiers) = counts.get(area_id).copied().unwrap_or_default();
        Covered {
            area_id: *area_id,
            tier: *tier,
            minimum: *minimum,
            cleared,
            qualifiers,
        }
    });
    each.collect()
}

/// A shift of a rota in the next days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    pub area_id: i64,
    /// The day on which it starts.
    pub starts: Day,
    /// Its holder is cleared for the area when it starts.
    pub is_cleared: bool,
}

/// Days ahead that rotas are held against clearances.
pub const ROTA_DAYS: i64 = 28;

fn ahead(shifts: &[Shift], today: Day) -> impl Iterator<Item = &Shift> {
    let days = move |s: &&Shift| (0..ROTA_DAYS).contains(&s.starts.days_since(today));
    shifts.iter().filter(days)
}

/// The shifts of the next 28 days whose holder is not cleared.
pub fn mismatched(shifts: &[Shift], today: Day) -> impl Iterator<Item = &Shift> {
    ahead(shifts, today).filter(|shift| !shift.is_cleared)
}

/// How many these are. One of three: 1, n = 3; a shift after 28 days does not count.
pub fn rota_mismatch(shifts: &[Shift], today: Day) -> Measure {
    let wrong = mismatched(shifts, today).count();
    Measure::count(wrong, ahead(shifts, today).count())
}
