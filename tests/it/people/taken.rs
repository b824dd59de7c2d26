//! One's own logbook as files to take along.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use serde_json::Value;

use crate::support::{Answer, Role, Site, path};

fn files(answer: &Answer) -> BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(Cursor::new(answer.bytes.clone())).unwrap();
    (0..zip.len())
        .map(|n| {
            let mut file = zip.by_index(n).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            (file.name().unwrap().into_owned(), text)
        })
        .collect()
}

fn logbook(site: &Site, role: Role) -> BTreeMap<String, String> {
    let answer = site.client(role).get("/me/logbook.zip");
    answer.assert_status(200);
    assert_eq!(answer.header("content-type"), "application/zip");
    files(&answer)
}

#[test]
fn a_mentee_takes_their_ramp_along_and_a_mentor_their_hours_without_names() {
    let site = Site::open();
    site.hold_session(45);
    let own = logbook(&site, Role::Mentee);
    let ramp = &own[&format!("ramps/{}-payments.json", site.ramp_id)];
    let ramp: Value = serde_json::from_str(ramp).unwrap();
    assert_eq!(ramp["area"], "Payments");
    assert_eq!(ramp["sessions"][0]["minutes"], 45);
    let text = &own[&format!("ramps/{}-payments.md", site.ramp_id)];
    assert!(text.contains("## Sessions"), "{text}");
    assert!(own["README.md"].contains("# Logbook of "));

    let mentor = logbook(&site, Role::Mentor);
    let held: Value = serde_json::from_str(&mentor["mentoring.json"]).unwrap();
    assert_eq!(held[0]["minutes"], 45);
    let all = mentor.values().cloned().collect::<String>();
    assert!(!all.contains(&site.mentee.name), "{all}");
}

#[test]
fn a_judgement_that_its_page_seals_is_sealed_in_the_files() {
    let site = Site::open();
    let assess = |role: Role, path: String, note: &str| {
        let fields = [
            ("level-PAY-I2", "3"),
            ("note-PAY-I2", note),
            ("then", "finish"),
        ];
        site.client(role).send(&path, &fields).assert_status(303);
    };
    let said = |words: &str| {
        let all = logbook(&site, Role::Mentee);
        all.values().any(|text| text.contains(words))
    };
    assess(
        Role::Mentor,
        path::assess(site.ramp_id, "incident"),
        "Needed me twice",
    );
    assert!(!said("Needed me twice"));
    assess(
        Role::Mentee,
        path::self_assess(site.ramp_id, "incident"),
        "I drained it alone",
    );
    assert!(said("I drained it alone") && said("Needed me twice"));
}
