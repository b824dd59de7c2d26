//! Delta review: a material version of the standard asks everyone who is cleared to show just what changed. It has a
//! due date and a mark wherever the clearance is shown; it never ends a clearance.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{Date, Nullable};
use serde_json::json;

use crate::db::Conn;
use crate::db::fixed::{Fixed, fixed};
use crate::db::schema::{clearances, delta_reviews, standards};
use crate::db::types::{Day, UtcTime};
use crate::domain::audit;
use crate::domain::audit::{Act, Entry};
use crate::domain::clearance::{ClearanceKind, ClearanceState};
use crate::domain::notification::Kind;
use crate::domain::signoff::Note;
use crate::domain::standard;
use crate::domain::standard::Standard;
use crate::domain::standard::diff::{Diff, LineChange, diff};
use crate::error::{Error, Result};
use crate::usecases::clearance::detail::ClearanceDetail;
use crate::usecases::notify;
use crate::usecases::notify::causes;

/// Days from the publication until it is due.
pub const DUE_DAYS: i64 = 30;

/// An open row of `delta_reviews`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = delta_reviews)]
pub struct Delta {
    pub id: i64,
    pub clearance_id: i64,
    /// The version of their last assessment.
    pub from_standard_id: i64,
    /// The version that asks for the review.
    pub to_standard_id: i64,
    /// Due day, inclusive.
    pub due_on: Day,
    /// When it was requested.
    pub opened_at: UtcTime,
}

/// When the open review of a row of `clearances` is due.
pub fn due() -> Fixed<Nullable<Date>> {
    fixed(
        "(SELECT v.due_on FROM delta_reviews v WHERE v.clearance_id = clearances.id AND v.closed_at IS NULL \
         AND v.superseded_at IS NULL)",
    )
}

pub fn of_clearance(c: &mut Conn, clearance_id: i64) -> Result<Option<Delta>> {
    let open = delta_reviews::closed_at
        .is_null()
        .and(delta_reviews::superseded_at.is_null());
    Ok(delta_reviews::table
        .filter(delta_reviews::clearance_id.eq(clearance_id).and(open))
        .select(Delta::as_select())
        .first(c)
        .optional()?)
}

/// What someone has to show: added and changed lines. Moved and removed lines need no review.
pub fn to_show(diff: &Diff) -> impl Iterator<Item = &standard::diff::Line> {
    let lines = diff.competencies.iter().chain(&diff.items);
    lines.filter(|line| matches!(line.change, LineChange::Added | LineChange::Changed))
}

/// Requests a review from everyone with a full clearance in the area; returns how many. A suspended or lapsed clearance
/// gets one too, because it may become valid again. A new review replaces an open one and asks for both changes.
pub fn ask(c: &mut Conn, act: &Act, new: &Standard, before: &Standard) -> Result<usize> {
    let now = act.now;
    let held: Vec<(i64, Option<i64>, i64)> = clearances::table
        .filter(
            clearances::area_id
                .eq(new.area_id)
                .and(clearances::replaced_at.is_null())
                .and(clearances::kind.eq(ClearanceKind::Full))
                .and(clearances::state.ne(ClearanceState::Revoked)),
        )
        .order(clearances::id)
        .select((
            clearances::id,
            clearances::standard_id,
            clearances::person_id,
        ))
        .load(c)?;
    let of_area = clearances::table
        .filter(clearances::area_id.eq(new.area_id))
        .select(clearances::id);
    let asked = delta_reviews::table.filter(
        delta_reviews::clearance_id
            .eq_any(of_area)
            .and(delta_reviews::closed_at.is_null())
            .and(delta_reviews::superseded_at.is_null()),
    );
    let earlier: HashMap<i64, i64> = asked
        .select((delta_reviews::clearance_id, delta_reviews::from_standard_id))
        .load(c)?
        .into_iter()
        .collect();
    diesel::update(asked)
        .set(delta_reviews::superseded_at.eq(Some(now)))
        .execute(c)?;
    for (id, judged_by, person_id) in &held {
        let from = earlier.get(id).copied().or(*judged_by).unwrap_or(before.id);
        open(c, *id, (from, new.id), now)?;
        let due_on = now.day().plus_days(DUE_DAYS);
        let key = (*id, *person_id, new.area_id);
        let asked = causes::clearance(Kind::DeltaAsked, key, ("", due_on));
        notify::tell(c, act, &asked, [*person_id])?;
    }
    Ok(held.len())
}

/// Requests the review of a clearance that is granted on a version with a later material one.
pub fn ask_of_granted(c: &mut Conn, clearance_id: i64, on: &Standard, now: UtcTime) -> Result<()> {
    let later = standards::table
        .filter(
            standards::area_id
                .eq(on.area_id)
                .and(standards::version.gt(on.version))
                .and(standards::published_at.is_not_null()),
        )
        .order(standards::version.desc())
        .select((standards::id, standards::material));
    let later: Vec<(i64, bool)> = later.load(c)?;
    let newest = later.first().map(|(id, _)| *id);
    if let Some(newest) = newest.filter(|_| later.iter().any(|(_, material)| *material)) {
        open(c, clearance_id, (on.id, newest), now)?;
    }
    Ok(())
}

fn open(c: &mut Conn, clearance_id: i64, (from, to): (i64, i64), now: UtcTime) -> Result<()> {
    diesel::insert_into(delta_reviews::table)
        .values((
            delta_reviews::clearance_id.eq(clearance_id),
            delta_reviews::from_standard_id.eq(from),
            delta_reviews::to_standard_id.eq(to),
            delta_reviews::due_on.eq(now.day().plus_days(DUE_DAYS)),
            delta_reviews::opened_at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

/// The two versions of a review, and their difference.
pub struct VersionDiff {
    pub from: i32,
    pub to: i32,
    pub diff: Diff,
}

impl VersionDiff {
    pub fn load(c: &mut Conn, delta: &Delta) -> Result<Self> {
        let from = standard::store::load_one(c, delta.from_standard_id)?;
        let to = standard::store::load_one(c, delta.to_standard_id)?;
        Ok(Self {
            diff: diff(&from.content, &to.content),
            from: from.version,
            to: to.version,
        })
    }
}

/// Closes a review: every added or changed line was shown. From then on the clearance is on that version.
///
/// Errors: [`Error::Forbidden`] for the holder, for who mentored them in the area, and for everyone but cleared
/// qualifiers of the area and leads of its owner team; [`Error::Invalid`] when a line is missing; [`Error::Conflict`] when it was closed before, or a newer
/// version asks for more.
pub fn close(
    c: &mut Conn,
    act: &Act,
    clearance_id: i64,
    delta_id: i64,
    seen: &[String],
    note: &Note,
) -> Result<()> {
    let detail = ClearanceDetail::lock(c, act, clearance_id, &[])?;
    let by_id = detail.permit_close(&act.actor, act.now.day())?;
    let overtaken = || {
        Error::Conflict(
            "This review was closed just now, or a newer version asks for more. Load the page again.".into(),
        )
    };
    let delta = of_clearance(c, clearance_id)?
        .filter(|delta| delta.id == delta_id && detail.later().is_none())
        .ok_or_else(overtaken)?;
    let versions = VersionDiff::load(c, &delta)?;
    let missing = to_show(&versions.diff).find(|line| !seen.contains(&line.code));
    if let Some(line) = missing {
        return Err(Error::field(
            "seen",
            format!(
                "{} was not seen yet. Practise first what cannot be shown.",
                line.code
            ),
        ));
    }
    let open = delta_reviews::id
        .eq(delta.id)
        .and(delta_reviews::closed_at.is_null())
        .and(delta_reviews::superseded_at.is_null());
    let closed = diesel::update(delta_reviews::table.filter(open))
        .set((
            delta_reviews::closed_at.eq(Some(act.now)),
            delta_reviews::closed_by.eq(Some(by_id)),
            delta_reviews::closing_note.eq(note.as_str()),
        ))
        .execute(c)?;
    if closed != 1 {
        return Err(overtaken());
    }
    diesel::update(clearances::table.find(clearance_id))
        .set(clearances::standard_id.eq(Some(delta.to_standard_id)))
        .execute(c)?;
    crate::domain::clearance::store::keep(c, clearance_id, act.now)?;
    let entry = Entry::new(
        "clearance.delta_reviewed",
        format!("clearance:{clearance_id}"),
    )
    .person(detail.held.person_id)
    .area(detail.held.area_id);
    let details =
        json!({ "from": versions.from, "to": versions.to, "seen": seen, "note": note.as_str() });
    audit::record(c, act, entry.details(details))
}
