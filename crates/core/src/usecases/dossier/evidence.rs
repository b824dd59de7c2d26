//! Evidence for an assessment: a session, shift, drill, real incident or observation on request, and its strength.

use crate::db::list::{List, Listed, entries, listed, plain};
use crate::db::types::{Day, UtcTime};
use crate::domain::asked::Seen;
use crate::domain::assessment::evidence::{Evidence, Source, of_shift};
use crate::domain::session::SessionKind;
use crate::domain::session::model::{Observation, Session};
use crate::domain::standard::{Level, Strength};
use crate::error::Result;

/// What someone was asked to say they saw.
const ON_REQUEST: &str = "Observation on request";

/// SQL expressions of the observations in shifts and drills of the mentee in this area, of their incidents, of
/// observations on request, and of the evidence of carried assessments.
pub fn lists() -> (Listed, Listed, Listed, Listed, Listed) {
    let shifts = listed(
        &[
            "f.id",
            "f.kind",
            "CAST(f.starts_at AS TEXT)",
            "o.competency_code",
            "o.help_level",
        ],
        "shifts f JOIN shift_debriefs b ON b.shift_id = f.id JOIN shift_observations o ON o.debrief_id = b.id \
         WHERE f.mentee_id = ramps.mentee_id AND f.area_id = ramps.area_id AND f.state = 'debriefed' \
         AND f.starts_at >= ramps.counts_from \
         AND b.id = (SELECT MAX(later.id) FROM shift_debriefs later WHERE later.shift_id = f.id)",
    );
    let title = plain("d.title");
    let drills = listed(
        &[
            "d.id",
            &title,
            "CAST(d.begun_at AS TEXT)",
            "o.competency_code",
            "o.help_level",
        ],
        "drill_observations o JOIN drills d ON d.id = o.drill_id WHERE o.person_id = ramps.mentee_id \
         AND d.area_id = ramps.area_id AND d.state = 'debriefed' AND d.begun_at >= ramps.counts_from",
    );
    let note = plain("i.note");
    let incidents = listed(
        &["i.id", &note, "CAST(i.day AS TEXT)"],
        "activities i WHERE i.person_id = ramps.mentee_id AND i.area_id = ramps.area_id AND i.kind = 'incident' \
         AND i.undone_at IS NULL AND i.day >= ramps.counts_from",
    );
    let work = plain("q.work");
    let on_request = listed(
        &[
            "q.id",
            "q.seen",
            &work,
            "CAST(q.worked_on AS TEXT)",
            "q.competency_code",
            "q.help_level",
        ],
        "asked_observations q JOIN ramps o ON o.id = q.ramp_id WHERE o.mentee_id = ramps.mentee_id \
         AND o.area_id = ramps.area_id AND q.outcome = 'answered' AND q.worked_on >= ramps.counts_from",
    );
    let source = "CASE WHEN s.id IS NOT NULL THEN 'session-' || s.id WHEN f.id IS NOT NULL THEN 'shift-' || f.id \
         WHEN d.id IS NOT NULL THEN 'drill-' || d.id WHEN q.id IS NOT NULL THEN 'asked-' || q.id \
         ELSE 'incident-' || i.id END";
    let at = "COALESCE(CAST(s.starts_at AS TEXT), CAST(f.starts_at AS TEXT), CAST(d.begun_at AS TEXT), \
         CAST(i.day AS TEXT) || ' 00:00:00', CAST(q.worked_on AS TEXT) || ' 00:00:00')";
    let words = format!(
        "COALESCE({}, {}, {}, {}, '')",
        plain("s.summary"),
        plain("d.title"),
        plain("i.note"),
        plain("q.work")
    );
    let carried = listed(
        &[source, "COALESCE(s.kind, f.kind, q.seen, '')", at, &words],
        "assessments a LEFT JOIN sessions s ON s.id = a.evidence_session_id \
         LEFT JOIN shifts f ON f.id = a.evidence_shift_id LEFT JOIN drills d ON d.id = a.evidence_drill_id \
         LEFT JOIN activities i ON i.id = a.evidence_activity_id \
         LEFT JOIN asked_observations q ON q.id = a.evidence_asked_id \
         WHERE ramps.renews_id IS NOT NULL AND a.ramp_id = ramps.id AND a.carried_from IS NOT NULL \
         AND COALESCE(s.id, f.id, d.id, i.id, q.id) IS NOT NULL",
    );
    (shifts, drills, incidents, on_request, carried)
}

/// Evidence of carried assessments. It is shown with them; a new assessment cannot use it.
pub fn carried(list: List) -> Result<Vec<Evidence>> {
    entries(list, |parts| {
        let [source, kind, at, words] = parts else {
            return None;
        };
        let source = Source::parse(source)?;
        let (what, strength) = match source {
            Source::Session(_) => {
                let kind = SessionKind::parse(kind)?;
                (kind.label(), kind.strength())
            }
            Source::Shift(_) => of_shift(kind),
            Source::Drill(_) => ("Drill", Strength::Drill),
            Source::Incident(_) => ("Real incident", Strength::Real),
            Source::Asked(_) => (ON_REQUEST, Seen::parse(kind)?.strength()),
        };
        Some(Evidence {
            source,
            at: UtcTime::stored(at)?,
            what,
            summary: (*words).to_owned(),
            strength,
            observed: Vec::new(),
        })
    })
}

/// Everything that can be evidence on a ramp, newest first.
pub fn all(
    sessions: &[Session],
    observations: &[Observation],
    (shifts, drills, incidents, on_request): (List, List, List, List),
) -> Result<Vec<Evidence>> {
    let mut all: Vec<Evidence> = sessions
        .iter()
        .filter(|s| s.counts())
        .map(|s| Evidence {
            source: Source::Session(s.id),
            at: s.starts_at,
            what: s.kind.label(),
            summary: s.summary.clone(),
            strength: s.kind.strength(),
            observed: observations
                .iter()
                .filter(|o| o.session_id == s.id)
                .map(|o| (o.competency_code.clone(), o.help_level))
                .collect(),
        })
        .collect();
    let mut observed = entries(shifts, shift)?;
    observed.extend(entries(drills, drill)?);
    for evidence in observed {
        match all.iter_mut().find(|p| p.source == evidence.source) {
            Some(known) => known.observed.extend(evidence.observed),
            None => all.push(evidence),
        }
    }
    all.extend(entries(incidents, incident)?);
    all.extend(entries(on_request, asked)?);
    all.sort_by_key(|evidence| std::cmp::Reverse(evidence.at));
    Ok(all)
}

fn shift(parts: &[&str]) -> Option<Evidence> {
    let [id, kind, at, code, help] = parts else {
        return None;
    };
    let (what, strength) = of_shift(kind);
    Some(Evidence {
        source: Source::Shift(id.parse().ok()?),
        at: UtcTime::stored(at)?,
        what,
        summary: String::new(),
        strength,
        observed: vec![((*code).to_owned(), Level::new(help.parse().ok()?)?)],
    })
}

fn drill(parts: &[&str]) -> Option<Evidence> {
    let [id, title, at, code, help] = parts else {
        return None;
    };
    Some(Evidence {
        source: Source::Drill(id.parse().ok()?),
        at: UtcTime::stored(at)?,
        what: "Drill",
        summary: (*title).to_owned(),
        strength: Strength::Drill,
        observed: vec![((*code).to_owned(), Level::new(help.parse().ok()?)?)],
    })
}

fn incident(parts: &[&str]) -> Option<Evidence> {
    let [id, note, day] = parts else { return None };
    Some(Evidence {
        source: Source::Incident(id.parse().ok()?),
        at: Day::parse(day)?.start(),
        what: "Real incident",
        summary: (*note).to_owned(),
        strength: Strength::Real,
        observed: Vec::new(),
    })
}

fn asked(parts: &[&str]) -> Option<Evidence> {
    let [id, seen, work, day, code, help] = parts else {
        return None;
    };
    Some(Evidence {
        source: Source::Asked(id.parse().ok()?),
        at: Day::parse(day)?.start(),
        what: ON_REQUEST,
        summary: (*work).to_owned(),
        strength: Seen::parse(seen)?.strength(),
        observed: vec![((*code).to_owned(), Level::new(help.parse().ok()?)?)],
    })
}
