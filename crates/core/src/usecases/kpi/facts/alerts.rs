//! Alerts acknowledged in reverse shadow shifts of the window.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{Facts, Line, counted, of_area};
use crate::db::schema::{alerts, shifts};
use crate::db::{Conn, id_in};
use crate::domain::kpi::formula::judged::{self, Alert};
use crate::domain::kpi::{Kpi, WINDOW_DAYS};
use crate::domain::shift::{ShiftKind, ShiftState};
use crate::error::Result;
use crate::usecases::kpi::Figure;
use crate::usecases::kpi::reach::Reach;

pub struct Alerts(Vec<Alert>);

impl Facts for Alerts {
    const KPIS: &'static [Kpi] = &[Kpi::Understood];

    /// A line counts after its debrief, as for the gate.
    fn load(c: &mut Conn, reach: &Reach) -> Result<Self> {
        let rows: Vec<(i64, i64, bool)> = alerts::table
            .inner_join(shifts::table)
            .filter(id_in(alerts::area_id, &reach.ids))
            .filter(alerts::person_id.eq(reach.mentee()).or(reach.is_open()))
            .filter(alerts::at.ge(reach.since(WINDOW_DAYS)))
            .filter(alerts::at.le(reach.now))
            .filter(alerts::acknowledged.eq(true))
            .filter(alerts::undone_at.is_null())
            .filter(shifts::kind.eq(ShiftKind::ReverseShadow))
            .filter(shifts::state.eq(ShiftState::Debriefed))
            .order(alerts::id)
            .select((alerts::area_id, shifts::id, alerts::understood))
            .load(c)?;
        let fact = |(area_id, shift_id, is_understood)| Alert {
            area_id,
            shift_id,
            is_understood,
        };
        Ok(Self(rows.into_iter().map(fact).collect()))
    }

    fn of_area(&self, area_id: i64) -> Self {
        Self(of_area(&self.0, area_id))
    }

    fn figure(&self, kpi: Kpi, reach: &Reach) -> Option<Figure> {
        if reach.person.is_some() && self.0.is_empty() {
            return None;
        }
        Some(Figure::new(kpi, judged::understood(&self.0)))
    }

    fn lines(&self, _kpi: Kpi, reach: &Reach) -> Vec<Line> {
        let mut shifts: BTreeMap<(i64, i64), (usize, usize)> = BTreeMap::new();
        for alert in &self.0 {
            let (understood, all) = shifts.entry((alert.shift_id, alert.area_id)).or_default();
            *understood += usize::from(alert.is_understood);
            *all += 1;
        }
        let line = |((shift_id, area_id), (understood, all)): ((i64, i64), (usize, usize))| {
            let about = format!("Reverse shadow shift in {}", reach.name(area_id));
            let adds = format!("{understood} of {} understood", counted(all, "alert"));
            Line::new(about, adds).at_own(reach, format!("/shifts/{shift_id}"))
        };
        shifts.into_iter().rev().map(line).collect()
    }
}
