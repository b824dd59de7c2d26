//! Suspended, reinstated, and revoked for good: each with a reason that everybody reads.

use super::look::{AT_MINIMUM, ONE_SPARE, Stands};
use super::*;

/// Three days in a row.
pub fn for_good(life: &mut Life, held: i64) {
    let deeds = [
        (
            "2027-05-31",
            Role::OwnerLead,
            Oversight::Suspend,
            "Two failovers without a call",
            Stands {
                cell: &["Suspended"],
                cover: AT_MINIMUM,
                line: "Suspended,,,no,2027-07-22,2028-04-23,",
            },
        ),
        (
            "2027-06-01",
            Role::OwnerLead,
            Oversight::Reinstate,
            "Talked it through",
            Stands {
                cell: &["Cleared practise by 22 Jul"],
                cover: ONE_SPARE,
                line: "Cleared,,,yes,2027-07-22,2028-04-23,",
            },
        ),
        (
            "2027-06-02",
            Role::Qualifier,
            Oversight::Revoke,
            "Has moved to another system",
            Stands {
                cell: &["Revoked"],
                cover: AT_MINIMUM,
                line: "Revoked,,,no,2027-07-22,2028-04-23,",
            },
        ),
    ];
    for (day, role, deed, reason, stands) in deeds {
        life.on(day);
        life.client(role)
            .oversee(held, deed, reason)
            .assert_status(303);
        life.client(Role::MenteeLead)
            .clearance_page(held)
            .assert_text(reason);
        life.look(stands);
    }
}
