//! What the programme finds in itself, for the leads of an area or a team, and for administrators.

mod store;

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::area::model::Area;
use crate::domain::assessment::Stream;
use crate::domain::assessment::blind::open_before;
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::{ClearanceKind, ClearanceState, standing};
use crate::domain::people::{Actor, Names};
use crate::domain::programme::{
    Agreement, BULK_DAYS, Check, DEEP_LEVEL, LOOK_BACK_DAYS, Logged, PAIR_DAYS, bulk, is_shallow,
    never_below, stale_qualifier,
};
use crate::domain::ramp::model::Ramp;
use crate::domain::standard::{Standard, Strength};
use crate::domain::{area, ramp, standard, waiver};
use crate::error::{Error, Result};
use crate::text;
use store::Scope;

/// A row of a finding, with the page where it is looked into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub title: String,
    pub detail: String,
    pub href: String,
    /// What it rests on, each with its page where the reader may open it: the first of them.
    pub parts: Vec<Part>,
    /// How many parts there are.
    pub count: usize,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// That check alone.
    pub check: Option<Check>,
    /// Parts of a row that are listed at most; the others are counted.
    pub parts: usize,
}

/// One of the sessions or judgements behind a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub title: String,
    pub detail: String,
    /// Empty for what the reader may not open.
    pub href: String,
}

/// The parts of a row so far.
#[derive(Default)]
struct Rest {
    parts: Vec<Part>,
    count: usize,
}

impl Row {
    fn new(title: String, detail: String, href: String) -> Self {
        Self {
            title,
            detail,
            href,
            parts: Vec::new(),
            count: 0,
        }
    }

    fn resting_on(self, rest: Rest) -> Self {
        Self {
            parts: rest.parts,
            count: rest.count,
            ..self
        }
    }
}

/// Every check with what it found, in the order of [`Check::ALL`].
pub type Findings = BTreeMap<usize, (Check, Vec<Row>)>;

/// Leads and administrators.
pub fn may_read(actor: &Actor) -> bool {
    actor.is_admin || !actor.leads.is_empty()
}

/// What is found in the areas and teams that the actor leads; for an administrator, in all.
///
/// Errors: [`Error::Forbidden`] for everyone else.
pub fn findings(c: &mut Conn, actor: &Actor, wanted: Wanted, now: UtcTime) -> Result<Findings> {
    if !may_read(actor) {
        return Err(Error::Forbidden(
            "Only leads and administrators read the programme audit.".into(),
        ));
    }
    let facts = Facts::load(c, actor, wanted.parts, now)?;
    let asked = |check: &&Check| wanted.check.is_none_or(|only| only == **check);
    let all = Check::ALL.iter().filter(asked).map(|check| {
        let mut rows = match check {
            Check::Qualifiers => facts.qualifiers(),
            Check::Interim => facts.interim(),
            Check::Waivers => facts.waivers(),
            Check::Bulk => facts.bulk(),
            Check::NeverBelow => facts.never_below(),
            Check::Agreement => facts.agreement(),
            Check::Depth => facts.depth(),
        };
        rows.sort_by_cached_key(|row| (text::sort_key(&row.title), row.href.clone()));
        (*check, rows)
    });
    Ok(all.enumerate().collect())
}

struct Facts<'a> {
    actor: &'a Actor,
    now: UtcTime,
    /// Parts that are listed of a row.
    most: usize,
    /// Ramps that the actor mentors now.
    mentored: HashSet<i64>,
    areas: HashMap<i64, Area>,
    /// Those that are open, or were closed within a year.
    ramps: HashMap<i64, Ramp>,
    standards: HashMap<i64, Standard>,
    designated: Vec<store::Designated>,
    clearances: HashMap<(i64, i64), Clearance>,
    /// The latest day on which someone turned a key in an area.
    signed: HashMap<(i64, i64), UtcTime>,
    signoffs: Vec<store::Request>,
    /// Of each ramp.
    sessions: HashMap<i64, Vec<Logged>>,
    waivers: Vec<waiver::model::Waiver>,
    judgements: Vec<store::Judgement>,
    /// Members of teams that the actor leads.
    led: HashSet<i64>,
    names: Names,
}

impl<'a> Facts<'a> {
    /// Fifteen queries, whatever the rows.
    fn load(c: &mut Conn, actor: &'a Actor, most: usize, now: UtcTime) -> Result<Self> {
        let since = now.plus_hours(-24 * LOOK_BACK_DAYS);
        let areas = area::store::all(c)?.into_iter().map(|a| (a.id, a));
        let areas: HashMap<i64, Area> = areas.collect();
        let led = store::members(c, &actor.leads)?;
        let people: Vec<i64> = led.iter().copied().collect();
        let owned: Vec<i64> = areas
            .values()
            .filter(|a| actor.is_admin || actor.leads(a.owner_team_id))
            .map(|a| a.id)
            .collect();
        let answers_for = Scope {
            areas: &owned,
            people: &people,
        };
        let mut ramps = store::ramps(c, &answers_for, since)?;
        ramps.retain(|r| areas.contains_key(&r.area_id));
        let scope: Vec<i64> = ramps.iter().map(|r| r.id).collect();
        let judgements = store::judgements(c, (&scope, &people), since)?;
        let waivers = store::ended_waivers(c, &scope, now.day())?;
        let signoffs = store::requests(c, &scope, since)?;
        let reviewed: Vec<i64> = signoffs.iter().map(|s| s.ramp_id).collect();
        let mut ramps: HashMap<i64, Ramp> = ramps.into_iter().map(|r| (r.id, r)).collect();
        // Who is led judges on ramps of others too.
        let elsewhere = judgements.iter().map(|j| j.ramp_id);
        let elsewhere: HashSet<i64> = elsewhere.filter(|id| !ramps.contains_key(id)).collect();
        let elsewhere: Vec<i64> = elsewhere.into_iter().collect();
        for ramp in ramp::store::by_ids(c, &elsewhere)? {
            let is_over = ramp.closed_at.is_some_and(|at| at < since);
            if !is_over && areas.contains_key(&ramp.area_id) {
                ramps.insert(ramp.id, ramp);
            }
        }
        let judged = judgements.iter().map(|j| j.ramp_id);
        let judged = judged.chain(waivers.iter().map(|w| w.ramp_id));
        let mut pinned: Vec<i64> = judged
            .filter_map(|id| Some(ramps.get(&id)?.standard_id))
            .collect();
        pinned.sort_unstable();
        pinned.dedup();
        let designated = store::designated(c, &owned)?;
        let signatories: Vec<i64> = designated.iter().map(|d| d.person_id).collect();
        let clearances = store::clearances(c, &answers_for, &signatories)?;
        let clearances: HashMap<(i64, i64), Clearance> = clearances
            .into_iter()
            .map(|held| ((held.person_id, held.area_id), held))
            .collect();
        let mut ids: Vec<i64> = scope
            .iter()
            .filter_map(|id| Some(ramps.get(id)?.mentee_id))
            .chain(designated.iter().map(|d| d.person_id))
            .chain(judgements.iter().map(|j| j.by_id))
            .chain(
                clearances
                    .values()
                    .filter(|held| held.kind == ClearanceKind::Interim)
                    .map(|held| held.person_id),
            )
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let mut sessions: HashMap<i64, Vec<Logged>> = HashMap::new();
        for session in store::recorded(c, &reviewed)? {
            sessions.entry(session.ramp_id).or_default().push(Logged {
                id: session.id,
                held: session.starts_at,
                recorded: session.recorded_at,
            });
        }
        Ok(Self {
            actor,
            now,
            most,
            mentored: match actor.id {
                Some(id) => store::mentored(c, id)?,
                None => HashSet::new(),
            },
            standards: standard::store::load(c, &pinned)?,
            sessions,
            signed: store::signed(c, &owned, since)?,
            names: Names::load(c, ids)?,
            waivers,
            ramps,
            areas,
            designated,
            clearances,
            signoffs,
            judgements,
            led,
        })
    }

    fn leads_area(&self, area_id: i64) -> bool {
        let owner = self.areas.get(&area_id).map(|a| a.owner_team_id);
        self.actor.is_admin || owner.is_some_and(|team| self.actor.leads(team))
    }

    /// Person-level figures are for the leads of the person (rule 9).
    fn leads_person(&self, person_id: i64) -> bool {
        self.actor.is_admin || self.led.contains(&person_id)
    }

    fn concerns(&self, person_id: i64, area_id: i64) -> bool {
        self.leads_area(area_id) || self.leads_person(person_id)
    }

    fn title(&self, person_id: i64, area_id: i64) -> String {
        let area = self.areas.get(&area_id).map_or("", |a| a.name.as_str());
        format!("{}, {area}", self.names.name(person_id))
    }

    fn is_active(&self, person_id: i64) -> bool {
        self.names.is_active(person_id)
    }

    fn qualifiers(&self) -> Vec<Row> {
        let today = self.now.day();
        let of = |d: &store::Designated| {
            let area = self
                .areas
                .get(&d.area_id)
                .filter(|_| self.leads_area(d.area_id))?;
            let held = self.clearances.get(&(d.person_id, d.area_id));
            let is_cleared = standing(held, today).is_cover() && self.is_active(d.person_id);
            let signed = self.signed.get(&(d.person_id, d.area_id));
            let last = signed.map_or(d.since, |at| (*at).max(d.since));
            let why = stale_qualifier(is_cleared, last.day(), today)?;
            let href = format!("/areas/{}/qualifiers", area.slug);
            let title = self.title(d.person_id, d.area_id);
            Some(Row::new(title, why.to_owned(), href))
        };
        self.designated.iter().filter_map(of).collect()
    }

    fn interim(&self) -> Vec<Row> {
        let today = self.now.day();
        let ramps_on = |held: &Clearance| {
            self.ramps.values().any(|r| {
                (r.mentee_id, r.area_id) == (held.person_id, held.area_id) && r.closed_at.is_none()
            })
        };
        let overdue = self.clearances.values().filter(|held| {
            held.kind == ClearanceKind::Interim
                && held.state == ClearanceState::Valid
                && held.ends_on < today
                && self.is_active(held.person_id)
                && self.concerns(held.person_id, held.area_id)
                && ramps_on(held)
        });
        overdue
            .map(|held| {
                Row::new(
                    self.title(held.person_id, held.area_id),
                    format!("{} days over", today.days_since(held.ends_on)),
                    format!("/clearances/{}", held.id),
                )
            })
            .collect()
    }

    fn waivers(&self) -> Vec<Row> {
        let of = |w: &waiver::model::Waiver| {
            let ramp = self
                .ramps
                .get(&w.ramp_id)
                .filter(|r| r.closed_at.is_none())?;
            let standard = self.standards.get(&ramp.standard_id)?;
            let concerns = self.concerns(ramp.mentee_id, ramp.area_id);
            (concerns && self.is_active(ramp.mentee_id)).then(|| {
                Row::new(
                    self.title(ramp.mentee_id, ramp.area_id),
                    format!(
                        "{}, {} days over",
                        waiver::label(&w.excused(), &standard.content),
                        self.now.day().days_since(w.ends_on)
                    ),
                    format!("/ramps/{}/waivers#waiver-{}", ramp.id, w.id),
                )
            })
        };
        self.waivers.iter().filter_map(of).collect()
    }

    fn bulk(&self) -> Vec<Row> {
        let of = |s: &store::Request| {
            let ramp = self.ramps.get(&s.ramp_id)?;
            let late = bulk(s.requested_at, self.sessions.get(&s.ramp_id)?);
            let concerns = self.concerns(ramp.mentee_id, ramp.area_id);
            (concerns && !late.is_empty()).then(|| {
                let count = late.len();
                let detail = format!(
                    "{count} sessions of earlier days recorded within a day, less than {BULK_DAYS} days before the request"
                );
                let title = self.title(ramp.mentee_id, ramp.area_id);
                let row = Row::new(title, detail, format!("/sign-offs/{}", s.id));
                let part = |session: &Logged| Part {
                    title: format!("Session of {}", dated(session.held)),
                    detail: format!("recorded {}", dated(session.recorded)),
                    href: format!("/sessions/{}", session.id),
                };
                row.resting_on(Rest {
                    parts: late.iter().take(self.most).map(part).collect(),
                    count,
                })
            })
        };
        self.signoffs.iter().filter_map(of).collect()
    }

    /// Judgements of mentors with a level, each with its area and the level that is required.
    fn of_mentors(&self) -> impl Iterator<Item = (&store::Judgement, &Ramp, u8, Option<u8>)> {
        let given = self
            .judgements
            .iter()
            .filter(|j| j.stream == Stream::Mentor);
        given.filter_map(|j| {
            let ramp = self.ramps.get(&j.ramp_id)?;
            let content = self.standards.get(&ramp.standard_id).map(|s| &s.content);
            let competency = content.and_then(|content| content.competency(&j.code));
            let required = competency.map(|line| line.required_level.number());
            Some((j, ramp, j.level?.number(), required))
        })
    }

    fn never_below(&self) -> Vec<Row> {
        let mut by: HashMap<i64, Vec<(u8, u8)>> = HashMap::new();
        let mut parts: HashMap<i64, Rest> = HashMap::new();
        for (j, ramp, level, required) in self.of_mentors() {
            if let Some(required) = required {
                by.entry(j.by_id).or_default().push((level, required));
                let detail = || format!("level {level}, required is {required}");
                let rest = parts.entry(j.by_id).or_default();
                self.add_part(rest, (j, j.at), ramp, detail);
            }
        }
        by.iter()
            .filter(|(id, all)| {
                never_below(all)
                    && self.is_active(**id)
                    && self.leads_person(**id)
                    && !self.actor.is(**id)
            })
            .map(|(id, all)| {
                let row = Row::new(
                    self.names.name(*id).to_owned(),
                    format!(
                        "{} judgements in 12 months, none below the required level",
                        all.len()
                    ),
                    format!("/people/{}", self.names.person(*id).handle),
                );
                row.resting_on(parts.remove(id).unwrap_or_default())
            })
            .collect()
    }

    fn agreement(&self) -> Vec<Row> {
        let mut own: HashMap<(i64, &str), Vec<(UtcTime, u8)>> = HashMap::new();
        for j in self.judgements.iter().filter(|j| j.stream == Stream::Self_) {
            if let Some(level) = j.level {
                let of = own.entry((j.ramp_id, j.code.as_str())).or_default();
                of.push((j.at, level.number()));
            }
        }
        let mut pairs: HashMap<i64, Vec<(u8, u8)>> = HashMap::new();
        let mut parts: HashMap<i64, Rest> = HashMap::new();
        for (j, ramp, mentor, _) in self.of_mentors() {
            let views = own.get(&(j.ramp_id, j.code.as_str()));
            let near = views
                .into_iter()
                .flatten()
                .min_by_key(|(at, _)| apart(*at, j.at));
            if let Some((at, view)) =
                near.filter(|(at, _)| apart(*at, j.at) <= PAIR_DAYS * 24 * 3600)
            {
                pairs.entry(ramp.area_id).or_default().push((*view, mentor));
                if *view != mentor {
                    let detail = || format!("self view {view}, mentor view {mentor}");
                    let rest = parts.entry(ramp.area_id).or_default();
                    self.add_part(rest, (j, j.at.max(*at)), ramp, detail);
                }
            }
        }
        self.of_areas(pairs, parts, |all| {
            let agreement = Agreement::of(all);
            agreement.is_finding().then(|| agreement.words())
        })
    }

    fn depth(&self) -> Vec<Row> {
        let mut high: HashMap<i64, Vec<bool>> = HashMap::new();
        let mut parts: HashMap<i64, Rest> = HashMap::new();
        for (j, ramp, level, _) in self.of_mentors() {
            if level >= DEEP_LEVEL {
                let is_deep = j.strength >= Strength::Drill;
                high.entry(ramp.area_id).or_default().push(is_deep);
                if !is_deep {
                    let detail = || format!("level {level}, {}", j.strength.label());
                    let rest = parts.entry(ramp.area_id).or_default();
                    self.add_part(rest, (j, j.at), ramp, detail);
                }
            }
        }
        self.of_areas(high, parts, |all| {
            let deep = all.iter().filter(|deep| **deep).count();
            is_shallow(all.len(), deep)
                .then(|| format!("{deep} of {} rest on a drill or stronger", all.len()))
        })
    }

    /// Adds a judgement behind a row; `last` is when the latest judgement was given that `detail` tells of. Mentee and
    /// mentors read none of their own ramp that can be sealed from them.
    fn add_part(
        &self,
        rest: &mut Rest,
        (judgement, last): (&store::Judgement, UtcTime),
        ramp: &Ramp,
        detail: impl FnOnce() -> String,
    ) {
        let is_side = self.actor.is(ramp.mentee_id) || self.mentored.contains(&ramp.id);
        if is_side && last >= open_before(self.now.day()) {
            return;
        }
        rest.count += 1;
        if rest.parts.len() == self.most {
            return;
        }
        let code = &judgement.code;
        let may_open = self.concerns(ramp.mentee_id, ramp.area_id);
        rest.parts.push(Part {
            title: match may_open {
                true => format!("{code} of {}", self.names.name(ramp.mentee_id)),
                false => code.clone(),
            },
            detail: detail(),
            href: match may_open {
                true => format!("/ramps/{}/competencies/{code}", ramp.id),
                false => String::new(),
            },
        });
    }

    /// A row an area where there is something to say.
    fn of_areas<T>(
        &self,
        by_area: HashMap<i64, Vec<T>>,
        mut parts: HashMap<i64, Rest>,
        say: impl Fn(&[T]) -> Option<String>,
    ) -> Vec<Row> {
        let found = by_area.iter().filter_map(|(id, all)| {
            let area = self.areas.get(id).filter(|_| self.leads_area(*id))?;
            let row = Row::new(
                area.name.clone(),
                say(all)?,
                format!("/areas/{}", area.slug),
            );
            Some(row.resting_on(parts.remove(id).unwrap_or_default()))
        });
        found.collect()
    }
}

fn dated(at: UtcTime) -> String {
    at.day().words()
}

/// In seconds.
fn apart(one: UtcTime, other: UtcTime) -> i64 {
    one.seconds_since(other).abs()
}
