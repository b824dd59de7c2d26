//! The one place that knows what time it is; everybody else is told.

use std::sync::{Arc, Mutex, PoisonError};

use crate::db::types::UtcTime;

/// Where "now" comes from: the machine, or a hand on the dial.
#[derive(Debug, Clone)]
pub enum Clock {
    System,
    /// A clock that stands still until it is set; for stories and for making history.
    Manual(Arc<Mutex<UtcTime>>),
}

impl Clock {
    /// A manual clock showing `at`.
    pub fn manual(at: UtcTime) -> Self {
        Self::Manual(Arc::new(Mutex::new(at)))
    }

    /// What the clock shows.
    pub fn now(&self) -> UtcTime {
        match self {
            #[expect(clippy::disallowed_methods, reason = "the clock is where now is asked")]
            Self::System => UtcTime::from(jiff::Timestamp::now()),
            Self::Manual(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Sets a manual clock; the machine's clock is left alone.
    pub fn set(&self, to: UtcTime) {
        if let Self::Manual(at) = self {
            *at.lock().unwrap_or_else(PoisonError::into_inner) = to;
        }
    }
}
