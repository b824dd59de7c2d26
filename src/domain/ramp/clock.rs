//! The clock of a ramp: how many days it has been worked on, and whether it keeps its pace. Pure.

use super::RampState;
use crate::db::types::Day;
use crate::text_enum;

/// When a ramp's clock ran, in whole UTC days. It runs from the first day, or the day the ramp was accepted when that is
/// later; it stands still while the ramp is paused and for good once the ramp is closed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Clock {
    begins: Option<Day>,
    /// From the day it stopped to the day it went on; `None` while it stands.
    stops: Vec<(Day, Option<Day>)>,
}

impl Clock {
    /// The clock of a ramp with that first day, from the states it came into and on which day, in order.
    pub fn of(starts_on: Day, steps: impl IntoIterator<Item = (RampState, Day)>) -> Self {
        let mut clock = Self::default();
        for (state, day) in steps {
            let runs = matches!(state, RampState::Active | RampState::InReview);
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

    /// Whether it stands still, having begun.
    pub fn is_stopped(&self) -> bool {
        self.stops.last().is_some_and(|(_, until)| until.is_none())
    }

    /// Days it ran, from its beginning to that day; none before.
    pub fn elapsed(&self, today: Day) -> i64 {
        let Some(begins) = self.begins else { return 0 };
        let stood: i64 = self
            .stops
            .iter()
            .map(|(from, until)| between(*from, until.unwrap_or(today).min(today), begins))
            .sum();
        (today.days_since(begins) - stood).max(0)
    }

    /// Days it stood still and has gone on since: those the target was moved by.
    pub fn made_up(&self) -> i64 {
        let Some(begins) = self.begins else { return 0 };
        self.stops
            .iter()
            .filter_map(|(from, until)| Some(between(*from, (*until)?, begins)))
            .sum()
    }

    /// Days the pause that lasts has taken from the ramp, until that day: by so many the target moves when it goes on.
    pub fn standing(&self, today: Day) -> i64 {
        match (self.begins, self.stops.last()) {
            (Some(begins), Some((from, None))) => between(*from, today, begins),
            _ => 0,
        }
    }

    /// The pace on that day, of a ramp with that target and so many of its lines met; `None` before it has begun.
    pub fn pace(&self, met: usize, lines: usize, target_on: Day, today: Day) -> Option<Reckoning> {
        self.begins.filter(|begins| *begins <= today)?;
        pace(met, lines, self.elapsed(today), self.planned(target_on))
    }

    /// Days the ramp is to take until its target.
    pub fn planned(&self, target_on: Day) -> i64 {
        self.begins
            .map_or(0, |begins| target_on.days_since(begins) - self.made_up())
    }
}

/// Days from one day to another, as far as they lie after the beginning.
fn between(from: Day, until: Day, begins: Day) -> i64 {
    until.days_since(from.max(begins)).max(0)
}

text_enum! {
    /// Whether a ramp comes along as its target asks.
    pub enum Pace {
        /// Less than a tenth of the time has gone.
        TooEarly = "too_early" / "Too early to say",
        /// Below 0.9.
        Behind = "behind" / "Behind",
        OnPace = "on_pace" / "On pace",
        /// Above 1.2.
        Ahead = "ahead" / "Ahead",
    }
}

impl Pace {
    /// Class and icon that go with the word.
    pub fn look(self) -> (&'static str, &'static str) {
        match self {
            Self::TooEarly => ("none", "st-todo"),
            Self::Behind => ("soon", "warn"),
            Self::OnPace | Self::Ahead => ("ok", "st-cleared"),
        }
    }
}

/// The pace of a ramp, with what it was reckoned from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reckoning {
    /// (lines met / lines) / (days / planned days), in hundredths, rounded down; `None` before the first day has gone.
    pub hundredths: Option<u64>,
    /// The word for it.
    pub pace: Pace,
    /// Lines that are met.
    pub met: usize,
    pub lines: usize,
    /// Lines that should be met by now, rounded up; all of them after the target.
    pub due: usize,
    /// Days worked on it.
    pub days: i64,
    /// Days it is to take.
    pub planned: i64,
}

/// Reckons the pace from the lines the gates ask for and the clock; `None` where there is nothing to reckon: no line,
/// no time, or not begun.
pub fn pace(met: usize, lines: usize, days: i64, planned: i64) -> Option<Reckoning> {
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
    Some(Reckoning {
        hundredths,
        pace,
        met,
        lines,
        due: usize::try_from(due).unwrap_or(lines),
        days,
        planned,
    })
}

impl Reckoning {
    /// `1.05`; empty before the first day has gone.
    pub fn number(&self) -> String {
        self.hundredths
            .map(|h| format!("{}.{:02}", h / 100, h % 100))
            .unwrap_or_default()
    }

    /// Where one should be by now, in words.
    pub fn sentence(&self) -> String {
        format!(
            "Day {} of {}: {} of {} lines are met, {} should be by now.",
            self.days, self.planned, self.met, self.lines, self.due
        )
    }
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
        assert_eq!((clock.made_up(), clock.planned(day(90))), (5, 80));
        assert!(clock.is_stopped());

        let still = Clock::of(day(5), changes[..3].iter().copied());
        assert_eq!((still.standing(day(18)), still.made_up()), (3, 0));
        // Accepted after the first day, it begins on the day it was accepted.
        let late = Clock::of(day(-9), changes[..2].iter().copied());
        assert_eq!((late.elapsed(day(4)), late.planned(day(32))), (2, 30));
        // Paused and gone on again before the first day, nothing is lost.
        let ahead = Clock::of(day(60), changes[..4].iter().copied());
        assert_eq!((ahead.made_up(), ahead.elapsed(day(61))), (0, 1));
        assert_eq!(
            Clock::of(day(0), changes[..1].iter().copied()).elapsed(day(50)),
            0
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
            // What was lost is what the target moves by: the days planned stay the same.
            if clock.is_stopped() && until >= on {
                let before = clock.planned(day(900));
                changes.push(step(RampState::Active, until));
                let after = Clock::of(day(starts), changes.iter().copied());
                let moved = day(900).plus_days(clock.standing(day(until)));
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
