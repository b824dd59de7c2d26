//! A lead reminds the mentors of ramps, of several at once.

use serde_json::json;

use crate::db::Conn;
use crate::db::locks;
use crate::db::locks::Order;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::notification::Kind;
use crate::domain::notification::model::Cause;
use crate::domain::people::Actor;
use crate::domain::ramp;
use crate::domain::ramp::work::{Denied, may_remind, may_remind_any};
use crate::error::{Error, Result};
use crate::usecases::dossier::Dossier;
use crate::usecases::notify;
use crate::words::Title;

/// Ramps whose mentors are reminded at a time.
pub const MOST: usize = 20;

/// What a reminder says; may be empty.
pub type Nudge = Title<200>;

/// Tells the current mentors of those ramps that the actor reminds them; gives back of how many ramps. All or none.
///
/// Errors: [`Error::Forbidden`] unless the actor leads the area's or the mentee's team; [`Error::Conflict`] where a ramp
/// has ended or has no other mentor; [`Error::Invalid`] for none or too many.
pub fn remind(c: &mut Conn, act: &Act, ramp_ids: &[i64], words: &Nudge) -> Result<usize> {
    permit_any(&act.actor)?;
    let mut ids = ramp_ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Err(Error::field("ramp", "Choose at least one ramp."));
    }
    if ids.len() > MOST {
        let sentence = format!("Choose at most {MOST} ramps at a time.");
        return Err(Error::field("ramp", sentence));
    }
    // Every ramp before any area, as others lock them.
    locks::lock(c, Order::Ramp, &ids)?;
    let mut areas: Vec<i64> = ramp::store::by_ids(c, &ids)?
        .iter()
        .map(|r| r.area_id)
        .collect();
    areas.sort_unstable();
    areas.dedup();
    for area in areas {
        locks::share(c, Order::Area, area)?;
    }
    let mut ramps = Vec::new();
    for id in ids {
        let dossier = Dossier::lock(c, id, act.now.day())?;
        let refused = may_remind(&dossier.parties, dossier.ramp.state, &act.actor).err();
        if refused == Some(Denied::Who) {
            return Err(forbidden());
        }
        if refused == Some(Denied::State) {
            return Err(Error::Conflict(format!(
                "The ramp of {} in {} is over, or has no mentor but you.",
                dossier.mentee().name,
                dossier.area.name
            )));
        }
        ramps.push((dossier.ramp, dossier.parties.mentors));
    }
    act.hold(c, &[])?;
    for (ramp, mentors) in &ramps {
        let (object, path) = (format!("ramp:{}", ramp.id), format!("/ramps/{}", ramp.id));
        let cause = Cause::new(Kind::RampReminder, object, path)
            .of_ramp(ramp.id, ramp.mentee_id, ramp.area_id)
            .titled(words.as_str());
        notify::tell(c, act, &cause, mentors.iter().copied())?;
    }
    for (ramp, mentors) in &ramps {
        let entry = Entry::new("ramp.reminded", format!("ramp:{}", ramp.id))
            .person(ramp.mentee_id)
            .area(ramp.area_id)
            .details(json!({ "mentors": mentors, "words": words.as_str() }));
        audit::record(c, act, entry)?;
    }
    Ok(ramps.len())
}

/// Errors: [`Error::Forbidden`] for those who can remind nobody.
pub fn permit_any(actor: &Actor) -> Result<()> {
    match may_remind_any(actor) {
        true => Ok(()),
        false => Err(forbidden()),
    }
}

fn forbidden() -> Error {
    Error::Forbidden(
        "Only a lead of the mentee's team or of the area's owner team reminds the mentors of a ramp.".into(),
    )
}
