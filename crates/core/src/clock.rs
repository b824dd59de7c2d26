//! The only place that knows what time it is; everything else gets the time as an argument.

use std::sync::{Arc, Mutex, PoisonError};

use crate::db::types::UtcTime;

/// Where "now" comes from: the machine, or a test.
#[derive(Debug, Clone)]
pub enum Clock {
    System,
    /// A clock that stops until it is set; for tests and for the demo's history.
    Manual(Arc<Mutex<UtcTime>>),
}

impl Clock {
    pub fn manual(at: UtcTime) -> Self {
        Self::Manual(Arc::new(Mutex::new(at)))
    }

    pub fn now(&self) -> UtcTime {
        match self {
            #[expect(clippy::disallowed_methods, reason = "the clock is where now is asked")]
            Self::System => UtcTime::from(jiff::Timestamp::now()),
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
