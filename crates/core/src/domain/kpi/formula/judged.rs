//! How people judge: calibration between assessors, never a score of someone.

use std::collections::{BTreeMap, BTreeSet};

use super::{Measure, greatest, mean, number, ratio};
use crate::db::types::UtcTime;
use crate::domain::assessment::Stream;
use crate::domain::kpi::are_few;
use crate::domain::standard::{Level, Strength};

/// A judgement with a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Row; a higher one is later.
    pub id: i64,
    pub area_id: i64,
    pub ramp_id: i64,
    pub mentee_id: i64,
    pub code: String,
    pub stream: Stream,
    pub level: Level,
    pub by_id: i64,
    pub at: UtcTime,
    pub strength: Strength,
}

/// Judgements of mentee and mentor belong together when they are at most that many days apart.
pub const PAIR_DAYS: i64 = 14;

/// What both sides said of one competency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub ramp_id: i64,
    pub mentee_id: i64,
    pub code: String,
    pub own: u8,
    pub mentor: u8,
    /// When the later of them was given.
    pub at: UtcTime,
}

/// Pairs of judgements: for one ramp and competency, two that follow each other, by the two sides, at most 14 days
/// apart. Each judgement is in one pair at most. `judged` is in the order of rows.
pub fn pairs(judged: &[Judged]) -> Vec<Pair> {
    let mut waiting: BTreeMap<(i64, &str), &Judged> = BTreeMap::new();
    let mut pairs = Vec::new();
    for later in judged {
        let key = (later.ramp_id, later.code.as_str());
        match waiting.remove(&key) {
            Some(earlier) if earlier.stream != later.stream && are_near(earlier, later) => {
                let (own, mentor) = match later.stream {
                    Stream::Self_ => (later, earlier),
                    Stream::Mentor => (earlier, later),
                };
                pairs.push(Pair {
                    ramp_id: later.ramp_id,
                    mentee_id: later.mentee_id,
                    code: later.code.clone(),
                    own: own.level.number(),
                    mentor: mentor.level.number(),
                    at: earlier.at.max(later.at),
                });
            }
            _ => {
                waiting.insert(key, later);
            }
        }
    }
    pairs
}

fn are_near(one: &Judged, other: &Judged) -> bool {
    let seconds = one.at.seconds_since(other.at).abs();
    seconds <= PAIR_DAYS * 24 * 60 * 60
}

/// Pairs with the same level. 7 of 10: 70 %, n = 10.
pub fn agreement(pairs: &[Pair]) -> Measure {
    let equal = pairs.iter().filter(|p| p.own == p.mentor);
    Measure::share(equal.count(), pairs.len())
}

/// Mean of own level minus mentor's level. 3 and 4, 3 and 3, 4 and 3, 5 and 4: 0.25.
pub fn mean_gap(pairs: &[Pair]) -> Measure {
    let gaps: Vec<f64> = pairs
        .iter()
        .map(|p| f64::from(p.own) - f64::from(p.mentor))
        .collect();
    Measure::of(mean(&gaps), gaps.len())
}

/// Levels.
const K: f64 = 5.0;

/// Weighted kappa: 1 - sum(w O) / sum(w E), where w = (i - j)^2 / (k - 1)^2, O is how often each two levels met, and E
/// how often chance alone would have them meet. `None` where both sides always gave one and the same level. Pairs 3-3,
/// 3-4, 4-4 and 4-4: 1 - (1/16) / (2/16) = 0.50.
pub fn kappa(pairs: &[Pair]) -> Measure {
    let weight = |own: u8, mentor: u8| {
        let apart = f64::from(own) - f64::from(mentor);
        apart * apart / ((K - 1.0) * (K - 1.0))
    };
    let observed: f64 = pairs.iter().map(|p| weight(p.own, p.mentor)).sum();
    let mut own: BTreeMap<u8, usize> = BTreeMap::new();
    let mut mentor: BTreeMap<u8, usize> = BTreeMap::new();
    for pair in pairs {
        *own.entry(pair.own).or_default() += 1;
        *mentor.entry(pair.mentor).or_default() += 1;
    }
    let cells = own
        .iter()
        .flat_map(|one| mentor.iter().map(move |other| (one, other)));
    let chance: f64 = cells
        .map(|((i, of_i), (j, of_j))| weight(*i, *j) * number(*of_i) * number(*of_j))
        .sum();
    let by_chance = ratio(chance, number(pairs.len())).unwrap_or_default();
    Measure::of(
        ratio(observed, by_chance).map(|share| 1.0 - share),
        pairs.len(),
    )
}

/// A mentor's levels and those that others gave to the same people.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Strict {
    pub by_id: i64,
    /// Mean of their levels.
    pub own: f64,
    /// Mean of the others' levels.
    pub others: f64,
    /// Judgements of theirs that were compared.
    pub n: usize,
}

impl Strict {
    /// Positive for a mentor who gives higher levels. Means of 3.4 and 3.0: 0.40.
    pub fn difference(&self) -> f64 {
        self.own - self.others
    }
}

/// Each mentor compared with the others, over people that both judged.
pub fn strictness(judged: &[Judged]) -> Vec<Strict> {
    let by_mentors = || judged.iter().filter(|j| j.stream == Stream::Mentor);
    let mut assessors: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for one in by_mentors() {
        assessors
            .entry(one.mentee_id)
            .or_default()
            .insert(one.by_id);
    }
    // Sum and number of the levels of everyone about a person, and of one mentor about a person.
    let mut of_person: BTreeMap<i64, (f64, usize)> = BTreeMap::new();
    let mut of_mentor: BTreeMap<(i64, i64), (f64, usize)> = BTreeMap::new();
    for one in by_mentors().filter(|j| assessors.get(&j.mentee_id).is_some_and(|by| by.len() > 1)) {
        let level = f64::from(one.level.number());
        for (sum, n) in [
            of_person.entry(one.mentee_id).or_default(),
            of_mentor.entry((one.by_id, one.mentee_id)).or_default(),
        ] {
            *sum += level;
            *n += 1;
        }
    }
    let mut each: BTreeMap<i64, [(f64, usize); 2]> = BTreeMap::new();
    for ((by_id, mentee_id), (sum, n)) in &of_mentor {
        let (all, of_all) = of_person.get(mentee_id).copied().unwrap_or_default();
        let [own, others] = each.entry(*by_id).or_default();
        *own = (own.0 + sum, own.1 + n);
        *others = (others.0 + all - sum, others.1 + of_all - n);
    }
    let compared = each.into_iter().filter_map(|(by_id, [own, others])| {
        Some(Strict {
            by_id,
            own: ratio(own.0, number(own.1))?,
            others: ratio(others.0, number(others.1))?,
            n: own.1,
        })
    });
    compared.collect()
}

/// Judgements of a mentor from which on they are compared in figures of many.
pub const STRICT_N: usize = 10;

/// The greatest distance of a mentor with 10 judgements or more from the others, without its sign. Not of few such mentors;
/// n counts their judgements. Differences of -0.2, 0.5 and 0.1: 0.50.
pub fn greatest_difference(each: &[Strict]) -> Measure {
    let counting: Vec<&Strict> = each.iter().filter(|s| s.n >= STRICT_N).collect();
    let n = counting.iter().map(|s| s.n).sum();
    if are_few(counting.len()) {
        return Measure::of(None, n);
    }
    let apart: Vec<f64> = counting.iter().map(|s| s.difference().abs()).collect();
    Measure::of(greatest(&apart), n)
}

/// The difference of one mentor; n counts their judgements.
pub fn difference_of(each: &[Strict], by_id: i64) -> Measure {
    let own = each.iter().find(|s| s.by_id == by_id);
    Measure::of(own.map(Strict::difference), own.map_or(0, |s| s.n))
}

/// A mentor's judgement at level 4 or 5: without help from then on.
pub fn is_high(one: &Judged) -> bool {
    one.stream == Stream::Mentor && one.level.number() >= 4
}

/// Judgements of mentors at level 4 or 5 that rest on a drill or something stronger. 9 of 12: 75 %, n = 12.
pub fn evidence_depth(judged: &[Judged]) -> Measure {
    let high = || judged.iter().filter(|j| is_high(j));
    let backed = high().filter(|j| j.strength >= Strength::Drill);
    Measure::share(backed.count(), high().count())
}

/// An alert that was acknowledged in a reverse shadow shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alert {
    pub area_id: i64,
    pub shift_id: i64,
    pub is_understood: bool,
}

/// Alerts understood. 13 of 16: 81 %, n = 16.
pub fn understood(alerts: &[Alert]) -> Measure {
    let understood = alerts.iter().filter(|a| a.is_understood);
    Measure::share(understood.count(), alerts.len())
}
