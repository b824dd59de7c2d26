//! Who is on call under a supervisor, and whether anybody answers for them.

use crate::domain::clearance::store::covering;
use diesel::sql_types::Bool;

use super::Register;
use crate::db::fixed::{Fixed, fixed};
use crate::db::types::Day;
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::{Standing, standing};

/// Whether a row of `clearances` is an interim one whose supervisor is not cleared in the area on the day, or has left:
/// what [`crate::domain::interim::is_supervised`] says no to, read with the row.
pub(crate) fn unsupervised(today: Day) -> Fixed<Bool> {
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
    /// Whether somebody answers for whoever is on call by this clearance; true for every one that is not interim, or does
    /// not stand.
    pub fn is_supervised(&self, held: &Clearance) -> bool {
        standing(Some(held), self.today) != Standing::Interim
            || !self.unsupervised.contains(&held.id)
    }

    /// Interim clearances that stand in an area, by name of their holder.
    pub fn interim(&self, area_id: i64) -> impl Iterator<Item = &Clearance> {
        let of_area = self.active.iter();
        of_area
            .filter_map(move |person| self.clearance(person.id, area_id))
            .filter(|held| standing(Some(held), self.today) == Standing::Interim)
    }
}
