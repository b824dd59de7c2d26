//! From a return with gaps to a revoked clearance and a new ramp: what everybody sees at each step.

use checkride::domain::clearance::ClearanceState;
use checkride::domain::signoff::SignoffState;
use checkride::domain::signoff::record::Record;

use super::*;
use crate::support::Role;

/// What the board says of the mentee in the area.
fn on_the_board(site: &Site, client: &Client) -> String {
    row(&client.board(), &site.mentee)
}

fn state(site: &Site) -> ClearanceState {
    clearances(site, &site.mentee)[0].state
}

#[test]
fn a_clearance_from_a_returned_sign_off_to_a_new_ramp() {
    let site = Site::open();
    site.make_ready();
    let (mentee, mentor, lead) = (
        site.client(Role::Mentee),
        site.client(Role::Mentor),
        site.client(Role::OwnerLead),
    );
    let (stranger, qualifier) = (site.client(Role::Stranger), site.client(Role::Qualifier));

    // Returned with a gap; closed; asked again.
    let first = mentee.ask(site.ramp_id);
    mentor
        .turn_first_key(first, "Ready in my view")
        .assert_status(303);
    lead.decision_form(first, Decision::Return)
        .with("note", "Almost")
        .with("gaps", "PAY-I2 Alone, at night")
        .send(&lead)
        .assert_status(303);
    let ramp = path::ramp(site.ramp_id);
    assert_eq!(obstacles(&mentee.get(&ramp)), ["Alone, at night"]);
    assert!(on_the_board(&site, &lead).contains("Ramping 91%, close"));
    site.app.wait_hours(20);
    let gap = site.dossier().gaps[0].id;
    let path = format!("{ramp}/gaps/{gap}");
    mentor
        .form_at(&path)
        .with("note", "She ran it alone last night")
        .send(&mentor)
        .assert_status(303);
    assert_eq!(obstacles(&mentee.get(&ramp)), Vec::<String>::new());

    // Granted on a condition: cover counts, and the condition shows wherever the clearance does.
    let second = mentee.ask(site.ramp_id);
    mentor
        .turn_first_key(second, "Now she does")
        .assert_status(303);
    let page = path::signoff(second);
    lead.decision_form(second, Decision::Approve)
        .with(
            "conditions",
            "Calls somebody before a failover, for a month",
        )
        .send(&lead)
        .assert_status(303);
    let signoff = &signoffs(&site, site.ramp_id)[0];
    assert_eq!(signoff.state, SignoffState::Granted);
    let record = Record::thaw(signoff.record.as_deref().unwrap()).unwrap();
    assert_eq!(
        record.gaps[0].closed.as_ref().unwrap().note,
        "She ran it alone last night"
    );
    assert_eq!(
        record.verdict.unwrap().points[0].body,
        "Calls somebody before a failover, for a month"
    );
    let id = clearances(&site, &site.mentee)[0].id;
    let (clearance, person) = (path::clearance(id), path::person(&site.mentee.handle));
    stranger
        .get(&clearance)
        .assert_text("1 condition open")
        .assert_text("Calls somebody before a failover, for a month")
        .assert_text("Counts as cover");
    stranger.get(&person).assert_text("1 condition open");
    mentee.get("/").assert_text("1 condition open");
    mentor.get(&page).assert_text("Conditions 1 open");
    assert!(on_the_board(&site, &stranger).contains("Cleared"));
    lead.area_page("payments")
        .assert_text("3 cleared, minimum 2");

    // The holder may not tick it off; an independent qualifier does.
    let conditions = site.app.db(|c| {
        checkride::domain::signoff::point::store::of_signoffs(
            c,
            checkride::domain::signoff::point::PointKind::Condition,
            &[second],
        )
    });
    let (tick, field) = (
        format!("{clearance}/conditions/{}", conditions[0].id),
        format!("note-{}", conditions[0].id),
    );
    designate(&site, &site.mentee);
    assert!(!mentee.get(&clearance).has_form(&tick));
    mentee
        .send(&tick, &[(field.as_str(), "I do")])
        .assert_status(403)
        .assert_text("This is your own clearance: nobody signs for themselves.");
    qualifier
        .send(&tick, &[(field.as_str(), " ")])
        .assert_status(422)
        .assert_text("Write what was seen.");
    qualifier
        .form(&clearance, &tick)
        .with(&field, "Four failovers, four calls")
        .send(&qualifier)
        .assert_leads_to(&clearance);
    lead.send(&tick, &[(field.as_str(), "Also seen")])
        .assert_status(409)
        .assert_text("Sofia Lindqvist closed this on Tue 24 Nov, 05:00")
        .assert_text("Also seen");
    let quiet = stranger.get(&person).text();
    assert!(!quiet.contains("condition"), "{quiet}");
    stranger
        .get(&clearance)
        .assert_text("Four failovers, four calls");

    // Suspended: the effect is said before, and everybody sees it after.
    let review = lead.get(&format!("{clearance}/suspend"));
    review
        .assert_text("Payments goes from 3 to 2 cleared. Minimum is 2.")
        .assert_text("Cover now: 1 spare. After: At minimum.")
        .assert_text("cannot turn a key there");
    lead.oversee(id, Oversight::Suspend, " ")
        .assert_status(422)
        .assert_text("Say why. It stays on record");
    lead.oversee(id, Oversight::Suspend, "Two failovers without a call")
        .assert_leads_to(&clearance);
    assert_eq!(state(&site), ClearanceState::Suspended);
    stranger
        .get(&clearance)
        .assert_text("Suspended")
        .assert_text("Does not count as cover")
        .assert_text("Ruth Abara suspended it")
        .assert_text("Two failovers without a call");
    assert!(on_the_board(&site, &stranger).contains("Suspended"));
    stranger.get(&person).assert_text("Suspended");
    lead.area_page("payments")
        .assert_text("2 cleared, minimum 2")
        .assert_text("designated, but not cleared now: cannot sign");
    lead.get("/").assert_text("Suspended");

    // Whoever is suspended cannot oversee others either.
    let of_mentor = clearances(&site, &site.mentor)[0].id;
    mentee
        .get(&path::clearance_form(of_mentor, "suspend"))
        .assert_status(403)
        .assert_text("your own clearance in it is not valid now");

    // Reinstated, then revoked for good.
    site.app.wait_hours(10);
    lead.get(&format!("{clearance}/reinstate"))
        .assert_text("Payments goes from 2 to 3 cleared.");
    lead.oversee(id, Oversight::Reinstate, "Talked it through")
        .assert_status(303);
    assert_eq!(state(&site), ClearanceState::Valid);
    assert!(on_the_board(&site, &stranger).contains("Cleared"));
    qualifier
        .oversee(id, Oversight::Revoke, "Has moved to another system")
        .assert_status(303);
    assert!(on_the_board(&site, &stranger).contains("Revoked"));
    lead.get(&format!("{clearance}/reinstate")).assert_text(
        "This clearance is revoked and cannot be reinstated. To be cleared again takes a new ramp",
    );
    lead.send(
        &format!("{clearance}/reinstate"),
        &[("from", "revoked"), ("reason", "Please")],
    )
    .assert_status(409)
    .assert_text("cannot be reinstated");
    stranger
        .get(&clearance)
        .assert_text("Revoked: it cannot be reinstated.")
        .assert_text("Sofia Lindqvist revoked it");
    let told: Vec<String> = told(&site, &site.mentee)
        .into_iter()
        .map(|(a, _)| a)
        .collect();
    assert_eq!(
        told[told.len() - 4..],
        [
            "clearance.condition_met",
            "clearance.suspended",
            "clearance.reinstated",
            "clearance.revoked"
        ]
    );

    // A new ramp runs beside it, and the clearance at its end is the one that counts.
    lead.new_ramp_form("payments")
        .with("mentee", &site.mentee.id.to_string())
        .with("primary", &site.mentor.id.to_string())
        .send(&lead)
        .assert_status(303);
    let board = on_the_board(&site, &stranger);
    assert!(
        board.contains("Revoked"),
        "the clearance comes first: {board}"
    );
    clear(&site, &site.mentee);
    assert!(on_the_board(&site, &stranger).contains("Cleared"));
    stranger
        .get(&clearance)
        .assert_text("The later clearance holds now.");
    lead.send(
        &format!("{clearance}/revoke"),
        &[("from", "revoked"), ("reason", "Again")],
    )
    .assert_status(409)
    .assert_text("A later clearance of the same person and area holds now");
}

#[test]
fn a_suspended_qualifier_turns_no_key() {
    let site = Site::open();
    site.make_ready();
    let lead = site.client(Role::OwnerLead);
    let (mentor, qualifier) = (
        clearances(&site, &site.mentor)[0].id,
        clearances(&site, &site.qualifier)[0].id,
    );
    lead.oversee(mentor, Oversight::Suspend, "Away for long")
        .assert_status(303);
    let id = site.client(Role::Mentee).ask(site.ramp_id);
    let why =
        "You are designated to sign for Payments, but your own clearance in it is not valid now.";
    let key = path::first_key(id);
    site.client(Role::Mentor)
        .send(&key, &[("recommendation", "Ready")])
        .assert_status(403)
        .assert_text(why);
    lead.oversee(mentor, Oversight::Reinstate, "Back")
        .assert_status(303);
    site.client(Role::Mentor)
        .turn_first_key(id, "Ready")
        .assert_status(303);
    lead.oversee(qualifier, Oversight::Revoke, "Left the area")
        .assert_status(303);
    let until = site.app.now().day().plus_days(90).to_string();
    let approve = [("decision", "approve"), ("note", ""), ("ends_on", &until)];
    site.client(Role::Qualifier)
        .send(&path::decision(id), &approve)
        .assert_status(403)
        .assert_text(why);
}
