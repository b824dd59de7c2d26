//! What is computed once a day, although nobody asks: the organisation, its teams and areas, and the labels of areas.

use std::collections::HashSet;

use super::{Scope, cache};
use crate::db::Conn;
use crate::db::types::Day;
use crate::domain::area::{self, labels};
use crate::domain::kpi::{Place, store};
use crate::domain::people;
use crate::error::Result;

/// The scopes whose figures of a day that is over are not computed yet, `most` at most, without `skipped`.
pub fn due(c: &mut Conn, day: Day, most: usize, skipped: &HashSet<Scope>) -> Result<Vec<Scope>> {
    let done: HashSet<String> = store::computed_scopes(c, day, cache::final_from(day))?
        .into_iter()
        .collect();
    let teams = people::store::teams(c)?.into_iter();
    let areas = area::store::all(c)?;
    let labels = labels::distinct(areas.iter().map(|a| a.labels.as_str())).into_iter();
    let places = std::iter::once(Place::Organisation)
        .chain(areas.iter().map(|a| Place::Area(a.id)))
        .chain(teams.map(|t| Place::Team(t.id)));
    let all = places.map(Scope::from).chain(labels.map(Scope::Label));
    let due = all.filter(|scope| !done.contains(&scope.word()) && !skipped.contains(scope));
    Ok(due.take(most).collect())
}
