//! Where else a name is shown: what is found there changes with it.

use diesel::prelude::*;

use crate::db::schema::{
    comment_mentions, comments, drills, pairings, ramps, sessions, shifts, signoffs, standards,
};
use crate::db::{Conn, id_in};
use crate::domain::search::{Changed, Kind};
use crate::error::Result;

/// Adds everything that shows what changed of these rows of a kind.
pub fn add(c: &mut Conn, kind: Kind, rows: &[i64], changed: &mut Changed) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    match kind {
        Kind::Person => {
            let ramps = ramps_of_people(c, rows)?;
            add_ramps(c, &ramps, changed)?;
            changed.add(Kind::Shift, shifts_with(c, rows)?);
            changed.add(Kind::Comment, comments_naming(c, rows)?);
        }
        Kind::Area => {
            let ramps = ramps_in(c, rows)?;
            add_ramps(c, &ramps, changed)?;
            changed.add(Kind::Drill, drills_in(c, rows)?);
        }
        Kind::Postmortem => changed.add(Kind::Comment, comments_on(c, "postmortem", rows)?),
        Kind::Drill => changed.add(Kind::Comment, comments_on(c, "drill", rows)?),
        Kind::System
        | Kind::Competency
        | Kind::Ramp
        | Kind::Session
        | Kind::Shift
        | Kind::Comment => {}
    }
    Ok(())
}

/// Ramps that show another name, and what shows theirs.
fn add_ramps(c: &mut Conn, ramps: &[i64], changed: &mut Changed) -> Result<()> {
    if ramps.is_empty() {
        return Ok(());
    }
    changed.add(Kind::Ramp, ramps.iter().copied());
    changed.add(Kind::Session, sessions_of(c, ramps)?);
    changed.add(Kind::Shift, shifts_of(c, ramps)?);
    changed.add(Kind::Comment, comments_on(c, "ramp", ramps)?);
    let reviews: Vec<i64> = signoffs::table
        .filter(id_in(signoffs::ramp_id, ramps))
        .select(signoffs::id)
        .load(c)?;
    changed.add(Kind::Comment, comments_on(c, "signoff", &reviews)?);
    Ok(())
}

/// The areas of these versions.
pub fn areas_of_standards(c: &mut Conn, ids: &[i64]) -> Result<Vec<i64>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = standards::table.filter(id_in(standards::id, ids));
    Ok(found.select(standards::area_id).distinct().load(c)?)
}

/// Every ramp that shows the name of one of these people.
fn ramps_of_people(c: &mut Conn, people: &[i64]) -> Result<Vec<i64>> {
    let mut all: Vec<i64> = ramps::table
        .filter(id_in(ramps::mentee_id, people))
        .select(ramps::id)
        .load(c)?;
    let mentored: Vec<i64> = pairings::table
        .filter(id_in(pairings::mentor_id, people))
        .select(pairings::ramp_id)
        .load(c)?;
    all.extend(mentored);
    Ok(all)
}

/// The ramps in these areas.
fn ramps_in(c: &mut Conn, areas: &[i64]) -> Result<Vec<i64>> {
    let found = ramps::table.filter(id_in(ramps::area_id, areas));
    Ok(found.select(ramps::id).load(c)?)
}

/// The drills in these areas.
fn drills_in(c: &mut Conn, areas: &[i64]) -> Result<Vec<i64>> {
    let found = drills::table.filter(id_in(drills::area_id, areas));
    Ok(found.select(drills::id).load(c)?)
}

/// The sessions that these replaced: undoing one brings the other back.
pub fn replaced(c: &mut Conn, ids: &[i64]) -> Result<Vec<i64>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let replaced: Vec<Option<i64>> = sessions::table
        .filter(id_in(sessions::id, ids))
        .select(sessions::supersedes_id)
        .load(c)?;
    Ok(replaced.into_iter().flatten().collect())
}

/// The sessions of these ramps.
fn sessions_of(c: &mut Conn, ramps: &[i64]) -> Result<Vec<i64>> {
    let found = sessions::table.filter(id_in(sessions::ramp_id, ramps));
    Ok(found.select(sessions::id).load(c)?)
}

/// The shifts of these ramps.
fn shifts_of(c: &mut Conn, ramps: &[i64]) -> Result<Vec<i64>> {
    let found = shifts::table.filter(id_in(shifts::ramp_id, ramps));
    Ok(found.select(shifts::id).load(c)?)
}

/// The shifts with one of these people on call.
fn shifts_with(c: &mut Conn, people: &[i64]) -> Result<Vec<i64>> {
    let found = shifts::table.filter(id_in(shifts::with_id, people));
    Ok(found.select(shifts::id).load(c)?)
}

/// The comments that one of these people wrote, or that mention them.
fn comments_naming(c: &mut Conn, people: &[i64]) -> Result<Vec<i64>> {
    let mut all: Vec<i64> = comments::table
        .filter(id_in(comments::author_id, people))
        .select(comments::id)
        .load(c)?;
    let mentioned: Vec<i64> = comment_mentions::table
        .filter(id_in(comment_mentions::person_id, people))
        .select(comment_mentions::comment_id)
        .load(c)?;
    all.extend(mentioned);
    Ok(all)
}

/// The comments on these places of a kind.
fn comments_on(c: &mut Conn, kind: &str, ids: &[i64]) -> Result<Vec<i64>> {
    let found = comments::table
        .filter(comments::place_kind.eq(kind))
        .filter(id_in(comments::place_id, ids));
    Ok(found.select(comments::id).load(c)?)
}
