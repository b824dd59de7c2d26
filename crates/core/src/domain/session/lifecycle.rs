//! The lifecycle of a session, and which sessions count. A recorded session never changes: it is undone, or a
//! correction replaces it, as the record replaced the plan.

use super::SessionState;
use super::model::Session;
use crate::db::types::UtcTime;
use crate::text_enum;

/// How long the person who recorded a session may undo it.
pub const UNDO_SECONDS: i64 = 600;

text_enum! {
    /// A stored step in the life of a session.
    pub enum ChangeKind {
        Planned = "planned" / "Planned",
        /// It was moved to a later or earlier time.
        Moved = "moved" / "Moved",
        /// It took place and was recorded.
        Held = "held" / "Recorded",
        Cancelled = "cancelled" / "Cancelled",
        /// Someone did not come.
        NoShow = "no_show" / "No-show",
        /// Its record was taken back.
        Undone = "undone" / "Undone",
        /// A correction replaced it.
        Corrected = "corrected" / "Corrected",
    }
}

/// What someone wants to do with a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Move,
    Cancel,
    NoShow,
    /// Record that it took place.
    Hold,
    /// Take the record back.
    Undo,
    /// Replace the record with another one.
    Correct,
}

/// Why a step is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// Another row replaced it: it was recorded or corrected.
    Superseded,
    /// Its record was undone.
    Undone,
    /// It is no longer a plan.
    Is(SessionState),
    /// Only a recorded session can be undone or corrected.
    NotHeld,
    NotBegun,
    TooLate,
}

/// The state a step leads to. Pure, so that pages can ask before anyone tries.
///
/// Errors: Why it is not allowed.
pub fn step(session: &Session, step: Step, now: UtcTime) -> Result<SessionState, Denied> {
    use SessionState::{Cancelled, Held, NoShow, Planned};
    if session.undone_at.is_some() {
        return Err(Denied::Undone);
    }
    if session.superseded_at.is_some() {
        return Err(Denied::Superseded);
    }
    match (session.state, step) {
        (Planned, Step::Move) => Ok(Planned),
        (Planned, Step::Cancel) => Ok(Cancelled),
        (Planned, Step::NoShow) if session.starts_at > now => Err(Denied::NotBegun),
        (Planned, Step::NoShow) => Ok(NoShow),
        (Planned, Step::Hold) => Ok(Held),
        (Held, Step::Undo) if now > session.undo_until() => Err(Denied::TooLate),
        (Held, Step::Undo | Step::Correct) => Ok(Held),
        (_, Step::Undo | Step::Correct) => Err(Denied::NotHeld),
        (state, _) => Err(Denied::Is(state)),
    }
}

impl Session {
    /// Nothing replaced it, and nobody undid it.
    pub fn stands(&self) -> bool {
        self.superseded_at.is_none() && self.undone_at.is_none()
    }

    /// It was held and is current: only such sessions count, everywhere.
    pub fn counts(&self) -> bool {
        self.state == SessionState::Held && self.stands()
    }

    /// It is planned, and neither held nor cancelled.
    pub fn is_plan(&self) -> bool {
        self.state == SessionState::Planned && self.stands()
    }

    /// Who recorded it; for rows from before this was stored, its mentor.
    pub fn recorder(&self) -> i64 {
        self.recorded_by.unwrap_or(self.mentor_id)
    }

    /// When it ends, or ended.
    pub fn ends_at(&self) -> UtcTime {
        self.starts_at.plus_seconds(60 * i64::from(self.minutes))
    }

    /// Until when its recorder may undo it.
    pub fn undo_until(&self) -> UtcTime {
        self.recorded_at.plus_seconds(UNDO_SECONDS)
    }
}

/// The current version of a session: itself, or its latest correction. What rests on a corrected session rests on the
/// correction.
pub fn standing(sessions: &[Session], id: i64) -> Option<&Session> {
    let mut found = sessions.iter().find(|s| s.id == id)?;
    // A chain is never longer than the list of sessions.
    for _ in sessions {
        let later = sessions
            .iter()
            .find(|s| s.supersedes_id == Some(found.id) && s.undone_at.is_none());
        match later {
            Some(later) => found = later,
            None => break,
        }
    }
    Some(found)
}

/// The record that a session corrected; `None` when it replaced a plan, or nothing.
pub fn corrected<'a>(sessions: &'a [Session], session: &Session) -> Option<&'a Session> {
    let before = session.supersedes_id?;
    sessions
        .iter()
        .find(|s| s.id == before && s.state == SessionState::Held)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::session::SessionKind;
    use crate::sample::at;
    use proptest::prelude::*;

    fn now() -> UtcTime {
        at("2026-11-12T10:00:00Z")
    }

    fn session(id: i64, state: SessionState) -> Session {
        Session {
            id,
            ramp_id: 1,
            mentor_id: 2,
            kind: SessionKind::Pairing,
            state,
            starts_at: now().plus_hours(-1),
            minutes: 45,
            summary: String::new(),
            agenda: String::new(),
            recorded_at: now(),
            recorded_by: None,
            postmortem_id: None,
            supersedes_id: None,
            superseded_at: None,
            undone_at: None,
        }
    }

    const STEPS: [Step; 6] = [
        Step::Move,
        Step::Cancel,
        Step::NoShow,
        Step::Hold,
        Step::Undo,
        Step::Correct,
    ];

    #[test]
    fn steps_of_a_session() {
        use SessionState::{Cancelled, Held, NoShow, Planned};
        let table = [
            (
                Planned,
                vec![Step::Move, Step::Cancel, Step::NoShow, Step::Hold],
            ),
            (Held, vec![Step::Undo, Step::Correct]),
            (Cancelled, vec![]),
            (NoShow, vec![]),
        ];
        for (state, allowed) in table {
            let may: Vec<Step> = STEPS
                .into_iter()
                .filter(|s| step(&session(1, state), *s, now()).is_ok())
                .collect();
            assert_eq!(may, allowed, "{state:?}");
        }
        let ahead = Session {
            starts_at: now().plus_seconds(1),
            ..session(1, Planned)
        };
        assert_eq!(step(&ahead, Step::NoShow, now()), Err(Denied::NotBegun));
        let held = session(1, Held);
        let late = held.undo_until();
        assert!(step(&held, Step::Undo, late).is_ok());
        assert_eq!(
            step(&held, Step::Undo, late.plus_seconds(1)),
            Err(Denied::TooLate)
        );
        assert!(step(&held, Step::Correct, late.plus_hours(9000)).is_ok());
    }

    /// What the use cases do with an allowed step, on rows in memory.
    fn take(rows: &mut Vec<Session>, place: usize, wanted: Step, now: UtcTime) -> bool {
        let Ok(state) = step(&rows[place], wanted, now) else {
            return false;
        };
        let new = |rows: &[Session]| Session {
            supersedes_id: Some(rows[place].id),
            recorded_at: now,
            ..session(rows.len() as i64 + 1, SessionState::Held)
        };
        match wanted {
            Step::Move => rows[place].starts_at = now.plus_hours(24),
            Step::Cancel | Step::NoShow => rows[place].state = state,
            Step::Hold | Step::Correct => {
                let new = new(rows);
                rows[place].superseded_at = Some(now);
                rows.push(new);
            }
            Step::Undo => {
                rows[place].undone_at = Some(now);
                let before = rows[place].supersedes_id;
                for row in rows.iter_mut().filter(|r| Some(r.id) == before) {
                    row.superseded_at = None;
                }
            }
        }
        true
    }

    proptest! {
        #[test]
        fn a_plan_has_at_most_one_current_row_and_undo_restores_the_one_before(
            tries in prop::collection::vec((0_usize..6, 0_usize..40, 0_i64..900), 1..40),
        ) {
            let mut rows = vec![session(1, SessionState::Planned)];
            let mut now = now();
            for (wanted, place, later) in tries {
                now = now.plus_seconds(later);
                let (wanted, place) = (STEPS[wanted], place % rows.len());
                let before = rows.clone();
                let done = take(&mut rows, place, wanted, now);
                prop_assert!(rows.len() >= before.len(), "history never shrinks");
                prop_assert_eq!(rows.iter().filter(|r| r.stands()).count(), 1);
                prop_assert!(rows.iter().filter(|r| r.counts()).count() <= 1);
                for (old, new) in before.iter().zip(&rows).filter(|(old, _)| old.state == SessionState::Held) {
                    prop_assert_eq!((old.starts_at, old.minutes, old.state), (new.starts_at, new.minutes, new.state));
                }
                if done && matches!(wanted, Step::Hold | Step::Correct) {
                    let mut back = rows.clone();
                    let last = back.len() - 1;
                    prop_assert!(take(&mut back, last, Step::Undo, now));
                    prop_assert_eq!(&back[..before.len()], &before[..], "undone is as before");
                    prop_assert_eq!(standing(&back, before[place].id).map(|s| s.id), Some(before[place].id));
                }
                if !done {
                    prop_assert_eq!(&rows, &before);
                }
                let stands = rows.iter().find(|r| r.stands()).map(|r| r.id);
                prop_assert_eq!(standing(&rows, 1).map(|s| s.id), stands);
            }
        }
    }
}
