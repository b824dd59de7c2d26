//! Administrators find in the audit log what happened: by person, area, kind and day, on pages and in a file.

use std::collections::BTreeSet;

use checkride::db::schema::audit_entries;
use checkride::domain::audit::{Act, Entry, Verdict, record};
use checkride::domain::people::store::{everybody, set_time_zone};
use diesel::prelude::*;
use serde_json::json;

use crate::support::factory::member;
use crate::support::{Answer, Client, Demo, Role, Site, TestApp, path, verified};

/// What the page calls the entries it shows, from the top.
fn numbers(page: &Answer) -> Vec<i64> {
    let links = page.body.split("href=\"/admin/audit/").skip(1);
    links
        .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
        .collect()
}

/// The address behind a link that says this.
fn link(page: &Answer, words: &str) -> Option<String> {
    let (before, _) = page.body.split_once(&format!("\">{words}</a>"))?;
    let href = before.rsplit("href=\"").next().unwrap();
    Some(href.replace("&#38;", "&").replace("&amp;", "&"))
}

fn entries(app: &TestApp) -> i64 {
    app.db(|c| Ok(audit_entries::table.count().get_result(c)?))
}

/// The rows of a file, without its header.
fn rows(answer: &Answer) -> Vec<Vec<String>> {
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let mut reader =
        csv::Reader::from_reader(answer.body.trim_start_matches('\u{feff}').as_bytes());
    let records = reader.records().map(|r| r.unwrap());
    records
        .map(|r| r.iter().map(str::to_owned).collect())
        .collect()
}

/// A site on which the mentee asked for a sign-off, and a mentor turned the first key.
fn with_history() -> (Site, Client) {
    let site = Site::open();
    site.app.wait_hours(1);
    site.ask_for_signoff();
    site.app.wait_hours(1);
    site.turn_first_key();
    let client = site.client(Role::Administrator);
    (site, client)
}

#[test]
fn an_entry_says_who_did_what_to_whom_and_leads_to_what_it_is_about() {
    let (site, client) = with_history();
    let page = client.get(path::AUDIT_LOG);
    page.assert_status(200)
        .assert_text("Monday 23 November 2026")
        .assert_text("Marcus Oyelaran turned the first key of Leila Haddad ’s sign-off in Payments")
        .assert_text("Leila Haddad asked for their own sign-off in Payments")
        .assert_text("Command line added Ines Duarte")
        .assert_text("Recommendation Steady under load")
        .assert_text("checkride audit verify");
    let id = site.dossier().signoffs[0].id;
    for href in [
        format!("href=\"/sign-offs/{id}\""),
        "href=\"/people/marcus-oyelaran\"".into(),
        "href=\"/areas/payments\"".into(),
    ] {
        assert!(page.body.contains(&href), "{href}");
    }
    let address = format!("/admin/audit/{}", numbers(&page)[1]);
    let entry = client.get(&address);
    entry
        .assert_status(200)
        .assert_text("Marcus Oyelaran turned the first key")
        .assert_text("127.0.0.1")
        .assert_text("Steady under load")
        .assert_text("This entry is not sealed yet. The server seals it within a second.");
    let verdict = site.app.db(verified);
    assert!(matches!(verdict, Verdict::Whole { .. }), "{verdict:?}");
    let sealed = client.get(&address).assert_status(200).text();
    assert!(sealed.contains("Before it") && !sealed.contains("not sealed"));
    client.get("/admin/audit/99999").assert_status(404);
}

#[test]
fn a_person_is_found_by_what_they_did_and_by_what_was_done_to_them() {
    let (site, client) = with_history();
    for who in [
        "leila-haddad",
        "LEILA.haddad@example.com",
        "leila",
        "Haddad",
    ] {
        let page = client.get(&format!("/admin/audit?who={who}"));
        page.assert_status(200)
            .assert_text("By or about Leila Haddad")
            .assert_text("turned the first key")
            .assert_text("asked for their own sign-off")
            .assert_text("added Leila Haddad");
        assert_eq!(numbers(&page).len(), 3, "{who}: {}", page.text());
    }
    let mentor = client.get(&format!("/admin/audit?who={}", site.mentor.handle));
    mentor.assert_text("turned the first key");
    assert!(!mentor.text().contains("asked for their own"));
    let operator = client.get("/admin/audit?who=command+line");
    operator.assert_text("By or about the command line");
    assert_eq!(numbers(&operator).len(), 7);
}

#[test]
fn words_that_fit_several_people_are_asked_back_and_nobody_is_no_everybody() {
    let (_site, client) = with_history();
    let several = client.get("/admin/audit?who=la&kind=sign-off");
    several
        .assert_status(200)
        .assert_text("Who do you mean by “la”?")
        .assert_text("Leila Haddad")
        .assert_text("Marcus Oyelaran");
    assert_eq!(numbers(&several), Vec::<i64>::new());
    let leila = link(&several, "Leila Haddad").unwrap();
    assert_eq!(leila, "/admin/audit?who=leila-haddad&kind=sign-off");
    assert_eq!(numbers(&client.get(&leila)).len(), 2);

    let nobody = client.get("/admin/audit?who=zzz");
    nobody.assert_status(200).assert_text("Nobody matches.");
    assert_eq!(numbers(&nobody), Vec::<i64>::new());

    for (who, why) in [
        ("zzz", "Nobody is called “zzz”."),
        ("la", "matches several people"),
    ] {
        client
            .get(&format!("/admin/audit.csv?who={who}"))
            .assert_status(422)
            .assert_text(why);
    }
}

#[test]
fn kinds_and_areas_leave_only_theirs() {
    let (_site, client) = with_history();
    let page = client.get("/admin/audit?kind=sign-off&area=payments");
    assert_eq!(numbers(&page).len(), 2);
    assert_eq!(numbers(&client.get("/admin/audit?kind=people")).len(), 7);
    assert_eq!(numbers(&client.get("/admin/audit?area=payments")).len(), 2);
    client
        .get("/admin/audit?kind=clearance")
        .assert_status(200)
        .assert_text("No entry matches.");
    for query in [
        "kind=kettle",
        "area=nowhere",
        "from=2026-02-30",
        "from=2026-11-23&to=2026-11-22",
    ] {
        client
            .get(&format!("/admin/audit?{query}"))
            .assert_status(422)
            .assert_text("There is a problem");
        client
            .get(&format!("/admin/audit.csv?{query}"))
            .assert_status(422);
    }
}

#[test]
fn days_are_those_of_the_administrator() {
    let (site, client) = with_history();
    // 09:00 to 11:00 in London is 18:00 to 20:00 in Tokyo; ten hours later it is the next day there.
    site.app.wait_hours(10);
    let now = site.app.now();
    site.app.db(|c| member(c, now, "Zoe Late", "UTC", None));
    let count =
        |query: &str| numbers(&client.get(&format!("/admin/audit?kind=people&{query}"))).len();
    assert_eq!(count("from=2026-11-23&to=2026-11-23"), 8);
    assert_eq!(count("to=2026-11-22"), 0);
    site.app
        .db(|c| set_time_zone(c, site.admin.id, "Asia/Tokyo"));
    assert_eq!(count("from=2026-11-23&to=2026-11-23"), 7);
    assert_eq!(count("from=2026-11-24"), 1);
    client
        .get(path::AUDIT_LOG)
        .assert_text("Tuesday 24 November 2026")
        .assert_text("Monday 23 November 2026");
}

/// A site with `count` more entries about the mentee, one a minute.
fn with_many(count: i64) -> (Site, Client) {
    let site = Site::open();
    let now = site.app.now();
    site.app.db(|c| {
        for n in 0..count {
            let act = Act::operator(now.plus_seconds(60 * n));
            let entry = Entry::new("session.signed_in", format!("person:{}", site.mentee.id));
            record(c, &act, entry.person(site.mentee.id))?;
        }
        Ok(())
    });
    site.app.wait_hours(48);
    let client = site.client(Role::Administrator);
    (site, client)
}

/// Every entry of the pages from this one on, in their order.
fn walk(client: &Client, from: &str, mut between: impl FnMut()) -> Vec<i64> {
    let (mut all, mut next) = (Vec::new(), Some(from.to_owned()));
    while let Some(path) = next {
        let page = client.get(&path);
        page.assert_status(200);
        all.extend(numbers(&page));
        next = link(&page, "Older entries");
        between();
    }
    all
}

#[test]
fn the_pages_hold_every_entry_once_whatever_is_added_meanwhile() {
    let (site, client) = with_many(120);
    let total = entries(&site.app);
    let walked = walk(&client, path::AUDIT_LOG, || {
        site.client(Role::Mentee);
    });
    assert_eq!(walked, (1..=total).rev().collect::<Vec<_>>());
    for query in [
        "who=leila-haddad",
        "kind=sign-in",
        "who=leila-haddad&kind=sign-in",
        "who=command+line",
        "from=2026-11-23",
    ] {
        let walked = walk(&client, &format!("/admin/audit?{query}"), || ());
        let once: BTreeSet<_> = walked.iter().collect();
        assert_eq!(once.len(), walked.len(), "{query}");
        assert!(walked.is_sorted_by(|a, b| a > b), "{query}: {walked:?}");
        assert!(walked.len() >= 120, "{query}");
    }
}

#[test]
fn entries_stand_in_the_order_of_their_time() {
    let (site, client) = with_many(1);
    // As an import of last year's history leaves them.
    let long_ago = site.app.now().plus_hours(-24 * 300);
    site.app.db(|c| {
        let entry = Entry::new("person.renamed", format!("person:{}", site.mentee.id));
        let entry = entry
            .person(site.mentee.id)
            .details(json!({ "from": "L. H.", "to": "Leila" }));
        record(c, &Act::operator(long_ago), entry)
    });
    let total = entries(&site.app);
    let page = client.get(path::AUDIT_LOG);
    assert_eq!(numbers(&page).last(), Some(&total));
    page.assert_text("renamed Leila Haddad from L. H. to Leila");
}

#[test]
fn the_file_holds_what_the_pages_show() {
    let (site, client) = with_many(1200);
    let all = rows(&client.get("/admin/audit.csv"));
    let numbers: Vec<i64> = all.iter().map(|r| r[0].parse().unwrap()).collect();
    assert_eq!(numbers, (1..=entries(&site.app)).rev().collect::<Vec<_>>());
    let answer = client.get("/admin/audit.csv?who=leila-haddad&to=2026-11-23");
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"audit-2026-11-25.csv\""
    );
    let few = rows(&answer);
    let walked = walk(
        &client,
        "/admin/audit?who=leila-haddad&to=2026-11-23",
        || (),
    );
    let numbers: Vec<i64> = few.iter().map(|r| r[0].parse().unwrap()).collect();
    assert_eq!(numbers, walked);
}

#[test]
fn the_file_is_in_utc_and_nothing_in_it_runs_in_a_spreadsheet() {
    let (site, client) = with_history();
    site.app
        .db(|c| set_time_zone(c, site.admin.id, "Asia/Tokyo"));
    let now = site.app.now();
    site.app
        .db(|c| member(c, now, "=HYPERLINK!A1", "UTC", None));
    let answer = client.get("/admin/audit.csv?kind=people&from=2026-11-23");
    let all = rows(&answer);
    let header = answer.body.lines().next().unwrap();
    assert_eq!(
        header,
        "\u{feff}number,time,actor,actor_handle,action,kind,what,person,person_handle,area,object,details,address,\
         request_id,hash,place"
    );
    assert_eq!(all[0][1], "2026-11-23T11:00:00.000000Z");
    assert_eq!(all[0][4], "person.added");
    assert_eq!(all[0][6], "Command line added =HYPERLINK!A1");
    assert_eq!(all[0][7], "'=HYPERLINK!A1");
}

#[test]
fn reading_leaves_no_entry() {
    let (site, client) = with_history();
    let before = entries(&site.app);
    for path in [
        path::AUDIT_LOG,
        "/admin/audit?who=leila",
        "/admin/audit.csv",
        "/admin/audit/1",
    ] {
        client.get(path).assert_status(200);
    }
    assert_eq!(entries(&site.app), before);
}

#[test]
fn whoever_runs_nothing_is_told_who_may() {
    let site = Site::open();
    for path in [path::AUDIT_LOG, "/admin/audit.csv", "/admin/audit/1"] {
        site.client(Role::OwnerLead)
            .get(path)
            .assert_status(403)
            .assert_text("The audit log is open to administrators only.");
    }
    let menu = |role: Role| site.client(role).get("/help").text();
    assert!(menu(Role::Administrator).contains("Audit log"));
    assert!(!menu(Role::OwnerLead).contains("Audit log"));
}

#[test]
fn an_action_that_is_not_known_here_is_readable_all_the_same() {
    let (site, client) = with_history();
    let now = site.app.now();
    site.app.db(|c| {
        let entry = Entry::new("kettle.switched_on", "kettle:7".into()).area(site.area_id);
        record(c, &Act::operator(now), entry)
    });
    client
        .get(path::AUDIT_LOG)
        .assert_text("Command line: kettle switched on, Payments")
        .assert_text("kettle 7");
}

#[test]
fn everything_the_demo_recorded_is_told_in_full_and_its_links_lead_somewhere() {
    let demo = Demo::open();
    let people = demo.app.db(everybody);
    let admin = people.iter().find(|p| p.is_admin).unwrap();
    let client = demo.app.client();
    client
        .post("/sign-in/demo", &[("person_id", &admin.id.to_string())])
        .assert_status(303);
    let all = rows(&client.get("/admin/audit.csv"));
    assert!(all.len() > 200, "{}", all.len());
    for row in &all {
        let (action, kind, what) = (&row[4], &row[5], &row[6]);
        assert!(!kind.is_empty(), "{action} has no line");
        assert!(!what.contains('?') && !what.contains(action), "{what}");
    }
    // One entry of every action, and every page it leads to.
    let actions: BTreeSet<&str> = all.iter().map(|r| r[4].as_str()).collect();
    for action in actions {
        let row = all.iter().find(|r| r[4] == action).unwrap();
        let page = client.get(&format!("/admin/audit/{}", row[0]));
        page.assert_status(200);
        let main = page
            .body
            .split("<main")
            .nth(1)
            .unwrap()
            .split("</main>")
            .next()
            .unwrap();
        for href in main.split("href=\"/").skip(1) {
            let path = format!("/{}", href.split('"').next().unwrap());
            let found = client.get(&path).status;
            assert_eq!(found, 200, "{action} leads to {path}");
        }
    }
}

/// Everything the log says to a person: its pages, the page of each entry, and the file.
fn all_of_it(client: &Client) -> String {
    let page = client.get(path::AUDIT_LOG);
    let mut said = client.get("/admin/audit.csv").body;
    for seq in numbers(&page) {
        said += &client.get(&format!("/admin/audit/{seq}")).text();
    }
    said + page.text().as_str()
}

#[test]
fn the_log_keeps_from_administrators_what_its_own_page_keeps_from_them() {
    let site = Site::open();
    let drill = site.plan_drill();
    let detail = site.drill(drill);
    let slug = site.write(Role::Mentor, &crate::support::sample::document());
    let admin = site.client(Role::Administrator);
    admin
        .get(&path::drill_form(drill, "sheet"))
        .assert_status(403);
    admin.get(&format!("/library/{slug}")).assert_status(403);
    let said = all_of_it(&admin);
    for line in &detail.lines {
        assert!(!said.contains(&line.body), "the sheet: {}", line.body);
    }
    for sentence in [
        "1,912 shoppers were charged twice.",
        "Keys are per provider.",
    ] {
        assert!(!said.contains(sentence), "the draft: {sentence}");
    }
    assert!(said.contains("planned a drill") && said.contains("Its own page shows the rest"));
}

#[test]
fn an_administrator_who_ramps_does_not_read_the_mentors_sealed_assessment_in_the_log() {
    let site = Site::open();
    let (level, saw) = ("2", "Needed a hint to find the dashboard");
    let answer = site
        .client(Role::Mentor)
        .assess(site.ramp_id, "PAY-I2", level, saw);
    answer.assert_status(303);
    site.app.db(|c| {
        use checkride::db::schema::people;
        diesel::update(people::table.find(site.mentee.id))
            .set(people::is_admin.eq(true))
            .execute(c)?;
        Ok(())
    });
    let mentee = site.client(Role::Mentee);
    let page = mentee.get(&path::competency(site.ramp_id, "PAY-I2"));
    assert!(!page.text().contains(saw), "the page seals it");
    let said = all_of_it(&mentee);
    assert!(said.contains("recorded assessments"));
    assert!(!said.contains(saw), "the log seals it too");
    assert!(all_of_it(&site.client(Role::Administrator)).contains(saw));
}
