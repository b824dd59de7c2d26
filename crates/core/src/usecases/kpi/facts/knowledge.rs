//! The current standards: what only one person knows, and how old their sections are.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::{Facts, Line, of_area};
use crate::db::fixed::fixed;
use crate::db::schema::{assessments, ramps, stale_flags, standards};
use crate::db::types::UtcTime;
use crate::db::{Conn, id_in};
use crate::domain::assessment::Stream;
use crate::domain::assessment::blind::{SEALED_DAYS, open_before};
use crate::domain::kpi::formula::cover::{self, Known};
use crate::domain::kpi::formula::learned::{self, Section};
use crate::domain::kpi::formula::time;
use crate::domain::kpi::{Kpi, LONG_WINDOW_DAYS, Unit};
use crate::domain::people::store::is_here;
use crate::domain::standard::sections::ranked;
use crate::domain::standard::store::Row;
use crate::domain::standard::{Level, Standard, StandardState};
use crate::error::Result;
use crate::usecases::kpi::Figure;
use crate::usecases::kpi::reach::Reach;

/// From this level on, someone holds a competency alone.
const ALONE: i64 = 4;

pub struct Knowledge {
    known: Vec<Known>,
    /// The text of each competency.
    statements: HashMap<String, String>,
    sections: Vec<Section>,
    /// Area and days of each stale flag that a version answered in the window.
    fixed: Vec<(i64, f64)>,
}

impl Facts for Knowledge {
    const KPIS: &'static [Kpi] = &[Kpi::SinglePoints, Kpi::ChecklistFreshness];

    fn load(c: &mut Conn, reach: &Reach) -> Result<Self> {
        let mut all = Self {
            known: Vec::new(),
            statements: HashMap::new(),
            sections: Vec::new(),
            fixed: Vec::new(),
        };
        if reach.person.is_some() {
            return Ok(all);
        }
        let released: Vec<Row> = standards::table
            .filter(id_in(standards::area_id, &reach.ids))
            .filter(standards::state.ne(StandardState::Draft))
            .order((standards::area_id, standards::version))
            .select(Row::as_select())
            .load(c)?;
        let released: Vec<Standard> = released.into_iter().map(Row::read).collect::<Result<_>>()?;
        let holders = holders(c, reach)?;
        for versions in released.chunk_by(|one, other| one.area_id == other.area_id) {
            let Some(current) = versions.last() else {
                continue;
            };
            let area_id = current.area_id;
            for competency in &current.content.competencies {
                let key = (area_id, competency.code.clone());
                all.known.push(Known {
                    area_id,
                    holders: holders.get(&key).copied().unwrap_or_default(),
                    is_critical: competency.critical,
                    code: competency.code.clone(),
                });
                let statement = competency.statement.clone();
                all.statements.insert(competency.code.clone(), statement);
            }
            let ages = ranked(versions, &[]).into_iter();
            all.sections
                .extend(ages.filter(|age| age.lines > 0).map(|age| Section {
                    area_id,
                    label: age.section.label(),
                    since: age.since.day(),
                }));
        }
        all.fixed = fixed_flags(c, reach)?;
        Ok(all)
    }

    fn of_area(&self, area_id: i64) -> Self {
        let fixed = self.fixed.iter().filter(|(id, _)| *id == area_id);
        Self {
            known: of_area(&self.known, area_id),
            statements: HashMap::new(),
            sections: of_area(&self.sections, area_id),
            fixed: fixed.copied().collect(),
        }
    }

    fn figure(&self, kpi: Kpi, reach: &Reach) -> Option<Figure> {
        if reach.person.is_some() {
            return None;
        }
        Some(match kpi {
            Kpi::SinglePoints => Figure::new(kpi, cover::single_points(&self.known, true)).with(
                "Of all competencies",
                cover::single_points(&self.known, false),
                Unit::Count,
            ),
            _ => {
                let days: Vec<f64> = self.fixed.iter().map(|(_, days)| *days).collect();
                let since = reach.first_day(LONG_WINDOW_DAYS);
                Figure::new(kpi, learned::freshness(&self.sections, since)).with(
                    "Median days to fix a stale line",
                    time::median_days(&days),
                    Unit::Days,
                )
            }
        })
    }

    fn lines(&self, kpi: Kpi, reach: &Reach) -> Vec<Line> {
        let at = |area_id: i64, line: Line| match reach.place(area_id) {
            Some(place) => line.at(format!("/areas/{}", place.slug)),
            None => line,
        };
        if kpi == Kpi::SinglePoints {
            let mut single: Vec<&Known> =
                self.known.iter().filter(|k| k.is_single_point()).collect();
            single.sort_by_key(|known| !known.is_critical);
            let line = |known: &Known| {
                let statement = self.statements.get(&known.code).map_or("", String::as_str);
                let word = if known.is_critical {
                    "critical"
                } else {
                    "not critical"
                };
                at(
                    known.area_id,
                    Line::new(format!("{} {statement}", known.code), word),
                )
            };
            return single.into_iter().map(line).collect();
        }
        let mut oldest: Vec<&Section> = self.sections.iter().collect();
        oldest.sort_by_key(|section| section.since);
        let line = |section: &Section| {
            let adds = format!("unchanged since {}", section.since.words());
            at(section.area_id, Line::new(&section.label, adds))
        };
        oldest.into_iter().map(line).collect()
    }
}

/// How many people hold each competency, by area and code: the latest judgement of a mentor about them, on any ramp in
/// the area, is level 4 or 5. People who left hold nothing, and judgements that can be sealed tell nothing.
fn holders(c: &mut Conn, reach: &Reach) -> Result<HashMap<(i64, String), usize>> {
    let latest = fixed::<Bool>(
        "NOT EXISTS (SELECT 1 FROM ramps y JOIN assessments z ON z.ramp_id = y.id \
         WHERE y.mentee_id = ramps.mentee_id AND y.area_id = ramps.area_id \
         AND z.competency_code = assessments.competency_code AND z.stream = 'mentor' AND z.level IS NOT NULL \
         AND z.id > assessments.id AND z.at < ",
    )
    .on(reach.today.plus_days(-SEALED_DAYS), ")");
    let rows: Vec<(i64, String, i64)> = assessments::table
        .inner_join(ramps::table)
        .filter(id_in(ramps::area_id, &reach.ids))
        .filter(is_here("ramps.mentee_id"))
        .filter(assessments::stream.eq(Stream::Mentor))
        .filter(assessments::at.lt(open_before(reach.today)))
        .filter(assessments::level.ge(Level::new(ALONE)))
        .filter(latest)
        .group_by((ramps::area_id, assessments::competency_code))
        .select((ramps::area_id, assessments::competency_code, count_star()))
        .load(c)?;
    let counts = rows.into_iter().map(|(area_id, code, n)| {
        let holders = usize::try_from(n).unwrap_or_default();
        ((area_id, code), holders)
    });
    Ok(counts.collect())
}

/// Stale flags that a version answered in the window: their area, and how many days they were open.
fn fixed_flags(c: &mut Conn, reach: &Reach) -> Result<Vec<(i64, f64)>> {
    let rows: Vec<(i64, UtcTime, Option<UtcTime>)> = stale_flags::table
        .filter(id_in(stale_flags::area_id, &reach.ids))
        .filter(stale_flags::closed_at.ge(reach.since(LONG_WINDOW_DAYS)))
        .filter(stale_flags::answered_in.is_not_null())
        .order(stale_flags::id)
        .select((
            stale_flags::area_id,
            stale_flags::at,
            stale_flags::closed_at,
        ))
        .load(c)?;
    let days = |(area_id, at, closed): (i64, UtcTime, Option<UtcTime>)| {
        Some((area_id, time::between(at, closed?)))
    };
    Ok(rows.into_iter().filter_map(days).collect())
}
