//! Moments in forms: whose clock a text is on, hours that are skipped or come twice, seconds that no field shows.

use checkride::db::schema::sessions;
use checkride::db::types::UtcTime;
use checkride::domain::session::store;
use diesel::prelude::*;

use crate::session::plan;
use crate::support::sample::document;
use crate::support::{Answer, Client, Form, Role, Site, at, path};
use crate::walls::source::files;

fn lives_in(client: &Client, zone: &str) {
    client
        .send(path::TIME_ZONE, &[("time_zone", zone)])
        .assert_status(303);
}

/// When the session of the page begins.
fn begins(site: &Site, page: &str) -> UtcTime {
    let id = page.trim_start_matches("/sessions/").parse().unwrap();
    site.app.db(|c| Ok(store::by_id(c, id)?.starts_at))
}

fn planned(site: &Site, answer: &Answer) -> String {
    begins(site, answer.assert_status(303).location()).iso()
}

#[test]
fn a_skipped_time_is_refused_with_the_next_one_and_a_repeated_one_is_asked_about() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    lives_in(&mentor, "America/Toronto");
    let page = path::plan_session(site.ramp_id);
    let fresh = mentor.form_at(&page);
    let typed = fresh.clone().with("starts_at", "2027-03-14T02:30");
    let answer = typed.send(&mentor);
    answer
        .assert_status(422)
        .assert_text("02:30 is skipped that night. Enter 03:30.");
    assert_eq!(Form::on(&answer, &page).typed(), typed.typed());
    let instead = Form::on(&answer, &page).with("starts_at", "2027-03-14T03:30");
    assert_eq!(
        planned(&site, &instead.send(&mentor)),
        "2027-03-14T07:30:00Z"
    );

    let night = fresh.with("starts_at", "2027-11-07T01:30");
    let asked = night.send(&mentor);
    asked
        .assert_status(422)
        .assert_text("01:30 comes twice that night. Choose the first or the second time.")
        .assert_text("First time, UTC-04")
        .assert_text("Second time, UTC-05");
    let back = Form::on(&asked, &page);
    assert_eq!(back.get("starts_at"), Some("2027-11-07T01:30"));
    assert_eq!(
        back.get("starts_at_meant"),
        None,
        "nothing is chosen for them"
    );
    // Remembered, also when something else is wrong.
    let second = back.with("starts_at_meant", "2027-11-07T06:30:00Z");
    let wrong = second.clone().with("minutes", "0").send(&mentor);
    let kept = Form::on(wrong.assert_status(422), &page);
    assert_eq!(kept.get("starts_at_meant"), Some("2027-11-07T06:30:00Z"));
    assert_eq!(
        planned(&site, &second.send(&mentor)),
        "2027-11-07T06:30:00Z"
    );
}

#[test]
fn a_text_is_read_on_the_clock_its_page_showed_also_after_somebody_moved() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    lives_in(&mentor, "America/Toronto");
    let page = path::plan_session(site.ramp_id);
    let (open, wrong) = (mentor.form_at(&page), mentor.form_at(&page));
    lives_in(&mentor, "Asia/Tokyo");
    let answer = open.with("starts_at", "2027-02-01T10:00").send(&mentor);
    assert_eq!(planned(&site, &answer), "2027-02-01T15:00:00Z");
    // The page that comes back says whose clock its field is on.
    let back = wrong.with("starts_at", "").send(&mentor);
    back.assert_status(422)
        .assert_text("Time zone: America/Toronto.");
    mentor.get(&page).assert_text("Time zone: Asia/Tokyo.");
}

#[test]
fn what_was_left_alone_is_stored_to_the_second_and_on_its_side_of_the_night() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    lives_in(&mentor, "Europe/Lisbon");
    // A file that names the second 01:30 of the night, and seconds.
    for (slug, when, zone) in [
        ("night", "2026-10-25T01:30:00Z", "Europe/Lisbon"),
        ("seconds", "2026-06-18T19:42:33Z", "Asia/Tokyo"),
    ] {
        let file = format!(
            "+++\ntitle = \"{slug}\"\nseverity = \"sev2\"\nwhen = {when}\nminutes = 47\n+++\n\nIt began."
        );
        let answer = mentor.send("/library/import", &[("text", &file)]);
        let form = Form::on(answer.assert_status(200), "/library/new");
        lives_in(&mentor, zone);
        form.send(&mentor).assert_status(303);
        assert_eq!(site.postmortem(slug).document.occurred_at.iso(), when);
        // An edit of something else leaves it alone.
        let edit = format!("/library/{slug}/edit");
        let form = mentor.form_at(&edit).with("symptoms", "It is slow");
        form.send(&mentor).assert_status(303);
        let stored = site.postmortem(slug).document;
        assert_eq!(stored.occurred_at.iso(), when);
        assert_eq!(stored.symptoms, "It is slow");
    }
    // The first time that night, instead of the second.
    lives_in(&mentor, "Europe/Lisbon");
    let first = mentor
        .form_at("/library/night/edit")
        .with("occurred_at_meant", "2026-10-25T00:30:00Z");
    first.send(&mentor).assert_status(303);
    assert_eq!(
        site.postmortem("night").document.occurred_at.iso(),
        "2026-10-25T00:30:00Z"
    );
}

#[test]
fn a_correction_keeps_the_second_its_session_began() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    mentor
        .record_session(site.ramp_id, "Failover", &[])
        .assert_status(303);
    let id = site.dossier().sessions[0].id;
    let exact = at("2026-11-20T09:00:12Z");
    site.app.db(|c| {
        let row = diesel::update(sessions::table.find(id));
        Ok(row.set(sessions::starts_at.eq(exact)).execute(c)?)
    });
    let correct = format!("/sessions/{id}/correct");
    let form = mentor.form_at(&correct).with("summary", "Failover, twice");
    let corrected = form.send(&mentor).assert_status(303).location().to_owned();
    assert_eq!(begins(&site, &corrected), exact);
}

#[test]
fn every_field_of_a_moment_says_whose_clock_it_is_on_and_what_it_showed() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    let plan = plan(&site, &mentor, "2026-11-26T09:00");
    site.teach(&document());
    let mut fields = 0;
    for page in [
        path::plan_session(site.ramp_id),
        path::new_session(site.ramp_id),
        path::plan_shift(site.ramp_id),
        format!("{}?area=payments", path::NEW_DRILL),
        "/library/new".into(),
        "/library/captures-were-doubled/clubs/new".into(),
        plan,
    ] {
        let answer = mentor.get(&page);
        let html = &answer.body;
        let names = html.split("type=\"datetime-local\"").collect::<Vec<_>>();
        for before in &names[..names.len() - 1] {
            let name = before.rsplit("name=\"").next().unwrap();
            let name = name.split('"').next().unwrap();
            assert!(
                html.contains(&format!("name=\"{name}_zone\" value=\"Europe/London\"")),
                "{page}: {name}"
            );
            assert!(html.contains(&format!("name=\"{name}_exact\"")), "{page}");
            fields += 1;
        }
    }
    assert_eq!(fields, 8, "a page shows its fields");
}

#[test]
fn a_page_says_so_where_its_days_are_not_those_of_the_viewer_s_clock() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    lives_in(&lead, "America/Toronto");
    lead.board()
        .assert_text("as of Mon 23 Nov, 04:00")
        .assert_text("Times in America/Toronto, change your time zone");
    // Evening in Toronto, and the next day in UTC.
    site.app.wait_hours(17);
    lead.board()
        .assert_text("as of Mon 23 Nov, 21:00 (24 Nov in UTC)");
    for page in ["/", "/people", "/areas/payments"] {
        lead.get(page)
            .assert_text("Days of clearances are UTC days, where it is 24 Nov");
    }
}

#[test]
fn no_template_asks_for_a_moment_by_itself() {
    let templates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    for file in files(&templates, "html") {
        let is_macro = file.ends_with("macros.html");
        let asks = std::fs::read_to_string(&file)
            .unwrap()
            .contains("datetime-local");
        assert_eq!(asks, is_macro, "{}", file.display());
    }
}
