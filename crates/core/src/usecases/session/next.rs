//! Ticking off next actions.

use serde_json::json;

use crate::db::Conn;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::people::Actor;
use crate::domain::session::next::store;
use crate::domain::session::next::store::NextAction;
use crate::error::{Error, Result};
use crate::usecases::dossier::Dossier;
use crate::usecases::session::actions::{is_party, parties, require_open};

/// Only the mentee and the mentors of an open ramp may tick.
pub fn may_tick(dossier: &Dossier, actor: &Actor) -> Result<()> {
    if !is_party(dossier, actor) {
        return Err(Error::Forbidden(format!(
            "Only the people who agreed on next actions can tick them off: {}.",
            parties(dossier)
        )));
    }
    require_open(dossier)
}

/// Ticks off a next action, or opens it again; returns its text.
///
/// Errors: As [`may_tick`]; [`Error::NotFound`] when the ramp has no such action, [`Error::Conflict`] when someone did
/// it meanwhile.
pub fn tick(c: &mut Conn, act: &Act, ramp_id: i64, id: i64, done: bool) -> Result<String> {
    let dossier = Dossier::lock(c, ramp_id, act.now.day())?;
    may_tick(&dossier, &act.actor)?;
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    let action = store::of_ramp(c, ramp_id, id)?.ok_or(Error::NotFound("next action"))?;
    let changed = match done {
        true => store::tick(c, id, by_id, None, act.now)?,
        false => store::reopen(c, id)?,
    };
    if !changed {
        return Err(Error::Conflict(conflict(&dossier, act, &action)));
    }
    let verb = if done {
        "next_action.done"
    } else {
        "next_action.reopened"
    };
    let object = format!("session:{}", action.session_id);
    audit::record(
        c,
        act,
        Entry::new(verb, object)
            .person(dossier.ramp.mentee_id)
            .area(dossier.ramp.area_id)
            .details(json!({ "ramp": ramp_id, "action": id, "body": action.body })),
    )?;
    Ok(action.body)
}

fn conflict(dossier: &Dossier, act: &Act, action: &NextAction) -> String {
    match (action.done_by, action.done_at) {
        (Some(by), Some(at)) => format!(
            "{} ticked “{}” off on {}.",
            dossier.person(by).name,
            action.body,
            act.moment(at)
        ),
        _ => format!("“{}” was opened again in the meantime.", action.body),
    }
}
