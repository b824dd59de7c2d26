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

    /// How much is missing where so much is left: `1 more practice`, `480 more minutes of practice`.
    pub fn missing_words(&self, left: i32) -> String {
        match (self.unit, self.amount.saturating_sub(left)) {
            (Unit::Practices, 1) => "1 more practice".into(),
            (Unit::Practices, n) => format!("{n} more practices"),
            (Unit::Minutes, 1) => "1 more minute of practice".into(),
            (Unit::Minutes, n) => format!("{n} more minutes of practice"),
        }
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

    /// The same for a rule that the clearance had right before, when it asked from `from` on: what was changed by mistake and
    /// changed back leaves nothing behind. None where the clearance would not hold as long as by [`Self::taken_on`].
    pub fn taken_again_on(
        &self,
        (from, until): (Day, Day),
        log: &[Practised],
        today: Day,
    ) -> Option<Day> {
        let grace = until.min(today.plus_days(self.days.into()));
        (self.kept(from, log).until >= grace).then_some(from)
    }

    /// The last practice until `kept` that counts, or the grant: never the day from which a later rule asks, on which nothing
    /// may have happened.
    pub fn last(&self, (granted, from): (Day, Day), log: &[Practised], kept: &Kept) -> Day {
        let earlier = log.iter().filter(|p| p.day <= from && self.counts(p));
        let earlier = earlier.map(|p| p.day).max();
        match kept.practised_on > from {
            true => kept.practised_on,
            false => earlier.unwrap_or(granted).max(granted),
        }
    }

    fn counts(&self, p: &Practised) -> bool {
        self.need.counts(p.kind) && self.weight(p) > 0
    }

    /// How far `log` keeps a clearance alive that requires practice from that day on. The day itself counts as if the
    /// whole need was practised on it. Practice after the rule was broken does not mend it.
    pub fn kept(&self, from: Day, log: &[Practised]) -> Kept {
        let mut log: Vec<&Practised> = log
            .iter()
            .filter(|p| p.day > from && self.counts(p))
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
mod tests;
