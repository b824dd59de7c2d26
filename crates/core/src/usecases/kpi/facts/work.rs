//! Pairings and sessions of the window.

use std::collections::HashMap;

use diesel::dsl::max;
use diesel::prelude::*;

use super::{Facts, Line, clocks, counted, of_area, reached};
use crate::db::schema::{pairings, ramps, sessions};
use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, id_in};
use crate::domain::kpi::formula::mentoring::{self, Days, Outcome, Paired};
use crate::domain::kpi::{Kpi, WINDOW_DAYS};
use crate::domain::people::store::is_here;
use crate::domain::ramp::RampState;
use crate::domain::session;
use crate::domain::session::SessionState;
use crate::error::Result;
use crate::usecases::kpi::Figure;
use crate::usecases::kpi::reach::Reach;

pub struct Work {
    paired: Vec<Paired>,
    /// Area, ramp and outcome of each session.
    sessions: Vec<(i64, i64, Outcome)>,
}

impl Work {
    fn held(&self) -> usize {
        let held = self.sessions.iter().filter(|(.., o)| *o == Outcome::Held);
        held.count()
    }
}

impl Facts for Work {
    const KPIS: &'static [Kpi] = &[Kpi::Cadence, Kpi::StalePairings, Kpi::Reliability];

    fn load(c: &mut Conn, reach: &Reach) -> Result<Self> {
        Ok(Self {
            paired: paired(c, reach)?,
            sessions: outcomes(c, reach)?,
        })
    }

    fn of_area(&self, area_id: i64) -> Self {
        let sessions = self.sessions.iter().filter(|(id, ..)| *id == area_id);
        Self {
            paired: of_area(&self.paired, area_id),
            sessions: sessions.copied().collect(),
        }
    }

    fn figure(&self, kpi: Kpi, reach: &Reach) -> Option<Figure> {
        if reach.person.is_some() && self.paired.is_empty() && self.sessions.is_empty() {
            return None;
        }
        let main = match kpi {
            Kpi::Cadence => mentoring::cadence(self.held(), &self.paired),
            Kpi::StalePairings => mentoring::stale(&self.paired, reach.today),
            _ => {
                let outcomes: Vec<Outcome> = self.sessions.iter().map(|(.., o)| *o).collect();
                mentoring::reliability(&outcomes)
            }
        };
        Some(Figure::new(kpi, main))
    }

    fn lines(&self, kpi: Kpi, reach: &Reach) -> Vec<Line> {
        let of = |one: &Paired, adds: String| {
            let about = match reach.person {
                Some(_) => reach.name(one.area_id).to_owned(),
                None => "A pairing".to_owned(),
            };
            Line::new(about, adds).at_own(reach, format!("/ramps/{}", one.ramp_id))
        };
        match kpi {
            Kpi::Cadence => {
                let mut held: HashMap<i64, usize> = HashMap::new();
                for (_, ramp_id, outcome) in &self.sessions {
                    *held.entry(*ramp_id).or_default() += usize::from(*outcome == Outcome::Held);
                }
                let active = self.paired.iter().filter(|one| one.active_days > 0);
                let line = |one: &Paired| {
                    let on_ramp = held.get(&one.ramp_id).copied().unwrap_or_default();
                    let asked = one.expected();
                    let held = counted(on_ramp, "session");
                    of(
                        one,
                        format!("{held} held on its ramp, {asked:.1} asked for"),
                    )
                };
                active.map(line).collect()
            }
            Kpi::StalePairings => {
                let stale = self.paired.iter().filter(|one| one.is_stale(reach.today));
                let mut stale: Vec<&Paired> = stale.collect();
                stale.sort_by_key(|one| (one.last_on, one.ramp_id));
                let line = |one: &Paired| {
                    let days = reach.today.days_since(one.last_on);
                    of(one, format!("{days} days without a session"))
                };
                stale.into_iter().map(line).collect()
            }
            _ => {
                let of = |outcome: Outcome, word: &str| {
                    let like = self.sessions.iter().filter(|(.., o)| *o == outcome);
                    Line::new(word, counted(like.count(), "session"))
                };
                vec![
                    of(Outcome::Held, "Held"),
                    of(Outcome::Cancelled, "Cancelled"),
                    of(Outcome::NoShow, "No-show"),
                ]
            }
        }
    }
}

#[derive(Queryable)]
struct Pairing {
    ramp_id: i64,
    interval_days: i32,
    since: UtcTime,
    until: Option<UtcTime>,
    area_id: i64,
    starts_on: Day,
    state: RampState,
}

fn paired(c: &mut Conn, reach: &Reach) -> Result<Vec<Paired>> {
    let window = Days {
        from: reach.first_day(WINDOW_DAYS),
        until: reach.today.plus_days(1),
    };
    let rows: Vec<Pairing> = pairings::table
        .inner_join(ramps::table)
        .filter(reached!(reach))
        .filter(is_here("ramps.mentee_id"))
        .filter(
            pairings::until
                .is_null()
                .or(pairings::until.ge(window.from.start())),
        )
        .order(pairings::id)
        .select((
            pairings::ramp_id,
            pairings::interval_days,
            pairings::since,
            pairings::until,
            ramps::area_id,
            ramps::starts_on,
            ramps::state,
        ))
        .load(c)?;
    let starts: HashMap<i64, Day> = rows.iter().map(|p| (p.ramp_id, p.starts_on)).collect();
    let clocks = clocks(c, &starts)?;
    let lasting = rows.iter().filter(|p| p.until.is_none());
    let lasting: Vec<i64> = lasting.map(|p| p.ramp_id).collect();
    let last = last_held(c, &lasting)?;
    let fact = |one: Pairing| {
        let clock = clocks.get(&one.ramp_id)?;
        let spell = (one.since.day(), one.until.map(UtcTime::day));
        let started = one.since.day().max(one.starts_on);
        let is_active =
            one.until.is_none() && one.state == RampState::Active && one.starts_on <= reach.today;
        Some(Paired {
            area_id: one.area_id,
            ramp_id: one.ramp_id,
            active_days: mentoring::active_days(clock, spell, window),
            interval_days: one.interval_days,
            is_active,
            last_on: last.get(&one.ramp_id).map_or(started, |at| at.day()),
        })
    };
    Ok(rows.into_iter().filter_map(fact).collect())
}

/// Start of the latest session of each of those ramps.
fn last_held(c: &mut Conn, ramp_ids: &[i64]) -> Result<HashMap<i64, UtcTime>> {
    if ramp_ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(i64, Option<UtcTime>)> = sessions::table
        .filter(id_in(sessions::ramp_id, ramp_ids))
        .filter(session::store::counts())
        .group_by(sessions::ramp_id)
        .select((sessions::ramp_id, max(sessions::starts_at)))
        .load(c)?;
    let found = rows.into_iter();
    Ok(found.filter_map(|(id, at)| Some((id, at?))).collect())
}

fn outcomes(c: &mut Conn, reach: &Reach) -> Result<Vec<(i64, i64, Outcome)>> {
    let rows: Vec<(i64, i64, SessionState)> = sessions::table
        .inner_join(ramps::table)
        .filter(reached!(reach))
        .filter(is_here("ramps.mentee_id"))
        .filter(sessions::starts_at.ge(reach.since(WINDOW_DAYS)))
        .filter(sessions::starts_at.le(reach.now))
        .filter(sessions::superseded_at.is_null())
        .filter(sessions::undone_at.is_null())
        .filter(sessions::state.ne(SessionState::Planned))
        .order(sessions::id)
        .select((ramps::area_id, sessions::ramp_id, sessions::state))
        .load(c)?;
    let outcome = |(area_id, ramp_id, state)| {
        let outcome = match state {
            SessionState::Held => Outcome::Held,
            SessionState::Cancelled => Outcome::Cancelled,
            SessionState::NoShow => Outcome::NoShow,
            SessionState::Planned => return None,
        };
        Some((area_id, ramp_id, outcome))
    };
    Ok(rows.into_iter().filter_map(outcome).collect())
}
