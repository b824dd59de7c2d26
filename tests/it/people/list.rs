//! Many people at once from a pasted list, and the way of an empty installation to its first ramp.

use checkride::domain::people;
use checkride::domain::people::Reason;
use checkride::domain::people::store::{memberships_of, teams};

use crate::support::factory::{PASSWORD, member};
use crate::support::told;
use crate::support::{Answer, Client, Form, Role, Site, TestApp, at_once, path};

#[test]
fn a_pasted_list_is_looked_at_then_added_as_a_whole() {
    let site = Site::open();
    let admin = site.client(Role::Administrator);
    let list = "Dana Lee, dana@example.com, Search, lead\n\
                Leila X, leila.haddad@example.com, Search\n\
                \"O'Neil, Pat\", pat@example.com\n";
    let page = admin.get(path::ADD_PEOPLE);
    let form = Form::on(&page, path::ADD_PEOPLE).with("list", list);
    let looked = form.clone().with("step", "look").send(&admin);
    looked
        .assert_status(200)
        .assert_text("2 new, 1 here already; new team Search");
    looked.assert_text(
        "Leila Haddad leila.haddad@example.com Africa/Tunis here already joins Search",
    );
    assert!(looked.body.contains("Leila X"), "what was pasted stays");
    assert_eq!(site.app.db(teams).len(), 2, "nothing is stored yet");

    let add = Form::on(&looked, path::ADD_PEOPLE).with("step", "add");
    let added = add.send(&admin);
    added
        .assert_status(200)
        .assert_text("Dana Lee <dana@example.com>: http://");
    let links: std::collections::BTreeSet<&str> = added
        .body
        .split("/invite/")
        .skip(1)
        .map(|rest| &rest[..64])
        .collect();
    assert_eq!(links.len(), 2);
    for link in links {
        site.app
            .client()
            .get(&format!("/invite/{link}"))
            .assert_status(200);
    }
    // Loading the answer again adds nobody and shows no link.
    let again = add.send(&admin);
    again.assert_leads_to("/admin/people");
    let dana = site
        .app
        .db(|c| people::admin::store::by_handle(c, "dana"))
        .person;
    assert_eq!(
        dana.time_zone, "Europe/Lisbon",
        "the administrator's, who named none"
    );
    assert!(site.app.db(|c| memberships_of(c, dana.id))[0].is_lead);
    assert_eq!(site.app.db(|c| memberships_of(c, site.mentee.id)).len(), 2);
    let looked = form.with("step", "look").send(&admin);
    looked.assert_text("Nothing in it is new.");
}

#[test]
fn every_problem_of_a_pasted_list_is_told_by_line_and_nothing_is_lost() {
    let site = Site::open();
    let act = site.act(Role::Administrator);
    site.app.db(|c| {
        checkride::usecases::people::actions::deactivate(
            c,
            &act,
            &site.stranger.handle,
            &Reason::default(),
        )
    });
    let admin = site.client(Role::Administrator);
    let list = "Dana Lee\n\nBo, bo, Search, boss\nTomasz, tomasz.wilk@example.com\nPat, pat@example.com\nPat, pat@example.com\nKim, kim@example.com,,lead";
    let typed = [("list", list), ("time_zone", "UTC"), ("step", "add")];
    let answer = admin.send(path::ADD_PEOPLE, &typed);
    answer.assert_status(422);
    for sentence in [
        "Line 1: The line has 1 field.",
        "Line 3: email: “bo” is not an e-mail address",
        "Line 3: lead: Write lead or nothing, not “boss”.",
        "Line 4: Tomasz was deactivated on 2026-11-23",
        "Line 6: Pat is on line 5 already.",
        "Line 7: team: Name the team that is led.",
    ] {
        answer.assert_text(sentence);
    }
    assert!(answer.text().contains("Kim, kim@example.com,,lead"));
    assert!(told(&site, "invite.issued").is_empty());
    let many: String = (0..501)
        .map(|n| format!("P {n}, p{n}@example.com\n"))
        .collect();
    let typed = [
        ("list", many.as_str()),
        ("time_zone", "UTC"),
        ("step", "look"),
    ];
    admin
        .send(path::ADD_PEOPLE, &typed)
        .assert_status(422)
        .assert_text("The list has 501 people. The limit is 500.");
    let typed = [("list", " \n"), ("time_zone", "Mars"), ("step", "look")];
    admin
        .send(path::ADD_PEOPLE, &typed)
        .assert_status(422)
        .assert_text("“Mars” is not a time zone.");
}

#[test]
fn a_table_of_a_spreadsheet_and_a_people_csv_are_understood() {
    let site = Site::open();
    let admin = site.client(Role::Administrator);
    for (list, says) in [
        (
            "Dana Lee\tdana@example.com\tSearch\r\nPat, O'Neil\tpat@example.com\r\n",
            "2 new",
        ),
        ("Dana Lee;dana@example.com;Search;lead\n", "1 new"),
        (
            "name,email,time_zone,team,lead\nDana Lee,dana@example.com,Asia/Tokyo,Search,yes\nDana Lee,dana@example.com,Asia/Tokyo,Payments,no\n",
            "1 new, 0 here already; new team Search",
        ),
    ] {
        let typed = [("list", list), ("time_zone", "UTC"), ("step", "look")];
        admin
            .send(path::ADD_PEOPLE, &typed)
            .assert_status(200)
            .assert_text(says);
    }
}

#[test]
fn two_who_bring_in_the_same_list_at_once_bring_it_in_once() {
    for _ in 0..4 {
        let site = Site::open();
        let admin = site.client(Role::Administrator);
        let list = "Dana Lee, dana@example.com, Search\nPat Neil, pat@example.com, Search";
        let typed = [
            ("list", list),
            ("time_zone", "UTC"),
            ("new_team-0", "Search"),
            ("team-0", "Search"),
            ("step", "add"),
        ];
        let mut statuses = at_once(2, |_| admin.send(path::ADD_PEOPLE, &typed).status);
        statuses.sort_unstable();
        // The second finds everybody here.
        assert_eq!(statuses, [200, 303]);
        assert_eq!(told(&site, "invite.issued").len(), 2);
        assert_eq!(told(&site, "team.added").len(), 1);
    }
}

fn looked_at(client: &Client, list: &str) -> Answer {
    let page = client.get(path::ADD_PEOPLE);
    Form::on(&page, path::ADD_PEOPLE)
        .with("list", list)
        .with("step", "look")
        .send(client)
}

#[test]
fn addresses_copied_from_mail_are_people_with_everything_else_told_by_line() {
    let site = Site::open();
    let admin = site.client(Role::Administrator);
    let list = "Ada Lovelace <ada@example.com>; \"Hopper, Grace\" <grace@example.com>;\r\n\
                Bo Li <bo@example.com>, Payments, lead\n,,,\n\nCy Orr, cy@example.com\n";
    let looked = looked_at(&admin, list);
    looked
        .assert_status(200)
        .assert_text("4 new, 0 here already");
    for line in [
        "Hopper, Grace grace@example.com",
        "Bo Li bo@example.com Europe/Lisbon New leads Payments",
        "Cy Orr cy@example.com",
    ] {
        looked.assert_text(line);
    }
    let wrong = looked_at(
        &admin,
        "Ada Lovelace <ada@example.com>; di@example.com; Ed <ed@example.com>; and others\n\
         Ada Lovelace <ada@example.com>\n\
         Fay Ray <fay>, Search",
    );
    wrong
        .assert_status(422)
        .assert_text("Line 1: “di@example.com” has no name. Write: Ada King <di@example.com>.")
        .assert_text("Line 1: “and others” has no e-mail address.")
        .assert_text("Line 2: Ada Lovelace is on line 1 already.")
        .assert_text("Line 3: email: “Search” is not an e-mail address");
}

#[test]
fn every_problem_of_a_row_is_told_in_the_first_round() {
    let site = Site::open();
    let admin = site.client(Role::Administrator);
    let list = "Dana Lee, dana@example.com, Search, boss, Mars, more\nDana, dana@example.com\nPat";
    looked_at(&admin, list)
        .assert_status(422)
        .assert_text("Line 1: The line has 6 fields.")
        .assert_text("Line 1: lead: Write lead or nothing, not “boss”.")
        .assert_text("Line 1: time zone: “Mars” is not a time zone.")
        .assert_text("Line 2: The same e-mail has the name “Dana Lee” on line 1 and “Dana” here.")
        .assert_text("Line 3: The line has 1 field.");
}

#[test]
fn a_team_that_may_be_mistyped_is_asked_about_before_it_is_made() {
    let site = Site::open();
    let admin = site.client(Role::Administrator);
    let list = "Dana Lee, dana@example.com, Paymenst\nPat Neil, pat@example.com, Paymenst, lead\nBo Li, bo@example.com, Search";
    let looked = looked_at(&admin, list);
    looked
        .assert_text("New team: Paymenst. Create it, or did you mean another?")
        .assert_text("I mean Payments");
    let form = Form::on(&looked, path::ADD_PEOPLE).with("step", "add");
    let asked = form.send(&admin);
    asked
        .assert_status(422)
        .assert_text("Answer every question below, then add the list.");
    assert_eq!(site.app.db(teams).len(), 2, "nothing is stored yet");
    let again = Form::on(&asked, path::ADD_PEOPLE);
    assert_eq!(again.get("list"), form.get("list"));
    let answered = again.with("step", "add").with("team-0", "Payments");
    // An answer that was not offered is none.
    let made_up = answered.clone().with("team-0", "Storefront");
    made_up.send(&admin).assert_status(422);
    answered.send(&admin).assert_status(200);
    let names: Vec<String> = site.app.db(teams).into_iter().map(|t| t.name).collect();
    assert_eq!(names, ["Payments", "Search", "Storefront"]);
    let pat = site
        .app
        .db(|c| people::admin::store::by_handle(c, "pat"))
        .person;
    let of_pat = site.app.db(|c| memberships_of(c, pat.id));
    let owners = site.app.db(|c| memberships_of(c, site.owner_lead.id))[0].team_id;
    assert_eq!((of_pat[0].team_id, of_pat[0].is_lead), (owners, true));

    // One at a time too.
    let form = Form::on(&admin.get("/admin/teams"), "/admin/teams").with("name", "Store Front");
    let asked = form.send(&admin);
    asked
        .assert_status(422)
        .assert_text("Did you mean Storefront?");
    Form::on(&asked, "/admin/teams")
        .with("is_other", "yes")
        .send(&admin)
        .assert_status(303);
}

#[test]
fn a_second_person_of_one_name_is_confirmed_or_left_out() {
    let site = Site::open();
    let admin = site.client(Role::Administrator);
    let list = "Le\u{131}la Haddad, Leila@stra\u{df}e.example, Storefront\nKENJI  MORI, kenji@new.example\nBo Li, bo@example.com";
    let looked = looked_at(&admin, list);
    looked
        .assert_text(
            "Le\u{131}la Haddad, Leila@stra\u{df}e.example: there is another Le\u{131}la Haddad",
        )
        .assert_text("The other one: leila.haddad@example.com (Storefront)");
    let form = Form::on(&looked, path::ADD_PEOPLE).with("step", "add");
    form.send(&admin).assert_status(422);
    let added = form
        .with("who-0", "same")
        .with("who-1", "other")
        .send(&admin);
    added.assert_status(200);
    let is_here = |email: &str| {
        let found = site.app.db(|c| people::store::by_email(c, email));
        found.is_some()
    };
    assert!(!is_here("leila@strasse.example"));
    assert!(is_here("kenji@new.example") && is_here("bo@example.com"));

    let form = Form::on(&admin.get(path::ADD_PERSON), path::ADD_PERSON)
        .with("name", "Leila Haddad")
        .with("email", "leila@new.example");
    let asked = form.send(&admin);
    asked
        .assert_status(422)
        .assert_text("There is a Leila Haddad already: leila.haddad@example.com.");
    Form::on(&asked, path::ADD_PERSON)
        .with("is_other", "yes")
        .send(&admin)
        .assert_status(200);
    assert!(is_here("leila@new.example"));
}

#[test]
fn home_leads_an_administrator_to_the_first_ramp_and_nobody_else() {
    let app = TestApp::start();
    let now = app.now();
    let (first, other) = app.db(|c| {
        let first = member(c, now, "Ada King", "UTC", None)?;
        let other = member(c, now, "Bo Li", "UTC", None)?;
        Ok((first, other))
    });
    let sign_in = |email: &str| {
        let client = app.client();
        client.sign_in(email, PASSWORD);
        client
    };
    let ada = sign_in(&first.email);
    ada.get("/")
        .assert_text("Steps to the first ramp 1 of 6 done");
    ada.get("/").assert_text("Add a team next");
    let bo = sign_in(&other.email);
    assert!(!bo.get("/").text().contains("Steps to the first ramp"));
    let site = Site::open();
    let home = site.client(Role::Administrator).get("/");
    assert!(
        !home.text().contains("Steps to the first ramp"),
        "there is a ramp"
    );
}
