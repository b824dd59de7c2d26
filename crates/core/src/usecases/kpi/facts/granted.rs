//! Clearances of the window and the ramps they came from.

use std::collections::HashMap;

use diesel::dsl::min;
use diesel::prelude::*;

use super::{Facts, Line, clocks, reached};
use crate::db::schema::{clearances, pairings, ramps, signoffs};
use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, id_in};
use crate::domain::clearance::ClearanceKind;
use crate::domain::kpi::formula::time::{self, Granted};
use crate::domain::kpi::{Kpi, Unit, WINDOW_DAYS};
use crate::error::Result;
use crate::usecases::kpi::reach::Reach;
use crate::usecases::kpi::{Figure, PROPOSED};

pub struct Grants(Vec<Grant>);

#[derive(Clone)]
struct Grant {
    fact: Granted,
    person_id: i64,
    on: Day,
}

impl Grants {
    fn facts(&self) -> Vec<Granted> {
        self.0.iter().map(|grant| grant.fact).collect()
    }
}

impl Facts for Grants {
    const KPIS: &'static [Kpi] = &[Kpi::TimeToClearance];

    /// A recertification is no way to a first clearance.
    fn load(c: &mut Conn, reach: &Reach) -> Result<Self> {
        if reach.person.is_some() {
            return Ok(Self(Vec::new()));
        }
        let rows: Vec<(i64, i64, UtcTime, i64, Day)> = clearances::table
            .inner_join(signoffs::table)
            .inner_join(ramps::table.on(ramps::id.eq(signoffs::ramp_id)))
            .filter(reached!(reach))
            .filter(clearances::kind.eq(ClearanceKind::Full))
            .filter(clearances::granted_at.ge(reach.since(WINDOW_DAYS)))
            .filter(clearances::granted_at.le(reach.now))
            .filter(ramps::renews_id.is_null())
            .order((clearances::granted_at.desc(), clearances::id.desc()))
            .select((
                clearances::person_id,
                clearances::area_id,
                clearances::granted_at,
                ramps::id,
                ramps::starts_on,
            ))
            .load(c)?;
        let paired = paired_on(c, rows.iter().map(|row| row.3).collect())?;
        // A ramp without a pairing starts by itself.
        let starts: HashMap<i64, Day> = rows
            .iter()
            .map(|row| (row.3, paired.get(&row.3).copied().unwrap_or(row.4)))
            .collect();
        let clocks = clocks(c, &starts)?;
        let grant = |(person_id, area_id, at, ramp_id, _): (i64, i64, UtcTime, i64, Day)| {
            let planned = reach
                .place(area_id)
                .map_or(0, |p| 7 * i64::from(p.target_weeks));
            Some(Grant {
                fact: Granted {
                    area_id,
                    days: at.day().days_since(*starts.get(&ramp_id)?)
                        - clocks.get(&ramp_id)?.paused_days(),
                    planned,
                },
                person_id,
                on: at.day(),
            })
        };
        Ok(Self(rows.into_iter().filter_map(grant).collect()))
    }

    fn of_area(&self, area_id: i64) -> Self {
        let here = self.0.iter().filter(|g| g.fact.area_id == area_id);
        Self(here.cloned().collect())
    }

    fn figure(&self, kpi: Kpi, reach: &Reach) -> Option<Figure> {
        if reach.person.is_some() {
            return None;
        }
        let facts = self.facts();
        Some(
            Figure::new(kpi, time::to_clearance(&facts))
                .with(
                    "80th percentile",
                    time::to_clearance_of_most(&facts),
                    Unit::Days,
                )
                .with(PROPOSED, time::planned(&facts), Unit::Days),
        )
    }

    fn lines(&self, kpi: Kpi, reach: &Reach) -> Vec<Line> {
        let line = |grant: &Grant| {
            let days = i32::try_from(grant.fact.days).unwrap_or(i32::MAX);
            let took = kpi.unit().written(f64::from(days));
            let area = reach.name(grant.fact.area_id);
            match reach.person {
                Some(_) => Line::new(area, format!("{took}, cleared {}", grant.on.words()))
                    .of(grant.person_id),
                // That somebody is cleared is open to all, and how long it took them is not.
                None => Line::new(area, took),
            }
        };
        self.0.iter().map(line).collect()
    }

    fn is_listed(_kpi: Kpi) -> bool {
        true
    }
}

/// The day of the first pairing of each of those ramps.
fn paired_on(c: &mut Conn, ramp_ids: Vec<i64>) -> Result<HashMap<i64, Day>> {
    if ramp_ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(i64, Option<UtcTime>)> = pairings::table
        .filter(id_in(pairings::ramp_id, &ramp_ids))
        .group_by(pairings::ramp_id)
        .select((pairings::ramp_id, min(pairings::since)))
        .load(c)?;
    let found = rows.into_iter();
    Ok(found.filter_map(|(id, at)| Some((id, at?.day()))).collect())
}
