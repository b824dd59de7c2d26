//! The practice rule of an area: how much practice of which kinds keeps a clearance alive, within how many days.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use crate::db::types::Day;
use crate::words::listed;
use crate::{text_enum, text_value};

/// How many practices a rule can ask for.
pub const PRACTICES: RangeInclusive<i32> = 1..=100;
/// Somebody is reminded at least that many days before practice no longer keeps a clearance alive.
const NOTICE_DAYS: i64 = 14;
/// How many minutes of practice a rule can ask for.
pub const MINUTES: RangeInclusive<i32> = 1..=100_000;

text_enum! {
    /// What counts as practice.
    pub enum ActivityKind {
        Shift = "shift" / "On-call shift",
        /// A drill as primary or secondary.
        Drill = "drill" / "Drill",
        Incident = "incident" / "Real incident",
        /// A drill led for others.
        DrillLed = "drill_led" / "Drill led",
    }
}

impl ActivityKind {
    /// Several of them, in a sentence.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Shift => "on-call shifts",
            Self::Drill => "drills",
            Self::Incident => "real incidents",
            Self::DrillLed => "drills led",
        }
    }
}

text_enum! {
    /// What a rule counts.
    pub enum Unit {
        Practices = "practices" / "Practices",
        Minutes = "minutes" / "Minutes of practice",
    }
}

impl Unit {
    pub fn range(self) -> RangeInclusive<i32> {
        match self {
            Self::Practices => PRACTICES,
            Self::Minutes => MINUTES,
        }
    }
}

/// How much practice of which kinds is needed. Stored as `3 practices shift incident`; without a kind all count.
#[derive(
    Debug, Clone, PartialEq, Eq, diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct Need {
    amount: i32,
    unit: Unit,
    /// In the order of [`ActivityKind::ALL`]; empty when all count.
    kinds: Vec<ActivityKind>,
}

text_value!(Need);

impl Need {
    /// One practice of any kind.
    pub const ONE: Self = Self {
        amount: 1,
        unit: Unit::Practices,
        kinds: Vec::new(),
    };

    /// None when the amount is out of range. All kinds are the same as none.
    pub fn new(amount: i32, unit: Unit, kinds: &[ActivityKind]) -> Option<Self> {
        let mut chosen: Vec<ActivityKind> = ActivityKind::ALL.to_vec();
        chosen.retain(|kind| kinds.contains(kind));
        if chosen.len() == ActivityKind::ALL.len() {
            chosen.clear();
        }
        unit.range().contains(&amount).then_some(Self {
            amount,
            unit,
            kinds: chosen,
        })
    }

    pub fn amount(&self) -> i32 {
        self.amount
    }

    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// The kinds that were chosen; empty when all count.
    pub fn kinds(&self) -> &[ActivityKind] {
        &self.kinds
    }

    pub fn counts(&self, kind: ActivityKind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }

    /// Practice of that kind counts by its minutes.
    pub fn counts_minutes_of(&self, kind: ActivityKind) -> bool {
        self.unit == Unit::Minutes && self.counts(kind)
    }

    /// Why a practice counts for nothing here, if so.
    pub fn why_not(&self, kind: ActivityKind, minutes: Option<i32>) -> Option<String> {
        if !self.counts(kind) {
            return Some(format!("only {} count", self.kinds_words()));
        }
        let lacks = self.unit == Unit::Minutes && minutes.is_none();
        lacks.then(|| "minutes count, and it has none".into())
    }

    /// The chosen kinds: `on-call shifts and real incidents`; empty when all count.
    pub fn kinds_words(&self) -> String {
        let all: Vec<&str> = self.kinds.iter().map(|kind| kind.plural()).collect();
        listed(&all)
    }

    /// `3 practices`, `600 minutes of practice`.
    fn amount_words(&self) -> String {
        match (self.unit, self.amount) {
            (Unit::Practices, 1) => "1 practice".into(),
            (Unit::Practices, n) => format!("{n} practices"),
            (Unit::Minutes, 1) => "1 minute of practice".into(),
            (Unit::Minutes, n) => format!("{n} minutes of practice"),
        }
    }

    /// How much of it is left: `2 of 3 practices`, `120 of 600 minutes of practice`.
    pub fn left_words(&self, left: i32) -> String {
        format!("{left} of {}", self.amount_words())
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.unit.word())?;
        self.kinds
            .iter()
            .try_for_each(|k| write!(f, " {}", k.word()))
    }
}

impl FromStr for Need {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut words = text.split(' ');
        let amount = words.next().and_then(|word| word.parse().ok());
        let unit = words.next().and_then(Unit::parse);
        let kinds: Option<Vec<_>> = words.map(ActivityKind::parse).collect();
        let need = amount.zip(unit).zip(kinds);
        need.and_then(|((amount, unit), kinds)| Self::new(amount, unit, &kinds))
            .ok_or_else(|| format!("not a need of practice: {text}"))
    }
}

/// What a clearance needs to stay alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub need: Need,
    /// Within that many days.
    pub days: i32,
}

/// A practice that was logged in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Practised {
    pub day: Day,
    pub kind: ActivityKind,
    /// None where it is not known how long it took.
    pub minutes: Option<i32>,
}

/// How far practice keeps a clearance alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// The last practice that counted; the day from which practice is required when none did.
    pub practised_on: Day,
    /// The last day on which the rule holds without more practice.
    pub until: Day,
    /// How much of the need is left on the day after.
    pub left: i32,
}

impl Rule {
    /// `3 practices in 90 days, of on-call shifts and real incidents`.
    pub fn words(&self) -> String {
        let (amount, days) = (self.need.amount_words(), days_words(self.days));
        match self.need.kinds_words().as_str() {
            "" => format!("{amount} in {days}"),
            kinds => format!("{amount} in {days}, of {kinds}"),
        }
    }

    /// How many days before the last one somebody is reminded, when so much of the need is left on the day after: two weeks,
    /// or half of the share of the window that the missing amount takes at an even pace.
    pub fn notice_days(&self, left: i32) -> i64 {
        let amount = i64::from(self.need.amount);
        let missing = (amount - i64::from(left)).clamp(1, amount);
        let share = i64::from(self.days) * missing / (2 * amount);
        match amount {
            1 => NOTICE_DAYS,
            _ => share.max(NOTICE_DAYS),
        }
    }

    /// From which day on this rule asks for practice, when it replaces the one that kept a clearance until `until`; it asked
    /// from `from` on. The clearance holds at least for a window from today, but not longer than before, unless what was
    /// practised is enough for more.
    pub fn taken_on(&self, (from, until): (Day, Day), log: &[Practised], today: Day) -> Day {
        let days = i64::from(self.days);
        let grace = until.min(today.plus_days(days));
        let kept = self.kept(from, log).until;
        let by_practice = kept > from.plus_days(days);
        match kept >= grace && (by_practice || kept <= until) {
            true => from,
            false => grace.plus_days(-days),
        }
    }

    /// How far `log` keeps a clearance alive that requires practice from that day on. The day itself counts as if the
    /// whole need was practised on it. Practice after the rule was broken does not mend it.
    pub fn kept(&self, from: Day, log: &[Practised]) -> Kept {
        let mut log: Vec<&Practised> = log
            .iter()
            .filter(|p| p.day > from && self.need.counts(p.kind) && self.weight(p) > 0)
            .collect();
        log.sort_by_key(|p| p.day);
        let mut counted = vec![(from, i64::from(self.need.amount))];
        let mut oldest = from;
        for p in log {
            if p.day > oldest.plus_days(self.days.into()) {
                break;
            }
            counted.push((p.day, self.weight(p)));
            oldest = self.oldest(&counted).unwrap_or(from);
        }
        let later = counted.iter().filter(|(day, _)| *day > oldest);
        let left: i64 = later.map(|(_, weight)| weight).sum();
        Kept {
            practised_on: counted.last().map_or(from, |(day, _)| *day),
            until: oldest.plus_days(self.days.into()),
            left: i32::try_from(left).unwrap_or(i32::MAX),
        }
    }

    /// The latest day since when the need is practised; `counted` is in order.
    fn oldest(&self, counted: &[(Day, i64)]) -> Option<Day> {
        let need = i64::from(self.need.amount);
        let mut sum = 0;
        let mut back = counted.iter().rev();
        back.find(|(_, weight)| {
            sum += weight;
            sum >= need
        })
        .map(|(day, _)| *day)
    }

    fn weight(&self, p: &Practised) -> i64 {
        match self.need.unit {
            Unit::Practices => 1,
            Unit::Minutes => p.minutes.unwrap_or(0).into(),
        }
    }
}

fn days_words(n: i32) -> String {
    match n {
        1 => "1 day".into(),
        n => format!("{n} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::day;
    use proptest::prelude::*;

    fn rule(need: &str, days: i32) -> Rule {
        Rule {
            need: need.parse().unwrap(),
            days,
        }
    }

    fn on(text: &str, kind: ActivityKind, minutes: i32) -> Practised {
        Practised {
            day: day(text),
            kind,
            minutes: Some(minutes),
        }
    }

    #[test]
    fn a_rule_says_itself_in_words() {
        for (need, days, words) in [
            ("1 practices", 90, "1 practice in 90 days"),
            (
                "3 practices shift incident",
                90,
                "3 practices in 90 days, of on-call shifts and real incidents",
            ),
            (
                "600 minutes drill",
                30,
                "600 minutes of practice in 30 days, of drills",
            ),
            (
                "2 practices shift drill drill_led",
                1,
                "2 practices in 1 day, of on-call shifts, drills and drills led",
            ),
        ] {
            assert_eq!(rule(need, days).words(), words);
        }
        assert_eq!(
            rule("3 practices", 9).need.left_words(2),
            "2 of 3 practices"
        );
    }

    #[test]
    fn a_practice_that_does_not_count_says_why() {
        use ActivityKind::{Drill, Incident, Shift};
        let why = |need: &str, kind, minutes| {
            rule(need, 90)
                .need
                .why_not(kind, minutes)
                .unwrap_or_default()
        };
        assert_eq!(why("1 practices", Incident, None), "");
        assert_eq!(
            why("2 practices shift drill", Incident, None),
            "only on-call shifts and drills count"
        );
        assert_eq!(
            why("60 minutes drill", Shift, Some(60)),
            "only drills count"
        );
        assert_eq!(
            why("60 minutes drill", Drill, None),
            "minutes count, and it has none"
        );
        assert_eq!(why("60 minutes drill", Drill, Some(1)), "");
    }

    #[test]
    fn who_lacks_more_is_reminded_earlier() {
        for (need, days, left, notice) in [
            ("1 practices", 90, 0, 14),
            ("3 practices", 90, 2, 15),
            ("3 practices", 90, 1, 30),
            ("3 practices", 90, 0, 45),
            ("600 minutes", 60, 300, 15),
            ("600 minutes", 60, 0, 30),
            ("10 practices", 90, 9, 14),
        ] {
            assert_eq!(rule(need, days).notice_days(left), notice, "{need} {left}");
        }
    }

    #[test]
    fn a_changed_rule_ends_nothing_at_once_and_gives_no_day_more() {
        use ActivityKind::Shift;
        let (from, today) = (day("2026-01-01"), day("2026-06-20"));
        // The last practice was 80 days ago: the rule of 90 days held for ten more.
        let log = [on("2026-03-01", Shift, 60), on("2026-04-01", Shift, 60)];
        let until = day("2026-06-30");
        for (need, days, ends) in [
            ("1 practices", 60, "2026-06-30"),
            ("1 practices", 5, "2026-06-25"),
            ("3 practices", 90, "2026-06-30"),
            // What was practised is enough for longer.
            ("1 practices", 120, "2026-07-30"),
        ] {
            let rule = rule(need, days);
            let from = rule.taken_on((from, until), &log, today);
            assert_eq!(rule.kept(from, &log).until, day(ends), "{need} in {days}");
        }
    }

    #[test]
    fn the_second_last_practice_opens_the_window_of_two() {
        use ActivityKind::{Drill, Shift};
        let from = day("2026-01-01");
        let two = rule("2 practices", 90);
        let kept = |log: &[Practised]| {
            let kept = two.kept(from, log);
            (kept.until.to_string(), kept.left)
        };
        // The grant counts as both, so nobody lapses at once.
        assert_eq!(kept(&[]), ("2026-04-01".into(), 0));
        // With one more, one of the two is from the grant.
        let one = on("2026-03-01", Shift, 60);
        assert_eq!(kept(&[one]), ("2026-04-01".into(), 1));
        let both = [one, on("2026-03-20", Drill, 60)];
        assert_eq!(kept(&both), ("2026-05-30".into(), 1));
        // Two on one day are two.
        assert_eq!(kept(&[one, one]), ("2026-05-30".into(), 0));
        // The day after it fell below is too late.
        let late = [one, on("2026-04-02", Drill, 60)];
        assert_eq!(kept(&late), ("2026-04-01".into(), 1));
        assert_eq!(two.kept(from, &late).practised_on, one.day);
    }

    #[test]
    fn only_the_chosen_kinds_count_and_minutes_add_up() {
        use ActivityKind::{Drill, Shift};
        let from = day("2026-01-01");
        let log = [on("2026-02-01", Shift, 90), on("2026-03-01", Drill, 45)];
        let until = |need: &str| rule(need, 90).kept(from, &log).until.to_string();
        assert_eq!(until("1 practices"), "2026-05-30");
        assert_eq!(until("1 practices shift"), "2026-05-02");
        assert_eq!(until("1 practices incident"), "2026-04-01");
        assert_eq!(until("45 minutes"), "2026-05-30");
        assert_eq!(until("135 minutes"), "2026-05-02");
        assert_eq!(until("136 minutes"), "2026-04-01");
        assert_eq!(rule("136 minutes", 90).kept(from, &log).left, 135);
        let unknown = Practised {
            minutes: None,
            ..on("2026-02-01", Shift, 0)
        };
        let kept = rule("1 minutes", 90).kept(from, &[unknown]);
        assert_eq!((kept.practised_on, kept.left), (from, 0));
    }

    #[test]
    fn a_clearance_holds_through_exactly_n_days_without_practice() {
        // practised on, window, holds until: over a leap day, and not
        for (from, days, until) in [
            ("2026-11-23", 90, "2027-02-21"),
            ("2028-02-28", 2, "2028-03-01"),
            ("2027-02-28", 2, "2027-03-02"),
        ] {
            let kept = rule("1 practices", days).kept(day(from), &[]);
            assert_eq!(kept.until, day(until), "{from} and {days} days");
        }
        let last = |log: &[&str]| {
            let log: Vec<_> = log.iter().map(|d| on(d, ActivityKind::Shift, 1)).collect();
            rule("1 practices", 90)
                .kept(day("2026-01-01"), &log)
                .practised_on
                .to_string()
        };
        assert_eq!(last(&["2026-04-01"]), "2026-04-01");
        assert_eq!(last(&["2026-04-02"]), "2026-01-01");
        assert_eq!(last(&["2026-06-20", "2026-03-31"]), "2026-06-20");
    }

    /// The rule as it was before amounts: the last practice that kept a clearance alive.
    fn last_practice(from: Day, days: i32, log: &[Practised]) -> Day {
        let mut all: Vec<Day> = log.iter().map(|p| p.day).collect();
        all.sort_unstable();
        all.into_iter().fold(from, |last, day| {
            if day > last && day <= last.plus_days(days.into()) {
                day
            } else {
                last
            }
        })
    }

    fn log() -> impl Strategy<Value = Vec<Practised>> {
        let one = (-50..800_i64, 0..4_usize, prop::option::of(1..600_i32));
        prop::collection::vec(one, 0..20).prop_map(|all| {
            let each = all.into_iter().map(|(offset, kind, minutes)| Practised {
                day: day("2026-01-01").plus_days(offset),
                kind: ActivityKind::ALL[kind],
                minutes,
            });
            each.collect()
        })
    }

    fn need() -> impl Strategy<Value = Need> {
        let kinds = prop::collection::vec(0..4_usize, 0..4);
        (1..6_i32, any::<bool>(), kinds).prop_map(|(n, minutes, kinds)| {
            let kinds: Vec<_> = kinds.iter().map(|k| ActivityKind::ALL[*k]).collect();
            match minutes {
                true => Need::new(n * 100, Unit::Minutes, &kinds).unwrap(),
                false => Need::new(n, Unit::Practices, &kinds).unwrap(),
            }
        })
    }

    proptest! {
        #[test]
        fn one_practice_of_any_kind_is_the_rule_of_before(log in log(), days in 1..200_i32) {
            let from = day("2026-01-01");
            let kept = Rule { need: Need::ONE, days }.kept(from, &log);
            let last = last_practice(from, days, &log);
            prop_assert_eq!(kept, Kept { practised_on: last, until: last.plus_days(days.into()), left: 0 });
        }

        #[test]
        fn a_need_reads_back_as_it_is_stored(need in need()) {
            prop_assert_eq!(need.to_string().parse(), Ok(need));
        }

        #[test]
        fn the_rule_holds_through_its_last_day_and_is_broken_after(need in need(), log in log(), days in 1..200_i32) {
            let from = day("2026-01-01");
            let rule = Rule { need, days };
            let kept = rule.kept(from, &log);
            // Counted anew for a day: the grant is the whole need, and what is in the window adds to it.
            let amount = |on: Day| {
                let in_window = |day: Day| day <= on && on.days_since(day) <= i64::from(days);
                let own = log.iter().filter(|p| p.day > from && in_window(p.day) && rule.need.counts(p.kind));
                let sum: i64 = own.map(|p| rule.weight(p)).sum();
                sum + if in_window(from) { i64::from(rule.need.amount()) } else { 0 }
            };
            let need = i64::from(rule.need.amount());
            let mut on = from;
            while on <= kept.until {
                prop_assert!(amount(on) >= need, "{on}");
                on = on.plus_days(1);
            }
            // What is practised on the day after comes too late.
            let after = kept.until.plus_days(1);
            let late = log.iter().filter(|p| p.day == after && rule.need.counts(p.kind));
            let late: i64 = late.map(|p| rule.weight(p)).sum();
            prop_assert_eq!(amount(after) - late, i64::from(kept.left));
            prop_assert!(i64::from(kept.left) < need);
        }

        #[test]
        fn a_changed_rule_holds_for_a_window_or_as_long_as_before(
            before in need(), after in need(), log in log(), days in 1..200_i32, changed in 1..200_i32, later in 0..200_i64,
        ) {
            let from = day("2026-01-01");
            let until = Rule { need: before, days }.kept(from, &log).until;
            let today = until.plus_days(-later).max(from);
            let rule = Rule { need: after, days: changed };
            let log: Vec<Practised> = log.into_iter().filter(|p| p.day <= today).collect();
            let taken = rule.taken_on((from, until), &log, today);
            prop_assert!(taken <= today && taken >= today.plus_days(-i64::from(changed)).min(from));
            let kept = rule.kept(taken, &log).until;
            prop_assert!(kept >= until.min(today.plus_days(changed.into())));
            prop_assert!(kept <= until || rule.kept(taken, &log).practised_on > taken);
        }

        #[test]
        fn more_practice_never_ends_a_clearance_earlier(need in need(), log in log(), days in 1..200_i32) {
            let from = day("2026-01-01");
            let rule = Rule { need, days };
            let fewer = log.split_last().map_or(&[][..], |(_, rest)| rest);
            prop_assert!(rule.kept(from, &log).until >= rule.kept(from, fewer).until);
        }
    }
}
