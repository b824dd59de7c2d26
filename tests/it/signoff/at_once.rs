//! A mentor who may turn the first key asks for the sign-off and turns it in one form.

use checkride::domain::signoff::SignoffState;

use crate::support::{Client, Decision, Form, Role, Site, at_once, path, told};

const WORDS: &str = "Took a failover from alert to all-clear";

fn filled(site: &Site, mentor: &Client) -> Form {
    mentor
        .form_at(&path::ask(site.ramp_id))
        .with("note", "Ready")
        .with("recommendation", WORDS)
        .with("do", "sign")
}

#[test]
fn asking_and_the_first_key_are_one_form_for_who_may_do_both() {
    let site = Site::open();
    site.make_ready();
    let mentor = site.client(Role::Mentor);
    filled(&site, &mentor)
        .with("recommendation", " ")
        .send(&mentor)
        .assert_status(422)
        .assert_text("Write why you recommend the clearance.");
    assert!(site.dossier().signoffs.is_empty(), "nothing half done");

    let form = filled(&site, &mentor);
    let answer = form.clone().send(&mentor);
    let signoff = &site.dossier().signoffs[0];
    answer.assert_leads_to(&path::signoff(signoff.id));
    assert_eq!(signoff.state, SignoffState::FirstKey);
    assert_eq!(
        (signoff.first_key_by, signoff.first_key_note.as_deref()),
        (Some(site.mentor.id), Some(WORDS))
    );
    assert_eq!(told(&site, "signoff.requested").len(), 1);
    assert_eq!(told(&site, "signoff.first_key").len(), 1);
    // Sent again it is the same answer.
    form.send(&mentor)
        .assert_leads_to(&path::signoff(signoff.id));
    assert_eq!(site.dossier().signoffs.len(), 1);
    mentor
        .signoff_page(signoff.id)
        .assert_text("The sign-off is asked for, and you turned the first key.");
    site.client(Role::OwnerLead)
        .decide(signoff.id, Decision::Approve, "")
        .assert_status(303);
}

#[test]
fn who_may_only_ask_only_asks() {
    let site = Site::open();
    site.make_ready();
    let mentee = site.client(Role::Mentee);
    let form = mentee.form_at(&path::ask(site.ramp_id));
    assert_eq!(form.get("recommendation"), None);
    form.with("recommendation", "I am ready")
        .with("do", "sign")
        .send(&mentee)
        .assert_status(403);
    assert!(site.dossier().signoffs.is_empty());
}

#[test]
fn the_key_is_turned_on_what_the_form_showed() {
    let site = Site::open();
    site.make_ready();
    let mentor = site.client(Role::Mentor);
    let form = filled(&site, &mentor);
    site.hold_session(45);
    let overtaken = form.send(&mentor);
    overtaken.assert_status(409).assert_text("the sessions");
    assert!(site.dossier().signoffs.is_empty());
    Form::on(&overtaken, &path::ask(site.ramp_id))
        .with("do", "sign")
        .send(&mentor)
        .assert_status(303);
}

#[test]
fn two_who_ask_at_once_make_one_sign_off() {
    let site = Site::open();
    site.make_ready();
    let (mentor, mentee) = (site.client(Role::Mentor), site.client(Role::Mentee));
    let clients = [&mentor, &mentee];
    let forms = [
        filled(&site, &mentor),
        mentee.form_at(&path::ask(site.ramp_id)),
    ];
    let answers = at_once(2, |n| forms[n].clone().send(clients[n]).status);
    let won = answers.iter().filter(|status| **status == 303).count();
    assert_eq!(won, 1, "{answers:?}");
    assert_eq!(site.dossier().signoffs.len(), 1);
}
