//! The only place that knows what time it is; everything else gets the time as an argument.

use std::sync::{Arc, Mutex, PoisonError};

use crate::db::types::UtcTime;

/// A machine's clock that is set back by less than that stands still until it has caught up, so that what happens later
/// is not dated earlier. One that was set back further was wrong before.
const CORRECTION_SECONDS: i64 = 600;

/// Where "now" comes from: the machine, or a test.
#[derive(Debug, Clone)]
pub enum Clock {
    System {
        /// The latest time that was told.
        last: Arc<Mutex<Option<UtcTime>>>,
    },
    /// A clock that stops until it is set; for tests and for the demo's history.
    Manual(Arc<Mutex<UtcTime>>),
}

impl Clock {
    pub fn system() -> Self {
        Self::System {
            last: Arc::default(),
        }
    }

    pub fn manual(at: UtcTime) -> Self {
        Self::Manual(Arc::new(Mutex::new(at)))
    }

    pub fn now(&self) -> UtcTime {
        match self {
            #[expect(clippy::disallowed_methods, reason = "the clock is where now is asked")]
            Self::System { last } => {
                let now = UtcTime::from(jiff::Timestamp::now());
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                let told = steady(*last, now);
                *last.insert(told)
            }
            Self::Manual(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Sets a manual clock; does nothing to the machine's clock.
    pub fn set(&self, to: UtcTime) {
        if let Self::Manual(at) = self {
            *at.lock().unwrap_or_else(PoisonError::into_inner) = to;
        }
    }
}

fn steady(last: Option<UtcTime>, now: UtcTime) -> UtcTime {
    match last {
        Some(last) if last > now && last.seconds_since(now) < CORRECTION_SECONDS => last,
        _ => now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_set_back_a_little_stands_still_and_one_that_was_wrong_is_corrected() {
        let noon = UtcTime::stored("2026-11-23 12:00:00").unwrap();
        let told = |seconds| steady(Some(noon), noon.plus_seconds(seconds));
        assert_eq!(told(1), noon.plus_seconds(1));
        assert_eq!(told(-1), noon);
        assert_eq!(told(1 - CORRECTION_SECONDS), noon);
        assert_eq!(told(-86_400), noon.plus_seconds(-86_400));
        assert_eq!(steady(None, noon), noon);
    }
}
