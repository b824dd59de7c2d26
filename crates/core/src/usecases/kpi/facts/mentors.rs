//! Mentors with a pairing in a running ramp.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{Facts, Line, counted};
use crate::db::schema::{memberships, pairings, ramps};
use crate::db::{Conn, id_in};
use crate::domain::kpi::formula::mentoring::{self, Mentor};
use crate::domain::kpi::{Kpi, Measure, Unit, are_few};
use crate::domain::ramp::RampState;
use crate::error::Result;
use crate::usecases::kpi::Figure;
use crate::usecases::kpi::reach::Reach;
use crate::usecases::ramp::loads::loads;

pub struct Mentors(Vec<Mentor>);

impl Facts for Mentors {
    const KPIS: &'static [Kpi] = &[Kpi::MentorLoad, Kpi::LoadSpread];

    /// Of a team its members; of areas those who mentor in them, with all that they carry elsewhere too.
    fn load(c: &mut Conn, reach: &Reach) -> Result<Self> {
        let ids: Vec<i64> = match (reach.person, reach.team) {
            (Some(person), _) => vec![person],
            (None, Some(team)) => memberships::table
                .filter(memberships::team_id.eq(team))
                .select(memberships::person_id)
                .load(c)?,
            (None, None) => pairings::table
                .inner_join(ramps::table)
                .filter(id_in(ramps::area_id, &reach.ids))
                .filter(
                    ramps::state
                        .eq(RampState::Active)
                        .or(ramps::state.eq(RampState::InReview)),
                )
                .filter(pairings::until.is_null())
                .select(pairings::mentor_id)
                .distinct()
                .load(c)?,
        };
        let carried = loads(c, &ids, reach.now)?.into_iter();
        let mut mentors: Vec<Mentor> = carried
            .map(|(person_id, load)| Mentor {
                person_id,
                primary: load.primary,
                secondary: load.secondary,
                minutes: load.minutes,
                hours_agreed: load.hours_agreed,
            })
            .filter(|mentor| mentor.load() > 0.0)
            .collect();
        mentors.sort_by_key(|mentor| mentor.person_id);
        Ok(Self(mentors))
    }

    fn of_area(&self, _area_id: i64) -> Self {
        Self(self.0.clone())
    }

    fn figure(&self, kpi: Kpi, reach: &Reach) -> Option<Figure> {
        let alone = reach.person.is_some();
        if alone && (self.0.is_empty() || kpi == Kpi::LoadSpread) {
            return None;
        }
        Some(match kpi {
            Kpi::MentorLoad => Figure::new(kpi, mentoring::load(&self.0)).with(
                "Mentoring hours for each agreed hour",
                hours(&self.0, alone),
                Unit::Ratio,
            ),
            _ => Figure::new(kpi, mentoring::spread(&self.0)),
        })
    }

    fn people(&self, _kpi: Kpi, _reach: &Reach) -> Option<usize> {
        Some(self.0.len())
    }

    fn lines(&self, _kpi: Kpi, reach: &Reach) -> Vec<Line> {
        if reach.person.is_some() {
            let own = self.0.iter().flat_map(|mentor| {
                let hours = f64::from(mentor.minutes) / 60.0;
                let agreed = mentor.hours_agreed;
                let agreed = agreed.map_or(String::new(), |n| format!(" of {n} agreed"));
                [
                    Line::new("As primary mentor", mentor.primary.to_string()),
                    Line::new("As secondary mentor", mentor.secondary.to_string()),
                    Line::new("Hours within 4 weeks", format!("{hours:.1}{agreed}")),
                ]
            });
            return own.collect();
        }
        // Who carries how much is for each of them and their leads.
        let mut carried: BTreeMap<u32, usize> = BTreeMap::new();
        for mentor in &self.0 {
            *carried
                .entry(mentor.primary * 2 + mentor.secondary)
                .or_default() += 1;
        }
        let line = |(halves, n): (u32, usize)| {
            let load = f64::from(halves) / 2.0;
            Line::new(counted(n, "mentor"), format!("load {load}"))
        };
        carried.into_iter().rev().map(line).collect()
    }

    /// One mentor may work in several areas.
    fn is_listed(_kpi: Kpi) -> bool {
        true
    }
}

/// Fewer may have agreed on hours than mentor.
fn hours(mentors: &[Mentor], alone: bool) -> Measure {
    let found = mentoring::hours(mentors);
    let agreed = usize::try_from(found.n).unwrap_or(usize::MAX);
    Measure {
        value: found.value.filter(|_| alone || !are_few(agreed)),
        ..found
    }
}
