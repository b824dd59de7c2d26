//! How a team is named: chosen from a list, or typed where there are too many for one.

use checkride::domain::people::Name;
use checkride::domain::people::admin::store::insert_team;
use checkride::domain::people::store::{memberships_of, teams};

use crate::support::{Form, Role, Site};

/// Two teams are there already.
fn with_many_teams() -> Site {
    let site = Site::open();
    let now = site.app.now();
    site.app.db(|c| {
        for n in 1..100 {
            insert_team(c, &Name::parse(&format!("Crew {n:03}")).unwrap(), now)?;
        }
        Ok(())
    });
    site
}

#[test]
fn few_teams_are_a_list_and_of_many_one_is_typed() {
    let site = Site::open();
    for (page, field) in [
        ("/people", "team"),
        ("/ramps", "team"),
        ("/areas/new", "owner_team"),
        ("/areas/payments/edit", "owner_team"),
        ("/admin/add-person", "team"),
        ("/admin/people/leila-haddad", "team"),
    ] {
        let is_list = |site: &Site| {
            let shown = site.client(Role::Administrator).get(page);
            let shown = shown.assert_status(200).body.clone();
            let starts = |tag: &str| {
                let mut all = shown.split(tag).skip(1);
                all.any(|rest| {
                    rest.split('>')
                        .next()
                        .unwrap()
                        .contains(&format!("name=\"{field}\""))
                })
            };
            (
                starts("<select"),
                starts("<input"),
                shown.contains("Crew 050"),
            )
        };
        assert_eq!(is_list(&site), (true, false, false), "{page}");
        assert_eq!(is_list(&with_many_teams()), (false, true, false), "{page}");
    }
}

#[test]
fn a_team_that_is_typed_filters_and_one_that_is_not_there_is_told() {
    let site = with_many_teams();
    let client = site.client(Role::OwnerLead);
    for page in ["/people", "/ramps"] {
        let found = client.get(&format!("{page}?team=STOREFRONT"));
        found.assert_status(200).assert_text("Team: Storefront");
        assert!(found.text().contains(&site.mentee.name));
        assert!(!found.text().contains(&site.admin.name));

        let unknown = client.get(&format!("{page}?team=ew+01"));
        unknown
            .assert_status(422)
            .assert_text("There is no team “ew 01”. Like it: Crew 010, Crew 011, Crew 012, Crew 013 and Crew 014.");
        assert!(unknown.body.contains("value=\"ew 01\""), "{}", unknown.body);
        assert!(unknown.body.contains(&format!("href=\"{page}.csv\"")));
        // The number of its row is not its name.
        let number = site.app.db(teams)[0].id;
        client
            .get(&format!("{page}?team={number}"))
            .assert_status(422);
        client
            .get(&format!("{page}.csv?team=nowhere"))
            .assert_status(422)
            .assert_text("There is no team “nowhere”.");
    }
}

#[test]
fn a_form_takes_the_name_of_a_team_and_loses_nothing_when_there_is_none() {
    let site = with_many_teams();
    let admin = site.client(Role::Administrator);
    let edit = "/areas/payments/edit";
    let form = Form::on(&admin.get(edit), edit);
    assert_eq!(form.get("owner_team"), Some("Payments"));
    let none = form.clone().with("owner_team", "ew 09").send(&admin);
    none.assert_status(422)
        .assert_text("There is no team “ew 09”. Like it: Crew 090,");
    assert_eq!(Form::on(&none, edit).get("owner_team"), Some("ew 09"));
    form.with("owner_team", " crew 042 ")
        .send(&admin)
        .assert_leads_to("/areas/payments");
    admin.get("/areas/payments").assert_text("Owner Crew 042");

    let person = format!("/admin/people/{}", site.mentee.handle);
    let join = format!("{person}/teams");
    let form = Form::on(&admin.get(&person), &join).with("to", "member");
    let none = form.clone().with("team", "Nobody").send(&admin);
    none.assert_status(422)
        .assert_text("There is no team “Nobody”.");
    assert_eq!(Form::on(&none, &join).get("team"), Some("Nobody"));
    form.with("team", "Crew 007")
        .send(&admin)
        .assert_leads_to(&person);
    let id = site
        .app
        .db(teams)
        .iter()
        .find(|t| t.name == "Crew 007")
        .unwrap()
        .id;
    let of = site.app.db(|c| memberships_of(c, site.mentee.id));
    assert!(of.iter().any(|m| m.team_id == id && !m.is_lead));
}
