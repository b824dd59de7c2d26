//! Key figures: targets, notes and goals, what was computed before, who is told, and metrics.

mod figures;
mod goals;
mod kept;
mod labels;
mod targets;

use checkride::domain::kpi::{Goal, Kpi};
use checkride::usecases::kpi::actions::{NewTarget, set_target};
use checkride::usecases::kpi::subject::Whose;

use crate::support::{Role, Site};

fn payments() -> Whose {
    Whose::Area("payments".into())
}

/// Sets a target of the area, owned by that role.
fn owned_by(site: &Site, role: Role) {
    let act = site.act(Role::OwnerLead);
    let new = NewTarget {
        goal: Goal::AtLeast(1.33),
        owner_id: site.member(role).unwrap().id,
        seen: 0,
    };
    let set = |c: &mut _| set_target(c, &act, (&payments(), Kpi::Coverage), new);
    site.app.db(set);
}
