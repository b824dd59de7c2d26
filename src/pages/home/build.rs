//! Makes what the home page shows of ramps, mentees, areas and clearances.

use std::ops::Deref;

use crate::domain::area::practice::ActivityKind;
use crate::domain::clearance::model::Clearance;
use crate::domain::ramp::RampState;
use crate::domain::ramp::clock::PaceReport;
use crate::domain::ramp::model::Ramp;
use crate::domain::readiness::{BoardStatus, Obstacle, ObstacleKind, Readiness, TickedBy};
use crate::pages::home::{
    ClearanceView, GroupView, MenteeView, ObstacleView, PlannedRamp, RampView,
};
use crate::pages::parts::links;
use crate::pages::status;
use crate::pages::status::StatusBadge;
use crate::usecases::home::mine::Mine;
use crate::usecases::home::{by_group, left, open_gates};
use crate::web::query_string;

/// Obstacles shown of each ramp; the ramp's page has them all.
const OBSTACLES: usize = 3;

/// What the page is made from.
pub(super) struct Home(pub(super) Mine);

impl Deref for Home {
    type Target = Mine;

    fn deref(&self) -> &Mine {
        &self.0
    }
}

impl Home {
    pub(super) fn pace(&self, ramp: &Ramp) -> Option<PaceReport> {
        let readiness = self.readiness(ramp)?;
        let (met, lines) = (readiness.lines_met, readiness.lines);
        let today = self.register.today();
        self.progress
            .clocks
            .get(&ramp.id)?
            .pace_to_keep(met, lines, ramp.target_on, today)
    }

    /// The word of a ramp with its detail.
    pub(super) fn badge(&self, ramp: &Ramp) -> StatusBadge {
        let mut cell = self
            .register
            .cell(ramp.mentee_id, ramp.area_id, &self.progress.readiness);
        cell.cell.status = self.register.ramp_status(ramp);
        cell.cell.second = None;
        status::marks(&cell, &self.register, &self.local).0
    }

    pub(super) fn mentors(&self, ramp: &Ramp) -> String {
        self.register.mentor_names(ramp.id).join(", ")
    }

    /// Who can tick something off, said to the mentee.
    pub(super) fn ticked_by(&self, ramp: &Ramp, obstacle: &Obstacle) -> String {
        if obstacle.ticked_by == TickedBy::Mentee {
            return "you".into();
        }
        let names = self.register.mentor_names(ramp.id);
        if names.is_empty() {
            "a mentor".into()
        } else {
            names.join(" or ")
        }
    }

    pub(super) fn mentee(&self, ramp: &Ramp) -> MenteeView {
        let (register, local) = (&self.register, &self.local);
        let readiness = self.readiness(ramp);
        let last = self.progress.last_held.get(&ramp.id).copied();
        MenteeView {
            ramp_id: ramp.id,
            is_planned: self.is_planned(ramp),
            name: register.name(ramp.mentee_id).to_owned(),
            area: register.area_name(ramp.area_id).to_owned(),
            badge: self.badge(ramp),
            last: last.map(|at| local.day_of(at)),
            stale: self.stale_since(ramp).is_some(),
            pace: self.pace(ramp),
            open: readiness.map(open_gates).unwrap_or_default(),
            next: self.next(ramp),
            actions: self.actions(ramp),
        }
    }

    /// Where an obstacle stands. Home never says a mentor's level: the mentee may not have said theirs yet.
    pub(super) fn detail(&self, ramp: &Ramp, obstacle: &Obstacle) -> String {
        let level_needed = match &obstacle.kind {
            ObstacleKind::Competency(code) => self
                .readiness(ramp)
                .and_then(|r| r.competency(code))
                .map(|state| format!("needs level {}", state.required.number())),
            _ => None,
        };
        let detail = level_needed.unwrap_or_else(|| obstacle.detail.clone());
        match self.asked_to_waive(ramp, &obstacle.kind) {
            Some(day) => format!("{detail}; waiver until {} asked for", day.text),
            None => detail,
        }
    }

    /// Own ramps that have not begun.
    pub(super) fn planned(&self) -> Vec<PlannedRamp> {
        let own = self.own().into_iter();
        own.filter(|ramp| self.is_planned(ramp))
            .map(|ramp| PlannedRamp {
                id: ramp.id,
                area: self.register.area_name(ramp.area_id).to_owned(),
                badge: self.badge(ramp),
                is_proposed: ramp.state == RampState::Proposed,
            })
            .collect()
    }

    pub(super) fn is_planned(&self, ramp: &Ramp) -> bool {
        self.register.ramp_status(ramp) == BoardStatus::Planned
    }

    /// An own ramp that has begun. The first line is left out where it is the hero.
    pub(super) fn ramp(&self, ramp: &Ramp, is_hero: bool) -> RampView {
        let local = &self.local;
        let readiness = self.readiness(ramp);
        let content = self
            .register
            .standards()
            .get(&ramp.standard_id)
            .map(|s| &*s.content);
        let groups = content
            .zip(readiness)
            .map(|(c, r)| by_group(c, r))
            .unwrap_or_default();
        let obstacles = readiness.map_or(&[][..], |r| r.obstacles.as_slice());
        let skipped = usize::from(is_hero);
        RampView {
            id: ramp.id,
            area: self.register.area_name(ramp.area_id).to_owned(),
            badge: self.badge(ramp),
            is_running: ramp.state.is_running(),
            pace: self.pace(ramp),
            in_review: ramp.state == RampState::InReview,
            mentors: self.mentors(ramp),
            target: local.day(ramp.target_on),
            is_late: ramp.is_late(self.register.today()),
            lines_met: readiness.map_or(0, |r| r.lines_met),
            lines: readiness.map_or(0, |r| r.lines),
            is_hero,
            groups: groups
                .into_iter()
                .map(|g| GroupView {
                    label: g.group.map_or("Checklist", |group| group.label()),
                    percent: g.percent(),
                    met: g.met,
                    total: g.total,
                    word: match (g.group, readiness.is_some_and(|r| r.waived() > 0)) {
                        (Some(_), _) => "at level",
                        (None, false) => "checked",
                        (None, true) => "checked or waived",
                    },
                    left: left(&g.left),
                })
                .collect(),
            gates: readiness
                .map_or(&[][..], |r| r.gates.as_slice())
                .iter()
                .map(|g| self.gate(ramp, g))
                .collect(),
            gates_met: readiness.map_or(0, Readiness::gates_met),
            obstacles: obstacles
                .iter()
                .skip(skipped)
                .take(OBSTACLES)
                .map(|o| (o, self.covered(ramp, o)))
                .map(|(o, (covered, covered_href))| ObstacleView {
                    href: links::of_obstacle(ramp.id, &o.kind),
                    what: o.what.clone(),
                    detail: self.detail(ramp, o),
                    // A booked session names the mentor.
                    who: match covered.is_empty() {
                        true => self.ticked_by(ramp, o),
                        false => String::new(),
                    },
                    way: self.tap(ramp, o),
                    covered,
                    covered_href,
                })
                .collect(),
            more: obstacles.len().saturating_sub(OBSTACLES + skipped),
            next: self.next(ramp),
            actions: self.actions(ramp),
        }
    }

    /// The form that logs an incident, with the area chosen where it can be but one.
    pub(super) fn log(&self, me: i64) -> Option<String> {
        let register = &self.register;
        let areas = register.areas().iter();
        let kept = areas.filter(|area| {
            let held = register.clearance(me, area.id);
            let by_incident = |held: &Clearance| held.practice.counts(ActivityKind::Incident);
            register.standing(me, area.id).is_cover() && held.is_some_and(by_incident)
        });
        let kept: Vec<&str> = kept.map(|area| area.slug.as_str()).collect();
        let only = kept.first().filter(|_| kept.len() == 1);
        let query = query_string(only.map(|slug| ("area", *slug)).into_iter());
        (!kept.is_empty()).then(|| format!("/incidents/new{query}"))
    }

    pub(super) fn clearances(&self, me: i64) -> Vec<ClearanceView> {
        let (register, local) = (&self.register, &self.local);
        let held = register
            .areas()
            .iter()
            .filter_map(|area| register.clearance(me, area.id));
        held.map(|clearance| ClearanceView {
            id: clearance.id,
            area: register.area_name(clearance.area_id).to_owned(),
            badge: status::of_clearance(clearance, register, local),
            ends: local.day(clearance.holds_until),
            conditions: register.open_conditions(clearance.id),
        })
        .collect()
    }
}
