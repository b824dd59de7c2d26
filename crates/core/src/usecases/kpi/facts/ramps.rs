//! Open ramps: their pace, what nobody observed yet, and their waivers.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::{Facts, Line, counted, of_area, reached};
use crate::db::list::{List, Listed, entries, listed};
use crate::db::schema::{ramps, waivers};
use crate::db::types::Day;
use crate::db::{Conn, id_in};
use crate::domain::kpi::formula::ramps::{self as formula, Open};
use crate::domain::kpi::{Kpi, Unit};
use crate::domain::people::store::is_here;
use crate::domain::ramp::RampState;
use crate::domain::ramp::model::Ramp;
use crate::domain::session::store::counting;
use crate::domain::standard;
use crate::error::Result;
use crate::usecases::dossier::progress::Progress;
use crate::usecases::kpi::Figure;
use crate::usecases::kpi::reach::Reach;

pub struct Ramps(Vec<Open>);

impl Facts for Ramps {
    const KPIS: &'static [Kpi] = &[Kpi::Pace, Kpi::NotObserved, Kpi::WaiverLoad];

    fn load(c: &mut Conn, reach: &Reach) -> Result<Self> {
        let begun = ramps::closed_at
            .is_null()
            .and(ramps::state.ne(RampState::Proposed));
        let open: Vec<Ramp> = ramps::table
            .filter(reached!(reach))
            .filter(begun)
            .filter(is_here("ramps.mentee_id"))
            .order(ramps::id)
            .select(Ramp::as_select())
            .load(c)?;
        if open.is_empty() {
            return Ok(Self(Vec::new()));
        }
        let mut pinned: Vec<i64> = open.iter().map(|ramp| ramp.standard_id).collect();
        pinned.sort_unstable();
        pinned.dedup();
        let standards = standard::store::load(c, &pinned)?;
        let progress = Progress::load(c, &open, &standards, reach.today)?;
        let ids: Vec<i64> = open.iter().map(|ramp| ramp.id).collect();
        let mut waived: HashMap<i64, Vec<Day>> = HashMap::new();
        for (ramp_id, until) in waivers_of(c, &ids)? {
            waived.entry(ramp_id).or_default().push(until);
        }
        let mut facts = Vec::new();
        for ramp in &open {
            let (Some(readiness), Some(clock)) = (
                progress.readiness.get(&ramp.id),
                progress.clocks.get(&ramp.id),
            ) else {
                continue;
            };
            let unjudged = readiness.competencies.iter();
            facts.push(Open {
                ramp_id: ramp.id,
                area_id: ramp.area_id,
                lines: readiness.lines,
                met: readiness.lines_met,
                days: clock.elapsed(reach.today),
                planned: clock.planned(ramp.target_on),
                is_running: ramp.state.is_running() && ramp.starts_on <= reach.today,
                competencies: readiness.competencies.len(),
                unseen: unjudged
                    .filter(|one| one.mentor_level.is_none())
                    .map(|one| one.code.clone())
                    .collect(),
                waived_until: waived.remove(&ramp.id).unwrap_or_default(),
            });
        }
        let late = |open: &&Open| open.is_past_half() && !open.unseen.is_empty();
        let late: Vec<i64> = facts.iter().filter(late).map(|o| o.ramp_id).collect();
        let observed = observed(c, &late)?;
        for open in &mut facts {
            if let Some(seen) = observed.get(&open.ramp_id) {
                open.unseen.retain(|code| !seen.contains(code));
            }
        }
        Ok(Self(facts))
    }

    fn of_area(&self, area_id: i64) -> Self {
        Self(of_area(&self.0, area_id))
    }

    fn figure(&self, kpi: Kpi, reach: &Reach) -> Option<Figure> {
        if reach.person.is_some() && self.0.is_empty() {
            return None;
        }
        Some(match kpi {
            Kpi::Pace => Figure::new(kpi, formula::pace(&self.0)),
            Kpi::NotObserved => Figure::new(kpi, formula::not_observed(&self.0)),
            _ => {
                let past = formula::waivers_past_end(&self.0, reach.today);
                Figure::new(kpi, formula::waiver_load(&self.0, reach.today)).with(
                    "Past their last day",
                    past,
                    Unit::Count,
                )
            }
        })
    }

    fn lines(&self, kpi: Kpi, reach: &Reach) -> Vec<Line> {
        let of = |open: &Open, noun: &str, adds: String| {
            let about = match reach.person {
                Some(_) => reach.name(open.area_id).to_owned(),
                None => noun.to_owned(),
            };
            Line::new(about, adds).at_own(reach, format!("/ramps/{}", open.ramp_id))
        };
        match kpi {
            Kpi::Pace => {
                let paced = self.0.iter().filter_map(|open| Some((open, open.pace()?)));
                let mut paced: Vec<(&Open, f64)> = paced.collect();
                paced.sort_by(|one, other| one.1.total_cmp(&other.1));
                let line =
                    |(open, pace): (&Open, f64)| of(open, "A ramp", kpi.unit().written(pace));
                paced.into_iter().map(line).collect()
            }
            Kpi::NotObserved => {
                let late = self.0.iter().filter(|open| open.is_past_half());
                let mut ramps: HashMap<&str, usize> = HashMap::new();
                for code in late.flat_map(|open| &open.unseen) {
                    *ramps.entry(code).or_default() += 1;
                }
                let mut ramps: Vec<(&str, usize)> = ramps.into_iter().collect();
                ramps.sort_by_key(|(code, n)| (std::cmp::Reverse(*n), *code));
                let line = |(code, n): (&str, usize)| Line::new(code, counted(n, "ramp"));
                ramps.into_iter().map(line).collect()
            }
            _ => {
                let each = self.0.iter().flat_map(|open| {
                    let of_ramp = open.waived_until.iter();
                    of_ramp.map(move |until| (open, *until))
                });
                let mut each: Vec<(&Open, Day)> = each.collect();
                each.sort_by_key(|(open, until)| (*until, open.ramp_id));
                let line = |(open, until): (&Open, Day)| {
                    let word = match until < reach.today {
                        true => "past its last day",
                        false => "until",
                    };
                    of(open, "A waiver", format!("{word} {}", until.words()))
                };
                each.into_iter().map(line).collect()
            }
        }
    }
}

/// Last days of waivers that were granted and not revoked.
fn waivers_of(c: &mut Conn, ramp_ids: &[i64]) -> Result<Vec<(i64, Day)>> {
    Ok(waivers::table
        .filter(id_in(waivers::ramp_id, ramp_ids))
        .filter(waivers::granted.eq(true))
        .filter(waivers::revoked_at.is_null())
        .order(waivers::id)
        .select((waivers::ramp_id, waivers::ends_on))
        .load(c)?)
}

/// Competencies that someone observed on those ramps, by what evidence can rest on: sessions, shifts, drills, and what
/// was said on request.
fn observed(c: &mut Conn, ramp_ids: &[i64]) -> Result<HashMap<i64, HashSet<String>>> {
    if ramp_ids.is_empty() {
        return Ok(HashMap::new());
    }
    type Lists = (List, List, List, List);
    let rows: Vec<(i64, Lists)> = ramps::table
        .filter(id_in(ramps::id, ramp_ids))
        .select((
            ramps::id,
            (in_sessions(), in_shifts(), in_drills(), on_request()),
        ))
        .load(c)?;
    let code = |parts: &[&str]| match parts {
        [code] => Some((*code).to_owned()),
        _ => None,
    };
    let read = |(id, (sessions, shifts, drills, asked)): (i64, Lists)| {
        let mut seen = HashSet::new();
        for list in [sessions, shifts, drills, asked] {
            seen.extend(entries(list, code)?);
        }
        Ok((id, seen))
    };
    rows.into_iter().map(read).collect()
}

fn in_sessions() -> Listed {
    let rows = format!(
        "observations o JOIN sessions s ON s.id = o.session_id WHERE s.ramp_id = ramps.id AND {}",
        counting("s")
    );
    listed(&["o.competency_code"], &rows)
}

fn in_shifts() -> Listed {
    listed(
        &["o.competency_code"],
        "shifts f JOIN shift_debriefs b ON b.shift_id = f.id JOIN shift_observations o ON o.debrief_id = b.id \
         WHERE f.mentee_id = ramps.mentee_id AND f.area_id = ramps.area_id AND f.state = 'debriefed' \
         AND f.starts_at >= ramps.counts_from \
         AND b.id = (SELECT MAX(later.id) FROM shift_debriefs later WHERE later.shift_id = f.id)",
    )
}

fn in_drills() -> Listed {
    listed(
        &["o.competency_code"],
        "drill_observations o JOIN drills d ON d.id = o.drill_id WHERE o.person_id = ramps.mentee_id \
         AND d.area_id = ramps.area_id AND d.state = 'debriefed' AND d.begun_at >= ramps.counts_from",
    )
}

fn on_request() -> Listed {
    listed(
        &["q.competency_code"],
        "asked_observations q WHERE q.ramp_id = ramps.id AND q.outcome = 'answered'",
    )
}
