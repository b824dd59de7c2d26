//! Interim clearances without a supervisor, on home of the leads of their area.

use crate::pages::home::Waiting;
use crate::pages::home::build::Home;

impl Home {
    /// A line each, in the areas the person leads.
    pub(super) fn unsupervised(&self) -> Vec<Waiting> {
        let register = &self.register;
        let led = register
            .areas()
            .iter()
            .filter(|a| a.archived_at.is_none() && self.context.actor.leads(a.owner_team_id));
        led.flat_map(|area| register.interim(area.id))
            .filter(|held| !register.is_supervised(held))
            .map(|held| Waiting {
                css: "soon",
                icon: "st-interim",
                href: format!("/clearances/{}", held.id),
                title: format!(
                    "{}, {}",
                    register.name(held.person_id),
                    register.area_name(held.area_id)
                ),
                note:
                    "Interim clearance without supervisor: nobody who is cleared answers for them"
                        .into(),
                button: "Name one",
            })
            .collect()
    }
}
