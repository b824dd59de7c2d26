//! Logging a real incident, and taking it back.

use serde_json::json;

use crate::db::Conn;
use crate::db::types::UtcTime;
use crate::domain::assessment;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry, Reason};
use crate::domain::currency::store;
use crate::domain::currency::store::{Activity, NewActivity};
use crate::domain::currency::{ActivityKind, Incident, LATE_DAYS, check_day, same_link};
use crate::domain::people::Actor;
use crate::domain::ramp;
use crate::domain::ramp::model::Ramp;
use crate::error::{Error, Result};
use crate::time::LocalTime;

/// Logs a real incident that the actor handled.
///
/// Errors: [`Error::Forbidden`] unless they hold a clearance in the area or ramp in it; [`Error::Invalid`] when the day
/// does not fit, or the minutes are missing where minutes count. Returns why it does not count as practice there, if so.
pub fn log(c: &mut Conn, act: &Act, incident: &Incident) -> Result<Option<String>> {
    let person_id = act.actor.id.ok_or(Error::SignedOut)?;
    let areas = store::areas_of(c, person_id)?;
    let needs = store::needs(c, person_id, &areas)?;
    let mut each = areas.iter().zip(needs);
    let found = each.find(|(area, _)| area.id == incident.area_id);
    let (area, need) = found.ok_or_else(|| {
        Error::Forbidden(
            "Only people who are cleared in an area or ramp in it can log an incident there."
                .into(),
        )
    })?;
    check_day(incident.day, act.now.day()).map_err(|s| Error::field("day", s))?;
    if incident.minutes.is_none() && need.counts_minutes_of(ActivityKind::Incident) {
        let sentence = format!("{} counts minutes of practice: enter them.", area.name);
        return Err(Error::field("minutes", sentence));
    }
    if !incident.another {
        let logged = store::incidents(c, person_id, incident.area_id)?;
        let same = logged
            .iter()
            .find(|(_, link)| same_link(link, &incident.link));
        if let Some((day, _)) = same {
            let day = LocalTime::new("UTC", act.now).day(*day).text;
            return Err(Error::field(
                "another",
                format!(
                    "You logged this link for {day} already. Look at it, or log another incident."
                ),
            ));
        }
    }
    let new = NewActivity {
        person_id,
        area_id: incident.area_id,
        kind: ActivityKind::Incident,
        day: incident.day,
        note: incident.note.as_str().to_owned(),
        link: Some(incident.link.clone()),
        shift_id: None,
        drill_id: None,
        by_id: person_id,
        recorded_at: act.now,
        minutes: incident.minutes,
    };
    let id = store::record(c, &new)?;
    let details = json!({ "activity": id, "day": incident.day.to_string(), "link": incident.link });
    let entry = Entry::new("activity.logged", format!("person:{person_id}"));
    audit::record(
        c,
        act,
        entry
            .person(person_id)
            .area(incident.area_id)
            .details(details),
    )?;
    Ok(need.why_not(ActivityKind::Incident, incident.minutes))
}

/// The actor can take back an incident they logged by hand, for as long as it can be logged.
pub fn may_take_back(actor: &Actor, now: UtcTime, activity: &Activity) -> bool {
    let by_hand = activity.kind == ActivityKind::Incident;
    let soon = now.day().days_since(activity.recorded_at.day()) <= LATE_DAYS;
    by_hand && soon && activity.undone_at.is_none() && actor.is(activity.by_id)
}

/// Takes back an incident that the actor logged. It stays on record and no longer counts.
///
/// Errors: [`Error::NotFound`]; [`Error::Forbidden`] unless they logged it by hand; [`Error::Conflict`] when it was
/// taken back before, too much time has passed, or an assessment rests on it; [`Error::Invalid`] without a reason.
pub fn take_back(c: &mut Conn, act: &Act, id: i64, reason: &Reason) -> Result<()> {
    let activity = store::by_id(c, id)?;
    if !act.actor.is(activity.by_id) || activity.kind != ActivityKind::Incident {
        return Err(Error::Forbidden(
            "Only the person who logged an incident can take it back.".into(),
        ));
    }
    audit::require_reason(reason)?;
    // An assessment on the ramp holds this lock too, so one of the two sees the other.
    let ramps = ramp::store::of_mentee(c, activity.person_id)?;
    let is_there = |r: &&Ramp| r.area_id == activity.area_id && r.closed_at.is_none();
    if let Some(ramp) = ramps.iter().find(is_there) {
        ramp::store::lock(c, ramp.id)?;
    }
    if !may_take_back(&act.actor, act.now, &activity)
        || !store::take_back(c, &activity, activity.by_id, act.now)?
    {
        return Err(Error::Conflict(format!(
            "This incident was taken back before, or logged more than {LATE_DAYS} days ago."
        )));
    }
    if assessment::store::rests_on_activity(c, id)? {
        return Err(Error::Conflict(
            "An assessment rests on this incident, so it cannot be taken back.".into(),
        ));
    }
    let details = json!({ "activity": id, "day": activity.day.to_string() });
    let details = audit::with_reason(details, reason);
    let entry = Entry::new(
        "activity.taken_back",
        format!("person:{}", activity.person_id),
    );
    audit::record(
        c,
        act,
        entry
            .person(activity.person_id)
            .area(activity.area_id)
            .details(details),
    )
}
