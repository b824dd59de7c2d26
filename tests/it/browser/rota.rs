//! A lead uploads a rota, says who a name is, and accepts a finding, which stays.

use thirtyfour::By;

use super::look;
use crate::support::browser::{Browser, Viewport};
use crate::support::{Role, Site};

/// Follows the button to that page: readers of a screen hear more words than it shows.
fn follow(browser: &Browser, path: &str) {
    let css = format!("a.btn[href*='{path}']");
    browser.with(By::Css(css), async |link| link.click().await);
}

#[test]
fn a_lead_checks_a_rota_and_accepts_a_finding() {
    for scripts in [true, false] {
        let site = Site::open();
        let lead = Browser::open(&site.app);
        lead.sign_in(site.member(Role::OwnerLead).unwrap());
        if !scripts {
            lead.without_javascript();
        }
        lead.resize(Viewport::Phone);
        let clean = || {
            if scripts {
                assert_eq!(look(&lead), Vec::<String>::new());
            }
        };
        lead.goto(&format!("/areas/{}/rota", site.area_slug));
        lead.see("No rota yet.");
        lead.press("Add a rota");
        let (from, to) = (site.app.now().plus_hours(48), site.app.now().plus_hours(60));
        let written = |at: checkride::db::types::UtcTime| at.iso().replace(['-', ':'], "");
        let event = |uid: &str, title: &str| {
            format!(
                "BEGIN:VEVENT\nUID:{uid}\nSUMMARY:{title}\nDTSTART:{}\nDTEND:{}\nEND:VEVENT\n",
                written(from),
                written(to)
            )
        };
        let calendar = format!(
            "BEGIN:VCALENDAR\nPRODID:x\n{}{}END:VCALENDAR\n",
            event("a", "On call: marcus o."),
            event("b", "Secondary: Harbour night desk"),
        );
        lead.fill("name", "Payments on call");
        lead.fill("text", "BEGIN:VCALENDAR\nPRODID:x\n");
        lead.press("Add the rota");
        lead.see("This calendar is cut off");
        clean();
        lead.fill("text", &calendar);
        lead.press("Add the rota");
        lead.see("Payments on call was added.");
        lead.see("2 open, 0 accepted");
        clean();
        follow(&lead, "/rota/names");
        lead.choose("called", "on call: marcus o.");
        lead.fill("who", &site.mentor.handle);
        lead.press("Save");
        lead.see("These shifts are now those of Marcus Oyelaran.");
        lead.see("1 open, 0 accepted");
        follow(&lead, "/rota/finding");
        lead.see("It stays on the page until the day you enter.");
        clean();
        lead.press("Accept");
        lead.see("Say why, in a few words.");
        clean();
        lead.fill("reason", "The desk only forwards calls");
        // As somebody types it into the field.
        let until = site.app.now().day().plus_days(30).date();
        lead.fill("until_on", &until.strftime("%m%d%Y").to_string());
        lead.press("Accept");
        lead.see("The finding is accepted. It stays on this page.");
        lead.see("0 open, 1 accepted");
        lead.see("The desk only forwards calls");
        clean();
    }
}
