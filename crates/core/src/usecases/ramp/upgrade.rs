//! A ramp stays on its pinned standard (rule 8). Checkride offers a newer version with a diff. An upgrade keeps every
//! assessment whose competency still exists.

use diesel::prelude::*;
use serde_json::json;

use crate::db::Conn;
use crate::db::schema::{ramp_upgrades, ramps};
use crate::domain::assessment::Stream;
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::people::Actor;
use crate::domain::ramp::{MarkKind, Parties, RampState};
use crate::domain::readiness::Excused;
use crate::domain::standard;
use crate::domain::standard::{Content, Gate, Standard};
use crate::error::{Error, Result};
use crate::usecases::dossier::Dossier;

/// The effect of an upgrade on a ramp.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Competencies with a mentor assessment that the newer version still has.
    pub judged: usize,
    /// Checked items that the newer version still has.
    pub checked: usize,
    /// Codes of lines that only the newer version has.
    pub new: Vec<String>,
    /// Codes of assessed or checked lines that the newer version no longer has.
    pub gone: Vec<String>,
}

/// A line is the same when its code is.
pub fn outcome(
    before: &Content,
    after: &Content,
    judged: &[String],
    checked: &[String],
) -> Outcome {
    let still_exists =
        |code: &&String| after.competency(code).is_some() || after.item(code).is_some();
    let is_new = |code: &&str| before.competency(code).is_none() && before.item(code).is_none();
    Outcome {
        judged: judged.iter().filter(still_exists).count(),
        checked: checked.iter().filter(still_exists).count(),
        new: after.codes().filter(is_new).map(str::to_owned).collect(),
        gone: judged
            .iter()
            .chain(checked)
            .filter(|code| !still_exists(code))
            .cloned()
            .collect(),
    }
}

/// Competencies with a mentor assessment, and checked items.
pub fn done_on(dossier: &Dossier) -> (Vec<String>, Vec<String>) {
    let by_mentor = dossier
        .assessments
        .iter()
        .filter(|a| a.stream == Stream::Mentor);
    let mut judged: Vec<String> = by_mentor
        .filter(|a| a.level.is_some())
        .map(|a| a.competency_code.clone())
        .collect();
    judged.sort();
    judged.dedup();
    let checked = dossier.marks.iter().filter(|m| m.mark == MarkKind::Checked);
    (judged, checked.map(|m| m.item_code.clone()).collect())
}

/// The mentors of a ramp, and those who arrange it, may upgrade it.
pub fn may_upgrade(parties: &Parties, actor: &Actor) -> bool {
    parties.is_mentor(actor) || parties.may_arrange(actor)
}

/// Nothing moves while a sign-off is open. A proposed ramp can be declined and proposed again.
pub fn fits(state: RampState) -> bool {
    matches!(state, RampState::Active | RampState::Paused)
}

/// The newer version on offer, for someone who may take it.
///
/// Errors: [`Error::Forbidden`] unless they may; [`Error::Conflict`] when there is none, or the state of the ramp does
/// not allow it.
pub fn offered(c: &mut Conn, dossier: &Dossier, actor: &Actor) -> Result<Standard> {
    if !may_upgrade(&dossier.parties, actor) {
        return Err(Error::Forbidden(
            "Only the mentors of the ramp, leads of the mentee's or the owner team, and \
             administrators can take a newer standard."
                .into(),
        ));
    }
    if !fits(dossier.ramp.state) {
        return Err(Error::Conflict(
            "A ramp can take a newer standard only while it is active or paused.".into(),
        ));
    }
    match dossier.newer {
        Some((id, _)) => standard::store::load_one(c, id),
        None => Err(Error::Conflict(format!(
            "The ramp is on version {}, the newest one.",
            dossier.standard.version
        ))),
    }
}

/// Moves a ramp from the version the form showed to the one it offered; returns its number.
///
/// Errors: Those of [`offered`]; [`Error::Conflict`] when one of the two has changed.
pub fn upgrade(c: &mut Conn, act: &Act, ramp_id: i64, (from, to): (i32, i32)) -> Result<i32> {
    let dossier = Dossier::lock(c, ramp_id, act.now.day())?;
    let by_id = act.actor.id.ok_or(Error::SignedOut)?;
    let newer = offered(c, &dossier, &act.actor)?;
    if (dossier.standard.version, newer.version) != (from, to) {
        return Err(Error::Conflict(format!(
            "The ramp is on version {} now and version {} is the newest. Look at what differs again.",
            dossier.standard.version, newer.version
        )));
    }
    if let Some(kind) = changed_waiver(&dossier, &newer.content) {
        return Err(Error::Conflict(format!(
            "The gate “{kind}” is waived, or asked to be, and version {to} asks for something else there. Have the waiver \
             revoked or refused first."
        )));
    }
    diesel::update(ramps::table.find(ramp_id))
        .set(ramps::standard_id.eq(newer.id))
        .execute(c)?;
    diesel::insert_into(ramp_upgrades::table)
        .values((
            ramp_upgrades::ramp_id.eq(ramp_id),
            ramp_upgrades::from_standard_id.eq(dossier.standard.id),
            ramp_upgrades::to_standard_id.eq(newer.id),
            ramp_upgrades::by_id.eq(by_id),
            ramp_upgrades::at.eq(act.now),
        ))
        .execute(c)?;
    let (judged, checked) = done_on(&dossier);
    let outcome = outcome(&dossier.standard.content, &newer.content, &judged, &checked);
    let entry = Entry::new("ramp.upgraded", format!("ramp:{ramp_id}"))
        .person(dossier.ramp.mentee_id)
        .area(dossier.ramp.area_id);
    let details = json!({ "from": from, "to": to, "new": outcome.new, "gone": outcome.gone });
    audit::record(c, act, entry.details(details))?;
    Ok(newer.version)
}

/// The name of a gate with an active or pending waiver that the newer version changes. The waiver excused the older
/// gate only.
fn changed_waiver(dossier: &Dossier, after: &Content) -> Option<&'static str> {
    let before = dossier.standard.content.gates.iter();
    let changed = before.filter(|gate| !after.gates.contains(gate));
    let is_waived = |gate: &&Gate| {
        let excused = Excused::Gate(gate.kind().to_owned());
        dossier.waivers.iter().any(|line| line.excused == excused)
    };
    changed.filter(is_waived).map(Gate::label).next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::standard::tests::any_content;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_upgrade_keeps_exactly_the_judgements_whose_line_still_exists(
            before in any_content(), after in any_content(), judged in prop::collection::vec(any::<bool>(), 0..8),
        ) {
            let done: Vec<String> = before
                .competencies
                .iter()
                .zip(judged)
                .filter(|(_, is)| *is)
                .map(|(c, _)| c.code.clone())
                .collect();
            let outcome = outcome(&before, &after, &done, &[]);
            prop_assert_eq!(outcome.judged + outcome.gone.len(), done.len());
            for code in &outcome.gone {
                prop_assert!(after.codes().all(|c| c != code));
            }
            for code in &outcome.new {
                prop_assert!(before.codes().all(|c| c != code));
                prop_assert!(!done.contains(code));
            }
        }
    }
}
