//! The ground itself holds: the organisation of the factory is what the other tests take it for.

use checkride::domain::people::store;
use checkride::domain::readiness::Readiness;

use crate::support::factory::member;
use crate::support::sample::content;
use crate::support::{Role, Site, TestApp, path};

fn met(readiness: &Readiness) -> Vec<bool> {
    readiness.gates.iter().map(|g| g.met).collect()
}

#[test]
fn the_organisation_has_everybody_and_each_can_sign_in() {
    let site = Site::open();
    for role in Role::ALL {
        assert_eq!(
            site.client(role).is_signed_in(),
            role != Role::SignedOut,
            "{role:?}"
        );
    }
    let dossier = site.dossier();
    let parties = &dossier.parties;
    for role in Role::ALL {
        let actor = site.act(role).actor;
        assert_eq!(parties.is_mentee(&actor), role == Role::Mentee, "{role:?}");
        assert_eq!(parties.is_mentor(&actor), role == Role::Mentor, "{role:?}");
        assert_eq!(
            parties.is_lead(&actor),
            matches!(role, Role::OwnerLead | Role::MenteeLead),
            "{role:?}"
        );
        assert_eq!(parties.may_read(&actor), role != Role::Stranger, "{role:?}");
    }
    assert_eq!(*dossier.standard.content, content());
    assert_eq!(
        (
            dossier.ramp.area_id,
            dossier.ramp.standard_id,
            dossier.area.slug.as_str()
        ),
        (site.area_id, site.standard_id, site.area_slug.as_str())
    );
    assert_eq!(
        (dossier.mentee().name, dossier.mentee().handle),
        (site.mentee.name.as_str(), site.mentee.handle.as_str())
    );
}

#[test]
fn a_ramp_becomes_ready_by_a_mentors_facts_alone() {
    let site = Site::open();
    assert_eq!(met(&site.dossier().readiness), [false, false, false]);
    for competency in &content().competencies {
        site.self_assess(&competency.code, 5);
    }
    assert_eq!(met(&site.dossier().readiness), [false, false, false]);
    site.make_ready();
    assert_eq!(met(&site.dossier().readiness), [true, true, true]);
    site.assess("PAY-I2", 2);
    assert_eq!(
        met(&site.dossier().readiness),
        [false, true, true],
        "the latest judgement counts, not the best"
    );
}

#[test]
fn two_apps_share_nothing() {
    let (one, other) = (TestApp::start(), TestApp::start());
    one.db(|c| member(c, one.now(), "Only Here", "UTC", None));
    assert!(!one.db(store::is_empty));
    assert!(other.db(store::is_empty));
}

#[test]
fn record_session_on_a_ramp_page_means_that_ramp() {
    let site = Site::open();
    let ramp = path::ramp(site.ramp_id);
    let form = format!("href=\"/sessions/new?ramp={}\"", site.ramp_id);
    assert_eq!(
        site.client(Role::Mentor)
            .get(&ramp)
            .body
            .matches(&form)
            .count(),
        2
    );
    assert!(!site.client(Role::Mentee).get(&ramp).body.contains(&form));
}
