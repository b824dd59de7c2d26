//! Recertification: a short ramp on the current standard that carries over what is still fresh.

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::schema::{assessments, item_marks, ramps};
use crate::db::types::Day;
use crate::domain::assessment::Stream;
use crate::domain::assessment::model::Assessment;
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::store::lock_latest_of;
use crate::domain::clearance::{ClearanceKind, ClearanceState};
use crate::domain::ramp::MarkKind;
use crate::domain::ramp::model::Mark;
use crate::domain::standard::Content;
use crate::error::Result;

/// Days for which an assessment, a check, a shift, a drill or a discussion is fresh.
pub const FRESH_DAYS: i64 = 180;

/// Planned weeks of a recertification.
pub const WEEKS: i64 = 4;

/// First day that still counts as fresh, inclusive.
pub fn fresh_from(today: Day) -> Day {
    today.plus_days(-FRESH_DAYS)
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Carried {
    /// The latest mentor assessment of each competency that still exists; before it those with stronger evidence.
    pub judgements: Vec<Assessment>,
    /// Checks of items that still exist.
    pub checks: Vec<Mark>,
}

/// The fresh assessments and checks, in order of their rows. A competency is the same as long as its code is. The
/// engine decides whether the level is enough for the current standard. A lower assessment hides the higher ones before
/// it (rule 4). A check that was taken back does not count. A later assessment with weaker evidence takes nothing away:
/// the stronger one is carried over too, unless a later one fell below the required level.
pub fn carried(
    judgements: &[Assessment],
    marks: &[Mark],
    content: &Content,
    today: Day,
) -> Carried {
    let from = fresh_from(today);
    let counts = |a: &&Assessment| a.stream == Stream::Mentor && a.level.is_some();
    let still_counts = |a: &&Assessment| {
        let Some(competency) = content.competency(&a.competency_code) else {
            return false;
        };
        let mut later = judgements
            .iter()
            .filter(counts)
            .filter(|l| l.id > a.id && l.competency_code == a.competency_code)
            .peekable();
        let enough = Some(competency.required_level);
        later.peek().is_none()
            || (a.level >= enough && later.all(|l| l.level >= enough && l.strength < a.strength))
    };
    let is_checked = |m: &&Mark| {
        let mut later = marks.iter();
        m.mark == MarkKind::Checked && !later.any(|l| l.id > m.id && l.item_code == m.item_code)
    };
    let judgements = judgements
        .iter()
        .filter(counts)
        .filter(still_counts)
        .filter(|a| a.at.day() >= from);
    let checks = marks
        .iter()
        .filter(is_checked)
        .filter(|m| m.at.day() >= from && content.item(&m.item_code).is_some());
    Carried {
        judgements: judgements.cloned().collect(),
        checks: checks.cloned().collect(),
    }
}

/// The clearance that a new ramp renews: a full one that is valid or lapsed. A suspended one is reinstated or revoked
/// instead, and after a revocation nothing is carried over.
pub fn renewed(c: &mut Conn, key: (i64, i64)) -> Result<Option<Clearance>> {
    Ok(lock_latest_of(c, key)?.filter(can_renew))
}

pub fn can_renew(held: &Clearance) -> bool {
    held.kind == ClearanceKind::Full && held.state == ClearanceState::Valid
}

/// Makes a new ramp the renewal of a clearance and carries over what is fresh; returns what was carried.
pub fn begin(
    c: &mut Conn,
    ramp_id: i64,
    held: &Clearance,
    content: &Content,
    today: Day,
) -> Result<Carried> {
    diesel::update(ramps::table.find(ramp_id))
        .set((
            ramps::renews_id.eq(Some(held.id)),
            ramps::counts_from.eq(fresh_from(today)),
        ))
        .execute(c)?;
    let before = ramps::table
        .filter(
            ramps::mentee_id
                .eq(held.person_id)
                .and(ramps::area_id.eq(held.area_id))
                .and(ramps::id.ne(ramp_id)),
        )
        .select(ramps::id);
    let judgements: Vec<Assessment> = assessments::table
        .filter(assessments::ramp_id.eq_any(before))
        .order(assessments::id)
        .select(Assessment::as_select())
        .load(c)?;
    let marks: Vec<Mark> = item_marks::table
        .filter(item_marks::ramp_id.eq_any(before))
        .order(item_marks::id)
        .select(Mark::as_select())
        .load(c)?;
    let carried = carried(&judgements, &marks, content, today);
    for a in &carried.judgements {
        diesel::insert_into(assessments::table)
            .values((
                assessments::ramp_id.eq(ramp_id),
                assessments::competency_code.eq(&a.competency_code),
                assessments::stream.eq(a.stream),
                assessments::level.eq(a.level),
                assessments::by_id.eq(a.by_id),
                assessments::at.eq(a.at),
                assessments::evidence.eq(&a.evidence),
                assessments::strength.eq(a.strength),
                assessments::evidence_session_id.eq(a.evidence_session_id),
                assessments::evidence_shift_id.eq(a.evidence_shift_id),
                assessments::evidence_drill_id.eq(a.evidence_drill_id),
                assessments::evidence_activity_id.eq(a.evidence_activity_id),
                assessments::evidence_asked_id.eq(a.evidence_asked_id),
                assessments::carried_from.eq(Some(a.id)),
            ))
            .execute(c)?;
    }
    for m in &carried.checks {
        diesel::insert_into(item_marks::table)
            .values((
                item_marks::ramp_id.eq(ramp_id),
                item_marks::item_code.eq(&m.item_code),
                item_marks::mark.eq(m.mark),
                item_marks::by_id.eq(m.by_id),
                item_marks::at.eq(m.at),
                item_marks::carried_from.eq(Some(m.id)),
            ))
            .execute(c)?;
    }
    Ok(carried)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::readiness::{Facts, Judgement, Readiness, evaluate};
    use crate::domain::standard::{Level, Strength};
    use crate::sample::{day, lines};
    use proptest::prelude::*;

    fn judged(id: i64, code: &str, at: &str, stream: Stream, level: i64) -> Assessment {
        Assessment {
            id,
            ramp_id: 1,
            competency_code: code.into(),
            stream,
            level: Level::new(level),
            by_id: 2,
            at: day(at).start(),
            evidence: String::new(),
            evidence_session_id: None,
            evidence_shift_id: None,
            evidence_drill_id: None,
            evidence_activity_id: None,
            evidence_asked_id: None,
            strength: Strength::Lab,
        }
    }

    fn marked(id: i64, code: &str, at: &str, mark: MarkKind) -> Mark {
        Mark {
            id,
            ramp_id: 1,
            item_code: code.into(),
            mark,
            by_id: 2,
            at: day(at).start(),
        }
    }

    fn readiness(judgements: &[Assessment], today: Day) -> Readiness {
        let judgement = |a: &Assessment| Judgement {
            id: a.id,
            code: a.competency_code.clone(),
            stream: a.stream,
            level: a.level,
            strength: a.strength,
        };
        let facts = Facts {
            judgements: judgements.iter().map(judgement).collect(),
            ..Facts::default()
        };
        evaluate(&lines(&["A", "B", "C", "D"], &["K", "L"]), &facts, today)
    }

    proptest! {
        #[test]
        fn a_renewal_changes_neither_level_nor_strength(
            said in prop::collection::vec((0..6_i64, 0..5_usize), 1..8),
        ) {
            let today = day("2026-11-23");
            let judgements: Vec<Assessment> = (1..)
                .zip(&said)
                .map(|(id, (level, strength))| Assessment {
                    strength: Strength::ALL[*strength],
                    ..judged(id, "A", "2026-10-01", Stream::Mentor, *level)
                })
                .collect();
            let carried = carried(&judgements, &[], &lines(&["A", "B", "C", "D"], &["K", "L"]), today).judgements;
            let (before, after) = (readiness(&judgements, today), readiness(&carried, today));
            let of = |r: &Readiness| {
                let state = r.competency("A").unwrap();
                (state.mentor_level, state.met, state.strength)
            };
            prop_assert_eq!(of(&after), of(&before));
            prop_assert!(carried.len() <= Strength::ALL.len(), "at most what says something");
        }
    }

    #[test]
    fn fresh_assessments_are_carried_over_and_the_latest_counts() {
        // 180 days before this day is 27 May.
        let today = day("2026-11-23");
        let judgements = [
            judged(1, "A", "2026-05-27", Stream::Mentor, 3),
            judged(2, "B", "2026-05-26", Stream::Mentor, 3),
            judged(3, "C", "2026-08-01", Stream::Mentor, 4),
            judged(4, "C", "2026-09-01", Stream::Mentor, 2),
            judged(5, "C", "2026-10-01", Stream::Mentor, 0),
            judged(6, "D", "2026-10-01", Stream::Self_, 4),
            judged(7, "GONE", "2026-10-01", Stream::Mentor, 4),
        ];
        let marks = [
            marked(1, "K", "2026-10-01", MarkKind::Checked),
            marked(2, "L", "2026-10-01", MarkKind::Checked),
            marked(3, "L", "2026-10-02", MarkKind::Open),
            marked(4, "GONE", "2026-10-02", MarkKind::Checked),
        ];
        let carried = carried(
            &judgements,
            &marks,
            &lines(&["A", "B", "C", "D"], &["K", "L"]),
            today,
        );
        let ids: Vec<i64> = carried.judgements.iter().map(|a| a.id).collect();
        assert_eq!(ids, [1, 4], "on the last fresh day; the later, lower one");
        let ids: Vec<i64> = carried.checks.iter().map(|m| m.id).collect();
        assert_eq!(ids, [1]);
    }
}
