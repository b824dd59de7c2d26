//! No one is on two shifts at once, on any ramp.

use crate::db::Conn;
use crate::domain::audit::Act;
use crate::domain::people;
use crate::domain::shift::store;
use crate::domain::shift::{Hours, ShiftState};
use crate::error::{Error, Result};
use crate::usecases::shift::detail::ShiftDetail;

/// Why the two people of a shift are not free at its hours, as a sentence: one of them has another shift then. `except` is
/// the shift itself, when it is moved. Both people stay locked until the transaction ends, so that nobody plans another
/// shift for them meanwhile.
pub fn conflict(
    c: &mut Conn,
    act: &Act,
    both: (i64, i64),
    hours: Hours,
    except: Option<i64>,
) -> Result<Option<String>> {
    act.hold(c, &[both.0, both.1])?;
    let Some(other) = store::during(c, both, hours, except)? else {
        return Ok(None);
    };
    let on_it = [other.mentee_id, other.with_id];
    let who = if on_it.contains(&both.0) {
        both.0
    } else {
        both.1
    };
    // Only someone who may read that shift learns its area.
    let area = match ShiftDetail::load_for(c, other.id, &act.actor, &[]) {
        Ok(detail) => format!(" in {}", detail.area.name),
        Err(Error::NotFound(_)) => String::new(),
        Err(fault) => return Err(fault),
    };
    Ok(Some(format!(
        "{} {} on another shift{area} then, from {} to {}.",
        people::store::name_of(c, Some(who))?,
        match other.state {
            ShiftState::Debriefed => "was",
            ShiftState::Planned | ShiftState::Cancelled => "is",
        },
        act.moment(other.starts_at),
        act.moment(other.ends_at)
    )))
}
