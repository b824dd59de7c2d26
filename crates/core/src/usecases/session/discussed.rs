//! The post-mortem that a session discussed.

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::fixed::fixed;
use crate::db::schema::{postmortem_areas, postmortems};
use crate::domain::postmortem::State;
use crate::domain::session::SessionKind;
use crate::error::Result;
use crate::text;

/// Most post-mortems that a form offers.
const OFFERED: i64 = 200;

/// A post-mortem to choose: its row, title and slug.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Topic {
    pub id: i64,
    pub title: String,
    pub slug: String,
}

/// The post-mortems a session in this area can name, by title: the teachable ones of the area, and `stored`, which it
/// names already. Of too many, the latest.
pub fn choices(c: &mut Conn, area_id: i64, stored: Option<i64>) -> Result<Vec<Topic>> {
    let of_area = postmortem_areas::table
        .filter(postmortem_areas::area_id.eq(area_id))
        .select(postmortem_areas::postmortem_id);
    let teachable = postmortems::state
        .eq(State::Teachable)
        .and(postmortems::id.eq_any(of_area));
    let mut all: Vec<Topic> = postmortems::table
        .filter(teachable.or(postmortems::id.eq(stored.unwrap_or_default())))
        .order((postmortems::occurred_at.desc(), postmortems::id))
        .limit(OFFERED)
        .select((postmortems::id, postmortems::title, postmortems::slug))
        .load(c)?;
    all.sort_by_cached_key(|topic| text::sort_key(&topic.title));
    Ok(all)
}

pub fn by_id(c: &mut Conn, id: i64) -> Result<Option<Topic>> {
    Ok(postmortems::table
        .find(id)
        .select((postmortems::id, postmortems::title, postmortems::slug))
        .first(c)
        .optional()?)
}

/// Whether a session may name a post-mortem. `stored` is the one its plan or original names; that one may be retired by
/// now.
pub fn check(
    c: &mut Conn,
    area_id: i64,
    (kind, chosen): (SessionKind, Option<i64>),
    stored: Option<i64>,
) -> Result<std::result::Result<(), String>> {
    let Some(id) = chosen else {
        return Ok(Ok(()));
    };
    if !kind.discusses() {
        return Ok(Err(
            "Only a post-mortem discussion or a reading club can name a post-mortem.".into(),
        ));
    }
    if stored == Some(id) {
        return Ok(Ok(()));
    }
    let is_of_area = fixed::<diesel::sql_types::Bool>(format!(
        "EXISTS (SELECT 1 FROM postmortem_areas j WHERE j.postmortem_id = postmortems.id AND j.area_id = {area_id})"
    ));
    let found: i64 = postmortems::table
        .filter(
            postmortems::id
                .eq(id)
                .and(postmortems::state.eq(State::Teachable))
                .and(is_of_area),
        )
        .count()
        .get_result(c)?;
    Ok(match found {
        0 => Err("Choose a teachable post-mortem of this area.".into()),
        _ => Ok(()),
    })
}
