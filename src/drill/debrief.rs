//! The debrief: what went well and badly, what was observed of whom; from it the alert ledger and the practice of
//! everybody who took part.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::actions::{entry, overtaken, require_runner, taking};
use super::file::File;
use super::life::Step;
use super::store::{self, Line, Observation, Stamp};
use super::{LineKind, Role};
use crate::audit::{self, Act};
use crate::currency::{self, ActivityKind};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::standard::Level;
use crate::words::Words;

/// What is written in a debrief.
pub type DebriefWords = Words<2000>;

/// How much help somebody needed, by person and competency.
pub type Observed = BTreeMap<(i64, String), Level>;

/// A debrief about to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDebrief {
    /// What went well; may be empty.
    pub went_well: DebriefWords,
    /// What went badly.
    pub went_badly: DebriefWords,
    /// What was observed.
    pub observed: Observed,
}

/// What the ticks of a sheet say of somebody. Where a competency was seen twice, the time that needed more help holds:
/// that is what there is to work on.
#[must_use]
pub fn from_ticks(lines: &[Line]) -> Observed {
    let mut observed = Observed::new();
    let seen = lines.iter().filter(|l| l.happened_at.is_some());
    for line in seen {
        if let (Some(code), Some(person), Some(help)) =
            (&line.competency_code, line.person_id, line.help_level)
        {
            let known = observed.entry((person, code.clone())).or_insert(help);
            *known = help.min(*known);
        }
    }
    observed
}

/// What counts as practice for whoever had that part: leading a drill does, looking on does not.
#[must_use]
pub fn practice(role: Role) -> Option<ActivityKind> {
    match role {
        Role::GameMaster => Some(ActivityKind::DrillLed),
        Role::Primary | Role::Secondary => Some(ActivityKind::Drill),
        Role::Observer => None,
    }
}

/// Debriefs a drill.
///
/// # Errors
/// [`Error::Forbidden`] unless its game master or its planner asks; [`Error::Conflict`] when it is not run, or debriefed
/// by now; [`Error::Invalid`] when somebody or something observed has no part in it.
pub fn debrief(c: &mut Conn, act: &Act, id: i64, new: &NewDebrief) -> Result<()> {
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    let file = File::lock(c, id)?;
    require_runner(&file, &act.actor)?;
    let way = (file.drill.state, taking(c, act, &file, Step::Debrief)?);
    let codes = file.codes();
    let belongs = |person: i64, code: &str| {
        codes.contains(&code) && file.players().any(|p| p.about.person_id == person)
    };
    if !new
        .observed
        .keys()
        .all(|(person, code)| belongs(*person, code))
    {
        let sentence = "Something you observed is not part of this drill. Load the page again.";
        return Err(Error::field("observed", sentence));
    }
    let stamp = Stamp {
        debriefed_by: Some(by_id),
        debriefed_at: Some(act.now),
        went_well: Some(new.went_well.as_str()),
        went_badly: Some(new.went_badly.as_str()),
        ..Stamp::default()
    };
    let by = (by_id, act.now);
    if !store::advance(c, id, way, &stamp, by)? {
        return Err(overtaken(c, act, &file)?);
    }
    let observed: Vec<Observation> = new
        .observed
        .iter()
        .map(|((person_id, code), help)| Observation {
            person_id: *person_id,
            competency_code: code.clone(),
            help_level: *help,
        })
        .collect();
    store::observe(c, id, &observed, by)?;
    let injects = file.lines.iter().filter(|l| l.kind == LineKind::Inject);
    let given: Vec<_> = injects
        .filter_map(|l| l.happened_at.map(|at| (at, l)))
        .collect();
    if let Some(primary) = file.first(Role::Primary) {
        store::keep_alerts(c, &file.drill, primary.about.person_id, &given, by)?;
    }
    practise(c, act, &file, by_id)?;
    let observed: Vec<Value> = observed
        .iter()
        .map(|o| json!({ "person": o.person_id, "code": o.competency_code, "help": o.help_level }))
        .collect();
    let details = json!({
        "went_well": new.went_well.as_str(),
        "went_badly": new.went_badly.as_str(),
        "observed": observed,
        "injects": given.len(),
    });
    audit::record(
        c,
        act,
        entry("drill.debriefed", (id, file.area.id), details),
    )
}

/// Keeps the practice of everybody who took part, on the day it was run; in the order of their rows, so that two
/// debriefs do not wait for each other.
fn practise(c: &mut Conn, act: &Act, file: &File, by_id: i64) -> Result<()> {
    let day = file.drill.begun_at.unwrap_or(act.now).day();
    let mut parts: Vec<_> = file.parts.iter().collect();
    parts.sort_by_key(|p| p.about.person_id);
    for part in parts {
        let Some(kind) = practice(part.role) else {
            continue;
        };
        let activity = currency::store::NewActivity {
            person_id: part.about.person_id,
            area_id: file.area.id,
            kind,
            day,
            note: file.drill.title.clone(),
            link: None,
            shift_id: None,
            drill_id: Some(file.drill.id),
            by_id,
            recorded_at: act.now,
        };
        currency::store::record(c, &activity)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::types::Day;
    use crate::drill::Reply;

    fn line(code: &str, person: i64, help: i64, ticked: bool) -> Line {
        Line {
            id: 1,
            kind: LineKind::Expected,
            body: "switches over".into(),
            competency_code: (!code.is_empty()).then(|| code.to_owned()),
            happened_at: ticked.then(|| Day::parse("2026-11-12").unwrap().start()),
            ticked_by: None,
            person_id: Some(person),
            help_level: Level::new(help),
            reply: Reply::None,
            note: String::new(),
            revision: 0,
        }
    }

    #[test]
    fn ticks_become_observations_and_more_help_holds() {
        let sheet = [
            line("PAY-I1", 1, 4, true),
            line("PAY-I1", 1, 2, true),
            line("PAY-I1", 2, 3, true),
            line("PAY-I2", 1, 3, false),
            line("", 1, 3, true),
            line("PAY-I3", 1, 0, true),
        ];
        let observed: Vec<_> = from_ticks(&sheet)
            .into_iter()
            .map(|((person, code), help)| (person, code, help.number()))
            .collect();
        assert_eq!(
            observed,
            [(1, "PAY-I1".to_owned(), 2), (2, "PAY-I1".to_owned(), 3)]
        );
    }

    #[test]
    fn leading_is_practice_and_looking_on_is_none() {
        let kinds: Vec<_> = Role::ALL.iter().map(|r| practice(*r)).collect();
        assert_eq!(
            kinds,
            [
                Some(ActivityKind::DrillLed),
                Some(ActivityKind::Drill),
                Some(ActivityKind::Drill),
                None
            ]
        );
    }
}
