//! The programme looks at itself: where clearances rest on less than they seem to. Each rule is a pure function over facts.

use crate::db::types::{Day, UtcTime};
use crate::text_enum;

/// How far back sign-offs, judgements and confirmations are looked at.
pub const LOOK_BACK_DAYS: i64 = 365;
/// So many records of earlier days at once are a bulk.
pub const BULK: usize = 3;
/// Within so many hours they were recorded at once.
const BULK_HOURS: i64 = 24;
/// So many days before a request for a sign-off they are looked for.
pub const BULK_DAYS: i64 = 7;
/// Fewer judgements or pairs say nothing.
pub const ENOUGH: usize = 10;
/// A self view and a mentor view are a pair within so many days.
pub const PAIR_DAYS: i64 = 14;
const EXACT_PERCENT: usize = 60;
const DEPTH_PERCENT: usize = 90;
/// Judgements from that level on need evidence of depth.
pub const DEEP_LEVEL: u8 = 4;

text_enum! {
    /// What is looked at.
    pub enum Check {
        Qualifiers = "qualifiers" / "Qualifier list is stale",
        Interim = "interim" / "Interim clearance is overdue",
        Waivers = "waivers" / "Waiver is past its end",
        Bulk = "bulk" / "Sessions recorded in bulk before a sign-off",
        NeverBelow = "never-below" / "Assessor never rates below the target",
        Agreement = "agreement" / "Self view and mentor view disagree",
        Depth = "depth" / "High levels without strong evidence",
    }
}

impl Check {
    /// What is so where nothing is found.
    pub fn clean(self) -> &'static str {
        match self {
            Self::Qualifiers => {
                "Every qualifier is cleared, and signed or was designated in the last 12 months"
            }
            Self::Interim => "No interim clearance is overdue",
            Self::Waivers => "No waiver is past its end",
            Self::Bulk => "No sessions recorded in bulk before a sign-off",
            Self::NeverBelow => "No assessor found who never rates below the target",
            Self::Agreement => "Nothing found between self view and mentor view",
            Self::Depth => "No high levels found without strong evidence",
        }
    }

    /// When a row is a finding, with its numbers.
    pub fn rule(self) -> String {
        match self {
            Self::Qualifiers => {
                "A qualifier is not cleared now, or signed nothing and was not designated in the last 12 months.".into()
            }
            Self::Interim => "An interim clearance ended and its ramp is still open.".into(),
            Self::Waivers => "A waiver ended, its ramp is still open, and nobody revoked or renewed it.".into(),
            Self::Bulk => format!(
                "{BULK} or more sessions of earlier days were recorded within {BULK_HOURS} hours, in the {BULK_DAYS} days \
                 before the request."
            ),
            Self::NeverBelow => format!(
                "A mentor gave {ENOUGH} or more judgements in 12 months, and none is below the required level."
            ),
            Self::Agreement => format!(
                "Of {ENOUGH} or more pairs within {PAIR_DAYS} days, fewer than {EXACT_PERCENT} % are equal, or one side is \
                 higher by more than half a level."
            ),
            Self::Depth => format!(
                "Of {ENOUGH} or more judgements at level {DEEP_LEVEL} or 5, fewer than {DEPTH_PERCENT} % rest on a drill or \
                 stronger."
            ),
        }
    }

    /// What to do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Qualifiers => "End the designation, or have them cleared and confirm them.",
            Self::Interim => "Decide the sign-off, extend it once, or take the person off call.",
            Self::Waivers => "Have the item or gate done, or ask for a new waiver.",
            Self::Bulk => "Read these sessions with the mentor before you turn a key.",
            Self::NeverBelow => "Let a second mentor assess the same competencies, and compare.",
            Self::Agreement => "Talk through the competencies that differ most, with both sides.",
            Self::Depth => "Plan drills and reverse shifts, and judge again after them.",
        }
    }
}

/// Why a designated qualifier is no living one; `last` is the latest day on which they were designated or turned a key.
pub fn stale_qualifier(is_cleared: bool, last: Day, today: Day) -> Option<&'static str> {
    match (is_cleared, today.days_since(last) > LOOK_BACK_DAYS) {
        (false, _) => Some("not cleared now"),
        (true, true) => Some("no sign-off or confirmation in 12 months"),
        (true, false) => None,
    }
}

/// A session, and when it was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Logged {
    pub id: i64,
    pub held: UtcTime,
    pub recorded: UtcTime,
}

/// The sessions of earlier days that were recorded at once before a request; none below [`BULK`].
pub fn bulk(requested: UtcTime, sessions: &[Logged]) -> Vec<Logged> {
    let from = requested.plus_hours(-24 * BULK_DAYS);
    let mut late: Vec<Logged> = sessions
        .iter()
        .filter(|one| one.held.day() != one.recorded.day())
        .filter(|one| from <= one.recorded && one.recorded <= requested)
        .copied()
        .collect();
    late.sort_by_key(|one| (one.recorded, one.id));
    let at_once = (0..late.len())
        .filter_map(|n| late.get(n..))
        .filter_map(|later| {
            let until = later.first()?.recorded.plus_hours(BULK_HOURS);
            let within = later.iter().take_while(|one| one.recorded <= until);
            Some(within.copied().collect::<Vec<_>>())
        })
        .max_by_key(Vec::len);
    at_once.filter(|all| all.len() >= BULK).unwrap_or_default()
}

/// Whether an assessor never rated below the target, over judgements of a level and the one that is required.
pub fn never_below(judgements: &[(u8, u8)]) -> bool {
    judgements.len() >= ENOUGH && judgements.iter().all(|(level, required)| level >= required)
}

/// How pairs of a self view and a mentor view compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreement {
    pub pairs: usize,
    pub exact: usize,
    /// Sum of self minus mentor.
    pub gap: i64,
}

impl Agreement {
    pub fn of(pairs: &[(u8, u8)]) -> Self {
        Self {
            pairs: pairs.len(),
            exact: pairs.iter().filter(|(own, mentor)| own == mentor).count(),
            gap: pairs
                .iter()
                .map(|(own, mentor)| i64::from(*own) - i64::from(*mentor))
                .sum(),
        }
    }

    pub fn is_finding(self) -> bool {
        let pairs = i64::try_from(self.pairs).unwrap_or(i64::MAX);
        let is_uneven = self.gap.saturating_abs().saturating_mul(2) > pairs;
        self.pairs >= ENOUGH && (self.exact * 100 < self.pairs * EXACT_PERCENT || is_uneven)
    }

    /// `4 of 12 pairs are equal; the self view is higher by 0.8 levels`.
    pub fn words(self) -> String {
        let side = match self.gap {
            0 => return format!("{} of {} pairs are equal", self.exact, self.pairs),
            ..0 => "mentor view",
            _ => "self view",
        };
        let pairs = i64::try_from(self.pairs).unwrap_or(i64::MAX).max(1);
        let tenths = (self.gap.saturating_abs() * 10 + pairs / 2) / pairs;
        format!(
            "{} of {} pairs are equal; the {side} is higher by {}.{} levels",
            self.exact,
            self.pairs,
            tenths / 10,
            tenths % 10
        )
    }
}

/// Whether too few of the high judgements rest on strong evidence.
pub fn is_shallow(all: usize, deep: usize) -> bool {
    all >= ENOUGH && deep * 100 < all * DEPTH_PERCENT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{at, day};
    use proptest::prelude::*;

    #[test]
    fn a_qualifier_is_stale_when_not_cleared_or_unheard_of_for_a_year() {
        let today = day("2026-11-30");
        let of = |cleared, last| stale_qualifier(cleared, day(last), today);
        assert_eq!(of(true, "2025-11-30"), None);
        assert_eq!(
            of(true, "2025-11-29"),
            Some("no sign-off or confirmation in 12 months")
        );
        assert_eq!(of(false, "2026-11-29"), Some("not cleared now"));
    }

    #[test]
    fn three_old_sessions_recorded_within_a_day_before_the_request_are_a_bulk() {
        let requested = at("2026-11-30T12:00:00Z");
        let held = at("2026-11-01T09:00:00Z");
        let recorded = [
            "2026-11-28T09:00:00Z",
            "2026-11-28T20:00:00Z",
            "2026-11-29T09:00:00Z",
        ];
        let logged = |id, held, recorded| Logged { id, held, recorded };
        let of = |all: &[&str]| -> Vec<_> {
            let each = (1..).zip(all);
            each.map(|(id, r)| logged(id, held, at(r))).collect()
        };
        assert_eq!(bulk(requested, &of(&recorded)), of(&recorded));
        assert_eq!(bulk(requested, &of(&recorded[..2])), []);
        let spread = [
            "2026-11-28T09:00:00Z",
            "2026-11-28T20:00:00Z",
            "2026-11-29T09:00:01Z",
        ];
        assert_eq!(bulk(requested, &of(&spread)), []);
        let early = [
            "2026-11-20T09:00:00Z",
            "2026-11-20T10:00:00Z",
            "2026-11-20T11:00:00Z",
        ];
        assert_eq!(bulk(requested, &of(&early)), [], "more than a week before");
        let each = (1..).zip(recorded);
        let same_day: Vec<_> = each.map(|(id, r)| logged(id, at(r), at(r))).collect();
        assert_eq!(
            bulk(requested, &same_day),
            [],
            "recorded when they were held"
        );
    }

    #[test]
    fn an_assessor_who_once_rated_below_is_none() {
        let mut all = vec![(3, 3); ENOUGH];
        assert!(never_below(&all));
        all[0] = (2, 3);
        assert!(!never_below(&all));
        assert!(!never_below(&[(5, 3); 9]));
    }

    #[test]
    fn views_disagree_by_share_or_by_gap() {
        let equal = vec![(3, 3); 6];
        let of = |other: (u8, u8)| Agreement::of(&[equal.clone(), vec![other; 4]].concat());
        assert!(!of((4, 3)).is_finding(), "60 % and a gap of 0.4");
        assert!(of((5, 3)).is_finding(), "a gap of 0.8");
        assert_eq!(
            of((5, 3)).words(),
            "6 of 10 pairs are equal; the self view is higher by 0.8 levels"
        );
        let five = Agreement::of(&[vec![(3, 3); 5], vec![(4, 3); 3], vec![(2, 3); 2]].concat());
        assert!(five.is_finding(), "50 % are equal");
        assert!(!Agreement::of(&[(5, 1); 9]).is_finding());
    }

    proptest! {
        #[test]
        fn more_strong_evidence_is_never_worse(all in 0_usize..200, deep in 0_usize..200) {
            let deep = deep.min(all);
            if deep < all && !is_shallow(all, deep) {
                prop_assert!(!is_shallow(all, deep + 1));
            }
            prop_assert!(!is_shallow(all, all));
        }

        #[test]
        fn a_bulk_is_found_in_any_order(mut hours in prop::collection::vec(0_i64..200, 0..8)) {
            let requested = at("2026-11-30T12:00:00Z");
            let of = |hours: &[i64]| {
                let all: Vec<_> = hours
                    .iter()
                    .map(|h| Logged {
                        id: *h,
                        held: requested.plus_hours(-24 * 60),
                        recorded: requested.plus_hours(-h),
                    })
                    .collect();
                bulk(requested, &all)
            };
            let one = of(&hours);
            hours.reverse();
            prop_assert_eq!(of(&hours), one);
        }
    }
}
