//! The debrief: what went well and badly, and what was observed. The alert ledger and the practice of everyone who took
//! part follow from it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::db::Conn;
use crate::domain::audit;
use crate::domain::audit::Act;
use crate::domain::currency;
use crate::domain::currency::ActivityKind;
use crate::domain::drill::lifecycle::Step;
use crate::domain::drill::model::{Line, Observation};
use crate::domain::drill::store;
use crate::domain::drill::store::Stamp;
use crate::domain::drill::{LineKind, Role};
use crate::domain::notification::Kind;
use crate::domain::standard::Level;
use crate::error::{Error, FieldErrors, Result};
use crate::usecases::drill::actions::{entry, next_state, overtaken, require_runner};
use crate::usecases::drill::detail::DrillDetail;
use crate::usecases::notify;
use crate::words::Words;

pub type DebriefWords = Words<2000>;

/// Help needed, by person and competency.
pub type Observed = BTreeMap<(i64, String), Level>;

/// A debrief to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDebrief {
    /// May be empty.
    pub went_well: DebriefWords,
    pub went_badly: DebriefWords,
    /// Does not count for someone who was absent.
    pub observed: Observed,
    /// Planned people who did not come.
    pub absent: BTreeSet<i64>,
}

/// Checks a list of absent people: someone must have played, and someone must have led.
pub fn check_absent(
    parts: &[(i64, Role)],
    absent: &BTreeSet<i64>,
) -> std::result::Result<(), &'static str> {
    let may_miss = |id: &i64| {
        let mut parts = parts.iter();
        parts.any(|(person, role)| person == id && *role != Role::GameMaster)
    };
    if !absent.iter().all(may_miss) {
        return Err("Someone you ticked has no part in this drill. Load the page again.");
    }
    let mut players = parts.iter().filter(|(_, role)| role.plays());
    match players.any(|(id, _)| !absent.contains(id)) {
        true => Ok(()),
        false => {
            Err("At least one person must have played. If nobody came, cancel the drill instead.")
        }
    }
}

/// The observations that the ticks of a sheet make. For a competency seen twice, the one with more help counts: it
/// shows what to work on.
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

/// What counts as practice in this role: leading a drill does, observing does not.
pub fn practice(role: Role) -> Option<ActivityKind> {
    match role {
        Role::GameMaster => Some(ActivityKind::DrillLed),
        Role::Primary | Role::Secondary => Some(ActivityKind::Drill),
        Role::Observer => None,
    }
}

/// Errors: [`Error::Forbidden`] unless the actor is its game master or its planner; [`Error::Conflict`] when it was not
/// run, or is debriefed already; [`Error::Invalid`] when an observed person or competency does not belong to it, or no
/// player was there.
pub fn debrief(c: &mut Conn, act: &Act, id: i64, new: &NewDebrief) -> Result<()> {
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    let detail = DrillDetail::lock(c, id)?;
    require_runner(&detail, &act.actor)?;
    let states = (
        detail.drill.state,
        next_state(c, act, &detail, Step::Debrief)?,
    );
    let codes = detail.codes();
    let belongs = |person: i64, code: &str| {
        codes.contains(&code) && detail.players().any(|p| p.about.person_id == person)
    };
    let mut errors = FieldErrors::default();
    if !new
        .observed
        .keys()
        .all(|(person, code)| belongs(*person, code))
    {
        let sentence = "Something you observed is not part of this drill. Load the page again.";
        errors.add("observed", sentence);
    }
    let cast: Vec<(i64, Role)> = detail.cast().collect();
    if let Err(sentence) = check_absent(&cast, &new.absent) {
        errors.add("absent", sentence);
    }
    errors.or(())?;
    let stamp = Stamp {
        debriefed_by: Some(by_id),
        debriefed_at: Some(act.now),
        went_well: Some(new.went_well.as_str()),
        went_badly: Some(new.went_badly.as_str()),
        ..Stamp::default()
    };
    let by = (by_id, act.now);
    if !store::advance(c, id, states, &stamp, by)? {
        return Err(overtaken(c, act, &detail)?);
    }
    store::set_absent(c, id, &new.absent)?;
    let came = |person: i64| !new.absent.contains(&person);
    let observed: Vec<Observation> = new
        .observed
        .iter()
        .filter(|((person_id, _), _)| came(*person_id))
        .map(|((person_id, code), help)| Observation {
            person_id: *person_id,
            competency_code: code.clone(),
            help_level: *help,
        })
        .collect();
    store::observe(c, id, &observed, by)?;
    let injects = detail.lines.iter().filter(|l| l.kind == LineKind::Inject);
    let given: Vec<_> = injects
        .filter_map(|l| l.happened_at.map(|at| (at, l)))
        .collect();
    let primary = detail.first(Role::Primary).map(|p| p.about.person_id);
    if let Some(primary) = primary.filter(|id| came(*id)) {
        store::keep_alerts(c, &detail.drill, primary, &given, by)?;
    }
    let here = detail.cast().filter(|(person, _)| came(*person)).collect();
    practise(c, act, &detail, here)?;
    let observed: Vec<Value> = observed
        .iter()
        .map(|o| json!({ "person": o.person_id, "code": o.competency_code, "help": o.help_level }))
        .collect();
    let details = json!({
        "went_well": new.went_well.as_str(),
        "went_badly": new.went_badly.as_str(),
        "observed": observed,
        "injects": given.len(),
        "absent": new.absent,
    });
    notify::done(c, act, Kind::DrillWaits, &format!("drill:{id}"))?;
    audit::record(
        c,
        act,
        entry("drill.debriefed", (id, detail.area.id), details),
    )
}

/// Stores practice for everyone who was there, on the day it was run. In the order of their rows, so that two debriefs
/// do not deadlock.
fn practise(
    c: &mut Conn,
    act: &Act,
    detail: &DrillDetail,
    here: BTreeMap<i64, Role>,
) -> Result<()> {
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    let day = detail.drill.begun_at.unwrap_or(act.now).day();
    for (person_id, role) in here {
        let Some(kind) = practice(role) else {
            continue;
        };
        let activity = currency::store::NewActivity {
            person_id,
            area_id: detail.area.id,
            kind,
            day,
            note: detail.drill.title.clone(),
            link: None,
            shift_id: None,
            drill_id: Some(detail.drill.id),
            by_id,
            recorded_at: act.now,
            minutes: Some(detail.drill.minutes).filter(|n| *n > 0),
        };
        currency::store::record(c, &activity)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::types::Day;
    use crate::domain::drill::Reply;

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
    fn ticks_become_observations_and_more_help_counts() {
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
    fn a_debrief_needs_someone_who_played() {
        let cast = [
            (1, Role::GameMaster),
            (2, Role::Primary),
            (3, Role::Secondary),
            (4, Role::Observer),
        ];
        let missed = |ids: &[i64]| check_absent(&cast, &ids.iter().copied().collect()).is_ok();
        for absent in [&[][..], &[2], &[3], &[4], &[3, 4], &[2, 4]] {
            assert!(missed(absent), "{absent:?}");
        }
        // No player; no leader; someone without a role.
        for absent in [&[2, 3][..], &[2, 3, 4], &[1], &[5]] {
            assert!(!missed(absent), "{absent:?}");
        }
    }

    #[test]
    fn leading_counts_as_practice_and_observing_does_not() {
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
