//! The lifecycle of a shift, and when its debrief is due. Pure.

use super::model::Shift;
use super::{Hours, ShiftKind, ShiftState};
use crate::db::types::{Day, UtcTime};
use crate::text_enum;
use crate::time::LocalTime;

/// A debrief is due within that many working days after the shift.
const DUE_WORKING_DAYS: u32 = 2;

text_enum! {
    /// A step in the life of a shift.
    pub enum ChangeKind {
        Planned = "planned" / "planned it",
        Moved = "moved" / "moved it",
        Briefed = "briefed" / "changed the brief",
        Cancelled = "cancelled" / "cancelled it",
        Debriefed = "debriefed" / "debriefed it",
        /// Another debrief replaced the last one.
        Corrected = "corrected" / "corrected the debrief",
    }
}

/// What someone wants to do with a shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Move,
    Brief,
    Cancel,
    /// Add a line to the ledger, or undo one.
    Line,
    Debrief,
    /// Replace the last debrief with another one.
    Correct,
}

/// Why a step is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// Its state does not allow it.
    Is(ShiftState),
    NotBegun,
    Runs,
    /// A shadow shift has no ledger.
    NoLedger,
}

/// Whether a step is allowed now.
pub fn step(shift: &Shift, step: Step, now: UtcTime) -> Result<(), Denied> {
    let wanted = match step {
        Step::Correct => ShiftState::Debriefed,
        _ => ShiftState::Planned,
    };
    if shift.state != wanted {
        return Err(Denied::Is(shift.state));
    }
    match step {
        Step::Line if shift.kind == ShiftKind::Shadow => Err(Denied::NoLedger),
        Step::Line if shift.starts_at > now => Err(Denied::NotBegun),
        Step::Debrief if shift.starts_at > now => Err(Denied::NotBegun),
        Step::Debrief if shift.ends_at > now => Err(Denied::Runs),
        _ => Ok(()),
    }
}

/// Whether a shift may be moved to those hours. Before it begins: to other future hours. After that its start stays,
/// because evidence counts by it; only its end can change.
pub fn check_move(shift: &Shift, to: Hours, now: UtcTime) -> Result<(), (&'static str, String)> {
    if shift.starts_at > now {
        return to.check_ahead(now);
    }
    if to.starts_at() == shift.starts_at {
        return Ok(());
    }
    let sentence = "This shift has begun, so its start cannot change. Note differences in the debrief; if \
                    the shift was not held, cancel it.";
    Err(("starts_at", sentence.into()))
}

/// The time of an alert that is recorded now: within the shift, also when it is recorded after its end.
pub fn alert_at(shift: &Shift, now: UtcTime) -> UtcTime {
    now.min(shift.ends_at)
}

/// The last day on which the debrief of a shift is in time: the second working day (Monday to Friday) after it ended,
/// in the author's zone.
pub fn due_on(ends_at: UtcTime, zone: &str) -> Day {
    let ended_on = LocalTime::new(zone, ends_at).today();
    let mut day = ended_on;
    let mut left = DUE_WORKING_DAYS;
    while left > 0 {
        day = day.plus_days(1);
        left -= u32::from(is_working(day));
    }
    day
}

fn is_working(day: Day) -> bool {
    use jiff::civil::Weekday::{Saturday, Sunday};
    !matches!(day.date().weekday(), Saturday | Sunday)
}

/// Whether the debrief is late: the day after the last one in time has begun in the author's zone.
pub fn is_overdue(ends_at: UtcTime, zone: &str, now: UtcTime) -> bool {
    LocalTime::new(zone, now).today() > due_on(ends_at, zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::at;
    use proptest::prelude::*;

    fn shift(kind: ShiftKind, state: ShiftState) -> Shift {
        Shift {
            id: 1,
            ramp_id: 1,
            area_id: 1,
            mentee_id: 1,
            kind,
            with_id: 2,
            state,
            starts_at: at("2026-11-23T12:00:00Z"),
            ends_at: at("2026-11-23T16:00:00Z"),
            may_page: String::new(),
            runbooks: String::new(),
            learner_job: String::new(),
            who_may_touch: String::new(),
            planned_by: 2,
            planned_at: at("2026-11-20T12:00:00Z"),
            debriefed_at: None,
        }
    }

    #[test]
    fn steps_of_a_shift_before_during_and_after() {
        use Step::{Brief, Cancel, Correct, Debrief, Line, Move};
        let planned = shift(ShiftKind::ReverseShadow, ShiftState::Planned);
        let can = |shift: &Shift, now: &str| {
            [Move, Brief, Cancel, Line, Debrief, Correct]
                .map(|s| u8::from(step(shift, s, at(now)).is_ok()))
        };
        assert_eq!(can(&planned, "2026-11-23T11:59:59Z"), [1, 1, 1, 0, 0, 0]);
        assert_eq!(can(&planned, "2026-11-23T12:00:00Z"), [1, 1, 1, 1, 0, 0]);
        assert_eq!(can(&planned, "2026-11-23T15:59:59Z"), [1, 1, 1, 1, 0, 0]);
        assert_eq!(can(&planned, "2026-11-23T16:00:00Z"), [1, 1, 1, 1, 1, 0]);
        let shadow = shift(ShiftKind::Shadow, ShiftState::Planned);
        assert_eq!(can(&shadow, "2026-11-24T12:00:00Z"), [1, 1, 1, 0, 1, 0]);
        let closed = shift(ShiftKind::ReverseShadow, ShiftState::Debriefed);
        assert_eq!(can(&closed, "2026-11-24T12:00:00Z"), [0, 0, 0, 0, 0, 1]);
        let off = shift(ShiftKind::ReverseShadow, ShiftState::Cancelled);
        assert_eq!(can(&off, "2026-11-24T12:00:00Z"), [0; 6]);
    }

    #[test]
    fn only_a_future_start_moves_and_an_end_can_be_corrected() {
        let hours = |from: &str, to: &str| Hours::new(at(from), at(to)).unwrap();
        let planned = shift(ShiftKind::Shadow, ShiftState::Planned);
        let ended_sooner = hours("2026-11-23T12:00:00Z", "2026-11-23T14:00:00Z");
        let next_week = hours("2026-11-30T12:00:00Z", "2026-11-30T14:00:00Z");
        let may = |to: Hours, now: &str| check_move(&planned, to, at(now)).is_ok();
        assert!(may(ended_sooner, "2026-11-23T15:00:00Z"));
        assert!(may(next_week, "2026-11-20T15:00:00Z"));
        let later = hours("2026-11-23T12:00:01Z", "2026-11-23T16:00:00Z");
        let earlier = hours("2026-11-23T11:00:00Z", "2026-11-23T16:00:00Z");
        for to in [next_week, later, earlier] {
            for now in [
                "2026-11-23T12:00:00Z",
                "2026-11-23T15:00:00Z",
                "2026-11-25T15:00:00Z",
            ] {
                assert!(!may(to, now), "{now}");
            }
        }
        let last_week = hours("2026-11-16T12:00:00Z", "2026-11-16T14:00:00Z");
        assert!(!may(last_week, "2026-11-20T15:00:00Z"), "not begun yet");
    }

    #[test]
    fn a_debrief_is_due_two_working_days_later_where_it_is_written() {
        // ended at, zone, due on
        let table = [
            // Monday to Wednesday, and over the weekend.
            ("2026-11-23T16:00:00Z", "UTC", "2026-11-25"),
            ("2026-11-26T16:00:00Z", "UTC", "2026-11-30"),
            ("2026-11-27T16:00:00Z", "UTC", "2026-12-01"),
            ("2026-11-28T16:00:00Z", "UTC", "2026-12-01"),
            ("2026-11-29T16:00:00Z", "UTC", "2026-12-01"),
            // Thursday evening in London is Friday in Auckland.
            ("2026-11-26T16:00:00Z", "Pacific/Auckland", "2026-12-01"),
            // Monday morning in London is still Sunday in Los Angeles.
            ("2026-11-30T05:00:00Z", "America/Los_Angeles", "2026-12-01"),
            ("2026-11-30T05:00:00Z", "Europe/London", "2026-12-02"),
            // Over a leap day that is a Tuesday.
            ("2028-02-28T12:00:00Z", "UTC", "2028-03-01"),
        ];
        for (ended, zone, due) in table {
            assert_eq!(due_on(at(ended), zone).to_string(), due, "{ended} {zone}");
        }
    }

    #[test]
    fn a_debrief_is_late_from_the_first_moment_of_the_day_after() {
        let ended = at("2026-11-26T16:00:00Z");
        let late = |zone: &str, now: &str| is_overdue(ended, zone, at(now));
        assert!(!late("UTC", "2026-11-30T23:59:59Z"));
        assert!(late("UTC", "2026-12-01T00:00:00Z"));
        // In Los Angeles it is still Monday then.
        assert!(!late("America/Los_Angeles", "2026-12-01T07:59:59Z"));
        assert!(late("America/Los_Angeles", "2026-12-01T08:00:00Z"));
    }

    proptest! {
        #[test]
        fn it_is_due_on_a_working_day_two_to_four_days_later(hours in 0..100_000_i64, east in any::<bool>()) {
            let zone = if east { "Asia/Kolkata" } else { "America/St_Johns" };
            let ended = at("2026-01-01T00:00:00Z").plus_hours(hours);
            let (day, due) = (LocalTime::new(zone, ended).today(), due_on(ended, zone));
            prop_assert!(is_working(due));
            prop_assert!((2..=4).contains(&due.days_since(day)));
            let between = (1..=due.days_since(day)).filter(|n| is_working(day.plus_days(*n)));
            prop_assert_eq!(between.count(), 2);
        }
    }
}
