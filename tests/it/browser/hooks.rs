//! A chat hook added, tried, paused and removed by a lead, with and without scripts.

use super::look;
use crate::support::browser::{Browser, Viewport};
use crate::support::{Role, Site};

#[test]
fn a_lead_adds_a_hook_for_a_program_and_tries_it() {
    for scripts in [true, false] {
        let site = Site::open();
        let lead = Browser::open(&site.app);
        lead.sign_in(site.member(Role::OwnerLead).unwrap());
        if !scripts {
            lead.without_javascript();
        }
        lead.resize(Viewport::Phone);
        lead.goto("/hooks");
        lead.see("No hook yet.");
        lead.press("Add a hook");
        lead.see("A hook names people only where clearances are told.");
        lead.goto(&format!("/hooks/new?owner=area-{}", site.area_id));
        lead.fill("name", "Rota planner");
        lead.choose("dialect", "signed");
        lead.fill("address", "https://169.254.169.254/latest");
        lead.press("Add the hook");
        lead.see("it is inside a private network");
        if scripts {
            assert_eq!(look(&lead), Vec::<String>::new());
        }
        lead.fill("address", "https://rota.example/hook");
        lead.press("Add the hook");
        lead.see("Copy now");
        lead.see("whsec_");
        if scripts {
            assert_eq!(look(&lead), Vec::<String>::new());
        }
        lead.press("Done");
        lead.see("It leads to https://rota.example.");
        lead.press("Send a test");
        lead.see("A test is on its way.");
        lead.see("Waiting");
        lead.press("Pause");
        lead.see("Ruth Abara paused it.");
        if scripts {
            assert_eq!(look(&lead), Vec::<String>::new());
        }
        lead.press("Resume");
        lead.see("The hook sends again.");
        lead.press("Remove");
        lead.press("Remove the hook");
        lead.see("There is a problem");
        lead.fill("reason", "The planner is gone");
        lead.press("Remove the hook");
        lead.see("Rota planner was removed.");
    }
}
