//! Who is likely to take part in a drill: people who ramp in the area, its mentors and qualifiers, its owner team, and
//! people that a search found.

use diesel::prelude::*;

use crate::db::schema::{memberships, people, ramps};
use crate::db::{Conn, found_by, ids};
use crate::domain::drill::rules::AreaRoles;
use crate::domain::people::model::Person;
use crate::error::Result;
use crate::usecases::people::find;

/// People offered without a search; the search finds the others.
const SHOWN: i64 = 40;
/// People a search gives at most.
const FOUND: i64 = 20;

/// A person who could take part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub id: i64,
    pub name: String,
    /// Ramps in the area.
    pub ramps: bool,
}

/// People to choose from: found by the search first, then those who ramp in the area, then by name.
pub fn all(
    c: &mut Conn,
    area_id: i64,
    roles: &AreaRoles,
    words: &str,
    chosen: &[i64],
) -> Result<Vec<Candidate>> {
    let open = ramps::table
        .filter(ramps::area_id.eq(area_id).and(ramps::closed_at.is_null()))
        .select(ramps::mentee_id);
    let ramping: Vec<i64> = open.load(c)?;
    let owners = memberships::table
        .filter(memberships::team_id.eq(roles.owner_team_id))
        .select(memberships::person_id);
    let known = [&roles.qualifiers[..], &roles.mentors, chosen, &ramping].concat();
    let near = found_by(people::id, ids(&known)).or(found_by(people::id, owners));
    let mut near: Vec<Person> = people::table
        .filter(people::deactivated_at.is_null().and(near))
        .order((people::sort_key, people::id))
        .limit(SHOWN + FOUND)
        .select(Person::as_select())
        .load(c)?;
    near.sort_by_key(|p| (!chosen.contains(&p.id), !ramping.contains(&p.id)));
    near.truncate(usize::try_from(SHOWN).unwrap_or_default());
    near.sort_by_key(|p| !ramping.contains(&p.id));
    let found = find::by_words(c, words, FOUND)?;
    near.retain(|p| found.iter().all(|f| f.id != p.id));
    Ok(found
        .into_iter()
        .chain(near)
        .map(|p| Candidate {
            ramps: ramping.contains(&p.id),
            id: p.id,
            name: p.name,
        })
        .collect())
}
