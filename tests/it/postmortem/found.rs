//! Finding a post-mortem again.

use checkride::db::schema::{areas, qualifiers};
use checkride::domain::people;
use checkride::domain::people::Name;
use checkride::domain::postmortem::{Document, Severity};
use checkride::domain::standard::{StandardState, store as standards};
use diesel::prelude::*;

use crate::support::sample::document;
use crate::support::{Form, Role, Site, at, path};

fn titled(title: &str) -> Document {
    Document {
        title: title.into(),
        ..document()
    }
}

fn finds(site: &Site, role: Role, query: &str, title: &str) -> bool {
    let page = site.client(role).get(&format!("/library{query}"));
    page.assert_status(200);
    page.text().contains(title)
}

#[test]
fn by_words_area_system_severity_and_state() {
    let site = Site::open();
    site.teach(&document());
    site.teach(&Document {
        severity: Severity::Three,
        systems: vec!["Ledger".into()],
        occurred_at: at("2026-02-01T10:00:00Z"),
        ..titled("Ärger mit 100% der Belege")
    });
    let first = |query: &str| finds(&site, Role::Mentee, query, "Captures were doubled");
    let second = |query: &str| finds(&site, Role::Mentee, query, "Ärger mit 100%");
    for (query, finds) in [
        ("", (true, true)),
        ("?q=DOUBLED", (true, false)),
        ("?q=%C3%A4rger", (false, true)),
        ("?q=100%25", (false, true)),
        ("?q=100%25+doubled", (false, false)),
        ("?q=_", (false, false)),
        ("?q=nine+seconds", (true, true)),
        ("?severity=sev3", (false, true)),
        ("?system=Gateway", (true, false)),
        ("?area=payments", (true, true)),
        ("?state=retired", (false, false)),
        ("?after=abc", (true, true)),
    ] {
        assert_eq!((first(query), second(query)), finds, "{query}");
    }
}

#[test]
fn the_library_tells_nothing_of_what_the_reader_may_not_read() {
    let site = Site::open();
    site.teach(&titled("Captures were doubled"));
    site.write(
        Role::Stranger,
        &Document {
            systems: vec!["Stock & reservation".into()],
            occurred_at: at("2026-03-01T10:00:00Z"),
            ..titled("A draft")
        },
    );
    let draft: i64 = site.app.db(|c| {
        use checkride::db::schema::postmortems::dsl;
        Ok(dsl::postmortems
            .select(dsl::id)
            .order(dsl::id.desc())
            .first(c)?)
    });
    for (role, sees) in [
        (Role::Stranger, true),
        (Role::Mentee, false),
        (Role::Administrator, false),
    ] {
        let client = site.client(role);
        let library = client.get("/library");
        assert_eq!(
            library.body.contains("Stock &#38; reservation"),
            sees,
            "{role:?}"
        );
        // Its row as a place in the list says nothing of when it happened.
        let after = client.get(&format!("/library?after={draft}"));
        assert_eq!(after.text(), library.text(), "{role:?}");
    }
}

#[test]
fn drafts_are_found_by_their_author_and_by_who_answers_for_their_areas() {
    let site = Site::open();
    site.write(Role::Stranger, &document());
    for (role, sees) in [
        (Role::Stranger, true),
        (Role::Mentee, false),
        (Role::Mentor, true),
        (Role::Qualifier, true),
        (Role::OwnerLead, true),
        (Role::MenteeLead, false),
        (Role::Administrator, false),
    ] {
        assert_eq!(
            finds(&site, role, "?state=draft", "Captures were"),
            sees,
            "{role:?}"
        );
        assert!(!finds(&site, role, "", "Captures were"), "{role:?}");
    }
}

#[test]
fn what_teaches_what_somebody_works_on() {
    let site = Site::open();
    site.teach(&document());
    let mine = |site: &Site| finds(site, Role::Mentee, "?teaches=mine", "Captures were");
    assert!(mine(&site));
    site.assess("PAY-I1", 5);
    assert!(mine(&site), "the other one is still missing");
    site.assess("PAY-I2", 5);
    assert!(!mine(&site));
    assert!(
        finds(&site, Role::Stranger, "?teaches=mine", "Captures were"),
        "who is on no ramp is not asked"
    );
}

#[test]
fn a_page_at_a_time_without_losing_one() {
    let site = Site::open();
    for n in 0..27 {
        let begun = at("2026-01-01T10:00:00Z").plus_hours(24 * (n / 2));
        site.teach(&Document {
            occurred_at: begun,
            ..titled(&format!("Number {n:02} fell"))
        });
    }
    let client = site.client(Role::Mentee);
    let first = client.get("/library?area=payments");
    let next = first.body.split("rel=\"next\"").next().unwrap();
    let href = next
        .rsplit("href=\"")
        .next()
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let second = client.get(&href.replace("&#38;", "&").replace("&amp;", "&"));
    let count = |text: &str, n: i32| text.matches(&format!("Number {n:02} fell")).count();
    for n in 0..27 {
        let seen = count(&first.text(), n) + count(&second.text(), n);
        assert_eq!(seen, 1, "number {n}");
    }
}

#[test]
fn what_happened_about_this_day_comes_back() {
    let site = Site::open();
    site.teach(&document());
    site.teach(&Document {
        occurred_at: at("2025-11-01T10:00:00Z"),
        ..titled("Too long ago in the year")
    });
    let page = site.client(Role::Mentee).get("/library");
    let top = page.text();
    let (_, rest) = top.split_once("About this day, in another year").unwrap();
    let (then, _) = rest.split_once("Words").unwrap();
    assert!(then.contains("Captures were doubled") && !then.contains("Too long ago"));
}

#[test]
fn a_teachable_one_becomes_a_drill_in_one_click() {
    let site = Site::open();
    let slug = site.teach(&document());
    let path = format!("/drills/new?postmortem={slug}");
    let mentor = site.client(Role::Mentor);
    let page = mentor.get(&path);
    page.assert_status(200)
        .assert_text("Staged post-mortem replay");
    let form = Form::on(&page, path::NEW_DRILL);
    assert_eq!(form.get("title"), Some(""), "its own would give it away");
    assert_eq!(form.get("postmortem"), Some(&*slug));
    assert_eq!(form.get("scenario"), Some(&*document().symptoms));
    let unknown = mentor.get("/drills/new?postmortem=not-here");
    unknown.assert_status(404);
    let offered = |role: Role| site.client(role).get(&format!("/library/{slug}?show=all"));
    offered(Role::Mentor).assert_text("Make it a drill");
    let mentee = offered(Role::Mentee);
    assert!(!mentee.text().contains("Make it a drill"), "they may not");
}

/// Another area of the mentee's team, whose standard asks for one competency; gives back its row.
pub(super) fn another_area(site: &Site, (slug, name, code): (&str, &str, &str)) -> i64 {
    let mut content = crate::support::sample::content();
    content.competencies.truncate(1);
    content.competencies[0].code = format!("{code}-A1");
    let now = site.app.now();
    site.app.db(|c| {
        let (owners, _) = people::store::team_named(c, &Name::parse("Storefront").unwrap(), now)?;
        let id = diesel::insert_into(areas::table)
            .values((
                areas::slug.eq(slug),
                areas::code.eq(code),
                areas::name.eq(name),
                areas::summary.eq(""),
                areas::tier.eq(1),
                areas::owner_team_id.eq(owners),
                areas::minimum_cover.eq(1),
                areas::target_weeks.eq(12),
                areas::validity_months.eq(12),
                areas::recency_days.eq(90),
                areas::created_at.eq(now),
            ))
            .returning(areas::id)
            .get_result(c)?;
        let first = standards::NewVersion {
            area_id: id,
            version: 1,
            state: StandardState::Published,
            note: "First version",
            content: &content,
            by: None,
            now,
        };
        standards::insert(c, &first)?;
        Ok(id)
    })
}

#[test]
fn a_drill_is_made_for_the_area_of_whoever_plans_it_and_fits_its_sheet() {
    let site = Site::open();
    another_area(&site, ("checkout", "Checkout", "CHK"));
    let third = another_area(&site, ("stock", "Stock", "STK"));
    site.app.db(|c| {
        diesel::insert_into(qualifiers::table)
            .values((
                qualifiers::area_id.eq(third),
                qualifiers::person_id.eq(site.mentor.id),
                qualifiers::since.eq(site.app.now()),
            ))
            .execute(c)?;
        Ok(())
    });
    let mut written = document();
    written.areas = vec!["checkout".into(), "payments".into()];
    written.points[0].saw = "The queue grows and grows ".repeat(20);
    written.points[0].now = "Drain the queue first ".repeat(20);
    written.points[0].teaches = vec!["CHK-A1".into(), "PAY-I1".into()];
    written.points[1].teaches = vec!["CHK-A1".into()];
    let slug = site.teach(&written);
    let mentor = site.client(Role::Mentor);
    let page = mentor.get(&format!("/drills/new?postmortem={slug}"));
    let form = Form::on(&page, path::NEW_DRILL);
    assert_eq!(
        form.get("area"),
        Some("payments"),
        "the first is not theirs"
    );
    let expected = form.get("expected").unwrap().trim().to_owned();
    let lines: Vec<&str> = expected.lines().collect();
    assert!(lines[0].starts_with("PAY-I1 Drain the queue") && lines[0].ends_with('…'));
    assert_eq!(lines[1], "Look at the capture queue first", "no code");
    form.with("title", "Friday night")
        .with("primary", &site.mentee.id.to_string())
        .send(&mentor)
        .assert_status(303);
    assert_eq!(site.drill(site.latest_drill()).lines.len(), 4);
    // Who plans drills elsewhere alone is not offered to make one of it.
    let lead = site
        .client(Role::MenteeLead)
        .get(&format!("/library/{slug}?show=all"));
    lead.assert_text("Make it a drill");
    let mut elsewhere = document();
    elsewhere.title = "Stock ran out".into();
    let slug = site.teach(&elsewhere);
    let lead = site
        .client(Role::MenteeLead)
        .get(&format!("/library/{slug}?show=all"));
    assert!(!lead.text().contains("Make it a drill"));
}
