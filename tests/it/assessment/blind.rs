//! Assessments are blind, then open: neither side sees what the other newly said before it has said its own.

use checkride::domain::readiness::Readiness;

use crate::support::{Client, Role, Site, path};

const CODE: &str = "PAY-I2";

fn judge(client: &Client, path: &str, level: &str, note: &str) {
    let (level_field, note_field) = (format!("level-{CODE}"), format!("note-{CODE}"));
    client
        .send(
            path,
            &[
                (&level_field, level),
                (&note_field, note),
                ("then", "finish"),
            ],
        )
        .assert_status(303);
}

fn assess(site: &Site, level: &str, note: &str) {
    let path = path::assess(site.ramp_id, "incident");
    judge(&site.client(Role::Mentor), &path, level, note);
}

fn self_assess(site: &Site, level: &str, note: &str) {
    let path = path::self_assess(site.ramp_id, "incident");
    judge(&site.client(Role::Mentee), &path, level, note);
}

/// Every page of the ramp on which a judgement of the competency shows.
fn pages(site: &Site) -> [String; 5] {
    let ramp = path::ramp(site.ramp_id);
    [
        format!("{ramp}/competencies/{CODE}"),
        path::competencies(site.ramp_id),
        format!("{ramp}/compare"),
        format!("{ramp}/sign-off"),
        ramp,
    ]
}

fn sees(site: &Site, role: Role, words: &str) -> bool {
    let client = site.client(role);
    let mut pages = pages(site).to_vec();
    match role {
        Role::Mentee => pages.extend(["/".to_owned(), path::self_assess(site.ramp_id, "incident")]),
        Role::Mentor => pages.push(path::assess(site.ramp_id, "incident")),
        _ => {}
    }
    pages.iter().any(|path| {
        let page = client.get(path);
        page.assert_status(200);
        page.text().contains(words)
    })
}

fn readiness(site: &Site) -> Readiness {
    site.dossier().readiness
}

#[test]
fn each_side_says_its_own_before_it_sees_the_other_s_and_then_both_are_open() {
    let site = Site::open();
    self_assess(&site, "4", "I drained it alone");
    assert!(sees(&site, Role::Mentee, "I drained it alone"));
    assert!(sees(&site, Role::OwnerLead, "I drained it alone"));
    assert!(!sees(&site, Role::Mentor, "I drained it alone"));
    assert!(sees(
        &site,
        Role::Mentor,
        "newly assessed, opens with yours"
    ));

    assess(&site, "2", "Needed me twice");
    assert!(sees(&site, Role::Mentor, "I drained it alone"));
    assert!(sees(&site, Role::Mentee, "Needed me twice"));
    assert!(sees(&site, Role::Mentee, "self-view 2 above the mentor’s"));

    assess(&site, "3", "Once more, better");
    assert!(!sees(&site, Role::Mentee, "Once more, better"));
    assert!(sees(&site, Role::Mentee, "Needed me twice"));
    assert!(sees(&site, Role::Qualifier, "Once more, better"));
    self_assess(&site, "3", "");
    assert!(sees(&site, Role::Mentee, "Once more, better"));
}

#[test]
fn a_sealed_judgement_counts_at_once_and_opens_after_a_week() {
    let site = Site::open();
    let before = readiness(&site);
    assess(&site, "5", "Ran the whole thing");
    let after = readiness(&site);
    assert_eq!(
        after.lines_met,
        before.lines_met + 1,
        "the gate does not wait"
    );
    assert!(!sees(&site, Role::Mentee, "Ran the whole thing"));
    let page = site.client(Role::Mentee).get(&pages(&site)[0]);
    page.assert_text("newly assessed, opens with yours");
    assert!(!page.text().contains("Not assessed yet"), "{}", page.text());
    site.app.wait_hours(7 * 24 - 1);
    assert!(!sees(&site, Role::Mentee, "Ran the whole thing"));
    site.app.wait_hours(1);
    assert!(sees(&site, Role::Mentee, "Ran the whole thing"));
    assert_eq!(readiness(&site), after);
}

#[test]
fn the_largest_differences_come_first() {
    let site = Site::open();
    for (code, own, mentor) in [("PAY-A1", 3, 3), ("PAY-A2", 4, 3), ("PAY-I1", 5, 2)] {
        site.self_assess(code, own);
        site.assess(code, mentor);
    }
    let page = site
        .client(Role::Mentor)
        .get(&path::ramp_form(site.ramp_id, "compare"));
    let text = page.text();
    let place = |code: &str| text.find(&format!("{code}, needs")).unwrap();
    assert!(place("PAY-I1") < place("PAY-A2"));
    assert!(place("PAY-A2") < place("PAY-A1"));
    page.assert_text("2, the largest differences first");
}

#[test]
fn asking_for_a_sign_off_and_withdrawing_it_opens_nothing() {
    let site = Site::open();
    site.make_ready();
    assess(&site, "5", "Ran the whole thing");
    site.client(Role::Mentee)
        .send_request(site.ramp_id, "Ready")
        .assert_status(303);
    let id = site.dossier().signoffs[0].id;
    let (path, mentee) = (path::signoff(id), site.client(Role::Mentee));
    let withdraw = format!("{path}/withdraw");
    mentee
        .send(&withdraw, &[("reason", "Too early")])
        .assert_status(303);
    assert!(!mentee.get(&path).text().contains("Ran the whole thing"));
    site.client(Role::OwnerLead)
        .get(&path)
        .assert_text("Ran the whole thing");
}
