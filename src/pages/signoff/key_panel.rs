//! What the viewer of a sign-off may do now, why not, who can instead, and what it would change.

use crate::db::Conn;
use crate::domain::area::model::Area;
use crate::domain::clearance;
use crate::domain::clearance::effect::{Effect, EffectView, effect};
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::{ClearanceKind, ClearanceState, holds_until};
use crate::domain::people::Actor;
use crate::domain::signoff::model::Signoff;
use crate::domain::signoff::{Key, Turn};
use crate::error::Result;
use crate::time::LocalTime;
use crate::usecases::signoff::signatories::Signatories;

/// A person who could turn the due key.
pub(crate) struct Holder {
    pub name: String,
    pub handle: String,
}

/// What the viewer may do now; if nothing, why, and who can.
pub(crate) struct KeyPanel {
    pub first: bool,
    pub second: bool,
    pub due: &'static str,
    pub why_not: String,
    pub holders: Vec<Holder>,
    pub nobody: String,
}

impl KeyPanel {
    /// The panel of an open sign-off; `None` when it is decided.
    pub(crate) fn of(
        signatories: &Signatories,
        signoff: &Signoff,
        actor: &Actor,
    ) -> Result<Option<Self>> {
        let (key, refusal) = match signatories.turn(signoff, actor)? {
            Turn::Decided => return Ok(None),
            Turn::Yours(key) => (key, None),
            Turn::NotYours(key, refusal) => (key, Some(refusal)),
        };
        let (_, area, parties) = signatories.ramp(signoff.ramp_id)?;
        let holders: Vec<Holder> = signatories
            .key_holders(signoff.ramp_id, key, signoff.first_key_by)?
            .into_iter()
            .filter(|p| !actor.is(p.id))
            .map(|p| Holder {
                name: p.name.clone(),
                handle: p.handle.clone(),
            })
            .collect();
        let is_lost = holders.is_empty() && refusal.is_some();
        Ok(Some(Self {
            first: refusal.is_none() && key == Key::First,
            second: refusal.is_none() && key == Key::Second,
            due: key_word(key),
            why_not: refusal
                .map(|r| r.sentence(key, &area.name, &area.owner_team))
                .unwrap_or_default(),
            holders,
            nobody: if is_lost {
                nobody(key, area, signatories.name(parties.mentee_id))
            } else {
                String::new()
            },
        }))
    }
}

/// The name of a key.
pub(crate) fn key_word(key: Key) -> &'static str {
    match key {
        Key::First => "first key",
        Key::Second => "second key",
    }
}

/// What to do when nobody can turn a key.
pub(crate) fn nobody(key: Key, area: &Area, mentee: &str) -> String {
    let (area, team) = (&area.name, &area.owner_team);
    match key {
        Key::First => format!(
            "Nobody can turn the first key now: no mentor of this ramp is a cleared qualifier of {area}. It waits until \
             one of {mentee}'s mentors is cleared, and designated by {team} on the area's page. {team} also adds there \
             who was cleared before Checkride. Or {mentee} withdraws it, gets another mentor and asks again."
        ),
        Key::Second => format!(
            "Nobody can turn the second key now: it needs a lead of {team}, or a cleared qualifier of {area}, who \
             never mentored {mentee}. {team} can designate one on the area's page."
        ),
    }
}

/// What granting would do to the area's cover; returning leaves it as it is now.
pub(crate) fn granting(
    c: &mut Conn,
    signatories: &Signatories,
    signoff: &Signoff,
    local: &LocalTime,
) -> Result<EffectView> {
    let (ramp, area, _) = signatories.ramp(signoff.ramp_id)?;
    let today = local.now().day();
    let ends_on = area.validity().usual_end(today);
    let rule = area.rule();
    let kept = rule.kept(today, &[]);
    let granted = Clearance {
        id: i64::MAX,
        person_id: ramp.mentee_id,
        area_id: area.id,
        granted_at: local.now(),
        ends_on,
        signoff_id: Some(signoff.id),
        state: ClearanceState::Valid,
        kind: ClearanceKind::Full,
        supervisor_id: None,
        extended_at: None,
        recency_days: rule.days,
        practice: rule.need,
        practice_left: kept.left,
        practice_from: today,
        practised_on: today,
        holds_until: holds_until(ClearanceKind::Full, ends_on, kept.until),
    };
    let now = clearance::store::coverage(c, area.id, today)?;
    let effect = match signatories.is_active(ramp.mentee_id) {
        false => Effect::none(now),
        true => {
            let was = clearance::store::latest_of(c, (ramp.mentee_id, area.id))?;
            let granted = (&granted, signatories.name(ramp.mentee_id));
            effect(now, was.as_ref(), granted, today)
        }
    };
    Ok(EffectView::of(&effect, area, local))
}
