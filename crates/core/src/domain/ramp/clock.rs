//! The clock of a ramp: how many days were spent on it, and whether it keeps its pace. Pure.

use super::RampState;
use crate::db::types::{Day, UtcTime};
use crate::text_enum;

/// When a ramp's clock ran, in whole UTC days. It starts on the first day, or on the day the ramp was accepted if that
/// is later. It stops while the ramp is paused, and when the ramp is closed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Clock {
    begins: Option<Day>,
    /// From the day it stopped to the day it ran again; `None` while it is stopped.
    stops: Vec<(Day, Option<Day>)>,
}

impl Clock {
    /// The clock of a ramp with that first day. `steps` are the states it entered and on which day, in order.
    pub fn of(starts_on: Day, steps: impl IntoIterator<Item = (RampState, Day)>) -> Self {
        let mut clock = Self::default();
        for (state, day) in steps {
            let runs = state.is_running();
            if runs && clock.begins.is_none() {
                clock.begins = Some(day.max(starts_on));
            }
            match clock.stops.last_mut() {
                Some((_, until @ None)) if runs => *until = Some(day),
                Some((_, None)) => {}
                _ if !runs && clock.begins.is_some() => clock.stops.push((day, None)),
                _ => {}
            }
        }
        clock
    }

    /// Whether it has started and is stopped.
    pub fn is_stopped(&self) -> bool {
        self.stops.last().is_some_and(|(_, until)| until.is_none())
    }

    /// Days it ran, from its start to `today`.
    pub fn elapsed(&self, today: Day) -> i64 {
        let Some(begins) = self.begins else { return 0 };
        let paused: i64 = self
            .stops
            .iter()
            .map(|(from, until)| between(*from, until.unwrap_or(today).min(today), begins))
            .sum();
        (today.days_since(begins) - paused).max(0)
    }

    /// Days of pauses that are over: the target was moved by them.
    pub fn paused_days(&self) -> i64 {
        let Some(begins) = self.begins else { return 0 };
        self.stops
            .iter()
            .filter_map(|(from, until)| Some(between(*from, (*until)?, begins)))
            .sum()
    }

    /// Days of the current pause, until `today`: the target moves by them when the ramp resumes.
    pub fn current_pause_days(&self, today: Day) -> i64 {
        match (self.begins, self.stops.last()) {
            (Some(begins), Some((from, None))) => between(*from, today, begins),
            _ => 0,
        }
    }

    /// The pace where somebody could still do something about it: [`Self::pace`], and `None` while the clock is stopped
    /// and when every line is met.
    pub fn pace_to_keep(
        &self,
        met: usize,
        lines: usize,
        target_on: Day,
        today: Day,
    ) -> Option<PaceReport> {
        let pace = self.pace(met, lines, target_on, today);
        pace.filter(|_| !self.is_stopped() && met < lines)
    }

    /// The pace on that day, with so many lines met; `None` before the clock started.
    pub fn pace(&self, met: usize, lines: usize, target_on: Day, today: Day) -> Option<PaceReport> {
        self.begins.filter(|begins| *begins <= today)?;
        pace(met, lines, self.elapsed(today), self.planned(target_on))
    }

    /// Planned days from the start to the target.
    pub fn planned(&self, target_on: Day) -> i64 {
        self.begins.map_or(0, |begins| {
            target_on.days_since(begins) - self.paused_days()
        })
    }
}

/// Days between two days, counted from `begins` at the earliest.
fn between(from: Day, until: Day, begins: Day) -> i64 {
    until.days_since(from.max(begins)).max(0)
}

text_enum! {
    /// Whether a ramp progresses as its target requires.
    pub enum Pace {
        /// Less than a tenth of the time is over.
        TooEarly = "too_early" / "Too early to say",
        /// Below 0.9.
        Behind = "behind" / "Behind",
        OnPace = "on_pace" / "On pace",
        /// Above 1.2.
        Ahead = "ahead" / "Ahead",
    }
}

impl Pace {
    /// CSS class and icon of the badge.
    pub fn badge(self) -> (&'static str, &'static str) {
        match self {
            Self::TooEarly => ("none", "st-todo"),
            Self::Behind => ("soon", "warn"),
            Self::OnPace | Self::Ahead => ("ok", "st-cleared"),
        }
    }
}

/// The pace of a ramp, and the numbers behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaceReport {
    /// (lines met / lines) / (days / planned days), in hundredths, rounded down; `None` on the first day.
    pub hundredths: Option<u64>,
    pub pace: Pace,
    pub met: usize,
    pub lines: usize,
    /// Lines that should be met by now, rounded up; all of them after the target.
    pub due: usize,
    /// Days spent on it.
    pub days: i64,
    /// Planned days.
    pub planned: i64,
}

/// Computes the pace from the lines that the gates ask for and the clock; `None` without lines or planned days.
pub fn pace(met: usize, lines: usize, days: i64, planned: i64) -> Option<PaceReport> {
    let (elapsed, span) = (u64::try_from(days).ok()?, u64::try_from(planned).ok()?);
    if lines == 0 || span == 0 {
        return None;
    }
    let (done, all) = (u64::try_from(met).ok()?, u64::try_from(lines).ok()?);
    let hundredths = (done * span * 100).checked_div(all * elapsed);
    let pace = match hundredths {
        _ if elapsed * 10 < span => Pace::TooEarly,
        None => Pace::TooEarly,
        Some(0..90) => Pace::Behind,
        Some(90..=120) => Pace::OnPace,
        Some(_) => Pace::Ahead,
    };
    let due = (all * elapsed.min(span)).div_ceil(span);
    Some(PaceReport {
        hundredths,
        pace,
        met,
        lines,
        due: usize::try_from(due).unwrap_or(lines),
        days,
        planned,
    })
}

impl PaceReport {
    /// `1.05`; empty on the first day.
    pub fn number(&self) -> String {
        self.hundredths
            .map(|h| format!("{}.{:02}", h / 100, h % 100))
            .unwrap_or_default()
    }

    /// What should be met by now, in words.
    pub fn sentence(&self) -> String {
        format!(
            "Day {} of {}: {} of {} lines are met, {} should be by now.",
            self.days, self.planned, self.met, self.lines, self.due
        )
    }
}

/// A pairing with a session in this many days is never stale.
const STALE_DAYS: i64 = 14;

/// A pairing is stale when its last session is longer ago than two agreed intervals, and than two weeks.
pub fn is_stale(last: Day, interval_days: i32, today: Day) -> bool {
    today.days_since(last) > STALE_DAYS.max(2 * i64::from(interval_days))
}

/// Since when a pairing of a ramp under way has no session, where it is stale: its last one, else its beginning, or the
/// first day of the ramp when that is later.
pub fn stale_since(
    last_held: Option<UtcTime>,
    (paired, interval_days): (UtcTime, i32),
    starts_on: Day,
    today: Day,
) -> Option<UtcTime> {
    let since = last_held.unwrap_or_else(|| paired.max(starts_on.start()));
    is_stale(since.day(), interval_days, today).then_some(since)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(n: i64) -> Day {
        Day::parse("2026-01-01").unwrap().plus_days(n)
    }

    fn step(state: RampState, on: i64) -> (RampState, Day) {
        (state, day(on))
    }

    #[test]
    fn a_pause_takes_its_days_off_the_clock() {
        use RampState::{Active, Ended, InReview, Paused, Proposed};
        let changes = [
            step(Proposed, 0),
            step(Active, 2),
            step(Paused, 15),
            step(Active, 20),
            step(InReview, 30),
            step(Ended, 40),
        ];
        let clock = Clock::of(day(5), changes);
        let elapsed: Vec<i64> = [0, 5, 6, 15, 18, 20, 25, 40, 99]
            .into_iter()
            .map(|n| clock.elapsed(day(n)))
            .collect();
        assert_eq!(elapsed, [0, 0, 1, 10, 10, 10, 15, 30, 30]);
        assert_eq!((clock.paused_days(), clock.planned(day(90))), (5, 80));
        assert!(clock.is_stopped());

        let still = Clock::of(day(5), changes[..3].iter().copied());
        assert_eq!(
            (still.current_pause_days(day(18)), still.paused_days()),
            (3, 0)
        );
        // Accepted after the first day, so it starts on the day it was accepted.
        let late = Clock::of(day(-9), changes[..2].iter().copied());
        assert_eq!((late.elapsed(day(4)), late.planned(day(32))), (2, 30));
        // Paused and resumed before the first day: nothing is lost.
        let ahead = Clock::of(day(60), changes[..4].iter().copied());
        assert_eq!((ahead.paused_days(), ahead.elapsed(day(61))), (0, 1));
        assert_eq!(
            Clock::of(day(0), changes[..1].iter().copied()).elapsed(day(50)),
            0
        );
    }

    fn on(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn a_pairing_is_stale_the_day_after_its_limit() {
        let last = on("2026-11-01");
        assert!(
            !is_stale(last, 7, on("2026-11-15")),
            "14 days with a weekly pairing"
        );
        assert!(is_stale(last, 7, on("2026-11-16")));
        assert!(
            !is_stale(last, 10, on("2026-11-21")),
            "20 days with a pairing every ten"
        );
        assert!(is_stale(last, 10, on("2026-11-22")));
        assert!(
            !is_stale(last, 1, on("2026-11-15")),
            "never before two weeks"
        );
        assert!(
            !is_stale(on("2026-12-01"), 7, last),
            "a session still to come"
        );
    }

    #[test]
    fn the_words_for_a_pace() {
        let word = |met, days| pace(met, 20, days, 100).unwrap().pace;
        assert_eq!(word(20, 9), Pace::TooEarly);
        assert_eq!(word(0, 10), Pace::Behind);
        assert_eq!(word(2, 10), Pace::OnPace);
        assert_eq!(word(3, 10), Pace::Ahead);
        // 17.9 and 24 of 100 lines after a fifth of the time.
        let of = |met| pace(met, 100, 20, 100).unwrap().pace;
        assert_eq!(
            [17, 18, 24, 25].map(of),
            [Pace::Behind, Pace::OnPace, Pace::OnPace, Pace::Ahead]
        );
        let late = pace(18, 20, 130, 100).unwrap();
        assert_eq!((late.number().as_str(), late.due), ("0.69", 20));
        assert_eq!(pace(3, 20, 0, 100).unwrap().number(), "");
        assert_eq!(
            (pace(0, 0, 5, 100), pace(1, 2, 5, 0), pace(1, 2, -1, 9)),
            (None, None, None)
        );
    }

    proptest! {
        #[test]
        fn active_days_never_grow_while_paused_and_never_run_backwards(
            starts in -20_i64..40,
            gaps in proptest::collection::vec(0_i64..30, 1..12),
            until in 0_i64..400,
        ) {
            let mut on = 0;
            let mut changes = vec![step(RampState::Active, 0)];
            for (n, gap) in gaps.iter().enumerate() {
                on += gap;
                let state = if n % 2 == 0 { RampState::Paused } else { RampState::Active };
                changes.push(step(state, on));
            }
            let clock = Clock::of(day(starts), changes.iter().copied());
            let (today, tomorrow) = (clock.elapsed(day(until)), clock.elapsed(day(until + 1)));
            prop_assert!((0..=1).contains(&(tomorrow - today)), "{today} then {tomorrow}");
            if clock.is_stopped() && until >= on {
                prop_assert_eq!(today, tomorrow);
            }
            // The target moves by the lost days, so the planned days stay the same.
            if clock.is_stopped() && until >= on {
                let before = clock.planned(day(900));
                changes.push(step(RampState::Active, until));
                let after = Clock::of(day(starts), changes.iter().copied());
                let moved = day(900).plus_days(clock.current_pause_days(day(until)));
                prop_assert_eq!(after.planned(moved), before);
                prop_assert_eq!(after.elapsed(day(until)), today);
            }
        }

        #[test]
        fn more_lines_never_slow_a_pace_and_more_days_never_quicken_it(
            met in 0_usize..50, lines in 1_usize..60, days in 1_i64..400, planned in 1_i64..400,
        ) {
            let at = |met, days| pace(met, lines, days, planned).unwrap();
            let now = at(met, days);
            prop_assert!(at(met + 1, days).hundredths >= now.hundredths);
            prop_assert!(at(met, days + 1).hundredths <= now.hundredths);
            prop_assert!(at(met, days + 1).due >= now.due && now.due <= lines);
            prop_assert_eq!(now.pace == Pace::TooEarly, days * 10 < planned);
        }
    }
}
