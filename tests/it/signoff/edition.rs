//! A key is turned on the page that was read, and on no other.

use checkride::domain::signoff::SignoffState;
use checkride::domain::signoff::model::Signoff;
use checkride::domain::signoff::store::of_ramps;

use crate::support::{Decision, Form, Role, Site, path};

fn latest(site: &Site) -> Signoff {
    site.app.db(|c| of_ramps(c, &[site.ramp_id])).remove(0)
}

/// The address of the latest sign-off.
fn page(site: &Site) -> String {
    path::signoff(latest(site).id)
}

#[test]
fn whoever_decides_on_a_page_that_has_changed_is_told_what_did_and_decides_again() {
    let site = Site::open();
    site.ask_for_signoff();
    site.turn_first_key();
    let lead = site.client(Role::OwnerLead);
    let (id, decision) = (latest(&site).id, path::decision(latest(&site).id));
    let typed = || {
        lead.decision_form(id, Decision::Approve)
            .with("note", "Calm under load")
            .with("conditions", "Calls before a failover")
    };
    // Each is something a mentor may write down while the sign-off is decided; no gate closes by it.
    type Deed = fn(&Site);
    let deeds: [(Deed, &str); 4] = [
        (
            |site| site.assess("PAY-I1", 5),
            "something changed: the levels.",
        ),
        (|site| site.hold_session(30), "the gates and the sessions."),
        (
            |site| site.check("PAY-K1"),
            "something changed: the checklist.",
        ),
        (
            |site| {
                let ask = format!("{}/questions", page(site));
                site.client(Role::Qualifier)
                    .send(&ask, &[("question", "Who was on call?")])
                    .assert_status(303);
            },
            "something changed: the questions.",
        ),
    ];
    for (deed, changed) in deeds {
        let form = typed();
        site.app.wait_seconds(60);
        deed(&site);
        let answer = form.send(&lead);
        answer
            .assert_status(409)
            .assert_text("There is a problem Since you opened this page")
            .assert_text(changed);
        assert_eq!(latest(&site).state, SignoffState::FirstKey, "{changed}");
        // The page is as it is now, with what was typed; sent once more, it is what was decided on.
        let back = Form::on(&answer, &decision);
        for field in ["decision", "note", "conditions", "ends_on"] {
            assert_eq!(back.get(field), form.get(field), "{changed} {field}");
        }
        assert_eq!(back.get("edition"), Some(site.edition().as_str()));
    }
    let bare: Vec<_> = typed()
        .fields
        .into_iter()
        .filter(|(name, _)| name != "edition")
        .collect();
    let bare: Vec<(&str, &str)> = bare.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    lead.post(&decision, &bare)
        .assert_status(409)
        .assert_text("something changed: what it rests on.");
    typed().send(&lead).assert_status(303);
    assert_eq!(latest(&site).state, SignoffState::Granted);
}

#[test]
fn the_first_key_and_a_return_are_of_the_page_that_was_read_and_what_is_sealed_stays_sealed() {
    let site = Site::open();
    site.ask_for_signoff();
    let mentor = site.client(Role::Mentor);
    let (key, decision) = (
        path::first_key(latest(&site).id),
        path::decision(latest(&site).id),
    );
    let read = mentor.get(&page(&site));
    let forms = [
        Form::on(&read, &key).with("recommendation", "Steady"),
        Form::on(&read, &decision).with("note", "Not at night yet"),
    ];
    // Her own view after his is open to him at once; it is on the page, and so it counts.
    site.self_assess("PAY-I2", 2);
    for form in &forms {
        form.send(&mentor)
            .assert_status(409)
            .assert_text("something changed: the levels.");
    }
    // The second view is sealed from him: his page says what it said, and he signs what it says.
    let read = mentor.get(&page(&site));
    site.self_assess("PAY-I2", 5);
    Form::on(&read, &key)
        .with("recommendation", "Steady")
        .send(&mentor)
        .assert_status(303);
    assert_eq!(latest(&site).state, SignoffState::FirstKey);
}
