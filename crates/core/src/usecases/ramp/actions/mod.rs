//! Proposing a ramp, and what changes a ramp.

pub mod accept;
pub mod arrange;
pub mod many;
pub mod mark;
pub mod pair;

use serde_json::json;

use pair::OverReason;

use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, is_unique_violation};
use crate::domain::area::model::Area;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::people::Actor;
use crate::domain::people::model::Person;
use crate::domain::queue::Outcome;
use crate::domain::ramp::arrange::Transition;
use crate::domain::ramp::store::changes;
use crate::domain::ramp::store::pairs;
use crate::domain::ramp::store::pairs::NewPairing;
use crate::domain::ramp::{PairingRole, RampState, may_start, may_start_any, store};
use crate::domain::{area, people, standard};
use crate::error::{Error, FieldErrors, Result};
use crate::forms::Fields;
use crate::usecases::dossier::Dossier;
use crate::usecases::home::waiting::causes::proposal_waits;
use crate::usecases::notify;
use crate::usecases::queue;
use crate::usecases::ramp::loads;
use crate::usecases::ramp::renewal;
use crate::usecases::ramp::renewal::Carried;
use crate::words::Words;

/// A ramp to propose, checked as far as possible without the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartRamp {
    pub area_id: i64,
    /// The mentee.
    pub mentee_id: i64,
    pub primary_id: i64,
    pub secondary_id: Option<i64>,
    /// First day.
    pub starts_on: Day,
    /// The target date; from the area's target ramp time when left out.
    pub target_on: Option<Day>,
    /// Agreed days between sessions.
    pub interval_days: i32,
    /// Why a mentor takes more than the agreed capacity, if one does.
    pub over_capacity: OverReason,
}

impl StartRamp {
    pub fn parse(fields: &Fields, today: Day) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let mut pick = |field: &str, sentence: &str| {
            fields.id(field).unwrap_or_else(|| {
                errors.add(field, sentence);
                0
            })
        };
        let area_id = pick("area", "Choose an area.");
        let mentee_id = pick("mentee", "Choose who ramps up.");
        let primary_id = pick("primary", "Choose a primary mentor.");
        let secondary_id = fields.id("secondary");
        let starts_on = Day::parse(fields.get("starts_on")).unwrap_or_else(|| {
            errors.add("starts_on", "Enter the first day.");
            today
        });
        let target_on = match fields.trimmed("target_on") {
            "" => None,
            text => Day::parse(text).or_else(|| {
                errors.add("target_on", "Enter the target day as a date.");
                None
            }),
        };
        if !(-366..=366).contains(&starts_on.days_since(today)) {
            errors.add("starts_on", "The first day must be within a year of today.");
        }
        let interval_days = fields
            .trimmed("interval_days")
            .parse()
            .ok()
            .filter(|d| (1..=60).contains(d));
        let interval_days = interval_days.unwrap_or_else(|| {
            errors.add("interval_days", "Enter the days between sessions, 1 to 60.");
            7
        });
        let over_capacity = pair::over_reason(fields, &mut errors);
        let input = Self {
            area_id,
            mentee_id,
            primary_id,
            secondary_id,
            starts_on,
            target_on,
            interval_days,
            over_capacity,
        };
        input.check(&mut errors);
        errors.or(input)
    }

    /// Checks that the mentee and both mentors are different people, and that the target is after the first day. A 0
    /// means no one was chosen.
    fn check(&self, errors: &mut FieldErrors) {
        if self.mentee_id != 0 && self.mentee_id == self.primary_id {
            errors.add("primary", "Nobody mentors themselves: choose someone else.");
        }
        if self.mentee_id != 0 && self.secondary_id == Some(self.mentee_id) {
            errors.add(
                "secondary",
                "Nobody mentors themselves: choose someone else.",
            );
        }
        if self.primary_id != 0 && self.secondary_id == Some(self.primary_id) {
            errors.add(
                "secondary",
                "The secondary mentor must not be the primary mentor.",
            );
        }
        if self.target_on.is_some_and(|t| t <= self.starts_on) {
            errors.add("target_on", "The target must be after the first day.");
        }
    }
}

/// Errors: [`Error::Forbidden`] for those who can start no ramp at all.
pub fn permit_start_any(actor: &Actor) -> Result<()> {
    match may_start_any(actor) {
        true => Ok(()),
        false => Err(Error::Forbidden(
            "Only a lead of the mentee's team or of the area's owner team, or an administrator, can propose a ramp."
                .into(),
        )),
    }
}

/// Proposes a ramp with its mentors, on the area's published standard. It becomes active when the mentee and the
/// primary mentor have accepted. A proposal counts as the acceptance of the person who makes it.
///
/// Errors: [`Error::Forbidden`] unless the actor is a lead of the mentee's or the owner team, or an administrator;
/// [`Error::Invalid`] when the area has no published standard, someone has left, or a ramp is open already.
pub fn start(c: &mut Conn, act: &Act, input: &StartRamp) -> Result<i64> {
    let (ramp_id, entry) = begin(c, act, input)?;
    audit::record(c, act, entry)?;
    Ok(ramp_id)
}

/// The same without its audit row, which is written once everything else is done.
fn begin(c: &mut Conn, act: &Act, input: &StartRamp) -> Result<(i64, Entry)> {
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    let mut errors = FieldErrors::default();
    input.check(&mut errors);
    errors.or(())?;
    // Locked, so that nobody archives it while the ramp begins.
    let area = area::store::lock(c, input.area_id)
        .ok()
        .filter(|area| area.archived_at.is_none())
        .ok_or_else(|| Error::field("area", "There is no such area."))?;
    // Locked before they are checked, so that nobody leaves or changes teams meanwhile and only one transaction counts a
    // mentor's load.
    let people: Vec<i64> = [input.mentee_id, input.primary_id]
        .into_iter()
        .chain(input.secondary_id)
        .collect();
    let renewed = renewal::renewed(c, (input.mentee_id, area.id))?;
    act.hold(c, &people)?;
    let mentee_teams: Vec<i64> = people::store::memberships_of(c, input.mentee_id)?
        .into_iter()
        .map(|m| m.team_id)
        .collect();
    if !may_start(
        &act.actor,
        input.mentee_id,
        &mentee_teams,
        area.owner_team_id,
    ) {
        return Err(Error::Forbidden(format!(
            "A ramp in {} can be started only by a lead of {} or of the mentee's team, or by an administrator, and \
             never by the mentee.",
            area.name, area.owner_team
        )));
    }
    let mentee = active_person(c, "mentee", input.mentee_id)?;
    let mentors = mentors(c, act, input)?;
    let standard_id = standard::store::published_id(c, area.id)?.ok_or_else(|| {
        Error::field(
            "area",
            format!(
                "{} has no published standard yet, so nobody can ramp on it.",
                area.name
            ),
        )
    })?;
    let target_on = input.target_on.unwrap_or_else(|| match &renewed {
        Some(_) => input.starts_on.plus_days(7 * renewal::WEEKS),
        None => default_target(&area, input.starts_on),
    });
    let new = crate::domain::ramp::model::NewRamp {
        mentee_id: mentee.id,
        area_id: area.id,
        standard_id,
        state: RampState::Proposed,
        starts_on: input.starts_on,
        target_on,
        started_by: by_id,
        created_at: act.now,
    };
    let ramp_id = store::insert(c, &new).map_err(|e| {
        if is_unique_violation(&e, "ramps") {
            Error::field(
                "mentee",
                format!("{} already has an open ramp in {}.", mentee.name, area.name),
            )
        } else {
            e.into()
        }
    })?;
    store::insert_change(c, ramp_id, RampState::Proposed, "", by_id, act.now)?;
    let carried = match &renewed {
        Some(held) => {
            let standard = standard::store::load_one(c, standard_id)?;
            renewal::begin(c, ramp_id, held, &standard.content, act.now.day())?
        }
        None => Carried::default(),
    };
    if [input.mentee_id, input.primary_id].contains(&by_id) {
        changes::insert_acceptance(c, ramp_id, by_id, act.now)?;
    }
    for (mentor, role, over_capacity_reason) in &mentors {
        let new = NewPairing {
            ramp_id,
            mentor_id: mentor.id,
            role: *role,
            interval_days: input.interval_days,
            over_capacity_reason: *over_capacity_reason,
        };
        pairs::begin(c, new, act.now)?;
    }
    let ramp = store::by_id(c, ramp_id)?;
    let asked = [input.mentee_id, input.primary_id];
    notify::tell(c, act, &proposal_waits(&ramp), asked)?;
    let began = (Outcome::Started, Some(ramp_id));
    queue::actions::answered(c, act, (mentee.id, area.id), began)?;
    let entry = Entry::new("ramp.proposed", format!("ramp:{ramp_id}"))
        .person(mentee.id)
        .area(area.id)
        .details(json!({
            "standard": standard_id,
            "primary": input.primary_id,
            "secondary": input.secondary_id,
            "starts_on": input.starts_on.to_string(),
            "target_on": target_on.to_string(),
            "interval_days": input.interval_days,
            "renews": renewed.map(|held| held.id),
            "carried": { "judgements": carried.judgements.len(), "checks": carried.checks.len() },
            "over_capacity": mentors.iter().find_map(|(_, _, reason)| *reason),
        }));
    Ok((ramp_id, entry))
}

/// The target date from the area's target ramp time.
pub fn default_target(area: &Area, starts_on: Day) -> Day {
    starts_on.plus_days(i64::from(area.target_weeks) * 7)
}

/// The mentors of a ramp to propose, each with the reason to store when it goes over their capacity.
type Chosen<'a> = Vec<(Person, PairingRole, Option<&'a str>)>;

/// Loads the mentors. The caller holds their lock.
fn mentors<'a>(c: &mut Conn, act: &Act, input: &'a StartRamp) -> Result<Chosen<'a>> {
    let mut chosen = vec![(
        active_person(c, "primary", input.primary_id)?,
        PairingRole::Primary,
    )];
    if let Some(id) = input.secondary_id {
        chosen.push((active_person(c, "secondary", id)?, PairingRole::Secondary));
    }
    let ids: Vec<i64> = chosen.iter().map(|(p, _)| p.id).collect();
    let loads = loads::loads(c, &ids, act.now)?;
    chosen
        .into_iter()
        .map(|(person, role)| {
            let load = loads.get(&person.id).copied().unwrap_or_default();
            let over =
                pair::over_capacity(role.word(), &person, &load, role, &input.over_capacity)?;
            Ok((person, role, over))
        })
        .collect()
}

fn active_person(c: &mut Conn, field: &str, id: i64) -> Result<Person> {
    let person = people::store::by_id(c, id)?
        .ok_or_else(|| Error::field(field, "There is no such person."))?;
    if person.deactivated_at.is_some() {
        return Err(Error::field(field, format!("{} has left.", person.name)));
    }
    Ok(person)
}

/// The reason for a change of a ramp: not empty, at most 500 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(Words<500>);

impl Reason {
    pub fn parse(text: &str) -> std::result::Result<Self, String> {
        match Words::parse(text)? {
            words if words.is_empty() => Err("Say why, in a sentence.".into()),
            words => Ok(Self(words)),
        }
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// Checks that the actor may make the transition and the state of the ramp allows it; returns the actor's row. Pages
/// use it too.
///
/// Errors: [`Error::Forbidden`] with who may; [`Error::Conflict`] with what happened to the ramp meanwhile.
pub fn open_to(
    c: &mut Conn,
    (actor, now): (&Actor, UtcTime),
    dossier: &Dossier,
    transition: Transition,
    role: PairingRole,
) -> Result<i64> {
    let by = actor.id.ok_or(Error::SignedOut)?;
    transition
        .permit(&dossier.parties, &dossier.pairings, role, actor)
        .map_err(Error::Forbidden)?;
    if transition.fits(dossier.ramp.state) {
        Ok(by)
    } else {
        Err(overtaken(c, (actor, now), dossier)?)
    }
}

/// The ramp is not in the state the transition needs: says who changed it, and when.
fn overtaken(c: &mut Conn, (actor, now): (&Actor, UtcTime), dossier: &Dossier) -> Result<Error> {
    if dossier.ramp.state == RampState::InReview {
        return Ok(Error::Conflict(
            "A sign-off of this ramp is being decided. What it rests on cannot change until \
             it is granted, returned or withdrawn."
                .into(),
        ));
    }
    let latest = changes::of_ramps(c, &[dossier.ramp.id])?.pop();
    let (who, at) = match latest {
        Some(change) => {
            let person = people::store::by_id(c, change.by_id)?;
            let name = person.map_or_else(|| "Someone".into(), |p| p.name);
            (name, format!(" on {}", actor.moment(change.at, now)))
        }
        None => ("Someone".into(), String::new()),
    };
    let did = match dossier.ramp.state {
        RampState::Proposed => "proposed this ramp",
        RampState::Active => "activated this ramp",
        RampState::Paused => "paused this ramp",
        RampState::InReview => "asked for a sign-off of this ramp",
        RampState::Cleared => "closed this ramp with a clearance",
        RampState::Ended => "ended this ramp",
    };
    let first = dossier
        .awaited()
        .map(|who| format!(" {who} must accept it first."))
        .unwrap_or_default();
    Ok(Error::Conflict(format!(
        "{who} {did}{at}.{first} Your change was not saved."
    )))
}

fn about(entry: Entry, dossier: &Dossier) -> Entry {
    entry.person(dossier.ramp.mentee_id).area(dossier.area.id)
}
