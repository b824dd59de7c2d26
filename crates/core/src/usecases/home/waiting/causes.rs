//! Causes of what waits: the same for the deed that makes it wait and for the list.

use crate::db::types::UtcTime;
use crate::domain::notification::Kind;
use crate::domain::notification::model::Cause;
use crate::domain::ramp::model::Ramp;
use crate::domain::signoff::Key;

/// The cause of a key that is due, the same for the request that makes it due and for the list.
pub fn key_waits(signoff_id: i64, ramp: &Ramp, key: Key) -> Cause {
    let words = match key {
        Key::First => "first key",
        Key::Second => "second key",
    };
    let (object, path) = (
        format!("signoff:{signoff_id}"),
        format!("/sign-offs/{signoff_id}"),
    );
    Cause::new(Kind::SignoffWaits, object, path)
        .of_ramp(ramp.id, ramp.mentee_id, ramp.area_id)
        .titled(words)
        .apart_by(words)
}

/// The cause of waivers that somebody asked for on a ramp.
pub fn waiver_waits(ramp: &Ramp) -> Cause {
    let path = format!("/ramps/{}/waivers", ramp.id);
    on_ramp(Kind::WaiverAsked, ramp, path)
}

/// The cause of a ramp that waits for being accepted.
pub fn proposal_waits(ramp: &Ramp) -> Cause {
    on_ramp(Kind::RampProposed, ramp, format!("/ramps/{}", ramp.id))
}

/// The cause of somebody who asks to ramp in an area.
pub fn ramp_asked(id: i64, (person_id, area_id): (i64, i64), slug: &str) -> Cause {
    let path = format!("/areas/{slug}/queue");
    Cause::new(Kind::RampAsked, format!("ramp_request:{id}"), path)
        .about(person_id)
        .area(area_id)
}

/// The cause of lines of a standard that are flagged as stale.
pub fn flags_wait(area_id: i64, slug: &str) -> Cause {
    let path = format!("/areas/{slug}/standard/flags");
    Cause::new(Kind::FlagsOpen, format!("area:{area_id}"), path).area(area_id)
}

/// The cause of an observation that somebody was asked for.
pub fn asked_waits(id: i64, code: &str, until: UtcTime) -> Cause {
    Cause::new(
        Kind::ObservationAsked,
        format!("asked:{id}"),
        format!("/observations/{id}"),
    )
    .titled(code)
    .at(until)
}

pub(super) fn on_ramp(kind: Kind, ramp: &Ramp, path: String) -> Cause {
    Cause::new(kind, format!("ramp:{}", ramp.id), path).of_ramp(
        ramp.id,
        ramp.mentee_id,
        ramp.area_id,
    )
}
