//! SQL of agreed mentoring.

use diesel::prelude::*;

use super::Agreed;
use crate::db::Conn;
use crate::db::schema::people;
use crate::error::Result;

pub fn agreed(c: &mut Conn, person_id: i64) -> Result<Agreed> {
    let (mentees, hours) = people::table
        .find(person_id)
        .select((people::mentees_agreed, people::hours_agreed))
        .first(c)?;
    Ok(Agreed { mentees, hours })
}

pub fn set(c: &mut Conn, person_id: i64, agreed: Agreed) -> Result<()> {
    diesel::update(people::table.find(person_id))
        .set((
            people::mentees_agreed.eq(agreed.mentees),
            people::hours_agreed.eq(agreed.hours),
        ))
        .execute(c)?;
    Ok(())
}
