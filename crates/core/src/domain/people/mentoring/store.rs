//! SQL of agreed mentoring.

use diesel::prelude::*;

use super::Agreed;
use crate::db::Conn;
use crate::db::schema::{agreed_versions, people};
use crate::db::types::UtcTime;
use crate::error::Result;

pub fn agreed(c: &mut Conn, person_id: i64) -> Result<Agreed> {
    let (mentees, hours) = people::table
        .find(person_id)
        .select((people::mentees_agreed, people::hours_agreed))
        .first(c)?;
    Ok(Agreed { mentees, hours })
}

/// Stores it, and keeps it for past days.
pub fn set(c: &mut Conn, person_id: i64, agreed: Agreed, now: UtcTime) -> Result<()> {
    diesel::update(people::table.find(person_id))
        .set((
            people::mentees_agreed.eq(agreed.mentees),
            people::hours_agreed.eq(agreed.hours),
        ))
        .execute(c)?;
    diesel::insert_into(agreed_versions::table)
        .values((
            agreed_versions::person_id.eq(person_id),
            agreed_versions::at.eq(now),
            agreed_versions::mentees_agreed.eq(agreed.mentees),
            agreed_versions::hours_agreed.eq(agreed.hours),
        ))
        .execute(c)?;
    Ok(())
}
