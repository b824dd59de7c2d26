//! Recording assessments.

use std::collections::HashMap;

use serde_json::json;

use crate::db::Conn;
use crate::domain::assessment::evidence::Source;
use crate::domain::assessment::{
    Change, Entries, EvidenceNote, Judged, Known, Standing, Stream, decide, store,
};
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::people::Actor;
use crate::domain::standard::Group;
use crate::error::{Error, Result};
use crate::usecases::dossier::Dossier;
use crate::usecases::notify;
use crate::usecases::notify::causes;
use crate::usecases::session::actions::{mentors, require_open};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessed {
    /// Stored ones, in the standard's order; empty when nothing was new.
    pub changes: Vec<Change>,
    /// The standard's groups, in their order.
    pub groups: Vec<Group>,
}

/// Stores assessments of one stream; unchanged ones are not stored again.
///
/// Errors: [`Error::Forbidden`] for everyone but a mentor of the ramp (mentor stream) or the mentee (self stream),
/// [`Error::Conflict`] when the ramp is closed, [`Error::Invalid`] where evidence is missing.
pub fn assess(
    c: &mut Conn,
    act: &Act,
    ramp_id: i64,
    stream: Stream,
    entries: &Entries,
) -> Result<Assessed> {
    let dossier = Dossier::lock(c, ramp_id, act.now.day())?;
    may_assess(&dossier, &act.actor, stream)?;
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    let known = known(&dossier, stream)?;
    let changes = decide(stream, &dossier.standard.content, &known, entries)?;
    for change in &changes {
        let judged = (&change.to, known.strength(&change.to));
        store::insert(c, ramp_id, &change.code, stream, judged, by_id, act.now)?;
    }
    if !changes.is_empty() {
        let (cause, to) = causes::assessed(&dossier, stream, changes.len());
        notify::tell(c, act, &cause, to)?;
        audit::record(c, act, entry(&dossier, stream, &changes))?;
    }
    Ok(Assessed {
        changes,
        groups: dossier.standard.content.groups(),
    })
}

fn entry(dossier: &Dossier, stream: Stream, changes: &[Change]) -> Entry {
    let recorded: Vec<_> = changes
        .iter()
        .map(|change| {
            json!({
                "code": change.code,
                "stream": stream,
                "level": change.to.level,
                "evidence": change.to.evidence.as_str(),
                "source": change.to.source.map(Source::word),
            })
        })
        .collect();
    Entry::new("assessment.recorded", format!("ramp:{}", dossier.ramp.id))
        .person(dossier.ramp.mentee_id)
        .area(dossier.ramp.area_id)
        .details(json!({ "assessments": recorded }))
}

/// Only people of this stream, on an open ramp.
pub fn may_assess(dossier: &Dossier, actor: &Actor, stream: Stream) -> Result<()> {
    let (name, area) = (dossier.mentee().name, &dossier.area.name);
    match stream {
        Stream::Mentor if !dossier.parties.is_mentor(actor) => Err(Error::Forbidden(format!(
            "{name} can be assessed in {area} only by the mentors of this ramp: {}.",
            mentors(dossier)
        ))),
        Stream::Self_ if !dossier.parties.is_mentee(actor) => Err(Error::Forbidden(format!(
            "Only {name} can self-assess on this ramp in {area}."
        ))),
        _ => require_open(dossier),
    }
}

/// The data that new assessments are checked against. The engine says which level counts.
///
/// Errors: A fault when stored data cannot be read.
pub fn known(dossier: &Dossier, stream: Stream) -> Result<Known> {
    let mut standings: HashMap<String, Standing> = dossier
        .readiness
        .competencies
        .iter()
        .map(|state| {
            let level = match stream {
                Stream::Mentor => state.mentor_level,
                Stream::Self_ => state.self_level,
            };
            (
                state.code.clone(),
                Standing {
                    level,
                    latest: None,
                },
            )
        })
        .collect();
    for row in dossier.assessments.iter().filter(|a| a.stream == stream) {
        let evidence = EvidenceNote::parse(&row.evidence).map_err(Error::fault)?;
        let judged = Judged {
            level: row.level,
            evidence,
            source: dossier.source_of(row),
        };
        standings
            .entry(row.competency_code.clone())
            .or_default()
            .latest = Some(judged);
    }
    Ok(Known {
        standings,
        evidence: dossier.evidence.clone(),
    })
}

#[cfg(test)]
mod tests {
    use diesel::prelude::*;

    use super::*;
    use crate::db::schema::areas;
    use crate::db::types::{Day, UtcTime};
    use crate::db::{Purpose, Target, migrate, transaction};
    use crate::domain::people;
    use crate::domain::people::{Email, Name, NewPerson, ZoneName};
    use crate::domain::ramp::model::NewRamp;
    use crate::domain::ramp::{PairingRole, RampState, store as ramps};
    use crate::domain::session::{Minutes, NewSession, SessionKind, Summary};
    use crate::domain::standard;
    use crate::domain::standard::{Competency, Content, Gate, Level, StandardState};
    use crate::sample;
    use crate::usecases::session::actions::record;

    fn now() -> UtcTime {
        sample::at("2026-11-12T10:00:00Z")
    }

    fn act(c: &mut Conn, name: &str) -> Act {
        let new = NewPerson {
            name: Name::parse(name).unwrap(),
            email: Email::parse(&format!("{name}@example.org")).unwrap(),
            time_zone: ZoneName::parse("UTC").unwrap(),
        };
        let id = people::store::insert_person(c, &new, false, now()).unwrap();
        let person = people::store::by_id(c, id).unwrap().unwrap();
        Act {
            actor: people::store::actor(c, person).unwrap(),
            ..Act::operator(now())
        }
    }

    /// An area whose standard has one competency, A-1 at level 3, and a ramp of `mentee` with `mentor`.
    fn ramp(c: &mut Conn, mentee: &Act, mentor: &Act) -> i64 {
        let (team, _) =
            people::store::team_named(c, &Name::parse("Owners").unwrap(), now()).unwrap();
        let area_id: i64 = diesel::insert_into(areas::table)
            .values((
                (
                    areas::slug.eq("a"),
                    areas::code.eq("A"),
                    areas::name.eq("Area"),
                    areas::summary.eq("All of it"),
                ),
                (
                    areas::tier.eq(1),
                    areas::owner_team_id.eq(team),
                    areas::minimum_cover.eq(1),
                ),
                (
                    areas::target_weeks.eq(12),
                    areas::validity_months.eq(12),
                    areas::recency_days.eq(90),
                ),
                areas::created_at.eq(now()),
            ))
            .returning(areas::id)
            .get_result(c)
            .unwrap();
        let content = Content {
            competencies: vec![Competency {
                critical: true,
                ..sample::competency("A-1")
            }],
            gates: vec![Gate::Levels {
                critical_evidence: None,
            }],
            ..Content::default()
        };
        let new = standard::store::NewVersion {
            area_id,
            version: 1,
            state: StandardState::Published,
            note: "",
            content: &content,
            by: None,
            now: now(),
        };
        let standard_id = standard::store::insert(c, &new).unwrap();
        let mentee_id = mentee.actor.id.unwrap();
        let day = Day::parse("2026-11-01").unwrap();
        let new = NewRamp {
            mentee_id,
            area_id,
            standard_id,
            state: RampState::Active,
            starts_on: day,
            target_on: day.plus_days(84),
            started_by: mentee_id,
            created_at: now(),
        };
        let id = ramps::insert(c, &new).unwrap();
        ramps::pairs::begin(
            c,
            ramps::pairs::NewPairing {
                ramp_id: id,
                mentor_id: mentor.actor.id.unwrap(),
                role: PairingRole::Primary,
                interval_days: 7,
                over_capacity_reason: None,
            },
            now(),
        )
        .unwrap();
        id
    }

    fn at(level: i64, session: Option<i64>) -> Entries {
        Entries::from([(
            "A-1".into(),
            Judged {
                level: Level::new(level),
                source: session.map(Source::Session),
                ..Judged::default()
            },
        )])
    }

    #[test]
    fn a_session_backs_a_level_and_the_two_streams_stay_apart() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Sqlite(folder.path().join("checkride.db"));
        migrate::run(&target).unwrap();
        let mut conn = Conn::open(&target, Purpose::Write).unwrap();
        transaction(&mut conn, Purpose::Write, |c| {
            let (mentee, mentor, stranger) = (act(c, "amara"), act(c, "priya"), act(c, "dele"));
            let ramp = ramp(c, &mentee, &mentor);
            let new = NewSession {
                kind: SessionKind::Lab,
                starts_at: now().plus_hours(-1),
                minutes: Minutes::USUAL,
                summary: Summary::parse("Failed over in staging").unwrap(),
                next_actions: Vec::new(),
                done: Default::default(),
                plan_id: None,
                postmortem_id: None,
                another: true,
                observations: [("A-1".to_owned(), Level::ALL[2])].into(),
            };
            for other in [&mentee, &stranger] {
                assert!(matches!(
                    record(c, other, ramp, &new),
                    Err(Error::Forbidden(_))
                ));
            }
            let early = NewSession {
                starts_at: now().plus_hours(1),
                ..new.clone()
            };
            assert!(matches!(
                record(c, &mentor, ramp, &early),
                Err(Error::Invalid(_))
            ));
            let session = record(c, &mentor, ramp, &new)?.id;

            assess(c, &mentee, ramp, Stream::Self_, &at(5, None))?;
            for (who, stream) in [
                (&mentee, Stream::Mentor),
                (&mentor, Stream::Self_),
                (&stranger, Stream::Mentor),
            ] {
                assert!(matches!(
                    assess(c, who, ramp, stream, &at(3, Some(session))),
                    Err(Error::Forbidden(_))
                ));
            }
            assert!(matches!(
                assess(c, &mentor, ramp, Stream::Mentor, &at(3, None)),
                Err(Error::Invalid(_))
            ));
            assert!(!Dossier::lock(c, ramp, now().day())?.readiness.is_ready());
            assess(c, &mentor, ramp, Stream::Mentor, &at(3, Some(session)))?;
            let again = assess(c, &mentor, ramp, Stream::Mentor, &at(3, Some(session)))?;
            assert_eq!(again.changes, vec![]);
            assert!(Dossier::lock(c, ramp, now().day())?.readiness.is_ready());

            // A lower level closes the gate again, without evidence.
            assess(c, &mentor, ramp, Stream::Mentor, &at(2, None))?;
            let dossier = Dossier::lock(c, ramp, now().day())?;
            assert!(!dossier.readiness.is_ready());
            assert_eq!(dossier.assessments.len(), 3);

            ramps::change_state(
                c,
                ramp,
                (RampState::Active, RampState::Ended),
                "",
                mentor.actor.id.unwrap(),
                now(),
            )?;
            assert!(matches!(
                assess(c, &mentor, ramp, Stream::Mentor, &at(1, None)),
                Err(Error::Conflict(_))
            ));
            assert!(matches!(
                record(c, &mentor, ramp, &new),
                Err(Error::Conflict(_))
            ));
            Ok(())
        })
        .unwrap();
        let sealed = |c: &mut Conn| {
            audit::seal_all(c)?;
            audit::verify(c)
        };
        assert!(matches!(
            transaction(&mut conn, Purpose::Write, sealed).unwrap(),
            audit::Verdict::Whole {
                entries: 4,
                unsealed: 0,
                ..
            }
        ));
    }
}
