//! Drills: practised incidents, planned, run from a sheet, and debriefed.

pub mod lifecycle;
pub mod model;
pub mod rules;
pub mod store;
pub mod template;
#[cfg(test)]
mod tests;

use crate::db::types::UtcTime;
use crate::domain::session::Minutes;
use crate::domain::standard::Content;
use crate::text_enum;
use crate::words::{Title, Words};

/// Most injects, and most expected observations, of one drill.
pub const MAX_LINES: usize = 20;
/// Most secondaries, and most observers, of one drill.
pub const MAX_OF_A_ROLE: usize = 12;
/// A start this long past is someone who took their time over the form.
const GRACE_HOURS: i64 = 1;
/// A drill is planned at most that many days ahead.
const DAYS_AHEAD: i64 = 366;

/// Most characters in a line of the sheet.
pub const LINE_CHARS: usize = 300;

/// The text of a line of the sheet.
pub type LineWords = Words<LINE_CHARS>;
/// A note on a line, and why a drill is cancelled.
pub type Note = Words<500>;

text_enum! {
    /// What is practised, and how.
    pub enum DrillKind {
        /// Talked through at a table; nothing is touched.
        Tabletop = "tabletop" / "Tabletop role play",
        /// A real incident, replayed stage by stage.
        Replay = "replay" / "Staged post-mortem replay",
        /// Something is broken in staging, and repaired.
        BreakAndFix = "break_and_fix" / "Break and fix in staging",
        /// People predict what will happen, try it, and compare.
        Predict = "predict" / "Predict, break, compare",
        /// A restore or a failover, rehearsed.
        Restore = "restore" / "Restore or failover rehearsal",
        /// A newcomer follows the runbook; its author is silent.
        Runbook = "runbook" / "Runbook cold test",
        /// Someone leads a call while news comes in.
        Command = "command" / "Command drill with injects",
        /// Whether pages and calls reach the right people.
        Paging = "paging" / "Paging and contact test",
        /// A required access is missing.
        AccessDenied = "access_denied" / "Access-denied drill",
        /// Someone else takes over in the middle.
        HandOver = "hand_over" / "Surprise hand-over mid-incident",
    }
}

text_enum! {
    pub enum DrillState {
        /// Agreed for a later time.
        Planned = "planned" / "Planned",
        Running = "running" / "Running",
        /// Over; the debrief is missing.
        Run = "run" / "Run",
        /// Debriefed: it counts.
        Debriefed = "debriefed" / "Debriefed",
        Cancelled = "cancelled" / "Cancelled",
    }
}

text_enum! {
    /// A person's role in a drill.
    pub enum Role {
        /// Leads it from the sheet.
        GameMaster = "game_master" / "Game master",
        Primary = "primary" / "Primary",
        Secondary = "secondary" / "Secondary",
        Observer = "observer" / "Observer",
    }
}

impl Role {
    /// Handles the incident: is observed, and practises.
    pub fn plays(self) -> bool {
        matches!(self, Self::Primary | Self::Secondary)
    }
}

text_enum! {
    pub enum LineKind {
        /// Something that the game master brings in.
        Inject = "inject" / "Inject",
        /// Something that the players should do.
        Expected = "expected" / "Expected observation",
    }
}

text_enum! {
    /// How the primary reacted to an inject. Nobody understands what they did not acknowledge.
    pub enum Reply {
        None = "none" / "Not acknowledged",
        Acknowledged = "acknowledged" / "Acknowledged only",
        Understood = "understood" / "Understood",
    }
}

/// Who takes part: one game master, one primary, and nobody twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participants(Vec<(i64, Role)>);

impl Participants {
    ///
    /// Errors: The role of a person who already has another one.
    pub fn new(
        game_master: i64,
        primary: i64,
        secondaries: &[i64],
        observers: &[i64],
    ) -> Result<Self, Role> {
        let named = [(game_master, Role::GameMaster), (primary, Role::Primary)]
            .into_iter()
            .chain(secondaries.iter().map(|id| (*id, Role::Secondary)))
            .chain(observers.iter().map(|id| (*id, Role::Observer)));
        let mut parts: Vec<(i64, Role)> = Vec::new();
        for (person_id, role) in named {
            if parts.iter().any(|(other, _)| *other == person_id) {
                return Err(role);
            }
            parts.push((person_id, role));
        }
        Ok(Self(parts))
    }

    /// Everyone with their role: the game master, the primary, then the others.
    pub fn parts(&self) -> &[(i64, Role)] {
        &self.0
    }

    /// A person's role; `None` when they do not take part.
    pub fn role(&self, person_id: i64) -> Option<Role> {
        let mut parts = self.0.iter();
        parts
            .find(|(id, _)| *id == person_id)
            .map(|(_, role)| *role)
    }
}

/// A new line of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLine {
    pub kind: LineKind,
    /// Code of the competency that it shows.
    pub code: Option<String>,
    pub body: String,
}

/// A drill to plan, or to plan again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDrill {
    pub kind: DrillKind,
    /// A title that gives nothing away.
    pub title: Title<120>,
    /// What happens, for the game master.
    pub scenario: Words<4000>,
    /// When it is to begin.
    pub starts_at: UtcTime,
    /// How long it is to last.
    pub minutes: Minutes,
    pub participants: Participants,
    /// The game master's injects, in order.
    pub injects: Vec<LineWords>,
    /// What the players should do, in order; each may begin with a code.
    pub expected: Vec<LineWords>,
    /// The post-mortem it comes from.
    pub postmortem_id: Option<i64>,
    /// It is another drill than one at the same time.
    pub another: bool,
}

/// Reads the lines of a sheet. An expected observation may begin with a competency code: `PAY-I1: switches over`.
///
/// Errors: Field and sentence.
pub fn lines(
    new: &NewDrill,
    content: &Content,
    area_code: &str,
) -> Result<Vec<NewLine>, (&'static str, String)> {
    let mut lines: Vec<NewLine> = new
        .injects
        .iter()
        .map(|words| NewLine {
            kind: LineKind::Inject,
            code: None,
            body: words.as_str().to_owned(),
        })
        .collect();
    for words in &new.expected {
        let (code, body) =
            expected(words.as_str(), content, area_code).map_err(|s| ("expected", s))?;
        lines.push(NewLine {
            kind: LineKind::Expected,
            code,
            body,
        });
    }
    if lines.is_empty() {
        return Err((
            "expected",
            "Enter at least one inject or one expected observation. You tick them during the drill."
                .into(),
        ));
    }
    Ok(lines)
}

fn expected(
    text: &str,
    content: &Content,
    area_code: &str,
) -> Result<(Option<String>, String), String> {
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let code = first.trim_end_matches([':', ',']).to_uppercase();
    if content.competency(&code).is_some() {
        return match rest.trim() {
            "" => Err(format!(
                "Say what you expect to see of {code}, in the same line."
            )),
            rest => Ok((Some(code), rest.to_owned())),
        };
    }
    match code.strip_prefix(area_code) {
        Some(rest) if rest.starts_with('-') => Err(format!(
            "{code} is not a competency of the published standard of this area."
        )),
        _ => Ok((None, text.to_owned())),
    }
}

/// Whether a drill may be planned for that start.
pub fn check_start(starts_at: UtcTime, now: UtcTime) -> Result<(), String> {
    if starts_at < now.plus_hours(-GRACE_HOURS) {
        Err("This start is in the past. Plan a future time.".into())
    } else if starts_at > now.plus_hours(24 * DAYS_AHEAD) {
        Err("Plan a drill within a year.".into())
    } else {
        Ok(())
    }
}
