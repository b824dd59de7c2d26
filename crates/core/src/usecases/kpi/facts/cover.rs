//! Who covers the areas now.

use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::{Facts, Line, counted, of_area};
use crate::db::fixed::fixed;
use crate::db::schema::clearances;
use crate::db::{Conn, id_in};
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::{ClearanceKind, ClearanceState};
use crate::domain::kpi::formula::cover::{self, Held};
use crate::domain::kpi::{Kpi, Measure, Unit, WINDOW_DAYS};
use crate::domain::people::store::is_here;
use crate::error::Result;
use crate::usecases::kpi::reach::Reach;
use crate::usecases::kpi::{Figure, PROPOSED};

/// What the bus factor of a tier 1 area should be.
const BUS_FACTOR: f64 = 2.0;

/// Days within which ends of clearances are counted.
const LAPSING: [(&str, i64); 3] = [
    ("Lapsing in 30 days", 30),
    ("Lapsing in 60 days", 60),
    ("Lapsing in 90 days", 90),
];

pub struct Cover {
    /// Row, tier and minimum of each area.
    areas: Vec<(i64, i32, usize)>,
    held: Vec<Held>,
}

impl Facts for Cover {
    const KPIS: &'static [Kpi] = &[
        Kpi::Coverage,
        Kpi::BusFactor,
        Kpi::QualifierDepth,
        Kpi::Currency,
    ];

    /// The rule of [`crate::domain::clearance::standing`], as the database counts it for cover.
    fn load(c: &mut Conn, reach: &Reach) -> Result<Self> {
        let designated = fixed::<Bool>(
            "EXISTS (SELECT 1 FROM qualifiers q WHERE q.area_id = clearances.area_id \
             AND q.person_id = clearances.person_id AND q.until IS NULL)",
        );
        let practised = fixed::<Bool>(
            "EXISTS (SELECT 1 FROM activities v WHERE v.person_id = clearances.person_id \
             AND v.area_id = clearances.area_id AND v.undone_at IS NULL AND v.day >= ",
        )
        .on(reach.first_day(WINDOW_DAYS), ")");
        let rows: Vec<(Clearance, bool, bool)> = clearances::table
            .filter(id_in(clearances::area_id, &reach.ids))
            .filter(clearances::replaced_at.is_null())
            .filter(clearances::state.eq(ClearanceState::Valid))
            .filter(clearances::kind.eq(ClearanceKind::Full))
            .filter(clearances::holds_until.ge(reach.today))
            .filter(is_here("clearances.person_id"))
            .filter(clearances::person_id.eq(reach.mentee()).or(reach.is_open()))
            .order((clearances::holds_until, clearances::id))
            .select((Clearance::as_select(), designated, practised))
            .load(c)?;
        let held = |(held, is_qualifier, is_practised): (Clearance, bool, bool)| Held {
            area_id: held.area_id,
            person_id: held.person_id,
            holds_until: held.holds_until,
            end: held.end_text(reach.today),
            is_qualifier,
            is_practised,
        };
        let areas = reach.places.iter().map(|place| {
            let minimum = usize::try_from(place.minimum_cover).unwrap_or_default();
            (place.id, place.tier, minimum)
        });
        Ok(Self {
            areas: areas.collect(),
            held: rows.into_iter().map(held).collect(),
        })
    }

    fn of_area(&self, area_id: i64) -> Self {
        let here = self.areas.iter().filter(|(id, ..)| *id == area_id);
        Self {
            areas: here.copied().collect(),
            held: of_area(&self.held, area_id),
        }
    }

    fn figure(&self, kpi: Kpi, reach: &Reach) -> Option<Figure> {
        let held = &self.held;
        let currency = || {
            let figure = Figure::new(kpi, cover::currency(held));
            LAPSING.iter().fold(figure, |figure, (name, days)| {
                let ending = cover::lapsing(held, *days, reach.today);
                figure.with(name, ending, Unit::Count)
            })
        };
        if reach.person.is_some() {
            return (kpi == Kpi::Currency && !held.is_empty()).then(currency);
        }
        let covered = cover::covered_areas(&self.areas, held);
        let figure = |main| Figure::new(kpi, main);
        Some(match kpi {
            Kpi::Coverage => {
                let below = cover::below_minimum(&covered);
                figure(cover::coverage(&covered)).with("Areas below minimum", below, Unit::Count)
            }
            Kpi::BusFactor => {
                let is_first = covered.iter().any(|area| area.tier == 1);
                let wanted = cover::asked_of(is_first, BUS_FACTOR);
                let wanted = Measure::of(Some(wanted), covered.len());
                figure(cover::bus_factor(&covered)).with(PROPOSED, wanted, Unit::Count)
            }
            Kpi::QualifierDepth => figure(cover::qualifier_depth(&covered)),
            _ => currency(),
        })
    }

    fn lines(&self, kpi: Kpi, reach: &Reach) -> Vec<Line> {
        let named =
            |held: &Held| Line::new(reach.name(held.area_id), held.end.clone()).of(held.person_id);
        match kpi {
            Kpi::QualifierDepth => {
                let signing = self.held.iter().filter(|held| held.is_qualifier);
                signing.map(named).collect()
            }
            Kpi::Currency if reach.person.is_some() => self.own(reach),
            // Who practised is for that person and their leads.
            Kpi::Currency => {
                let practised = self.held.iter().filter(|held| held.is_practised).count();
                let without = self.held.len() - practised;
                vec![
                    Line::new("Practised within 90 days", people(practised)),
                    Line::new("No practice within 90 days", people(without)),
                ]
            }
            _ => self.held.iter().map(named).collect(),
        }
    }
}

fn people(n: usize) -> String {
    match n {
        1 => "1 person".to_owned(),
        n => format!("{n} people"),
    }
}

impl Cover {
    fn own(&self, reach: &Reach) -> Vec<Line> {
        let line = |held: &Held| {
            let practised = match held.is_practised {
                true => "practised within 90 days",
                false => "no practice within 90 days",
            };
            let left = held.holds_until.days_since(reach.today);
            let left = counted(usize::try_from(left).unwrap_or_default(), "day");
            Line::new(
                reach.name(held.area_id),
                format!("{practised}, {left} left"),
            )
        };
        self.held.iter().map(line).collect()
    }
}
