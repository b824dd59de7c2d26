//! A reader writes what they would do.

use std::collections::BTreeSet;

use serde_json::json;

use crate::db::Conn;
use crate::db::types::Day;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::people::Actor;
use crate::domain::postmortem::club::store as clubs;
use crate::domain::postmortem::reading::{Reader, step_at, steps, store};
use crate::domain::postmortem::{Postmortem, State};
use crate::error::{Error, Result};
use crate::usecases::postmortem::actions::not_open;
use crate::words::Words;

/// What a reader would do; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body(Words<2000>);

impl Body {
    pub fn parse(text: &str) -> std::result::Result<Self, String> {
        let missing = "Write what you would do; a few words are enough.";
        Words::required(text, missing).map(Self)
    }
}

/// Everyone who may read a teachable one may answer.
///
/// Errors: [`Error::Forbidden`], [`Error::Conflict`] when it is not teachable.
pub fn may_answer(postmortem: &Postmortem, actor: &Actor) -> Result<()> {
    if !postmortem.access().may_read(actor) {
        return Err(Error::Forbidden(not_open().into()));
    }
    match postmortem.state {
        State::Teachable => Ok(()),
        state => Err(Error::Conflict(format!(
            "This post-mortem is {}. It is read step by step once it is teachable.",
            state.label().to_lowercase()
        ))),
    }
}

/// The steps that someone has answered in the current version.
pub fn answered(c: &mut Conn, postmortem: &Postmortem, person_id: i64) -> Result<BTreeSet<usize>> {
    let key = (postmortem.id, postmortem.revision);
    let own = store::own(c, key, person_id)?;
    Ok(own.iter().map(store::Answer::step).collect())
}

/// Whether its page keeps back from somebody what was decided.
pub fn is_kept_back_from(
    c: &mut Conn,
    postmortem: &Postmortem,
    actor: &Actor,
    today: Day,
) -> Result<bool> {
    let mut reader = Reader {
        is_concerned: postmortem.access().is_concerned(actor),
        has_read: false,
        has_discussed: false,
    };
    if !reader.is_kept_back(postmortem.state) {
        return Ok(false);
    }
    let answered = answered(c, postmortem, actor.id.unwrap_or_default())?;
    reader.has_read = step_at(&postmortem.document, &answered).is_none();
    reader.has_discussed = clubs::part_of(c, postmortem, actor, today)?.1;
    Ok(reader.is_kept_back(postmortem.state))
}

/// Stores what someone would do at a step. Earlier answers stay; the latest one is the current one.
///
/// Errors: As [`may_answer`]; [`Error::Conflict`] when the text changed since the page was opened, or the reader has
/// not reached the step.
pub fn answer(
    c: &mut Conn,
    act: &Act,
    slug: &str,
    (revision, step): (i32, usize),
    body: &Body,
) -> Result<()> {
    let found = crate::domain::postmortem::store::lock(c, slug)?;
    may_answer(&found, &act.actor)?;
    let person_id = act.actor.id.ok_or(Error::SignedOut)?;
    if found.revision != revision {
        return Err(Error::Conflict(
            "This post-mortem was changed after you opened it. Start again: it may ask something else.".into(),
        ));
    }
    let answered = answered(c, &found, person_id)?;
    let at = step_at(&found.document, &answered);
    let is_theirs = at == Some(step) || answered.contains(&step);
    if !is_theirs || !steps(&found.document).contains(&step) {
        return Err(Error::Conflict(
            "Answer the step before this one first.".into(),
        ));
    }
    let key = (found.id, revision);
    store::insert(c, key, (person_id, step), body.0.as_str(), act.now)?;
    // Only mentors and leads read the answer. The log says only that there is one.
    let details = json!({ "title": found.document.title, "step": step, "revision": revision });
    let entry = Entry::new("postmortem.answered", format!("postmortem:{}", found.id));
    audit::record(c, act, entry.person(person_id).details(details))
}
