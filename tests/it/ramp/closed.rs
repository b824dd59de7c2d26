//! What a ramp that closes leaves behind: nothing that somebody still expects to happen.

use super::*;
use crate::support::told as details_of;
use crate::support::{Role, path};

/// Two sessions to come, and one whose time went by.
fn planned(site: &Site) -> [i64; 3] {
    [-2, 48, 96].map(|hours| site.plan_session(hours))
}

/// Every one of them is called off for that reason, in the name of whoever closed the ramp, and stays readable.
fn assert_called_off(site: &Site, sessions: [i64; 3], who: &str, why: &str) {
    assert!(site.dossier().plans.is_empty());
    let [mentee, mentor] = [Role::Mentee, Role::Mentor].map(|role| site.client(role));
    for id in sessions {
        mentee
            .session_page(id)
            .assert_text("Cancelled")
            .assert_text(&format!("{who} cancelled it"))
            .assert_text(why);
        let link = format!("/sessions/{id}\"");
        assert!(!mentor.get("/").body.contains(&link));
    }
}

/// The sessions that the audit log says were called off by it.
fn called_off(site: &Site, action: &str) -> serde_json::Value {
    let details = details_of(site, action);
    let details: serde_json::Value = serde_json::from_str(&details[0]).unwrap();
    details["called_off"].clone()
}

#[test]
fn a_ramp_that_ends_calls_off_what_is_still_planned() {
    let site = Site::open();
    let sessions = planned(&site);
    let lead = site.client(Role::MenteeLead);
    arrange(&lead, &site, "end", &[("reason", "Moves to another team")]).assert_status(303);
    assert_eq!(state(&site), RampState::Ended);
    assert_called_off(&site, sessions, "Kenji Mori", "The ramp ended.");
    assert_eq!(called_off(&site, "ramp.ended"), serde_json::json!(sessions));
}

#[test]
fn a_ramp_that_is_granted_calls_off_what_is_still_planned_and_one_that_goes_on_does_not() {
    let site = Site::open();
    let sessions = planned(&site);
    let lead = site.client(Role::OwnerLead);
    let until = site.app.now().day().plus_days(180).to_string();
    let decisions = [
        [("decision", "return"), ("note", "Not at night yet")],
        [("decision", "approve"), ("ends_on", &until)],
    ];
    for [decided, with] in decisions {
        site.ask_for_signoff();
        site.turn_first_key();
        assert_eq!(site.dossier().plans.len(), 3, "it may still be returned");
        let id = site.dossier().signoffs[0].id;
        let edition = site.edition();
        let fields = [decided, with, ("edition", &edition)];
        lead.send(&path::decision(id), &fields).assert_status(303);
    }
    assert_eq!(state(&site), RampState::Cleared);
    assert_called_off(&site, sessions, "Ruth Abara", "The ramp is cleared.");
    assert_eq!(
        called_off(&site, "clearance.granted"),
        serde_json::json!(sessions)
    );
}
