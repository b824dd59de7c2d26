//! SQL of a mentee's practice, of waivers, and of clearances in other areas: for the gates beyond sessions, checklist
//! and levels. Each list belongs to a row of `ramps`.

use crate::db::list::{List, Listed, entries, listed, row_id};
use crate::db::types::{Day, UtcTime};
use crate::domain::clearance::store::covering;
use crate::domain::postmortem::store::discussed::{Whose, in_clubs, in_sessions};
use crate::domain::readiness::{Alert, ClearedIn, Excused, Facts, Practice, Waiver};
use crate::error::Result;

pub type Expressions = (Listed, Listed, Listed, Listed, Listed, Listed, Listed);

pub type Lists = (List, List, List, List, List, List, List);

/// The lists, in the order of [`read_into`].
pub fn lists() -> Expressions {
    (
        shadowed(),
        alerts(),
        drills(),
        discussed_in_sessions(),
        discussed_in_clubs(),
        waivers(),
        cleared(),
    )
}

fn shadowed() -> Listed {
    listed(
        &["CAST(f.with_id AS TEXT)"],
        "shifts f WHERE f.mentee_id = ramps.mentee_id AND f.area_id = ramps.area_id AND f.state = 'debriefed' \
         AND f.kind = 'shadow' AND f.starts_at >= ramps.counts_from",
    )
}

/// A line counts only after someone else closed the shift or drill by a debrief.
fn alerts() -> Listed {
    let understood = "CASE WHEN l.understood THEN '1' ELSE '' END";
    let in_drill = "CASE WHEN l.drill_id IS NULL THEN '' ELSE '1' END";
    listed(
        &["l.id", "CAST(l.at AS TEXT)", understood, in_drill],
        "alerts l WHERE l.person_id = ramps.mentee_id AND l.area_id = ramps.area_id AND l.acknowledged \
         AND l.undone_at IS NULL AND l.at >= ramps.counts_from AND ( \
         EXISTS (SELECT 1 FROM shifts f WHERE f.id = l.shift_id AND f.state = 'debriefed' AND f.kind = 'reverse_shadow') \
         OR EXISTS (SELECT 1 FROM drills d JOIN drill_roles p ON p.drill_id = d.id AND p.person_id = l.person_id \
         WHERE d.id = l.drill_id AND d.state = 'debriefed' AND NOT p.was_absent))",
    )
}

fn drills() -> Listed {
    listed(
        &["p.role"],
        "drill_roles p JOIN drills d ON d.id = p.drill_id WHERE p.person_id = ramps.mentee_id \
         AND p.role IN ('primary', 'secondary') AND NOT p.was_absent AND d.area_id = ramps.area_id AND d.state = 'debriefed' \
         AND d.begun_at >= ramps.counts_from",
    )
}

fn discussed_in_sessions() -> Listed {
    listed(
        &["CAST(k.postmortem_id AS TEXT)"],
        &in_sessions(Whose::Ramp("ramps")),
    )
}

fn discussed_in_clubs() -> Listed {
    listed(
        &["CAST(b.postmortem_id AS TEXT)"],
        &in_clubs(Whose::Ramp("ramps")),
    )
}

fn waivers() -> Listed {
    listed(
        &["w.subject", "w.code", "CAST(w.ends_on AS TEXT)"],
        "waivers w WHERE w.ramp_id = ramps.id AND w.granted AND w.revoked_at IS NULL",
    )
}

fn cleared() -> Listed {
    listed(
        &["x.code", "CAST(e.holds_until AS TEXT)"],
        &format!(
            "clearances e JOIN areas x ON x.id = e.area_id WHERE e.person_id = ramps.mentee_id \
             AND e.area_id <> ramps.area_id AND {}",
            covering("e")
        ),
    )
}

/// Adds the lists to the facts of a ramp.
pub fn read_into(facts: &mut Facts, lists: Lists) -> Result<()> {
    let (shadowed, alerts, drills, discussed_in_sessions, in_clubs, waivers, cleared) = lists;
    let mut alerts = entries(alerts, alert)?;
    alerts.sort_by_key(|(when, _)| *when);
    let discussed = entries(discussed_in_sessions, row_id)?.into_iter();
    facts.practice = Practice {
        shadowed: entries(shadowed, row_id)?,
        alerts: alerts.into_iter().map(|(_, alert)| alert).collect(),
        drills: entries(drills, |parts| Some(parts == ["primary"]))?,
        discussed: discussed.chain(entries(in_clubs, row_id)?).collect(),
    };
    facts.waivers = entries(waivers, waiver)?;
    facts.cleared = entries(cleared, |parts| {
        let [area, until] = parts else { return None };
        Some(ClearedIn {
            area: (*area).to_owned(),
            until: Day::parse(until)?,
        })
    })?;
    Ok(())
}

fn alert(parts: &[&str]) -> Option<((UtcTime, i64), Alert)> {
    let [row, at, understood, in_drill] = parts else {
        return None;
    };
    let alert = Alert {
        acknowledged: true,
        understood: !understood.is_empty(),
        in_drill: !in_drill.is_empty(),
    };
    Some(((UtcTime::stored(at)?, row.parse().ok()?), alert))
}

fn waiver(parts: &[&str]) -> Option<Waiver> {
    let [subject, code, until] = parts else {
        return None;
    };
    let code = (*code).to_owned();
    Some(Waiver {
        excused: match *subject {
            "item" => Excused::Item(code),
            _ => Excused::Gate(code),
        },
        until: Day::parse(until)?,
    })
}
