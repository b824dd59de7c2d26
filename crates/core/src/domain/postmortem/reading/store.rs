//! SQL of readers' answers, written before they saw what was done. A second answer is a second row.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::step_at;
use crate::db::fixed::{Fixed, fixed, varying};
use crate::db::list::{List, entries, listed};
use crate::db::schema::{people, postmortem_answers, postmortems};
use crate::db::types::UtcTime;
use crate::db::{Conn, id_in};
use crate::domain::people::Actor;
use crate::domain::postmortem::{Document, State};
use crate::domain::ramp::store::pairs::MENTORED;
use crate::error::{Error, Result};

/// Most answers of others on a page.
const SHOWN: i64 = 400;

/// A row of `postmortem_answers` with the reader's name.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Answer {
    /// Row; a higher one is later.
    pub id: i64,
    pub person_id: i64,
    pub name: String,
    /// The revision they read.
    pub revision: i32,
    /// The step it answers: 0 is the symptoms.
    pub point: i32,
    pub body: String,
    pub at: UtcTime,
    /// Their first answer at this step, in any version, before they saw what was done.
    pub is_first: bool,
}

/// Whether this is the reader's first answer at the step.
fn is_first() -> Fixed<Bool> {
    fixed(
        "NOT EXISTS (SELECT 1 FROM postmortem_answers y WHERE y.postmortem_id = postmortem_answers.postmortem_id \
         AND y.person_id = postmortem_answers.person_id AND y.point = postmortem_answers.point \
         AND y.id < postmortem_answers.id)",
    )
}

impl Answer {
    pub fn step(&self) -> usize {
        usize::try_from(self.point).unwrap_or_default()
    }
}

pub fn insert(
    c: &mut Conn,
    (postmortem_id, revision): (i64, i32),
    (person_id, step): (i64, usize),
    body: &str,
    at: UtcTime,
) -> Result<()> {
    diesel::insert_into(postmortem_answers::table)
        .values((
            postmortem_answers::postmortem_id.eq(postmortem_id),
            postmortem_answers::person_id.eq(person_id),
            postmortem_answers::revision.eq(revision),
            postmortem_answers::point.eq(i32::try_from(step).unwrap_or(i32::MAX)),
            postmortem_answers::body.eq(body),
            postmortem_answers::at.eq(at),
        ))
        .execute(c)?;
    Ok(())
}

/// A reader's answers on the current version of a post-mortem, oldest first.
pub fn own(
    c: &mut Conn,
    (postmortem_id, revision): (i64, i32),
    person_id: i64,
) -> Result<Vec<Answer>> {
    Ok(postmortem_answers::table
        .inner_join(people::table.on(people::id.eq(postmortem_answers::person_id)))
        .filter(
            postmortem_answers::person_id
                .eq(person_id)
                .and(postmortem_answers::postmortem_id.eq(postmortem_id))
                .and(postmortem_answers::revision.eq(revision)),
        )
        .order(postmortem_answers::id)
        .select((
            postmortem_answers::id,
            postmortem_answers::person_id,
            people::name,
            postmortem_answers::revision,
            postmortem_answers::point,
            postmortem_answers::body,
            postmortem_answers::at,
            is_first(),
        ))
        .load(c)?)
}

/// Answers of others on a post-mortem that the actor may see by [`super::Concerned::may_see`]: of people they mentor on
/// an open ramp, and of members of teams they lead. The newest first.
pub fn of_others(c: &mut Conn, postmortem_id: i64, actor: &Actor) -> Result<Vec<Answer>> {
    let Some(me) = actor.id else {
        return Ok(Vec::new());
    };
    let mentored = varying::<Bool>(format!(
        "postmortem_answers.person_id IN (SELECT o.mentee_id FROM {MENTORED} WHERE g.mentor_id = {me})"
    ));
    let led = crate::db::schema::memberships::table
        .filter(id_in(crate::db::schema::memberships::team_id, &actor.leads))
        .select(crate::db::schema::memberships::person_id);
    Ok(postmortem_answers::table
        .inner_join(people::table.on(people::id.eq(postmortem_answers::person_id)))
        .filter(
            postmortem_answers::postmortem_id
                .eq(postmortem_id)
                .and(postmortem_answers::person_id.ne(me))
                .and(mentored.or(postmortem_answers::person_id.eq_any(led))),
        )
        .order(postmortem_answers::id.desc())
        .limit(SHOWN)
        .select((
            postmortem_answers::id,
            postmortem_answers::person_id,
            people::name,
            postmortem_answers::revision,
            postmortem_answers::point,
            postmortem_answers::body,
            postmortem_answers::at,
            is_first(),
        ))
        .load(c)?)
}

/// Teachable post-mortems with comments whose questions someone has all answered, in the version of now.
pub fn read_by(c: &mut Conn, person_id: i64) -> Result<Vec<i64>> {
    let points = listed(
        &["CAST(y.point AS TEXT)"],
        &format!(
            "postmortem_answers y WHERE y.postmortem_id = postmortems.id \
             AND y.revision = postmortems.revision AND y.person_id = {person_id}"
        ),
    );
    let begun = varying::<Bool>(format!(
        "EXISTS (SELECT 1 FROM postmortem_answers z WHERE z.postmortem_id = postmortems.id \
         AND z.revision = postmortems.revision AND z.person_id = {person_id})"
    ));
    let commented = fixed::<Bool>(
        "EXISTS (SELECT 1 FROM comments q WHERE q.place_kind = 'postmortem' AND q.place_id = postmortems.id)",
    );
    let rows: Vec<(i64, String, List)> = postmortems::table
        .filter(postmortems::state.eq(State::Teachable))
        .filter(begun)
        .filter(commented)
        .select((postmortems::id, postmortems::content, points))
        .load(c)?;
    let mut read = Vec::new();
    for (id, content, points) in rows {
        let document: Document = serde_json::from_str(&content).map_err(Error::fault)?;
        let point = |parts: &[&str]| parts.first()?.parse().ok();
        let answered: BTreeSet<usize> = entries(points, point)?.into_iter().collect();
        if step_at(&document, &answered).is_none() {
            read.push(id);
        }
    }
    Ok(read)
}

/// Post-mortems that someone answered since then: name in URLs, title and their latest answer, the latest first. Their
/// mentors discuss these with them.
pub fn lately(
    c: &mut Conn,
    person_id: i64,
    since: UtcTime,
) -> Result<Vec<(String, String, UtcTime)>> {
    const FEW: i64 = 3;
    let last = fixed::<Bool>(
        "NOT EXISTS (SELECT 1 FROM postmortem_answers y WHERE y.postmortem_id = postmortem_answers.postmortem_id \
         AND y.person_id = postmortem_answers.person_id AND y.id > postmortem_answers.id)",
    );
    Ok(postmortem_answers::table
        .inner_join(postmortems::table.on(postmortems::id.eq(postmortem_answers::postmortem_id)))
        .filter(
            postmortem_answers::person_id
                .eq(person_id)
                .and(postmortem_answers::at.ge(since))
                .and(last),
        )
        .order(postmortem_answers::id.desc())
        .limit(FEW)
        .select((
            postmortems::slug,
            postmortems::title,
            postmortem_answers::at,
        ))
        .load(c)?)
}

/// Names of the mentors of a person's open ramps: they see the person's answers.
pub fn mentors_of(c: &mut Conn, person_id: i64) -> Result<Vec<String>> {
    let mentors = varying::<Bool>(format!(
        "people.id IN (SELECT g.mentor_id FROM {MENTORED} WHERE o.mentee_id = {person_id})"
    ));
    Ok(people::table
        .filter(mentors)
        .order((people::sort_key, people::id))
        .select(people::name)
        .load(c)?)
}
