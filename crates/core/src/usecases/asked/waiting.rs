//! Requests that wait for an answer: those of the person who was asked, those of a ramp.

use crate::db::list::{List, Listed, entries, listed, plain};
use crate::db::types::UtcTime;
use crate::error::Result;

/// A request that nobody answered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAsk {
    pub id: i64,
    pub code: String,
    pub mentee: String,
    pub area: String,
    pub expires_at: UtcTime,
}

/// Requests to each row of `people` on open ramps, without answer; expired ones are left out when they are read.
pub fn of_person() -> Listed {
    listed(
        &[
            "CAST(q.id AS TEXT)",
            "q.competency_code",
            &plain("w.name"),
            &plain("a.name"),
            "CAST(q.expires_at AS TEXT)",
        ],
        "asked_observations q JOIN ramps r ON r.id = q.ramp_id JOIN people w ON w.id = r.mentee_id \
         JOIN areas a ON a.id = r.area_id \
         WHERE q.asked_id = people.id AND q.outcome IS NULL AND r.closed_at IS NULL",
    )
}

/// Those that can still be answered, the first to expire first.
pub fn open(list: List, now: UtcTime) -> Result<Vec<OpenAsk>> {
    let mut all = entries(list, |parts| {
        let [id, code, mentee, area, expires_at] = parts else {
            return None;
        };
        Some(OpenAsk {
            id: id.parse().ok()?,
            code: (*code).to_owned(),
            mentee: (*mentee).to_owned(),
            area: (*area).to_owned(),
            expires_at: UtcTime::stored(expires_at)?,
        })
    })?;
    all.retain(|ask| now < ask.expires_at);
    all.sort_by_key(|ask| (ask.expires_at, ask.id));
    Ok(all)
}

/// A request of a ramp that nobody answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    pub id: i64,
    pub code: String,
    pub asked_id: i64,
    pub expires_at: UtcTime,
}

/// The same of each row of `ramps`.
pub fn of_ramp() -> Listed {
    listed(
        &[
            "CAST(q.id AS TEXT)",
            "q.competency_code",
            "CAST(q.asked_id AS TEXT)",
            "CAST(q.expires_at AS TEXT)",
        ],
        "asked_observations q WHERE q.ramp_id = ramps.id AND q.outcome IS NULL",
    )
}

/// The first to expire first.
pub fn unanswered(list: List) -> Result<Vec<Unanswered>> {
    let mut all = entries(list, |parts| {
        let [id, code, asked_id, expires_at] = parts else {
            return None;
        };
        Some(Unanswered {
            id: id.parse().ok()?,
            code: (*code).to_owned(),
            asked_id: asked_id.parse().ok()?,
            expires_at: UtcTime::stored(expires_at)?,
        })
    })?;
    all.sort_by_key(|ask| (ask.expires_at, ask.id));
    Ok(all)
}
