//! Use cases of clearances.

use serde_json::json;

use super::store;
use crate::audit::{self, Act, Entry};
use crate::db::Conn;
use crate::db::types::{Day, UtcTime};
use crate::error::{Error, Result};

/// Takes over a clearance from before Checkride: there is no sign-off behind it, and the record says so.
///
/// # Errors
/// [`Error::Forbidden`] unless an administrator asks; [`Error::Invalid`] when it has ended already;
/// [`Error::Conflict`] when the person has, or had, a clearance for the area here.
pub fn record_existing(
    c: &mut Conn,
    act: &Act,
    person_id: i64,
    area_id: i64,
    granted_at: UtcTime,
    ends_on: Day,
) -> Result<i64> {
    if !act.actor.is_admin {
        return Err(Error::Forbidden(
            "Only an administrator may take over a clearance.".into(),
        ));
    }
    if ends_on < act.now.day() {
        return Err(Error::field(
            "ends_on",
            format!("The clearance ended on {ends_on}; record one that still holds."),
        ));
    }
    if store::of_person(c, person_id)?
        .iter()
        .any(|held| held.area_id == area_id)
    {
        return Err(Error::Conflict(
            "The person has a clearance for that area on record already.".into(),
        ));
    }
    let id = store::insert(c, (person_id, area_id), granted_at, ends_on, None)?;
    audit::record(
        c,
        act,
        Entry::new("clearance.taken_over", format!("clearance:{id}"))
            .person(person_id)
            .area(area_id)
            .details(json!({ "granted_at": granted_at.iso(), "ends_on": ends_on.to_string() })),
    )?;
    Ok(id)
}
