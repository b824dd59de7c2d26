//! The activity of a session for its page: each step, the rows before and after it, and what a correction changed.

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::people::Names;
use crate::domain::session::difference::Difference;
use crate::domain::session::lifecycle::{ChangeKind, corrected};
use crate::domain::session::model::Session;
use crate::domain::session::plan::Absent;
use crate::domain::session::store::Change;
use crate::domain::session::{SessionState, store};
use crate::domain::standard::Level;
use crate::error::Result;
use crate::time::{LocalTime, TimeText};
use crate::usecases::dossier::Dossier;
use crate::usecases::session::discussed;

/// A step in its life.
pub(crate) struct ChangeLine {
    pub when: TimeText,
    pub what: String,
    pub reason: String,
}

/// Every step, oldest first.
pub(crate) fn steps(
    c: &mut Conn,
    d: &Dossier,
    s: &Session,
    local: &LocalTime,
) -> Result<Vec<ChangeLine>> {
    let changes = store::changes(c, &[s.id])?;
    // The person who ended the ramp cancelled it, and need not be a party.
    let names = Names::load(c, changes.iter().map(|one| one.by_id))?;
    let line = |one| step(d, &names, one, local);
    Ok(changes.iter().map(line).collect())
}

fn step(d: &Dossier, names: &Names, change: &Change, local: &LocalTime) -> ChangeLine {
    let who = names.name(change.by_id);
    let at = |time: Option<UtcTime>| time.map_or_else(String::new, |t| local.moment(t).text);
    let (from, to) = (at(change.from_at), at(change.to_at));
    let what = match change.kind {
        ChangeKind::Planned => format!("{who} planned it for {to}"),
        ChangeKind::Moved => format!("{who} moved it from {from} to {to}"),
        ChangeKind::Held if from.is_empty() => format!("{who} recorded it"),
        ChangeKind::Held => format!("{who} recorded it; it was planned for {from}"),
        ChangeKind::Cancelled => format!("{who} cancelled it"),
        ChangeKind::NoShow => {
            let absent = match change.absent {
                Some(Absent::Mentee) => format!("{} did not come", d.mentee().name),
                Some(Absent::Mentor) => "the mentor did not come".into(),
                Some(Absent::Both) | None => "neither came".into(),
            };
            format!("{who}: {absent}")
        }
        ChangeKind::Undone => format!("{who} undid the record"),
        ChangeKind::Corrected => format!("{who} corrected it"),
    };
    ChangeLine {
        when: local.moment(change.at),
        what,
        reason: change.reason.clone(),
    }
}

/// Another row of the same session.
pub(crate) struct Other {
    pub id: i64,
    pub who: String,
    pub when: TimeText,
    /// The words before the link.
    pub verb: &'static str,
}

impl Other {
    /// What took the place of a session.
    pub(crate) fn later(d: &Dossier, s: &Session, later: &Session, local: &LocalTime) -> Self {
        Self {
            id: later.id,
            who: d.person(later.recorder()).name.to_owned(),
            when: local.moment(later.recorded_at),
            verb: match s.state {
                SessionState::Held => "corrected it",
                _ => "recorded that it was held",
            },
        }
    }

    /// What it took the place of.
    pub(crate) fn earlier(d: &Dossier, s: &Session, local: &LocalTime) -> Option<Self> {
        let id = s.supersedes_id?;
        let earlier = d.sessions.iter().find(|e| e.id == id)?;
        let (at, verb) = match earlier.state {
            SessionState::Held => (earlier.recorded_at, "Corrects"),
            _ => (earlier.starts_at, "Planned for"),
        };
        Some(Self {
            id,
            who: d.person(earlier.recorder()).name.to_owned(),
            when: local.moment(at),
            verb,
        })
    }
}

/// A record and its correction, of which the session is one.
pub(crate) fn corrections<'a>(
    d: &'a Dossier,
    s: &'a Session,
    later: Option<&'a Session>,
) -> Option<(&'a Session, &'a Session)> {
    match later.filter(|_| s.state == SessionState::Held) {
        Some(later) => Some((s, later)),
        None => corrected(&d.sessions, s).map(|before| (before, s)),
    }
}

pub(crate) struct DifferenceLine {
    pub what: String,
    pub before: String,
    pub after: String,
}

/// A difference between a record and its correction, in words.
pub(crate) fn difference_line(
    difference: Difference,
    local: &LocalTime,
    topics: &[discussed::Topic],
) -> DifferenceLine {
    let title = |id: Option<i64>| {
        let topic = topics.iter().find(|t| Some(t.id) == id);
        topic.map_or_else(|| "none".to_owned(), |t| t.title.clone())
    };
    let help = |level: Option<Level>| {
        level.map_or_else(
            || "not practised".to_owned(),
            |l| format!("{} {}", l.number(), l.label()),
        )
    };
    let lines = |all: Vec<String>| match all.is_empty() {
        true => "none".to_owned(),
        false => all.join("\n"),
    };
    let (what, before, after) = match difference {
        Difference::Kind(a, b) => ("How".into(), a.label().into(), b.label().into()),
        Difference::Start(a, b) => ("Start".into(), local.moment(a).text, local.moment(b).text),
        Difference::Minutes(a, b) => ("Length".into(), format!("{a} min"), format!("{b} min")),
        Difference::Summary(a, b) => ("What was worked on".into(), a, b),
        Difference::NextActions(a, b) => ("Next actions".into(), lines(a), lines(b)),
        Difference::Postmortem(a, b) => ("Post-mortem".into(), title(a), title(b)),
        Difference::Help(code, a, b) => (code, help(a), help(b)),
    };
    DifferenceLine {
        what,
        before,
        after,
    }
}

/// How it ended; nothing for one that was held and counts.
pub(crate) fn state(s: &Session) -> Option<&'static str> {
    match s.state {
        _ if s.undone_at.is_some() => Some("Undone"),
        SessionState::Held if s.superseded_at.is_some() => Some("Corrected since"),
        SessionState::Held => None,
        SessionState::Planned if s.superseded_at.is_some() => Some("Held"),
        state => Some(state.label()),
    }
}
