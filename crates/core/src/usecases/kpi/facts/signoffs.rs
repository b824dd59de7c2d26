//! Sign-offs decided in the window.

use std::cmp::Reverse;

use diesel::prelude::*;

use super::{Facts, Line, of_area};
use crate::db::schema::{ramps, signoffs};
use crate::db::types::UtcTime;
use crate::db::{Conn, id_in};
use crate::domain::kpi::formula::time::{self, Decided};
use crate::domain::kpi::{Kpi, Unit, WINDOW_DAYS};
use crate::domain::signoff::SignoffState;
use crate::error::Result;
use crate::usecases::kpi::Figure;
use crate::usecases::kpi::reach::Reach;

pub struct Signoffs(Vec<Decided>);

impl Facts for Signoffs {
    const KPIS: &'static [Kpi] = &[Kpi::SignoffTurnaround];

    /// One that was withdrawn has no decision.
    fn load(c: &mut Conn, reach: &Reach) -> Result<Self> {
        if reach.person.is_some() {
            return Ok(Self(Vec::new()));
        }
        let rows: Vec<(i64, UtcTime, Option<UtcTime>, SignoffState)> = signoffs::table
            .inner_join(ramps::table)
            .filter(id_in(ramps::area_id, &reach.ids))
            .filter(signoffs::decided_at.ge(reach.since(WINDOW_DAYS)))
            .filter(signoffs::state.ne(SignoffState::Withdrawn))
            .order(signoffs::id)
            .select((
                ramps::area_id,
                signoffs::requested_at,
                signoffs::decided_at,
                signoffs::state,
            ))
            .load(c)?;
        let fact = |(area_id, requested, decided, state): (i64, UtcTime, Option<UtcTime>, _)| {
            Some(Decided {
                area_id,
                requested_on: requested.day(),
                decided_on: decided?.day(),
                is_returned: state == SignoffState::Returned,
            })
        };
        Ok(Self(rows.into_iter().filter_map(fact).collect()))
    }

    fn of_area(&self, area_id: i64) -> Self {
        Self(of_area(&self.0, area_id))
    }

    fn figure(&self, kpi: Kpi, reach: &Reach) -> Option<Figure> {
        if reach.person.is_some() {
            return None;
        }
        let returned = time::returned(&self.0);
        let figure = Figure::new(kpi, time::turnaround(&self.0));
        Some(figure.with("Returned", returned, Unit::Share))
    }

    /// Neither whose it was nor what was decided: a returned one concerns those two sides.
    fn lines(&self, kpi: Kpi, _reach: &Reach) -> Vec<Line> {
        let mut slowest: Vec<&Decided> = self.0.iter().collect();
        slowest.sort_by_key(|one| Reverse(one.days()));
        let line = |one: &Decided| {
            let days = i32::try_from(one.days()).unwrap_or(i32::MAX);
            let took = kpi.unit().written(f64::from(days));
            Line::new(format!("Sign-off decided {}", one.decided_on.words()), took)
        };
        slowest.into_iter().map(line).collect()
    }
}
