//! What a rota says of the next days.

use super::{Facts, Line};
use crate::db::Conn;
use crate::domain::kpi::Kpi;
use crate::domain::kpi::formula::cover::{self, Shift};
use crate::domain::kpi::formula::learned;
use crate::error::Result;
use crate::usecases::kpi::Figure;
use crate::usecases::kpi::reach::Reach;
use crate::usecases::rota;

pub struct Rota(Vec<Shift>);

impl Facts for Rota {
    const KPIS: &'static [Kpi] = &[Kpi::RotaMismatch, Kpi::FirstShifts];

    fn load(c: &mut Conn, reach: &Reach) -> Result<Self> {
        Ok(Self(rota_shifts(c, reach)?))
    }

    fn of_area(&self, area_id: i64) -> Self {
        Self(super::of_area(&self.0, area_id))
    }

    /// Pages of shifts alone are known to no table, so the figure about them has nothing to count over.
    fn figure(&self, kpi: Kpi, reach: &Reach) -> Option<Figure> {
        if reach.person.is_some() {
            return None;
        }
        Some(match kpi {
            Kpi::RotaMismatch => Figure::new(kpi, cover::rota_mismatch(&self.0, reach.today)),
            _ => Figure::new(kpi, learned::first_shifts(&[])),
        })
    }

    fn lines(&self, kpi: Kpi, reach: &Reach) -> Vec<Line> {
        let wrong = cover::mismatched(&self.0, reach.today);
        let wrong = wrong.filter(|_| kpi == Kpi::RotaMismatch);
        let line = |shift: &Shift| {
            let about = format!("Shift of {}", shift.starts.words());
            Line::new(about, "holder is not cleared")
        };
        wrong.map(line).collect()
    }
}

/// The shifts that rotas plan from today on for the areas of a scope, as known on that day.
fn rota_shifts(c: &mut Conn, reach: &Reach) -> Result<Vec<Shift>> {
    let ahead = rota::ahead(c, &reach.ids, reach.now)?;
    let shifts = ahead.into_iter().map(|shift| Shift {
        area_id: shift.area_id,
        starts: shift.starts.day(),
        is_cleared: shift.is_cleared,
    });
    Ok(shifts.collect())
}
