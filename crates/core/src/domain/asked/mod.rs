//! Observations on request: after real work a mentee asks someone cleared what they saw of one competency. The answer
//! can back a judgement.

pub mod model;
pub mod store;

use crate::db::types::{Day, UtcTime};
use crate::domain::ramp::DAYS_BEFORE_RAMP;
use crate::domain::standard::{Level, Strength};
use crate::text_enum;
use crate::words::Words;
use model::Asked;

/// A request that nobody answered expires after that many days.
pub const OPEN_DAYS: i64 = 7;

/// Nobody is asked about work that is longer ago: people forget what they saw.
pub const FRESH_DAYS: i64 = 30;

/// Most characters in what was done, and in what was seen.
pub const WORDS: usize = 600;

text_enum! {
    /// What became of a request.
    pub enum Outcome {
        Answered = "answered" / "Answered",
        Declined = "declined" / "Declined",
    }
}

text_enum! {
    /// How the person who was asked knows of the work.
    pub enum Seen {
        There = "there" / "I was there and saw it",
        /// It is no more than a talk.
        Told = "told" / "They told me about it afterwards",
    }
}

impl Seen {
    /// How strong such an observation is: real work that someone saw is real, what one was told is talked through.
    pub fn strength(self) -> Strength {
        match self {
            Self::There => Strength::Real,
            Self::Told => Strength::TalkedThrough,
        }
    }
}

/// A request, as a mentee sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAsk {
    pub asked_id: i64,
    pub worked_on: Day,
    /// What they did; never empty.
    pub work: Words<WORDS>,
}

/// What someone says they saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub seen: Seen,
    pub help: Level,
    /// Never empty.
    pub words: Words<WORDS>,
}

/// How a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Open,
    Answered,
    Declined,
    Expired,
}

impl State {
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Answered => "Answered",
            Self::Declined => "Declined",
            Self::Expired => "Expired",
        }
    }
}

/// How a request stands at that moment; it expires by its date, or when its ramp is closed.
pub fn state(asked: &Asked, is_ramp_closed: bool, now: UtcTime) -> State {
    match asked.outcome {
        Some(Outcome::Answered) => State::Answered,
        Some(Outcome::Declined) => State::Declined,
        None if now < asked.expires_at && !is_ramp_closed => State::Open,
        None => State::Expired,
    }
}

/// Whether someone can be asked about work of that day.
///
/// Errors: A sentence for the field of the day.
pub fn check_day(worked_on: Day, today: Day, ramp_from: Day) -> Result<(), String> {
    match today.days_since(worked_on) {
        ..0 => Err("This day has not come yet (days are counted in UTC).".into()),
        _ if worked_on < ramp_from.plus_days(-DAYS_BEFORE_RAMP) => Err(format!(
            "This ramp starts on {ramp_from}. Work up to {DAYS_BEFORE_RAMP} days before that counts."
        )),
        n if n > FRESH_DAYS => Err(format!(
            "Ask within {FRESH_DAYS} days. People forget what they saw."
        )),
        _ => Ok(()),
    }
}

/// What happened to a request, and concerns people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    Asked,
    Answered,
    Declined,
}

/// Who is concerned: the person who was asked, then the mentee, and of an answer the mentors who judge by it.
pub fn audience(event: Event, asked: &Asked, mentee_id: i64, mentors: &[i64]) -> Vec<i64> {
    let mut all = match event {
        Event::Asked => vec![asked.asked_id],
        Event::Answered => [&[mentee_id], mentors].concat(),
        Event::Declined => vec![mentee_id],
    };
    // Who acts knows already.
    let by = match event {
        Event::Asked => mentee_id,
        Event::Answered | Event::Declined => asked.asked_id,
    };
    all.retain(|id| *id != by);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{at, day};

    fn asked() -> Asked {
        Asked {
            id: 1,
            ramp_id: 1,
            competency_code: "PAY-I2".into(),
            asked_id: 7,
            worked_on: day("2026-11-10"),
            work: "Led the retry storm".into(),
            asked_at: at("2026-11-12T10:00:00Z"),
            expires_at: at("2026-11-19T10:00:00Z"),
            outcome: None,
            closed_at: None,
            seen: None,
            help_level: None,
            words: String::new(),
        }
    }

    #[test]
    fn a_request_is_open_until_the_moment_it_expires_and_an_outcome_stays() {
        let last = at("2026-11-19T09:59:59Z");
        let table = [
            (None, last, State::Open),
            (None, at("2026-11-19T10:00:00Z"), State::Expired),
            (Some(Outcome::Answered), last, State::Answered),
            (
                Some(Outcome::Answered),
                at("2027-11-19T10:00:00Z"),
                State::Answered,
            ),
            (
                Some(Outcome::Declined),
                at("2027-11-19T10:00:00Z"),
                State::Declined,
            ),
        ];
        for (outcome, now, expected) in table {
            let asked = Asked { outcome, ..asked() };
            assert_eq!(state(&asked, false, now), expected, "{outcome:?} {now:?}");
        }
    }

    #[test]
    fn a_request_expires_with_its_ramp() {
        let before = at("2026-11-13T10:00:00Z");
        assert_eq!(state(&asked(), true, before), State::Expired);
        let answered = Asked {
            outcome: Some(Outcome::Answered),
            ..asked()
        };
        assert_eq!(state(&answered, true, before), State::Answered);
    }

    #[test]
    fn the_day_of_the_work_is_fresh_and_counts_on_the_ramp() {
        let fits =
            |worked: &str, from: &str| check_day(day(worked), day("2026-11-30"), day(from)).is_ok();
        assert!(fits("2026-11-30", "2026-01-01"));
        assert!(!fits("2026-12-01", "2026-01-01"));
        assert!(fits("2026-10-31", "2026-01-01"));
        assert!(!fits("2026-10-30", "2026-01-01"));
        assert!(fits("2026-11-20", "2026-12-20"));
        assert!(!fits("2026-11-19", "2026-12-20"));
    }

    #[test]
    fn who_is_concerned_never_names_who_acted() {
        let asked = asked();
        let of = |event| audience(event, &asked, 1, &[7, 8]);
        assert_eq!(of(Event::Asked), [7]);
        assert_eq!(of(Event::Answered), [1, 8]);
        assert_eq!(of(Event::Declined), [1]);
    }

    #[test]
    fn only_what_someone_saw_is_as_strong_as_real_work() {
        assert_eq!(Seen::There.strength(), Strength::Real);
        assert_eq!(Seen::Told.strength(), Strength::TalkedThrough);
    }
}
