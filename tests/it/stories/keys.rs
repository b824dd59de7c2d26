//! Who turns which key, and who is told why not.

use checkride::db::schema::{clearances as held, pairings};
use checkride::domain::ramp::{PairingRole, RampState, store as ramps};
use checkride::domain::signoff::SignoffState;
use diesel::prelude::*;

use super::*;
use crate::support::Role;

/// Ends the secondary pairing, if there is one, and pairs somebody else.
fn hand_over(site: &Site, to: &Member) {
    let now = site.app.now();
    site.app.db(|c| {
        let current = pairings::table
            .filter(pairings::ramp_id.eq(site.ramp_id))
            .filter(pairings::role.eq(PairingRole::Secondary))
            .filter(pairings::until.is_null());
        diesel::update(current)
            .set(pairings::until.eq(now))
            .execute(c)?;
        crate::support::factory::pair(c, site.ramp_id, to.id, PairingRole::Secondary, 7, now)
    });
}

/// The sign-off is where it was, and nobody is cleared.
fn assert_untouched(site: &Site, id: i64, state: SignoffState) {
    let now = &signoffs(site, site.ramp_id)[0];
    assert_eq!((now.id, now.state), (id, state));
    assert_eq!(clearances(site, &site.mentee), []);
}

/// Neither page nor post lets them turn the key or return the sign-off; the sentence says why. For who may not read it,
/// it is not there.
fn assert_refused(site: &Site, who: &Member, signoff: i64, why: &str) {
    let client = client(site, who);
    let page = path::signoff(signoff);
    let (key, decision) = (format!("{page}/first-key"), format!("{page}/decision"));
    let seen = client.get(&page);
    if seen.status == 200 {
        assert!(
            !seen.has_form(&key) && !seen.has_form(&decision),
            "{}",
            who.name
        );
        seen.assert_text(why);
    }
    let refused = if seen.status == 200 { 403 } else { 404 };
    let before = signoffs(site, site.ramp_id);
    let until = site.app.now().day().plus_days(90).to_string();
    let approve = [("decision", "approve"), ("note", ""), ("ends_on", &until)];
    let give_back = [("decision", "return"), ("note", "Not yet")];
    if before[0].state == SignoffState::Requested {
        client
            .send(&key, &[("recommendation", "I would know")])
            .assert_status(refused)
            .assert_text(why);
    } else {
        client
            .send(&decision, &approve)
            .assert_status(refused)
            .assert_text(why);
    }
    client
        .send(&decision, &give_back)
        .assert_status(refused)
        .assert_text(why);
    assert_eq!(signoffs(site, site.ramp_id), before, "{}", who.name);
}

#[test]
fn the_first_key_is_a_cleared_and_designated_mentors() {
    let site = Site::open();
    site.make_ready();
    // Each lacks one thing: designation, a clearance that stands, being a mentor still.
    let (plain, past) = (newcomer(&site, "Ada Brook"), newcomer(&site, "Piotr Lem"));
    let lapsed = newcomer(&site, "Nadia Sol");
    clear(&site, &plain);
    designate(&site, &lapsed);
    designate(&site, &past);
    clear(&site, &past);
    hand_over(&site, &past);
    hand_over(&site, &plain);
    let id = site.client(Role::Mentee).ask(site.ramp_id);

    let of_a_mentor =
        "The first key belongs to a mentor of this ramp who is a cleared qualifier of Payments.";
    let refusals = [
        (
            &plain,
            "You mentor this ramp, but you are not a qualifier of Payments, so you cannot turn the first key.",
        ),
        (
            &site.mentee,
            "This is your own sign-off: nobody signs for themselves.",
        ),
        (&past, of_a_mentor),
        (&site.qualifier, of_a_mentor),
        (&site.owner_lead, of_a_mentor),
        (&site.mentee_lead, of_a_mentor),
        (&site.admin, of_a_mentor),
        (
            &site.stranger,
            "There is no such sign-off, or it is not open to you.",
        ),
    ];
    for (who, why) in refusals {
        assert_refused(&site, who, id, why);
    }
    hand_over(&site, &lapsed);
    let not_cleared =
        "You are designated to sign for Payments, but your own clearance in it is not valid now.";
    assert_refused(&site, &lapsed, id, not_cleared);
    assert_untouched(&site, id, SignoffState::Requested);

    // The second key waits for the first, whoever holds it.
    let until = site.app.now().day().plus_days(90).to_string();
    let approve = [("decision", "approve"), ("note", ""), ("ends_on", &until)];
    for holder in [Role::OwnerLead, Role::Qualifier] {
        site.client(holder)
            .send(&path::decision(id), &approve)
            .assert_status(409)
            .assert_text("The first key is still due");
    }
    assert_untouched(&site, id, SignoffState::Requested);
    site.client(Role::Mentor)
        .turn_first_key(id, "Ready")
        .assert_status(303);
    assert_untouched(&site, id, SignoffState::FirstKey);
}

#[test]
fn the_primary_mentor_cannot_sign_once_their_own_clearance_has_lapsed() {
    let site = Site::open();
    site.make_ready();
    let id = site.client(Role::Mentee).ask(site.ramp_id);
    site.app.wait_hours(24 * 201);
    let why =
        "You are designated to sign for Payments, but your own clearance in it is not valid now.";
    assert_refused(&site, &site.mentor, id, why);
    // Nor does the page of the ramp leave anybody guessing who can.
    client(&site, &site.mentee)
        .signoff_page(id)
        .assert_text("Nobody can turn the first key now");
    site.app.db(|c| {
        let of_mentor = held::table.filter(held::person_id.eq(site.mentor.id));
        diesel::update(of_mentor)
            .set((
                held::ends_on.eq(site.app.now().day()),
                held::holds_until.eq(site.app.now().day()),
            ))
            .execute(c)?;
        Ok(())
    });
    client(&site, &site.mentor)
        .turn_first_key(id, "Ready")
        .assert_status(303);
}

#[test]
fn the_second_key_is_never_a_mentors_nor_the_mentees_whatever_hat_they_wear() {
    let site = Site::open();
    site.make_ready();
    let (helper, past) = (newcomer(&site, "Ada Brook"), newcomer(&site, "Piotr Lem"));
    for who in [&helper, &past, &site.mentee] {
        designate(&site, who);
        make_owner_lead(&site, who);
    }
    clear(&site, &helper);
    clear(&site, &past);
    make_owner_lead(&site, &site.mentor);
    hand_over(&site, &past);
    hand_over(&site, &helper);
    let id = site.client(Role::Mentor).ask(site.ramp_id);
    site.client(Role::Mentor)
        .turn_first_key(id, "Ready")
        .assert_status(303);

    let mentored = "You mentored this person in this area, so you cannot turn the second key.";
    let outside = "The second key belongs to a cleared qualifier of Payments or a lead of Payments who never mentored \
                   this person in this area.";
    let refusals = [
        (
            &site.mentee,
            "This is your own sign-off: nobody signs for themselves.",
        ),
        (&site.mentor, mentored),
        (&past, mentored),
        (&site.mentee_lead, outside),
        (&site.admin, outside),
        (
            &site.stranger,
            "There is no such sign-off, or it is not open to you.",
        ),
    ];
    for (who, why) in refusals {
        assert_refused(&site, who, id, why);
    }
    // The other mentor could have returned it until a moment ago; the second key was never theirs.
    let (other, path) = (client(&site, &helper), path::decision(id));
    let until = site.app.now().day().plus_days(90).to_string();
    let approve = [("decision", "approve"), ("note", ""), ("ends_on", &until)];
    other
        .send(&path, &approve)
        .assert_status(403)
        .assert_text(mentored);
    other
        .send(&path, &[("decision", "return"), ("note", "Not yet")])
        .assert_status(409)
        .assert_text("Marcus Oyelaran turned the first key of this sign-off");
    assert_untouched(&site, id, SignoffState::FirstKey);

    // A lead of the owner team who never mentored returns it, with reasons or not at all.
    let lead = site.client(Role::OwnerLead);
    lead.decide(id, Decision::Return, " ")
        .assert_status(422)
        .assert_text("Say why it goes back, and what is needed.");
    assert_untouched(&site, id, SignoffState::FirstKey);
    lead.decide(id, Decision::Return, "Run the failover once at night")
        .assert_leads_to(&path::signoff(id));
    let returned = &signoffs(&site, site.ramp_id)[0];
    assert_eq!(returned.state, SignoffState::Returned);
    let ramp = site.app.db(|c| ramps::by_id(c, site.ramp_id));
    assert_eq!((ramp.state, ramp.closed_at), (RampState::Active, None));
    for reader in [Role::Mentee, Role::Mentor] {
        let reader = site.client(reader);
        reader
            .history_page(site.ramp_id)
            .assert_text("Run the failover once at night");
        reader
            .signoff_page(id)
            .assert_text("Ruth Abara")
            .assert_text("Run the failover once at night");
    }

    // The ramp goes on: it is practised, asked for again, and an independent qualifier approves.
    site.app.wait_hours(30);
    let mentor = site.client(Role::Mentor);
    mentor
        .assess(site.ramp_id, "PAY-I2", "5", "Ran it at night")
        .assert_status(303);
    let second = site.client(Role::Mentee).ask(site.ramp_id);
    assert_ne!(second, id);
    mentor
        .turn_first_key(second, "Done at night")
        .assert_status(303);
    site.client(Role::Qualifier)
        .decide(second, Decision::Approve, "")
        .assert_status(303);
    let cleared = clearances(&site, &site.mentee);
    assert_eq!(
        cleared.iter().map(|k| k.signoff_id).collect::<Vec<_>>(),
        [Some(second)]
    );
    let first = site
        .app
        .db(|c| checkride::domain::signoff::store::by_id(c, id));
    assert_eq!(first, *returned, "the returned one stays as it was");
}

#[test]
fn a_suspension_is_lifted_or_made_a_revocation_before_a_second_key_clears_anew() {
    for deed in ["reinstate", "revoke"] {
        let site = Site::open();
        clear(&site, &site.mentee);
        site.ask_for_signoff();
        site.turn_first_key();
        let (lead, signoff) = (site.client(Role::OwnerLead), site.dossier().signoffs[0].id);
        let held = clearances(&site, &site.mentee);
        let oversee = |deed: &str, from: &str| {
            let path = path::clearance_form(held[0].id, deed);
            let fields = [("from", from), ("reason", "Seen twice this week")];
            lead.send(&path, &fields).assert_status(303);
        };
        oversee("suspend", "valid");

        let until = site.app.now().day().plus_days(90).to_string();
        let edition = site.edition();
        let approve = [
            ("decision", "approve"),
            ("note", ""),
            ("ends_on", &until),
            ("edition", &edition),
        ];
        let path = path::decision(signoff);
        lead.send(&path, &approve).assert_status(409).assert_text(
            "Leila Haddad’s clearance in Payments is suspended. Reinstate or revoke it first, with a reason.",
        );
        assert_eq!(
            signoffs(&site, site.ramp_id)[0].state,
            SignoffState::FirstKey
        );
        assert_eq!(clearances(&site, &site.mentee).len(), 1);

        oversee(deed, "suspended");
        lead.send(&path, &approve).assert_status(303);
        assert_eq!(
            signoffs(&site, site.ramp_id)[0].state,
            SignoffState::Granted
        );
        assert_eq!(clearances(&site, &site.mentee).len(), 2);
    }
}
