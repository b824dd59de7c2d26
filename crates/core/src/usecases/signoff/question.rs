//! Asking and answering questions about a sign-off.

use serde_json::json;

use crate::db::Conn;
use crate::domain::audit;
use crate::domain::audit::Act;
use crate::domain::signoff::Note;
use crate::domain::signoff::model::Signoff;
use crate::domain::signoff::question::store;
use crate::error::{Error, Result};
use crate::usecases::dossier::Dossier;
use crate::usecases::signoff::actions::{entry, locked, overtaken};

/// Asks a question about an open sign-off.
///
/// Errors: [`Error::Forbidden`] unless the actor may read the sign-off; [`Error::Conflict`] when it is decided.
pub fn ask(c: &mut Conn, act: &Act, signoff_id: i64, body: &Note) -> Result<()> {
    let (dossier, signoff) = locked(c, act, signoff_id)?;
    let by_id = act
        .actor
        .id
        .filter(|_| dossier.parties.may_read(&act.actor))
        .ok_or_else(|| {
            Error::Forbidden(format!(
                "Only people who may read this sign-off can ask questions: {}, their mentors \
                 and leads, and the qualifiers of {}.",
                dossier.mentee().name,
                dossier.area.name
            ))
        })?;
    write(c, act, (&dossier, &signoff), None, body, by_id)
}

/// Answers a question about an open sign-off.
///
/// Errors: [`Error::Forbidden`] unless the actor has a part in the ramp; [`Error::NotFound`] when there is no such
/// question; [`Error::Conflict`] when it is decided.
pub fn answer(
    c: &mut Conn,
    act: &Act,
    signoff_id: i64,
    question_id: i64,
    body: &Note,
) -> Result<()> {
    let (dossier, signoff) = locked(c, act, signoff_id)?;
    let by_id = act
        .actor
        .id
        .filter(|_| dossier.parties.concerns(&act.actor))
        .ok_or_else(|| Error::Forbidden(who_answers(&dossier)))?;
    let is_question = store::of_signoff(c, signoff_id)?
        .iter()
        .any(|m| m.id == question_id && m.answers_id.is_none());
    if !is_question {
        return Err(Error::NotFound("question"));
    }
    write(c, act, (&dossier, &signoff), Some(question_id), body, by_id)
}

/// Who may answer, in words.
fn who_answers(dossier: &Dossier) -> String {
    format!(
        "Only {}, their mentors and leads, and the qualifiers of {} can answer questions.",
        dossier.mentee().name,
        dossier.area.name
    )
}

fn write(
    c: &mut Conn,
    act: &Act,
    (dossier, signoff): (&Dossier, &Signoff),
    answers_id: Option<i64>,
    body: &Note,
    by_id: i64,
) -> Result<()> {
    if !signoff.state.is_open() {
        return Err(overtaken(act, dossier, signoff));
    }
    let id = store::insert(c, signoff.id, answers_id, body.as_str(), by_id, act.now)?;
    let action = if answers_id.is_some() {
        "signoff.answered"
    } else {
        "signoff.asked"
    };
    let details = json!({ "message": id, "answers": answers_id, "body": body.as_str() });
    audit::record(c, act, entry(action, dossier, signoff.id).details(details))
}
