//! Judgements of the window.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::{Facts, Line, counted, of_area};
use crate::db::schema::{assessments, ramps};
use crate::db::types::UtcTime;
use crate::db::{Conn, id_in};
use crate::domain::assessment::Stream;
use crate::domain::kpi::formula::judged::{self, Judged, PAIR_DAYS, Pair, STRICT_N, Strict};
use crate::domain::kpi::{Goal, Kpi, Measure, Unit, WINDOW_DAYS};
use crate::domain::standard::{Level, Strength};
use crate::error::Result;
use crate::usecases::kpi::Figure;
use crate::usecases::kpi::reach::Reach;

pub struct Judgements {
    /// Of the window and, for pairs, of some days before; in the order of rows.
    judged: Vec<Judged>,
    since: UtcTime,
    /// Pairs that were complete in the window.
    pairs: Vec<Pair>,
    strict: Vec<Strict>,
}

/// Row, area, ramp, mentee, code, side, level, who, when, strength.
type Columns = (
    i64,
    i64,
    i64,
    i64,
    String,
    Stream,
    Option<Level>,
    i64,
    UtcTime,
    Strength,
);

impl Facts for Judgements {
    const KPIS: &'static [Kpi] = &[
        Kpi::Agreement,
        Kpi::Kappa,
        Kpi::Strictness,
        Kpi::EvidenceDepth,
    ];

    /// What a recertification or a newer standard carried over was judged before. Of a person: about them, and about the
    /// people they judged.
    fn load(c: &mut Conn, reach: &Reach) -> Result<Self> {
        let people = match reach.person {
            Some(person) => judged_by(c, person, reach)?,
            None => Vec::new(),
        };
        let concerns = id_in(ramps::mentee_id, &people).or(reach.is_open());
        let rows: Vec<Columns> = assessments::table
            .inner_join(ramps::table)
            .filter(id_in(ramps::area_id, &reach.ids))
            .filter(concerns)
            .filter(assessments::at.ge(reach.since(WINDOW_DAYS + PAIR_DAYS)))
            .filter(assessments::at.le(reach.now))
            .filter(assessments::level.is_not_null())
            .filter(assessments::carried_from.is_null())
            .order(assessments::id)
            .select((
                assessments::id,
                ramps::area_id,
                assessments::ramp_id,
                ramps::mentee_id,
                assessments::competency_code,
                assessments::stream,
                assessments::level,
                assessments::by_id,
                assessments::at,
                assessments::strength,
            ))
            .load(c)?;
        let read = |row: Columns| {
            let (id, area_id, ramp_id, mentee_id, code, stream, level, by_id, at, strength) = row;
            Some(Judged {
                id,
                area_id,
                ramp_id,
                mentee_id,
                code,
                stream,
                level: level?,
                by_id,
                at,
                strength,
            })
        };
        let judged = rows.into_iter().filter_map(read).collect();
        Ok(Self::new(judged, reach.since(WINDOW_DAYS)))
    }

    fn of_area(&self, area_id: i64) -> Self {
        Self::new(of_area(&self.judged, area_id), self.since)
    }

    fn figure(&self, kpi: Kpi, reach: &Reach) -> Option<Figure> {
        let pairs = self.pairs(reach);
        let main = match (kpi, reach.person) {
            (Kpi::Agreement, _) => judged::agreement(&pairs),
            (Kpi::Strictness, Some(person)) => judged::difference_of(&self.strict, person),
            (Kpi::Kappa | Kpi::EvidenceDepth, Some(_)) => return None,
            (Kpi::Kappa, None) => {
                let found = judged::kappa(&pairs);
                // Of fewer pairs it says nothing.
                Measure {
                    value: found.value.filter(|_| found.n >= kpi.least_n()),
                    ..found
                }
            }
            (Kpi::Strictness, None) => judged::greatest_difference(&self.strict),
            _ => judged::evidence_depth(&self.of_window()),
        };
        if reach.person.is_some() && main.n == 0 {
            return None;
        }
        let figure = Figure::new(kpi, main);
        Some(match kpi {
            Kpi::Agreement => figure.with(
                "Mean gap, own minus mentor's level",
                judged::mean_gap(&pairs),
                Unit::Ratio,
            ),
            _ => figure,
        })
    }

    fn people(&self, kpi: Kpi, reach: &Reach) -> Option<usize> {
        match kpi {
            Kpi::Agreement | Kpi::Kappa => {
                let pairs = self.pairs(reach).into_iter();
                let mentees: BTreeSet<i64> = pairs.map(|pair| pair.mentee_id).collect();
                Some(mentees.len())
            }
            Kpi::Strictness => {
                let strict = self.strict.iter();
                Some(strict.filter(|one| one.n >= STRICT_N).count())
            }
            _ => None,
        }
    }

    fn lines(&self, kpi: Kpi, reach: &Reach) -> Vec<Line> {
        match (kpi, reach.person) {
            (Kpi::Agreement, Some(_)) => self.own_pairs(reach),
            (Kpi::Agreement | Kpi::Kappa, _) => differences(&self.pairs(reach)),
            (Kpi::Strictness, Some(person)) => self.own_strictness(person),
            (Kpi::Strictness, None) => strict_mentors(&self.strict),
            _ => self.strengths(),
        }
    }
}

impl Judgements {
    fn new(judged: Vec<Judged>, since: UtcTime) -> Self {
        let mut pairs = judged::pairs(&judged);
        pairs.retain(|pair| pair.at >= since);
        let mut all = Self {
            judged,
            since,
            pairs,
            strict: Vec::new(),
        };
        all.strict = judged::strictness(&all.of_window());
        all
    }

    fn of_window(&self) -> Vec<Judged> {
        let within = self.judged.iter().filter(|one| one.at >= self.since);
        within.cloned().collect()
    }

    /// Pairs of the window; of a person, those about them.
    fn pairs(&self, reach: &Reach) -> Vec<Pair> {
        let about = |pair: &&Pair| reach.person.is_none_or(|id| id == pair.mentee_id);
        self.pairs.iter().filter(about).cloned().collect()
    }

    /// Both sides have judged, so both may see both.
    fn own_pairs(&self, reach: &Reach) -> Vec<Line> {
        let line = |pair: Pair| {
            let address = format!("/ramps/{}/competencies/{}", pair.ramp_id, pair.code);
            let adds = format!("own level {}, mentor's level {}", pair.own, pair.mentor);
            Line::new(pair.code, adds).at_own(reach, address)
        };
        self.pairs(reach).into_iter().map(line).collect()
    }

    /// Nobody is named: whoever reads the figures of a mentor need not read about their mentees.
    fn own_strictness(&self, person: i64) -> Vec<Line> {
        let own = self.strict.iter().filter(|one| one.by_id == person);
        let lines = own.flat_map(|one| {
            [
                Line::new("Own mean level", format!("{:.2}", one.own)),
                Line::new("Mean level of others", format!("{:.2}", one.others)),
            ]
        });
        lines.collect()
    }

    fn strengths(&self) -> Vec<Line> {
        let mut each: BTreeMap<Strength, usize> = BTreeMap::new();
        let window = self.of_window();
        let high = window.iter().filter(|one| judged::is_high(one));
        for one in high {
            *each.entry(one.strength).or_default() += 1;
        }
        let line =
            |(strength, n): (Strength, usize)| Line::new(strength.label(), counted(n, "judgement"));
        each.into_iter().rev().map(line).collect()
    }
}

/// A person, and the people they judged.
fn judged_by(c: &mut Conn, person: i64, reach: &Reach) -> Result<Vec<i64>> {
    let mut people: Vec<i64> = assessments::table
        .inner_join(ramps::table)
        .filter(assessments::by_id.eq(person))
        .filter(assessments::at.ge(reach.since(WINDOW_DAYS)))
        .select(ramps::mentee_id)
        .distinct()
        .load(c)?;
    people.push(person);
    Ok(people)
}

/// How many pairs are how far apart.
fn differences(pairs: &[Pair]) -> Vec<Line> {
    let mut each: BTreeMap<i16, usize> = BTreeMap::new();
    for pair in pairs {
        let apart = i16::from(pair.own) - i16::from(pair.mentor);
        *each.entry(apart).or_default() += 1;
    }
    let line = |(apart, n): (i16, usize)| {
        let about = match apart {
            0 => "Same level".to_owned(),
            1.. => format!("Own level higher by {apart}"),
            _ => format!("Own level lower by {}", -apart),
        };
        Line::new(about, counted(n, "pair"))
    };
    each.into_iter().map(line).collect()
}

/// How many mentors are within the proposed goal; none where few mentors could be known by it.
fn strict_mentors(each: &[Strict]) -> Vec<Line> {
    let counting: Vec<&Strict> = each.iter().filter(|one| one.n >= STRICT_N).collect();
    let Some(Goal::Between(low, high)) = Kpi::Strictness.goal() else {
        return Vec::new();
    };
    if judged::greatest_difference(each).value.is_none() {
        return Vec::new();
    }
    let is_within = |one: &&&Strict| (low..=high).contains(&one.difference());
    let within = counting.iter().filter(is_within).count();
    vec![
        Line::new(format!("At most {high} apart"), counted(within, "mentor")),
        Line::new("Further apart", counted(counting.len() - within, "mentor")),
    ]
}
