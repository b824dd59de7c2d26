//! Recertification: a short ramp that carries over what is fresh.

use checkride::domain::clearance;
use checkride::domain::ramp;
use checkride::usecases::dossier::Dossier;

use super::*;
use crate::support::{Decision, Form, Role, path};

/// Clears the mentee, and gives back the row of the clearance.
fn cleared(site: &Site) -> i64 {
    site.make_ready();
    site.ask_for_signoff();
    site.turn_first_key();
    let id = site.dossier().signoffs[0].id;
    site.client(Role::OwnerLead)
        .decide(id, Decision::Approve, "")
        .assert_status(303);
    site.app
        .db(|c| clearance::store::of_person(c, site.mentee.id))[0]
        .id
}

/// The lead starts the ramp that the page of the clearance offers, and both accept it.
fn renewed(site: &Site, held: i64) -> i64 {
    let lead = site.client(Role::OwnerLead);
    lead.clearance_page(held).assert_text("Recertify");
    let path = format!("{}&mentee={}", path::new_ramp(site.area_id), site.mentee.id);
    let page = lead.get(&path);
    page.assert_text("This renews a clearance");
    Form::on(&page, path::NEW_RAMP)
        .with("mentee", &site.mentee.id.to_string())
        .with("primary", &site.mentor.id.to_string())
        .with("over_capacity_reason", "Knows them")
        .send(&lead)
        .assert_status(303);
    let ramps = site.app.db(|c| ramp::store::of_mentee(c, site.mentee.id));
    let id = ramps.iter().map(|r| r.id).max().unwrap();
    for role in [Role::Mentee, Role::Mentor] {
        site.client(role).accept_ramp(id).assert_status(303);
    }
    id
}

fn dossier(site: &Site, id: i64) -> Dossier {
    site.app.db(|c| Dossier::lock(c, id, site.app.now().day()))
}

#[test]
fn a_clearance_that_lapsed_is_renewed_on_what_is_fresh() {
    let site = Site::open();
    let held = cleared(&site);
    site.app.wait_hours(24 * 91);
    site.client(Role::Qualifier)
        .person_page(&site.mentee.handle)
        .assert_text("Lapsed");
    let id = renewed(&site, held);
    let ramp = dossier(&site, id);
    assert_eq!(ramp.ramp.renews_id, Some(held));
    assert_eq!(
        ramp.ramp.target_on.days_since(ramp.ramp.starts_on),
        28,
        "a short one"
    );
    let met: Vec<&str> = ramp
        .readiness
        .gates
        .iter()
        .filter(|g| g.met)
        .map(|g| g.gate.kind())
        .collect();
    assert_eq!(met, ["levels", "checklist"], "sessions are held anew");
    let mentee = site.client(Role::Mentee);
    mentee
        .ramp_page(id)
        .assert_text("recent assessments and checks are kept");
    mentee.competencies_page(id).assert_text("Seen in a drill");
}

#[test]
fn what_is_no_longer_fresh_is_judged_anew() {
    let site = Site::open();
    let held = cleared(&site);
    site.app.wait_hours(24 * 181);
    let id = renewed(&site, held);
    let ramp = dossier(&site, id);
    assert_eq!(ramp.readiness.gates_met(), 0);
    assert_eq!((ramp.assessments.len(), ramp.marks.len()), (0, 0));
}

#[test]
fn what_is_carried_over_keeps_what_it_rests_on() {
    use checkride::db::schema::{assessments, sessions};
    use diesel::prelude::*;
    let site = Site::open();
    let held = cleared(&site);
    // As if the mentor had named the session they saw it in.
    site.app.db(|c| {
        let session: i64 = sessions::table
            .filter(sessions::ramp_id.eq(site.ramp_id))
            .select(sessions::id)
            .first(c)?;
        let judged = assessments::table.filter(assessments::competency_code.eq("PAY-A1"));
        diesel::update(judged)
            .set(assessments::evidence_session_id.eq(Some(session)))
            .execute(c)?;
        Ok(())
    });
    site.app.wait_hours(24 * 91);
    let id = renewed(&site, held);
    let page = site
        .client(Role::Mentor)
        .get(&path::competency(id, "PAY-A1"));
    page.assert_text("on the pairing on real work of");
    let ramp = dossier(&site, id);
    let carried = ramp
        .assessments
        .iter()
        .find(|a| a.competency_code == "PAY-A1");
    let evidence = ramp.evidence_of(carried.unwrap()).unwrap();
    assert_eq!(evidence.summary, "Walked through a failover");
    // It is shown, and nothing new can rest on it.
    assert!(ramp.evidence.iter().all(|p| p.source != evidence.source));
}
