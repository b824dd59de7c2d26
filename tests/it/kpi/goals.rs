//! A team pins up to five figures as its goals, and all its members see them on Home.

use checkride::domain::kpi::goal::MOST;
use checkride::domain::kpi::{Kpi, Measure, store};
use checkride::usecases::kpi::Scope;
use checkride::usecases::kpi::cache::{self, Computed, Known};

use crate::support::{Client, Role, Site, at_once};

fn team(site: &Site) -> i64 {
    crate::permissions::owners(site)
}

fn pin(site: &Site, client: &Client, kpi: Kpi, how: &str) -> u16 {
    let path = format!("/kpis/teams/{}/{}/{how}", team(site), kpi.word());
    client.send(&path, &[]).status
}

#[test]
fn a_team_has_five_goals_at_most_and_takes_one_off_again() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    for kpi in &Kpi::ALL[..MOST] {
        assert_eq!(pin(&site, &lead, *kpi, "pin"), 303);
    }
    assert_eq!(pin(&site, &lead, Kpi::FirstShifts, "pin"), 409);
    assert_eq!(pin(&site, &lead, Kpi::ALL[0], "unpin"), 303);
    assert_eq!(pin(&site, &lead, Kpi::ALL[0], "unpin"), 409);
    assert_eq!(pin(&site, &lead, Kpi::FirstShifts, "pin"), 303);
    let team = team(&site);
    let pinned = site.app.db(|c| store::pins(c, team));
    assert_eq!(pinned.len(), MOST);
}

#[test]
fn two_who_pin_the_same_figure_at_once_pin_it_once() {
    let site = Site::open();
    let clients = [
        site.client(Role::OwnerLead),
        site.client(Role::Administrator),
    ];
    let mut statuses = at_once(2, |n| pin(&site, &clients[n], Kpi::Cadence, "pin"));
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
}

#[test]
fn goals_show_on_the_home_of_all_members_with_the_number_that_is_known() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    assert_eq!(pin(&site, &lead, Kpi::Coverage, "pin"), 303);
    lead.get("/").assert_text("Goals of your team");
    let now = site.app.now();
    let known = Known {
        kpi: Kpi::Coverage,
        main: Measure {
            value: Some(1.75),
            n: 40,
        },
        others: Vec::new(),
        is_withheld: false,
    };
    let computed = Computed {
        figures: vec![known],
        behind: Vec::new(),
    };
    let scope = Scope::Team(team(&site));
    site.app
        .db(|c| cache::keep(c, &scope, now.day(), &computed.packed()?, now));
    lead.get("/").assert_text("1.75");
    let other = site.client(Role::Mentee).get("/").text();
    assert!(!other.contains("Goals of your team"), "another team's goal");
}
