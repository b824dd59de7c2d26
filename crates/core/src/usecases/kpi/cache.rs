//! Figures that were computed before. A past day never changes, so its figures are computed once; those of today are
//! computed again after some minutes. All of it can be dropped: it is computed again, to the same numbers.

use serde::{Deserialize, Serialize};

use super::{Behind, Figure, PROPOSED, Scope, figures};
use crate::db::Conn;
use crate::db::types::{Day, UtcTime};
use crate::domain::kpi::{Goal, Kpi, Measure, Place, Unit, store};
use crate::error::{Error, Result};
use crate::text;

/// Figures of today are computed again when they are older than that.
pub const FRESH_SECONDS: i64 = 10 * 60;
/// Longest time that what happens at the end of a day takes to be stored.
const SETTLING_SECONDS: i64 = 15 * 60;

/// A figure, computed now or before.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    pub kpi: Kpi,
    pub main: Measure,
    pub others: Vec<(String, Measure, Unit)>,
    /// As [`Figure::is_withheld`].
    pub is_withheld: bool,
}

/// The figures of a scope on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownDay {
    pub day: Day,
    pub computed_at: UtcTime,
    pub figures: Vec<Known>,
}

impl KnownDay {
    pub fn figure(&self, kpi: Kpi) -> Option<&Known> {
        self.figures.iter().find(|f| f.kpi == kpi)
    }
}

impl Known {
    /// A figure of which nothing is known yet.
    pub fn blank(kpi: Kpi) -> Self {
        Self {
            kpi,
            main: Measure { value: None, n: 0 },
            others: Vec::new(),
            is_withheld: false,
        }
    }

    /// The goal where none is set.
    pub fn proposed(&self) -> Option<Goal> {
        let of_areas = self.others.iter().find(|(name, ..)| name == PROPOSED);
        let of_areas = of_areas.and_then(|(_, measure, _)| measure.value);
        self.kpi.goal_with(of_areas)
    }
}

impl From<Figure> for Known {
    fn from(figure: Figure) -> Self {
        let others = figure.others.into_iter();
        Self {
            kpi: figure.kpi,
            main: figure.main,
            others: others
                .map(|(name, measure, unit)| (name.to_owned(), measure, unit))
                .collect(),
            is_withheld: figure.is_withheld,
        }
    }
}

impl Scope {
    /// As it is stored.
    pub fn word(&self) -> String {
        match self {
            Self::Label(label) => format!("label:{}", text::key(label)),
            Self::Person(id) => format!("person:{id}"),
            _ => self.place().map(Place::word).unwrap_or_default(),
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        match word.split_once(':')? {
            ("label", label) => Some(Self::Label(label.to_owned())),
            ("person", id) => id.parse().ok().map(Self::Person),
            _ => Place::parse(word).map(Self::from),
        }
    }

    /// Where it can have targets.
    pub fn place(&self) -> Option<Place> {
        match self {
            Self::Organisation => Some(Place::Organisation),
            Self::Team(id) => Some(Place::Team(*id)),
            Self::Area(id) => Some(Place::Area(*id)),
            Self::Label(_) | Self::Person(_) => None,
        }
    }
}

impl From<Place> for Scope {
    fn from(place: Place) -> Self {
        match place {
            Place::Organisation => Self::Organisation,
            Place::Team(id) => Self::Team(id),
            Place::Area(id) => Self::Area(id),
        }
    }
}

/// From when what is computed for a day is final. What was under way at its end is written soon after, with its time.
pub fn final_from(day: Day) -> UtcTime {
    day.plus_days(1).start().plus_seconds(SETTLING_SECONDS)
}

/// Whether what was computed then can still be shown for that day.
pub fn is_fresh(day: Day, computed_at: UtcTime, now: UtcTime) -> bool {
    computed_at >= final_from(day) || now.seconds_since(computed_at) < FRESH_SECONDS
}

/// What was computed of a scope for these days and can still be shown at `now`, the first day first.
pub fn read(c: &mut Conn, scope: &Scope, days: &[Day], now: UtcTime) -> Result<Vec<KnownDay>> {
    let rows = store::days(c, &scope.word(), days)?.into_iter();
    let fresh = rows.filter(|(day, computed_at, _)| is_fresh(*day, *computed_at, now));
    let mut known: Vec<KnownDay> = fresh.filter_map(known_day).collect();
    known.sort_by_key(|k| k.day);
    Ok(known)
}

/// What was computed of a scope.
#[derive(Debug, Clone, PartialEq)]
pub struct Computed {
    pub figures: Vec<Known>,
    pub behind: Vec<Behind>,
}

/// Computes the figures of a scope. `c` shows what was known then, and `now` is the last moment of a day that is over.
pub fn compute(c: &mut Conn, scope: &Scope, now: UtcTime) -> Result<Computed> {
    let (figures, behind): (Vec<_>, _) = figures(c, scope, now)?.into_iter().unzip();
    let figures = figures.into_iter().map(Known::from).collect();
    Ok(Computed { figures, behind })
}

/// What was computed, as it is stored. Writing it out takes its time, so that it is done before there is a writer.
#[derive(Debug)]
pub struct Packed {
    figures: String,
    behind: String,
}

impl Computed {
    /// Errors: A fault, which never happens: it is always JSON.
    pub fn packed(&self) -> Result<Packed> {
        Ok(Packed {
            figures: to_json(&self.figures)?,
            behind: serde_json::to_string(&self.behind).map_err(Error::fault)?,
        })
    }
}

/// Keeps what was computed at that moment for a day.
pub fn keep(c: &mut Conn, scope: &Scope, day: Day, packed: &Packed, now: UtcTime) -> Result<()> {
    store::keep_day(
        c,
        (&scope.word(), day),
        (&packed.figures, &packed.behind),
        now,
    )
}

/// Whether the rows behind the figures of a day are kept.
pub fn has_behind(c: &mut Conn, scope: &Scope, day: Day) -> Result<bool> {
    store::has_behind(c, &scope.word(), day)
}

/// The rows behind a figure of a day, as long as they are kept.
pub fn behind(c: &mut Conn, scope: &Scope, day: Day, kpi: Kpi) -> Result<Option<Behind>> {
    let json = store::behind(c, &scope.word(), day)?;
    let all: Option<Vec<Behind>> = json.and_then(|json| serde_json::from_str(&json).ok());
    Ok(all.and_then(|all| all.into_iter().find(|one| one.kpi == kpi)))
}

/// The last day up to that one of which anything was computed, and what.
pub fn last_until(c: &mut Conn, scope: &Scope, day: Day) -> Result<Option<KnownDay>> {
    let row = store::last_until(c, &scope.word(), day)?;
    Ok(row.and_then(known_day))
}

fn known_day((day, computed_at, json): store::Computed) -> Option<KnownDay> {
    Some(KnownDay {
        day,
        computed_at,
        figures: from_json(&json)?,
    })
}

/// Numbers are kept as text: no digit is lost on the way.
#[derive(Serialize, Deserialize)]
struct Kept {
    kpi: Kpi,
    value: Option<String>,
    n: u32,
    others: Vec<(String, Option<String>, u32, String)>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_withheld: bool,
}

/// Errors: A fault, which never happens: it is always JSON.
pub fn to_json(figures: &[Known]) -> Result<String> {
    let text = |m: &Measure| m.value.map(|v| v.to_string());
    let kept = figures.iter().map(|figure| Kept {
        kpi: figure.kpi,
        value: text(&figure.main),
        n: figure.main.n,
        others: figure
            .others
            .iter()
            .map(|(name, m, unit)| (name.clone(), text(m), m.n, unit_word(*unit).to_owned()))
            .collect(),
        is_withheld: figure.is_withheld,
    });
    serde_json::to_string(&kept.collect::<Vec<_>>()).map_err(Error::fault)
}

/// None for what another version wrote; it is computed again.
pub fn from_json(json: &str) -> Option<Vec<Known>> {
    let kept: Vec<Kept> = serde_json::from_str(json).ok()?;
    let known = |kept: Kept| {
        let others = kept.others.into_iter();
        let others =
            others.map(|(name, value, n, unit)| Some((name, measure(value, n)?, unit_of(&unit)?)));
        Some(Known {
            kpi: kept.kpi,
            main: measure(kept.value, kept.n)?,
            others: others.collect::<Option<_>>()?,
            is_withheld: kept.is_withheld,
        })
    };
    kept.into_iter().map(known).collect()
}

fn measure(value: Option<String>, n: u32) -> Option<Measure> {
    let value = match value {
        Some(text) => Some(text.parse().ok()?),
        None => None,
    };
    Some(Measure { value, n })
}

const UNITS: [(Unit, &str); 5] = [
    (Unit::Count, "count"),
    (Unit::Share, "share"),
    (Unit::Days, "days"),
    (Unit::WorkingDays, "working_days"),
    (Unit::Ratio, "ratio"),
];

/// The word of a unit, in files and in the cache.
pub fn unit_word(unit: Unit) -> &'static str {
    let found = UNITS.iter().find(|(u, _)| *u == unit);
    found.map_or("", |(_, word)| word)
}

fn unit_of(word: &str) -> Option<Unit> {
    UNITS
        .iter()
        .find(|(_, w)| *w == word)
        .map(|(unit, _)| *unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{at, day};
    use proptest::prelude::*;

    #[test]
    fn a_past_day_is_final_and_today_holds_for_some_minutes() {
        let (today, noon) = (day("2026-11-23"), at("2026-11-23T12:00:00Z"));
        for (of, computed, fresh) in [
            (today, "2026-11-23T11:55:00Z", true),
            (today, "2026-11-23T11:49:00Z", false),
            (day("2026-11-22"), "2026-11-22T23:40:00Z", false),
            (day("2026-11-22"), "2026-11-23T00:14:59Z", false),
            (day("2026-11-22"), "2026-11-23T00:15:00Z", true),
            (day("2026-01-31"), "2026-02-01T00:15:00Z", true),
        ] {
            assert_eq!(is_fresh(of, at(computed), noon), fresh, "{of} {computed}");
        }
    }

    #[test]
    fn a_scope_is_read_as_it_was_written() {
        for scope in [
            Scope::Organisation,
            Scope::Team(3),
            Scope::Area(5),
            Scope::Person(7),
            Scope::Label("nordic shop".into()),
        ] {
            assert_eq!(Scope::parse(&scope.word()), Some(scope));
        }
        assert_eq!(Scope::parse("nothing"), None);
    }

    fn measures() -> impl Strategy<Value = Measure> {
        let value = proptest::option::of(-1e9_f64..1e9);
        (value, any::<u32>()).prop_map(|(value, n)| Measure { value, n })
    }

    proptest! {
        #[test]
        fn no_digit_is_lost_on_the_way(
            main in measures(),
            other in measures(),
            kpi in proptest::sample::select(Kpi::ALL),
            unit in proptest::sample::select(UNITS.to_vec()),
            is_withheld in any::<bool>(),
        ) {
            let others = vec![("Return share".into(), other, unit.0)];
            let figures = vec![Known { kpi, main, others, is_withheld }];
            prop_assert_eq!(from_json(&to_json(&figures).unwrap()).unwrap(), figures);
        }
    }
}
