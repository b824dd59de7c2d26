//! Teachable post-mortems and the drills of the window.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::{Facts, Line, of_area};
use crate::db::fixed::fixed;
use crate::db::list::{List, Listed, entries, listed};
use crate::db::schema::{drills, postmortem_areas, postmortems};
use crate::db::types::UtcTime;
use crate::db::{Conn, id_in};
use crate::domain::drill::DrillState;
use crate::domain::kpi::formula::cover::{asked_of, first_tier};
use crate::domain::kpi::formula::learned::{self, Drilled, Teachable};
use crate::domain::kpi::{Kpi, LONG_WINDOW_DAYS, Measure, Unit, WINDOW_DAYS};
use crate::domain::session::store::counting;
use crate::error::{Error, Result};
use crate::usecases::kpi::reach::Reach;
use crate::usecases::kpi::{Figure, PROPOSED};

/// Drills within 90 days that a tier 1 area should have.
const DRILLS: f64 = 2.0;

pub struct Learned {
    /// Row and tier of each area.
    areas: Vec<(i64, i32)>,
    /// Each with its areas.
    teachable: Vec<(Vec<i64>, Teachable)>,
    drills: Vec<Drilled>,
    /// Title and address of each post-mortem.
    library: HashMap<i64, (String, String)>,
    /// Title of each drill.
    titles: HashMap<i64, String>,
}

impl Learned {
    fn postmortems(&self) -> Vec<Teachable> {
        self.teachable.iter().map(|(_, one)| one.clone()).collect()
    }

    /// The areas whose drills count, and these drills.
    fn drilled(&self) -> (Vec<(i64, i32)>, Vec<Drilled>) {
        let counting = first_tier(&self.areas, |(_, tier)| *tier);
        let ids: HashSet<i64> = counting.iter().map(|(id, _)| *id).collect();
        let drills = self.drills.iter().filter(|d| ids.contains(&d.area_id));
        let drills = drills.cloned().collect();
        (counting, drills)
    }
}

impl Facts for Learned {
    const KPIS: &'static [Kpi] = &[Kpi::PostmortemUse, Kpi::DrillRhythm];

    fn load(c: &mut Conn, reach: &Reach) -> Result<Self> {
        let mut all = Self {
            areas: reach.places.iter().map(|p| (p.id, p.tier)).collect(),
            teachable: Vec::new(),
            drills: Vec::new(),
            library: HashMap::new(),
            titles: HashMap::new(),
        };
        if reach.person.is_none() {
            all.read_library(c, reach)?;
            all.read_drills(c, reach)?;
        }
        Ok(all)
    }

    fn of_area(&self, area_id: i64) -> Self {
        let areas = self.areas.iter().filter(|(id, _)| *id == area_id);
        let here = self.teachable.iter();
        let here = here.filter(|(areas, _)| areas.contains(&area_id));
        Self {
            areas: areas.copied().collect(),
            teachable: here.cloned().collect(),
            drills: of_area(&self.drills, area_id),
            library: HashMap::new(),
            titles: HashMap::new(),
        }
    }

    fn figure(&self, kpi: Kpi, reach: &Reach) -> Option<Figure> {
        if reach.person.is_some() {
            return None;
        }
        if kpi == Kpi::PostmortemUse {
            let all = self.postmortems();
            let used = learned::postmortem_use(&all, reach.since(LONG_WINDOW_DAYS));
            return Some(Figure::new(kpi, used).with(
                "Median days to the first use",
                learned::days_to_first_use(&all),
                Unit::Days,
            ));
        }
        let (areas, drills) = self.drilled();
        let is_first = areas.iter().any(|(_, tier)| *tier == 1);
        let wanted = Measure::of(Some(asked_of(is_first, DRILLS)), areas.len());
        Some(
            Figure::new(kpi, learned::drill_rhythm(&drills, areas.len()))
                .with(
                    "With recorded evidence",
                    learned::drills_with_evidence(&drills),
                    Unit::Share,
                )
                .with(PROPOSED, wanted, Unit::Ratio),
        )
    }

    fn lines(&self, kpi: Kpi, reach: &Reach) -> Vec<Line> {
        if kpi == Kpi::DrillRhythm {
            let line = |drill: &Drilled| {
                let title = self.titles.get(&drill.drill_id).map_or("", String::as_str);
                let about = format!("{title} in {}", reach.name(drill.area_id));
                let adds = match drill.has_evidence {
                    true => "with recorded evidence",
                    false => "without recorded evidence",
                };
                Line::new(about, adds).at(format!("/drills/{}", drill.drill_id))
            };
            let (_, drills) = self.drilled();
            return drills.iter().rev().map(line).collect();
        }
        let line = |(_, one): &(Vec<i64>, Teachable)| {
            let last = one.used_at.iter().max();
            let adds = match last {
                Some(at) => format!("last used {}", at.day().words()),
                None => "never used".to_owned(),
            };
            let (title, address) = self.library.get(&one.postmortem_id)?;
            Some(Line::new(title, adds).at(address.clone()))
        };
        self.teachable.iter().filter_map(line).collect()
    }

    fn is_listed(_kpi: Kpi) -> bool {
        true
    }
}

/// Row, area, address, title, since when it is teachable, uses.
type Columns = (i64, i64, String, String, String, List, List, List);

impl Learned {
    /// Post-mortems whose latest version is teachable; so what happens to one later changes no past day.
    fn read_library(&mut self, c: &mut Conn, reach: &Reach) -> Result<()> {
        let is_teachable = fixed::<Bool>(
            "'teachable' = (SELECT w.state FROM postmortem_versions w WHERE w.postmortem_id = postmortems.id \
             ORDER BY w.id DESC LIMIT 1)",
        );
        let published = fixed::<Text>(
            "(SELECT CAST(min(w.at) AS TEXT) FROM postmortem_versions w WHERE w.postmortem_id = postmortems.id \
             AND w.state = 'teachable')",
        );
        let (in_sessions, in_clubs, in_drills) = uses();
        let rows: Vec<Columns> = postmortems::table
            .inner_join(postmortem_areas::table)
            .filter(id_in(postmortem_areas::area_id, &reach.ids))
            .filter(is_teachable)
            .order((postmortems::id, postmortem_areas::area_id))
            .select((
                postmortems::id,
                postmortem_areas::area_id,
                postmortems::slug,
                postmortems::title,
                published,
                in_sessions,
                in_clubs,
                in_drills,
            ))
            .load(c)?;
        for (id, area_id, slug, title, published, sessions, clubs, drills) in rows {
            match self.teachable.last_mut() {
                Some((areas, last)) if last.postmortem_id == id => areas.push(area_id),
                _ => {
                    let mut used_at = moments(sessions)?;
                    used_at.extend(moments(clubs)?);
                    used_at.extend(moments(drills)?);
                    used_at.retain(|at| *at <= reach.now);
                    let published_at = UtcTime::stored(&published)
                        .ok_or_else(|| Error::fault("a post-mortem without its moment"))?;
                    let one = Teachable {
                        postmortem_id: id,
                        published_at,
                        used_at,
                    };
                    self.teachable.push((vec![area_id], one));
                    self.library.insert(id, (title, format!("/library/{slug}")));
                }
            }
        }
        Ok(())
    }

    fn read_drills(&mut self, c: &mut Conn, reach: &Reach) -> Result<()> {
        let observed = fixed::<Bool>(
            "EXISTS (SELECT 1 FROM drill_observations o WHERE o.drill_id = drills.id)",
        );
        let rows: Vec<(i64, i64, String, bool)> = drills::table
            .filter(id_in(drills::area_id, &reach.ids))
            .filter(drills::state.eq(DrillState::Debriefed))
            .filter(drills::debriefed_at.ge(reach.since(WINDOW_DAYS)))
            .order((drills::debriefed_at, drills::id))
            .select((drills::id, drills::area_id, drills::title, observed))
            .load(c)?;
        for (drill_id, area_id, title, has_evidence) in rows {
            self.titles.insert(drill_id, title);
            self.drills.push(Drilled {
                drill_id,
                area_id,
                has_evidence,
            });
        }
        Ok(())
    }
}

/// When each post-mortem was used: in sessions and clubs that were held, and in drills that were debriefed.
fn uses() -> (Listed, Listed, Listed) {
    let in_sessions = format!(
        "sessions k WHERE k.postmortem_id = postmortems.id AND {}",
        counting("k")
    );
    (
        listed(&["CAST(k.starts_at AS TEXT)"], &in_sessions),
        listed(
            &["CAST(b.starts_at AS TEXT)"],
            "clubs b WHERE b.postmortem_id = postmortems.id AND b.state = 'held'",
        ),
        listed(
            &["CAST(d.starts_at AS TEXT)"],
            "drills d WHERE d.postmortem_id = postmortems.id AND d.state = 'debriefed'",
        ),
    )
}

fn moments(list: List) -> Result<Vec<UtcTime>> {
    entries(list, |parts| match parts {
        [at] => UtcTime::stored(at),
        _ => None,
    })
}
