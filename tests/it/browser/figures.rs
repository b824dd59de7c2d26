//! A lead makes a key figure a goal of the team, owns its target, says why it is so, and saves its picture.

use super::look;
use crate::support::browser::{Browser, Viewport};
use crate::support::{Role, Site};

#[test]
fn a_lead_pins_a_goal_owns_its_target_and_sees_it_on_home() {
    let site = Site::open();
    let page = format!("/kpis/teams/{}/coverage", crate::permissions::owners(&site));
    for scripts in [false, true] {
        let lead = Browser::open(&site.app);
        lead.sign_in(site.member(Role::OwnerLead).unwrap());
        if !scripts {
            lead.without_javascript();
        }
        lead.resize(Viewport::Phone);
        lead.goto(&page);
        if !scripts {
            lead.press("Pin as a goal");
            lead.see("Remove from goals");
        }
        lead.press("Set the target");
        if !scripts {
            lead.fill("low", "most of them");
            lead.press("Save");
            lead.see("There is a problem");
        }
        lead.fill("low", if scripts { "1.5" } else { "1.25" });
        lead.choose("owner", &site.owner_lead.id.to_string());
        lead.press("Save");
        lead.see("owns it.");
        lead.press("Write a note");
        lead.fill("why", "Two people left in October");
        lead.fill("next", "Two ramps end in December");
        lead.press("Save");
        lead.see("Two ramps end in December");
        if scripts {
            assert_eq!(look(&lead), Vec::<String>::new());
            let svg = lead.script(
                "const link = document.querySelector('a[href$=\"trend.svg\"]'); \
                 const asked = new XMLHttpRequest(); asked.open('GET', link.href, false); asked.send(); \
                 return asked.getResponseHeader('content-disposition') + asked.responseText;",
                vec![],
            );
            let svg = svg.as_str().unwrap();
            assert!(svg.starts_with("attachment; filename=\"coverage-"), "{svg}");
            assert!(svg.contains("<svg") && svg.contains("</svg>"), "{svg}");
            assert!(!svg.contains("style="), "{svg}");
        }
        lead.goto("/");
        lead.see("Goals of your team");
        lead.see("Coverage");
        lead.see(if scripts {
            "at least 1.50"
        } else {
            "at least 1.25"
        });
    }
}
