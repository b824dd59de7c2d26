//! The moment that a file names.

use crate::db::types::UtcTime;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A moment as files write it. Without an offset it is in UTC, and a day begins at midnight.
pub(super) fn exact(text: &str) -> Option<UtcTime> {
    let text = text.trim();
    let offset = || {
        // How site generators write an offset.
        ["%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M %z"]
            .iter()
            .find_map(|format| Timestamp::strptime(format, text).ok())
    };
    let civil = || {
        let civil: DateTime = text.parse().ok()?;
        Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
    };
    let at = text.parse().ok().or_else(offset).or_else(civil);
    at.map(UtcTime::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_without_an_offset_is_in_utc() {
        for (text, iso) in [
            ("2026-06-18T19:42:00", "2026-06-18T19:42:00Z"),
            ("2026-06-18T19:42", "2026-06-18T19:42:00Z"),
            ("2026-06-18 19:42:07", "2026-06-18T19:42:07Z"),
            ("2026-06-18", "2026-06-18T00:00:00Z"),
            ("2026-06-18T19:42:00Z", "2026-06-18T19:42:00Z"),
            ("2026-06-18T19:42:00+02:00", "2026-06-18T17:42:00Z"),
            ("2026-06-18 19:42:00 +0200", "2026-06-18T17:42:00Z"),
            ("2026-06-18 19:42 -0500", "2026-06-19T00:42:00Z"),
        ] {
            assert_eq!(exact(text).map(|at| at.iso()), Some(iso.into()), "{text}");
        }
        for none in ["", "spring", "19:42", "2026-13-01", "2026-06-18T25:00"] {
            assert_eq!(exact(none), None, "{none}");
        }
    }
}
