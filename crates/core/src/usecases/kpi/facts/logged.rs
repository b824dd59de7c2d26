//! When sessions of the window were recorded.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::{Facts, Line};
use crate::db::fixed::fixed;
use crate::db::schema::{ramps, sessions};
use crate::db::types::UtcTime;
use crate::db::{Conn, id_in};
use crate::domain::kpi::formula::time;
use crate::domain::kpi::{Kpi, WINDOW_DAYS};
use crate::domain::session::SessionState;
use crate::error::Result;
use crate::usecases::kpi::Figure;
use crate::usecases::kpi::reach::Reach;

pub struct Logged(Vec<Record>);

#[derive(Clone, Queryable)]
struct Record {
    session_id: i64,
    mentor_id: i64,
    area_id: i64,
    starts_at: UtcTime,
    minutes: i32,
    recorded_at: UtcTime,
}

impl Record {
    fn days(&self) -> f64 {
        let ended = self.starts_at.plus_seconds(60 * i64::from(self.minutes));
        time::between(ended, self.recorded_at)
    }
}

impl Facts for Logged {
    const KPIS: &'static [Kpi] = &[Kpi::LoggingDelay];

    /// First records: a correction comes later and delays nothing. Of a person: the sessions they held as a mentor.
    fn load(c: &mut Conn, reach: &Reach) -> Result<Self> {
        let is_first = fixed::<Bool>(
            "NOT EXISTS (SELECT 1 FROM sessions b WHERE b.id = sessions.supersedes_id AND b.state = 'held')",
        );
        let records = sessions::table
            .inner_join(ramps::table)
            .filter(id_in(ramps::area_id, &reach.ids))
            .filter(sessions::mentor_id.eq(reach.mentee()).or(reach.is_open()))
            .filter(sessions::starts_at.ge(reach.since(WINDOW_DAYS)))
            .filter(sessions::starts_at.le(reach.now))
            .filter(sessions::state.eq(SessionState::Held))
            .filter(sessions::undone_at.is_null())
            .filter(is_first)
            .order(sessions::id)
            .select((
                sessions::id,
                sessions::mentor_id,
                ramps::area_id,
                sessions::starts_at,
                sessions::minutes,
                sessions::recorded_at,
            ))
            .load(c)?;
        Ok(Self(records))
    }

    fn of_area(&self, area_id: i64) -> Self {
        let here = self.0.iter().filter(|record| record.area_id == area_id);
        Self(here.cloned().collect())
    }

    fn figure(&self, kpi: Kpi, reach: &Reach) -> Option<Figure> {
        if reach.person.is_some() && self.0.is_empty() {
            return None;
        }
        let days: Vec<f64> = self.0.iter().map(Record::days).collect();
        Some(Figure::new(kpi, time::median_days(&days)))
    }

    fn people(&self, _kpi: Kpi, _reach: &Reach) -> Option<usize> {
        let mentors: BTreeSet<i64> = self.0.iter().map(|record| record.mentor_id).collect();
        Some(mentors.len())
    }

    fn lines(&self, kpi: Kpi, reach: &Reach) -> Vec<Line> {
        let mut slowest: Vec<&Record> = self.0.iter().collect();
        slowest.sort_by(|one, other| other.days().total_cmp(&one.days()));
        let line = |record: &Record| {
            let about = format!("Session of {}", record.starts_at.day().words());
            Line::new(about, kpi.unit().written(record.days()))
                .at_own(reach, format!("/sessions/{}", record.session_id))
        };
        slowest.into_iter().map(line).collect()
    }
}
