//! Feedback after a session: who gives it, and who reads what of it.

use serde_json::json;

use crate::db::Conn;
use crate::domain::audit;
use crate::domain::audit::Act;
use crate::domain::notification::Kind;
use crate::domain::people::Actor;
use crate::domain::session::feedback::store::Row;
use crate::domain::session::feedback::{NewFeedback, Side, audience, is_open, latest, read_by};
use crate::domain::session::lifecycle::corrected;
use crate::domain::session::model::Session;
use crate::domain::session::{feedback, store};
use crate::error::{Error, Result};
use crate::usecases::dossier::Dossier;
use crate::usecases::notify;
use crate::usecases::notify::causes;
use crate::usecases::session::actions::{entry, session_of};

/// What one of the two sees.
#[derive(Debug, Clone)]
pub struct Feedback {
    pub side: Side,
    pub own: Option<Row>,
    /// Only once it is open.
    pub other: Option<Row>,
    /// The other side has answered, open or not.
    pub other_is_in: bool,
    pub is_open: bool,
}

impl Feedback {
    /// What was said about a session, as its mentee or its mentor sees it.
    ///
    /// Errors: As [`side_of`].
    pub fn load(c: &mut Conn, dossier: &Dossier, session: &Session, actor: &Actor) -> Result<Self> {
        let side = side_of(dossier, session, actor)?;
        let rows = feedback::store::of_sessions(c, &records(dossier, session))?;
        Ok(Self {
            side,
            own: latest(&rows, side).cloned(),
            other: read_by(&rows, side).cloned(),
            other_is_in: latest(&rows, side.other()).is_some(),
            is_open: is_open(&rows),
        })
    }

    /// The number of one's latest answer, 0 before there is one: what a form was opened on.
    pub fn edition(&self) -> i64 {
        self.own.as_ref().map_or(0, |row| row.id)
    }

    /// What one said stays once the other can have read it.
    pub fn may_write(&self) -> bool {
        !self.is_open
    }
}

/// The session and the records it corrects: feedback stays with the session, whichever row stands for it.
fn records(dossier: &Dossier, session: &Session) -> Vec<i64> {
    std::iter::successors(Some(session), |s| corrected(&dossier.sessions, s))
        // A chain is never longer than the list of sessions.
        .take(dossier.sessions.len())
        .map(|s| s.id)
        .collect()
}

/// Which of the two the actor is.
///
/// Errors: [`Error::Forbidden`] for everyone else, administrators and leads too; [`Error::Conflict`] when the session
/// was not held, or another record replaced it.
pub fn side_of(dossier: &Dossier, session: &Session, actor: &Actor) -> Result<Side> {
    let side = if dossier.parties.is_mentee(actor) {
        Side::Mentee
    } else if actor.is(session.mentor_id) {
        Side::Mentor
    } else {
        return Err(Error::Forbidden(format!(
            "Feedback on this session is only between {} and {}.",
            dossier.mentee().name,
            dossier.person(session.mentor_id).name
        )));
    };
    if session.counts() {
        return Ok(side);
    }
    Err(Error::Conflict(
        "Feedback belongs to a session that was held. Open the current record of this one.".into(),
    ))
}

/// Stores what one side says; a correction is a new row. `new` is the form as it was read, with the number of the answer it was
/// opened on: who may not give feedback learns that before any mistake in it.
///
/// Errors: As [`side_of`]; [`Error::Conflict`] when the other can have read the answer before, or it was changed in
/// another tab.
pub fn give(
    c: &mut Conn,
    act: &Act,
    session_id: i64,
    new: Result<(NewFeedback, i64)>,
) -> Result<Feedback> {
    let ramp_id = store::by_id(c, session_id)?.ramp_id;
    let dossier = Dossier::lock_of(c, ramp_id, act, "session")?;
    let session = session_of(&dossier, session_id)?;
    let before = Feedback::load(c, &dossier, session, &act.actor)?;
    let (new, seen) = new?;
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    if !before.may_write() {
        return Err(Error::Conflict(
            "Your feedback is open to the other side now, so it stays as it is.".into(),
        ));
    }
    if before.edition() != seen {
        return Err(Error::Conflict(
            "You changed your feedback in another tab. Compare and save again.".into(),
        ));
    }
    let place = (session_id, by_id, before.side);
    let id = feedback::store::insert(c, place, &new, act.now)?;
    // The log says that it was given. What was said is between the two.
    let details =
        json!({ "side": before.side, "corrects": before.own.map(|row| row.id), "row": id });
    let given = Feedback::load(c, &dossier, session, &act.actor)?;
    let (mentee_id, at) = (dossier.ramp.mentee_id, session.starts_at);
    let cause = causes::session(Kind::FeedbackGiven, &dossier.ramp, session_id, at);
    notify::tell(
        c,
        act,
        &cause,
        audience(before.side, mentee_id, session.mentor_id),
    )?;
    audit::record(
        c,
        act,
        entry(&dossier, "session.feedback_given", session_id, details),
    )?;
    Ok(given)
}
