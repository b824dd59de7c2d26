//! Moments for unit tests of pages.

use crate::db::types::UtcTime;
use crate::time::LocalTime;

/// A moment from its RFC 3339 text.
pub fn at(text: &str) -> UtcTime {
    UtcTime::from(text.parse::<jiff::Timestamp>().unwrap())
}

/// A person in Singapore at two and a half minutes past six in the evening.
pub fn local() -> LocalTime {
    LocalTime::new("Asia/Singapore", at("2026-11-12T10:02:30Z"))
}
