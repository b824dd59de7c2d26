//! What a deed tells, and to whom: a pure value of what was decided, one function a deed.

use crate::db::types::{Day, UtcTime};
use crate::domain::assessment::Stream;
use crate::domain::clearance::model::Clearance;
use crate::domain::notification::Kind;
use crate::domain::notification::model::Cause;
use crate::domain::postmortem::Postmortem;
use crate::domain::ramp::model::Ramp;
use crate::domain::ramp::part::Part;
use crate::domain::shift::model::Shift;
use crate::usecases::dossier::Dossier;
use crate::usecases::drill::detail::DrillDetail;

/// Mentee and current mentors.
pub fn everyone(dossier: &Dossier) -> Vec<i64> {
    let mentors = dossier.parties.mentors.iter().copied();
    mentors.chain([dossier.ramp.mentee_id]).collect()
}

fn of_ramp(kind: Kind, ramp: &Ramp, object: String, path: String) -> Cause {
    Cause::new(kind, object, path).of_ramp(ramp.id, ramp.mentee_id, ramp.area_id)
}

/// Something about the ramp itself.
pub fn ramp(kind: Kind, ramp: &Ramp, path: &str) -> Cause {
    let path = format!("/ramps/{}{path}", ramp.id);
    of_ramp(kind, ramp, format!("ramp:{}", ramp.id), path)
}

/// A request to ramp that a lead declined.
pub fn ramp_declined(id: i64, (person_id, area_id): (i64, i64), slug: &str) -> Cause {
    let (object, path) = (format!("ramp_request:{id}"), format!("/areas/{slug}/queue"));
    Cause::new(Kind::RampDeclined, object, path)
        .about(person_id)
        .area(area_id)
}

/// A session, by the moment it names.
pub fn session(kind: Kind, ramp: &Ramp, id: i64, at: UtcTime) -> Cause {
    let (object, path) = (format!("session:{id}"), format!("/sessions/{id}"));
    of_ramp(kind, ramp, object, path).at(at)
}

/// A shift: `how` is planned, moved or cancelled.
pub fn shift(ramp: &Ramp, id: i64, (how, at): (&str, UtcTime)) -> Cause {
    let (object, path) = (format!("shift:{id}"), format!("/shifts/{id}"));
    of_ramp(Kind::ShiftPlanned, ramp, object, path)
        .titled(how)
        .at(at)
}

/// The two who are on it.
pub fn on_shift(shift: &Shift) -> [i64; 2] {
    [shift.mentee_id, shift.with_id]
}

pub fn drill(kind: Kind, (id, area_id): (i64, i64), title: &str, at: UtcTime) -> Cause {
    Cause::new(kind, format!("drill:{id}"), format!("/drills/{id}"))
        .area(area_id)
        .titled(title)
        .at(at)
}

/// Everyone with a part in it.
pub fn in_drill(detail: &DrillDetail) -> Vec<i64> {
    detail.parts.iter().map(|p| p.about.person_id).collect()
}

/// A reading club. Not everyone in it may read its post-mortem, not even the title.
pub fn club(kind: Kind, id: i64, found: &Postmortem, at: UtcTime) -> Cause {
    let cause = Cause::new(kind, format!("club:{id}"), format!("/clubs/{id}")).at(at);
    match found.access().is_open() {
        true => cause.titled(&found.document.title),
        false => cause,
    }
}

/// New judgements of one side, for the other one.
pub fn assessed(dossier: &Dossier, stream: Stream, count: usize) -> (Cause, Vec<i64>) {
    let what = match count {
        1 => "1 competency".to_owned(),
        n => format!("{n} competencies"),
    };
    let id = dossier.ramp.id;
    let path = Part::Competencies.of(id);
    let cause = of_ramp(Kind::Assessed, &dossier.ramp, format!("ramp:{id}"), path).titled(what);
    let to = match stream {
        Stream::Mentor => vec![dossier.ramp.mentee_id],
        Stream::Self_ => dossier.parties.mentors.clone(),
    };
    (cause, to)
}

pub fn signoff(kind: Kind, ramp: &Ramp, id: i64) -> Cause {
    let (object, path) = (format!("signoff:{id}"), format!("/sign-offs/{id}"));
    of_ramp(kind, ramp, object, path)
}

/// A clearance: `how` is what was done with it.
pub fn clearance(
    kind: Kind,
    (id, person_id, area_id): (i64, i64, i64),
    (how, ends_on): (&str, Day),
) -> Cause {
    let cause = Cause::new(kind, format!("clearance:{id}"), format!("/clearances/{id}"))
        .about(person_id)
        .area(area_id)
        .titled(how);
    match ends_on == Day::NEVER {
        true => cause,
        false => cause.due_on(ends_on),
    }
}

/// The row, the holder and the area of a clearance.
pub fn of_clearance(held: &Clearance) -> (i64, i64, i64) {
    (held.id, held.person_id, held.area_id)
}
