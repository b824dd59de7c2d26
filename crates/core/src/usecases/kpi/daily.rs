//! What is computed once a day, although nobody asks: the organisation, its teams and areas, and labels that are looked at.

use std::collections::HashSet;

use super::{Scope, cache};
use crate::db::Conn;
use crate::db::types::Day;
use crate::domain::kpi::{Place, store};
use crate::domain::{area, people};
use crate::error::Result;

/// A label that nobody looked at for that long is left alone.
const LOOKED_AT_DAYS: i64 = 30;

/// The scopes whose figures of a day that is over are not computed yet, `most` at most.
pub fn due(c: &mut Conn, day: Day, most: usize) -> Result<Vec<Scope>> {
    let done: HashSet<String> = store::computed_scopes(c, day, cache::final_from(day))?
        .into_iter()
        .collect();
    let teams = people::store::teams(c)?.into_iter();
    let areas = area::store::all(c)?.into_iter();
    let looked_at = store::scopes_since(c, day.plus_days(-LOOKED_AT_DAYS))?;
    let labels = looked_at.iter().filter_map(|word| Scope::parse(word));
    let all = std::iter::once(Place::Organisation)
        .chain(teams.map(|t| Place::Team(t.id)))
        .chain(areas.map(|a| Place::Area(a.id)))
        .map(Scope::from)
        .chain(labels.filter(|scope| matches!(scope, Scope::Label(_))));
    let due = all.filter(|scope| !done.contains(&scope.word()));
    Ok(due.take(most).collect())
}
