//! Shadow shifts of a rota on the ramps of its area: what becomes of each, for the page, and planning, moving and cancelling
//! them as the rota says.

use std::collections::{HashMap, HashSet};

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::area;
use crate::domain::area::model::Area;
use crate::domain::audit::{self, Act};
use crate::domain::clearance::standing;
use crate::domain::people::Actor;
use crate::domain::ramp::model::Ramp;
use crate::domain::ramp::{self, Parties, work};
use crate::domain::rota::shadow::{
    Fate, Ours, Step, StepKind, Wanted, Why, fits, gone, of_planned, pairs,
};
use crate::domain::rota::store::{self, note_step, steps_since};
use crate::domain::rota::{DAYS_AHEAD, Duty, Entry};
use crate::domain::shift;
use crate::domain::shift::model::Shift;
use crate::domain::shift::{Brief, Hours, NewShift, Reason, ShiftKind, ShiftState};
use crate::error::{Error, Result};
use crate::usecases::dossier::Dossier;
use crate::usecases::rota::{Checked, checked};
use crate::usecases::shift::actions::{put, put_elsewhere, put_off};
use crate::usecases::shift::detail::ShiftDetail;
use crate::words::Words;

/// A shift that lies ahead was planned, and moved last, within that time.
const REMEMBERED_DAYS: i64 = 92;

/// The shadow shifts that rotas of an area say, and what becomes of each.
pub struct Shadows {
    /// In the order of the rota, each with its fate.
    all: Vec<(Wanted, Fate)>,
    gone: Vec<Step>,
    ramps: HashMap<i64, Ramp>,
}

impl Shadows {
    /// In seven queries; in one where nobody watches and no rota planned anything.
    pub fn load(c: &mut Conn, area_id: i64, checked: &Checked, now: UtcTime) -> Result<Self> {
        let wanted = wanted(checked);
        let done = steps_since(c, area_id, now.plus_hours(-24 * REMEMBERED_DAYS))?;
        let ids: Vec<i64> = done.keys().copied().collect();
        let planned = match ids.is_empty() {
            true => Vec::new(),
            false => shift::store::by_ids(c, &ids)?,
        };
        let changes = match ids.is_empty() {
            true => HashMap::new(),
            false => shift::store::count_changes(c, &ids)?,
        };
        let ours: Vec<Ours> = planned
            .iter()
            .filter_map(|shift| {
                let done = done.get(&shift.id)?;
                let changes = changes.get(&shift.id).copied().unwrap_or_default();
                // What a rota cancelled may come back.
                (done.last != StepKind::Cancelled).then(|| Ours {
                    shift_id: shift.id,
                    rota_id: done.rota_id,
                    mentee_id: shift.mentee_id,
                    with_id: shift.with_id,
                    from: shift.starts_at,
                    to: shift.ends_at,
                    uid: done.uid.clone(),
                    said: done.said,
                    is_changed: changes > done.steps,
                    is_cancelled: shift.state == ShiftState::Cancelled,
                })
            })
            .collect();
        if wanted.is_empty() && ours.is_empty() {
            return Ok(Self {
                all: Vec::new(),
                gone: Vec::new(),
                ramps: HashMap::new(),
            });
        }
        let ramps = ramp::store::all_open_in(c, area_id)?.into_iter();
        let ramps: HashMap<i64, Ramp> = ramps.map(|ramp| (ramp.mentee_id, ramp)).collect();
        let on_them = wanted
            .iter()
            .flat_map(|w| w.with_id.into_iter().chain([w.mentee_id]));
        let on_them: HashSet<i64> = on_them.collect();
        let on_them: Vec<i64> = on_them.into_iter().collect();
        // A shift of the last day of the window may be as long as one can be.
        let window = (now, now.plus_hours(24 * (DAYS_AHEAD + shift::MAX_DAYS)));
        let known = Known {
            checked,
            ramps: &ramps,
            around: shift::store::around(c, &on_them, window)?,
            now,
        };
        let pairs = pairs(&wanted, &ours, now);
        let fates =
            wanted
                .iter()
                .zip(&pairs)
                .map(|(wanted, pair)| match pair.and_then(|n| ours.get(n)) {
                    Some(ours) => known.of_planned(wanted, ours),
                    None => known.of_new(wanted),
                });
        let fates: Vec<Fate> = fates.collect();
        let mut shadows = Self {
            gone: gone(&ours, &pairs, now),
            all: wanted.into_iter().zip(fates).collect(),
            ramps,
        };
        shadows.without_unsigned(c, area_id)?;
        Ok(shadows)
    }

    /// Leaves what a rota without an author says.
    fn without_unsigned(&mut self, c: &mut Conn, area_id: i64) -> Result<()> {
        let unsigned = store::unsigned(c, area_id)?;
        if unsigned.is_empty() {
            return Ok(());
        }
        let sources = store::sources(c, area_id)?;
        let is_unsigned = |step: &Step| step.of().is_some_and(|(_, id)| unsigned.contains(&id));
        self.gone.retain(|step| !is_unsigned(step));
        for (wanted, fate) in &mut self.all {
            let Fate::Due(step) = &*fate else {
                continue;
            };
            let (shift, rota) = match step.of() {
                Some((shift_id, rota_id)) => (Some(shift_id), Some(rota_id)),
                None => (None, sources.get(&store::told(&wanted.entry)).copied()),
            };
            if rota.is_some_and(|id| unsigned.contains(&id)) {
                *fate = Fate::Left(Why::NoAuthor, shift);
            }
        }
        Ok(())
    }

    /// What becomes of each shift of the rota in which somebody watches, in its order.
    pub fn all(&self) -> impl Iterator<Item = &(Wanted, Fate)> {
        self.all.iter()
    }

    pub fn ramp_of(&self, mentee_id: i64) -> Option<&Ramp> {
        self.ramps.get(&mentee_id)
    }

    /// The mentees on whose ramps the actor plans shifts; one query.
    pub fn planned_by(&self, c: &mut Conn, actor: &Actor, area: &Area) -> Result<HashSet<i64>> {
        let ramps: HashMap<i64, &Ramp> = self
            .all
            .iter()
            .filter_map(|(wanted, _)| self.ramps.get(&wanted.mentee_id))
            .map(|ramp| (ramp.id, ramp))
            .collect();
        let ids: Vec<i64> = ramps.keys().copied().collect();
        if ids.is_empty() {
            return Ok(HashSet::new());
        }
        let pairings = ramp::store::pairings(c, &ids)?;
        let may = ramps.values().filter(|ramp| {
            let own = pairings.iter().filter(|p| p.ramp_id == ramp.id);
            let own: Vec<_> = own.cloned().collect();
            let owner = area.owner_team_id;
            let parties = Parties::of(ramp.mentee_id, &own, Vec::new(), owner, Vec::new());
            work::may_plan(&parties, ramp.state, actor).is_ok()
        });
        Ok(may.map(|ramp| ramp.mentee_id).collect())
    }

    /// What is to be done: what is cancelled first, because it makes room.
    fn steps(self) -> Vec<Step> {
        let due = self.all.into_iter().filter_map(|(_, fate)| match fate {
            Fate::Due(step) => Some(step),
            Fate::Planned(_) | Fate::Left(..) => None,
        });
        let mut steps = self.gone;
        steps.extend(due);
        steps.sort_by_key(|step| !matches!(step, Step::Cancel { .. }));
        steps
    }
}

/// The shifts of the rota in which somebody watches, each with who is on call then: who is it for the longest part.
fn wanted(checked: &Checked) -> Vec<Wanted> {
    let on_call = |entry: &Entry, mentee_id: i64| {
        let primary = checked.shifts.iter().filter(|other| {
            other.entry.duty == Duty::Primary
                && other.person.is_some_and(|id| id != mentee_id)
                && other.entry.overlaps(entry.starts_at, entry.ends_at)
        });
        // Of two that are as long, the first.
        let longest = primary.rev().max_by_key(|other| {
            let to = other.entry.ends_at.min(entry.ends_at);
            to.seconds_since(other.entry.starts_at.max(entry.starts_at))
        });
        longest.and_then(|other| other.person)
    };
    let watching = checked.shifts.iter();
    let watching = watching.filter(|shift| shift.entry.duty == Duty::Shadow);
    watching
        .filter_map(|shift| {
            let mentee_id = shift.person?;
            Some(Wanted {
                with_id: on_call(&shift.entry, mentee_id),
                entry: shift.entry.clone(),
                mentee_id,
            })
        })
        .collect()
}

/// What decides whether a shift can be planned.
struct Known<'a> {
    checked: &'a Checked,
    ramps: &'a HashMap<i64, Ramp>,
    around: Vec<Shift>,
    now: UtcTime,
}

impl Known<'_> {
    fn of_planned(&self, wanted: &Wanted, ours: &Ours) -> Fate {
        let both = [ours.mentee_id, ours.with_id];
        match of_planned(wanted, ours, self.now) {
            Fate::Due(Step::Move { shift_id, .. })
                if self.is_taken(&wanted.entry, both, Some(shift_id)) =>
            {
                Fate::Left(Why::Taken, Some(shift_id))
            }
            fate => fate,
        }
    }

    fn of_new(&self, wanted: &Wanted) -> Fate {
        let is_here = self.checked.facts.people.is_active(wanted.mentee_id);
        let ramp = self.ramps.get(&wanted.mentee_id).filter(|_| is_here);
        let Some(ramp) = ramp else {
            return Fate::Left(Why::NoRamp, None);
        };
        let entry = &wanted.entry;
        let by_hand = self.around.iter().find(|shift| {
            shift.ramp_id == ramp.id && entry.overlaps(shift.starts_at, shift.ends_at)
        });
        if let Some(shift) = by_hand {
            return Fate::Planned(shift.id);
        }
        let why = match (fits(entry, self.now), wanted.with_id) {
            (Err(why), _) => why,
            _ if !ramp.state.is_running() => Why::NotRunning,
            (Ok(()), None) => Why::NobodyOnCall,
            (Ok(()), Some(with)) if !self.is_cover(with) => Why::NotCleared,
            (Ok(()), Some(with)) if self.is_taken(entry, [wanted.mentee_id, with], None) => {
                Why::Taken
            }
            (Ok(()), Some(_)) => return Fate::Due(Step::Plan(wanted.clone())),
        };
        Fate::Left(why, None)
    }

    fn is_cover(&self, person: i64) -> bool {
        let facts = &self.checked.facts;
        let held = facts.clearances.get(&person);
        facts.people.is_active(person) && standing(held, self.now.day()).is_cover()
    }

    fn is_taken(&self, entry: &Entry, both: [i64; 2], except: Option<i64>) -> bool {
        self.around.iter().any(|shift| {
            let is_theirs = both.contains(&shift.mentee_id) || both.contains(&shift.with_id);
            is_theirs && Some(shift.id) != except && entry.overlaps(shift.starts_at, shift.ends_at)
        })
    }
}

/// What is to be done on the ramps of an area; nothing while it is archived.
pub fn steps(c: &mut Conn, area_id: i64, now: UtcTime) -> Result<Vec<Step>> {
    if area::store::by_id(c, area_id)?.archived_at.is_some() {
        return Ok(Vec::new());
    }
    let checked = checked(c, area_id, now)?;
    Ok(Shadows::load(c, area_id, &checked, now)?.steps())
}

/// Takes one of [`steps`], if it is still to be taken once its ramp is locked; returns whether. So two who read a rota at once
/// plan once.
///
/// Errors: [`Error::Invalid`] and [`Error::Conflict`] when someone was faster: the next look says why.
pub fn take(c: &mut Conn, area_id: i64, step: &Step, now: UtcTime) -> Result<bool> {
    let act = Act {
        actor: Actor {
            name: "Checkride".into(),
            ..Actor::operator()
        },
        address: "rota".into(),
        ..Act::operator(now)
    };
    match step {
        Step::Plan(wanted) => {
            let ramps = ramp::store::all_open_in(c, area_id)?;
            let ramp = ramps.iter().find(|r| r.mentee_id == wanted.mentee_id);
            let ramp = ramp.ok_or(Error::NotFound("ramp"))?;
            let dossier = Dossier::lock(c, ramp.id, now.day())?;
            let rota = store::source_of(c, area_id, &wanted.entry)?;
            let (Some(rota), Some(with_id), true) =
                (rota, wanted.with_id, is_due(c, area_id, step, now)?)
            else {
                return Ok(false);
            };
            let hours = hours(&wanted.entry)?;
            let new = NewShift {
                kind: ShiftKind::Shadow,
                with_id,
                hours,
                brief: brief(c, &dossier)?,
            };
            follow(c, &act, rota, |c, act, by| {
                let id = put(c, act, &dossier, &new, by)?;
                Ok((id, StepKind::Planned, said(&wanted.entry)))
            })
        }
        Step::Move {
            shift_id,
            rota_id,
            to,
        } => {
            let detail = ShiftDetail::lock(c, *shift_id, &act.actor)?;
            if !is_due(c, area_id, step, now)? {
                return Ok(false);
            }
            let hours = hours(&to.entry)?;
            follow(c, &act, *rota_id, |c, act, by| {
                put_elsewhere(c, act, &detail, hours, by)?;
                Ok((*shift_id, StepKind::Moved, said(&to.entry)))
            })
        }
        Step::Cancel { shift_id, rota_id } => {
            let detail = ShiftDetail::lock(c, *shift_id, &act.actor)?;
            if !is_due(c, area_id, step, now)? {
                return Ok(false);
            }
            follow(c, &act, *rota_id, |c, act, by| {
                put_off(c, act, &detail, by)?;
                let hours = (detail.shift.starts_at, detail.shift.ends_at);
                Ok((*shift_id, StepKind::Cancelled, ("", hours)))
            })
        }
    }
}

fn is_due(c: &mut Conn, area_id: i64, step: &Step, now: UtcTime) -> Result<bool> {
    Ok(steps(c, area_id, now)?.contains(step))
}

/// How a rota calls a shift, and its hours.
type Said<'a> = (&'a str, (UtcTime, UtcTime));

fn said(entry: &Entry) -> Said<'_> {
    (&entry.uid, entry.hours())
}

/// Takes a step in the name of who uploaded the rota last, or named its address.
fn follow<'a>(
    c: &mut Conn,
    act: &Act,
    rota_id: i64,
    step: impl FnOnce(&mut Conn, &Act, (i64, &Reason)) -> Result<(i64, StepKind, Said<'a>)>,
) -> Result<bool> {
    let (name, by) = store::author(c, rota_id)?;
    let Some(by_id) = by else {
        return Ok(false);
    };
    let why = Reason::parse(&format!("From the rota {name}.")).map_err(Error::fault)?;
    audit::in_one_go(c, act, |c, act| {
        let (shift_id, kind, said) = step(c, act, (by_id, &why))?;
        note_step(c, (rota_id, shift_id, kind), said, act.now)
    })?;
    Ok(true)
}

fn hours(entry: &Entry) -> Result<Hours> {
    let hours = Hours::new(entry.starts_at, entry.ends_at);
    hours.map_err(|sentence| Error::field("starts_at", sentence))
}

/// The brief of the last shadow shift of the ramp; else what holds for every one, until the two agree on more.
fn brief(c: &mut Conn, dossier: &Dossier) -> Result<Brief> {
    let before = shift::store::of_ramp(c, dossier.ramp.id)?;
    let last = before.iter().find(|s| s.kind == ShiftKind::Shadow);
    let area = &dossier.area.name;
    let [may_page, runbooks, learner_job, who_may_touch] = match last {
        Some(last) => [
            last.may_page.clone(),
            last.runbooks.clone(),
            last.learner_job.clone(),
            last.who_may_touch.clone(),
        ],
        None => [
            format!("The alerts of {area}."),
            format!("The page of {area} lists its systems and runbooks."),
            "Watch, and ask. Agree on more before the shift.".into(),
            "Only the person on call changes anything.".into(),
        ],
    };
    let words = |text: &str| Words::parse(text).map_err(Error::fault);
    Ok(Brief {
        may_page: words(&may_page)?,
        runbooks: words(&runbooks)?,
        learner_job: words(&learner_job)?,
        who_may_touch: words(&who_may_touch)?,
    })
}
