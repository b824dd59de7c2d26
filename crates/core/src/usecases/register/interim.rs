//! Who is on call under a supervisor, and whether the supervisor is cleared.

use crate::domain::clearance::store::covering;
use diesel::sql_types::Bool;

use super::Register;
use crate::db::fixed::{Fixed, fixed};
use crate::db::types::Day;
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::{Standing, standing};

/// SQL: whether a row of `clearances` is interim and its supervisor is not cleared in the area on the day, or has left.
/// The same rule as [`crate::domain::interim::is_supervised`].
pub fn unsupervised(today: Day) -> Fixed<Bool> {
    fixed(format!(
        "(CASE WHEN clearances.kind = 'interim' AND NOT EXISTS (SELECT 1 FROM clearances own \
         JOIN people answering ON answering.id = own.person_id AND answering.deactivated_at IS NULL \
         WHERE own.person_id = clearances.supervisor_id AND own.area_id = clearances.area_id \
         AND {} AND own.holds_until >= ",
        covering("own")
    ))
    .on(today, ") THEN TRUE ELSE FALSE END)")
}

impl Register {
    /// Whether the supervisor of this clearance is still cleared; true for every clearance that is not interim or not
    /// valid.
    pub fn is_supervised(&self, held: &Clearance) -> bool {
        standing(Some(held), self.today) != Standing::Interim
            || !self.unsupervised.contains(&held.id)
    }

    /// Valid interim clearances in an area, by name of their holder.
    pub fn interim(&self, area_id: i64) -> impl Iterator<Item = &Clearance> {
        let of_area = self.active.iter();
        of_area
            .filter_map(move |person| self.clearance(person.id, area_id))
            .filter(|held| standing(Some(held), self.today) == Standing::Interim)
    }
}
