//! What must be so after a deed.

use checkride::db::schema::ramps;
use checkride::db::{Conn, Purpose, transaction};
use checkride::domain::assessment::Stream;
use checkride::domain::clearance;
use checkride::domain::clearance::standing;
use checkride::domain::ramp::model::Ramp;
use checkride::domain::ramp::{MarkKind, RampState, load};
use checkride::domain::readiness::Readiness;
use checkride::domain::session::SessionState;
use checkride::domain::session::model::Session;
use checkride::domain::session::store::last_recorded_for;
use checkride::domain::signoff::SignoffState;
use checkride::domain::signoff::model::Signoff;
use checkride::domain::signoff::record::Record;
use checkride::domain::standard::Level;
use checkride::error::{Error, Result};
use checkride::usecases::dossier::Dossier;
use checkride::usecases::ramp::loads;
use checkride::usecases::session::amend;
use diesel::prelude::*;

use super::deeds::{Deed, latest_record};
use super::organisation::*;
use crate::support::progress;

/// Nothing of a record is ever lost or told anew: rows stay, and what they say stays.
pub fn check_history(before: &Dossier, after: &Dossier) {
    for row in &before.sessions {
        let now = after.sessions.iter().find(|s| s.id == row.id);
        let now = now.expect("a session is gone");
        if row.state == SessionState::Held {
            let as_it_was = Session {
                superseded_at: row.superseded_at,
                undone_at: row.undone_at,
                ..now.clone()
            };
            assert_eq!(&as_it_was, row, "a record was overwritten");
            assert!(row.undone_at.is_none() || now == row, "undone for good");
        }
    }
    assert!(
        before
            .observations
            .iter()
            .all(|o| after.observations.contains(o))
    );
}

/// What the database counts for pages about many ramps is what the rows of this one add up to: one engine, told the same
/// (rule 6).
pub fn check_counted_alike(c: &mut Conn, organisation: &Organisation, d: &Dossier) -> Result<()> {
    let ramps: Vec<Ramp> = ramps::table.select(Ramp::as_select()).load(c)?;
    let counted = progress(c, &ramps, organisation.now.day());
    let mut added_up = d.readiness.clone();
    // What mentees say of themselves is not read for many: it moves nothing (rule 5).
    for competency in &mut added_up.competencies {
        competency.self_level = None;
    }
    assert_eq!(counted.readiness[&organisation.ramp_id], added_up);
    let counting: Vec<&Session> = d.sessions.iter().filter(|s| s.counts()).collect();
    assert_eq!(
        counted.last_held.get(&organisation.ramp_id).copied(),
        counting.iter().map(|s| s.starts_at).max()
    );
    let carried = loads::loads(c, &organisation.people, organisation.now)?;
    let window = organisation.now.plus_hours(-load::WEEKS * 7 * 24);
    for person in organisation.people {
        let mentored = counting.iter().filter(|s| s.mentor_id == person);
        let recent = mentored.clone().filter(|s| s.starts_at > window);
        assert_eq!(
            i64::from(carried[&person].minutes),
            recent.map(|s| i64::from(s.minutes)).sum::<i64>()
        );
        let last = last_recorded_for(c, person, &[organisation.ramp_id])?;
        assert_eq!(last.is_some(), mentored.count() > 0);
    }
    Ok(())
}

/// Undone at once, a record leaves everything as it was before it. What is tried here is rolled back.
pub fn check_undo(c: &mut Conn, organisation: &Organisation, who: usize, before: &Dossier) {
    let tried = transaction(c, Purpose::Write, |c| {
        let act = organisation.act(c, who)?;
        let id = latest_record(&Dossier::lock(
            c,
            organisation.ramp_id,
            organisation.now.day(),
        )?);
        amend::undo(c, &act, id)?;
        let back = Dossier::lock(c, organisation.ramp_id, organisation.now.day())?;
        assert_eq!(back.readiness, before.readiness);
        assert_eq!(back.plans, before.plans);
        assert_eq!(back.next_actions, before.next_actions);
        Err::<(), _>(Error::Conflict("rolled back".into()))
    });
    assert!(
        matches!(&tried, Err(Error::Conflict(s)) if s == "rolled back"),
        "{tried:?}"
    );
}

/// How far a ramp is: gates met one by one, lines met, and how much is missing.
pub fn worse(before: &Readiness, after: &Readiness) -> bool {
    let mut gates = before.gates.iter().zip(&after.gates);
    gates.any(|(b, a)| b.met && !a.met)
        || after.lines_met < before.lines_met
        || after.obstacles.len() > before.obstacles.len()
}

/// Whether every level the deed gave is at least what counted before.
pub fn is_favourable(deed: &Deed, before: &Readiness) -> bool {
    match deed {
        Deed::Mark(to) => *to == MarkKind::Checked,
        Deed::Session | Deed::CloseGap => true,
        Deed::Assess(Stream::Mentor, levels) => before
            .competencies
            .iter()
            .zip(levels)
            .all(|(state, level)| *level == 0 || Level::new(*level) >= state.mentor_level),
        _ => false,
    }
}

fn has_key(organisation: &Organisation, c: &mut Conn, person: i64) -> Result<bool> {
    let held = clearance::store::of_person(c, person)?;
    let held = held.into_iter().find(|k| k.area_id == organisation.area_id);
    Ok(standing(held.as_ref(), organisation.now.day()).is_cover())
}

/// What must be so of a key that was just turned.
pub fn check_keys(
    c: &mut Conn,
    organisation: &Organisation,
    (before, after): (&Signoff, &Signoff),
    d: &Dossier,
) -> Result<()> {
    let mentee = organisation.people[MENTEE];
    if before.first_key_by != after.first_key_by {
        let first = after.first_key_by.unwrap();
        assert_ne!(first, mentee, "the mentee turned the first key");
        assert!(d.parties.mentors.contains(&first) && d.parties.qualifiers.contains(&first));
        assert!(has_key(organisation, c, first)?);
    }
    if let Some(second) = after.decided_by.filter(|_| before.decided_by.is_none()) {
        let is_withdrawn = after.state == SignoffState::Withdrawn;
        assert!(
            second != mentee || is_withdrawn,
            "the mentee decided their own sign-off"
        );
        if before.state == SignoffState::FirstKey && !is_withdrawn {
            assert_ne!(after.first_key_by, Some(second), "one person, both keys");
            assert!(
                !d.parties.mentors_ever.contains(&second),
                "a mentor, second"
            );
            let leads = [organisation.people[OWNER_LEAD]];
            let is_qualifier =
                d.parties.qualifiers.contains(&second) && has_key(organisation, c, second)?;
            assert!(leads.contains(&second) || is_qualifier);
        }
    }
    if after.state == SignoffState::Granted {
        assert_eq!(
            before.state,
            SignoffState::FirstKey,
            "granted without a first key"
        );
        let record = Record::thaw(after.record.as_deref().unwrap())?;
        assert!(record.gates.len() == 3 && record.gates.iter().all(|g| g.met));
        assert!(
            record
                .competencies
                .iter()
                .all(|k| k.mentor_level >= Some(k.required))
        );
        assert!(record.items.iter().all(|i| i.mark == "checked"));
        assert!(record.gaps.iter().all(|gap| gap.closed.is_some()));
        assert_eq!(record.gaps.len(), d.gaps.len());
        assert_eq!(d.ramp.state, RampState::Cleared);
        let held = clearance::store::of_person(c, mentee)?;
        assert_eq!(held.len(), 1);
        assert_eq!(held[0].signoff_id, Some(after.id));
    }
    Ok(())
}
