//! Administrators run people and teams.

use checkride::db::schema::{people as rows, qualifiers};
use checkride::domain::people;
use checkride::domain::people::store::{by_id, teams};
use checkride::domain::people::{Email, Name, NewPerson, Reason, ZoneName};
use diesel::prelude::*;

use crate::support::{Answer, Form, Role, Site, at_once, path, told};

fn path(site: &Site) -> String {
    format!("/admin/people/{}", site.mentee.handle)
}

fn details(page: &Answer, site: &Site) -> Form {
    Form::on(page, &format!("{}/details", path(site)))
}

#[test]
fn teams_are_added_renamed_and_filled() {
    let site = Site::open();
    let admin = site.client(Role::Administrator);
    let page = admin.get("/admin/teams");
    page.assert_status(200)
        .assert_text("Payments Owns Payments");
    Form::on(&page, "/admin/teams")
        .with("name", "payments")
        .send(&admin)
        .assert_status(422)
        .assert_text("There is already a team called payments.");
    let added = Form::on(&page, "/admin/teams")
        .with("name", "Search")
        .send(&admin);
    let team = added.assert_status(303).location().to_owned();
    admin.get(&team).assert_text("Nobody is in this team.");

    let members = format!("{team}/members");
    let found = admin.get(&format!("{team}?q=HADDAD"));
    found.assert_text("Leila Haddad leila.haddad@example.com Add");
    let asks = |to: &str| {
        let id = team.rsplit('/').next().unwrap();
        format!("/admin/place?team={id}&person=leila-haddad&to={to}")
    };
    let put = Form::on(&admin.get(&asks("lead")), &members);
    put.send(&admin)
        .assert_status(422)
        .assert_text("Say why. It stays in the audit log.")
        .assert_text("Make Leila Haddad a lead of Search");
    put.with("reason", "Knows it best")
        .send(&admin)
        .assert_leads_to(&team);
    admin.get(&team).assert_text("Leila Haddad lead");
    // The same page once more: somebody was faster.
    let again = found.hidden(&members);
    let again: Vec<(&str, &str)> = again
        .iter()
        .filter(|(name, _)| name != "form_key")
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .chain([("to", "member")])
        .collect();
    admin.send(&members, &again).assert_status(409).assert_text(
        "In the meantime the place of Leila Haddad in Search changed by Ines Duarte on Mon 23 Nov, 09:00 (Europe/Lisbon).",
    );
    Form::on(&admin.get(&asks("outside")), &members)
        .with("reason", "Moved on")
        .send(&admin)
        .assert_leads_to(&team);
    let entries = told(&site, "membership.changed");
    for (entry, why) in entries.iter().zip(["Knows it best", "Moved on"]) {
        assert!(entry.contains(&format!("\"reason\":\"{why}\"")), "{entry}");
    }
    admin.get(&team).assert_text("Nobody is in this team.");

    let name = format!("{team}/name");
    Form::on(&admin.get(&team), &name)
        .with("name", "Search & find")
        .send(&admin)
        .assert_leads_to(&team);
    admin.get(&team).assert_text("Search & find");
    admin
        .send(&name, &[("was_name", "Search"), ("name", "Finding")])
        .assert_status(409)
        .assert_text("In the meantime the team's name changed by Ines Duarte");
    assert_eq!(told(&site, "team.renamed").len(), 1);
    assert_eq!(told(&site, "membership.changed").len(), 2);
    assert_eq!(site.app.db(teams).len(), 3);
}

#[test]
fn a_person_s_details_are_changed_with_an_eye_on_others_who_do() {
    let site = Site::open();
    let admin = site.client(Role::Administrator);
    let page = admin.get(&path(&site));
    let form = details(&page, &site).with("name", "Leila H. Haddad");
    let taken = form.clone().with("email", "RUTH.ABARA@example.com");
    let answer = taken.send(&admin);
    answer
        .assert_status(422)
        .assert_text("There is already a person with the e-mail RUTH.ABARA@example.com.");
    assert!(
        answer.body.contains("Leila H. Haddad"),
        "what was typed stays"
    );
    form.send(&admin).assert_leads_to(&path(&site));
    let stale = details(&page, &site).with("name", "Leila Haddad-Smith");
    let key = checkride::forms::new_key();
    let overtaken = stale.with("form_key", &key).send(&admin);
    overtaken
        .assert_status(409)
        .assert_text("In the meantime the details of Leila H. Haddad changed by Ines Duarte");
    let back = details(&overtaken, &site);
    assert_eq!(back.get("name"), Some("Leila Haddad-Smith"));
    assert_eq!(
        back.get("was_name"),
        Some("Leila H. Haddad"),
        "sending it again is a decision"
    );
    let page = admin.get(&path(&site));
    details(&page, &site).send(&admin).assert_status(303);
    assert_eq!(
        told(&site, "person.changed").len(),
        1,
        "no change, no entry"
    );
    // Found by either, whatever the case.
    admin
        .get("/admin/people?q=h.+haddad")
        .assert_text("Leila H. Haddad");
}

#[test]
fn details_with_a_mistake_do_not_undo_what_another_changed_meanwhile() {
    let site = Site::open();
    let admin = site.client(Role::Administrator);
    let opened = details(&admin.get(&path(&site)), &site);
    details(&admin.get(&path(&site)), &site)
        .with("name", "Leila H. Haddad")
        .send(&admin)
        .assert_status(303);
    let wrong = opened.with("time_zone", "Mars/Olympus").send(&admin);
    wrong.assert_status(422);
    details(&wrong, &site)
        .with("time_zone", "Europe/Lisbon")
        .send(&admin)
        .assert_status(409);
    admin.get(&path(&site)).assert_text("Leila H. Haddad");
}

#[test]
fn the_last_administrator_stays_one() {
    let site = Site::open();
    let admin = site.client(Role::Administrator);
    let own = format!("/admin/people/{}", site.admin.handle);
    let sentence =
        "Ines Duarte is the only administrator. Make someone else an administrator first.";
    let demotion = [
        ("was_name", site.admin.name.as_str()),
        ("was_email", site.admin.email.as_str()),
        ("was_admin", "yes"),
        ("was_zone", "Europe/Lisbon"),
        ("name", site.admin.name.as_str()),
        ("email", site.admin.email.as_str()),
        ("time_zone", "Europe/Lisbon"),
    ];
    let demote = format!("{own}/details");
    admin
        .send(&demote, &demotion)
        .assert_status(422)
        .assert_text(sentence);
    admin
        .get(&format!("{own}/deactivate"))
        .assert_text(sentence);
    let leave = format!("{own}/deactivate");
    let reason = [("reason", "Enough")];
    admin
        .send(&leave, &reason)
        .assert_status(409)
        .assert_text(sentence);

    let page = admin.get(&path(&site));
    let promotion = details(&page, &site).with("is_admin", "yes");
    promotion.send(&admin).assert_status(303);
    admin.send(&demote, &demotion).assert_status(303);
    admin.get("/admin/people").assert_status(403);
    site.client(Role::Mentee)
        .get("/admin/people")
        .assert_status(200);
}

#[test]
fn of_the_last_two_administrators_one_stays_when_both_go_at_once() {
    for round in 0..8 {
        let site = Site::open();
        site.app.db(|c| {
            diesel::update(rows::table.find(site.mentor.id))
                .set(rows::is_admin.eq(true))
                .execute(c)?;
            Ok(())
        });
        let both = [Role::Administrator, Role::Mentor].map(|role| site.client(role));
        let go = [&site.admin, &site.mentor];
        let statuses = at_once(2, |n| {
            // Each lets the other go in even rounds, and themselves in odd ones.
            let whom = go[(n + 1 + round % 2) % 2];
            let path = format!("/admin/people/{}/deactivate", whom.handle);
            both[n].send(&path, &[("reason", "Reorganisation")]).status
        });
        let done = statuses.iter().filter(|s| **s == 303).count();
        assert_eq!(done, 1, "round {round}: {statuses:?}");
        let here = site.app.db(|c| {
            let here = rows::is_admin.eq(true).and(rows::deactivated_at.is_null());
            Ok(rows::table.filter(here).count().get_result::<i64>(c)?)
        });
        assert_eq!(here, 1);
    }
}

#[test]
fn what_somebody_leaves_behind_is_shown_before_and_they_can_come_back() {
    let site = Site::open();
    site.ask_for_signoff();
    let admin = site.client(Role::Administrator);
    let mentor = format!("/admin/people/{}", site.mentor.handle);
    let leave = format!("{mentor}/deactivate");
    let page = admin.get(&leave);
    page.assert_text(
        "Payments Falls below its minimum 2 cleared now, 1 after; 2 needed Short by 1",
    );
    page.assert_text("Ramps without a mentor Leila Haddad, Payments");
    page.assert_text("Sign-offs that wait for them Leila Haddad, Payments");
    page.assert_text("Qualifier for Payments");
    let lead = format!("/admin/people/{}/deactivate", site.owner_lead.handle);
    admin
        .get(&lead)
        .assert_text("Teams without a lead Payments");
    let own = format!("/admin/people/{}/deactivate", site.mentee.handle);
    admin
        .get(&own)
        .assert_text("Their own ramps stay open Payments");
    let nobody = format!("/admin/people/{}/deactivate", site.stranger.handle);
    admin
        .get(&nobody)
        .assert_text("Nobody and no area depends on this account.");

    admin
        .send(&leave, &[("reason", "  ")])
        .assert_status(422)
        .assert_text("Say why. It stays in the audit log.");
    let theirs = site.client(Role::Mentor);
    let form = Form::on(&page, &leave).with("reason", "Moved to another company");
    form.send(&admin).assert_leads_to(&mentor);
    assert!(!theirs.is_signed_in());
    assert_eq!(
        told(&site, "person.deactivated"),
        [r#"{"reason":"Moved to another company"}"#]
    );
    // Sent twice it is done once; done by somebody else it is said.
    form.send(&admin).assert_leads_to(&mentor);
    admin
        .send(&leave, &[("reason", "Again")])
        .assert_status(409)
        .assert_text("Marcus Oyelaran was deactivated before.");
    admin.get(&leave).assert_status(409);
    admin.get("/admin/people").assert_status(200);
    admin
        .get("/admin/people?show=left")
        .assert_text("Marcus Oyelaran");
    admin
        .send(
            &format!("{mentor}/teams"),
            &[("team", "Payments"), ("from", "outside"), ("to", "member")],
        )
        .assert_status(409)
        .assert_text("Marcus Oyelaran has left. Reactivate the account first.");

    admin
        .send(&format!("{mentor}/reactivate"), &[])
        .assert_leads_to(&mentor);
    assert!(site.client(Role::Mentor).is_signed_in());
    admin
        .send(&format!("{mentor}/reactivate"), &[])
        .assert_status(409);
    let designated = site.app.db(|c| {
        let of = qualifiers::table.filter(qualifiers::person_id.eq(site.mentor.id));
        Ok(of.count().get_result::<i64>(c)?)
    });
    assert_eq!(designated, 1, "nothing was taken from them");
    assert_eq!(told(&site, "person.reactivated").len(), 1);
}

#[test]
fn what_is_wrong_about_a_new_person_is_said_and_what_was_typed_stays() {
    let site = Site::open();
    let admin = site.client(Role::Administrator);
    let typed = [
        ("name", ""),
        ("email", site.mentee.email.as_str()),
        ("time_zone", "Mars/Olympus"),
        ("team", ""),
        ("lead", "yes"),
    ];
    let answer = admin.send(path::ADD_PERSON, &typed);
    answer.assert_status(422);
    for sentence in [
        "Enter a name.",
        "“Mars/Olympus” is not a time zone.",
        "Choose the team that this person leads.",
    ] {
        answer.assert_text(sentence);
    }
    assert!(answer.body.contains(&site.mentee.email));
    let typed = [
        ("name", "Another"),
        ("email", site.mentee.email.as_str()),
        ("time_zone", "UTC"),
    ];
    admin
        .send(path::ADD_PERSON, &typed)
        .assert_status(422)
        .assert_text("There is already a person with the e-mail leila.haddad@example.com.");
    let typed = [
        ("name", "Dana Lee"),
        ("email", "dana@example.com"),
        ("time_zone", "UTC"),
        ("team", "Storefront"),
        ("lead", "yes"),
    ];
    admin.send(path::ADD_PERSON, &typed).assert_status(200);
    admin
        .get("/admin/people?show=waiting")
        .assert_text("Dana Lee dana@example.com Storefront (lead) Link works until 30 Nov");
}

#[test]
fn two_who_add_the_same_person_at_once_add_one() {
    for _ in 0..4 {
        let site = Site::open();
        site.app.db(|c| {
            diesel::update(rows::table.find(site.mentor.id))
                .set(rows::is_admin.eq(true))
                .execute(c)?;
            Ok(())
        });
        let both = [Role::Administrator, Role::Mentor].map(|role| site.client(role));
        let typed = [
            ("name", "Dana Lee"),
            ("email", "dana@example.com"),
            ("time_zone", "UTC"),
        ];
        let mut statuses = at_once(2, |n| both[n].send(path::ADD_PERSON, &typed).status);
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 422]);
    }
}

#[test]
fn the_list_goes_on_page_by_page_and_loses_nobody() {
    let site = Site::open();
    let act = site.act(Role::Administrator);
    // Many of the same name: the next page begins between them.
    site.app.db(|c| {
        for n in 0..120 {
            let name = if n % 2 == 0 {
                "Same Name".to_owned()
            } else {
                format!("Émile {n}_%")
            };
            let new = NewPerson {
                name: Name::parse(&name).unwrap(),
                email: Email::parse(&format!("p{n}@example.com")).unwrap(),
                time_zone: ZoneName::parse("UTC").unwrap(),
            };
            checkride::usecases::people::actions::add(c, &act, &new, false)?;
        }
        Ok(())
    });
    let admin = site.client(Role::Administrator);
    let (mut at, mut seen, mut pages) = ("/admin/people".to_owned(), Vec::new(), 0);
    loop {
        let page = admin.get(&at);
        page.assert_status(200);
        pages += 1;
        let handles = page.body.split("href=\"/admin/people/").skip(1);
        seen.extend(handles.map(|rest| rest.split('"').next().unwrap().to_owned()));
        let next = page.body.split("<a class=\"btn sm\" href=\"").skip(1);
        let next = next.filter(|rest| rest.contains("Next people"));
        let Some(next) = next.last() else { break };
        at = next
            .split('"')
            .next()
            .unwrap()
            .replace("&#38;", "&")
            .replace("&amp;", "&");
    }
    assert_eq!(pages, 3);
    let everybody = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((seen.len(), everybody), (127, 127));
    let found = admin.get("/admin/people?q=%C3%89MILE+1_%25");
    found.assert_text("Émile 1_%");
    assert!(
        !found.text().contains("Émile 11_%"),
        "a pattern was taken as one"
    );
    site.app.db(|c| {
        let left = by_id(c, site.stranger.id)?.unwrap();
        checkride::usecases::people::actions::deactivate(c, &act, &left.handle, &Reason::default())
    });
    assert!(
        !admin
            .get("/admin/people?q=wilk")
            .text()
            .contains("Tomasz Wilk")
    );
    admin
        .get("/admin/people?q=wilk&show=left")
        .assert_text("Tomasz Wilk");
}

fn agreed(site: &Site) -> checkride::domain::people::mentoring::Agreed {
    site.app
        .db(|c| people::mentoring::store::agreed(c, site.mentee.id))
}

#[test]
fn agreed_mentoring_is_written_down_by_either_side_and_noticed_by_the_other() {
    let site = Site::open();
    let path = format!("/people/{}/mentoring", site.mentee.handle);
    let (lead, mentee) = (site.client(Role::MenteeLead), site.client(Role::Mentee));
    lead.person_page(&site.mentee.handle)
        .assert_text("Mentoring agreed");
    let seen = mentee.get(&path);
    let page = lead.get(&path);
    let form = Form::on(&page, &path);
    let wrong = form.clone().with("mentees", "many").with("hours", "8");
    let answer = wrong.send(&lead);
    answer
        .assert_status(422)
        .assert_text("Write a whole number from 0 to 20, or leave it empty.");
    assert!(answer.body.contains("value=\"many\""));
    form.with("mentees", "2")
        .with("hours", "8")
        .send(&lead)
        .assert_status(303);
    assert_eq!(
        (agreed(&site).mentees, agreed(&site).hours),
        (Some(2), Some(8))
    );
    let overtaken = Form::on(&seen, &path).with("mentees", "1").send(&mentee);
    overtaken.assert_status(409).assert_text(
        "In the meantime what Leila Haddad agreed to changed by Kenji Mori on Mon 23 Nov",
    );
    let back = Form::on(&overtaken, &path);
    assert_eq!(back.get("mentees"), Some("1"));
    assert_eq!(back.get("was_mentees"), Some("2"));
    overtaken.assert_text("Agreed now: 2 mentees at a time, 8 hours in four weeks.");
    let page = mentee.get(&path);
    Form::on(&page, &path)
        .with("mentees", "")
        .with("hours", "")
        .send(&mentee)
        .assert_status(303);
    assert_eq!(
        agreed(&site),
        checkride::domain::people::mentoring::Agreed::default()
    );
    assert_eq!(told(&site, "person.mentoring_agreed").len(), 2);
}
