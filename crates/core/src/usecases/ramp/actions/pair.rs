//! Handing over a pairing, adding a secondary mentor, ending that pairing.

use serde_json::json;

use super::{Reason, about, active_person, open_to};
use crate::db::Conn;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::notification::Kind;
use crate::domain::people;
use crate::domain::people::model::Person;
use crate::domain::ramp::arrange::{Transition, holder};
use crate::domain::ramp::load::Load;
use crate::domain::ramp::model::Pairing;
use crate::domain::ramp::store::pairs;
use crate::domain::ramp::store::pairs::NewPairing;
use crate::domain::ramp::{PairingRole, RampState};
use crate::error::{Error, FieldErrors, Result};
use crate::forms::Fields;
use crate::usecases::dossier::Dossier;
use crate::usecases::notify;
use crate::usecases::notify::causes;
use crate::usecases::ramp::loads;
use crate::usecases::session::planning;
use crate::words::Words;

/// Why a mentor takes more than the agreed capacity; may be empty.
pub type OverReason = Words<500>;

/// A pairing to hand over or add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOver {
    pub role: PairingRole,
    /// The mentor the form showed; `None` when a mentor is added.
    pub from_id: Option<i64>,
    pub to_id: i64,
    /// May be empty only when a mentor is added.
    pub reason: Option<Reason>,
    /// The reason for going over capacity, if it does.
    pub over_capacity: OverReason,
}

impl HandOver {
    /// Reads the form of a transition.
    pub fn parse(fields: &Fields, transition: Transition, role: PairingRole) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let to_id = fields.id("mentor").unwrap_or_else(|| {
            errors.add("mentor", "Choose a mentor.");
            0
        });
        let from_id = fields.id("from");
        let mut reason = None;
        if transition == Transition::HandOver {
            match Reason::parse(fields.get("reason")) {
                Ok(words) => reason = Some(words),
                Err(sentence) => errors.add("reason", sentence),
            }
        }
        let over_capacity = over_reason(fields, &mut errors);
        errors.or(Self {
            role,
            from_id: from_id.filter(|_| transition == Transition::HandOver),
            to_id,
            reason,
            over_capacity,
        })
    }
}

pub fn over_reason(fields: &Fields, errors: &mut FieldErrors) -> OverReason {
    Words::parse(fields.get(OVER)).unwrap_or_else(|sentence| {
        errors.add(OVER, sentence);
        Words::default()
    })
}

pub const OVER: &str = "over_capacity_reason";

/// Hands a pairing over to another mentor from now on, or adds a secondary mentor. Past mentors can still read the ramp
/// and can never turn its second key.
///
/// Errors: [`Error::Forbidden`] by [`Transition::permit`]; [`Error::Conflict`] when someone else handed it over
/// meanwhile, or a sign-off is open; [`Error::Invalid`] when the chosen person cannot have it, or is over capacity
/// without a reason.
pub fn hand_over(c: &mut Conn, act: &Act, ramp_id: i64, input: &HandOver) -> Result<Person> {
    let dossier = Dossier::lock(c, ramp_id, act.now.day())?;
    let transition = match input.from_id {
        Some(_) => Transition::HandOver,
        None => Transition::AddMentor,
    };
    let by = open_to(c, (&act.actor, act.now), &dossier, transition, input.role)?;
    let current = holder(&dossier.pairings, input.role);
    if current.map(|p| p.mentor_id) != input.from_id {
        return Err(pairing_conflict(c, act, &dossier, input.role)?);
    }
    // Locked before the check, so that nobody leaves meanwhile.
    act.hold(c, &[input.to_id])?;
    let to = active_person(c, "mentor", input.to_id)?;
    fits(&dossier, input, &to)?;
    let other = dossier
        .pairings
        .iter()
        .find(|p| p.until.is_none() && p.mentor_id == to.id);
    let load = load_of(c, act, &to, (other, dossier.ramp.state))?;
    let over = over_capacity("mentor", &to, &load, input.role, &input.over_capacity)?;
    let reason = input.reason.as_ref().map_or("", Reason::as_str);
    for ended in [current, other].into_iter().flatten() {
        pairs::end(c, (ramp_id, ended.mentor_id), reason, by, act.now)?;
    }
    let interval_days = current
        .or_else(|| holder(&dossier.pairings, PairingRole::Primary))
        .map_or(7, |p| p.interval_days);
    let new = NewPairing {
        ramp_id,
        mentor_id: to.id,
        role: input.role,
        interval_days,
        over_capacity_reason: over,
    };
    pairs::begin(c, new, act.now)?;
    let action = match transition {
        Transition::HandOver => "ramp.handed_over",
        _ => "ramp.mentor_added",
    };
    let details = json!({
        "role": input.role.word(), "from": input.from_id, "to": to.id, "reason": reason, "over_capacity": over,
    });
    let named = causes::ramp(Kind::MentorNamed, &dossier.ramp, "");
    notify::tell(c, act, &named, [to.id])?;
    planning::hand_over(c, act, &dossier)?;
    let entry = Entry::new(action, format!("ramp:{ramp_id}"));
    audit::record(c, act, about(entry, &dossier).details(details))?;
    Ok(to)
}

/// Ends the pairing of the secondary mentor the form showed.
///
/// Errors: [`Error::Forbidden`] by [`Transition::permit`]; [`Error::Conflict`] when someone else was first, or a
/// sign-off is open.
pub fn remove_secondary(
    c: &mut Conn,
    act: &Act,
    ramp_id: i64,
    seen: i64,
    reason: &Reason,
) -> Result<()> {
    let dossier = Dossier::lock(c, ramp_id, act.now.day())?;
    let (role, who) = (PairingRole::Secondary, (&act.actor, act.now));
    let by = open_to(c, who, &dossier, Transition::RemoveMentor, role)?;
    let is_current = holder(&dossier.pairings, role).is_some_and(|p| p.mentor_id == seen);
    if !is_current || !pairs::end(c, (ramp_id, seen), reason.as_str(), by, act.now)? {
        return Err(pairing_conflict(c, act, &dossier, role)?);
    }
    planning::hand_over(c, act, &dossier)?;
    let entry = Entry::new("ramp.mentor_removed", format!("ramp:{ramp_id}"));
    let details = json!({ "role": role.word(), "mentor": seen, "reason": reason.as_str() });
    audit::record(c, act, about(entry, &dossier).details(details))
}

/// The mentor must not be the mentee, the other mentor, or the current one.
fn fits(dossier: &Dossier, input: &HandOver, to: &Person) -> Result<()> {
    let is = |role| holder(&dossier.pairings, role).is_some_and(|p| p.mentor_id == to.id);
    let sentence = if to.id == dossier.ramp.mentee_id {
        "Nobody mentors themselves: choose someone else.".to_owned()
    } else if is(input.role) {
        format!("{} has this part already: choose someone else.", to.name)
    } else if input.role == PairingRole::Secondary && is(PairingRole::Primary) {
        format!(
            "{} is the primary mentor: choose someone else to help.",
            to.name
        )
    } else {
        return Ok(());
    };
    Err(Error::field("mentor", sentence))
}

/// Someone else changed the pairing: says who, and when.
fn pairing_conflict(
    c: &mut Conn,
    act: &Act,
    dossier: &Dossier,
    role: PairingRole,
) -> Result<Error> {
    let history = &dossier.pairing_history;
    let ended = history
        .iter()
        .rev()
        .find(|p| p.role == role && p.until.is_some());
    let by = match ended.and_then(|p| p.ended_by) {
        Some(id) => people::store::by_id(c, id)?,
        None => None,
    };
    let who = by.map_or_else(|| "Someone".into(), |p| p.name);
    let at = ended
        .and_then(|p| p.until)
        .or_else(|| history.last().map(|p| p.since))
        .map(|at| format!(" on {}", act.moment(at)))
        .unwrap_or_default();
    let now = match holder(&dossier.pairings, role) {
        Some(pairing) => format!("{} has it now.", dossier.person(pairing.mentor_id).name),
        None => "Nobody has it now.".into(),
    };
    let part = role.label().to_lowercase();
    Ok(Error::Conflict(format!(
        "{who} changed who has the {part} part{at}. {now} Your change was not saved."
    )))
}

/// A mentor's load, without the pairing of a ramp in that state that ends by this. The caller holds the lock of the person.
fn load_of(
    c: &mut Conn,
    act: &Act,
    person: &Person,
    (ending, state): (Option<&Pairing>, RampState),
) -> Result<Load> {
    let mut loads = loads::loads(c, &[person.id], act.now)?;
    let load = loads.remove(&person.id).unwrap_or_default();
    Ok(ending.map_or(load, |pairing| load.without(pairing.role, state)))
}

/// The reason to store when a pairing goes over the agreed capacity; `None` when it does not.
///
/// Errors: A sentence at the field of the reason when one is needed and missing.
pub fn over_capacity<'a>(
    field: &str,
    mentor: &Person,
    load: &Load,
    role: PairingRole,
    reason: &'a OverReason,
) -> Result<Option<&'a str>> {
    if !load.exceeds_with(role) {
        return Ok(None);
    }
    if !reason.is_empty() {
        return Ok(Some(reason.as_str()));
    }
    let mut errors = FieldErrors::one(
        OVER,
        format!(
            "{} has {}: say why one more is right, or choose someone else.",
            mentor.name,
            load.words()
        ),
    );
    errors.add(field, format!("{} is at capacity.", mentor.name));
    Err(Error::Invalid(errors))
}
