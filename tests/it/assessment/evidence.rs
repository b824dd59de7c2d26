//! The chain from a competency to what backs it.

use checkride::db::schema::standards;
use checkride::domain::standard::{Gate, Strength};
use diesel::prelude::*;

use crate::support::sample::content;
use crate::support::{Role, Site, path};

/// Critical competencies must have been done on the real thing.
fn asking_for_the_real_thing(site: &Site) {
    let mut asked = content();
    asked.gates = vec![Gate::Levels {
        critical_evidence: Some(Strength::Real),
    }];
    site.app.db(|c| {
        diesel::update(standards::table.find(site.standard_id))
            .set(standards::content.eq(serde_json::to_string(&asked).unwrap()))
            .execute(c)?;
        Ok(())
    });
}

#[test]
fn a_real_incident_backs_a_judgement_and_the_sign_off_shows_the_chain() {
    let site = Site::open();
    asking_for_the_real_thing(&site);
    site.client(Role::Mentee)
        .send(
            path::INCIDENTS,
            &[
                ("area", &site.area_id.to_string()),
                ("day", "2026-11-23"),
                ("link", "https://incidents.example.com/88"),
                ("note", "Switched the provider"),
            ],
        )
        .assert_status(303);
    let mentor = site.client(Role::Mentor);
    let form = mentor.get(&path::assess(site.ramp_id, "incident"));
    form.assert_text("23 Nov, real incident (real)");

    // Words alone reach the level, and not what is asked for.
    for competency in content().competencies {
        let (code, level) = (competency.code, competency.required_level.number());
        let path = path::assess(site.ramp_id, competency.group.word());
        let fields = [
            (format!("level-{code}"), level.to_string()),
            (format!("note-{code}"), "Told me how".to_owned()),
        ];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (&**k, &**v)).collect();
        mentor.send(&path, &fields).assert_status(303);
    }
    let open = |n: usize| {
        let critical = site.dossier().readiness.obstacles;
        assert_eq!(critical.len(), n, "{critical:?}");
    };
    open(4);
    mentor
        .ramp_page(site.ramp_id)
        .assert_text("at 4, needs evidence: real or stronger");
    for group in ["architecture", "observability", "incident", "change"] {
        let code = format!("PAY-{}2", group[..1].to_uppercase());
        let fields = [
            (format!("level-{code}"), "4".to_owned()),
            (format!("source-{code}"), "incident-1".to_owned()),
        ];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (&**k, &**v)).collect();
        let path = path::assess(site.ramp_id, group);
        mentor.send(&path, &fields).assert_status(303);
    }
    open(0);

    // What a judgement rests on stays.
    site.client(Role::Mentee)
        .send("/activities/1/take-back", &[("reason", "Twice")])
        .assert_status(409)
        .assert_text("An assessment rests on this incident");
    mentor
        .get(&path::competency(site.ramp_id, "PAY-I2"))
        .assert_text("real incident of 23 Nov")
        .assert_text("Real");

    site.client(Role::Mentee)
        .send_request(site.ramp_id, "")
        .assert_status(303);
    site.client(Role::Qualifier)
        .get("/sign-offs/1")
        .assert_text("Real incident, 23 Nov: Switched the provider")
        .assert_text("Needs real or stronger");
}

#[test]
fn nobody_cites_what_was_somebody_elses() {
    let site = Site::open();
    site.client(Role::Qualifier)
        .send(
            path::INCIDENTS,
            &[
                ("area", &site.area_id.to_string()),
                ("day", "2026-11-23"),
                ("link", "https://incidents.example.com/88"),
            ],
        )
        .assert_status(303);
    let fields = [("level-PAY-I2", "4"), ("source-PAY-I2", "incident-1")];
    site.client(Role::Mentor)
        .send(&path::assess(site.ramp_id, "incident"), &fields)
        .assert_status(422)
        .assert_text("Choose something of this ramp");
}

#[test]
fn what_would_let_a_competency_be_seen_is_proposed_until_it_was() {
    let site = Site::open();
    let slug = site.teach(&crate::support::sample::document());
    let path = path::competency(site.ramp_id, "PAY-I2");
    let mentor = site.client(Role::Mentor);
    mentor
        .get(&path)
        .assert_text("No opportunity to see it yet")
        .assert_text("Plan a drill that expects it")
        .assert_text("Plan a shift where it may happen")
        .assert_text("Discuss “Captures were doubled”");
    assert!(mentor.get(&path).body.contains(&format!("/library/{slug}")));
    let drill = format!("/drills/new?area={}&code=PAY-I2", site.area_slug);
    mentor
        .get(&drill)
        .assert_text("PAY-I2 Shows the incident of payments, part 2");
    site.assess("PAY-I2", 2);
    assert!(!mentor.get(&path).body.contains("No opportunity"));
    let unseen = [("level-PAY-I2", "0"), ("shown-PAY-I2", "2")];
    let form = path::assess(site.ramp_id, "incident");
    mentor.send(&form, &unseen).assert_status(303);
    mentor
        .get(&path)
        .assert_text("No opportunity to see it yet");
}
