//! What keeps a clearance alive: practice, by its day, as long as it counts.

mod rules;

use checkride::db::schema::{activities, assessments};
use checkride::db::types::Day;
use checkride::domain::area;
use checkride::domain::clearance;
use checkride::domain::clearance::model::NewClearance;
use checkride::domain::clearance::store as clearances;
use diesel::prelude::*;

use crate::support::factory::{PASSWORD, member};
use crate::support::{Form, Role, Site, at, at_once, path};

/// The clearance of the mentor, in words of days: practised last, holds until.
fn held(site: &Site) -> (String, String) {
    let held = site
        .app
        .db(|c| clearance::store::of_person(c, site.mentor.id))
        .remove(0);
    (held.practised_on.to_string(), held.holds_until.to_string())
}

fn log(site: &Site, role: Role, day: &str) -> crate::support::Answer {
    site.client(role).send(
        path::INCIDENTS,
        &[
            ("area", &site.area_id.to_string()),
            ("day", day),
            ("link", "https://incidents.example.com/88"),
            ("another", "yes"),
        ],
    )
}

#[test]
fn an_incident_keeps_a_clearance_alive_until_it_is_taken_back() {
    let site = Site::open();
    let pair = |practised: &str, until: &str| (practised.to_owned(), until.to_owned());
    assert_eq!(held(&site), pair("2026-11-23", "2027-02-21"));

    site.app.wait_hours(24 * 40);
    let mentor = site.client(Role::Mentor);
    let path = format!("/people/{}/practice", site.mentor.handle);
    mentor
        .get(&path)
        .assert_text("Practised last on 23 Nov")
        .assert_text("Needed: 1 practice in 90 days");
    log(&site, Role::Mentor, "2026-12-24").assert_leads_to(&path);
    assert_eq!(held(&site), pair("2026-12-24", "2027-03-24"));
    mentor
        .get(&path)
        .assert_text("Real incident")
        .assert_text("practise by 24 Mar");

    // What is told later of an earlier day changes nothing; what is taken back counts no more.
    log(&site, Role::Mentor, "2026-12-20").assert_status(303);
    assert_eq!(held(&site), pair("2026-12-24", "2027-03-24"));
    mentor
        .send("/activities/1/take-back", &[("reason", "Twice")])
        .assert_status(303);
    assert_eq!(held(&site), pair("2026-12-20", "2027-03-20"));
    mentor
        .send("/activities/1/take-back", &[("reason", "Twice")])
        .assert_status(409);
    mentor.get(&path).assert_text("taken back");

    // It was granted for 200 days: no practice lasts longer.
    for day in ["2027-03-10", "2027-05-20"] {
        let days = Day::parse(day).unwrap().days_since(site.app.now().day());
        site.app.wait_hours(24 * days);
        log(&site, Role::Mentor, day).assert_status(303);
    }
    assert_eq!(held(&site), pair("2027-05-20", "2027-06-11"));
}

#[test]
fn without_practice_it_lapses_and_practice_after_that_does_not_bring_it_back() {
    let site = Site::open();
    let says = |word: &str| {
        site.client(Role::Qualifier)
            .person_page(&site.mentor.handle)
            .assert_text(word);
    };
    site.app.wait_hours(24 * 60);
    says("Expiring");
    site.app.wait_hours(24 * 30);
    says("Expiring practise by 21 Feb");
    site.app.wait_hours(24);
    says("Lapsed on 21 Feb");
    log(&site, Role::Mentor, "2027-02-22").assert_status(303);
    says("Lapsed on 21 Feb");
    // Told late of a day on which it still held: it never lacked practice.
    log(&site, Role::Mentor, "2027-02-20").assert_status(303);
    says("Cleared");
    assert_eq!(held(&site).0, "2027-02-22");
}

#[test]
fn an_incident_needs_a_link_and_a_day_that_fits_and_is_kept_once() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    let area = site.area_id.to_string();
    for (day, link, sentence) in [
        ("2026-11-24", "https://i.example.com/1", "has not come yet"),
        ("2026-11-08", "https://i.example.com/1", "within 14 days"),
        ("", "https://i.example.com/1", "Enter the day"),
        ("2026-11-23", "javascript:alert(1)", "address"),
    ] {
        let fields = [("area", area.as_str()), ("day", day), ("link", link)];
        mentee
            .send(path::INCIDENTS, &fields)
            .assert_status(422)
            .assert_text(sentence);
    }
    let form = Form::on(&mentee.get("/incidents/new"), path::INCIDENTS)
        .with("day", "2026-11-09")
        .with("link", "https://i.example.com/1");
    for _ in 0..2 {
        form.send(&mentee).assert_status(303);
    }
    let kept = || -> i64 {
        site.app
            .db(|c| Ok(activities::table.count().get_result(c)?))
    };
    assert_eq!(kept(), 1);

    // The same link on another day is asked about, once.
    let again = |link: &str| {
        let form = Form::on(&mentee.get("/incidents/new"), path::INCIDENTS);
        form.with("link", link)
    };
    let asked = again("https://i.example.com/1/#timeline").send(&mentee);
    asked
        .assert_status(422)
        .assert_text("You logged this link for 9 Nov already.");
    assert_eq!(kept(), 1);
    let back = Form::on(&asked, path::INCIDENTS);
    assert_eq!(back.get("another"), None);
    back.with("another", "yes").send(&mentee).assert_status(303);
    again("https://i.example.com/2")
        .send(&mentee)
        .assert_status(303);
    assert_eq!(kept(), 3);
}

#[test]
fn practice_leads_to_the_shift_or_drill_it_was_for_whoever_may_open_it() {
    let site = Site::open();
    let drill = site.debrief_drill();
    let shift = crate::shift::ended(&site);
    crate::shift::close(&site, shift);
    let (drill, shift) = (path::drill(drill), path::shift(shift));
    let leads_to = |role: Role, handle: &str, page: &str| {
        let client = site.client(role);
        let practice = client.get(&format!("/people/{handle}/practice"));
        let is_linked = practice.body.contains(&format!("href=\"{page}\""));
        if is_linked {
            client.get(page).assert_status(200);
        }
        is_linked
    };
    let (mentee, qualifier) = (&site.mentee.handle, &site.qualifier.handle);
    for role in [Role::Mentee, Role::MenteeLead, Role::Administrator] {
        assert!(leads_to(role, mentee, &drill), "{role:?}");
        assert!(leads_to(role, mentee, &shift), "{role:?}");
    }
    for role in [Role::Qualifier, Role::OwnerLead] {
        assert!(leads_to(role, qualifier, &shift), "{role:?}");
    }
}

/// Which of two comes first is not up to a test; that many rounds see it both ways, more often than not.
const ROUNDS: usize = 8;

#[test]
fn an_incident_is_taken_back_or_judged_by_and_one_of_the_two_is_told() {
    for round in 0..ROUNDS {
        let site = Site::open();
        log(&site, Role::Mentee, "2026-11-23").assert_status(303);
        let (mentee, mentor) = (site.client(Role::Mentee), site.client(Role::Mentor));
        let assess = path::assess(site.ramp_id, "incident");
        let cited = [("level-PAY-I2", "4"), ("source-PAY-I2", "incident-1")];
        let answers = at_once(2, |n| match n {
            0 => mentee.send("/activities/1/take-back", &[("reason", "Twice")]),
            _ => mentor.send(&assess, &cited),
        });
        let is_back = match (answers[0].status, answers[1].status) {
            (303, 422) => {
                answers[1].assert_text("Choose something of this ramp");
                true
            }
            (409, 303) => {
                answers[0].assert_text("An assessment rests on this incident");
                false
            }
            other => panic!("round {round}: {other:?}"),
        };
        let (undone, resting): (i64, i64) = site.app.db(|c| {
            let undone = activities::table.filter(activities::undone_at.is_not_null());
            let resting =
                assessments::table.filter(assessments::evidence_activity_id.is_not_null());
            Ok((
                undone.count().get_result(c)?,
                resting.count().get_result(c)?,
            ))
        });
        assert_eq!((undone, resting), if is_back { (1, 0) } else { (0, 1) });
    }
}

#[test]
fn the_last_day_is_a_day_of_utc_wherever_somebody_looks_from() {
    let site = Site::open();
    let turn_to = |to: &str| {
        let to = at(to);
        site.app.wait_seconds(to.seconds_since(site.app.now()));
    };
    turn_to("2027-12-15T09:00:00Z");
    let now = site.app.now();
    // 14 hours east of UTC, and 11 hours west of it; her last day is the leap day.
    let viewers = site.app.db(|c| {
        let held = (site.mentee.id, site.area_id);
        let last = Day::parse("2028-02-29").unwrap();
        clearance::store::insert(c, &clearance::model::NewClearance::full(held, now, last))?;
        let east = member(c, now, "Aroha Tane", "Pacific/Kiritimati", None)?;
        Ok([
            east,
            member(c, now, "Malu Iosefa", "Pacific/Pago_Pago", None)?,
        ])
    });
    for (moment, words, line) in [
        ("2028-01-29T23:59:59Z", "Cleared until 29 Feb", "Cleared"),
        ("2028-01-30T00:00:00Z", "Expiring until 29 Feb", "Expiring"),
        ("2028-02-29T00:00:00Z", "Expiring until 29 Feb", "Expiring"),
        ("2028-02-29T23:59:59Z", "Expiring until 29 Feb", "Expiring"),
        ("2028-03-01T00:00:00Z", "Lapsed on 29 Feb", "Lapsed"),
    ] {
        turn_to(moment);
        let person = path::person(&site.mentee.handle);
        let files = viewers.each_ref().map(|viewer| {
            let client = site.app.client();
            client.sign_in(&viewer.email, PASSWORD).assert_status(303);
            for page in ["/board", &person] {
                client.get(page).assert_text(words);
            }
            // The roster has a column for the day that counts: the last one, then the target of the ramp.
            let name = &site.mentee.name;
            let alone = match line {
                "Lapsed" => format!("{words} ({name}) Ramping 0% target"),
                _ => format!("{line} ({name}) Ramping 0% cleared until 29 Feb"),
            };
            client.get("/areas/payments").assert_text(&alone);
            client.get(path::BOARD_CSV).body
        });
        assert_eq!(files[0], files[1], "one file for everybody");
        let said = files[0].lines().find(|l| l.contains(&site.mentee.handle));
        let said = said.unwrap();
        assert!(said.contains(&format!(",{line},")), "{moment}: {said}");
        assert!(said.contains(",2028-02-29,"), "{moment}: {said}");
    }
}

#[test]
fn what_ends_a_clearance_and_when_is_told_in_the_same_words_everywhere() {
    let site = Site::open();
    let held = site
        .app
        .db(|c| clearance::store::of_person(c, site.mentor.id))
        .remove(0);
    // Granted for 200 days, practised every 90: by practice it ends first, until that reaches the last day.
    for (wait, status, words, other, file) in [
        (
            76,
            "Expiring practise by 21 Feb",
            "practise by 21 Feb",
            "Cleared until 11 Jun with practice",
            ",2027-02-21,2027-06-11,",
        ),
        (
            110,
            "Expiring until 11 Jun",
            "cleared until 11 Jun",
            "Practice Last on 13 May",
            ",,2027-06-11,",
        ),
    ] {
        if wait == 110 {
            site.app.wait_hours(24 * 9);
            for day in ["2027-02-16", "2027-05-13"] {
                let days = Day::parse(day).unwrap().days_since(site.app.now().day());
                site.app.wait_hours(24 * days);
                log(&site, Role::Mentor, day).assert_status(303);
            }
        } else {
            site.app.wait_hours(24 * wait);
        }
        let mentor = site.client(Role::Mentor);
        let person = path::person(&site.mentor.handle);
        for page in ["/board", "/", &person] {
            mentor.get(page).assert_text(status);
        }
        mentor
            .get("/areas/payments")
            .assert_text(&format!("{words} in "));
        mentor
            .get(&format!("{person}/practice"))
            .assert_text(words)
            .assert_text("cleared until 11 Jun");
        let label = format!("{}{}", words[..1].to_uppercase(), &words[1..]);
        mentor
            .get(&format!("/clearances/{}", held.id))
            .assert_text(&label)
            .assert_text(other);
        let csv = mentor.get(path::BOARD_CSV).body;
        let line = csv
            .lines()
            .find(|l| l.contains(&site.mentor.handle))
            .unwrap();
        assert!(line.contains(file), "{line}");
        let (before, _) = words.split_at(words.rfind(" 2").or(words.rfind(" 1")).unwrap());
        let ahead = mentor.get("/areas/payments/forecast.csv").body;
        let of_mentor = format!(",{},{before},", site.mentor.name);
        assert!(ahead.contains(&of_mentor), "{ahead}");
        site.app.rounds();
        let mails = crate::notify::letters(&site.app, &site.mentor);
        assert!(format!("{mails:?}").contains(words), "{words}: {mails:?}");
    }
}

#[test]
fn an_incident_is_logged_from_home_with_the_link_alone() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    let home = mentor.get("/");
    home.assert_text("Log an incident");
    assert!(home.body.contains("href=\"/incidents/new?area=payments\""));
    let page = mentor.get("/incidents/new?area=payments");
    let link = page.body.split("name=\"link\"").nth(1).unwrap();
    assert!(link.split('>').next().unwrap().contains("autofocus"));
    Form::on(&page, path::INCIDENTS)
        .with("link", "https://incidents.example.com/88")
        .send(&mentor)
        .assert_status(303);
    // Whoever only ramps up has nothing that it keeps alive.
    let mentee = site.client(Role::Mentee).get("/").text();
    assert!(!mentee.contains("Log an incident"), "{mentee}");
}

#[test]
fn home_leaves_the_area_open_to_whoever_keeps_two_alive_and_asks_nothing_once_all_lapsed() {
    let site = Site::open();
    let now = site.app.now();
    site.app.db(|c| {
        let payments = area::store::by_id(c, site.area_id)?;
        let fields = area::model::Fields {
            code: "LED".to_owned(),
            name: "Ledger".to_owned(),
            ..area::model::Fields::of(&payments)
        };
        let ledger = area::store::insert(c, "ledger", &fields, payments.owner_team_id, now)?;
        let (key, until) = ((site.mentor.id, ledger), now.day().plus_days(200));
        clearances::insert(c, &NewClearance::full(key, now, until))
    });
    let mentor = site.client(Role::Mentor);
    // The choices are the names of the areas.
    mentor
        .get("/incidents/new")
        .assert_text("Area Payments Ledger Link to it");
    let home = mentor.get("/");
    assert!(
        home.body.contains("href=\"/incidents/new\""),
        "{}",
        home.text()
    );
    site.app.wait_hours(24 * 91);
    let later = site.client(Role::Mentor).get("/");
    later.assert_text("Lapsed");
    assert!(
        !later.text().contains("Log an incident"),
        "{}",
        later.text()
    );
}
