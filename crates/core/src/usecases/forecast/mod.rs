//! What a page of the forecast of an area rests on.

pub mod store;

use std::collections::{BTreeSet, HashMap};

use crate::db::Conn;
use crate::db::types::{Day, UtcTime};
use crate::domain::area::model::Area;
use crate::domain::auth::context::ReadContext;
use crate::domain::availability::may_read_absences;
use crate::domain::clearance::Standing;
use crate::domain::clearance::model::Clearance;
use crate::domain::drill::Role;
use crate::domain::forecast;
use crate::domain::forecast::next::{Expected, Paces, Work, moves, together};
use crate::domain::forecast::pairing::{
    Candidate, Mentor, Pairing, common_hours, ranked, suggested,
};
use crate::domain::people::Actor;
use crate::domain::people::model::Person;
use crate::domain::ramp::model::Ramp;
use crate::domain::ramp::{RampState, may_start, may_start_any};
use crate::domain::readiness::gates::is_met_with;
use crate::domain::readiness::{ObstacleKind, Practice, Readiness};
use crate::domain::session::plan::{Plan, covering};
use crate::domain::shift::ShiftKind;
use crate::domain::standard::{Competency, Standard, StandardState};
use crate::domain::{people, standard};
use crate::error::{Error, Result};
use crate::usecases::availability;
use crate::usecases::dossier::progress::Progress;
use crate::usecases::home::ahead::Ahead;
use crate::usecases::queue;
use crate::usecases::ramp::loads::loads;
use crate::usecases::register::{Register, Scope};

/// Days of a week.
const WEEK: i64 = 7;

/// What is planned for a ramp until its target, and how many of the missing lines it covers. Of shifts, those that a
/// missing gate asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Booked {
    pub sessions: usize,
    pub shifts: usize,
    pub drills: usize,
    pub lines: usize,
}

/// A ramp under way.
#[derive(Debug, Clone)]
pub struct RampAhead {
    pub ramp: Ramp,
    pub work: Work,
    pub expected: Option<Expected>,
    pub paces: Paces,
    pub booked: Booked,
}

/// Everything about the forecast of an area.
#[derive(Debug, Clone)]
pub struct Forecast {
    pub register: Register,
    pub area: Area,
    /// The latest clearance of everyone who has not left.
    pub held: Vec<Clearance>,
    /// The next to be expected first.
    pub ramps: Vec<RampAhead>,
    /// How many competencies the published standard has.
    pub competencies: usize,
    /// Competencies that exactly one person holds at level 4 or higher, and who.
    pub single_points: Vec<(Competency, Person)>,
    /// Whether the actor could start a ramp here.
    pub may_start: bool,
    /// Who could ramp next and with whom, the best first, for those who may start a ramp.
    pub pairings: Vec<(Person, Pairing)>,
    /// When mentors are away, of those whose absences the actor reads.
    pub away: HashMap<i64, String>,
}

impl Forecast {
    /// Errors: [`Error::NotFound`] when there is no such area.
    pub fn load(c: &mut Conn, context: &ReadContext, slug: &str) -> Result<Self> {
        let versions = standard::store::of_slug(c, slug)?;
        let register = Register::load_for(c, &Scope::Area { slug, people: None }, context, &[])?;
        let area = register
            .areas()
            .first()
            .cloned()
            .ok_or(Error::NotFound("area"))?;
        let held = register.held(area.id);
        let ramps = ramps(c, context, &register, &versions)?;
        let published = versions
            .iter()
            .find(|s| s.state == StandardState::Published);
        let competencies = published.map_or(&[][..], |s| s.content.competencies.as_slice());
        let single_points = single_points(c, (area.id, register.today()), competencies)?;
        let may_start = may_start_any(&context.actor) && area.archived_at.is_none();
        let candidates = match may_start {
            true => candidates(c, &context.actor, &register, &area)?,
            false => Vec::new(),
        };
        let (pairings, away) = match candidates.is_empty() {
            true => (Vec::new(), HashMap::new()),
            false => pairings(c, context, (&register, &area, &held), candidates)?,
        };
        Ok(Self {
            competencies: competencies.len(),
            single_points,
            may_start,
            ramps,
            held,
            pairings,
            away,
            area,
            register,
        })
    }

    /// The paces of all ramps under way together.
    pub fn paces(&self) -> Paces {
        let all: Vec<Paces> = self.ramps.iter().map(|ramp| ramp.paces).collect();
        together(&all)
    }

    /// Designated people who are cleared now.
    pub fn signers(&self) -> usize {
        let designated = self.register.qualifiers(self.area.id).into_iter();
        designated
            .filter(|id| self.register.is_qualifier(*id, self.area.id))
            .count()
    }

    /// Between which days the next clearance can be expected.
    pub fn next(&self) -> Option<Expected> {
        self.ramps.iter().find_map(|ramp| ramp.expected)
    }
}

fn ramps(
    c: &mut Conn,
    context: &ReadContext,
    register: &Register,
    versions: &[Standard],
) -> Result<Vec<RampAhead>> {
    let (today, now) = (register.today(), context.now);
    let open: Vec<Ramp> = register
        .ramps()
        .iter()
        .filter(|r| matches!(r.state, RampState::Active | RampState::InReview))
        .filter(|r| r.closed_at.is_none() && r.starts_on <= today)
        .cloned()
        .collect();
    let Some(area_id) = open.first().map(|r| r.area_id) else {
        return Ok(Vec::new());
    };
    let standards: HashMap<i64, Standard> = versions.iter().map(|s| (s.id, s.clone())).collect();
    let progress = Progress::load(c, &open, &standards, today)?;
    let ids: Vec<i64> = open.iter().map(|r| r.id).collect();
    let ahead = Ahead::load(c, &open)?;
    let shifts = store::shifts_ahead(c, &ids, now)?;
    let drills = store::drills_ahead(c, area_id, now)?;
    let none = Practice::default();
    let mut all = Vec::new();
    for ramp in open {
        let Some(readiness) = progress.readiness.get(&ramp.id) else {
            continue;
        };
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let clock = progress.clocks.get(&ramp.id).cloned().unwrap_or_default();
        let work = Work {
            met: number(readiness.lines_met),
            lines: number(readiness.lines),
            days: clock.elapsed(today),
            planned: clock.planned(ramp.target_on),
        };
        let plans: Vec<Plan> = ahead
            .plans(ramp.id)
            .iter()
            .filter(|plan| !plan.is_due(now) && plan.starts_at.day() <= ramp.target_on)
            .cloned()
            .collect();
        let in_time = |at: UtcTime| at.day() <= ramp.target_on;
        let own = shifts.iter().filter(|s| s.ramp_id == ramp.id);
        let own: Vec<_> = own
            .filter(|s| in_time(s.starts_at) && is_missing(readiness, s.kind))
            .collect();
        let shadow = own.iter().filter(|s| s.kind == ShiftKind::Shadow);
        let drills = drills.iter().filter(|(id, ..)| *id == ramp.mentee_id);
        let drills = drills.filter(|(.., at)| in_time(*at));
        let planned = Practice {
            shadowed: shadow.map(|s| s.with_id).collect(),
            drills: drills.map(|(_, role, _)| *role == Role::Primary).collect(),
            ..Practice::default()
        };
        let held = progress.practice.get(&ramp.id).unwrap_or(&none);
        let booked = Booked {
            sessions: plans.len(),
            shifts: own.len(),
            drills: planned.drills.len(),
            lines: covered(readiness, &plans, (held, &planned), context),
        };
        all.push(RampAhead {
            expected: work.expected(today),
            paces: work.paces(number(booked.lines), ramp.target_on.days_since(today)),
            work,
            booked,
            ramp,
        });
    }
    all.sort_by_key(|r| {
        (
            r.expected.is_none(),
            r.expected.map(|e| (e.first, e.last)),
            r.ramp.id,
        )
    });
    Ok(all)
}

/// Whether a gate that is not met asks for shifts of that kind.
fn is_missing(readiness: &Readiness, kind: ShiftKind) -> bool {
    let mut missing = readiness.obstacles.iter();
    missing.any(|o| matches!(o.kind, ObstacleKind::Practice(gate) if moves(kind, gate)))
}

/// How many of the missing lines are covered by what is planned: a gate when it is met once all of that is held. How many
/// alerts a shift will bring nobody knows, so it covers no ledger.
fn covered(
    readiness: &Readiness,
    plans: &[Plan],
    (held, planned): (&Practice, &Practice),
    context: &ReadContext,
) -> usize {
    let open = readiness.gates.iter().filter(|g| !g.met);
    let gates = open.filter(|g| is_met_with(&g.gate, held, planned));
    let missing = readiness.obstacles.iter();
    let lines = missing.filter(|o| covering(&o.kind, plans, context.now).is_some());
    gates.count() + lines.count()
}

fn single_points(
    c: &mut Conn,
    (area_id, today): (i64, Day),
    competencies: &[Competency],
) -> Result<Vec<(Competency, Person)>> {
    let mut judged = store::judged(c, area_id, today)?;
    let people: BTreeSet<i64> = judged.iter().map(|(person, ..)| *person).collect();
    let people: Vec<i64> = people.into_iter().collect();
    let mut here = HashMap::new();
    for person in people::store::by_ids(c, &people)? {
        if person.deactivated_at.is_none() {
            here.insert(person.id, person);
        }
    }
    judged.retain(|(person, ..)| here.contains_key(person));
    let codes = competencies.iter().map(|k| k.code.as_str());
    let points = forecast::single_points(codes, &judged);
    let points = points.into_iter().filter_map(|(code, person)| {
        let of = competencies.iter().find(|k| k.code == code)?;
        Some((of.clone(), here.get(&person)?.clone()))
    });
    Ok(points.collect())
}

/// Who asked to ramp here and whom the actor answers; then members of the owner team who are not cleared, have no open ramp
/// here, and whose ramp the actor may start.
fn candidates(
    c: &mut Conn,
    actor: &Actor,
    register: &Register,
    area: &Area,
) -> Result<Vec<(Person, Candidate)>> {
    let asked = queue::actions::answerable(c, actor, area)?;
    let ids: Vec<i64> = asked.iter().map(|request| request.person_id).collect();
    let applicants = people::store::by_ids(c, &ids)?;
    let members = people::admin::store::members(c, area.owner_team_id)?.into_iter();
    let members = members
        .map(|(person, _)| person)
        .filter(|p| !ids.contains(&p.id))
        .filter(|p| may_start(actor, p.id, register.teams_of(p.id), area.owner_team_id));
    let ramps = |id: i64| {
        let mut open = register.ramps().iter().filter(|r| r.closed_at.is_none());
        open.any(|r| r.mentee_id == id)
    };
    let is_free = |id: i64| match register.standing(id, area.id) {
        Standing::Suspended => false,
        standing => !standing.is_cover() && !ramps(id),
    };
    let of = |id: i64| asked.iter().find(|request| request.person_id == id);
    Ok(applicants
        .into_iter()
        .chain(members)
        .filter(|p| p.deactivated_at.is_none() && is_free(p.id))
        .map(|p| {
            let candidate = Candidate {
                person_id: p.id,
                asked_on: of(p.id).map(|request| request.asked_at.day()),
                renews: register.standing(p.id, area.id) == Standing::Lapsed,
            };
            (p, candidate)
        })
        .collect())
}

/// Each candidate with everyone who is cleared and could mentor them, and when those are away.
type Pairings = (Vec<(Person, Pairing)>, HashMap<i64, String>);

fn pairings(
    c: &mut Conn,
    context: &ReadContext,
    (register, area, held): (&Register, &Area, &[Clearance]),
    candidates: Vec<(Person, Candidate)>,
) -> Result<Pairings> {
    let today = register.today();
    let cover = held
        .iter()
        .filter(|held| register.standing(held.person_id, area.id).is_cover());
    let cover: Vec<(&Clearance, &Person)> = cover
        .filter_map(|held| Some((held, register.person(held.person_id)?)))
        .collect();
    let ids: Vec<i64> = cover.iter().map(|(held, _)| held.person_id).collect();
    let loads = loads(c, &ids, context.now)?;
    let mut away = availability::named(c, &ids, &context.local)?;
    let mentors = |mentee: &Person| -> Vec<Mentor> {
        let others = cover.iter().filter(|(_, person)| person.id != mentee.id);
        // Many people share a few zones.
        let mut hours: HashMap<&str, i64> = HashMap::new();
        let each = others.map(|(held, person)| Mentor {
            person_id: person.id,
            is_qualifier: register.is_qualifier(person.id, area.id),
            load: loads.get(&person.id).copied().unwrap_or_default(),
            common_hours: *hours
                .entry(&person.time_zone)
                .or_insert_with(|| common_hours(&person.time_zone, &mentee.time_zone, context.now)),
            days_left: held.holds_until.days_since(today),
            is_away: away.contains_key(&person.id),
        });
        ranked(each.collect(), i64::from(area.target_weeks) * WEEK)
    };
    let all = candidates.iter().map(|(person, candidate)| Pairing {
        candidate: candidate.clone(),
        mentors: mentors(person),
    });
    let person = |pairing: Pairing| {
        let mut known = candidates.iter();
        let (person, _) = known.find(|(p, _)| p.id == pairing.candidate.person_id)?;
        Some((person.clone(), pairing))
    };
    let best = suggested(all.collect()).into_iter();
    // Who is away is ranked lower for everyone; the days are not for everyone to read.
    let (actor, team) = (&context.actor, area.owner_team_id);
    away.retain(|id, _| may_read_absences(actor, *id, register.teams_of(*id), team));
    Ok((best.filter_map(person).collect(), away))
}
