//! A year of a person's logbook, as far as the viewer may see it.

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::auth::context::ReadContext;
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::{ClearanceKind, ClearanceState};
use crate::domain::people::Actor;
use crate::domain::people::model::Person;
use crate::domain::ramp::RampState;
use crate::domain::ramp::model::Ramp;
use crate::error::{Error, Result};
use crate::time::{LocalTime, TimeText};
use crate::usecases::people::logbook;
use crate::usecases::people::logbook::store;
use crate::usecases::people::logbook::store::LogbookQuery;
use crate::usecases::people::logbook::{Entry, Month, Total};
use crate::usecases::register::Register;

pub struct LineView {
    pub day: TimeText,
    pub entry: Entry,
}

pub struct MonthView {
    pub name: String,
    /// Totals of its sessions; empty without sessions.
    pub total: String,
    pub lines: Vec<LineView>,
}

impl MonthView {
    fn new(month: Month, local: &LocalTime) -> Self {
        let line = |entry: Entry| LineView {
            day: local.day_of(entry.at),
            entry,
        };
        Self {
            name: month.name,
            total: if month.total.sessions > 0 {
                month.total.words()
            } else {
                String::new()
            },
            lines: month.entries.into_iter().map(line).collect(),
        }
    }
}

/// A year of the logbook, as far as the viewer may see it.
pub struct Logbook {
    pub year: i16,
    /// Years with an entry, and this one.
    pub years: Vec<i16>,
    pub months: Vec<MonthView>,
    /// Whether the viewer sees sessions of this person at all (rule 9).
    pub has_figures: bool,
    pub brought_forward: String,
    pub in_year: String,
    pub to_date: String,
}

impl Logbook {
    /// Removes the links: they lead to pages of today.
    pub fn unlink(&mut self) {
        let lines = self.months.iter_mut().flat_map(|month| &mut month.lines);
        lines.for_each(|line| line.entry.href.clear());
    }
}

/// What the viewer may see of a person's year. Clearances are open to all. Ramps and sessions are open to the person,
/// their leads, administrators, and people who may read the ramp (rule 9).
pub fn logbook(
    c: &mut Conn,
    register: &Register,
    person: &Person,
    year: Option<i16>,
    context: &ReadContext,
) -> Result<Logbook> {
    let (actor, local) = (&context.actor, &context.local);
    let sees_all =
        actor.is(person.id) || actor.is_admin || actor.leads_any(register.teams_today(person.id));
    let sees = |ramp: &Ramp| sees_all || register.may_read(ramp, actor);
    let (own, mentored): (Vec<&Ramp>, Vec<&Ramp>) = register
        .ramps()
        .iter()
        .chain(register.left())
        .filter(|r| sees(r))
        .partition(|r| r.mentee_id == person.id);
    let this_year = local.today().date().year();
    let wanted = year.and_then(|y| Some((y, logbook::bounds(y, local)?)));
    let (year, bounds) = wanted
        .or_else(|| Some((this_year, logbook::bounds(this_year, local)?)))
        .ok_or(Error::NotFound("year"))?;
    let query = LogbookQuery {
        person_id: person.id,
        own: own.iter().map(|r| r.id).collect(),
        mentored: mentored.iter().map(|r| r.id).collect(),
    };
    let found = store::year(c, &query, bounds)?;
    let mut all = session_entries(&found.sessions, register, person.id, actor);
    let mut others = clearance_entries(&found.changes, register, person.id);
    others.extend(
        own.iter()
            .flat_map(|ramp| ramp_entries(ramp, register, actor)),
    );
    let others_at: Vec<UtcTime> = others.iter().map(|e| e.at).collect();
    all.extend(
        others
            .into_iter()
            .filter(|e| bounds.0 <= e.at && e.at < bounds.1),
    );
    let months = logbook::months(all, local);
    let in_year = months
        .iter()
        .fold(Total::default(), |sum, m| sum.and(m.total));
    let (before, after) = (found.before, found.after);
    let moments = others_at.into_iter().chain(before.1).chain(after.1);
    let mut years: Vec<i16> = moments
        .map(|at| local.local_day(at).date().year())
        .chain([this_year, year])
        .collect();
    // Sessions between the first and the last are not read one by one: every year between may have some.
    if let (Some(first), Some(last)) = (years.iter().min().copied(), years.iter().max().copied()) {
        years = (first..=last).rev().collect();
    }
    Ok(Logbook {
        year,
        years,
        months: months
            .into_iter()
            .map(|month| MonthView::new(month, local))
            .collect(),
        has_figures: sees_all || !own.is_empty() || !mentored.is_empty(),
        brought_forward: before.0.words(),
        in_year: in_year.words(),
        to_date: before.0.and(in_year).and(after.0).words(),
    })
}

fn session_entries(
    held: &[store::Held],
    register: &Register,
    person_id: i64,
    actor: &Actor,
) -> Vec<Entry> {
    let of = |session: &store::Held| {
        let mut ramps = register.ramps().iter().chain(register.left());
        let ramp = ramps.find(|r| r.id == session.ramp_id)?;
        let area = register.area_name(ramp.area_id);
        let may_read = register.may_read(ramp, actor);
        Some(Entry {
            at: session.at,
            what: session.kind.label().to_owned(),
            // Only people who may read that ramp see whom they mentored (rule 9).
            about: if ramp.mentee_id == person_id || !may_read {
                area.to_owned()
            } else {
                format!("{area}, with {}", register.name(ramp.mentee_id))
            },
            href: if may_read {
                format!("/sessions/{}", session.id)
            } else {
                String::new()
            },
            counts: Total {
                sessions: 1,
                minutes: session.minutes,
            },
        })
    };
    held.iter().filter_map(of).collect()
}

fn granted(held: &Clearance) -> &'static str {
    match held.kind {
        ClearanceKind::Full => "Cleared",
        ClearanceKind::Interim => "Interim clearance",
    }
}

fn clearance_entries(
    changes: &[(i64, ClearanceState, UtcTime)],
    register: &Register,
    person_id: i64,
) -> Vec<Entry> {
    let held = register
        .areas()
        .iter()
        .flat_map(|area| register.clearances(person_id, area.id));
    let entry = |held: &Clearance, what: &str, at| Entry {
        at,
        what: what.to_owned(),
        about: register.area_name(held.area_id).to_owned(),
        href: format!("/clearances/{}", held.id),
        counts: Total::default(),
    };
    held.flat_map(|held| {
        let changed = changes.iter().filter(|(id, ..)| *id == held.id);
        let changed = changed.map(|(_, state, at)| {
            let what = match state {
                ClearanceState::Valid => "Clearance reinstated",
                ClearanceState::Suspended => "Clearance suspended",
                ClearanceState::Revoked => "Clearance revoked",
            };
            entry(held, what, *at)
        });
        std::iter::once(entry(held, granted(held), held.granted_at))
            .chain(changed.collect::<Vec<_>>())
    })
    .collect()
}

fn ramp_entries(ramp: &Ramp, register: &Register, actor: &Actor) -> Vec<Entry> {
    let entry = |what: &str, at| Entry {
        at,
        what: what.to_owned(),
        about: register.area_name(ramp.area_id).to_owned(),
        href: if register.may_read(ramp, actor) {
            format!("/ramps/{}", ramp.id)
        } else {
            String::new()
        },
        counts: Total::default(),
    };
    let ended = ramp.closed_at.map(|at| match ramp.state {
        RampState::Cleared => entry("Ramp done", at),
        _ => entry("Ramp ended", at),
    });
    std::iter::once(entry("Ramp set up", ramp.created_at))
        .chain(ended)
        .collect()
}
