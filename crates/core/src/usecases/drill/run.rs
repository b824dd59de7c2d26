//! The sheet: begin, tick, untick, end, resume.

use serde_json::json;

use crate::db::Conn;
use crate::domain::audit;
use crate::domain::audit::{Act, Reason};
use crate::domain::drill::lifecycle::Step;
use crate::domain::drill::model::Line;
use crate::domain::drill::rules::is_early;
use crate::domain::drill::store;
use crate::domain::drill::store::{Stamp, Ticked};
use crate::domain::drill::{LineKind, Note, Reply};
use crate::domain::people::store::name_of;
use crate::domain::standard::Level;
use crate::error::{Error, Result};
use crate::usecases::drill::actions::{entry, next_state, overtaken, require_runner};
use crate::usecases::drill::detail::DrillDetail;

/// What someone enters at a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// It did not happen.
    Open,
    /// An inject was given, and how the primary replied so far.
    Given(Reply),
    /// An expected observation was seen.
    Seen(Sighting),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The player who was observed.
    pub person_id: i64,
    /// Needed where the line shows a competency.
    pub help: Option<Level>,
    /// May be empty.
    pub note: Note,
}

/// Takes a step that needs nothing but a time stamp.
fn advance(
    c: &mut Conn,
    act: &Act,
    id: i64,
    (wanted, action): (Step, &'static str),
    stamp: &Stamp<'_>,
    reason: &Reason,
) -> Result<()> {
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    let detail = DrillDetail::lock(c, id)?;
    require_runner(&detail, &act.actor)?;
    let states = (detail.drill.state, next_state(c, act, &detail, wanted)?);
    if wanted == Step::Begin && is_early(detail.drill.starts_at, act.now) {
        audit::require_reason(reason)?;
    }
    if !store::advance(c, id, states, stamp, (by_id, act.now))? {
        return Err(overtaken(c, act, &detail)?);
    }
    let details = audit::with_reason(json!({ "from": states.0 }), reason);
    audit::record(c, act, entry(action, (id, detail.area.id), details))
}

/// Errors: [`Error::Forbidden`] unless the actor is its game master or its planner; [`Error::Conflict`] when it is no
/// longer planned; [`Error::Invalid`] without a reason where [`is_early`].
pub fn begin(c: &mut Conn, act: &Act, id: i64, reason: &Reason) -> Result<()> {
    let stamp = Stamp {
        begun_at: Some(act.now),
        ..Stamp::default()
    };
    advance(c, act, id, (Step::Begin, "drill.begun"), &stamp, reason)
}

/// Errors: As [`begin`], when it is not running.
pub fn end(c: &mut Conn, act: &Act, id: i64) -> Result<()> {
    let stamp = Stamp {
        ended_at: Some(Some(act.now)),
        ..Stamp::default()
    };
    advance(
        c,
        act,
        id,
        (Step::End, "drill.ended"),
        &stamp,
        &Reason::default(),
    )
}

/// Resumes a drill that was ended too early, for example with a tick missing.
///
/// Errors: As [`begin`], when it is not run, or is debriefed already.
pub fn resume(c: &mut Conn, act: &Act, id: i64) -> Result<()> {
    let stamp = Stamp {
        ended_at: Some(None),
        ..Stamp::default()
    };
    advance(
        c,
        act,
        id,
        (Step::GoOn, "drill.resumed"),
        &stamp,
        &Reason::default(),
    )
}

/// Ticks or unticks a line that the sheet showed at `revision`.
///
/// Errors: As [`begin`], when the drill is not running, or someone changed the line meanwhile; [`Error::Invalid`] when
/// the mark does not fit the line.
pub fn tick(
    c: &mut Conn,
    act: &Act,
    (id, line_id): (i64, i64),
    revision: i32,
    mark: &Mark,
) -> Result<()> {
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    let detail = DrillDetail::lock(c, id)?;
    require_runner(&detail, &act.actor)?;
    next_state(c, act, &detail, Step::Tick)?;
    let line = detail.lines.iter().find(|l| l.id == line_id);
    let line = line.ok_or(Error::NotFound("line of this drill"))?;
    if line.revision != revision {
        return Err(line_conflict(c, act, line)?);
    }
    let ticked = ticked(&detail, line, mark, (by_id, act))?;
    if !store::tick(c, (line.id, revision), &ticked)? {
        return Err(line_conflict(c, act, line)?);
    }
    let action = match mark {
        Mark::Open => "drill.unticked",
        Mark::Given(_) | Mark::Seen(_) => "drill.ticked",
    };
    let details = json!({
        "line": line.body,
        "kind": line.kind,
        "code": line.competency_code,
        "happened_at": ticked.happened_at.map(|at| at.iso()),
        "reply": ticked.reply,
        "person": ticked.person_id,
        "help": ticked.help_level,
        "note": ticked.note,
    });
    audit::record(c, act, entry(action, (id, detail.area.id), details))
}

fn line_conflict(c: &mut Conn, act: &Act, line: &Line) -> Result<Error> {
    let who = name_of(c, line.ticked_by)?;
    let when = line.happened_at.map(|at| act.moment(at));
    let how = match when {
        Some(when) => format!("{who} ticked this line, as of {when},"),
        None => format!("{who} took the tick of this line back"),
    };
    Ok(Error::Conflict(format!(
        "{how} while you had the sheet open. Your change was not saved: look at the sheet again."
    )))
}

/// What a mark stores on a line. The first time it was seen stays.
fn ticked(
    detail: &DrillDetail,
    line: &Line,
    mark: &Mark,
    (by_id, act): (i64, &Act),
) -> Result<Ticked> {
    let open = Ticked {
        happened_at: None,
        ticked_by: Some(by_id),
        person_id: None,
        help_level: None,
        reply: Reply::None,
        note: String::new(),
    };
    let happened_at = Some(line.happened_at.unwrap_or(act.now));
    match (mark, line.kind) {
        (Mark::Open, _) => Ok(open),
        (Mark::Given(reply), LineKind::Inject) => Ok(Ticked {
            happened_at,
            reply: *reply,
            ..open
        }),
        (Mark::Seen(seen), LineKind::Expected) => {
            if !detail
                .players()
                .any(|p| p.about.person_id == seen.person_id)
            {
                let sentence = "Choose who did it: the primary or a secondary.";
                return Err(Error::field(&format!("person-{}", line.id), sentence));
            }
            if line.competency_code.is_some() && seen.help.is_none() {
                let sentence = "Say how much help it needed.";
                return Err(Error::field(&format!("help-{}", line.id), sentence));
            }
            Ok(Ticked {
                happened_at,
                person_id: Some(seen.person_id),
                help_level: seen.help,
                note: seen.note.as_str().to_owned(),
                ..open
            })
        }
        (Mark::Given(_), LineKind::Expected) | (Mark::Seen(_), LineKind::Inject) => {
            Err(Error::field(
                "",
                "Only an inject can be given, and only an expected observation seen.",
            ))
        }
    }
}
