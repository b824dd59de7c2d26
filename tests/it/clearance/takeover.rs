//! People who were cleared before Checkride, added in the browser.

use checkride::db::schema::{clearances, qualifiers};
use checkride::domain::clearance::ClearanceKind;
use checkride::domain::clearance::model::Clearance;
use checkride::domain::clearance::store;
use checkride::domain::ramp::{PairingRole, RampState};
use diesel::prelude::*;

use crate::support::factory::pair;
use crate::support::form::Form;
use crate::support::{Member, Role, Site, at_once, path, told};

const CLEARED: &str = "/areas/payments/cleared";

fn held(site: &Site, person: &Member) -> Vec<Clearance> {
    site.app.db(|c| store::of_person(c, person.id))
}

fn day(site: &Site, days: i64) -> String {
    site.app.now().day().plus_days(days).to_string()
}

/// The form with the line of somebody of the owner team ticked.
fn ticked(site: &Site, role: Role, who: &Member) -> Form {
    let id = who.id;
    Form::on(&site.client(role).get(CLEARED), CLEARED)
        .with(&format!("who-{id}"), "yes")
        .with(&format!("since-{id}"), &day(site, -200))
        .with("rests_on", "On the rota since March")
}

/// The form with the line of somebody of another team filled in.
fn named(site: &Site, role: Role, who: &Member) -> Form {
    Form::on(&site.client(role).get(CLEARED), CLEARED)
        .with("who-a", &who.handle)
        .with("since-a", &day(site, -200))
        .with("rests_on", "On the rota since March")
}

/// As in a new installation: nobody is cleared, nobody is designated.
fn nobody_is_cleared(site: &Site) {
    site.app.db(|c| {
        diesel::update(clearances::table)
            .set(clearances::replaced_at.eq(Some(site.app.now())))
            .execute(c)?;
        diesel::delete(qualifiers::table).execute(c)?;
        Ok(())
    });
}

#[test]
fn people_on_call_are_added_together_and_shown_as_taken_over() {
    let site = Site::open();
    let (lead, lead_of_team) = (site.client(Role::OwnerLead), site.owner_lead.id.to_string());
    let page = site.client(Role::Administrator).get(CLEARED);
    // The proposals of two lines are never in the same week.
    let form = Form::on(&page, CLEARED);
    let ends: Vec<&str> = [&format!("until-{lead_of_team}"), "until-a"]
        .map(|field| form.get(field).unwrap())
        .into();
    assert_ne!(ends[0], ends[1]);
    let (last, until) = (ends[0].to_owned(), day(&site, 120));
    form.with(&format!("who-{lead_of_team}"), "yes")
        .with(&format!("since-{lead_of_team}"), &day(&site, -400))
        .with("who-a", &site.stranger.handle)
        .with("since-a", &day(&site, -30))
        .with("until-a", &until)
        .with("rests_on", "On the rota since March")
        .send(&site.client(Role::Administrator))
        .assert_leads_to("/areas/payments");

    let stranger = held(&site, &site.stranger);
    let lead_held = held(&site, &site.owner_lead);
    assert_eq!((stranger.len(), lead_held.len()), (1, 1));
    assert_eq!(stranger[0].ends_on.to_string(), until);
    assert_eq!(lead_held[0].ends_on.to_string(), last);
    assert_eq!(
        (stranger[0].kind, stranger[0].signoff_id),
        (ClearanceKind::Full, None)
    );
    lead.get(&path::person(&site.stranger.handle))
        .assert_text("taken over from before Checkride");
    lead.get(&path::clearance(stranger[0].id))
        .assert_text("Taken over from before Checkride: it was not signed here.")
        .assert_text("Ines Duarte took it over until")
        .assert_text("On the rota since March");
    let entries = told(&site, "clearance.taken_over");
    assert_eq!(entries.len(), 2);
    assert!(
        entries
            .iter()
            .all(|e| e.contains("On the rota since March"))
    );
    // Who is cleared is not offered again.
    let again = Form::on(&site.client(Role::Administrator).get(CLEARED), CLEARED);
    assert_eq!(again.get(&format!("until-{lead_of_team}")), None);
}

#[test]
fn a_form_with_mistakes_comes_back_with_a_sentence_at_each_and_all_that_was_typed() {
    let site = Site::open();
    let admin = site.client(Role::Administrator);
    let form = Form::on(&admin.get(CLEARED), CLEARED);
    form.send(&admin)
        .assert_status(422)
        .assert_text("Choose at least one person.")
        .assert_text("Write what it rests on.");
    let answer = form
        .with("who-a", "nobody-here")
        .with("since-a", "")
        .with("until-a", &day(&site, 500))
        .with("who-b", &site.stranger.handle)
        .with("since-b", &day(&site, -3))
        .with("until-b", "31 May")
        .with("rests_on", "Known to all")
        .send(&admin);
    answer
        .assert_status(422)
        .assert_text("There is nobody here with the name or handle")
        .assert_text("Enter the first day.")
        .assert_text("Enter the last day.");
    let again = Form::on(&answer, CLEARED);
    for (field, typed) in [
        ("who-a", "nobody-here"),
        ("until-b", "31 May"),
        ("rests_on", "Known to all"),
    ] {
        assert_eq!(again.get(field), Some(typed));
    }
    let twice = again
        .with("who-a", &site.stranger.handle)
        .with("since-a", &day(&site, -3))
        .with("until-a", &day(&site, 100))
        .with("until-b", &day(&site, 100));
    twice
        .send(&admin)
        .assert_status(422)
        .assert_text("This person is in the list twice.");
    for (since, until, sentence) in [
        (1, 100, "The first day cannot be after today."),
        (-3, 0, "The clearance must end after today."),
        (-3, 500, "the area gives 12 months"),
    ] {
        named(&site, Role::Administrator, &site.stranger)
            .with("since-a", &day(&site, since))
            .with("until-a", &day(&site, until))
            .send(&admin)
            .assert_status(422)
            .assert_text(sentence);
    }
    assert!(held(&site, &site.stranger).is_empty());
    assert!(told(&site, "clearance.taken_over").is_empty());
}

#[test]
fn nobody_adds_their_own_clearance_or_that_of_who_signs_for_them_or_of_a_ramp_under_way() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    named(&site, Role::OwnerLead, &site.owner_lead)
        .send(&lead)
        .assert_status(422)
        .assert_text("Nobody adds their own clearance.");
    named(&site, Role::OwnerLead, &site.mentee)
        .send(&lead)
        .assert_status(422)
        .assert_text("Leila Haddad has, or had, a ramp in Payments");
    // Nor once the ramp is over: who mentors them may end it.
    site.app.db(|c| {
        use checkride::db::schema::ramps;
        diesel::update(ramps::table.find(site.ramp_id))
            .set((
                ramps::state.eq(RampState::Ended),
                ramps::closed_at.eq(Some(site.app.now())),
            ))
            .execute(c)?;
        Ok(())
    });
    named(&site, Role::OwnerLead, &site.mentee)
        .send(&lead)
        .assert_status(422)
        .assert_text("Leila Haddad has, or had, a ramp in Payments");
    site.app.db(|c| {
        use checkride::db::schema::ramps;
        diesel::update(ramps::table.find(site.ramp_id))
            .set((
                ramps::state.eq(RampState::Active),
                ramps::closed_at.eq(None::<checkride::db::types::UtcTime>),
            ))
            .execute(c)?;
        Ok(())
    });
    // The lead ramps up with the stranger as mentor.
    site.app.db(|c| {
        use checkride::db::schema::ramps;
        diesel::update(ramps::table.find(site.ramp_id))
            .set(ramps::mentee_id.eq(site.owner_lead.id))
            .execute(c)?;
        pair(
            c,
            site.ramp_id,
            site.stranger.id,
            PairingRole::Secondary,
            14,
            site.app.now(),
        )
    });
    named(&site, Role::OwnerLead, &site.stranger)
        .send(&lead)
        .assert_status(422)
        .assert_text("Tomasz Wilk mentors your ramp here.");
    assert!(told(&site, "clearance.taken_over").is_empty());
    let admin = site.client(Role::Administrator);
    named(&site, Role::Administrator, &site.stranger)
        .send(&admin)
        .assert_status(303);
}

#[test]
fn of_two_who_add_the_same_person_at_once_one_is_told_who_is_on_record() {
    for _ in 0..8 {
        let site = Site::open();
        let roles = [Role::OwnerLead, Role::Administrator];
        let forms = roles.map(|role| (named(&site, role, &site.stranger), site.client(role)));
        let answers = at_once(2, |n| forms[n].0.send(&forms[n].1));
        let mut statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        let refused = answers.iter().find(|a| a.status == 409).unwrap();
        refused.assert_text("Tomasz Wilk has a clearance for Payments on record already.");
        assert_eq!(held(&site, &site.stranger).len(), 1);
        assert_eq!(told(&site, "clearance.taken_over").len(), 1);
    }
}

#[test]
fn where_nobody_can_sign_the_pages_lead_to_the_way_out() {
    let site = Site::open();
    nobody_is_cleared(&site);
    let (lead, mentee) = (site.client(Role::OwnerLead), site.client(Role::Mentee));
    lead.get("/areas/payments")
        .assert_text("Nobody is cleared for Payments yet.")
        .assert_text("Add existing clearances");
    assert!(
        !mentee
            .get("/areas/payments")
            .text()
            .contains("Add existing")
    );
    ticked(&site, Role::Administrator, &site.owner_lead)
        .send(&site.client(Role::Administrator))
        .assert_status(303);
    lead.get("/areas/payments")
        .assert_text("Nobody can turn a first key for Payments.")
        .assert_text("Designate a qualifier");
    mentee
        .get(&path::ask(site.ramp_id))
        .assert_text("Payments also adds there who was cleared before Checkride.");
}
