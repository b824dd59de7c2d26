//! Use cases of sessions.

use serde_json::json;

use super::{NewSession, check_start, store};
use crate::audit::{self, Act, Entry};
use crate::db::Conn;
use crate::error::{Error, FieldErrors, Result};
use crate::people::Actor;
use crate::ramp::dossier::Dossier;
use crate::standard::Group;

/// What recording a session led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The session.
    pub id: i64,
    /// With whom it was.
    pub mentee: String,
    /// Where assessing what was practised begins; `None` when the standard has no competencies.
    pub assess_first: Option<Group>,
}

/// Records a session that was held.
///
/// # Errors
/// [`Error::Forbidden`] for everybody but a mentor of the ramp, [`Error::Conflict`] when the ramp was closed,
/// [`Error::Invalid`] when start or observations do not fit the ramp.
pub fn record(c: &mut Conn, act: &Act, ramp_id: i64, new: &NewSession) -> Result<Recorded> {
    let dossier = Dossier::lock(c, ramp_id)?;
    may_record(&dossier, &act.actor)?;
    let mentor_id = act.actor.id.ok_or(Error::SignedOut)?;
    let content = &dossier.standard.content;
    let mut errors = FieldErrors::default();
    if let Err(sentence) = check_start(new.starts_at, act.now, dossier.ramp.created_at) {
        errors.add("starts_at", sentence);
    }
    if new
        .observations
        .keys()
        .any(|code| content.competency(code).is_none())
    {
        errors.add(
            "",
            "A competency you marked is not part of this ramp's standard. Load the page again.",
        );
    }
    errors.or(())?;
    let id = store::insert_held(c, ramp_id, mentor_id, new, act.now)?;
    let practised = content
        .competencies
        .iter()
        .find(|c| new.observations.contains_key(&c.code));
    let recorded = Recorded {
        id,
        mentee: dossier.mentee().name.to_owned(),
        assess_first: practised
            .map(|c| c.group)
            .or_else(|| content.groups().first().copied()),
    };
    audit::record(
        c,
        act,
        Entry::new("session.recorded", format!("session:{id}"))
            .person(dossier.ramp.mentee_id)
            .area(dossier.ramp.area_id)
            .details(json!({
                "ramp": ramp_id,
                "kind": new.kind,
                "starts_at": new.starts_at.iso(),
                "minutes": new.minutes.number(),
                "summary": new.summary.as_str(),
                "next_action": new.next_action.as_str(),
                "observations": new.observations,
            })),
    )?;
    Ok(recorded)
}

/// Lets mentors of an open ramp pass.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::Conflict`].
pub fn may_record(dossier: &Dossier, actor: &Actor) -> Result<()> {
    if !dossier.parties.is_mentor(actor) {
        return Err(Error::Forbidden(format!(
            "Sessions with {} in {} are recorded by the mentors of this ramp: {}.",
            dossier.mentee().name,
            dossier.area.name,
            mentors(dossier)
        )));
    }
    require_open(dossier)
}

/// Lets open ramps pass that were accepted.
///
/// # Errors
/// [`Error::Conflict`] with the day the ramp was closed, or who has still to accept it.
pub fn require_open(dossier: &Dossier) -> Result<()> {
    match dossier.ramp.closed_at {
        None => dossier.require_accepted(),
        Some(at) => Err(Error::Conflict(format!(
            "{}’s ramp in {} was closed on {} ({}). Its record stays as it was then.",
            dossier.mentee().name,
            dossier.area.name,
            at.day(),
            dossier.ramp.state.label().to_lowercase()
        ))),
    }
}

/// Who mentors a ramp now, in words.
#[must_use]
pub fn mentors(dossier: &Dossier) -> String {
    let names: Vec<_> = dossier
        .parties
        .mentors
        .iter()
        .map(|id| dossier.person(*id).name)
        .collect();
    if names.is_empty() {
        "nobody at the moment".into()
    } else {
        names.join(" and ")
    }
}
